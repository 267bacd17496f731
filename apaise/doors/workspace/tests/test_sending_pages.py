"""Taking a message back, stopping reminders and stopping all mail, from the pages."""

from datetime import date, timedelta

import pytest

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.mail import stops
from apaise.intake.channels.mail.stops import Stop
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, ana, client, settings, noon):
    settings.UNDO_SECONDS = 30
    found = complain()
    assign(found, ana, by=ana)
    client.force_login(ana)
    return found


def page_of(client, case, query=""):
    return client.get(f"/desk/cases/{case.reference}{query}").content.decode()


def test_a_reply_is_taken_back_from_the_page_and_its_words_stand_in_the_form_again(case, client):
    client.post(f"/desk/cases/{case.reference}/replies", {"text": "Trop vite & mal dit."})
    message = Message.objects.get(kind="reply")
    assert message.send_after is not None
    address = f"/desk/cases/{case.reference}/messages/{message.pk}/taking-back"
    assert address in page_of(client, case)
    done = client.post(address)
    assert done["Location"] == f"/desk/cases/{case.reference}?done=taken_back&again={message.pk}"
    after = client.get(done["Location"]).content.decode()
    assert "The message did not leave." in after
    assert "Trop vite &amp; mal dit.</textarea>" in after
    assert address not in after
    message.refresh_from_db()
    assert message.state == "taken_back"


def test_a_message_that_has_left_offers_no_taking_back_and_refuses_it(case, client, send):
    client.post(f"/desk/cases/{case.reference}/replies", {"text": "Bonjour."})
    message = Message.objects.get(kind="reply")
    with clock.at_moment(message.send_after + timedelta(seconds=1)):
        send()
    assert "taking-back" not in page_of(client, case)
    with nothing_changed():
        page = client.post(f"/desk/cases/{case.reference}/messages/{message.pk}/taking-back")
    assert page.status_code == 409
    assert "Too late" in page.content.decode()


def test_a_final_reply_taken_back_stands_in_its_form_without_the_mentions(answered, client, ana, send):
    case = answered()
    letter = case.messages.get(kind="final_reply")
    Message.objects.filter(pk=letter.pk).update(state="queued", sent_at=None)
    Case.objects.filter(pk=case.pk).update(final_reply_at=None)
    client.force_login(ana)
    done = client.post(f"/desk/cases/{case.reference}/messages/{letter.pk}/taking-back")
    assert done.status_code == 302
    page = client.get(done["Location"]).content.decode()
    form = page[page.index("/final-reply") :]
    typed = form[form.index('name="text"') :].partition("</textarea>")[0]
    assert "je vous appelle le soir même. Ana" in typed
    assert letter.text.count("\n\n") > 0
    assert "\n\n" not in typed  # what the law asks for is added again when it is sent
    assert '<option value="accepted" selected>' in form


@pytest.mark.parametrize("again", ["", "x", "0", "99999999999999999999", "²"])
def test_an_odd_number_to_write_again_is_no_trouble(case, client, again):
    assert client.get(f"/desk/cases/{case.reference}?again={again}").status_code == 200


def test_only_what_was_taken_back_fills_the_form(case, client):
    client.post(f"/desk/cases/{case.reference}/replies", {"text": "Parti, celui-ci."})
    message = Message.objects.get(kind="reply")
    assert "Parti, celui-ci.</textarea>" not in page_of(client, case, f"?mode=reply&again={message.pk}")


def test_reminders_are_announced_and_stopped_on_the_case_page(case, client, ana, send):
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 5), by=ana)
    assert "Without an answer the customer is reminded on" in page_of(client, case)
    done = client.post(f"/desk/cases/{case.reference}/reminder-stop")
    assert done["Location"].endswith("?done=reminders_stopped")
    after = client.get(done["Location"]).content.decode()
    assert "The customer is not reminded of this question any more." in after
    assert "Without an answer the customer is reminded on" not in after


def test_an_administrator_stops_all_mail_and_lets_it_go(case, client, staff, settings):
    root = staff("administrator")
    client.force_login(root)
    assert "Nothing is held back" in client.get("/desk/sending").content.decode()
    page = client.post("/desk/sending/stops", follow=True).content.decode()
    assert "All mail is stopped." in page
    assert "Stop all mail now" not in page
    stop = Stop.objects.get()
    page = client.post(f"/desk/sending/stops/{stop.pk}/ending", follow=True).content.decode()
    assert "What waited leaves within a minute." in page
    assert "Earlier stops" in page
    assert not stops.is_muted()


def test_the_page_says_why_mail_waits_and_that_a_setting_mutes(case, client, ana, staff, settings):
    settings.MUTE = True
    conversation.reply(case, "Bonjour.", by=ana)
    Message.objects.filter(kind="reply").update(problem="muted")
    client.force_login(staff("administrator"))
    page = client.get("/desk/sending").content.decode()
    assert "APAISE_MUTE is set" in page
    assert "An administrator or an import has stopped all mail." in page


def test_the_breaker_is_closed_by_a_button(client, staff):
    root = staff("administrator")
    stop = Stop.objects.create(what="automatic", why="too_many")
    client.force_login(root)
    assert "Automatic mail is stopped." in client.get("/desk/sending").content.decode()
    client.post(f"/desk/sending/stops/{stop.pk}/ending")
    stop.refresh_from_db()
    assert stop.ended_by == root


def test_others_neither_see_nor_move_the_switches(client, ana, cleo):
    stop = Stop.objects.create(what="all", why="administrator")
    for person in (ana, cleo):
        client.force_login(person)
        with nothing_changed():
            assert client.get("/desk/sending").status_code == 403
            assert client.post("/desk/sending/stops").status_code == 403
            assert client.post(f"/desk/sending/stops/{stop.pk}/ending").status_code == 403
