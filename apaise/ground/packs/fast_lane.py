"""The clocks of a pack's fast lane: `segmentation.vip.fast_lane`, written as the deadlines they are."""

from collections.abc import Mapping
from typing import Any, Final

VIP_ACK: Final = "vip_ack"
VIP_CALL: Final = "vip_first_call"
_CLOCKS: Final = (
    (VIP_ACK, "ack_within", "ack.sent", {"fr": "Accusé de réception VIP", "en": "VIP acknowledgement"}),
    (
        VIP_CALL,
        "first_call_within",
        "contact.human_done",
        {"fr": "Premier appel VIP", "en": "VIP first call"},
    ),
)


def clocks_of_fast_lane(pack: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One deadline for each time the lane names; none for a pack without a fast lane, or that says them itself."""
    vip = (pack.get("segmentation") or {}).get("vip") or {}
    lane = vip.get("fast_lane") or {}
    own = {each["id"] for each in pack["deadlines"]}
    return [
        {
            "id": ident, "label": label, "trigger": "case.received", "anchor": "case.received_at", "duration": lane[key],
            "applies_when": {"fact": vip.get("flag", "customer.vip"), "eq": True}, "stop_on": [stop],
            "owner": lane["route_to"], "warn_at": [0.5], "on_breach": ["alert_team_lead"],
            "force": "internal", "source": _source(pack), "confidence": "design",
        }
        for ident, key, stop, label in _CLOCKS
        if key in lane and ident not in own
    ]  # fmt: skip


def _source(pack: Mapping[str, Any]) -> list[str]:
    """The pack's own word for what nobody but itself asks for."""
    known = list(pack.get("sources") or {})
    return ["design"] if "design" in known else known[:1]
