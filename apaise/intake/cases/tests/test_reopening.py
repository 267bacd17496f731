"""Withdrawing, reopening, passing on to where it belongs; what is refused changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from apaise.handling.resolution.answer import answer
from apaise.intake.cases import conversation, ending, outgoing
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage
from apaise.intake.cases.tests.life_cycle import DECIDED, somebody_else, words_of
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


def test_only_the_complainant_withdraws(qualified, ana, mara, cleo, noon):
    case = qualified()
    for somebody in (ana, mara, cleo, somebody_else(case), None):
        with refused(Refused, match="Only the complainant"):
            ending.withdraw(case, by=somebody)
    ending.withdraw(case, by=case.complainant)
    assert case.state == "withdrawn"
    with refused(Refused, match="ended already"):
        ending.withdraw(case, by=case.complainant)


def test_an_objection_reopens_under_the_same_reference_and_receipt(answered, noon):
    case = answered()
    reference, received = case.reference, case.received_at
    window = case.deadlines.get(rule="mediator_window").due_at
    with clock.at_moment(noon + timedelta(days=5)):
        ending.reopen(case, by=case.complainant, why="customer_objects")
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.reference, case.received_at, case.reopened_count) == (
        "investigating",
        reference,
        received,
        1,
    )
    assert (case.final_reply_at, case.accepted_at, case.closed_at) == (None, None, None)
    assert case.deadlines.get(rule="mediator_window").due_at == window
    target = case.deadlines.get(rule="reply_target")
    assert (target.state, target.start_at, target.due_at) == (
        "running",
        noon + timedelta(days=5),
        datetime(2026, 12, 14, 22, 59, 59, tzinfo=UTC),
    )


def test_strangers_and_ended_or_open_cases_are_not_reopened(answered, qualified):
    case = answered()
    with refused(Refused):
        ending.reopen(case, by=somebody_else(case), why="customer_objects")
    case = qualified(email="luc@courriel.exemple.test")
    with refused(Refused, match="Only an answered or closed case"):
        ending.reopen(case, by=case.complainant, why="customer_objects")


def test_a_reply_still_on_its_way_keeps_the_case_from_being_reopened(qualified, ana, send, noon):
    case = qualified()
    message = answer(case, **DECIDED, by=ana)
    for state in ("queued", "sending"):
        Message.objects.filter(pk=message.pk).update(state=state)
        for by in (ana, case.complainant):
            with refused(Refused, match="has not left yet"):
                ending.reopen(case, by=by, why="new_fact")


def test_an_objection_to_a_reply_that_perhaps_left_says_that_it_arrived(qualified, ana, noon):
    case = qualified()
    message = answer(case, **DECIDED, by=ana)
    Message.objects.filter(pk=message.pk).update(state="uncertain")
    with refused(Refused, match="whether it arrived"):
        ending.reopen(case, by=ana, why="customer_objects")
    ending.reopen(case, by=case.complainant, why="customer_objects")
    message.refresh_from_db()
    assert (message.state, case.state, case.final_reply_at) == ("sent", "investigating", None)
    assert words_of(case).index("final_reply.sent") < words_of(case).index("case.reopened")


def test_an_answer_objected_to_does_not_close_the_case_a_second_time(answered, ana, send, noon):
    case = answered()
    ending.reopen(case, by=case.complainant, why="customer_objects")
    second = answer(case, **DECIDED, by=ana)
    assert case.final_reply_at is None
    case.keep(accepted_at=noon)
    with refused(Refused, match="has not left yet"):
        ending.close(case, reason="accepted", followup="done", summary="Refixé", by=ana)
    send()
    case.refresh_from_db()
    assert second.pk and case.final_reply_at == noon
    ending.close(case, reason="accepted", followup="done", summary="Refixé", by=ana)


def test_a_failed_reply_of_a_reopened_case_is_not_sent_after_all(qualified, ana, noon):
    case = qualified()
    message = answer(case, **DECIDED, by=ana)
    Message.objects.filter(pk=message.pk).update(state="failed")
    ending.reopen(case, by=ana, why="new_fact")
    message = Message.objects.select_related("case").get(pk=message.pk)
    with refused(Refused, match="Answer it anew"):
        outgoing.send_again(message, by=ana)


def test_passing_on_tells_the_customer_and_is_reversible(taken, ana, send, noon):
    case = taken()
    before = {clock_.rule: (clock_.start_at, clock_.due_at) for clock_ in case.deadlines.all()}
    conversation.redirect(case, "La mairie suit cette demande, voici son adresse.", to="other_entity", by=ana)
    assert (case.state, case.messages.get(kind="redirection").state) == ("redirected", "queued")
    assert not case.deadlines.filter(state="running", customer_right=False).exists()
    ending.take_back(case, by=ana)
    assert (case.state, case.received_at) == ("qualifying", noon)
    assert {clock_.rule: (clock_.start_at, clock_.due_at) for clock_ in case.deadlines.all()} == before
    assert set(case.deadlines.values_list("state", flat=True)) == {"running"}


@pytest.mark.parametrize(
    ("to", "text", "said"), [("spam", "Bonjour", "Say why"), ("other_entity", " ", "Write something")]
)
def test_passing_on_needs_a_reason_and_words(taken, ana, to, text, said):
    case = taken()
    with refused(Refused, match=said):
        conversation.redirect(case, text, to=to, by=ana)


def test_a_case_under_investigation_is_not_passed_on(qualified, ana):
    case = qualified()
    with refused(Refused, match="not being investigated yet"):
        conversation.redirect(case, "Bonjour", to="other_entity", by=ana)


def test_what_was_never_passed_on_is_not_taken_back(taken, ana):
    case = taken()
    with refused(WrongStage):
        ending.take_back(case, by=ana)
