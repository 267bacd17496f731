"""Spam is an outcome with a reason, never a deletion: kept on its list, taken back with one click for 90 days.

Only certain signs put a message there: a person's decision, or the mark of the operator's own filter where nothing at
all speaks for the sender. A score alone never does: a complaint in bad words looks like spam to every filter."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import HOUSE, System, record
from apaise.ground.parties.models import Person
from apaise.intake.cases.messages import Refused
from apaise.intake.channels import policies
from apaise.intake.channels.mail import threading
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.settling import Outcome, settle
from apaise.lib import clock
from apaise.lib.mime import Mail

REVERSIBLE_FOR = timedelta(days=90)
_FILTER = System("spam-filter")


def is_certain(arrival: Arrival, mail: Mail) -> bool:
    """Whether the operator's filter marks it, and neither a known sender nor a case nor a person speaks for it."""
    if arrival.verdict or not _is_marked(mail):
        return False
    known = mail.from_ and Person.objects.at(mail.from_[0].address)
    return not known and threading.case_answered_by(mail, arrival.envelope_to) is None


def _is_marked(mail: Mail) -> bool:
    """The setting is `Header: value`; what follows the value in the field does not count."""
    name, _colon, value = settings.SPAM_HEADER.partition(":")
    told = mail.headers.all(name.strip()) if name.strip() else []
    return any(one.lower().startswith(value.strip().lower() or "yes") for one in told)


def put_away(arrival: Arrival) -> Outcome:
    """The operator's filter says so, with certainty."""
    arrival.verdict = Arrival.Verdict.FILTER
    arrival.spam_at = clock.now()
    record(HOUSE, "intake.spam_marked", by=_FILTER, arrival=arrival.pk, sign=arrival.verdict)
    return settle(arrival, Arrival.State.SPAM, "spam", None, None)


def mark_spam(arrival: Arrival, *, by: User) -> bool:
    """A person decides that a message in quarantine is spam. Raises Refused."""
    if refusal := policies.attend_refusal(by, arrival):
        raise Refused(refusal)
    with transaction.atomic():
        waiting = Arrival.objects.filter(pk=arrival.pk, state=Arrival.State.QUARANTINED)
        told: dict[str, Any] = {
            "verdict": Arrival.Verdict.PERSON,
            "spam_at": clock.now(),
            "accepted_by": by,
        }
        if not waiting.update(state=Arrival.State.SPAM, **told):
            return False
        record(HOUSE, "intake.spam_marked", by=by, arrival=arrival.pk, sign=Arrival.Verdict.PERSON.value)
    return True


def reversible_until(arrival: Arrival) -> datetime | None:
    """The last moment at which it can be taken back."""
    return arrival.spam_at + REVERSIBLE_FOR if arrival.spam_at else None


def not_spam_refusal(user: User, arrival: Arrival) -> str | None:
    """Why this person may not take it back, or None if they may."""
    if refusal := policies.attend_refusal(user, arrival):
        return refusal
    until = reversible_until(arrival)
    if until and until <= clock.now():
        return _("It has been spam for more than 90 days. Ask the sender to write again.")
    return None


def take_back(arrival: Arrival, *, by: User) -> bool:
    """It is no spam: back to where it came from, to be filed like any other; no filter marks it again. Raises Refused.

    True when it is now to be received (channels.receive)."""
    if refusal := not_spam_refusal(by, arrival):
        raise Refused(refusal)
    with transaction.atomic():
        spam = Arrival.objects.filter(pk=arrival.pk, state=Arrival.State.SPAM)
        told: dict[str, Any] = {
            "verdict": Arrival.Verdict.REVERSED,
            "accepted_by": None,
            "fingerprint": None,
        }
        if not spam.update(state=Arrival.State.QUARANTINED, **told):
            return False
        record(HOUSE, "intake.spam_reversed", by=by, arrival=arrival.pk)
    arrival.refresh_from_db()
    return True
