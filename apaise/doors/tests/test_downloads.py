"""Files are handed out from signed addresses that are good for minutes, to those who may see them, and never run."""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apaise.doors.letter_frame import LETTER_POLICY
from apaise.doors.operate import health
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import tracking
from apaise.intake.cases.message import Attachment
from apaise.intake.cases.messages import File, add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.channels import receive
from apaise.intake.channels.checked import PATIENCE, FileCheck
from apaise.intake.channels.models import file_store
from apaise.lib import clock
from apaise.lib.tests.fake_clamd import as_clamav, daemon, virus
from tests.nothing_changed import nothing_changed

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


@pytest.fixture(autouse=True)
def store_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def case(complain: Any, ana: Any) -> Case:
    return complain()


def file_of(
    case: Case, name: str = "facture.pdf", kind: str = "application/pdf", author: Any = None
) -> Attachment:
    digest, size = file_store().keep(f"{name} {kind}".encode())
    message = add_customer_message(
        case,
        author or case.complainant,
        channel="email",
        text="Voici.",
        files=[File(name, kind, size, digest)],
    )
    return message.attachments.get()


def desk_address(file: Attachment) -> str:
    return reverse("workspace:file", args=[file.message.case.reference, file.pk])


def own_address(file: Attachment) -> str:
    link = tracking.link_for(file.message.case)
    return reverse("tracking-file", args=[link.rpartition("/")[2], file.pk])


def test_the_lasting_address_leads_to_a_signed_one(client: Any, ana: Any, case: Case) -> None:
    client.force_login(ana)
    address = desk_address(file_of(case))
    led = client.get(address)
    assert led.status_code == 302 and re.fullmatch(
        rf"{address}\?until=\d+&key=[0-9a-f]{{48}}", led["Location"]
    )
    answer = client.get(led["Location"])
    assert b"".join(answer.streaming_content) == b"facture.pdf application/pdf"
    assert {
        name: answer[name] for name in ("X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    } == {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        'attachment; filename="facture.pdf"',
    )


def test_a_signed_address_is_good_for_minutes_and_for_one_person(
    client: Any, ana: Any, bo: Any, case: Case
) -> None:
    file = file_of(case)
    client.force_login(ana)
    signed = client.get(desk_address(file))["Location"]
    with clock.at_moment(clock.now() + timedelta(minutes=6)):
        assert client.get(signed).status_code == 302  # led to a fresh one: she may still see it
    for bent in (
        signed[:-1] + ("0" if signed[-1] != "0" else "1"),
        signed.replace("until=1", "until=9"),
        signed + "&sure=1x",
    ):
        answer = client.get(bent)
        assert answer.streaming == bent.endswith("&sure=1x")  # what is not signed changes nothing
    client.force_login(bo)
    assert client.get(signed).status_code == 302  # bo may see it too, by a signed address of his own


@pytest.mark.parametrize("relation", ["another team", "kept apart"])
def test_the_right_to_see_it_is_asked_again_at_the_time(
    client: Any, ana: Any, eve: Any, case: Case, relation: str
) -> None:
    file = file_of(case)
    client.force_login(ana)
    signed = client.get(desk_address(file))["Location"]
    if relation == "kept apart":
        case.exclusions.create(user=ana)
    else:
        client.force_login(eve)
    for address in (signed, desk_address(file)):
        assert client.get(address).status_code == 404


def test_the_address_of_one_file_opens_no_other(client: Any, ana: Any, case: Case) -> None:
    first, second = file_of(case, "un.pdf"), file_of(case, "deux.pdf")
    client.force_login(ana)
    key = client.get(desk_address(first))["Location"].partition("?")[2]
    assert not client.get(f"{desk_address(second)}?{key}").streaming


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("photo.jpg", "application/vnd.microsoft.portable-executable", "It is a program"),
        ("facture.pdf.js", "text/plain", "It is a script"),
        ("lettre.html", "text/html", "It is a web page"),
        ("logo.svg", "image/svg+xml", "It is a web page"),
        ("devis.docm", "application/vnd.ms-office.macroenabled", "It holds macros"),
    ],
)
def test_what_may_do_harm_is_saved_after_a_warning_only(
    client: Any, ana: Any, case: Case, name: str, kind: str, said: str
) -> None:
    file = file_of(case, name, kind)
    client.force_login(ana)
    page = client.get(desk_address(file))
    words = page.content.decode()
    assert page.status_code == 200 and said in words and name in words
    [way_on] = re.findall(r'href="([^"]+\?until=[^"]+)"', words)
    saved = client.get(way_on.replace("&amp;", "&"))
    assert (saved["Content-Type"], saved["Content-Disposition"].partition(";")[0]) == (
        "application/octet-stream",
        "attachment",
    )
    listed = client.get(reverse("workspace:case", args=[case.reference])).content.decode()
    assert 'class="file-mark"' in listed


