"""Asking the customer: the wait, the answer, and a question that nobody answered."""

from datetime import UTC, date, datetime

import pytest

from apaise.intake.cases import conversation
from apaise.intake.cases.messages import Refused, add_customer_message, lapse_unanswered
from apaise.intake.cases.models import Case
from apaise.intake.cases.tests.life_cycle import last, words_of
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


def test_asking_waits_for_the_customer_and_an_answer_ends_it(qualified, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel est le numéro sur la box ?", date(2026, 12, 1), by=ana)
    assert (case.state, case.resume_state, case.answer_by, case.ball) == (
        "awaiting_customer",
        "investigating",
        date(2026, 12, 1),
        "customer",
    )
    add_customer_message(case, case.complainant, channel="email", text="Le 4711.")
    assert (case.state, case.answer_by) == ("investigating", None)
    assert words_of(case)[-4:-1] == ["message.received", "info.received", "awaiting_customer.ended"]
    assert Case.objects.get(pk=case.pk).state == "investigating"


def test_the_answer_is_heard_by_a_case_read_before_the_question(qualified, ana):
    stale = qualified()
    conversation.ask(Case.objects.get(pk=stale.pk), "Quel numéro ?", date(2027, 1, 1), by=ana)
    add_customer_message(stale, stale.complainant, channel="email", text="Le 4711.")
    assert Case.objects.get(pk=stale.pk).state == "investigating"


def test_an_answer_that_crosses_the_end_of_the_wait_is_filed_all_the_same(qualified, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    waiting = Case.objects.get(pk=case.pk)
    assert lapse_unanswered(date(2026, 12, 2)) == 1
    add_customer_message(waiting, waiting.complainant, channel="email", text="Le 4711.")
    assert Case.objects.get(pk=case.pk).state == "investigating"
    assert words_of(case).count("awaiting_customer.ended") == 1


def test_a_machines_mail_ends_no_wait(qualified, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    before = Case.objects.values().get(pk=case.pk), list(case.deadlines.values())
    add_customer_message(case, case.complainant, channel="email", text="Je suis absent.", machine=True)
    assert (Case.objects.values().get(pk=case.pk), list(case.deadlines.values())) == before
    assert last(case, "message.received").facts["machine"] is True


def test_a_question_nobody_answered_is_no_refusal(taken, ana, noon):
    case = taken()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    assert lapse_unanswered(date(2026, 12, 1)) == 0
    assert lapse_unanswered(date(2026, 12, 2)) == 1
    assert lapse_unanswered(date(2026, 12, 2)) == 0
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("qualifying", "")
    assert words_of(case)[-3:] == ["info.lapsed", "awaiting_customer.ended", "deadline.resumed"]


def test_the_answer_by_day_is_a_day_to_come_in_paris(qualified, ana):
    case = qualified()
    just_past_midnight = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)  # 0:30 on the 26th in Paris
    with clock.at_moment(just_past_midnight):
        with refused(Refused, match="until tomorrow"):
            conversation.ask(case, "Quel numéro ?", date(2026, 11, 26), by=ana)
        conversation.ask(case, "Quel numéro ?", date(2026, 11, 27), by=ana)


def test_nothing_is_asked_while_waiting_or_once_answered(qualified, answered, ana, noon):
    case = qualified()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    for other in (case, answered(email="luc@courriel.exemple.test")):
        with refused(Refused, match="while the case is being qualified or investigated"):
            conversation.ask(other, "Et la couleur ?", date(2026, 12, 1), by=ana)
    with refused(Refused, match="Write something"):
        conversation.reply(case, "   ", by=ana)
