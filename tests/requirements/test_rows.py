"""One test for each requirement the rooms own, named after its row: its acceptance test, for real."""

import argparse
import os
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from apaise.doors.commands import verify as verify_command
from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import AppendOnly, Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Person
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines, ending, postponement, stages, tracking
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, add_customer_message, add_note
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.channels import folder, receive
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.tests.letters import mail
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


def test_s0_9_deadline_of_an_unassigned_case_runs_and_alerts(complain, mara, ana, work, noon):
    case = complain()
    assert case.handler is None
    assert case.deadlines.get(rule="reply_target").start_at == noon
    work()
    with clock.at_moment(noon + timedelta(days=15)):
        deadlines.sweep(clock.now())
        assert Case.objects.get().handler is None
        work()
    case.refresh_from_db()
    assert case.handler == mara  # nobody had taken it: the missed date passed it to the lead
    assert case.deadlines.get(rule="reply_target").missed_at == noon + timedelta(days=15)
    alerts = Alert.objects.filter(chain=case.reference, kind="deadline_missed", detail="reply_target")
    assert set(alerts.values_list("user__name", flat=True)) == {"Mara Lead"}
    assert "Ana Handler" in Alert.objects.filter(chain=case.reference).values_list("user__name", flat=True)


def test_s0_35_every_state_change_appears_in_an_append_only_log(answered, ana, send, noon):
    case = answered()
    ending.accept(case, by=case.complainant, said="tracking_page")
    ending.close(case, reason="accepted", followup="done", summary="Rendez-vous refixé", by=ana)
    ending.reopen(case, by=case.complainant, why="customer_objects")
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    add_customer_message(case, case.complainant, channel="email", text="Le 4711.")
    ending.withdraw(case, by=case.complainant)
    logged = [entry.facts["state"] for entry in Entry.objects.of(case.reference) if "state" in entry.facts]
    assert logged == [
        "qualifying",
        "investigating",
        "deciding",
        "answered",
        "closed",
        "investigating",
        "awaiting_customer",
        "investigating",
        "withdrawn",
    ]
    assert logged[-1] == Case.objects.get(pk=case.pk).state
    entry = Entry.objects.of(case.reference).first()
    entry.by = "staff:999"
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(by="staff:999"),
    ):
        with refused(AppendOnly):
            attempt()


def test_s1_6_customer_portal_shows_messages_and_dates_no_internal_notes(answered, ana, client, noon):
    case = answered()
    add_note(case, "Le prestataire a menti sur ses horaires.", by=ana)
    shown = list(case.messages.shown_to_complainant())
    assert [message.kind for message in shown] == ["complaint", "restatement", "final_reply"]
    assert all(message.at for message in shown)
    page = client.get(tracking.link_for(case).removeprefix("http://testserver"))
    said = page.content.decode()
    assert page.status_code == 200
    assert "personne n&#39;est venu le 12 novembre" in said or "personne n'est venu le 12 novembre" in said
    assert "25" in said and "novembre" in said
    assert "prestataire a menti" not in said


def test_s4_1_desk_role_sees_all_intake_others_do_not(complain, ana, mara, eve, staff, desk):
    case = complain()
    receive.receive(receive.keep(b""))  # waits in quarantine
    for insider in (ana, mara):
        assert list(Case.objects.visible_to(insider)) == [case]
        assert Arrival.objects.visible_to(insider).in_quarantine().count() == 1
    for outsider in (
        eve,
        staff("quality"),
        staff("administrator"),
        staff("contributor"),
        staff("trainer", team=True),
    ):
        assert not Case.objects.visible_to(outsider).exists()
        assert not Arrival.objects.visible_to(outsider).exists()


def test_s4_7_mail_dropped_in_the_intake_folder_creates_a_case_with_attachments(desk, ana):
    folder.intake_folder().mkdir(parents=True, exist_ok=True)
    file = folder.intake_folder() / "s4-7.eml"
    file.write_bytes(mail("Le colis est ouvert.", subject="Colis", files=[("photo.png", b"PNG")]))
    os.utime(file, (0, 0))
    assert folder.sweep() == 1
    case = Case.objects.get()
    attachment = case.messages.get().attachments.get()
    assert (case.title, attachment.name, file_store().read(attachment.sha256)) == (
        "Colis",
        "photo.png",
        b"PNG",
    )
    (folder.intake_folder() / "taken" / "s4-7.eml").unlink()
    # The phone: what was said is written down by whoever took the call.
    caller = Person.objects.create(name="Léon Sansmail")
    called = open_case(caller, desk=desk, channel="phone", language="fr", by=ana, title="Compteur")
    add_customer_message(called, caller, channel="phone", text="Le compteur tourne seul.", first=True)
    assert (called.channel, called.state, called.messages.get().kind) == ("phone", "received", "complaint")


