"""Who gets a reply: seen in the composer and on the message, offered and never taken, confirmed when new."""

import pytest
from django.utils import translation

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.channels import receive
from apaise.intake.channels.mail.addresses import reply_address
from apaise.intake.channels.models import Arrival
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


CLAIRE, RIVAL, SON = (
    "claire@courriel.exemple.test",
    "ventes@concurrent.exemple.test",
    "paul@famille.exemple.test",
)


@pytest.fixture
def came(desk, noon):
    """File a mail as it comes from outside: came(to=…, cc=…, sender=…), and return its outcome."""

    def make(
        sender=CLAIRE,
        to="reclamations@exemple.test",
        cc="",
        number=1,
        envelope_to="",
        text="Bonjour, rien ne marche.",
    ):
        lines = [
            f"From: Claire Fontanel <{sender}>",
            f"To: {to}",
            *([f"Cc: {cc}"] if cc else []),
            f"Subject: Panne {number}",
            f"Message-ID: <m{number}@courriel.exemple.test>",
            "Content-Type: text/plain; charset=utf-8",
            "",
            text,
        ]
        arrival = receive.keep("\r\n".join(lines).encode(), envelope_to=envelope_to)
        return receive.receive(arrival)

    return make


@pytest.fixture
def case(came, ana):
    """A complaint of Claire's, with a rival of ours and her son in copy, held by Ana."""
    found = came(cc=f"{RIVAL}, Paul <{SON}>").case
    assign(found, ana, by=ana)
    return found


def post(client, case, **typed):
    return client.post(f"/desk/cases/{case.reference}/replies", {"text": "Je m'en occupe.", **typed})


def last(case):
    return Message.objects.filter(case=case, direction="out", kind="reply").order_by("-pk").first()


def test_peers_7_people_in_copy_are_offered_and_never_answered_silently(case, client, ana):
    client.force_login(ana)
    page = client.get(f"/desk/cases/{case.reference}?mode=reply").content.decode()
    assert f"also to {RIVAL}, {SON}" in page
    for address in (RIVAL, SON):
        assert f'name="copies" value="{address}">' in page  # offered, not ticked
    assert page.count("new since our last message") == 2
    assert post(client, case).status_code == 302
    assert (last(case).to_address, last(case).copies) == (CLAIRE, [])


def test_peers_7_a_new_recipient_is_confirmed_once(case, client, ana):
    client.force_login(ana)
    with nothing_changed():
        page = post(client, case, copies=[SON])
    said = page.content.decode()
    assert page.status_code == 409
    assert f"New since our last message: {SON}." in said
    assert "Je m&#39;en occupe." in said  # nothing typed is lost
    assert f'name="copies" value="{SON}" checked>' in said
    assert f'name="confirmed" value="{SON}">' in said
    assert post(client, case, copies=[SON], confirmed=[SON]).status_code == 302
    assert (last(case).to_address, last(case).copies) == (CLAIRE, [SON])
    page = client.get(f"/desk/cases/{case.reference}?mode=reply").content.decode()
    assert f"to {CLAIRE}, copy to {SON}" in page
    assert page.count("new since our last message") == 1  # the rival still is
    assert post(client, case, copies=[SON]).status_code == 302  # once


def test_confirming_somebody_else_confirms_nobody(case, ana):
    with refused(Refused, match=SON):
        conversation.reply(case, "Bonjour.", by=ana, copies=[SON], confirmed=[RIVAL, CLAIRE])


def test_a_reply_that_never_reached_them_does_not_make_them_known(case, ana):
    conversation.reply(case, "Bonjour.", by=ana, copies=[SON], confirmed=[SON])
    Message.objects.filter(kind="reply").update(state="failed")
    with refused(Refused, match=SON):
        conversation.reply(case, "Bonjour.", by=ana, copies=[SON])


def test_somebody_without_part_in_the_case_cannot_be_put_in_copy(case, ana):
    with refused(Refused, match="no part in this case"):
        conversation.reply(
            case,
            "Bonjour.",
            by=ana,
            copies=["eve@ailleurs.exemple.test"],
            confirmed=["eve@ailleurs.exemple.test"],
        )


def test_ten_thousand_recipients_are_refused_before_anything_is_written(case, ana):
    many = [f"p{number}@courriel.exemple.test" for number in range(10_000)]
    with refused(Refused, match="At most 20"):
        conversation.reply(case, "Bonjour.", by=ana, copies=many, confirmed=many)


def test_a_mail_to_ten_thousand_people_is_filed_and_few_of_them_are_offered(came, client, ana):
    crowd = ", ".join(f"p{number}@courriel.exemple.test" for number in range(10_000))
    found = came(cc=crowd).case
    assign(found, ana, by=ana)
    assert len(found.messages.get(kind="complaint").copies) <= 100
    client.force_login(ana)
    page = client.get(f"/desk/cases/{found.reference}?mode=reply")
    assert page.content.decode().count('name="copies"') == 40


def test_peers_8_the_requester_never_changes_by_mail(case, came, client, ana, mara):
    """Somebody who got a blind copy answers with our own token; even let in, they are no customer of this case."""
    outcome = came(sender=RIVAL, to=reply_address(case), number=2, text="Retirez-nous de la copie.")
    assert outcome.case is None or outcome.message is None
    waiting = Arrival.objects.get(state="quarantined")
    assert waiting.reason == "not_a_participant"
    receive.replay(waiting, by=mara, accept=True)
    case.refresh_from_db()
    assert case.complainant.email == CLAIRE
    client.force_login(ana)
    assert post(client, case).status_code == 302
    assert (last(case).to_address, last(case).copies) == (CLAIRE, [])


def test_of_two_addresses_of_the_customer_the_one_they_wrote_from_is_answered(case, came, ana):
    person = case.complainant
    person.addresses.create(kind="email", value="claire@travail.exemple.test")
    came(sender="claire@travail.exemple.test", to=reply_address(case), number=2)
    case = type(case).objects.get(pk=case.pk)
    message = conversation.reply(case, "Bonjour.", by=ana)
    assert message.to_address == "claire@travail.exemple.test"
    assert message.copies == []


def test_an_address_changed_by_our_people_is_confirmed_before_the_first_mail_to_it(case, ana, send):
    conversation.reply(case, "Bonjour.", by=ana)
    send()
    case.complainant.addresses.filter(kind="email").update(value="autre@courriel.exemple.test")
    case = type(case).objects.get(pk=case.pk)
    with refused(Refused, match="autre@courriel.exemple.test"):
        conversation.reply(case, "Bonjour.", by=ana)
    message = conversation.reply(case, "Bonjour.", by=ana, confirmed=["autre@courriel.exemple.test"])
    assert message.to_address == "autre@courriel.exemple.test"
