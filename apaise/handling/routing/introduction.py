"""Tell the customer who takes over, and until when that person gets in touch: a promise with its clock."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor
from apaise.handling.prepared.models import Update
from apaise.handling.prepared.prepare import GLANCE, Pledge, prepare, send
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.people import apart_from, leads
from apaise.intake.cases import updates
from apaise.intake.cases.models import UNTIL_SET, Case
from apaise.lib import clock
from apaise.lib.working_time import Duration, due

ELSE = Duration(1, "business_days")  # where the pack gives the first contact no time of its own


def introduce(
    case: Case, move: Escalation, *, signatory: User | None, by: Actor, at_once: bool
) -> Update | None:
    """Put the customer in touch with the person of this move. A person who hands the case over sends it at once;
    a move by itself leaves four working hours for a look. None where nobody new is to be named.

    signatory   whoever held the case before"""
    if move.person is None:
        return None
    signatory = _who_signs(case, signatory)
    now = clock.now()
    counted_from = now if at_once else due(now, GLANCE, case.pack_version.pack.calendar).due_at
    before, to_the_hour = _contact(case, counted_from)
    letter = updates.introduction(
        case, move.person, before=before, to_the_hour=to_the_hour, signatory=signatory
    )
    day = before.astimezone(case.pack_version.pack.calendar.zone).date()
    with translation.override(case.language):
        pledge = Pledge(_("Get in touch with you"), day, before if to_the_hour else None, move.person)
    update = prepare(
        case,
        Update.Kind.INTRODUCTION,
        letter,
        once=f"introduction:{move.pk}",
        owner=move.code,
        person=move.person,
        pledge=pledge,
        signed_by=signatory,
        by=by,
        by_itself=not at_once,
    )
    if at_once and isinstance(by, User) and update.state == Update.State.WAITING:
        send(update, by=by)
    return update


def _who_signs(case: Case, before: User | None) -> User | None:
    """Whoever held it before, else the desk's person, else a lead: never somebody who is kept apart from the case."""
    return next(iter(apart_from(case, filter(None, [before, case.desk.signatory]))), None) or next(
        iter(leads(case)), None
    )


def _contact(case: Case, since: datetime) -> tuple[datetime, bool]:
    """Until when the new person gets in touch, and whether that is said to the hour."""
    pack = case.pack_version.pack
    rule = pack.deadline("first_contact")
    wait = rule.duration_for(case.criticality or UNTIL_SET) if rule else ELSE
    return due(since, wait, pack.calendar).due_at, wait.unit in ("business_hours", "minutes")