def test_the_key_of_a_harmless_file_is_no_consent_for_another(client: Any, ana: Any, case: Case) -> None:
    file = file_of(case)
    client.force_login(ana)
    signed = client.get(desk_address(file))["Location"]
    Attachment.objects.filter(pk=file.pk).update(content_type="text/html")
    assert not client.get(signed).streaming


def test_a_customer_gets_no_harmful_file_of_another(client: Any, case: Case) -> None:

    mine = file_of(case, "page.html", "text/html")
    other = file_of(
        case, "autre.html", "text/html", author=Person.objects.identify("paul@x.exemple.test", "Paul")
    )
    assert client.get(own_address(mine), follow=True).streaming
    assert client.get(own_address(other)).status_code == 404
    page = client.get(own_address(mine).rpartition("/files/")[0]).content.decode()
    assert f"/files/{mine.pk}" in page and f"/files/{other.pk}" not in page and "autre.html" in page


@pytest.mark.parametrize(
    "name", ["a\r\nSet-Cookie: x=1.png", 'x"; filename="evil.png', "été 12 €.png", "\u202egnp.png"]
)
def test_a_name_ends_no_header(client: Any, ana: Any, case: Case, name: str) -> None:
    file = file_of(case)
    Attachment.objects.filter(pk=file.pk).update(name=name, content_type="image/png")
    client.force_login(ana)
    answer = client.get(desk_address(file), follow=True)
    said = answer["Content-Disposition"]
    assert (
        said.startswith("attachment; filename")
        and "\r" not in said
        and "\n" not in said
        and "\u202e" not in said
    )
    assert "Set-Cookie" not in answer.headers
    if "é" in name:
        assert "filename*=utf-8''" in said


def test_a_file_waits_for_the_scanner_and_an_infected_one_stays_closed(
    client: Any, ana: Any, case: Case, settings: Any
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    file = file_of(case)
    own_address(file)  # makes the link
    client.force_login(ana)

    def asked() -> tuple[int, int]:
        with nothing_changed():
            return client.get(desk_address(file)).status_code, client.get(own_address(file)).status_code

    assert asked() == (409, 409)
    check = FileCheck.objects.create(sha256=file.sha256, state="clean")
    assert asked() == (302, 302)
    FileCheck.objects.filter(pk=check.pk).update(state="unchecked", why="away")
    assert asked() == (409, 409)  # it may come back in a moment
    FileCheck.objects.filter(pk=check.pk).update(first_at=clock.now() - PATIENCE)
    assert asked() == (200, 409)  # staff are warned, others wait
    settings.UNCHECKED_FILES = "never"
    assert asked() == (409, 409)
    FileCheck.objects.filter(pk=check.pk).update(state="infected", why="", found="Eicar-Signature")
    settings.CLAMD_URL = ""
    assert asked() == (409, 409)


def mail(case_of: Any, html: str) -> Any:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "claire@courriel.exemple.test",
        case_of.address,
        "Colis abîmé",
    )
    letter.set_content("Le colis est ouvert.")
    letter.add_alternative(html, subtype="html")
    letter.get_payload()[1].add_related(PNG, maintype="image", subtype="png", cid="<photo@x>")  # type: ignore[union-attr, index]
    return receive.receive(receive.keep(letter.as_bytes())).case.messages.get(direction="in")


