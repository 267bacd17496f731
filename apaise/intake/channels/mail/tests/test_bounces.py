"""Our mail comes back: said on the case, the address flagged, the handler told once, and nothing sent."""

from datetime import timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties import addresses
from apaise.ground.parties.models import Address, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.cases.acknowledgement import acknowledge
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.cases.paper import carrier_for
from apaise.intake.channels.mail.addresses import reply_address
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
CLAIRE = "claire@courriel.exemple.test"


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


def bounce(
    number="",
    *,
    to=CLAIRE,
    action="failed",
    status="5.1.1",
    said="550 5.1.1 User unknown",
    nonce="1",
    desk="",
):
    """What a mail server sends back, with the head of the mail that came back."""
    original = f"Message-ID: {number}\r\nSubject: R\r\n" if number else "Subject: R\r\n"
    return (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: {desk or 'reclamations@exemple.test'}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <{nonce}@mx.test>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\n\r\nThis is the mail system at host mx.test.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {said}\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}\r\n--x--\r\n"
    ).encode()


@pytest.fixture
def written(complain, ana, send, work):
    """A case of Ana's, and the mail of hers that left."""
    case = complain()
    assign(case, ana, by=ana)
    work()
    conversation.reply(case, "Bonjour, quel est le numéro ?", by=ana)
    send()
    work()
    case.refresh_from_db()
    return case, case.messages.get(kind="reply")


def address():
    return Address.objects.get(value=CLAIRE)


def test_peers_2_a_bounce_flags_the_address_tells_the_handler_once_and_sends_nothing(
    written, ana, work, noon
):
    case, reply = written
    before = (Case.objects.values().get(), list(case.deadlines.values()), Message.objects.count())
    outcome = get(bounce(reply.message_id))
    assert (outcome.outcome, outcome.case, outcome.reason) == ("machine", case, "bounce")
    work()
    assert (Case.objects.values().get(), list(case.deadlines.values()), Message.objects.count()) == before
    reply.refresh_from_db()
    assert (reply.state, reply.problem, reply.came_back) == ("sent", "no_mailbox", True)
    assert (address().returned_at, address().returned_why, address().soft_returns) == (noon, "no_mailbox", 0)
    assert Alert.objects.filter(user=ana, kind="mail_returned", chain=case.reference).count() == 1
    assert list(verify()) == []

    get(bounce(reply.message_id, nonce="2"))  # the next server says the same
    work()
    assert Alert.objects.filter(kind="mail_returned").count() == 1
    assert Entry.objects.of(case.reference).filter(what="message.returned").count() == 1


@pytest.mark.parametrize(
    ("status", "said", "problem", "hard"),
    [
        ("5.1.1", "550 5.1.1 User unknown", "no_mailbox", True),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "no_mailbox", True),
        ("5.1.2", "550 5.1.2 Host unknown", "no_domain", True),
        ("5.0.0", "550 No such user here", "no_mailbox", True),
        ("5.2.2", "552 5.2.2 Mailbox full", "full", False),
        ("4.2.2", "452 4.2.2 Over quota", "full", False),
        ("5.7.1", "550 5.7.1 Message rejected as spam", "unwanted", False),
        ("5.3.4", "552 5.3.4 Message too big", "too_large", False),
        ("4.4.1", "connect to mx.test: Connection timed out", "no_way", False),
        ("5.0.0", "554 Transaction failed", "returned", False),
    ],
)
def test_why_it_came_back_and_whether_for_good(written, status, said, problem, hard):
    _case, reply = written
    get(bounce(reply.message_id, status=status, said=said))
    reply.refresh_from_db()
    found = address()
    assert (reply.problem, found.returned_at is not None, found.soft_returns) == (
        problem,
        hard,
        int(not hard),
    )


def test_a_delay_flags_nothing(written):
    _case, reply = written
    outcome = get(bounce(reply.message_id, action="delayed", status="4.4.1"))
    assert (outcome.outcome, outcome.reason) == ("machine", "delivery-report")
    reply.refresh_from_db()
    assert (reply.problem, address().returned_at, address().soft_returns) == ("", None, 0)


def test_a_bounce_without_a_report_is_matched_by_the_mail_it_quotes(written):
    _case, reply = written
    text = (
        "Hi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your message.\n\n"
        f"<{CLAIRE}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below is a copy.\n\n"
        f"Message-ID: {reply.message_id}\nSubject: x\n"
    )
    assert (
        get(mail(text, **{"from": "MAILER-DAEMON@mx.test", "subject": "failure notice"})).outcome == "machine"
    )
    reply.refresh_from_db()
    assert (reply.problem, address().returned_why) == ("no_mailbox", "no_mailbox")


def test_a_bounce_to_the_signed_address_is_matched_to_the_last_mail_to_that_recipient(written):
    case, reply = written
    assert get(bounce(desk=reply_address(case))).case == case
    reply.refresh_from_db()
    assert reply.problem == "no_mailbox"
    assert case.messages.get(kind="acknowledgement").problem == ""


def test_a_made_up_bounce_flags_nobody(written):
    before = list(Message.objects.values()), list(Address.objects.values())
    outcome = get(bounce("<apaise.0000@exemple.test>"))
    assert (outcome.outcome, outcome.case) == ("machine", None)
    assert get(bounce(desk="reclamations+r1-0123456789abcdef@exemple.test", nonce="3")).case is None
    assert (list(Message.objects.values()), list(Address.objects.values())) == before


def test_a_person_who_forwards_a_bounce_is_heard(written):
    text = "Voici ce que je reçois.\n\n---------- Forwarded message ----------\nFrom: MAILER-DAEMON@mx.test\n\n550 5.1.1"
    assert get(mail(text, subject="Fwd: Undelivered Mail Returned to Sender")).outcome == "opened"


