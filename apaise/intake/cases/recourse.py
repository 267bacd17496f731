"""The ways out of a case that are open to its customer, by the pack it froze and what is known of it."""

from datetime import datetime

from apaise.ground.packs.eligibility import Route, routes
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.models import Case


def recourse(case: Case, at: datetime) -> list[Route]:
    """Every route of the pack. What is not known of the case leaves it to be checked by a person."""
    # Whether we have answered is ours to know: without a final reply there is none, and so no outcome.
    unanswered: dict[str, object] = {"case.final_reply_at": None, "case.final_reply_outcome": "none"}
    facts = {**({} if case.final_reply_at else unanswered), **facts_of(case)}
    return routes(case.pack_version.pack, facts, at)