def test_a_mail_is_shown_as_it_was_written_in_a_frame_that_runs_nothing(
    client: Any, ana: Any, desk: Any
) -> None:
    message = mail(
        desk,
        '<p onclick="boom()">Le <b>colis</b></p><script>boom()</script><img src="cid:photo@x" alt="le colis">'
        '<img src="https://pisteur.exemple.test/x.gif"><iframe src="//x"></iframe><form action="/desk"><input></form>',
    )
    client.force_login(ana)
    address = reverse("workspace:as-written", args=[message.case.reference, message.pk])
    page = client.get(address).content.decode()
    assert re.search(r'<iframe class="mail-frame" sandbox src="[^"]+/as-written/page"', page)
    assert "boom" not in page and "Le colis est ouvert." in page
    frame = client.get(f"{address}/page")
    body = frame.content.decode()
    assert frame["Content-Security-Policy"] == LETTER_POLICY and "sandbox" in LETTER_POLICY
    assert "script" not in LETTER_POLICY and "same-origin" not in LETTER_POLICY
    assert "<b>colis</b>" in body and 'src="data:image/png;base64,' in body
    assert not re.search(r"boom|pisteur|<script|<iframe|<form|onclick|cid:", body)
    listed = client.get(reverse("workspace:case", args=[message.case.reference])).content.decode()
    assert address in listed


def test_a_picture_that_is_none_or_was_not_checked_is_not_drawn(
    client: Any, ana: Any, desk: Any, settings: Any
) -> None:
    message = mail(desk, '<p>Voir</p><img src="cid:photo@x" alt="le colis"><img src="cid:absent" alt="rien">')
    client.force_login(ana)
    address = reverse("workspace:as-written-page", args=[message.case.reference, message.pk])
    assert client.get(address).content.decode().count("data:image") == 1
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    assert client.get(address).content.decode().count("data:image") == 0


@pytest.mark.parametrize(
    ("way", "name", "content", "said"),
    [
        ("tracking", "outil.exe", b"MZ\x90\0\x03\0\0\0", "pourrait être nuisible"),
        ("tracking", "photo.jpg", b"MZ\x90\0\x03\0\0\0", "pourrait être nuisible"),
        ("tracking", "x.txt", b"#!/bin/sh\n", "pourrait être nuisible"),
        ("reply", "page.html", b"<html>", "could do harm"),
        ("reply", "virus.txt", virus(), "virus scanner found something"),
    ],
)
def test_a_page_refuses_what_is_not_wanted_there_and_keeps_the_words(
    client: Any, ana: Any, case: Case, settings: Any, way: str, name: str, content: bytes, said: str
) -> None:
    link = tracking.link_for(case).rpartition("/")[2]
    form = {"text": "Voici mes mots.", "files": SimpleUploadedFile(name, content, "image/jpeg")}
    with daemon(as_clamav) as url:
        settings.CLAMD_URL = url
        if way == "reply":
            client.force_login(ana)
            assign(case, ana, by=ana)
            answer = client.post(reverse("workspace:replies", args=[case.reference]), form)
        else:
            answer = client.post(reverse("tracking-messages", args=[link]), form)
    page = answer.content.decode()
    assert answer.status_code in (400, 409) and said in page and "Voici mes mots." in page
    assert not Attachment.objects.exists()


def test_the_doctor_says_whether_the_scanner_answers(db: None, settings: Any) -> None:
    assert next(iter(health.files()))[0] == "ok"
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    FileCheck.objects.create(sha256="0" * 64, state="unchecked", why="away")
    FileCheck.objects.create(sha256="1" * 64, state="infected", found="Eicar-Signature")
    said = list(health.files())
    assert [level for level, _words in said] == ["bad", "warning", "warning"]
    assert "Check CLAMD_URL" in said[0][1] and "Eicar" not in str(said)
    with daemon(as_clamav) as url:
        settings.CLAMD_URL = url
        assert next(iter(health.files())) == ("ok", "The virus scanner answers.")
