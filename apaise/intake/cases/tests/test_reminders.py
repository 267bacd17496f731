"""Reminders of a question that stays unanswered."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, reminders
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, add_customer_message, lapse_unanswered
from apaise.intake.cases.models import Case
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db

ASKED, UNTIL = date(2026, 11, 25), date(2026, 12, 5)
FIRST, SECOND = date(2026, 11, 30), date(2026, 12, 4)


@pytest.fixture
def asked(complain, ana, send, noon):
    """A case of Ana's with a question that has left, to be answered by 5 December."""

    def make(until=UNTIL, sent=True, **words):
        case = complain(**words)
        assign(case, ana, by=ana)
        conversation.ask(case, "Quel est le numéro de votre box ?", until, by=ana)
        if sent:
            send()
        return Case.objects.get(pk=case.pk)

    return make


def reminders_of(case):
    return list(case.messages.filter(kind="reminder").order_by("pk"))


def on(day, noon):
    return clock.at_moment(noon + (day - ASKED))


def test_a_question_is_reminded_half_way_and_on_the_last_day_but_one(asked, noon):
    case = asked()
    assert case.remind_on == FIRST
    assert reminders.remind_unanswered(FIRST - timedelta(days=1)) == 0
    assert (reminders.remind_unanswered(FIRST), reminders.remind_unanswered(FIRST)) == (1, 0)
    case.refresh_from_db()
    assert (case.remind_on, case.reminded) == (SECOND, 1)
    assert (reminders.remind_unanswered(SECOND), reminders.remind_unanswered(UNTIL)) == (1, 0)
    case.refresh_from_db()
    assert (case.remind_on, case.reminded, len(reminders_of(case))) == (None, 2, 2)


def test_a_reminder_leaves_by_the_gate_in_the_customers_language_and_repeats_the_question(asked, noon):
    case = asked()
    with on(FIRST, noon), translation.override("en"):
        reminders.remind_unanswered(FIRST)
    (mail,) = reminders_of(case)
    assert (mail.state, mail.author_user, mail.to_address) == ("queued", None, "claire@courriel.exemple.test")
    assert mail.subject.startswith(case.reference)
    assert "« Quel est le numéro de votre box ? »" in mail.text.replace("\u202f", " ").replace("\xa0", " ")
    assert "samedi 5\xa0décembre 2026" in mail.text
    assert "%" not in mail.text


def test_an_english_customer_is_reminded_in_english(asked, noon):
    case = asked(language="en")
    with on(FIRST, noon), translation.override("fr"):
        reminders.remind_unanswered(FIRST)
    assert "Your answer helps us most until Saturday 5\xa0December 2026" in reminders_of(case)[0].text


def test_an_answer_stops_the_reminders(asked, noon):
    case = asked()
    with on(date(2026, 11, 27), noon):
        add_customer_message(case, case.complainant, channel="email", text="C'est le 4711.")
    case.refresh_from_db()
    assert case.remind_on is None
    with nothing_changed():
        assert reminders.remind_unanswered(FIRST) == 0


def test_the_handler_stops_them_by_hand_and_the_case_still_waits(asked, ana, eve, noon):
    case = asked()
    with refused(Refused):
        reminders.stop(case, by=eve)
    assert reminders.stop(case, by=ana) is True
    with nothing_changed():
        assert reminders.stop(case, by=ana) is False
        assert reminders.remind_unanswered(FIRST) == 0
    case.refresh_from_db()
    assert (case.state, case.answer_by) == ("awaiting_customer", UNTIL)
    assert Entry.objects.of(case.reference).filter(what="info.reminders_stopped", by=ana.actor_code).exists()


def test_the_handler_is_told_of_each_reminder_and_when_the_case_goes_on_without_an_answer(
    asked, ana, work, noon
):
    case = asked()
    for day in (FIRST, SECOND):
        with on(day, noon):
            reminders.remind_unanswered(day)
            work()
    with on(date(2026, 12, 6), noon):
        lapse_unanswered(date(2026, 12, 6))
        work()
    told = Alert.objects.filter(user=ana, chain=case.reference).values_list("kind", flat=True)
    assert sorted(kind for kind in told if kind != "customer_wrote") == [
        "customer_reminded",
        "customer_reminded",
        "question_lapsed",
    ]
    case.refresh_from_db()
    assert (case.remind_on, case.is_open) == (None, True)


def test_a_question_that_has_not_left_is_not_reminded_of(asked, send, noon):
    case = asked(sent=False)
    with nothing_changed():
        assert reminders.remind_unanswered(FIRST) == 0
    send()
    assert reminders.remind_unanswered(FIRST) == 1
    assert len(reminders_of(case)) == 1


@pytest.mark.parametrize(
    ("until", "first"),
    [
        (date(2026, 11, 26), None),
        (date(2026, 11, 28), None),
        (date(2026, 11, 29), date(2026, 11, 27)),
        (date(2026, 12, 25), date(2026, 12, 10)),
    ],
)
def test_nobody_is_chased_the_day_after(asked, until, first):
    assert asked(until=until).remind_on == first


def test_a_second_question_counts_anew(asked, ana, send, noon):
    case = asked()
    reminders.remind_unanswered(FIRST)
    with on(date(2026, 12, 1), noon):
        add_customer_message(case, case.complainant, channel="email", text="C'est le 4711.")
        case.refresh_from_db()
        conversation.ask(case, "Et de votre contrat ?", date(2026, 12, 11), by=ana)
        send()
    case.refresh_from_db()
    assert (case.reminded, case.remind_on) == (0, date(2026, 12, 6))
    with on(date(2026, 12, 6), noon):
        assert reminders.remind_unanswered(date(2026, 12, 6)) == 1
    assert "contrat" in reminders_of(case)[-1].text


def test_a_reminder_is_no_contact_of_a_person(asked, send, noon):
    case = asked()
    reminders.remind_unanswered(FIRST)
    before = Entry.objects.of(case.reference).filter(what="contact.human_done").count()
    wrote = Case.objects.values_list("we_wrote_at", flat=True).get(pk=case.pk)
    send()
    assert Message.objects.get(kind="reminder").state == "sent"
    assert Entry.objects.of(case.reference).filter(what="contact.human_done").count() == before
    assert Case.objects.values_list("we_wrote_at", flat=True).get(pk=case.pk) == wrote
