"""Keep a half-filled form and find it again by its link, until it is sent or its days are over."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings

from apaise.ground.accounts.models import Desk
from apaise.intake.cases.messages import File
from apaise.intake.cases.models import Case
from apaise.intake.channels.public_form import FormDraft
from apaise.lib import clock

KEPT_FOR = timedelta(days=14)


def keep_draft(
    typed: Mapping[str, str],
    files: Sequence[File],
    *,
    desk: Desk,
    language: str,
    known: FormDraft | None = None,
) -> FormDraft:
    """Keep what was typed and uploaded so far; with `known`, in the place of what that draft held."""
    now = clock.now()
    said = {
        "typed": dict(typed),
        "files": [file._asdict() for file in files],
        "language": language,
        "saved_at": now,
        "expires_at": now + KEPT_FOR,
    }
    if known is None:
        return FormDraft.objects.create(nonce=secrets.token_hex(16), desk=desk, **said)
    FormDraft.objects.filter(pk=known.pk, case=None).update(**said)
    known.refresh_from_db()
    return known


def files_of(draft: FormDraft | None) -> list[File]:
    return [File(**file) for file in draft.files] if draft else []


def token_of(draft: FormDraft) -> str:
    """192 bits of HMAC beside the row's number: nothing to guess, nothing secret stored."""
    return f"{draft.pk:x}-{_seal(draft, settings.SECRET_KEY)}"


def open_draft(token: str) -> FormDraft | None:
    """The draft of this link, if it is genuine and its days are not over; one that was sent keeps leading to its case."""
    number, _, seal = token.partition("-")
    try:
        draft = FormDraft.objects.select_related("desk", "case").get(pk=int(number[:12], 16))
    except (ValueError, OverflowError, FormDraft.DoesNotExist):
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    given = seal.encode("utf-8", "replace")
    genuine = any(hmac.compare_digest(given, _seal(draft, key).encode()) for key in keys)
    return draft if genuine and draft.expires_at > clock.now() else None


def sent(draft: FormDraft, case: Case) -> None:
    """It is a complaint now: its words are in the case and no longer here."""
    FormDraft.objects.filter(pk=draft.pk).update(case=case, typed={}, files=[])


def forget_old_drafts() -> int:
    """Remove drafts whose days are over, words and all."""
    return FormDraft.objects.filter(expires_at__lt=clock.now()).delete()[0]


def _seal(draft: FormDraft, key: str) -> str:
    said = urlencode({"draft": draft.pk, "nonce": draft.nonce})
    return hmac.new(key.encode(), f"form:{said}".encode(), hashlib.sha256).hexdigest()[:48]
