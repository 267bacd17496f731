"""What is typed beside a known customer: kept with them by those who may, used only while it is valid."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.addresses import add_address, end_address
from apaise.ground.parties.models import Address, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels.by_hand import Who
from apaise.intake.channels.calls import note_call
from apaise.intake.channels.letters_in import Envelope, file_letter
from apaise.intake.channels.mail.threading import is_participant
from tests.nothing_changed import refused

from .by_hand import LILAS, PAUL, told

pytestmark = pytest.mark.django_db


def again(case):
    """Its complainant as another request finds them."""
    return Person.objects.get(pk=case.complainant_id)


def test_whoever_handles_no_case_of_theirs_adds_no_address_but_loses_none(complain, ana, noon):
    case = complain()
    who = Who(person=again(case), email="new@x.test", postal=LILAS)
    filed = note_call(told(who=who), recap="declined", by=ana)
    assert [way.value for way in again(case).ways()] == ["claire@courriel.exemple.test"]
    assert is_participant(case, "new@x.test") is False
    note = filed.notes.get()
    assert "new@x.test" in note.text and "14 rue des Lilas" in note.text


def test_an_address_added_with_a_call_is_in_the_ledger_and_gets_the_recap(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    who = Who(person=again(case), email="New@x.test")
    filed = note_call(told(who=who), recap="email", by=ana)
    assert filed.messages.get(kind="recap").to_address == "new@x.test"
    added = Entry.objects.of(f"person:{case.complainant_id}").get(what="person.address_added")
    assert added.by == ana.actor_code and not filed.notes.exists()


def test_the_address_of_somebody_new_can_be_compared(desk, ana, noon):
    note_call(told(who=PAUL), recap="letter", by=ana)
    assert Address.objects.get(kind="postal").postcode == "29200"
    assert Person.objects.get(name=PAUL.name).name_key


def test_a_recap_goes_to_no_address_that_has_ended(complain, ana, noon):
    case = complain(email="old@x.test")
    assign(case, ana, by=ana)
    end_address(again(case).addresses.get(), by=ana)
    who = Who(person=again(case), email="old@x.test")
    with refused(Refused, match="no longer valid"):
        note_call(told(who=who), recap="email", by=ana)
    add_address(again(case), "email", "now@x.test", by=ana)
    filed = note_call(told(who=who._replace(person=again(case))), recap="email", by=ana)
    assert filed.messages.get(kind="recap").to_address == "now@x.test"


def test_a_typed_address_that_is_none_is_refused_in_a_sentence(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    with refused(Refused, match="6 to 15 digits"):
        note_call(told(who=Who(person=again(case), phone="12")), recap="declined", by=ana)


def test_a_letter_into_a_case_says_that_they_want_letters(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    words = told(who=Who(person=again(case), postal=LILAS), into=case, cause="service.missed_visit")
    file_letter(words, Envelope(noon.date()), by=ana)
    case = Case.objects.get(pk=case.pk)
    assert (case.wants_paper, case.declared_cause) == (True, "service.missed_visit")
    said = Entry.objects.of(case.reference).filter(what="contact.preferred")
    assert [entry.facts["channel"] for entry in said] == ["letter"]
    other = words._replace(once="2", into=case, cause="billing.overcharge")
    file_letter(other, Envelope(noon.date()), by=ana)
    assert Case.objects.get(pk=case.pk).declared_cause == "service.missed_visit"
    assert said.all().count() == 1


def test_a_letter_from_a_known_customer_promises_no_letter_nobody_can_address(complain, ana, noon):
    case = complain()
    words = told(who=Who(person=again(case), postal=LILAS), into=case)
    with refused(Refused, match="Choose another way"):
        file_letter(words, Envelope(noon.date()), by=ana)
