"""The forms of the desk over HTTP: nothing typed is lost, twice is once, and one goes on where one wants to be."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apaise.ground.parties.models import Person
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import Arrival
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
PHONE, LETTER, COUNTER = "/desk/entry/phone", "/desk/entry/letter", "/desk/entry/counter"
CALL = {
    "once": "form-12345", "name": "Claire Fontanel", "email": "claire@courriel.exemple.test", "phone": "06 12 34 56 78",
    "text": "Personne n'est venu.", "language": "fr", "recap": "email", "tried": ["email", "chat"],
    "tried_line": "Trois relances", "take": "on",
}  # fmt: skip


@pytest.fixture
def desk_of_ana(client, ana, desk, noon):
    client.force_login(ana)
    return client


def test_a_call_typed_in_leads_to_its_case_in_the_hands_of_who_took_it(desk_of_ana, ana):
    answer = desk_of_ana.post(PHONE, CALL)
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/cases/{case.reference}?done=entered")
    assert (case.handler, case.state) == (ana, "qualifying")
    page = desk_of_ana.get(answer["Location"]).content.decode()
    assert "Taken by" in page and "e-mail, chat; Trois relances" in page
    assert 'data-draft-done="entry-phone"' in page


def test_without_taking_it_the_case_waits_for_somebody(desk_of_ana):
    desk_of_ana.post(PHONE, {name: value for name, value in CALL.items() if name != "take"})
    assert Case.objects.get().handler is None


def test_a_double_click_is_one_case(desk_of_ana):
    first, second = (desk_of_ana.post(PHONE, CALL) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (Case.objects.count(), Arrival.objects.count(), Person.objects.count()) == (1, 1, 1)


def test_a_refused_form_comes_back_with_everything_typed(desk_of_ana):
    with nothing_changed():
        answer = desk_of_ana.post(PHONE, CALL | {"email": "claire", "cause": "service.missed_visit"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "not complete" in page
    for kept in (
        "Personne n&#39;est venu.",
        "Claire Fontanel",
        'value="claire"',
        "06 12 34 56 78",
        "Trois relances",
    ):
        assert kept in page
    assert 'value="chat" checked' in page and '"service.missed_visit" selected' in page
    assert 'value="form-12345"' in page


def test_looking_somebody_up_and_choosing_them_keeps_what_was_typed(desk_of_ana):
    Person.objects.identify("luc@courriel.exemple.test", "Luc Morel")
    with nothing_changed():
        found = desk_of_ana.post(PHONE, CALL | {"q": "morel", "find": "1"}).content.decode()
    assert "Luc Morel" in found and "Personne n&#39;est venu." in found and 'value="form-12345"' in found
    chosen = desk_of_ana.post(PHONE, CALL | {"choose": str(Person.objects.get().pk)}).content.decode()
    assert (
        f'name="person" value="{Person.objects.get().pk}"' in chosen and "Personne n&#39;est venu." in chosen
    )


def test_a_number_that_is_known_brings_its_owner_and_what_they_told_us(desk_of_ana, complain):
    case = complain(subject="Fibre")
    case.complainant.addresses.create(kind="phone", value="0612345678")
    page = desk_of_ana.post(PHONE, {"q": "06 12 34 56 78", "find": "1", "once": "x" * 10}).content.decode()
    assert "Claire Fontanel" in page and "personne n&#39;est venu le 12 novembre" in page
    assert f'name="into" value="{case.reference}"' in page


def test_a_call_can_be_added_to_a_case_instead_of_opening_one(desk_of_ana, complain):
    case = complain()
    form = CALL | {
        "person": str(case.complainant_id),
        "email": "",
        "into": case.reference,
        "recap": "declined",
    }
    assert desk_of_ana.post(PHONE, form)["Location"] == f"/desk/cases/{case.reference}?done=added"
    assert list(case.messages.filter(direction="in").values_list("channel", flat=True)) == ["email", "phone"]
    assert Case.objects.get().handler is None


def test_a_case_one_may_not_see_cannot_be_added_to(desk_of_ana, complain, ana):
    case = complain()
    case.exclusions.create(user=ana, because="person_complained_about")
    with nothing_changed():
        answer = desk_of_ana.post(PHONE, CALL | {"into": case.reference, "email": ""})
    assert answer.status_code == 409 and "cannot be found" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "changed", "said"),
    [
        (PHONE, {"when": "2026-11-26T10:00"}, "has not come yet"),
        (PHONE, {"when": "yesterday"}, "cannot be read"),
        (PHONE, {"tried_on": "31/12/2026"}, "cannot be read"),
        (LETTER, {"received_on": "2026-11-26"}, "cannot have come on a day"),
        (LETTER, {"received_on": ""}, "Say on which day the letter was received"),
        (LETTER, {"received_on": "2026-11-20", "posted_on": "2026-11-21"}, "before it was posted"),
        (COUNTER, {"place": ""}, "where you received them"),
    ],
)
def test_a_slip_is_answered_with_a_sentence_and_changes_nothing(desk_of_ana, address, changed, said):
    with nothing_changed():
        answer = desk_of_ana.post(address, CALL | {"answer_by": "email", "place": "Nantes"} | changed)
    assert answer.status_code == 409
    assert said in answer.content.decode()


def test_a_scan_is_what_its_bytes_say(desk_of_ana):
    form = CALL | {"received_on": "2026-11-24", "answer_by": "email"}
    with nothing_changed():
        fake = SimpleUploadedFile("lettre.pdf", b"<html>", "application/pdf")
        answer = desk_of_ana.post(LETTER, form | {"files": fake})
    assert answer.status_code == 409 and "neither PDF, JPEG nor PNG" in answer.content.decode()
    real = SimpleUploadedFile("lettre.bin", b"%PDF-1.7 x", "application/octet-stream")
    assert desk_of_ana.post(LETTER, form | {"files": real}).status_code == 302
    file = Case.objects.get().messages.get(direction="in").attachments.get()
    assert (file.name, file.content_type) == ("lettre.bin", "application/pdf")


def test_a_visit_leads_to_its_receipt_in_the_language_of_the_case(desk_of_ana, ana):
    form = CALL | {
        "place": "Guichet de Nantes",
        "received_by": str(ana.pk),
        "recap": "handed",
        "wish": "Un geste",
    }
    answer = desk_of_ana.post(COUNTER, form)
    page = desk_of_ana.get(answer["Location"]).content.decode()
    assert "/receipt?done=entered" in answer["Location"]
    for said in ("Récépissé de votre réclamation", "Guichet de Nantes", "Un geste", "<svg viewBox", "/t/"):
        assert said in page
    assert "Print it and hand it over" in page  # the page around it is in the reader's language
    assert 'class="receipt roll"' in desk_of_ana.get(answer["Location"] + "&paper=80").content.decode()


def test_who_takes_no_complaints_in_does_not_see_the_form(client, staff, noon):
    for role in ("auditor", "quality", "administrator"):
        client.force_login(staff(role))
        assert client.get(PHONE).status_code == 403
        assert client.post(PHONE, CALL).status_code == 403
    assert not Case.objects.exists()


def test_the_address_of_a_page_names_nobody_whose_case_one_is_kept_apart_from(desk_of_ana, ana, complain):
    case = complain()
    address = f"{PHONE}?person={case.complainant_id}"
    assert "claire@courriel.exemple.test" in desk_of_ana.get(address).content.decode()
    case.exclusions.create(user=ana, because="person_complained_about")
    page = desk_of_ana.get(address).content.decode()
    assert "claire@courriel" not in page and "Fontanel" not in page
