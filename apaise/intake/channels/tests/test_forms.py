"""The public form: one case however often it is sent, and nothing typed changes somebody already known."""

import pytest

from apaise.ground.parties.models import Person
from apaise.intake.cases.messages import File
from apaise.intake.cases.models import Case
from apaise.intake.channels.forms import Filled, receive_addition, receive_form
from apaise.intake.channels.models import Arrival, file_store
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


def filled(**more):
    usual = {
        "once": "a-form-number-1",
        "name": "Claire Fontanel",
        "email": "claire@courriel.exemple.test",
        "phone": "01 99 00 12 34",
        "subject": "Fibre",
        "story": " Personne n'est venu. ",
        "wish": " Un rendez-vous. ",
        "language": "fr",
    }
    return Filled(**{**usual, **more})


def test_a_form_opens_a_case_with_story_wish_and_files(desk, noon):
    file = File("photo.png", "image/png", 3, file_store().keep(b"PNG")[0])
    case = receive_form(filled(), desk=desk, files=[file])
    message = case.messages.get()
    assert (case.channel, case.title, case.language, case.written_complaint_at) == (
        "web_form",
        "Fibre",
        "fr",
        noon,
    )
    assert message.text == "Personne n'est venu.\n\nUn rendez-vous."
    assert message.attachments.get().name == "photo.png"
    assert (case.complainant.email, case.complainant.phone) == ("claire@courriel.exemple.test", "0199001234")
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.case, arrival.message) == ("filed", case, message)
    assert b"Personne n'est venu" in arrival.raw_bytes()


def test_the_same_form_twice_is_one_case(desk):
    case = receive_form(filled(), desk=desk)
    with nothing_changed():
        assert receive_form(filled(), desk=desk) == case
    # Gone back and written otherwise: those words are kept too.
    assert receive_form(filled(story="Changed by the back button"), desk=desk) != case
    assert receive_form(filled(once="a-form-number-2"), desk=desk) != case


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_case(desk):
    from tests.at_once import at_once

    found = at_once([lambda: receive_form(filled(), desk=desk).pk] * 4)
    assert len(set(found)) == 1, found
    assert Case.objects.count() == Arrival.objects.count() == Person.objects.count() == 1


def test_without_an_address_there_is_still_a_case_and_an_acknowledgement(desk, work):
    case = receive_form(filled(email=""), desk=desk)
    work()
    assert (case.complainant.email, case.complainant.phone) == ("", "0199001234")
    assert case.messages.get(kind="acknowledgement").state == "shown"


def test_nothing_typed_into_a_form_is_added_to_somebody_already_known(desk):
    known = Person.objects.identify("claire@courriel.exemple.test")
    case = receive_form(filled(name="Somebody Else", phone="06 66 66 66 66"), desk=desk)
    known.refresh_from_db()
    assert case.complainant == known
    assert (known.name, known.phone) == ("", "")


def test_an_addition_goes_into_its_case(desk):
    case = receive_form(filled(), desk=desk)
    message = receive_addition(case, case.complainant, "Et personne ne rappelle.")
    assert (message.kind, message.channel, case.messages.count()) == ("message", "web_form", 2)


def test_a_form_that_fails_leaves_nothing_half_done(desk, monkeypatch):
    from apaise.intake.channels import forms

    def stumble(*args, **more):
        raise RuntimeError

    monkeypatch.setattr(forms, "add_customer_message", stumble)
    with nothing_changed(), pytest.raises(RuntimeError):
        receive_form(filled(), desk=desk)
