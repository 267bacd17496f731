"""Who holds a function: one named person, or a team."""

from django.db import transaction

from apaise.ground.accounts.models import Function, Team, User
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.vocabulary import FUNCTIONS

MAPPED = tuple(code for code, held_by in FUNCTIONS.items() if held_by in ("team", "person"))


class NotMapped(ValueError):
    """The function is found on the case or the account, or outside; or what is to hold it does not exist."""


def give(code: str, *, person: User | None = None, team: Team | None = None, by: User) -> bool:
    """From now on this person, or this team, holds the function; with neither, nobody does. Returns whether that is new.

    Whoever calls has asked whether `by` may do so."""
    if code not in MAPPED:
        raise NotMapped(code)
    if person and team:
        raise NotMapped("one person or one team")
    with transaction.atomic():
        known = Function.objects.select_for_update().filter(code=code).first()
        before = (known.person_id, known.team_id) if known else (None, None)
        after = (person.pk if person else None, team.pk if team else None)
        if before == after:
            return False
        if after == (None, None):
            Function.objects.filter(code=code).delete()
        else:
            Function.objects.update_or_create(code=code, defaults={"person": person, "team": team})
        record(HOUSE, "function.mapped", by=by, function=code, person=after[0], team=after[1])
    return True
