"""Transcripts of calls become messages with turns."""

from datetime import UTC, datetime

import pytest

from apaise.ground.parties.models import Person
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive, replay
from apaise.intake.channels.speakers import roles_of, words_of_customer
from apaise.lib.transcript import Said

pytestmark = pytest.mark.django_db
VTT = "WEBVTT\n{notes}\n00:01.000 --> 00:02.000\n<v {agent}>Bonjour\n\n00:02.000 --> 00:03.500\n<v {customer}>Personne n'est venu.\n"


def vtt(notes="", agent="Agent", customer="Mme Fontanel"):
    return VTT.format(notes=notes, agent=agent, customer=customer)


def get(text, *, name="appel.vtt", case=""):
    given = {key: value for key, value in {"name": name, "case": case}.items() if value}
    return receive(keep(text.encode(), channel="phone", form="transcript", given=given))


def test_a_transcript_alone_opens_a_phone_case_with_its_turns_and_its_file(desk, noon):
    notes = "\nNOTE\nat: 2026-11-24T10:00:00+01:00\ncustomer: Claire Fontanel\nemail: c@courriel.exemple.test\nagent: Nadia\n"
    told = get(vtt(notes, agent="Nadia"))
    case = told.case
    assert (told.outcome, case.channel, case.received_at) == (
        "opened",
        "phone",
        datetime(2026, 11, 24, 9, tzinfo=UTC),
    )
    assert (case.complainant.name, case.complainant.email) == ("Claire Fontanel", "c@courriel.exemple.test")
    message = case.messages.get()
    assert message.text == "Nadia: Bonjour\nMme Fontanel: Personne n'est venu."
    assert message.new_text == "Personne n'est venu."
    assert [
        (turn.number, turn.speaker, turn.role, turn.start_ms, turn.end_ms, turn.text)
        for turn in message.turns.all()
    ] == [
        (1, "Nadia", "agent", 1000, 2000, "Bonjour"),
        (2, "Mme Fontanel", "customer", 2000, 3500, "Personne n'est venu."),
    ]
    assert [(file.name, file.content_type) for file in message.attachments.all()] == [
        ("appel.vtt", "text/vtt")
    ]


@pytest.mark.parametrize("how", ["asked", "noted", "named"])
def test_it_goes_into_the_case_that_is_asked_for_noted_or_named(how, complain, noon):
    case = complain()
    told = {
        "asked": lambda: get(vtt(), case=case.reference),
        "noted": lambda: get(vtt(f"\nNOTE case: {case.reference}\n")),
        "named": lambda: get(vtt(), name=f"2026_{case.reference}_appel.vtt"),
    }[how]()
    assert told[:2] == ("threaded", case)
    assert case.messages.get(channel="phone").author_person == case.complainant
    assert Case.objects.count() == Person.objects.count() == 1


def test_the_name_of_the_customer_is_known_from_the_case(complain, noon):
    case = complain(name="Claire Fontanel")
    get(vtt(agent="Dupont"), case=case.reference)
    assert [turn.role for turn in case.messages.get(channel="phone").turns.all()] == ["agent", "customer"]


def test_a_case_that_does_not_exist_waits_and_is_filed_once_it_does(desk, complain, ana, noon):
    assert get(vtt("\nNOTE case: R-2026-00001\n")).reason == "no_such_case"
    case = complain()
    assert replay(Arrival.objects.get(state="quarantined"), by=ana)[:2] == ("threaded", case)


def test_the_same_conversation_in_another_form_is_a_duplicate(desk, noon):
    case = get(vtt()).case
    srt = "1\n00:00:01,000 --> 00:00:02,000\nAgent: Bonjour\n\n2\n00:00:02,000 --> 00:00:03,500\nMme Fontanel: Personne n'est venu.\n"
    assert get(srt, name="appel.srt")[:2] == ("duplicate", case)
    assert case.messages.count() == 1


def test_a_transcript_that_breaks_off_waits_with_its_bytes(desk, mara, noon):
    cut = vtt()[:-40]
    assert get(cut) == ("quarantined", None, "bad_transcript")
    arrival = Arrival.objects.get()
    assert (arrival.raw_bytes().decode(), arrival.owner) == (cut, mara)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("names", "customer", "agents", "roles"),
    [
        (("Agent", "Ann"), "", (), ("agent", "customer")),
        (("Conseillère", "Cliente"), "", (), ("agent", "customer")),
        (("Service client", "Paul"), "", (), ("agent", "customer")),
        (("Ana Handler", "Paul"), "", (), ("agent", "customer")),  # she is of our staff
        (("Nadia", "Paul"), "", ("Nadia",), ("agent", "customer")),
        (("Nadia", "M. Roche"), "Paul Roche", (), ("agent", "customer")),
        (("Nadia", "Paul"), "", (), ("unknown", "unknown")),
        (("Agent", "Ann", "Bob"), "", (), ("agent", "unknown", "unknown")),
        (("Ann", ""), "Ann Lee", (), ("customer", "unknown")),
    ],
)
def test_who_is_who_is_told_by_names_and_left_unknown_otherwise(names, customer, agents, roles, ana):
    turns = [Said(name, "x") for name in names]
    assert tuple(roles_of(turns, customer=customer, agents=agents)) == roles


def test_where_nobody_is_known_as_the_customer_it_is_what_nobody_of_ours_said():
    turns = [Said("A", "un"), Said("B", "deux"), Said("C", "trois")]
    assert words_of_customer(turns, ["agent", "unknown", "unknown"]) == "deux\n\ntrois"
    assert words_of_customer(turns, ["agent", "customer", "unknown"]) == "deux"
