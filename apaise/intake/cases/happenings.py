"""Tell a case of a dated fact that no other verb knows, correct it, take it back. Its clocks follow the date told."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import deadlines, policies
from apaise.intake.cases.happening import NAMES, Happening
from apaise.intake.cases.history import happened
from apaise.intake.cases.letters import long_date
from apaise.intake.cases.message import Attachment
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Deadline, State
from apaise.lib import clock

OLDEST = timedelta(days=366 * 30)  # longer than any limitation period: a date before it is a slip of the keys


def awaited(case: Case) -> dict[str, str]:
    """The facts this case's policy waits for, with their names, in the order of NAMES."""
    words: set[str] = set()
    for rule in case.pack_version.pack.deadlines.values():
        words |= {rule.trigger, *rule.stop_on, *(rule.extension or {}).get("until_first_of", ())}
    return {word: str(name) for word, name in NAMES.items() if word in words}


def tell_refusal(user: User, case: Case) -> str | None:
    """Why this person may not bring facts to the case."""
    if refusal := policies.work_refusal(user, case):
        return refusal
    if case.state == State.MERGED:
        return _("This case is followed elsewhere; write there.")
    return None


def tell(
    case: Case,
    word: str,
    *,
    on: date | datetime,
    by: User,
    amount: Decimal | None = None,
    proof: Attachment | None = None,
    reference: str = "",
    offered_to_collect: bool = False,
    shortens: bool = False,
) -> Happening:
    """It happened then. Told again, the later telling replaces the earlier one. Raises Refused.

    word                one of `awaited`
    on                  a local day, or an aware moment
    amount              the sum it is about, in euros: what is to be refunded
    proof, reference    a file of the case, or where the proof is kept
    offered_to_collect  of goods to be returned: we had offered to fetch them, so the refund may not wait for them
    shortens            a person knows that a right of the customer ends earlier by this, and says so all the same"""
    is_day = not isinstance(on, datetime)
    on_at = on if isinstance(on, datetime) else datetime.combine(on, time.min, case.calendar.zone)
    if refusal := tell_refusal(by, case) or _gap(case, word, on_at, amount, proof):
        raise Refused(refusal)
    with transaction.atomic():
        case.hold()
        before = _rights(case)
        told = Happening.objects.filter(case=case, word=word)
        again = told.exists()
        told.filter(replaced_at=None).update(replaced_at=clock.now())
        made = Happening.objects.create(
            case=case,
            word=word,
            on_at=on_at,
            is_day=is_day,
            amount=amount,
            proof=proof,
            reference=" ".join(reference.split())[:120],
            offered_to_collect=offered_to_collect,
            told_by=by,
        )
        facts: dict[str, Any] = {
            "on": on_at,
            "day": is_day,
            "sum": amount,
            "collect": offered_to_collect or None,
        }
        happened(case, word, by=by, held=True, again=again or None, **facts)
        if again:
            deadlines.count_again(case, by=deadlines.BY, at=clock.now(), why="told_again")
        _refuse_shortening(case, before, shortens)
    return made


def take_back(happening: Happening, *, by: User, shortens: bool = False) -> None:
    """It never happened: its clocks are as if it had not been told. Harmless to repeat. Raises Refused."""
    case = happening.case
    if refusal := tell_refusal(by, case):
        raise Refused(refusal)
    with transaction.atomic():
        case.hold()
        before = _rights(case)
        told = Happening.objects.filter(pk=happening.pk, replaced_at=None)
        if not told.update(replaced_at=clock.now()):
            return
        happened(case, happening.word, by=by, held=True, on=happening.on_at, void=True, again=True)
        deadlines.count_again(case, by=deadlines.BY, at=clock.now(), why="told_again")
        _refuse_shortening(case, before, shortens)


def told_of(case: Case) -> list[Happening]:
    """What was told and holds, in the order it happened."""
    return list(case.happenings.filter(replaced_at=None).select_related("told_by", "proof"))


def _gap(
    case: Case, word: str, on_at: datetime, amount: Decimal | None, proof: Attachment | None
) -> str | None:
    now = clock.now()
    if word not in awaited(case):
        return _("The policy of this case waits for no such fact. Leave a note instead.")
    if on_at > now:
        return _("This day is still to come: tell it once it has happened.")
    if on_at < now - OLDEST:
        return _("This day lies more than thirty years back. Look at the year again.")
    if amount is not None and not 0 <= amount < 10**10:
        return _("Give the sum as a positive number, such as 49.90.")
    if proof is not None and proof.message.case_id != case.pk:
        return _("This file is in another case.")
    return None


def _rights(case: Case) -> dict[str, datetime]:
    clocks: Iterable[Deadline] = case.deadlines.filter(customer_right=True)
    return {one.rule: one.due_at for one in clocks}


def _refuse_shortening(case: Case, before: dict[str, datetime], agreed: bool) -> None:
    """A right of the customer ends earlier only because a person says so, having read until when."""
    if agreed:
        return
    after = _rights(case)
    for rule, due_at in before.items():
        if rule not in after or after[rule] < due_at:
            facts: dict[str, Any] = {"right": deadlines.label(rule), "before": long_date(due_at)}
            if rule not in after:
                raise Refused(
                    _(
                        "“%(right)s” of the customer, which runs until %(before)s, would end. Tick that this is right."
                    )
                    % facts
                )
            facts["after"] = long_date(after[rule])
            raise Refused(
                _(
                    "“%(right)s” of the customer would end on %(after)s instead of %(before)s. "
                    "Tick that this is right."
                )
                % facts
            )
