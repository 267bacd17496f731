"""Where a case stands on the ladder, for the box on its page: read with the case itself, at no further question."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import get_language

from apaise.handling.prepared.models import Update
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.ladder import level_of
from apaise.handling.tickets.models import Ticket


def standing_of() -> dict[str, Any]:
    """For `annotate`: the level, its person and its limit, and what waits for a look."""
    last = Escalation.objects.filter(case=OuterRef("pk")).order_by("-pk")
    return {
        "stands_on": Subquery(last.values("level")[:1]),
        "stands_with": Subquery(last.values("person__name")[:1]),
        "stands_since": Subquery(last.values("at")[:1]),
        "stands_until": Subquery(last.values("until")[:1]),
        "stands_why": Subquery(last.values("why")[:1]),
        "updates_waiting": _number(Update.objects.waiting().filter(case=OuterRef("pk"))),
        "tickets_linked": _number(Ticket.objects.filter(case=OuterRef("pk"))),
    }


def _number(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n"))


def ladder_box(case: Any) -> dict[str, Any]:
    """What the box says."""
    level = level_of(case.pack_version.pack, case.stands_on or 1)
    language = "en" if get_language() == "en" else "fr"
    return {
        "number": case.stands_on or 1,
        "name": level.label[language] if level else "",
        "person": case.stands_with if case.stands_on else "",
        "since": case.stands_since,
        "until": case.stands_until,
        "why": Escalation.Why(case.stands_why).label if case.stands_why else "",
        "updates": case.updates_waiting or 0,
        "tickets": case.tickets_linked or 0,
    }
