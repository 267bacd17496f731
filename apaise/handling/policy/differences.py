"""What differs between two packs, in plain language, and line by line."""

import difflib
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apaise.ground.packs.pack import Pack
from apaise.handling.policy import reading
from apaise.intake.cases.event_names import length_words
from apaise.intake.cases.models import CHANNEL_NAMES
from apaise.lib.working_time import Duration


class Difference(NamedTuple):
    where: str  # the rule
    what: str  # of it
    before: str  # "" for what is new
    after: str  # "" for what is gone


Facts = dict[tuple[str, str], tuple[str, str, str]]  # (rule, fact) -> where, what, words


def differences(old: Pack, new: Pack) -> list[Difference]:
    """Every fact that reads differently, in the order of the new pack, then what is gone."""
    before, after = _facts(old), _facts(new)
    found = []
    for key, (where, what, words) in after.items():
        was = before.get(key, ("", "", ""))[2]
        if was != words:
            found.append(Difference(where, what, was, words))
    found += [Difference(*before[key][:2], before[key][2], "") for key in before if key not in after]
    return found


def raw_difference(old: str, new: str) -> list[str]:
    """The lines that differ, with a little around them."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    return [line for line in lines if not line.startswith(("---", "+++"))]


def _facts(pack: Pack) -> Facts:
    data, read = pack.as_dict(), reading.read(pack)
    facts: Facts = {}
    _put(facts, "pack", _("Pack"), [(_("Name"), read["label"]), (_("For whom"), read["for_whom"])])
    shown = {rule["id"]: rule for _title, rules in read["deadlines"] for rule in rules}
    for rule in data["deadlines"]:
        one = shown[rule["id"]]
        proof = [(_("Force"), one["force"]), (_("How sure"), one["sure"]["words"])]
        _put(facts, f"d:{rule['id']}", one["name"], [*_lengths(rule), *one["rows"], *proof])
    _put(facts, "c", _("Criticality, weights"), [(words, str(weight)) for weight, words in read["factors"]])
    for each in read["levels"]:
        where = _("Criticality %(level)s") % {"level": each["id"]}
        rows = [(_("From"), str(each["from"])), (_("Circuit"), ", ".join(each["circuit"]))]
        _put(facts, f"l:{each['id']}", where, rows)
    for each in read["ladder"]:
        where = _("Ladder, level %(level)s") % {"level": each["level"]}
        rows = [
            (_("Name"), each["name"]),
            (_("Who"), each["who"]),
            (_("Enters if"), each["enters"]),
            (_("Stays at most"), each["stay"]),
        ]
        _put(facts, f"e:{each['level']}", where, rows)
    _put(facts, "i", _("Judge and party"), read["conflict"])
    for each in read["mentions"]:
        _put(
            facts,
            f"m:{each['id']}",
            each["id"],
            [(_("Mention"), each["sentence"]), (_("When"), each["when"])],
        )
    for each in read["routes"]:
        _put(facts, f"r:{each['id']}", each["name"], [(_("Way out"), each["name"]), *each["rows"]])
    _put(facts, "a", _("Remedies"), read["remedies"])
    for each in read["retention"]:
        _put(facts, f"k:{each['name']}", each["name"], [(_("Kept"), ", ".join(each["phases"]))])
    _put(facts, "t", _("Calendar"), read["calendar"])
    _put_texts(facts, data)
    return facts


def _put_texts(facts: Facts, data: Mapping[str, Any]) -> None:
    steps = reading.said(data["acknowledgement"].get("next_steps"))
    _put(facts, "n", _("Acknowledgement"), [(_("What happens next"), steps)])
    if reach := data.get("reach"):
        _put(facts, "p", _("Reach"), [(_("Escalates above"), str(reach.get("above", "")))])


def _put(facts: Facts, ident: str, where: str, rows: list[tuple[str, str]]) -> None:
    for number, (what, words) in enumerate(rows):
        if words:
            key = (ident, what if (ident, what) not in facts else f"{what} {number}")
            facts[key] = (where, what, words)


def _lengths(rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(_("Length"), length_words(Duration.from_data(rule["duration"])))] if rule.get("duration") else []
    by = {**(rule.get("duration_by_criticality") or {}), **(rule.get("duration_by_channel") or {})}
    for key, length in by.items():
        what = _("Length, %(which)s") % {"which": CHANNEL_NAMES.get(key, key)}
        rows.append((what, length_words(Duration.from_data(length))))
    return rows
