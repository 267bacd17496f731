"""Segments in words: their names, and why a customer, a contract or a case stands there."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.packs.pack import Pack
from apaise.ground.packs.segmentation import VIP, Band, Named, Segment, possible
from apaise.ground.parties.wording import ACTIVITY_NAMES
from apaise.lib import saying


def name_of(pack: Pack, code: str) -> str:
    """What people call a segment; the code itself where the pack has changed since."""
    return in_words(code, dict(possible(pack)).get(code))


def in_words(code: str, meaning: Band | Named | None) -> str:
    if code == VIP:
        return _("VIP")
    if isinstance(meaning, Named):
        return str(meaning.label.get(get_language() or "fr", code))
    return _band(meaning) if meaning else code


def segment_context(segment: Segment) -> dict[str, Any]:
    """What `customers/_segment.html` shows."""
    return {"bands": bands_in_words(segment), "named": named_in_words(segment)}


def bands_in_words(segment: Segment) -> list[dict[str, Any]]:
    """Each axis with where the case stands on it; an unknown one reads “not read”."""
    return [
        {
            "axis": _axis(band),
            "words": _band(band) if band.code else _("not read") if band.value is None else _("outside the bands"),
            "known": bool(band.code),
        }
        for band in segment.bands
    ]  # fmt: skip


def named_in_words(segment: Segment) -> list[dict[str, Any]]:
    """Each segment named by a rule: whether it holds, and what decided."""
    words = {True: _("holds"), False: _("does not hold"), None: _("not read")}
    return [
        {
            "name": str(one.label.get(get_language() or "fr", one.code)),
            "holds": one.holds,
            "words": words[one.holds],
            "because": ", ".join(dict.fromkeys(_why(leaf.fact) for leaf in one.because)),
        }
        for one in segment.named
    ]


def _why(fact: str) -> str:
    names = {
        "contract.yearly_amount": _("contract amount"),
        "contract.renewal_in_days": _("renewal date"),
        "contract.commitment_level": _("commitment level"),
        "customer.activity": _("activity"),
        "customer.vip": _("VIP mark"),
    }
    return names.get(fact, fact)


def _axis(band: Band) -> str:
    return str((band.label or {}).get(get_language() or "fr", band.axis))


def _band(band: Band) -> str:
    if band.kind == "values":
        return str(ACTIVITY_NAMES.get(str(band.low), str(band.low).capitalize()))
    if band.kind == "bands_days":
        words = {"low": band.low, "high": band.high}
        said = (
            _("renews within %(high)s days")
            if band.high is not None
            else _("renews in more than %(low)s days")
        )
        return said % words
    language = get_language() or "fr"
    low = saying.money(band.low, "EUR", language)
    if band.low == 0 and band.high is not None:
        return _("below %(high)s a year") % {"high": saying.money(band.high, "EUR", language)}
    if band.high is None:
        return _("%(low)s a year and more") % {"low": low}
    return _("%(low)s to %(high)s a year") % {"low": low, "high": saying.money(band.high, "EUR", language)}
