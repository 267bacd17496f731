"""The public form: what it files, what it keeps after an error, whom it keeps out."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.models import Case
from apaise.intake.channels import limits, suspicion
from apaise.intake.channels.models import file_store

pytestmark = pytest.mark.django_db

FILLED = {
    "once": "form-number-1",
    "name": "Claire Fontanel",
    "email": "claire@courriel.exemple.test",
    "phone": "",
    "subject": "Raccordement",
    "story": "Personne n'est venu le 12 novembre.",
    "wish": "Une date sûre.",
    "website": "",
}


@pytest.fixture(autouse=True)
def _in_its_own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def send(client, **changes):
    return client.post(reverse("complaint"), {**FILLED, "shown": shown_long_ago(FILLED["once"]), **changes})


def shown_long_ago(once):
    with time_machine.travel("2026-11-01"):
        return suspicion.mark_of(once)


def test_a_complaint_is_filed_and_leads_to_its_own_page(client, desk, noon):
    answer = send(client)
    case = Case.objects.get()
    assert answer.status_code == 302 and re.fullmatch(r"/t/[0-9a-f]+-[0-9a-f]{48}\?received=1", answer.url)
    assert (case.title, case.channel, case.complainant.email) == (
        "Raccordement",
        "web_form",
        "claire@courriel.exemple.test",
    )
    assert case.messages.get().text == "Personne n'est venu le 12 novembre.\n\nUne date sûre."
    page = client.get(answer.url).content.decode()
    assert case.reference in page and "claire@courriel.exemple.test" in page
    assert 'data-draft-done="complaint"' in page


def test_a_phone_number_alone_is_enough(client, desk):
    assert send(client, email="", phone="06 12 34 56 78").status_code == 302
    assert Case.objects.get().complainant.phone == "0612345678"


def test_the_form_says_when_the_first_word_and_the_answer_are_due(client, desk, noon):
    page = client.get(reverse("complaint"), {"lang": "en"}).content.decode().replace("\u00a0", " ")
    assert "By Friday 27 November" in page and "By Wednesday 9 December" in page
    assert 'href="tel:0199001234"' in page


def test_errors_stand_at_the_head_and_beside_the_field_and_nothing_typed_is_lost(client, desk):
    answer = send(client, lang="en", story="Rien", email="claire@", wish="Une <b>date</b>")
    page = answer.content.decode()
    assert answer.status_code == 400 and not Case.objects.exists()
    assert 'href="#story"' in page and 'href="#email"' in page
    assert 'id="story-error"' in page and 'id="email-error"' in page
    assert (
        ">Rien</textarea>" in page
        and 'value="claire@"' in page
        and "Une &lt;b&gt;date&lt;/b&gt;</textarea>" in page
    )
    assert 'name="once" value="form-number-1"' in page


def test_without_any_way_to_answer_it_asks_for_one(client, desk):
    answer = send(client, lang="en", email=" ", phone="")
    assert answer.status_code == 400
    assert "Give an e-mail address or a phone number" in answer.content.decode()


def test_the_same_form_twice_is_one_complaint(client, desk):
    assert send(client).url == send(client).url
    assert Case.objects.count() == Message.objects.count() == 1


def test_the_trap_is_neither_seen_nor_reached_nor_read_aloud(client, desk):
    page = client.get(reverse("complaint")).content.decode()
    assert re.search(
        r'<div hidden><label for="website">[^<]+</label><input id="website"[^>]*tabindex="-1"[^>]*></div>',
        page,
    )


def test_files_are_kept_with_the_complaint(client, desk):
    assert send(client, files=[SimpleUploadedFile("../photo.png", b"png", "image/png")]).status_code == 302
    file = Attachment.objects.get()
    assert (file.name, file.size, file_store().read(file.sha256)) == ("photo.png", 3, b"png")


def test_a_file_too_large_is_refused_in_words_and_the_rest_is_kept(client, desk, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "web_form", limits.LIMITS["web_form"]._replace(file=4))
    answer = send(client, lang="en", files=[SimpleUploadedFile("film.mp4", b"12345")])
    page = answer.content.decode()
    assert answer.status_code == 413 and not Case.objects.exists()
    assert "film.mp4" in page and FILLED["wish"] in page
    assert 'class="file"' not in page  # nothing of it was kept


def test_the_language_chosen_is_kept_and_becomes_that_of_the_case(client, desk):
    page = client.get(reverse("complaint"), {"lang": "en"}).content.decode()
    assert '<html lang="en">' in page and '<input type="hidden" name="lang" value="en">' in page
    assert 'href="/data?lang=en"' in page and 'href="/?lang=fr"' in page
    answer = send(client, lang="en")
    assert answer.url.endswith("?received=1&lang=en")
    assert Case.objects.get().language == "en"


def test_nobody_chose_a_language_so_no_address_carries_one(client, desk):
    page = client.get(reverse("complaint"), headers={"accept-language": "fr-FR,fr;q=0.9"}).content.decode()
    assert '<html lang="fr">' in page and 'name="lang"' not in page and 'href="/data"' in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_about_data_names_who_to_write_to(client, desk, language):
    page = client.get(reverse("data"), {"lang": language}).content.decode()
    assert f'<html lang="{language}">' in page and "mailto:dpo@exemple.test" in page


def test_the_page_about_data_stands_before_there_is_a_desk(client, db):
    assert client.get(reverse("data")).status_code == 200


def test_an_error_page_is_whole_and_leads_on(client, desk):
    page = client.get("/nothing-here", headers={"accept-language": "en"})
    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode() and "Tramontel" in page.content.decode()


def test_a_failure_of_ours_is_said_without_asking_the_database(client, desk, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("apaise.doors.portal.complaint.outlook", lambda country: 1 / 0)
    page = client.get(reverse("complaint"), headers={"accept-language": "en"})
    assert page.status_code == 500 and "Something failed on our side" in page.content.decode()
