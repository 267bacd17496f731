"""The block “ways out” of the case page: what the customer may turn to, since when, until when, and why we think so."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from apaise.ground.packs.eligibility import Route
from apaise.ground.packs.predicate import Leaf
from apaise.ground.parties.wording import CUSTOMER_KINDS, SECTOR_NAMES
from apaise.intake.cases.models import Case
from apaise.intake.cases.recourse import recourse
from apaise.intake.cases.wording import OUTCOME_NAMES
from apaise.lib import saying

ORDER = ("open", "unknown", "not_yet", "closed", "never")
STAGE_NAMES = {
    "open": gettext_lazy("Open"),
    "unknown": gettext_lazy("To check"),
    "not_yet": gettext_lazy("Not open yet"),
    "closed": gettext_lazy("Time seems over: to check"),  # nobody is told "too late" by a machine
    "never": gettext_lazy("Not for this case"),
}
TONES = {"open": "kept", "unknown": "soon", "closed": "soon"}
FACT_NAMES = {
    "case.amicable_attempt_proved": gettext_lazy("Amicable attempt, with proof"),
    "case.cause": gettext_lazy("Cause"),
    "case.claim_amount": gettext_lazy("Amount claimed"),
    "case.conciliator_unavailable_over_3_months": gettext_lazy("No conciliator within three months"),
    "case.court_seized": gettext_lazy("A court is seized"),
    "case.customer_satisfied": gettext_lazy("The customer is satisfied"),
    "case.final_reply_at": gettext_lazy("Final reply"),
    "case.final_reply_outcome": gettext_lazy("Outcome of our reply"),
    "case.mediator_already_examined": gettext_lazy("A mediator has examined it already"),
    "case.received_at": gettext_lazy("Received"),
    "case.sent_at": gettext_lazy("Sent by the customer"),
    "case.topic": gettext_lazy("Subject"),
    "case.written_complaint_at": gettext_lazy("Written complaint"),
    "contract.arbitration_clause": gettext_lazy("Arbitration clause"),
    "contract.sector": gettext_lazy("Sector"),
    "customer.country": gettext_lazy("Country of the customer"),
    "customer.kind": gettext_lazy("Kind of customer"),
    "customer.post_dispute_consent_to_arbitration": gettext_lazy(
        "Agreement to arbitration after the dispute arose"
    ),
}

NAMES: Mapping[str, Mapping[str, Any]] = {"customer.kind": CUSTOMER_KINDS, "contract.sector": SECTOR_NAMES}


def ways_out(case: Case, at: datetime) -> list[dict[str, Any]]:
    """The routes in the order in which they help: open ones first. No query of its own."""
    sources = case.pack_version.pack.block("sources") or {}
    rows = [_row(route, sources) for route in recourse(case, at)]
    return sorted(rows, key=lambda row: ORDER.index(row["stage"]))


def _row(route: Route, sources: Mapping[str, Any]) -> dict[str, Any]:
    language = "en" if get_language() == "en" else "fr"
    cost = route.terms.get("cost")
    return {
        "label": route.terms["label"][language],
        "stage": route.stage,
        "state": STAGE_NAMES[route.stage],
        "tone": TONES.get(route.stage),
        "dates": _dates(route),
        "to_check": route.human_check,
        "reasons": [_reason(leaf) for leaf in route.because],
        "sources": [
            _source(key, sources, language) for key in route.articles if key not in ("design", "practice")
        ],
        "cost": cost[language] if cost else "",
    }


def _dates(route: Route) -> str:
    if route.stage == "never":
        return ""
    opens, closes = route.opens_on and _day(route.opens_on), route.closes_on and _day(route.closes_on)
    if route.stage == "closed":
        return _("until %(day)s, by our count") % {"day": closes} if closes else ""
    if route.stage == "open":
        return _("until %(day)s") % {"day": closes} if closes else ""
    if opens and closes:
        return _("from %(first)s to %(last)s") % {"first": opens, "last": closes}
    if opens:
        return _("from %(day)s") % {"day": opens}
    return _("until %(day)s") % {"day": closes} if closes else ""


def _reason(leaf: Leaf) -> tuple[str, str]:
    """What we looked at, and what we found or do not know."""
    name = str(FACT_NAMES.get(leaf.fact, leaf.fact))
    if leaf.outcome is None:
        return name, _("not known")
    if leaf.op in ("older_than", "younger_than"):
        old = leaf.outcome is (leaf.op == "older_than")
        said = _("%(day)s, more than %(age)s ago") if old else _("%(day)s, no more than %(age)s ago")
        return name, said % {"day": _value(leaf), "age": _age(leaf.value)}
    return name, _value(leaf)


def _value(leaf: Leaf) -> str:
    found = leaf.found
    if found is None:
        return _("none")
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, datetime):
        return _day(found.astimezone(timezone.get_current_timezone()).date())
    if leaf.fact == "case.final_reply_outcome":
        return str(_("no reply yet") if found == "none" else OUTCOME_NAMES.get(str(found), found))
    return str(NAMES.get(leaf.fact, {}).get(str(found), found))


def _age(age: Mapping[str, Any]) -> str:
    many = int(age["value"])
    words = {
        "years": ngettext("%(num)s year", "%(num)s years", many),
        "months": ngettext("%(num)s month", "%(num)s months", many),
        "weeks": ngettext("%(num)s week", "%(num)s weeks", many),
    }
    return words.get(age["unit"], ngettext("%(num)s day", "%(num)s days", many)) % {"num": many}


def _source(key: str, sources: Mapping[str, Any], language: str) -> str:
    known = sources.get(key) if isinstance(sources, Mapping) else None
    reference = known.get("ref") if isinstance(known, Mapping) else None
    return str(reference[language] if isinstance(reference, Mapping) else reference or key)


def _day(day: date) -> str:
    return saying.day(day, get_language() or "fr")
