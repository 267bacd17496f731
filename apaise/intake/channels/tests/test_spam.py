"""Spam is an outcome one can undo; a complaint never gets there by a score alone."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels import spam
from apaise.intake.channels.mail.addresses import reply_address
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive
from apaise.intake.channels.second_look import not_spam
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


def stranger(**headers):
    given = {"from": "win@casino.test", "subject": "You won", "x_spam_flag": "YES", **headers}
    return mail("Click here: https://casino.test", **given)


@pytest.fixture
def filtered(settings):
    settings.SPAM_HEADER = "X-Spam-Flag: YES"


def test_without_the_setting_no_header_makes_spam(desk):
    assert get(stranger()).outcome == "opened"


def test_the_operators_mark_and_nothing_for_the_sender_is_spam(desk, filtered):
    outcome = get(stranger())
    assert (outcome.outcome, outcome.case, outcome.reason) == ("quarantined", None, "spam")
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.verdict) == ("spam", "filter")
    assert not Case.objects.exists()
    entry = Entry.objects.of("house").get(what="intake.spam_marked")
    assert (entry.by, entry.facts) == ("system:spam-filter", {"arrival": arrival.pk, "sign": "filter"})
    assert get(stranger()).outcome == "duplicate"


def test_a_score_alone_makes_no_spam(desk, filtered):
    assert get(stranger(x_spam_flag="NO", x_spam_score="99.9")).outcome == "opened"


def test_a_known_sender_is_never_spam(complain, filtered):
    complain()
    assert get(mail("Toujours rien.", x_spam_flag="YES")).outcome == "opened"


def test_what_answers_a_case_is_never_spam(complain, filtered):
    case = complain()
    for headers in ({"subject": f"Re: {case.reference}"}, {"to": reply_address(case)}):
        outcome = get(stranger(**headers))
        assert (outcome.outcome, outcome.reason) == ("quarantined", "not_a_participant")


def test_what_is_no_spam_is_filed_as_if_it_had_just_come(desk, filtered, ana, noon):
    get(stranger())
    arrival = Arrival.objects.get()
    with clock.at_moment(noon + timedelta(days=89)):
        outcome = not_spam(arrival, by=ana)
    assert outcome.outcome == "opened"
    case = Case.objects.get()
    assert (case.received_at, outcome.case) == (noon, case)
    assert Arrival.objects.get().verdict == "reversed"
    assert Entry.objects.of("house").filter(what="intake.spam_reversed").count() == 1
    with nothing_changed():
        assert not_spam(Arrival.objects.get(), by=ana).outcome == "duplicate"


def test_after_ninety_days_it_stays(desk, filtered, ana, noon):
    get(stranger())
    with clock.at_moment(noon + timedelta(days=90)), refused(Refused, match="90 days"):
        not_spam(Arrival.objects.get(), by=ana)
    assert Arrival.objects.get().raw_bytes()  # kept all the same


def test_a_person_decides_and_takes_it_back(complain, ana):
    case = complain()
    get(stranger(subject=f"Re: {case.reference}"))
    arrival = Arrival.objects.get()
    assert spam.mark_spam(arrival, by=ana)
    assert not spam.mark_spam(arrival, by=ana)
    assert (Arrival.objects.get().state, Arrival.objects.get().accepted_by) == ("spam", ana)
    outcome = not_spam(Arrival.objects.get(), by=ana)
    # Taking it back lets nobody into a case.
    assert (outcome.outcome, outcome.reason) == ("quarantined", "not_a_participant")


def test_who_does_not_sort_the_desks_mail_decides_nothing(complain, staff):
    case = complain()
    get(stranger(subject=f"Re: {case.reference}"))
    auditor = staff("auditor")
    with refused(Refused):
        spam.mark_spam(Arrival.objects.get(), by=auditor)
