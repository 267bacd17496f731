"""Where a request comes from, for limits per address of origin."""

from django.conf import settings
from django.http import HttpRequest

LOOPBACK = ("127.0.0.1", "::1")


def origin_of(request: HttpRequest) -> str:
    """The network address of whoever asks; behind one of our own proxies, the one it says (its last hop, which nobody else can write)."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer in settings.PROXIES and (hops := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        return str(hops).rpartition(",")[2].strip()[:60] or peer
    return peer
