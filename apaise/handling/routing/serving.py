"""« Dossier suivant »: which case is next for somebody, why, and giving it back with a reason."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Function, User
from apaise.handling.routing.absences import is_away
from apaise.handling.routing.assignment import give
from apaise.handling.routing.fit import family_of
from apaise.handling.routing.lane import VIP
from apaise.handling.routing.load import is_hard
from apaise.handling.routing.person import Skill
from apaise.handling.routing.placement import Placement, Serving
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, CaseQuerySet, State, WrongStage
from apaise.lib import clock

NEEDS_SOMEBODY = (State.RECEIVED, State.QUALIFYING, State.INVESTIGATING, State.DECIDING)
WINDOW = 50  # the nearest dates are looked at; behind them nothing is urgent
SOON = timedelta(hours=4)
HARD_IN_A_ROW = 3
GIVEN_BACK_A_DAY = 3
BECAUSE = ("knows_them", "not_my_subject", "too_hard_now", "other")


class Next(NamedTuple):
    """A case somebody could be served, and why."""

    case: Case
    because: str  # waited, vip, late, soon, balance, skill, first


class Asker(NamedTuple):
    """What counts of whoever asks for the next case."""

    user: User
    skills: frozenset[tuple[str, str]]
    queues: frozenset[str]
    hard_in_a_row: bool
    last: str  # why the last case was served
    passed: frozenset[int]  # cases given back today


def serve(user: User) -> Next | None:
    """The next case is this person's from now on; None when none waits. Two who ask at once never get the same.

    Raises Refused with the reason why this person gets none."""
    if refusal := serve_refusal(user):
        raise Refused(refusal)
    for found in in_order(user):
        if policies.assign_refusal(user, found.case, user):
            continue
        try:
            with transaction.atomic():
                give(found.case, user, believed=None, by=user, why=f"next:{found.because}")
                Serving.objects.create(
                    case=found.case,
                    user=user,
                    because=found.because,
                    was_hard=is_hard(found.case),
                    at=clock.now(),
                )
        except WrongStage:
            continue  # somebody else was faster
        return found
    return None


def role_refusal(user: User) -> str | None:
    """Why nobody with these roles is served cases."""
    return None if user.has_role(*policies.WORKERS) else _("Your role lets you read cases, not take them.")


def serve_refusal(user: User) -> str | None:
    """Why this person is served no case now."""
    if refusal := role_refusal(user):
        return refusal
    if is_away(user):
        return _("You are written down as absent today. Call the absence off first.")
    return None


def in_order(user: User, at: datetime | None = None) -> Iterator[Next]:
    """The cases without a handler, in the order in which this person would be served."""
    at = at or clock.now()
    asker = _asker(user, at)
    waiting = waiting_for(user).exclude(pk__in=asker.passed)
    if asker.last != "waited" and (old := _waited_too_long(waiting, at)):
        # Of the others one comes in between, so that whoever is nearest to a date is not forgotten for it.
        yield Next(old, "waited")
    near = list(_with_all(waiting.most_urgent_first())[:WINDOW])
    judged = [Next(case, _because(case, asker, at)) for case in near]
    judged.sort(key=lambda one: _order(one, asker))
    yield from _balanced(judged, asker)


def waiting_for(user: User) -> CaseQuerySet:
    """What this person may be served at all: open, theirs to see, in nobody's hands, and ours to act on."""
    return Case.objects.visible_to(user).open().unassigned().filter(state__in=NEEDS_SOMEBODY)


def _waited_too_long(waiting: CaseQuerySet, at: datetime) -> Case | None:
    if not settings.LONGEST_WAIT_HOURS:
        return None
    since = at - timedelta(hours=settings.LONGEST_WAIT_HOURS)
    # The number alone first: sorting whole rows of all that wait took ten times as long.
    old = waiting.filter(received_at__lt=since).exclude(
        pk__in=Placement.objects.filter(lane=VIP).values("case")
    )
    first = old.order_by("received_at", "pk").values_list("pk", flat=True)[:1]
    return next((_with_all(Case.objects.filter(pk=pk)).get() for pk in first), None)


def _with_all(cases: CaseQuerySet) -> CaseQuerySet:
    around = cases.select_related("placement", "desk__signatory", "team", "pack_version", "handler")
    return around.defer("pack_version__content").prefetch_related("exclusions")


def _asker(user: User, at: datetime) -> Asker:
    last = list(Serving.objects.filter(user=user).order_by("-at", "-pk")[:20])
    today = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    passed = {
        one.case_id
        for one in last
        if one.given_back_at and one.given_back_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date() == today
    }
    kept = [one for one in last if one.given_back_at is None][:HARD_IN_A_ROW]
    return Asker(
        user,
        frozenset(Skill.objects.filter(user=user).values_list("kind", "code")),
        frozenset(_queues_of(user)),
        len(kept) == HARD_IN_A_ROW and all(one.was_hard for one in kept),
        last[0].because if last else "",
        frozenset(passed),
    )


