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
    arrival.state, arrival.reason, arrival.case, arrival.message = state, reason, case, message
    if arrival.pk is None:  # our own form keeps and files in one transaction
        insert(arrival)
    else:
        told = ("state", "reason", "case", "message", "desk", "fingerprint", "verdict", "spam_at")
        change(arrival, **{name: getattr(arrival, name) for name in told})
    words = {
        Arrival.State.DUPLICATE: "duplicate",
        Arrival.State.MACHINE: "machine",
        Arrival.State.SPAM: "quarantined",
    }
    return Outcome(words.get(state, "threaded" if threaded else "opened"), case, reason)


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
