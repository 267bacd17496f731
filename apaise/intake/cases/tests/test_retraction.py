"""Taking a message back before it has left."""

from datetime import date, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, ending, outgoing
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.retraction import take_back
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(complain, ana, settings, noon):
    settings.UNDO_SECONDS = 30
    case = complain()
    assign(case, ana, by=ana)
    return case


def row(message):
    return Message.objects.select_related("case").get(pk=message.pk)


def test_a_reply_taken_back_never_leaves_and_is_not_shown_to_the_customer(held, ana, send):
    message = conversation.reply(held, "Trop vite écrit.", by=ana)
    assert take_back(row(message), by=ana) is True
    assert row(message).state == "taken_back"
    with nothing_changed():
        assert take_back(row(message), by=ana) is False
        assert Message.objects.claim(message.pk) is None
        assert outgoing.send_again(row(message), by=ana) is False
    assert message not in held.messages.shown_to_complainant()
    assert row(message).text == "Trop vite écrit."  # nothing is lost: it goes back into the composer
    assert Entry.objects.of(held.reference).filter(what="message.taken_back", by=ana.actor_code).count() == 1


def test_what_has_left_is_not_taken_back(held, ana, send):
    message = conversation.reply(held, "Bonjour.", by=ana)
    Message.objects.claim(message.pk)
    with nothing_changed():
        assert take_back(row(message), by=ana) is False
    outgoing.mark_sent(message)
    with nothing_changed():
        assert take_back(row(message), by=ana) is False


def test_a_question_taken_back_lets_the_case_go_on(held, ana):
    before = Case.objects.values_list("state", flat=True).get(pk=held.pk)
    message = conversation.ask(held, "Quel numéro ?", date(2026, 12, 5), by=ana)
    assert take_back(row(message), by=ana) is True
    held.refresh_from_db()
    assert (held.state, held.answer_by, held.remind_on) == (before, None, None)
    words = list(Entry.objects.of(held.reference).values_list("what", flat=True))
    assert [word for word in words if "awaiting" in word] == [
        "awaiting_customer.started",
        "awaiting_customer.ended",
    ]


def test_a_final_reply_taken_back_is_decided_again_and_answered_anew(answered, ana, settings, noon):
    settings.UNDO_SECONDS = 30
    case = answered()
    ending.reopen(case, by=case.complainant, why="customer_objects")
    message = answer(
        case,
        findings={1: Finding("upheld", "Le technicien avait une adresse fausse.")},
        outcome="accepted",
        found_cause="service.missed_visit",
        scope="isolated",
        by=ana,
        text=case.messages.get(kind="final_reply").text,
    )
    assert take_back(row(message), by=ana) is True
    case.refresh_from_db()
    assert message.kind == "final_reply"
    assert (case.state, case.outcome, case.final_reply_at, case.is_open) == ("deciding", "", None, True)
    with pytest.raises(Refused):
        ending.close(case, reason="accepted", followup="done", summary="x", by=ana)


def test_only_the_author_or_a_lead_takes_a_message_back(held, ana, bo, eve, mara):
    message = conversation.reply(held, "Bonjour.", by=ana)
    for person in (bo, eve):
        with refused(Refused):
            take_back(row(message), by=person)
    assert take_back(row(message), by=mara) is True


def test_a_notice_of_what_was_done_is_not_taken_back(held, ana, mara):
    conversation.redirect(held, "Ailleurs.", to="other_entity", by=ana)
    with refused(Refused, match="tells of a step"):
        take_back(row(held.messages.get(kind="redirection")), by=mara)


def test_after_its_time_it_may_leave(held, ana, noon):
    message = conversation.reply(held, "Bonjour.", by=ana)
    assert row(message).send_after == noon + timedelta(seconds=30)
    with clock.at_moment(noon + timedelta(seconds=31)):
        assert Message.objects.claim(message.pk) is not None
        assert take_back(row(message), by=ana) is False
