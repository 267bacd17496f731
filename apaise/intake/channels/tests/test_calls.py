"""A phone call: filed once, with what was tried before, and offered in writing."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, tracking
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels.calls import Tried, note_call
from apaise.intake.channels.models import Arrival
from apaise.lib import clock
from tests.nothing_changed import refused

from .by_hand import CLAIRE, LILAS, PAUL, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


def test_a_call_opens_a_case_whose_clocks_start_when_they_called(desk, ana, noon):
    called = noon - timedelta(hours=2)
    case = note_call(told(at=called, cause="service.missed_visit"), recap="email", by=ana)
    assert (case.channel, case.received_at, case.written_complaint_at) == ("phone", called, None)
    assert (case.title, case.declared_cause) == ("Personne n'est venu le 12.", "service.missed_visit")
    assert case.deadlines.get(rule="reply_target").start_at == called
    message = case.messages.get(direction="in")
    assert (message.author_person.name, message.call.taken_by, message.call.recap) == (
        "Claire Fontanel",
        ana,
        "email",
    )
    first = Entry.objects.of(case.reference)[0]
    assert (first.what, first.by, first.at) == ("case.received", ana.actor_code, called)


def test_speaking_with_a_person_is_a_personal_contact(desk, ana, noon):
    case = note_call(told(), recap="declined", by=ana)
    entry = Entry.objects.of(case.reference).get(what="contact.human_done")
    assert (entry.by, entry.facts["channel"]) == (ana.actor_code, "phone")
    assert case.deadlines.get(rule="first_contact").state == "stopped"


def test_the_complaint_exists_in_writing_once_the_recap_has_left(desk, ana, send, noon):
    case = note_call(
        told(), recap="email", by=ana, tried=Tried(["email", "chat"], date(2026, 11, 20), "rien")
    )
    recap = case.messages.get(kind="recap")
    assert (recap.state, recap.to_address, recap.author_user) == (
        "queued",
        "claire@courriel.exemple.test",
        ana,
    )
    assert {"durable_recap.sent", "complaint.written"} & set(words_of(case)) == set()
    with clock.at_moment(noon + timedelta(minutes=1)):
        assert send() == 1
    case = Case.objects.get(pk=case.pk)
    assert case.written_complaint_at == noon + timedelta(minutes=1)
    assert words_of(case).count("durable_recap.sent") == words_of(case).count("complaint.written") == 1
    for said in ("Personne n'est venu le 12. C'est la troisième fois.", "courriel, tchat", "rien"):
        assert said in recap.text
    assert case.reference in recap.text and tracking.link_for(case) in recap.text
    assert "Ana Handler" in recap.text and "12\xa0h" in recap.text
    assert list(verify()) == []


def test_what_was_said_has_no_subject_and_is_quoted_once(desk, ana, work, noon):
    case = note_call(told(), recap="declined", by=ana)
    work()
    assert case.messages.get(kind="acknowledgement").text.count("Personne n'est venu le 12.") == 1


def test_a_recap_that_is_not_wanted_is_recorded_and_nothing_leaves(desk, ana, noon):
    case = note_call(told(), recap="declined", by=ana)
    assert "durable_recap.declined" in words_of(case)
    assert not case.messages.filter(direction="out").exists()


def test_a_caller_who_wants_paper_gets_letters(desk, ana, work, noon):
    case = note_call(told(who=PAUL), recap="letter", by=ana)
    work()
    assert case.wants_paper is True
    letters = list(
        case.messages.filter(direction="out").order_by("pk").values_list("kind", "state", "channel")
    )
    assert letters == [("recap", "to_post", "letter"), ("acknowledgement", "to_post", "letter")]
    assert case.messages.get(kind="recap").to_address == f"Paul Papier\n{LILAS}"


def test_the_same_form_twice_is_one_case(desk, ana, noon):
    first = note_call(told(), recap="email", by=ana)
    again = note_call(told(), recap="email", by=ana)
    assert first == again and Case.objects.count() == 1
    assert Arrival.objects.get().raw_bytes().decode().count("Personne n'est venu le 12.") == 1
    assert first.messages.filter(kind="recap").count() == 1


def test_a_call_is_added_to_the_case_it_is_about(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    person = case.complainant
    late = noon + timedelta(hours=1)
    with clock.at_moment(late):
        told_now = told("Je rappelle.", who=CLAIRE._replace(person=person), into=case)
        filed = note_call(told_now, recap="declined", by=ana)
    assert filed == case and Case.objects.count() == 1
    assert list(case.messages.values_list("channel", "kind")) == [
        ("email", "complaint"),
        ("phone", "message"),
    ]
    case.refresh_from_db()
    assert (case.customer_wrote_at, case.excerpt) == (late, "Je rappelle.")
    assert Person.objects.get(pk=person.pk).phone == "0612345678"


def test_a_recap_with_the_link_of_a_case_goes_to_nobody_else(complain, ana, noon):
    case = complain()
    stranger = Person.objects.identify("luc@courriel.exemple.test", "Luc")
    for who in (CLAIRE._replace(person=stranger, email=""), CLAIRE._replace(email="autre@exemple.test")):
        with refused(Refused, match="somebody else's"):
            note_call(told(who=who, into=case), recap="email", by=ana)


def test_words_from_before_our_question_do_not_answer_it(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    who = CLAIRE._replace(person=case.complainant)
    with clock.at_moment(noon + timedelta(hours=3)):
        note_call(told("Avant.", at=noon - timedelta(hours=1), who=who, into=case), recap="declined", by=ana)
        assert Case.objects.get(pk=case.pk).state == "awaiting_customer"
        note_call(told("Le 4711.", once="form-2", who=who, into=case), recap="declined", by=ana)
    assert Case.objects.get(pk=case.pk).state == "qualifying"


@pytest.mark.parametrize(
    ("changed", "recap", "said"),
    [
        ({"text": "  "}, "email", "Write what they told us"),
        ({"cause": "made.up"}, "email", "Choose the cause from the list"),
        ({"who": CLAIRE._replace(email="claire")}, "email", "not complete"),
        ({"who": CLAIRE._replace(name="", email="", phone="")}, "declined", "Say who it is"),
        ({"who": PAUL}, "email", "needs an address"),
        ({}, "letter", "needs a postal address"),
        ({}, "handed", "Offer a written recap"),
        ({}, "", "Offer a written recap"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(desk, ana, noon, changed, recap, said):
    with refused(Refused, match=said):
        note_call(told(**changed), recap=recap, by=ana)


def test_a_call_of_tomorrow_or_of_another_age_is_refused(desk, ana, noon):
    for at, said in (
        (noon + timedelta(minutes=3), "has not come yet"),
        (noon - timedelta(days=1100), "three years"),
    ):
        with refused(Refused, match=said):
            note_call(told(at=at), recap="email", by=ana)
    with refused(Refused, match="has not come yet"):
        note_call(told(), recap="email", tried=Tried(on=date(2026, 11, 26)), by=ana)


def test_an_address_of_somebody_else_is_not_taken_over(desk, ana, noon):
    Person.objects.identify("claire@courriel.exemple.test", "Claire Fontanel")
    with refused(Refused, match="belongs to Claire Fontanel"):
        note_call(told(who=CLAIRE._replace(name="Somebody Else")), recap="email", by=ana)


def test_only_who_works_on_cases_takes_calls_and_only_into_cases_they_may_work_on(
    complain, ana, eve, staff, noon
):
    for stranger in (staff("auditor", team=True), staff("quality"), eve):
        with refused(Refused):
            note_call(told(), recap="email", by=stranger)
    case = complain()
    case.exclusions.create(user=ana, because="person_complained_about")
    with refused(Refused, match="judge and party"):
        note_call(told(who=CLAIRE._replace(person=case.complainant), into=case), recap="declined", by=ana)
