"""A house where everybody of the ladders can be named and reached."""

from collections.abc import Callable

from apaise.ground.accounts.models import Desk, Function, Membership, Team, User
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES


def name_everybody(desk: Desk, staff: Callable[..., User]) -> User:
    """Somebody in each role, and a team that holds every function. Gives a complaints manager, who reads English."""
    for role in ROLES:
        staff(role)
    manager = staff("complaints_manager")
    team = Team.objects.create(code="tous", name="Tous")
    Membership.objects.create(team=team, user=manager)
    for code, held_by in FUNCTIONS.items():
        if held_by in ("team", "person"):
            Function.objects.update_or_create(code=code, defaults={"team": team, "person": None})
    Desk.objects.filter(pk=desk.pk).update(postal_address="14, quai des Tisserands, 99000 Valmorel")
    return manager
