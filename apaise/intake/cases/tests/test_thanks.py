"""Thanks move nothing: no state, no clock, no alert, no new case. A person may say that they are more."""

from datetime import date, timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, ending
from apaise.intake.cases.hearing import hear
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case, State
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    return case


def wrote(case, text):
    return add_customer_message(case, case.complainant, channel="email", text=text)


def clocks(case):
    return list(case.deadlines.order_by("pk").values())


def test_thanks_are_filed_and_move_nothing(case, work):
    work()
    told = Alert.objects.filter(kind="customer_wrote").count()
    before = clocks(case), Case.objects.values("state", "customer_wrote_at").get(pk=case.pk)
    with clock.at_moment(clock.now() + timedelta(hours=2)):
        message = wrote(case, "Merci beaucoup pour votre aide, bonne journée")
        work()
    assert message.is_thanks
    assert (clocks(case), Case.objects.values("state", "customer_wrote_at").get(pk=case.pk)) == before
    assert Alert.objects.filter(kind="customer_wrote").count() == told


@pytest.fixture
def asked(case, ana):
    conversation.ask(case, "Acceptez-vous un avoir ?", date(2026, 12, 4), by=ana)
    case.refresh_from_db()
    return case


def test_thanks_do_not_answer_our_question(asked):
    assert wrote(asked, "Merci !").is_thanks
    assert Case.objects.get(pk=asked.pk).state == State.AWAITING_CUSTOMER


def test_agreement_with_thanks_does(asked):
    assert not wrote(asked, "D'accord, merci").is_thanks
    assert Case.objects.get(pk=asked.pk).state == State.QUALIFYING


def test_a_person_says_that_it_was_an_answer(asked, ana):
    message = wrote(asked, "Merci pour votre réponse.")
    assert message.is_thanks
    hear(message, by=ana)
    assert Case.objects.get(pk=asked.pk).state == State.QUALIFYING
    assert hear(message, by=ana) is None


def test_a_file_is_more_than_thanks(case):
    from apaise.intake.cases.messages import File

    message = add_customer_message(
        case,
        case.complainant,
        channel="email",
        text="Merci !",
        files=[File("a.pdf", "application/pdf", 3, "0" * 64)],
    )
    assert not message.is_thanks


def test_late_thanks_open_no_new_case(answered, ana, work):
    from apaise.intake.channels.receive import keep, receive

    case = answered()
    ending.accept(case, by=case.complainant, said="email")
    ending.close(case, reason="accepted", followup="done", summary="Réglé.", by=ana)
    known = Case.objects.count()
    mail = (
        f"From: {case.complainant.email}\r\nTo: {case.desk.address}\r\nSubject: Re: {case.reference}\r\n"
        "Message-ID: <t1@courriel.exemple.test>\r\n\r\nMerci encore pour tout, bonnes fêtes !\r\n"
    )
    with clock.at_moment(clock.now() + timedelta(days=400)):
        receive(keep(mail.replace("bonnes fêtes", "bonne journée").encode()))
        assert Case.objects.count() == known
        receive(
            keep(mail.replace("<t1@", "<t2@").replace("Merci encore", "La panne est revenue. Merci").encode())
        )
        assert Case.objects.count() == known + 1
