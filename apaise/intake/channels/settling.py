"""How an arrival ends: filed, known before, a machine's, or in quarantine where people look."""

import logging
from typing import NamedTuple

from apaise.ground.accounts.models import Desk
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import ATTEND_WITHIN, Arrival
from apaise.lib.rows import change, insert

log = logging.getLogger("apaise.intake")


class Outcome(NamedTuple):
    """What became of an arrival, in the words of `apaise ingest`."""

    outcome: str  # opened, threaded, duplicate, machine, quarantined
    case: Case | None
    reason: str


def quarantine(arrival: Arrival, reason: str, *, detail: str = "") -> Outcome:
    """Put it where people look: with its reason, an owner and an hour to attend to it."""
    if detail:
        log.warning("arrival %s set in quarantine: %s (%s)", arrival.pk, reason, detail)
    arrival.state, arrival.reason = Arrival.State.QUARANTINED, reason
    arrival.fingerprint = None if reason in ("failed", "unreadable") else arrival.fingerprint
    arrival.desk = arrival.desk or Desk.objects.main()
    arrival.owner = arrival.owner or (arrival.desk.signatory if arrival.desk else None)
    arrival.attend_by = arrival.attend_by or arrival.received_at + ATTEND_WITHIN
    arrival.save()
    return Outcome("quarantined", None, reason)


def settle(
    arrival: Arrival,
    state: Arrival.State,
    reason: str,
    case: Case | None,
    message: Message | None,
    *,
    threaded: bool = False,
) -> Outcome:
    is_new = arrival.state == Arrival.State.NEW
    if state != Arrival.State.DUPLICATE:
        arrival.same_as = None
    arrival.state, arrival.reason, arrival.case, arrival.message = state, reason, case, message
    if arrival.pk is None:  # our own form keeps and files in one transaction
        insert(arrival)
    else:
        told = ("state", "reason", "case", "message", "desk", "fingerprint", "verdict", "spam_at", "same_as")
        change(arrival, **{name: getattr(arrival, name) for name in told})
    if not is_new:  # those taken for it meanwhile did not know its case yet
        Arrival.objects.filter(same_as=arrival, state=Arrival.State.DUPLICATE).update(
            case=case, message=message
        )
    words = {
        Arrival.State.DUPLICATE: "duplicate",
        Arrival.State.MACHINE: "machine",
        Arrival.State.SPAM: "quarantined",
    }
    return Outcome(words.get(state, "threaded" if threaded else "opened"), case, reason)


def settle_again(arrival: Arrival, known: Arrival) -> Outcome:
    """It is one received before: it says the case of that one, now and whenever that changes."""
    arrival.same_as = known
    return settle(arrival, Arrival.State.DUPLICATE, "received_before", known.case, known.message)


def follow_messages(case: Case) -> int:
    """What came in stands with the case its message is in: after a merge, a split, or their undoing. Returns how many."""
    elsewhere = Arrival.objects.filter(message__case=case).exclude(case=case)
    return Arrival.objects.filter(pk__in=list(elsewhere.values_list("pk", flat=True))).update(case=case)


def told_before(arrival: Arrival) -> Outcome:
    words = {
        Arrival.State.MACHINE: "machine",
        Arrival.State.SET_ASIDE: "quarantined",
    }
    if arrival.state == Arrival.State.SPAM:  # whatever brought it before a person
        return Outcome("quarantined", None, "spam")
    return Outcome(
        words.get(Arrival.State(arrival.state), "duplicate"),
        arrival.case,
        arrival.reason or "received_before",
    )
