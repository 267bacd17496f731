"""Signed links: a complainant's way to their case, without account, for a time, until revoked."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet

from apaise.ground.parties.models import Person
from apaise.intake.cases.link import TrackingLink
from apaise.intake.cases.models import Case
from apaise.lib import clock

VALID_FOR = timedelta(days=2 * 365)  # the mediator's year after a late answer, with room


def link_for(case: Case, person: Person | None = None) -> str:
    """The full address of the tracking page of this case for this person; the same one each time."""
    person = person or case.complainant
    link = known_link(case, person)
    if link is None:
        link = TrackingLink.objects.create(
            case=case, person=person, nonce=secrets.token_hex(16), expires_at=clock.now() + VALID_FOR
        )
    return address_of(link)


def known_link(case: Case, person: Person | None = None) -> TrackingLink | None:
    """The link this person was sent to this case; none is made."""
    return _valid(case, person).filter(on_screen=False).first()


def link_on_screen(case: Case) -> TrackingLink:
    """The link for whoever has just filled in the form, apart from the one our mails carry to the address they gave."""
    link = _valid(case).filter(on_screen=True).first()
    return link or TrackingLink.objects.create(
        case=case,
        person=case.complainant,
        nonce=secrets.token_hex(16),
        expires_at=clock.now() + VALID_FOR,
        on_screen=True,
    )


def shown_on_screen(case: Case) -> TrackingLink | None:
    """The same without making one."""
    return _valid(case).filter(on_screen=True).first()


def end_links_on_screen(case: Case) -> int:
    """Words of another case are in this one now: only links that our mails carried open it from here on."""
    return case.links.filter(on_screen=True, revoked_at=None).update(revoked_at=clock.now())


def _valid(case: Case, person: Person | None = None) -> QuerySet[TrackingLink]:
    valid = TrackingLink.objects.filter(revoked_at=None, expires_at__gt=clock.now())
    return valid.filter(case=case, person=person or case.complainant_id)


def address_of(link: TrackingLink) -> str:
    """The full address a link leads to."""
    return f"{settings.URL}/t/{token_of(link)}"


def token_of(link: TrackingLink) -> str:
    """192 bits of HMAC beside the row's number: nothing to guess, nothing secret stored."""
    return f"{link.pk:x}-{_seal(link, settings.SECRET_KEY)}"


def open_link(token: str) -> TrackingLink | None:
    """The link this token belongs to, if it is genuine, in time and not revoked."""
    number, _, seal = token.partition("-")
    try:
        link = TrackingLink.objects.select_related("case__desk", "person").get(pk=int(number[:12], 16))
    except (ValueError, TrackingLink.DoesNotExist):
        return None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    genuine = any(
        hmac.compare_digest(seal.encode("utf-8", "replace"), _seal(link, key).encode()) for key in keys
    )
    return link if genuine and link.revoked_at is None and link.expires_at > clock.now() else None


def revoke(case: Case) -> int:
    """Every link to this case stops working now."""
    return case.links.filter(revoked_at=None).update(revoked_at=clock.now())


def _seal(link: TrackingLink, key: str) -> str:
    said = urlencode({"link": link.pk, "case": link.case_id, "person": link.person_id, "nonce": link.nonce})
    return hmac.new(key.encode(), f"track:{said}".encode(), hashlib.sha256).hexdigest()[:48]