def test_s4_12_case_created_then_acknowledgement_stored_with_time_channel_and_text(
    complain, work, send, noon
):
    case = complain()
    work()
    with clock.at_moment(noon + timedelta(seconds=20)):
        send()
    ack = case.messages.get(kind="acknowledgement")
    assert (ack.state, ack.sent_at, ack.channel) == ("sent", noon + timedelta(seconds=20), "email")
    assert "dans les plus brefs délais" in ack.text and case.reference in ack.text
    entry = Entry.objects.of(case.reference).get(what="ack.sent")
    assert (entry.at, entry.facts["message"], entry.facts["channel"]) == (ack.sent_at, ack.pk, "email")


def test_s4_24_customer_opens_the_tracking_link_without_account_and_sees_the_status(answered, client, noon):
    case = answered()
    link = tracking.link_for(case)
    opened = tracking.open_link(link.rpartition("/")[2])
    assert opened is not None
    assert stages.progress(opened.case).stage == "reply"
    page = client.get(link.removeprefix("http://testserver"))
    assert page.status_code == 200
    assert case.reference in page.content.decode()
    assert "sessionid" not in page.cookies and "apaise_s" not in page.cookies
    assert client.get("/t/1-" + "0" * 48).status_code == 404


def test_s4_25_changing_the_date_sends_a_reasoned_notice(complain, ana, cleo, work, send, noon):
    case = complain()
    work()
    send()
    case = Case.objects.get(pk=case.pk)
    assert "9\xa0décembre 2026" in case.messages.get(kind="acknowledgement").text
    assign(case, ana, by=ana)
    words = {
        "done_so_far": "Vu le technicien.",
        "remaining": "Voir le planning.",
        "reason": "Il est chez le prestataire.",
    }
    with refused(Refused):
        postponement.postpone(
            case, to=date(2026, 12, 18), next_update=date(2026, 12, 1), by=cleo, **{**words, "reason": ""}
        )
    notice = postponement.postpone(
        case, to=date(2026, 12, 18), next_update=date(2026, 12, 1), by=cleo, **words
    )
    assert send() == 1
    assert Message.objects.get(pk=notice.pk).state == "sent"
    for said in ("9\xa0décembre 2026", "18\xa0décembre 2026", "Il est chez le prestataire"):
        assert said in notice.text
    assert case.announced_for == case.deadlines.get(rule="reply_target").due_at


def test_s4_26_altering_a_past_event_is_detected_by_the_verify_command(answered, capsys):
    case = answered()
    options = argparse.Namespace(cases=[], json=False)
    assert verify_command.run(options) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET by = 'staff:999' WHERE id = %s", [f"{case.reference}/5"])
    assert verify_command.run(options) == 1
    assert f"{case.reference}/5: its content was altered after it was written" in capsys.readouterr().out


def test_s4_38_no_final_reply_can_be_sent_without_a_named_human(answered, ana, complain):
    case = complain(email="luc@courriel.exemple.test")
    assign(case, ana, by=ana)
    case.keep(state="investigating")
    case.grievances.create(number=1, text="Un retard.")
    text = "Merci de nous l'avoir dit. Nous vous présentons nos excuses : le colis partira jeudi, et nous vous appellerons le soir."
    for nobody in (System("robot"), None, case.complainant):
        with refused(Refused, match="A person signs every final reply"):
            answer(
                case,
                findings={1: Finding("upheld", "C'est exact.")},
                outcome="accepted",
                found_cause="delivery.late",
                scope="isolated",
                text=text,
                by=nobody,
            )
    with refused(IntegrityError), transaction.atomic():
        case.messages.create(direction="out", kind="final_reply", channel="email", state="queued", text=text)
    assert answered().messages.get(kind="final_reply").author_user == ana


def test_s4_41_closing_without_a_reply_is_refused_unless_the_customer_withdraws(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    for reason in ("accepted", "silence"):
        with refused(Refused, match="send the final reply first"):
            ending.close(case, reason=reason, followup="done", summary="Non fondé", by=ana)
    with refused(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="closed")
    ending.withdraw(case, by=case.complainant)
    assert Case.objects.get(pk=case.pk).state == "withdrawn"
