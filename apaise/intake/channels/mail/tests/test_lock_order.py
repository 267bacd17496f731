"""Verbs that meet on one case never wait for each other in a ring: the person first, then the case, then its messages.

Each test lets one transaction stop half way until another waits for it. SQLite has one writer: nothing can meet there."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Address, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, findable, merging, outgoing, retraction
from apaise.intake.cases.merging import merge
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.mail.tests.test_bounces import bounce
from apaise.intake.channels.receive import keep, receive
from apaise.intake.channels.tests.letters import mail
from tests.at_once import at_once, wait_until_somebody_waits

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stop(monkeypatch):
    """Let `holder.name`, when it is first called, go on only once somebody waits: stop(holder, "name") -> its Event."""

    def at(holder: Any, name: str, *, after: bool = False) -> threading.Event:
        reached, real = threading.Event(), getattr(holder, name)

        def stopping(*args: Any, **words: Any) -> Any:
            if reached.is_set():
                return real(*args, **words)
            found = real(*args, **words) if after else None
            reached.set()
            wait_until_somebody_waits()
            return found if after else real(*args, **words)

        monkeypatch.setattr(holder, name, stopping)
        return reached

    return at


def then(reached: threading.Event, act: Callable[[], Any]) -> Callable[[], Any]:
    """`act`, once the other is half way."""

    def wait() -> Any:
        assert reached.wait(20)
        return act()

    return wait


@pytest.fixture
def case(complain, ana, work):
    case = complain()
    assign(case, ana, by=ana)
    work()
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def sent(case, ana, send):
    """A reply of Ana's that has left."""
    conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana)
    send()
    return case.messages.get(kind="reply")


def again(message: Message) -> Message:
    return Message.objects.select_related("case__desk", "case__complainant", "author_user").get(pk=message.pk)


def test_a_reply_and_a_mail_that_comes_in(case, ana, stop):
    half = stop(findable, "add_message")
    told = at_once([
        lambda: conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana).kind,
        then(half, lambda: receive(keep(mail("Toujours rien.", in_reply_to=number(case)))).outcome),
    ])  # fmt: skip
    assert told == ["reply", "threaded"]
    assert list(verify()) == []


def number(case: Case) -> str:
    return str(case.messages.exclude(message_id="").values_list("message_id", flat=True).first())


def test_a_mail_that_comes_in_and_a_bounce_of_ours(sent, stop):
    """Filing takes the person, whose name it learns, then the case."""
    Person.objects.update(name="", name_key="", name_sound="")
    half = stop(Person, "learn_name", after=True)
    told = at_once([
        lambda: receive(keep(mail("Toujours rien.", in_reply_to=sent.message_id))).outcome,
        then(half, lambda: receive(keep(bounce(sent.message_id))).outcome),
    ])  # fmt: skip
    assert told == ["threaded", "machine"]
    assert (again(sent).problem, Address.objects.get().returned_why) == ("no_mailbox", "no_mailbox")
    assert Person.objects.get().name == "Claire Fontanel"
    assert list(verify()) == []


def test_a_mail_that_is_being_marked_as_sent_and_its_bounce(case, ana, stop):
    """A server next door may return it before we have noted that it left."""
    conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana)
    leaving = Message.objects.claim(case.messages.get(kind="reply").pk)
    half = stop(outgoing, "wrote_last")  # the message is marked, its case's history is not yet written
    told = at_once([
        lambda: outgoing.mark_sent(leaving),
        then(half, lambda: receive(keep(bounce(leaving.message_id))).outcome),
    ])  # fmt: skip
    assert told == [True, "machine"]
    assert (again(leaving).state, again(leaving).problem) == ("sent", "no_mailbox")
    assert list(verify()) == []


@pytest.fixture
def other(complain, case, work):
    """An earlier complaint of the same customer, into which the case is about to be merged."""
    other = complain(subject="Encore la fibre")
    work()
    return Case.objects.get(pk=other.pk)


def test_a_merge_and_a_bounce_that_finds_the_message_where_it_went(sent, case, other, mara, stop):
    half = stop(merging, "words_again")
    told = at_once([
        lambda: merge(Case.objects.get(pk=case.pk), other, reason="sent_twice", by=mara).into,
        then(half, lambda: receive(keep(bounce(sent.message_id))).case),
    ])  # fmt: skip
    assert told == [other, other]
    assert Entry.objects.get(what="message.returned").chain == other.reference
    assert list(verify()) == []


def test_a_merge_and_a_message_that_is_taken_back(case, other, ana, mara, stop):
    conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana)
    reply = again(case.messages.get(kind="reply"))
    half = stop(merging, "words_again")
    told = at_once([
        lambda: merge(Case.objects.get(pk=case.pk), other, reason="sent_twice", by=mara).into,
        then(half, lambda: retraction.take_back(reply, by=ana)),
    ])  # fmt: skip
    assert told == [other, True]
    assert Entry.objects.get(what="message.taken_back").chain == other.reference
    assert again(reply).state == "taken_back"
    assert list(verify()) == []


def test_a_message_that_is_taken_back_and_a_merge(case, other, ana, mara, stop):
    conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana)
    reply = again(case.messages.get(kind="reply"))
    half = stop(retraction, "happened")
    told = at_once([
        lambda: retraction.take_back(reply, by=ana),
        then(half, lambda: merge(Case.objects.get(pk=case.pk), other, reason="sent_twice", by=mara).into),
    ])  # fmt: skip
    assert told == [True, other]
    assert Entry.objects.get(what="message.taken_back").chain == case.reference
    assert list(verify()) == []


def test_an_uncertain_mail_that_did_arrive_and_a_merge(sent, case, other, ana, mara, stop):
    Message.objects.filter(pk=sent.pk).update(state="uncertain")
    uncertain = again(sent)
    half = stop(outgoing, "wrote_last")
    told = at_once([
        lambda: outgoing.arrived(uncertain, by=ana),
        then(half, lambda: merge(Case.objects.get(pk=case.pk), other, reason="sent_twice", by=mara).into),
    ])  # fmt: skip
    assert told == [True, other]
    assert again(sent).state == "sent"
    assert list(verify()) == []
