"""The rows of the way in that people type: calls, letters, visits; and one timeline for every channel."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from apaise.handling.routing.assignment import assign
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.channels import receive
from apaise.intake.channels.by_hand import Told, Who
from apaise.intake.channels.calls import Tried, note_call
from apaise.intake.channels.forms import Filled, receive_form
from apaise.intake.channels.letters_in import Envelope, file_letter
from apaise.intake.channels.tests.letters import mail
from apaise.intake.channels.visits import note_visit
from apaise.lib import clock

pytestmark = pytest.mark.django_db
LILAS = "14 rue des Lilas\n29200 Brest"


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def told(once: str, text: str, who: Who, into: Case | None = None) -> Told:
    return Told(once, who, text, "fr", clock.now(), into=into)


def test_s0_39_mail_chat_call_and_letter_of_one_customer_show_in_one_timeline(desk, ana, client, noon):
    case = receive.receive(receive.keep(mail("Le colis est ouvert.", subject="Colis"), desk=desk)).case
    assign(case, ana, by=ana)
    who = Who(case.complainant, postal=LILAS)
    add_customer_message(case, case.complainant, channel="chat", text="Il y a quelqu'un ?")
    note_call(told("1", "Je vous appelle.", who, case), recap="declined", by=ana)
    file_letter(told("2", "Je vous écris.", who, case), Envelope(noon.date()), by=ana)
    assert Case.objects.count() == 1
    client.force_login(ana)
    page = client.get(f"/desk/cases/{case.reference}").content.decode()
    said = ["Le colis est ouvert.", "Il y a quelqu&#39;un ?", "Je vous appelle.", "Je vous écris."]
    places = [page.index(words) for words in said]
    assert places == sorted(places)


def test_s2_7_one_case_per_channel_has_the_fields_of_its_channel(desk, ana, noon):
    receive.receive(receive.keep(mail("Le colis est ouvert.", subject="Colis"), desk=desk))
    receive_form(Filled("f", "Luc", "luc@exemple.test", "", "Panne", "Rien ne marche.", "", "fr"), desk=desk)
    new = [Who(name=f"Client {number}", postal=LILAS) for number in range(3)]
    note_call(
        told("1", "Rien.", new[0]), recap="letter", tried=Tried(["email"], None, "Sans réponse"), by=ana
    )
    file_letter(
        told("2", "Rien.", new[1]), Envelope(noon.date(), date(2026, 11, 23), "1A23456789012"), by=ana
    )
    note_visit(
        told("3", "Rien.", new[2]), place="Nantes", received_by=ana, recap="handed", by=ana, wish="Un geste"
    )
    chat = Case.objects.get(channel="email")
    add_customer_message(chat, chat.complainant, channel="chat", text="Il y a quelqu'un ?")
    by_channel = {
        message.channel: message
        for case in Case.objects.all()
        for message in case.messages.filter(direction="in")
    }
    assert set(by_channel) == {"email", "web_form", "phone", "letter", "in_person", "chat"}
    assert by_channel["email"].message_id and by_channel["web_form"].arrivals.exists()
    assert (by_channel["phone"].call.tried, by_channel["phone"].call.recap) == (["email"], "letter")
    assert by_channel["letter"].letter.registered_key == "1A23456789012"
    assert (by_channel["in_person"].visit.place, by_channel["in_person"].visit.wish) == ("Nantes", "Un geste")


def test_s3_24_the_call_screen_lists_earlier_mail_and_chat(complain, ana, client, noon):
    case = complain()
    add_customer_message(case, case.complainant, channel="chat", text="Je l'ai déjà dit au tchat.")
    client.force_login(ana)
    page = client.get(f"/desk/entry/phone?q={case.complainant.email}").content.decode()
    assert "personne n&#39;est venu le 12 novembre" in page and "Je l&#39;ai déjà dit au tchat." in page
    assert f'name="into" value="{case.reference}"' in page


def test_s3_27_an_in_person_case_prints_and_sends_its_recap(desk, ana, client, send, noon):
    who = Who(name="Claire", email="claire@exemple.test")
    case = note_visit(
        told("1", "Rien ne marche.", who), place="Nantes", received_by=ana, recap="email", by=ana
    )
    client.force_login(ana)
    card = client.get("/desk/entry/counter").content.decode()
    assert "Offer a seat" in card and "Cross your arms" in card
    visit = case.messages.get(direction="in")
    receipt = client.get(f"/desk/cases/{case.reference}/messages/{visit.pk}/receipt").content.decode()
    assert "Rien ne marche." in receipt and "<svg viewBox" in receipt and case.reference in receipt
    assert send() == 1
    recap = case.messages.get(kind="recap")
    assert (recap.state, recap.to_address) == ("sent", "claire@exemple.test")
    assert "Rien ne marche." in recap.text
