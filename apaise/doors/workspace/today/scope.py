"""Whose day it is: a lead's teams, everybody's for a manager, one's own for a handler."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Team, User
from apaise.intake.cases import watch
from apaise.intake.cases.models import Case, CaseQuerySet
from apaise.lib import clock

READERS = ("handler", "team_lead", "complaints_manager", "executive", "auditor")
OVER_OTHERS = ("team_lead", "complaints_manager", "auditor")
OF_ALL_TEAMS = ("complaints_manager", "auditor")
IN_CARE = ("handler", "team_lead")


@dataclass
class Scope:
    """What one person looks at, at one moment."""

    user: User
    now: datetime
    team: Team | None  # only this one
    teams: list[Team]  # one may choose among

    @property
    def is_own(self) -> bool:
        """A handler's own day, not a team's."""
        return not self.user.has_role(*OVER_OTHERS)

    @cached_property
    def readable(self) -> CaseQuerySet:
        cases = Case.objects.visible_to(self.user)
        return cases.filter(team=self.team) if self.team else cases

    @property
    def cases(self) -> CaseQuerySet:
        return self.readable.mine(self.user) if self.is_own else self.readable

    @cached_property
    def held(self) -> dict[int | None, watch.Held]:
        return dict(watch.held(self.readable, self.now))

    @property
    def total(self) -> watch.Held:
        """All that this day is about."""
        if self.is_own:
            return self.held.get(self.user.pk, watch.Held())
        return sum(self.held.values(), watch.Held())

    @property
    def nobody(self) -> watch.Held:
        return self.held.get(None, watch.Held())

    @cached_property
    def people(self) -> list[User]:
        """Those who handle cases here, and whoever else holds one; by name."""
        works = Q(role_grants__role__in=IN_CARE)
        if self.team or not self.user.has_role(*OF_ALL_TEAMS):
            works &= Q(memberships__team__in=[self.team.pk] if self.team else self.user.team_ids)
        holding = [pk for pk in self.held if pk is not None]
        found = User.objects.filter(works | Q(pk__in=holding), is_active=True)
        return list(found.distinct().order_by("name", "pk").only("name"))


def scope(request: HttpRequest) -> Scope:
    """403 for those who read no cases; a team that one may not choose narrows nothing."""
    user = request.user
    if not user.has_role(*READERS):
        raise PermissionDenied(_("This page is for those who handle cases or lead those who do."))
    teams: list[Team] = []
    if user.has_role(*OVER_OTHERS):
        # Those that get complaints; a team may also be there only because a function is held by several people.
        busy = Team.objects.filter(Q(desks__isnull=False) | Exists(Case.objects.filter(team=OuterRef("pk"))))
        mine = busy if user.has_role(*OF_ALL_TEAMS) else busy.filter(pk__in=user.team_ids)
        teams = list(mine.distinct().order_by("name", "pk"))
    asked = request.GET.get("team", "")
    team = next((one for one in teams if str(one.pk) == asked), None)
    return Scope(user, clock.now(), team, teams)
