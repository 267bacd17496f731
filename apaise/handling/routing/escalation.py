"""The ladder: a case goes up to a named person, with a note, for a reason that can be read; and down again."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import User, everyone_with
from apaise.ground.ledger.record import Actor, System
from apaise.handling.routing import handover
from apaise.handling.routing.assignment import give
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.handover import Handover
from apaise.handling.routing.holding import Because, holder_of, is_passed_up
from apaise.handling.routing.introduction import introduce
from apaise.handling.routing.ladder import Level, enters, facts_at, ladder, level_of
from apaise.handling.routing.levels import (
    CAN_HOLD,
    current,
    first_level,
    people_of_level,
    standing,
    target_above,
)
from apaise.handling.routing.people import leads, not_excluded
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State, WrongStage
from apaise.lib import clock

BY = System("escalation")
TOO_OFTEN = 2  # handed back to one level so often, the manager is told


def escalate_refusal(user: User, case: Case) -> str | None:
    """Why this person may not pass the case up."""
    if refusal := policies.work_refusal(user, case):
        return refusal
    if not case.is_open:
        return _("This case has ended; reopen it first.")
    if case.handler_id not in (None, user.pk) and not user.has_role(*policies.LEADS):
        return _("Somebody else handles this case. Leave a note, or ask for the case.")
    return None


def hand_up(
    case: Case, note: Handover, *, to_level: int | None = None, tell_customer: bool = True, by: User
) -> Escalation:
    """A person passes the case up, with a note for whoever takes it. Raises Refused."""
    if refusal := escalate_refusal(by, case) or note.missing():
        raise Refused(refusal)
    if to_level is not None and (
        to_level <= standing(case) or level_of(case.pack_version.pack, to_level) is None
    ):
        raise Refused(_("Choose a level above the one the case is on."))
    move = escalate(
        case, to_level=to_level, why=Escalation.Why.PERSON, note=note.text(), tell=tell_customer, by=by
    )
    if move is None:
        raise Refused(
            _(
                "Nobody on a higher level can take this case. The complaints manager was told; ask them directly."
            )
        )
    return move


def escalate(
    case: Case,
    *,
    why: str,
    to_level: int | None = None,
    note: str = "",
    tell: bool = True,
    by: Actor = BY,
    at: datetime | None = None,
) -> Escalation | None:
    """Up to the next level that does not refuse the case and has somebody free; None, with an alert, if there is none.

    to_level   straight to this one, or the next above it with people"""
    at = at or clock.now()
    seen = current(case)
    level = seen.level if seen else first_level(case)
    target, passed = target_above(case, level, to_level, at)
    if why == Escalation.Why.EMPTY and (empty := level_of(case.pack_version.pack, level)):
        passed = [empty, *passed]  # nobody is left there either
    once = f"{case.reference}:{level}:{seen.pk if seen else 0}"
    if passed:
        alert(
            _managers(case), "level_empty", chain=case.reference, detail=passed[0].code, once=f"empty:{once}"
        )
    if target is None:
        alert(_managers(case), "escalation_stuck", chain=case.reference, once=f"stuck:{once}")
        return None
    before = case.handler
    with transaction.atomic():
        move = _move(case, seen, target.level, target.person, why=why, note=note, by=by, at=at)
        if tell and before != target.person:
            at_once = isinstance(by, User) and policies.reply_refusal(by, case) is None
            introduce(case, move, signatory=before, by=by if at_once else BY, at_once=at_once)
        give(case, target.person, believed=before, by=by, why="escalation")
    return move


def climb(case: Case, *, why: str = Escalation.Why.RISK, at: datetime | None = None) -> Escalation | None:
    """Up to the highest level on which the case belongs by what is known of it. A level it was on stays behind it:
    what was handed back does not come again for the same reason."""
    at = at or clock.now()
    facts, been = facts_at(case, at), max([standing(case), *case.escalations.values_list("level", flat=True)])
    reached = [level for level in ladder(case.pack_version.pack) if enters(case, level, facts, at) is True]
    above = [level.number for level in reached if level.number > been]
    for number in reversed(above):
        if people_of_level(case, level_of(case.pack_version.pack, number)):  # type: ignore[arg-type]
            return escalate(case, to_level=number, why=why, at=at)
    return escalate(case, to_level=above[-1], why=why, at=at) if above else None


def executive_level(case: Case) -> int:
    """The level held by the executive, or the highest of the pack."""
    steps = ladder(case.pack_version.pack)
    return next((step.number for step in steps if step.code == "executive"), steps[-1].number if steps else 1)


def return_refusal(user: User, case: Case) -> str | None:
    """Why this person may not hand the case back to the level it came from."""
    last = current(case)
    if last is None or not last.goes_up:
        return _("This case was not passed up.")
    if case.is_excluded(user):
        return _("You are kept apart from this case, so that nobody is judge and party.")
    if not case.is_open:
        return _("This case has ended; reopen it first.")
    # An executive does not work on cases, but says what is to be done and gives this one back.
    if (user.pk == case.handler_id and user.has_role(*CAN_HOLD)) or (
        user.has_role(*policies.LEADS) and not policies.work_refusal(user, case)
    ):
        return None
    return _("Whoever the case was passed to hands it back, or a lead.")


def hand_back(case: Case, *, reason: str, by: User) -> Escalation:
    """Down to the level and the person it came from, with the reason. Raises Refused."""
    if refusal := return_refusal(by, case):
        raise Refused(refusal)
    if not reason.strip():
        raise Refused(_("Say why the case comes back and what is to be done now."))
    last = current(case)
    if last is None:
        raise WrongStage(_moved_on(case))
    level = level_of(case.pack_version.pack, last.from_level)
    person = _who_takes_back(case, last, level)
    before, at = case.handler, clock.now()
    with transaction.atomic():
        case.hold()
        Escalation.objects.filter(pk=last.pk).update(returned_at=at)
        code = level.code if level else "handler"
        move = _write(
            case, last, last.from_level, code, person, Escalation.Why.RETURNED, reason.strip(), by, at
        )
        times = case.escalations.filter(why=Escalation.Why.RETURNED, level=move.level).count()
        happened(
            case, "case.returned", by=by, held=True, level=move.level, from_level=last.level, times=times,
            to=person.actor_code if person else None, move=move.pk,
        )  # fmt: skip
        if person:
            if before != person:
                introduce(case, move, signatory=before, by=BY, at_once=False)
            give(case, person, believed=before, by=by, why="escalation")
    return move


def overstayed(at: datetime) -> int:
    """Pass on what has been too long on its level. Returns how many cases moved or were reported."""
    due_now = Escalation.objects.filter(until__lt=at, overstayed_at__isnull=True, returned_at__isnull=True)
    moved = 0
    for row in due_now.select_related("case__pack_version", "case__handler", "case__desk__signatory")[:200]:
        with (
            suppress(WrongStage),
            transaction.atomic(),
        ):  # somebody is moving it this very moment: look again later
            if not Escalation.objects.filter(pk=row.pk, overstayed_at=None).update(overstayed_at=at):
                continue
            case = row.case
            if case.is_open and case.state != State.ANSWERED and current(case) == row:
                escalate(case, why=Escalation.Why.DWELL, at=at)
                moved += 1
    return moved


def fill_again(case: Case, *, at: datetime | None = None) -> User | None:
    """Whoever held the case was found to be a party: on a level of the ladder the next person there has it, else the
    next level. Returns who holds it now; None: its queue and its lead give it again, as on the first level."""
    if case.handler is not None or not case.is_open or not is_passed_up(case):
        return case.handler
    found, at = holder_of(case), at or clock.now()
    if found.person and found.because == Because.SAME_LEVEL:
        return _to_another_there(case, found.person, at)
    moved = escalate(case, why=Escalation.Why.EMPTY, at=at)
    return moved.person if moved else None


def enter(case: Case) -> Escalation | None:
    """A case has come in: where the pack limits the stay on the first level, count it from now."""
    steps = ladder(case.pack_version.pack)
    if not steps or steps[0].max_dwell is None or case.escalations.exists():
        return None
    with transaction.atomic():
        case.hold()
        return _write(
            case,
            None,
            steps[0].number,
            steps[0].code,
            case.handler,
            Escalation.Why.ENTERED,
            "",
            BY,
            case.received_at,
        )


# --- who --------------------------------------------------------------------------------------------------------


def _who_takes_back(case: Case, last: Escalation, level: Level | None) -> User | None:
    before = not_excluded(case, [last.came_from] if last.came_from else [])
    people = [
        *before,
        *(people_of_level(case, level) if level else ()),
        *(lead for lead in leads(case) if lead.has_role(*CAN_HOLD)),
    ]
    # Back means to somebody else: on a case that nobody held, "the handler" is whoever hands it back.
    return next((one for one in people if one.pk != case.handler_id), None)


def _managers(case: Case) -> list[User]:
    return not_excluded(case, everyone_with("complaints_manager")) or leads(case)


# --- the move itself ------------------------------------------------------------------------------------------


def _move(
    case: Case, seen: Escalation | None, level: Level, person: User, *, why: str, note: str, by: Actor, at: datetime
) -> Escalation:  # fmt: skip
    case.hold()
    if current(case) != seen or not Case.objects.open().filter(pk=case.pk).exists():
        raise WrongStage(_moved_on(case))
    note = note or handover.written_for(case, person)
    row = _write(case, seen, level.number, level.code, person, why, note, by, at)
    happened(
        case, "case.escalated", by=by, held=True, level=row.level, from_level=row.from_level, code=row.code,
        to=person.actor_code, why=why, move=row.pk,
    )  # fmt: skip
    return row


def _write(
    case: Case, seen: Escalation | None, number: int, code: str, person: User | None, why: str, note: str,
    by: Actor, at: datetime,
) -> Escalation:  # fmt: skip
    level = level_of(case.pack_version.pack, number)
    return Escalation.objects.create(
        case=case,
        level=number,
        from_level=seen.level if seen else first_level(case),
        code=code,
        person=person,
        came_from=_whose_it_is(case),
        why=why,
        note=note,
        by=by.actor_code,
        at=at,
        until=level.until(case.pack_version.pack, at) if level else None,
    )


def _whose_it_is(case: Case) -> User | None:
    """Whoever holds the case; where they stand in for somebody absent, that person: handed back, it is theirs again."""
    cover = case.covers.filter(task=None, ended_at=None, by=case.handler).select_related("of").first()
    return cover.of if cover else case.handler


def _to_another_there(case: Case, person: User, at: datetime) -> User:
    """The same step of the ladder in other hands: it may be handed back as before, and its stay counts on."""
    seen = current(case)
    with transaction.atomic():
        case.hold()
        if seen is None or current(case) != seen:
            raise WrongStage(_moved_on(case))
        row = Escalation.objects.create(
            case=case, level=seen.level, from_level=seen.from_level, code=seen.code, person=person,
            came_from=seen.came_from, why=Escalation.Why.APART, note=handover.written_for(case, person),
            by=BY.actor_code, at=at, until=seen.until, overstayed_at=seen.overstayed_at,
        )  # fmt: skip
        introduce(case, row, signatory=None, by=BY, at_once=False)
        give(case, person, believed=None, by=BY, why="same_level")
    return person


def _moved_on(case: Case) -> str:
    return _("%(reference)s has moved on; reload it and look again.") % {"reference": case.reference}
