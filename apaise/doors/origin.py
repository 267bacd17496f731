"""Where a request comes from, for limits per address of origin."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

LOOPBACK = ("127.0.0.1", "::1")


def origin_of(request: HttpRequest) -> str:
    """The network address of whoever asks; behind a proxy of APAISE_PROXIES, the last hop it names. Of IPv6 the /64: a household."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if peer in settings.PROXIES and (hops := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        peer = str(hops).rpartition(",")[2].strip()[:60] or peer
    try:
        address = ip_address(peer)
    except ValueError:
        return peer
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else peer


def is_from_this_machine(request: HttpRequest) -> bool:
    """Asked from here and by nobody in between: a proxy that passes somebody on says so."""
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META
