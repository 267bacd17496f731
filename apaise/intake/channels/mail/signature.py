"""Our signature below each outgoing mail (DKIM), when a key is set."""

from django.conf import settings

from apaise.ground.accounts.models import Desk
from apaise.lib import clock, dkim


def signed(raw: bytes, desk: Desk) -> bytes:
    """The mail with its signature; unchanged without a key, or when the desk writes under another domain than the key's."""
    domain = desk.address.rpartition("@")[2].lower()
    ours = settings.DKIM_DOMAIN.lower() or domain
    if not settings.DKIM_KEY or not f".{domain}".endswith(f".{ours}"):
        return raw
    key = dkim.read_key(settings.DKIM_KEY)
    return dkim.sign(raw, key, domain=ours, selector=settings.DKIM_SELECTOR, at=clock.now())
