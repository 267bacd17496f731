"""For the small world: who is kept apart or let in, who is named, and what contributors were asked."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from apaise.ground.accounts.models import User
from apaise.handling.contributions.models import ContextNote
from apaise.intake.cases import ending
from apaise.intake.cases.excluded import ConflictOverride, Exclusion
from apaise.intake.cases.named_staff import NamedStaff
from apaise.lib import clock

if TYPE_CHECKING:
    from .world import World

QUESTION = "Quel jour êtes-vous passé au local technique ?"


class Apart(NamedTuple):
    outsider: Exclusion  # kept apart from the case under investigation
    insider: Exclusion  # let in to it
    named: NamedStaff
    asked: ContextNote  # of the outsider


def bring(world: "World", make_person: Any) -> Apart:
    """Before the people of the matrix are made, so that they are kept apart from this case too."""
    case = world.cases["investigating"]
    outsider, insider, named = (
        make_person(name, ["handler"], world.desk.team) for name in ("outsider", "insider", "named")
    )
    message = case.messages.filter(direction="in").order_by("pk")[0]
    until = clock.now() + timedelta(days=1)
    kept = Exclusion.objects.create(case=case, user=outsider, because="account_manager", found="contract")
    let = Exclusion.objects.create(case=case, user=insider, because="onsite_technician", let_in_until=until)
    ConflictOverride.objects.create(exclusion=let, by=world.keeper, reason="Elle seule y était.", until=until)
    world.cases["objected"] = world._case("answered")
    ending.reopen(world.cases["objected"], by=case.complainant, why="customer_objects")
    return Apart(
        kept,
        let,
        NamedStaff.objects.create(
            case=case, user=named, message=message, start=0, end=7, because="person_complained_about"
        ),
        _note(world, "investigating", outsider),
    )


def ask_everybody(world: "World") -> dict[int, ContextNote]:
    """A question to each, on a case that some of them may not see."""
    return {user.pk: _note(world, "twin", user) for user in world.users.values()}


def _note(world: "World", stage: str, user: User) -> ContextNote:
    return ContextNote.objects.create(
        case=world.cases[stage],
        person=user,
        about="Hôtel des Tilleuls",
        question=QUESTION,
        asked_by=world.keeper,
        due_at=clock.now() + timedelta(days=2),
    )
