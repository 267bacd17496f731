"""The first mailbox, described by settings: a row like the others, which the page shows and does not change."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction

from apaise.ground.accounts.models import Desk
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.oauth import is_loopback
from apaise.lib import clock


def bring_in() -> Mailbox | None:
    """Make the table say what the settings say. Safe to repeat; where we are in the mailbox is kept."""
    wanted = described()
    with transaction.atomic():
        others = Mailbox.objects.filter(from_settings=True, is_active=True)
        if wanted is None:
            others.update(is_active=False)
            return None
        place = {name: wanted.pop(name) for name in ("host", "port", "user", "folder")}
        others.exclude(**place).update(is_active=False)
        mailbox, new = Mailbox.objects.get_or_create(**place, defaults=wanted)
        if not new and any(getattr(mailbox, name) != value for name, value in wanted.items()):
            Mailbox.objects.filter(pk=mailbox.pk).update(**wanted, changed_at=clock.now())
            mailbox.refresh_from_db()
    return mailbox


def described() -> dict[str, Any] | None:
    """The fields of the mailbox of IMAP_URL, or None without one. The demo takes nobody's real mail."""
    desk = None
    if settings.IMAP_URL and not settings.DEMO:
        parts = urlsplit(settings.IMAP_URL)
        user = unquote(parts.username or "")
        desk = Desk.objects.at(user) or Desk.objects.main()
    if desk is None:
        return None
    after, _colon, folder = settings.IMAP_AFTER.partition(":")
    host, secure = parts.hostname or "", parts.scheme == "imaps"
    plain = not secure and (is_loopback(host) or settings.IMAP_PLAIN)
    return {
        "name": "IMAP_URL",
        "host": host,
        "port": parts.port or (993 if secure else 143),
        "security": "tls" if secure else "plain" if plain else "starttls",
        "user": user,
        "folder": unquote(parts.path.strip("/")) or "INBOX",
        "sign_in": "oauth2" if settings.IMAP_TOKEN_URL else "password",
        "token_url": settings.IMAP_TOKEN_URL,
        "client_id": settings.IMAP_CLIENT_ID,
        "after": after,
        "move_to": folder,
        "desk": desk,
        "from_settings": True,
        "is_active": True,
    }
