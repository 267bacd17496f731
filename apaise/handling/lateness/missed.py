"""One missed date, as the actions of the pack need to know it."""

from datetime import datetime
from typing import NamedTuple

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.handling.routing.people import holders, not_excluded, responsible
from apaise.intake.cases.models import Case
from apaise.intake.cases.promise import Promise


class Missed(NamedTuple):
    """A deadline of a case whose moment has passed."""

    case: Case
    rule: DeadlineRule
    owner: str  # the role or function that owed it
    due_at: datetime
    promise: Promise | None  # the one that was not kept, if it was one
    once: str  # the entry of the ledger that told of it

    @property
    def people(self) -> list[User]:
        """Who owed it."""
        if self.owner == "commitment_author":
            authors = not_excluded(self.case, [self.promise.made_by] if self.promise else [])
            return authors or responsible(self.case)
        return holders(self.case, self.owner)

    @property
    def person(self) -> User | None:
        """Whom a task for it is given to; None: whoever holds the case."""
        people = self.people
        return None if self.case.handler in people else next(iter(people), None)


def missed_of(case: Case, entry: Entry) -> Missed | None:
    """What a `deadline.missed` tells; None for a rule that the frozen pack does not have."""
    facts = entry.facts
    rule = case.pack_version.pack.deadline(facts["rule"])
    if rule is None:
        return None
    promise = Promise.objects.filter(pk=facts.get("promise", 0)).select_related("made_by").first()
    return Missed(case, rule, facts["owner"], datetime.fromisoformat(facts["due"]), promise, str(entry.pk))
