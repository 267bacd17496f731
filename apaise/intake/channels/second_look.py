"""A person looks again at what was sorted out by itself, and finds it otherwise: no spam, another mail, no machine's."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import HOUSE, record
from apaise.intake.cases import hearing
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import NO_ENVELOPE, Envelope, File, Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels import policies, spam
from apaise.intake.channels.models import Arrival, ArrivalQuerySet
from apaise.intake.channels.receive import desk_for, keep_files, others_of, receive
from apaise.intake.channels.settling import Outcome, told_before
from apaise.lib import clock
from apaise.lib.mime import Unreadable, read


def not_spam(arrival: Arrival, *, by: User) -> Outcome:
    """Taken for spam and none: filed like any other. Raises Refused."""
    return receive(arrival) if spam.take_back(arrival, by=by) else told_before(arrival)


def tell_apart(arrival: Arrival, *, by: User) -> Outcome:
    """Taken for one received before, and another: filed like any other, for 90 days. Raises Refused."""
    if refusal := apart_refusal(by, arrival):
        raise Refused(refusal)
    # Its case and the one it was taken for stand until it is filed: whoever is kept apart does not see it meanwhile.
    fresh = {"verdict": Arrival.Verdict.APART, "message": None}
    return _file_after_all(arrival, Arrival.objects.duplicates(), "intake.told_apart", by=by, **fresh)


def apart_refusal(user: User, arrival: Arrival) -> str | None:
    """Why this person may not say that it is another mail, or None if they may."""
    if refusal := policies.attend_refusal(user, arrival):
        return refusal
    if apart_until(arrival) <= clock.now():
        return _("It came more than 90 days ago. Ask the sender to write again.")
    return None


def apart_until(arrival: Arrival) -> datetime:
    """The last moment at which it can be told apart."""
    return arrival.received_at + spam.REVERSIBLE_FOR


def hear(arrival: Arrival, *, by: User) -> Outcome:
    """Taken for a machine's, and a person wrote it: filed like any other. Raises Refused."""
    if refusal := policies.attend_refusal(by, arrival):
        raise Refused(refusal)
    if arrival.state == Arrival.State.MACHINE and arrival.message:
        case = hear_message(arrival.message, by=by)
        arrival.refresh_from_db()
        return Outcome("threaded", case, "") if case else told_before(arrival)
    alone = Arrival.objects.by_machines_alone()
    return _file_after_all(arrival, alone, "intake.heard", by=by, verdict=Arrival.Verdict.HEARD)


def hear_message(message: Message, *, by: User) -> Case | None:
    """Shown in its case as a machine's, and a person wrote it. None if that was said before. Raises Refused.

    What a machine's mail is kept without, its files and its recipients, is taken from the mail as it came."""
    arrival = Arrival.objects.filter(message=message, state=Arrival.State.MACHINE).order_by("pk").first()
    envelope, files = _left_out(arrival) if arrival else (NO_ENVELOPE, [])
    with transaction.atomic():
        case = hearing.hear(message, by=by, envelope=envelope, files=files)
        if case:
            heard = {"verdict": Arrival.Verdict.HEARD, "accepted_by": by, "case": case, "reason": ""}
            theirs = Arrival.objects.filter(message=message, state=Arrival.State.MACHINE)
            theirs.update(state=Arrival.State.FILED, **heard)
    return case


def _left_out(arrival: Arrival) -> tuple[Envelope, list[File]]:
    try:
        mail = read(arrival.raw_bytes())
    except (Unreadable, OSError):  # its bytes may have been erased: the words are in the case
        return NO_ENVELOPE, []
    desk = arrival.desk or desk_for(mail)
    if not mail.from_ or desk is None:
        return NO_ENVELOPE, keep_files(mail)
    return Envelope(mail.from_[0].address, others_of(mail, desk)), keep_files(mail)


def _file_after_all(
    arrival: Arrival, standing: ArrivalQuerySet, word: str, *, by: User, **fresh: Any
) -> Outcome:
    """Back to where it came from, and received again. Harmless to repeat."""
    with transaction.atomic():
        waiting = standing.filter(pk=arrival.pk)
        state = Arrival.State.QUARANTINED
        is_ours = waiting.update(state=state, accepted_by=None, fingerprint=None, **fresh)
        if is_ours:
            record(HOUSE, word, by=by, arrival=arrival.pk)
    arrival.refresh_from_db()
    if not is_ours:
        return told_before(arrival)
    outcome = receive(arrival)
    # Not before: who looked at it has not yet let a stranger into the case that it answers.
    filed = Arrival.objects.filter(pk=arrival.pk, accepted_by=None).exclude(state=state)
    filed.update(accepted_by=by)
    return outcome
