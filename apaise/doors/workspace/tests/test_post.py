"""The letters to post, over HTTP."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apaise.intake.channels.by_hand import Told, Who
from apaise.intake.channels.visits import note_visit
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(desk, ana, client, noon):
    client.force_login(ana)
    who = Who(name="Paul Papier", postal="14 rue des Lilas\n29200 Brest")
    told = Told("a-visit", who, "Rien ne marche.", "fr", clock.now())
    case = note_visit(told, place="Nantes", received_by=ana, recap="letter", by=ana)
    return case.messages.get(kind="recap")


def address(letter, rest):
    return f"/desk/cases/{letter.case.reference}/messages/{letter.pk}/{rest}"


def test_a_letter_stands_on_the_list_with_its_pdf_until_it_is_noted_as_posted(client, letter):
    assert "Paul Papier" in client.get("/desk/post").content.decode()
    pdf = client.get(address(letter, "letter"))
    assert (pdf["Content-Type"], pdf["Content-Disposition"]) == (
        "application/pdf",
        f'inline; filename="{letter.case.reference}-{letter.pk}.pdf"',
    )
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    proof = SimpleUploadedFile("depot.png", b"\x89PNG\r\n\x1a\n0", "image/png")
    form = {"posted_on": "2026-11-25", "registered_number": "1A 234 567 8901 2", "proof": proof}
    answer = client.post(address(letter, "posting"), form)
    assert answer["Location"] == "/desk/post?done=posted"
    assert "Every letter has left" in client.get("/desk/post").content.decode()
    assert client.get(address(letter, "posting/proof"), follow=True)["Content-Type"] == "image/png"
    case_page = client.get(f"/desk/cases/{letter.case.reference}").content.decode()
    assert "1A 234 567 8901 2" in case_page and "proof of posting" in case_page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"posted_on": "2026-11-26"}, "has not come yet"),
        ({"posted_on": ""}, "Say on which day"),
        ({"posted_on": "demain"}, "cannot be read"),
        ({"posted_on": "2026-11-25", "registered_number": "12"}, "8 to 40 letters"),
    ],
)
def test_a_slip_is_answered_beside_its_letter_with_what_was_typed(client, letter, form, said):
    with nothing_changed():
        answer = client.post(address(letter, "posting"), form)
    page = answer.content.decode()
    assert answer.status_code == 409 and said in page
    assert f'value="{form.get("registered_number", "")}"' in page


def test_a_proof_that_is_no_scan_is_refused(client, letter):
    with nothing_changed():
        proof = SimpleUploadedFile("depot.pdf", b"MZ", "application/pdf")
        answer = client.post(address(letter, "posting"), {"posted_on": "2026-11-25", "proof": proof})
    assert answer.status_code == 409 and "neither PDF, JPEG nor PNG" in answer.content.decode()


def test_there_is_no_proof_before_it_was_posted_and_no_letter_of_a_mail(client, letter, complain):
    assert client.get(address(letter, "posting/proof")).status_code == 404
    complaint = letter.case.messages.get(direction="in")
    assert client.get(address(complaint, "letter")).status_code == 404