def test_nothing_is_sent_by_itself_to_a_flagged_address(complain, work):
    case = complain()
    addresses.note_returned(address(), "no_mailbox", for_good=True, by=case.complainant)
    with nothing_changed():
        assert acknowledge(Case.objects.get()) is None


def test_an_acknowledgement_owed_leaves_once_there_is_another_address(complain, work, ana):
    case = complain()
    addresses.note_returned(address(), "no_mailbox", for_good=True, by=ana)
    work()
    assert not case.messages.filter(kind="acknowledgement").exists()
    addresses.add_address(Person.objects.get(), "email", "claire@nouvelle.exemple.test", by=ana)
    work()
    assert case.messages.get(kind="acknowledgement").to_address == "claire@nouvelle.exemple.test"


def test_who_writes_again_from_a_flagged_address_is_acknowledged(complain, ana, work):
    complain()
    addresses.note_returned(address(), "no_mailbox", for_good=True, by=ana)
    with clock.at_moment(clock.now() + timedelta(days=1)):
        outcome = get(mail("Toujours rien.", subject="Encore moi"))
        work()
    assert outcome.case.messages.filter(kind="acknowledgement").count() == 1


def test_an_address_that_receives_none_is_used_last(complain, ana):
    case = complain()
    addresses.note_returned(address(), "no_mailbox", for_good=True, by=ana)
    addresses.add_address(case.complainant, "email", "claire@nouvelle.exemple.test", by=ana)
    case = Case.objects.get()
    assert carrier_for(case).address == "claire@nouvelle.exemple.test"
    addresses.trust_address(address(), by=ana)
    assert carrier_for(Case.objects.get()).address == CLAIRE
    assert (address().returned_at, address().returned_why) == (None, "")


def test_a_thousand_bounces_of_one_mail_are_told_once(written, ana, work):
    _case, reply = written
    for number in range(40):
        get(bounce(reply.message_id, nonce=f"n{number}"))
    work()
    assert Alert.objects.filter(kind="mail_returned").count() == 1
    assert address().soft_returns == 0
    assert Arrival.objects.filter(state="machine", reason="bounce").count() == 40


@pytest.fixture
def copied(written):
    """The same, with two people in copy of the reply."""
    case, reply = written
    reply.copies = ["Tiers@ailleurs.test", "fils@ailleurs.test"]
    reply.save()
    return case, reply


@pytest.mark.parametrize(
    ("status", "said", "why", "hard"),
    [
        ("5.1.1", "550 5.1.1 User unknown", "no_mailbox", True),
        ("4.2.2", "452 4.2.2 Over quota", "full", False),
    ],
)
def test_a_copy_that_is_not_reached_is_told_to_the_handler_and_changes_nothing_else(
    copied, ana, work, status, said, why, hard
):
    case, reply = copied
    before = (Case.objects.values().get(), list(case.deadlines.values()), list(Address.objects.values()))
    outcome = get(bounce(reply.message_id, to="tiers@ailleurs.test", status=status, said=said))
    assert (outcome.outcome, outcome.case, outcome.reason) == ("machine", case, "bounce")
    get(bounce(reply.message_id, to="tiers@ailleurs.test", nonce="2"))  # the next server says the same
    work()
    reply.refresh_from_db()
    assert (reply.state, reply.problem) == ("sent", "")
    assert reply.unreached == [{"address": "tiers@ailleurs.test", "why": why, "hard": hard}]
    after = (Case.objects.values().get(), list(case.deadlines.values()), list(Address.objects.values()))
    assert after == before
    entry = Entry.objects.of(case.reference).get(what="message.returned")
    assert entry.facts == {
        "message": reply.pk, "kind": "reply", "why": why, "hard": hard, "copy": True
    }  # fmt: skip
    told = Alert.objects.filter(user=ana, chain=case.reference)
    assert list(told.filter(kind__endswith="_returned").values_list("kind", flat=True)) == ["copy_returned"]
    assert list(verify()) == []


def test_one_report_of_the_customer_and_a_copy_says_both(copied):
    _case, reply = copied
    both = bounce(reply.message_id).replace(
        b"--x\r\nContent-Type: text/rfc822-headers",
        b"\r\nFinal-Recipient: rfc822; fils@ailleurs.test\r\nAction: failed\r\nStatus: 5.1.2\r\n"
        b"--x\r\nContent-Type: text/rfc822-headers",
    )
    get(both)
    reply.refresh_from_db()
    assert reply.problem == "no_mailbox"
    assert reply.unreached == [{"address": "fils@ailleurs.test", "why": "no_domain", "hard": True}]


def test_the_case_says_who_in_copy_was_not_reached_and_why(copied, ana, client):
    case, reply = copied
    get(bounce(reply.message_id, to="tiers@ailleurs.test"))
    get(bounce(reply.message_id, to="fils@ailleurs.test", status="4.2.2", said="Over quota", nonce="2"))
    client.force_login(ana)
    page = client.get(f"/desk/cases/{case.reference}").content.decode()
    assert "Not reached for good: tiers@ailleurs.test." in page
    assert "The mailbox is unknown there." in page
    assert "Not reached for now: fils@ailleurs.test." in page
    assert "An e-mail of ours did not reach somebody in copy" in page
    assert "An e-mail of ours came back undelivered" not in page


def test_who_was_in_copy_cannot_condemn_the_customers_address_for_good(written):
    _case, reply = written
    reply.copies = ["tiers@ailleurs.test"]
    reply.save()
    get(bounce(reply.message_id))
    reply.refresh_from_db()
    assert (reply.problem, address().returned_at, address().soft_returns) == ("no_mailbox", None, 1)
