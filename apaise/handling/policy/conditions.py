"""The conditions of a pack in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.packs.taxonomy import CAUSES, FAMILIES
from apaise.ground.parties.contract import CHANNEL_NAMES
from apaise.ground.parties.wording import CUSTOMER_KINDS, SECTOR_NAMES
from apaise.handling.policy.wording import FACT_NAMES, OTHER_VALUES
from apaise.intake.cases.event_names import length_words
from apaise.lib.working_time import Duration

_VALUES = {
    "customer.kind": CUSTOMER_KINDS,
    "contract.sector": SECTOR_NAMES,
    "contract.channel": CHANNEL_NAMES,
}


def condition_words(node: Mapping[str, Any] | None) -> str:
    """When a rule holds: “Customer: Consumer or Association; Sector: Maintenance”."""
    if not node or "always" in node:
        return _("always")
    if "not" in node:
        return _("not if: %(condition)s") % {"condition": condition_words(node["not"])}
    if "all" in node:
        return _(" and ").join(_inside(each) for each in node["all"])
    if "any" in node:
        return _(" or ").join(_inside(each) for each in node["any"])
    return _leaf(node)


def _inside(node: Mapping[str, Any]) -> str:
    words = condition_words(node)
    return f"({words})" if "all" in node or "any" in node else words


def _leaf(node: Mapping[str, Any]) -> str:
    path = str(node["fact"])
    op, value = next((key, value) for key, value in node.items() if key != "fact")
    fact = str(FACT_NAMES.get(path, path))
    if op == "eq" and value is True:
        return fact
    if op in ("older_than", "younger_than"):
        length = length_words(Duration.from_data(value))
        words = (
            _("%(fact)s: more than %(value)s ago")
            if op == "older_than"
            else _("%(fact)s: less than %(value)s ago")
        )
        return words % {"fact": fact, "value": length}
    if op == "exists":
        return (_("%(fact)s: there is one") if value else _("%(fact)s: there is none")) % {"fact": fact}
    words = {
        "eq": _("%(fact)s: %(value)s"),
        "in": _("%(fact)s: %(value)s"),
        "ne": _("%(fact)s: not %(value)s"),
        "not_in": _("%(fact)s: not %(value)s"),
        "gte": _("%(fact)s: %(value)s or more"),
        "gt": _("%(fact)s: more than %(value)s"),
        "lte": _("%(fact)s: %(value)s or less"),
        "lt": _("%(fact)s: less than %(value)s"),
    }[op]
    values = value if isinstance(value, list) else [value]
    return words % {"fact": fact, "value": _(" or ").join(_value(path, each) for each in values)}


def _value(path: str, value: Any) -> str:
    language = get_language()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if path == "case.cause":
        families = {family.code: family.label for family in FAMILIES}
        label = CAUSES[value].label if value in CAUSES else families.get(value)
        return label.said(language) if label else str(value)
    if isinstance(value, float) and 0 < value < 1:
        return f"{round(value * 100)} %"
    return str({**OTHER_VALUES, **_VALUES.get(path, {})}.get(value, value))
