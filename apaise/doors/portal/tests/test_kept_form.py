"""The form kept for later, its files, the machines it holds back, and how many give it up."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from apaise.doors import uploads
from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import tracking
from apaise.intake.cases.merging import merge
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.channels import drafts, form_steps, limits, receive, suspicion
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.public_form import FormDraft, FormVisit
from apaise.lib import clock

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200
TYPED = {
    "once": "form-number-2",
    "name": "Claire Fontanel",
    "email": "claire@courriel.exemple.test",
    "phone": "",
    "subject": "",
    "story": "Personne n'est venu.",
    "wish": "",
    "website": "",
}


@pytest.fixture(autouse=True)
def _in_its_own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def shown(once="form-number-2"):
    with time_machine.travel("2026-11-01"):
        return suspicion.mark_of(once)


def post(client, address="", **changes):
    return client.post(address or reverse("complaint"), {**TYPED, "shown": shown(), **changes})


def stored(tmp_path):
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_a_half_filled_form_is_resumed_by_its_link_with_its_files_and_filed_once(client, desk, noon):
    kept = post(client, keep="1", email="", files=[SimpleUploadedFile("photo.png", PNG)])
    assert kept.status_code == 302 and re.fullmatch(r"/b/[0-9a-f]+-[0-9a-f]{48}\?kept=1", kept.url)
    assert not Case.objects.exists()
    page = client.get(kept.url).content.decode()
    assert ">Personne n&#39;est venu.</textarea>" in page and "photo.png" in page
    assert "9 décembre" in page.replace("\u00a0", " ")  # fourteen days from now
    link = kept.url.partition("?")[0]
    sent = post(client, link)
    case = Case.objects.get()
    assert sent.status_code == 302 and sent.url.startswith("/t/")
    assert [file.name for file in case.messages.get().attachments.all()] == ["photo.png"]
    draft = FormDraft.objects.get()
    assert (draft.case, draft.typed, draft.files) == (case, {}, [])
    again = client.get(link)
    assert again.status_code == 302 and again.url.startswith("/t/")
    assert post(client, link).url.startswith("/t/") and Case.objects.count() == 1


def test_a_link_that_is_forged_or_whose_days_are_over_opens_nothing(client, desk, noon):
    link = post(client, keep="1").url.partition("?")[0]
    assert client.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    with clock.at_moment(noon + drafts.KEPT_FOR + timedelta(hours=1)):
        assert client.get(link).status_code == 404
        assert drafts.forget_old_drafts() == 1
    assert not FormDraft.objects.exists()


def test_a_file_may_be_taken_out_again(client, desk):
    kept = post(
        client, keep="1", files=[SimpleUploadedFile("a.png", PNG), SimpleUploadedFile("b.pdf", b"%PDF-1")]
    )
    [first, second] = FormDraft.objects.get().files
    link = kept.url.partition("?")[0]
    post(client, link, remove=first["sha256"])
    assert [file["name"] for file in FormDraft.objects.get().files] == [second["name"]]


def test_after_an_error_the_files_are_there_and_need_not_be_chosen_again(client, desk):
    refused = post(client, email="claire@", files=[SimpleUploadedFile("photo.png", PNG)])
    page = refused.content.decode()
    assert refused.status_code == 400 and "photo.png" in page
    [link] = set(re.findall(r'action="(/b/[^"]+)"', page))
    post(client, link)
    assert Case.objects.get().messages.get().attachments.get().name == "photo.png"


def test_what_a_file_is_comes_from_its_bytes(client, desk):
    post(
        client,
        files=[
            SimpleUploadedFile("facture.txt", b"%PDF-1.7 ...", "text/plain"),
            SimpleUploadedFile("x.png", b"MZ..", "image/png"),
        ],
    )
    kinds = dict(Case.objects.get().messages.get().attachments.values_list("name", "content_type"))
    assert kinds == {
        "facture.txt": "application/pdf",
        "x.png": "text/plain",
    }  # the second is no picture, whatever is claimed


def test_all_files_of_a_complaint_together_have_a_limit(client, desk, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "web_form", limits.LIMITS["web_form"]._replace(together=500))
    kept = post(client, keep="1", files=[SimpleUploadedFile("a.png", PNG)])
    link = kept.url.partition("?")[0]
    refused = post(
        client, link, lang="en", files=[SimpleUploadedFile("b.png", PNG), SimpleUploadedFile("c.png", PNG)]
    )
    assert refused.status_code == 413
    assert "All files of a complaint together" in refused.content.decode()
    assert [file["name"] for file in FormDraft.objects.get().files] == ["a.png"]
    assert not Case.objects.exists()


def test_an_upload_cut_off_in_the_middle_leaves_nothing_behind(tmp_path):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
        + PNG
    )
    request = RequestFactory().post(
        "/", body + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x"
    )
    assert len(request.FILES) == 1
    request.close()
    assert stored(tmp_path) == []  # nobody asked to keep it
    cut = RequestFactory().generic("POST", "/", body[:120], content_type="multipart/form-data; boundary=x")
    assert not cut.FILES.getlist("files") or cut.FILES["files"].size < len(PNG)
    cut.close()
    assert stored(tmp_path) == []


def test_a_file_too_large_is_read_past_and_never_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "largest_page_file", lambda: 100)
    file = SimpleUploadedFile("film.mp4", b"1" * 200_000)
    request = RequestFactory().post("/", {"files": [file], "story": "Mes mots"})
    assert request.POST["story"] == "Mes mots"
    [upload] = request.FILES.getlist("files")
    assert upload.size == 200_000
    with pytest.raises(uploads.TooLarge):
        upload.keep()
    request.close()
    assert stored(tmp_path) == []


def test_two_signs_of_a_machine_let_a_person_look_first_and_one_is_none(client, desk, ana, work):
    quick = suspicion.mark_of("form-number-2")
    long_story = "Achetez maintenant " * 20
    held = post(client, shown=quick, website="x", story=long_story, lang="en")
    assert held.status_code == 200 and "We have received what you wrote" in held.content.decode()
    assert not Case.objects.exists()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason) == ("quarantined", "form_suspect")
    assert arrival.given["signs"] == ["honeypot", "too_quick"]
    assert not Entry.objects.filter(what="case.received").exists()
    post(client, shown=quick, website="x", story=long_story, lang="en")
    assert Arrival.objects.count() == 1  # sent twice is one
    assert receive.replay(arrival, by=ana).outcome == "opened"
    case = Case.objects.get()
    assert case.received_at == arrival.received_at and case.messages.get().text == long_story.strip()
    for sign in ({"website": "x"}, {"story": "Voir http://a http://b http://c"}, {"shown": ""}):
        Case.objects.filter(pk__gt=case.pk).delete()
        once = f"one-sign-{len(str(sign))}"
        post(client, **{"once": once, "shown": shown(once), **sign})
        assert Case.objects.filter(pk__gt=case.pk).count() == 1, sign


def test_too_many_forms_from_one_connection_wait_and_lose_no_word(client, desk, monkeypatch):
    monkeypatch.setitem(suspicion.LIMITS, "form", suspicion.Limit(1, timedelta(hours=1)))
    assert post(client).status_code == 302
    refused = post(client, once="form-number-3", shown=shown("form-number-3"), lang="en")
    page = refused.content.decode()
    assert refused.status_code == 400 and Case.objects.count() == 1
    assert "Many forms came from your connection" in page and ">Personne n&#39;est venu.</textarea>" in page


def test_looking_counts_nothing_and_each_filling_counts_once(client, desk, noon):
    client.get(reverse("complaint"))
    assert not FormVisit.objects.exists()
    for came in ("1", "3", "2"):
        client.post(reverse("form-step"), {"once": "form-number-2", "step": came})
    client.post(reverse("form-step"), {"once": "form-number-2", "step": "4"})  # only sending counts as sent
    client.post(reverse("form-step"), {"once": "x", "step": "1"})
    [visit] = FormVisit.objects.all()
    assert (visit.step, visit.form) == (3, form_steps.digest_of("form-number-2"))
    post(client)
    visit.refresh_from_db()
    assert visit.step == FormVisit.Step.SENT


def test_the_rate_leaves_out_what_may_still_be_sent(client, desk, noon):
    today = date(2026, 11, 25)
    for number, step in enumerate((1, 1, 2, 3, 4, 4, 4, 4)):
        form_steps.reached(f"form-of-yesterday-{number}", step)
    form_steps.reached("form-kept-for-later", 2, saved=True)
    with clock.at_moment(noon + timedelta(hours=25)):
        form_steps.reached("form-of-today", 1)
        found = form_steps.abandonment(today, today + timedelta(days=1))
    assert (found.begun, found.sent, found.given_up, found.still_open) == (10, 4, 4, 2)
    assert found.at_step == {1: 2, 2: 1, 3: 1}
    assert found.rate == 0.5
    assert form_steps.abandonment(today - timedelta(days=9), today - timedelta(days=8)).rate is None


def test_files_are_kept_whole(client, desk):
    post(client, files=[SimpleUploadedFile("a.png", PNG * 5000)])
    attachment = Case.objects.get().messages.get().attachments.get()
    assert file_store().read(attachment.sha256) == PNG * 5000


@pytest.mark.parametrize("address", ["/nowhere", "/healthz", "/sign-in", "/desk/cases", "/"])
def test_a_file_sent_where_none_is_asked_for_is_gone_with_its_request(client, desk, tmp_path, address):
    client.post(address, {"files": [SimpleUploadedFile("a.png", PNG)]})
    assert [path for path in stored(tmp_path) if path.name.startswith("draft-")] == []
    assert not (tmp_path / "files").exists() or len(stored(tmp_path)) <= (address == "/")


def test_a_request_larger_than_any_form_is_refused_before_it_is_read(client, desk, tmp_path):
    refused = client.generic("POST", "/", b"x", CONTENT_LENGTH=str(uploads.LARGEST_REQUEST + 1))
    assert refused.status_code == 413
    assert stored(tmp_path) == []


def test_a_link_that_was_taken_back_is_not_given_again_by_the_draft(client, desk):
    link = post(client, keep="1").url.partition("?")[0]
    post(client, link)
    tracking.revoke(Case.objects.get())
    assert client.get(link).status_code == 404


def test_the_number_of_another_form_leads_nobody_to_a_strangers_case(client, desk):
    post(client)
    post(client, email="bob@courriel.exemple.test", story="Mes propres mots à moi.")
    assert Case.objects.count() == 2
    assert sorted(Case.objects.values_list("complainant__addresses__value", flat=True)) == [
        "bob@courriel.exemple.test",
        "claire@courriel.exemple.test",
    ]


def test_a_form_in_anothers_name_never_opens_their_case_however_the_two_are_merged(
    client, desk, complain, ana, work
):
    real = complain(email="claire@courriel.exemple.test")
    work()
    assign(real, ana, by=ana)
    add_customer_message(real, real.complainant, channel="email", text="Mon secret médical", subject="x")
    link = post(client, story="Je me plains moi aussi, en son nom.").url.partition("?")[0]
    forged = Case.objects.exclude(pk=real.pk).get()
    work()
    assert client.get(link).status_code == 200
    merge(real, forged, reason="sent_twice", by=ana)
    assert client.get(link).status_code == 404
    ours = tracking.link_for(forged).removeprefix("http://testserver")
    assert "Mon secret médical" in client.get(ours).content.decode()  # the one our mails carry
