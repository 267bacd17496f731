"""Find who is on the line, and what they told us already."""

import pytest

from apaise.ground.parties.models import Organisation, Person, normalise
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.messages import Refused, add_customer_message, add_note
from apaise.intake.cases.people import merge_people
from apaise.intake.channels.by_hand import Who
from apaise.intake.channels.calls import note_call
from apaise.intake.channels.known import find_people, history
from apaise.intake.channels.letters_in import Envelope, file_letter
from tests.nothing_changed import refused

from .by_hand import CLAIRE, LILAS, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(desk):
    """Claire, and Élodie of a company, with a number each."""
    made = {}
    for name, email, phone, company in (
        ("Claire Fontanel", "claire@courriel.exemple.test", "+33 6 12 34 56 78", None),
        ("Élodie Œuvrard", "elodie@societe.exemple.test", "02 98 00 11 22", "Ateliers du Ponant"),
    ):
        person = Person.objects.identify(email, name)
        person.addresses.create(kind="phone", value=normalise("phone", phone))
        if company:
            person.organisation = Organisation.objects.create(name=company)
            person.save()
        made[name.split()[0]] = person
    return made


@pytest.mark.parametrize(
    ("words", "who", "certain"),
    [
        ("06 12 34 56 78", "Claire", True),
        ("0033612345678", "Claire", True),
        ("+33 6.12.34.56.78", "Claire", True),
        ("CLAIRE@courriel.exemple.test", "Claire", True),
        ("claire@cour", "Claire", False),
        ("fontanel", "Claire", False),
        ("fontanel claire", "Claire", False),
        ("élodie", "Élodie", False),
        ("ponant", "Élodie", False),
        ("12345", None, False),
        ("nobody@x.test", None, False),
        ("   ", None, False),
    ],
)
def test_people_are_found_by_what_they_say(people, ana, words, who, certain):
    found = find_people(words, by=ana)
    assert found.people == ([people[who]] if who else [])
    assert found.certain == (people[who] if certain and who else None)


def test_a_reference_finds_its_customer_only_for_who_may_see_the_case(complain, ana, eve):
    case = complain()
    assert find_people(f"dossier {case.reference.lower()}", by=ana).certain == case.complainant
    assert find_people(case.reference, by=eve).people == []


def test_a_number_of_two_people_is_certain_of_nobody(people, ana):
    other = Person.objects.create(name="Paul Fontanel")
    other.addresses.create(kind="phone", value="0612345678")
    found = find_people("0612345678", by=ana)
    assert found.certain is None and {one.name for one in found.people} == {
        "Claire Fontanel",
        "Paul Fontanel",
    }


def test_every_channel_is_in_the_history_and_nothing_one_may_not_see(complain, ana, bo, eve, noon):
    case = complain()
    assign(case, ana, by=ana)
    person = case.complainant
    add_customer_message(case, person, channel="chat", text="Il y a quelqu'un ?")
    add_note(case, "Entre nous.", by=ana)
    who = CLAIRE._replace(person=person, postal=LILAS)
    note_call(told("J'appelle.", who=who, into=case), recap="declined", by=ana)
    file_letter(told("J'écris.", who=who, once="2"), Envelope(noon.date()), by=ana)
    known = history(person, by=bo)
    assert [message.channel for message in known.messages] == ["letter", "phone", "chat", "email"]
    assert len(known.open_cases) == 2
    assert history(person, by=eve) == ([], [])
    case.exclusions.create(user=bo, because="person_complained_about")
    assert [message.channel for message in history(person, by=bo).messages] == ["letter"]


def test_whoever_is_kept_apart_from_a_case_does_not_find_its_complainant(complain, ana, bo, noon):
    case = complain()
    case.exclusions.create(user=bo, because="person_complained_about")
    for words in ("fontanel", CLAIRE.email, "claire@cour", case.reference):
        assert find_people(words, by=ana).people == [case.complainant]
        assert find_people(words, by=bo).people == []
    with refused(Refused, match="cannot be found"):
        note_call(told(who=Who(person=case.complainant)), recap="declined", by=bo)
    with refused(Refused, match="is somebody else's"):
        note_call(told(), recap="declined", by=bo)


def test_merged_people_are_found_as_the_one_kept_with_the_cases_of_all(complain, ana, mara, noon):
    kept, other = complain(email="claire@a.test"), complain(email="claire@b.test", text="Autre chose.")
    merge_people(kept.complainant, other.complainant, by=mara, sure=True)
    person = Person.objects.get(pk=kept.complainant_id)
    for words in ("fontanel", "claire@b.test", other.reference):
        assert find_people(words, by=ana).people == [person]
    assert set(history(person, by=ana).open_cases) == {kept, other}
    who = Who(person=person, email="claire@b.test")
    assert note_call(told(who=who, into=other), recap="declined", by=ana) == other
    assert other.messages.count() == 2