def _queues_of(user: User) -> Iterator[str]:
    yield f"person:{user.pk}"
    yield from (f"team:{team}" for team in user.team_ids)
    yield from (f"role:{role}" for role in user.roles)
    held = Function.objects.filter(person=user) | Function.objects.filter(team__in=user.team_ids, person=None)
    yield from (f"function:{code}" for code in held.values_list("code", flat=True))


def _because(case: Case, asker: Asker, at: datetime) -> str:
    if _placement(case) and case.placement.lane == VIP:
        return "vip"
    due = case.next_due_at
    if due is not None and due < at + SOON:
        return "late" if due < at else "soon"
    return "skill" if _is_mine(case, asker) else "first"


def _is_mine(case: Case, asker: Asker) -> bool:
    placement = _placement(case)
    if placement and not placement.queue.startswith("team:") and placement.queue in asker.queues:
        return True
    if (str(Skill.Kind.CAUSE), family_of(case)) in asker.skills:
        return True
    foreign = case.language != case.desk.language
    return foreign and (str(Skill.Kind.LANGUAGE), case.language) in asker.skills


def _order(one: Next, asker: Asker) -> tuple[int, bool, datetime, int]:
    """The fast lane, what is late or soon, what one is good at; last what waits in somebody else's queue."""
    placement = _placement(one.case)
    elsewhere = placement is not None and placement.queue not in asker.queues
    rank = {"vip": 0, "late": 1, "soon": 1, "skill": 2, "first": 3}[one.because]
    return rank, elsewhere, one.case.next_due_at or clock.now() + timedelta(days=999), one.case.pk


def _balanced(judged: list[Next], asker: Asker) -> list[Next]:
    """After several hard ones in a row an easy one, unless a date has passed already or a VIP waits."""
    if not asker.hard_in_a_row:
        return judged
    first = next((one for one in judged if one.because not in ("vip", "late")), None)
    easy = next((one for one in judged if not is_hard(one.case)), None)
    if not judged or first is not judged[0] or easy is None or not is_hard(judged[0].case):
        return judged
    return [easy._replace(because="balance"), *(one for one in judged if one is not easy)]


def _placement(case: Case) -> Placement | None:
    return getattr(case, "placement", None)


# --- giving it back -------------------------------------------------------------------------------------


def give_back_refusal(user: User, case: Case) -> str | None:
    """Why this person may not give the case back to the queue."""
    served = _last_serving(user, case)
    if case.handler_id != user.pk or served is None:
        return _(
            "Only whoever was served this case gives it back. Ask your lead to give it to somebody else."
        )
    if case.state != State.QUALIFYING or (case.we_wrote_at and case.we_wrote_at >= served.at):
        return _("You have begun with this case. Ask your lead to give it to somebody else.")
    if given_back_today(user) >= GIVEN_BACK_A_DAY:
        return _("You gave back %(count)s cases today. Talk with your lead about this one.") % {
            "count": GIVEN_BACK_A_DAY
        }
    return None


def give_back(case: Case, because: str, *, by: User) -> None:
    """The case waits in its queue again, and is not served to this person any more today. Raises Refused."""
    if refusal := policies.work_refusal(by, case) or give_back_refusal(by, case):
        raise Refused(refusal)
    if because not in BECAUSE:
        raise Refused(_("Say why you give it back."))
    with transaction.atomic():
        case.hold()
        if not Case.objects.filter(pk=case.pk, handler=by, state=State.QUALIFYING).update(handler=None):
            raise WrongStage(
                _("%(reference)s has moved on; reload it and look again.") % {"reference": case.reference}
            )
        case.handler = None
        Serving.objects.filter(case=case, user=by, given_back_at=None).update(
            given_back_at=clock.now(), given_back_because=because
        )
        happened(case, "case.passed", by=by, held=True, because=because)


def given_back_today(user: User) -> int:
    zone = ZoneInfo(settings.TIME_ZONE)
    midnight = clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Serving.objects.filter(user=user, given_back_at__gte=midnight).count()


def _last_serving(user: User, case: Case) -> Serving | None:
    return Serving.objects.filter(case=case, user=user, given_back_at=None).order_by("-at", "-pk").first()


def served_to(user: User) -> Subquery:
    """For a query of cases: why this person was served each; nothing where they were not, or gave it back."""
    served = Serving.objects.filter(case=OuterRef("pk"), user=user, given_back_at=None)
    return Subquery(served.order_by("-at", "-pk").values("because")[:1])
