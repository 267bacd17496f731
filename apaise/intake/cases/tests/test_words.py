"""Words in and out: what is kept of them, what leaving means, the one acknowledgement, the tracking link."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, letters, outgoing, stages
from apaise.intake.cases.message import AUTOMATIC, BY_A_PERSON, EITHER, Message
from apaise.intake.cases.messages import File, Refused, add_customer_message, add_note
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.opening import open_case
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


def row(message):
    return Message.objects.select_related("case").get(pk=message.pk)


# --- in --------------------------------------------------------------------------------------------------


def test_a_customers_words_are_kept_whole_and_the_case_shows_their_beginning(complain, noon):
    long = "Personne n'est venu. " * 20
    case = complain(text=long)
    message = case.messages.get()
    assert (message.text, message.kind, message.direction, message.state) == (
        long,
        "complaint",
        "in",
        "received",
    )
    assert len(case.excerpt) <= 160
    assert case.excerpt.endswith("…")
    assert (case.customer_wrote_at, case.ball) == (noon, "us")


def test_files_keep_their_names_types_and_places(complain):
    case = complain()
    file = File("photo.jpg", "image/jpeg", 3, "a" * 64)
    message = add_customer_message(
        case, case.complainant, channel="web_form", text="Voici.", files=[file, file]
    )
    assert (
        list(message.attachments.values_list("name", "content_type", "size", "sha256", "left_out"))
        == [tuple(file)] * 2
    )


def test_fields_longer_than_their_columns_are_cut_and_the_words_are_not(complain):
    case = complain()
    message = add_customer_message(
        case,
        case.complainant,
        channel="email",
        text="x" * 100_000,
        subject="s" * 900,
        message_id="<" + "m" * 900,
        in_reply_to="r" * 900,
    )
    message.refresh_from_db()
    assert (len(message.text), len(message.subject), len(message.message_id), len(message.in_reply_to)) == (
        100_000,
        400,
        400,
        400,
    )


def test_no_words_of_a_customer_or_of_staff_enter_the_ledger(answered, ana, noon):
    case = answered(
        name="Zéphyrine Quillfeather",
        email="zephyrine@courriel.exemple.test",
        subject="Bidulotronique",
        text="Machinchose cassé",
    )
    add_note(case, "Trucmuche vu au téléphone", by=ana)
    conversation.reply(case, "Turlututu chapeau", by=ana)
    said = " ".join(entry.line() for entry in Entry.objects.all()).lower()
    for word in (
        "quillfeather",
        "zephyrine",
        "bidulotronique",
        "machinchose",
        "trucmuche",
        "turlututu",
        "fontanel",
        "personne n'est",
        "@",
    ):
        assert word not in said


# --- out -------------------------------------------------------------------------------------------------


def test_every_kind_of_message_of_ours_needs_a_person_or_may_leave_by_itself():
    kinds = set(Message.Kind.values) - {"complaint", "message"}
    assert kinds == {*BY_A_PERSON, *AUTOMATIC, *EITHER}
    assert kinds == set(outgoing.WHEN_SENT)


def test_a_message_is_queued_with_a_number_of_its_own(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    one, two = (conversation.reply(case, "Bonjour", by=ana) for _ in range(2))
    assert (one.state, one.to_address, one.author_user, one.sent_at) == (
        "queued",
        "claire@courriel.exemple.test",
        ana,
        None,
    )
    assert one.message_id != two.message_id
    assert one.message_id.startswith("<apaise.") and one.message_id.endswith("@exemple.test>")
    assert Entry.objects.filter(what="message.queued").last().facts == {
        "channel": "email",
        "kind": "reply",
        "message": two.pk,
    }
    assert case.we_wrote_at is None


def test_leaving_is_recorded_once_with_what_it_means(complain, ana, send, noon):
    case = complain()
    assign(case, ana, by=ana)
    message = conversation.reply(case, "Bonjour", by=ana)
    with clock.at_moment(noon + timedelta(minutes=1)):
        assert send() == 1
    message = row(message)
    assert (message.state, message.sent_at) == ("sent", noon + timedelta(minutes=1))
    assert words_of(case)[-4:] == [
        "message.sent",
        "contact.human_done",
        "deadline.changed",
        "deadline.stopped",
    ]
    assert message.case.we_wrote_at == noon + timedelta(minutes=1)
    with nothing_changed():
        outgoing.mark_sent(message)
        assert send() == 0


def test_a_queued_message_is_claimed_by_one(complain, ana):
    case = complain()
    assign(case, ana, by=ana)
    number = conversation.reply(case, "Bonjour", by=ana).pk
    assert Message.objects.claim(number).state == "sending"
    assert Message.objects.claim(number) is None
    assert Message.objects.claim(number + 1000) is None


@pytest.mark.parametrize("state", ["queued", "sent", "shown", "failed", "received"])
def test_only_a_message_cut_off_in_the_middle_becomes_uncertain(complain, ana, state):
    case = complain()
    assign(case, ana, by=ana)
    message = conversation.reply(case, "Bonjour", by=ana) if state != "received" else case.messages.get()
    if state != "received":
        Message.objects.filter(pk=message.pk).update(state=state)
    with nothing_changed():
        assert outgoing.mark_uncertain(message.pk) is False


def test_an_uncertain_message_is_decided_by_a_person_who_may_work_on_the_case(complain, ana, eve, noon):
    case = complain()
    assign(case, ana, by=ana)
    message = conversation.reply(case, "Bonjour", by=ana)
    number = message.message_id
    Message.objects.claim(message.pk)
    assert outgoing.mark_uncertain(message.pk) is True
    assert outgoing.mark_uncertain(message.pk) is False
    assert row(message).state == "uncertain"
    assert words_of(case)[-1] == "message.uncertain"
    for decide in (outgoing.send_again, outgoing.arrived):
        with refused(Refused, match="another team"):
            decide(row(message), by=eve)
    assert outgoing.send_again(row(message), by=ana) is True
    assert outgoing.send_again(row(message), by=ana) is False
    again = row(message)
    assert (again.state, again.message_id) == ("queued", number)
    assert Entry.objects.filter(what="message.queued").last().facts["again"] is True


def test_an_uncertain_message_that_arrived_is_sent(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    message = conversation.reply(case, "Bonjour", by=ana)
    Message.objects.claim(message.pk)
    outgoing.mark_uncertain(message.pk)
    assert outgoing.arrived(row(message), by=ana) is True
    assert row(message).state == "sent"
    with nothing_changed():
        assert outgoing.arrived(row(message), by=ana) is False


def test_a_reply_waits_a_moment_if_it_may_be_taken_back_and_an_acknowledgement_does_not(
    complain, ana, work, settings, noon
):
    settings.UNDO_SECONDS = 20
    case = complain()
    work()
    assign(case, ana, by=ana)
    assert conversation.reply(case, "Bonjour", by=ana).send_after == noon + timedelta(seconds=20)
    assert case.messages.get(kind="acknowledgement").send_after is None


def test_without_address_words_are_shown_on_the_tracking_page_at_once(desk, ana, work, noon):
    person = Person.objects.create(name="Léon Sansmail", language="fr")
    person.addresses.create(kind="phone", value="0199001234")
    case = open_case(person, desk=desk, channel="web_form", language="fr", by=person, title="Compteur")
    add_customer_message(case, person, channel="web_form", text="Le compteur tourne seul.", first=True)
    work()
    ack = case.messages.get(kind="acknowledgement")
    assert (ack.state, ack.channel, ack.to_address, ack.sent_at) == ("shown", "web_form", "", noon)
    assert "ack.sent" in words_of(case)
    assert list(case.messages.shown_to_complainant().values_list("kind", flat=True)) == [
        "complaint",
        "acknowledgement",
    ]


def test_the_complainant_sees_what_has_left_and_never_a_machines_mail_or_a_note(complain, ana, send, noon):
    case = complain()
    assign(case, ana, by=ana)
    conversation.reply(case, "Partie", by=ana)
    send()
    add_customer_message(case, case.complainant, channel="email", text="Absent", machine=True)
    add_note(case, "Interne", by=ana)
    for state in ("queued", "sending", "failed", "uncertain"):
        message = conversation.reply(case, f"En état {state}", by=ana)
        Message.objects.filter(pk=message.pk).update(state=state)
    shown = [message.text for message in case.messages.shown_to_complainant()]
    assert shown == ["Bonjour, personne n'est venu le 12 novembre.", "Partie", "En état uncertain"]


# --- letters and stages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["restatement", "reply", "question", "final_reply", "redirection"])
def test_every_subject_of_ours_carries_the_reference(complain, kind):
    for language in ("fr", "en"):
        assert letters.subject_line(
            complain(language=language, email=f"{language}@exemple.test"), kind
        ).startswith("R-2026-0000")


def test_a_date_is_told_in_paris(noon):
    from datetime import UTC, datetime

    assert (
        letters.long_date(datetime(2026, 11, 25, 23, 30, tzinfo=UTC), "fr").replace("\xa0", " ")
        == "jeudi 26 novembre 2026"
    )
    assert (
        letters.long_date(datetime(2026, 11, 25, 23, 30, tzinfo=UTC), "en").replace("\xa0", " ")
        == "Thursday 26 November 2026"
    )


@pytest.mark.parametrize(
    ("state", "fields", "stage", "ended"),
    [
        ("received", {}, "received", ""),
        ("qualifying", {}, "understood", ""),
        ("awaiting_customer", {"resume_state": "qualifying"}, "understood", ""),
        ("awaiting_customer", {"resume_state": "investigating"}, "investigation", ""),
        ("awaiting_customer", {}, "investigation", ""),
        ("investigating", {}, "investigation", ""),
        ("awaiting_third_party", {}, "investigation", ""),
        ("deciding", {}, "decision", ""),
        ("answered", {}, "reply", ""),
        ("executing", {}, "followup", ""),
        ("closed", {}, "followup", ""),
        ("withdrawn", {}, "received", "withdrawn"),
        (
            "withdrawn",
            {"criticality": "C2"},
            "received",
            "withdrawn",
        ),  # raised by itself, qualified by nobody
        ("withdrawn", {"declared_cause": "billing.amount"}, "investigation", "withdrawn"),
        ("merged", {}, "received", "merged"),
        ("redirected", {}, "received", "redirected"),
    ],
)
def test_the_complainant_sees_six_stages_and_never_a_state(state, fields, stage, ended):
    progress = stages.progress(Case(state=state, **fields))
    assert (progress.stage, progress.ended) == (stage, ended)
    assert progress.number == stages.STAGES.index(stage) + 1
    assert progress.waits_for_customer is (state == "awaiting_customer")


def test_every_state_has_a_stage():
    for state in State:
        assert stages.progress(Case(state=state)).stage in stages.STAGES
