"""The common changes as fields, and what somebody typed into them."""

from collections.abc import Mapping
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from apaise.ground.accounts.naming import named
from apaise.ground.packs.amend import Slot, Wanted, slots
from apaise.ground.packs.company import PackRefused
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.vocabulary import ROLES
from apaise.handling.policy.reading import said
from apaise.intake.cases.event_names import length_words
from apaise.intake.cases.models import CHANNEL_NAMES
from apaise.lib.working_time import Duration

LARGEST_NUMBER = 1_000_000


class Field(TypedDict):
    name: str
    label: str
    value: str
    hint: str


class Group(TypedDict):
    title: str
    fields: list[Field]


class Typed(TypedDict):
    lengths: list[Group]
    texts: dict[str, str]
    limits: list[Field]
    reach: str | None


def typed_of(pack: Pack, parent: Pack, posted: Mapping[str, str] | None) -> Typed:
    """The fields with what the pack says, or what was typed if it was refused. Beside each what the extended pack says."""
    below = {slot.field: slot for slot in slots(parent)}
    groups: dict[str, Group] = {}
    for slot in slots(pack):
        if slot.field in below:
            group = groups.setdefault(slot.rule, {"title": said(slot.label), "fields": []})
            group["fields"].append(_length_field(slot, below[slot.field], posted))
    data, theirs = pack.as_dict(), parent.as_dict()
    hours, steps = data["calendar"]["business_hours"], data["acknowledgement"].get("next_steps") or {}
    texts = {
        "label_fr": data["label"]["fr"],
        "label_en": data["label"]["en"],
        "opens": hours["start"],
        "closes": hours["end"],
        "next_fr": steps.get("fr", ""),
        "next_en": steps.get("en", ""),
    }
    limits = (data.get("remedies") or {}).get("approval_thresholds_eur") or {}
    was = (theirs.get("remedies") or {}).get("approval_thresholds_eur") or {}
    reach = str(data["reach"]["above"]) if theirs.get("reach") else None
    return {
        "lengths": list(groups.values()),
        "texts": {name: (posted or {}).get(name, words) for name, words in texts.items()},
        "limits": [
            _limit_field(code, limits[code], was.get(code), posted)
            for code in sorted(limits, key=ROLES.index)
        ],
        "reach": (posted or {}).get("reach", reach) if reach is not None else None,
    }


def wanted(posted: Mapping[str, str], pack: Pack, parent: Pack) -> Wanted:
    """What the form asks for. Raises PackRefused, naming the field."""
    theirs = parent.as_dict()
    lengths = {
        slot.field: _number(posted.get(slot.field, ""), said(slot.label))
        for slot in slots(pack)
        if slot.field in posted
    }
    codes = ((pack.block("remedies") or {}).get("approval_thresholds_eur")) or {}
    limits = {
        code: _number(posted[f"limit:{code}"], named(code))
        if posted.get(f"limit:{code}", "").strip()
        else None
        for code in codes
    }
    label = {each: posted.get(f"label_{each}", "").strip()[:120] for each in ("fr", "en")}
    steps = {each: posted.get(f"next_{each}", "").strip()[:400] for each in ("fr", "en")}
    if not all(label.values()) or not all(steps.values()):
        raise PackRefused(_("Each text is needed in both languages."))
    reach = _number(posted.get("reach", ""), _("Reach")) if theirs.get("reach") else None
    return Wanted(
        lengths, label, (posted.get("opens", "")[:5], posted.get("closes", "")[:5]), steps, limits, reach
    )


def _number(typed: str, field: str) -> int:
    plain = typed.strip().replace(" ", "").replace("\u202f", "").replace("\u00a0", "")
    if not plain.isascii() or not plain.isdigit() or int(plain[:9]) > LARGEST_NUMBER:
        raise PackRefused(_("“%(field)s” takes a whole number, without a sign.") % {"field": field})
    return int(plain[:9])


def _length_field(slot: Slot, below: Slot, posted: Mapping[str, str] | None) -> Field:
    unit = length_words(Duration(2, slot.unit)).removeprefix("2").strip()
    which = str(CHANNEL_NAMES.get(slot.key, slot.key))
    return {
        "name": slot.field,
        "label": f"{which} · {unit}" if which else unit[:1].upper() + unit[1:],
        "value": (posted or {}).get(slot.field, str(slot.value)),
        "hint": ""
        if slot.value == below.value
        else _("%(length)s below") % {"length": length_words(Duration(below.value, below.unit))},
    }


def _limit_field(code: str, amount: Any, below: Any, posted: Mapping[str, str] | None) -> Field:
    name = f"limit:{code}"
    return {
        "name": name,
        "label": named(code),
        "value": (posted or {}).get(name, "" if amount is None else str(amount)),
        "hint": ""
        if amount == below
        else _("€%(amount)s below") % {"amount": "–" if below is None else below},
    }
