"""The page of a complaint that one of us sent: who forwarded it, and one click to turn it round."""

import pytest

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.channels.receive import keep, receive
from apaise.intake.channels.tests.letters import mail

pytestmark = pytest.mark.django_db
TOLD = (
    "Attention, elle menace de partir.\n\nDe : Claire Fontanel <claire@courriel.exemple.test>\n"
    "Envoyé : lundi 23 novembre 2026 10:12\nÀ : Ana\nObjet : Ma fibre\n\nPersonne n'est venu."
)


@pytest.fixture
def page(client, ana):
    client.force_login(ana)
    return lambda case: client.get(f"/desk/cases/{case.reference}").content.decode()


@pytest.fixture
def forwarded(bo, noon):
    bo.name = "Karim Ouali"
    bo.save()
    return receive(keep(mail(TOLD, subject="TR: Ma fibre", **{"from": bo.email}))).case


def turn(client, case, **form):
    message = case.messages.get(direction="in")
    return client.post(f"/desk/cases/{case.reference}/messages/{message.pk}/complainant", form)


def test_the_page_says_who_forwarded_it_and_for_whom(page, forwarded, ana):
    shown = page(forwarded)
    assert "Forwarded by Karim Ouali" in shown and "Filed on behalf of Claire Fontanel" in shown
    assert "internal note by e-mail, sender not proven, never sent" in shown
    ana.language = "fr"
    ana.save()
    shown = page(forwarded)
    assert "Transféré par Karim Ouali" in shown


def test_one_click_turns_it_round_and_one_turns_it_back(client, page, forwarded):
    assert turn(client, forwarded, whose="colleague")["Location"].endswith("?done=own")
    shown = page(forwarded)
    assert "It is Karim Ouali&#39;s own complaint" in shown
    assert "It was forwarded on behalf of Claire Fontanel" in shown
    assert turn(client, forwarded, whose="customer")["Location"].endswith("?done=on_behalf")
    forwarded.refresh_from_db()
    assert forwarded.complainant.email == "claire@courriel.exemple.test"


def test_after_an_answer_the_page_says_what_to_do_instead(client, page, forwarded, ana):
    assign(forwarded, ana, by=ana)
    conversation.reply(forwarded, "Bonjour, je m'en occupe.", by=ana)
    shown = page(forwarded)
    assert "type in the other complaint as a case of its own" in shown and 'value="colleague"' not in shown
    refused = turn(client, forwarded, whose="colleague")
    assert refused.status_code == 409
    forwarded.refresh_from_db()
    assert forwarded.complainant.email == "claire@courriel.exemple.test"


def test_for_a_colleagues_own_mail_the_customer_can_be_named(client, page, bo):
    case = receive(keep(mail("Cliente en colère.", **{"from": bo.email}))).case
    assert "It was forwarded on behalf of a customer" in page(case)
    refused = turn(client, case, whose="customer", email="claire")
    assert refused.status_code == 409 and "name@example.org" in refused.content.decode()
    turn(client, case, whose="customer", email="claire@courriel.exemple.test", name="Claire Fontanel")
    assert "Filed on behalf of Claire Fontanel" in page(case)


def test_of_a_customers_own_mail_the_page_asks_nothing(page, complain):
    assert "forwarded" not in page(complain()).lower()
