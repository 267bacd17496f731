"""The fast lane of a pack: a VIP's case goes to named people, with clocks of its own."""

from collections.abc import Mapping
from typing import Any

from apaise.handling.routing.targets import of_code
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.models import Case

VIP = "vip"


def fast_lane(case: Case) -> Mapping[str, Any] | None:
    """The pack's fast lane if this case is in it: `route_to`, `ack_within`, `first_call_within`."""
    vip = _vip_block(case)
    lane = vip.get("fast_lane")
    if not lane or facts_of(case).get(str(vip.get("flag", "customer.vip"))) is not True:
        return None
    return dict(lane)


def lane_target(lane: Mapping[str, Any]) -> str:
    return of_code(str(lane["route_to"]))


def guard(case: Case, language: str) -> str:
    """What the fast lane never changes, in the pack's own words."""
    words = _vip_block(case).get("guard") or {}
    return str(words.get("en" if language == "en" else "fr", ""))


def _vip_block(case: Case) -> Mapping[str, Any]:
    segmentation = case.pack_version.pack.block("segmentation") or {}
    return segmentation.get("vip") or {}
