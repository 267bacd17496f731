"""The one gate for outgoing mail, speaking to real servers on this machine: kind ones, busy ones, broken ones."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import AuthResult

from apaise.ground.accounts.models import Alert
from apaise.intake.cases import outgoing
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File
from apaise.intake.channels.mail import addresses
from apaise.intake.channels.mail.tests.servers import read, row, tried, words_of
from apaise.intake.channels.models import file_store
from apaise.journey import queue
from apaise.journey.models import Job
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


# --- sent, once ------------------------------------------------------------------------------------------


def test_a_reply_leaves_once_with_our_names_on_it(queued, carrier, noon):
    server, message = carrier(), queued()
    assert tried(message) == "sent"
    with nothing_changed():
        assert tried(message) == "sent"
    ((sender, recipients, raw),) = server.taken
    assert (sender, recipients) == ("reclamations@exemple.test", ["claire@courriel.exemple.test"])
    mail = read(raw)
    assert mail["From"] == '"Tramontel, réclamations" <reclamations@exemple.test>'
    assert mail["To"] == "Claire Fontanel <claire@courriel.exemple.test>"
    assert addresses.split_token(mail["Reply-To"].addresses[0].addr_spec) == (
        "reclamations@exemple.test",
        message.case_id,
    )
    assert (mail["Message-ID"], mail["Date"].datetime) == (message.message_id, noon)
    assert mail["Subject"].startswith(message.case.reference)
    assert mail["Auto-Submitted"] is None  # a person wrote it
    assert mail.get_body(("plain",)).get_content().startswith("Bonjour, je m'occupe de vous.")
    assert "/t/" in mail.get_body(("plain",)).get_content()
    assert "Bonjour, je m" in mail.get_body(("html",)).get_content()
    assert words_of(message) == ["message.queued", "message.sent", "contact.human_done"]


def test_an_acknowledgement_says_that_a_machine_wrote_it(complain, work, carrier):
    server, case = carrier(), complain()
    work()
    assert tried(case.messages.get(kind="acknowledgement")) == "sent"
    mail = read(server.taken[0][2])
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


def test_our_mail_answers_the_last_one_heard(queued, carrier):
    server, message = carrier(), queued()
    case = message.case
    for number in range(12):
        case.messages.create(
            direction="in",
            kind="message",
            channel="email",
            state="received",
            author_person=case.complainant,
            message_id=f"<m{number}@courriel.exemple.test>",
        )
    tried(message)
    mail = read(server.taken[0][2])
    assert mail["In-Reply-To"] == "<m11@courriel.exemple.test>"
    assert mail["References"].split() == [f"<m{number}@courriel.exemple.test>" for number in range(2, 12)]


def test_files_go_along_whole(queued, carrier):
    server = carrier()
    content = bytes(range(256)) * 40
    digest, size = file_store().keep(content)
    odd = File("relevé à la main.pdf", "application/pdf", size, digest)
    message = queued(
        files=[
            odd,
            odd._replace(content_type="nonsense"),
            odd._replace(content_type="text/plain; charset=x", name="a.txt"),
        ]
    )
    assert tried(message) == "sent"
    parts = list(read(server.taken[0][2]).iter_attachments())
    assert [part.get_filename() for part in parts] == [
        "relevé à la main.pdf",
        "relevé à la main.pdf",
        "a.txt",
    ]
    assert parts[0].get_content() == content


def test_a_server_that_hangs_up_after_taking_it_has_taken_it(queued, carrier):
    server, message = carrier(cut="QUIT"), queued()
    assert tried(message) == "sent"
    assert len(server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_four_workers_with_one_message_send_it_once(queued, carrier):
    from tests.at_once import at_once

    server, message = carrier(), queued()
    at_once([lambda: tried(message)] * 4)
    assert len(server.taken) == 1
    assert row(message).state in ("sent",)


# --- not now ---------------------------------------------------------------------------------------------


def test_without_a_server_the_message_waits_and_says_why(queued, settings, noon):
    settings.SMTP_URL = ""
    message = queued()
    assert tried(message) == "no mail server set"
    assert row(message).state == "queued"
    assert "SMTP_URL" in row(message).problem_in_words()


def test_a_message_that_has_left_asks_no_server(queued, settings, send):
    settings.SMTP_URL = ""
    message = queued()
    send()
    with nothing_changed():
        assert tried(message) == "sent"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"RCPT": "451 Greylisted"}, "mail server said 451"),
        ({"DATA": "452 Full"}, "mail server said 452"),
        ({"RCPT": "421 Busy"}, "mail server said 421"),
    ],
)
def test_a_busy_server_is_asked_again_later(queued, carrier, answers, said, noon):
    server, message = carrier(**answers), queued()
    assert tried(message) == said
    kept = row(message)
    assert (kept.state, kept.attempts) == ("queued", 1)
    assert "We keep trying" in kept.problem_in_words()
    assert words_of(message) == ["message.queued"]
    server.answers = {}
    assert tried(message) == "sent"
    assert row(message).problem == ""
    assert len(server.taken) == 1


def test_a_server_that_is_away_keeps_the_message_in_the_queue(queued, settings, closed_port):
    settings.SMTP_URL = f"smtp://127.0.0.1:{closed_port}"
    message = queued()
    assert tried(message) == "mail server: ConnectionRefusedError"
    assert row(message).state == "queued"
    assert "cannot be reached" in row(message).problem_in_words()


@pytest.mark.parametrize("cut", ["RCPT"])
def test_a_server_that_hangs_up_before_the_words_is_asked_again(queued, carrier, cut):
    server, message = carrier(cut=cut), queued()
    assert tried(message).startswith("mail server: ")
    assert row(message).state == "queued"
    assert server.taken == []


def test_our_own_settings_are_no_fault_of_the_mail(queued, carrier, settings):
    server = carrier(
        {"auth_require_tls": False, "authenticator": lambda *_: AuthResult(success=False, handled=False)}
    )
    settings.SMTP_URL = f"smtp://apaise:old-password@127.0.0.1:{server.port}"
    message = queued()
    assert tried(message) == "mail server: SMTPAuthenticationError 535"
    assert row(message).state == "queued"
    carrier(MAIL="550 We do not know this desk")
    assert tried(message) == "mail server: code 550 for our own address"
    assert row(message).state == "queued"


def test_a_server_that_does_not_want_to_talk_is_asked_again(queued, settings):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        settings.SMTP_URL = f"smtp://127.0.0.1:{listening.getsockname()[1]}"

        def grumble():
            wire, _ = listening.accept()
            wire.sendall(b"554 Go away\r\n")
            wire.close()

        thread = threading.Thread(target=grumble)
        thread.start()
        message = queued()
        assert tried(message) == "mail server: SMTPConnectError 554"
        thread.join()
    assert row(message).state == "queued"


def test_a_reply_held_back_does_not_leave_early_and_may_be_taken_back(queued, carrier, settings, noon):
    settings.UNDO_SECONDS = 30
    server, message = carrier(), queued()
    assert tried(message) == "held back for a moment"
    with clock.at_moment(noon + timedelta(seconds=31)):
        assert tried(message) == "sent"
    assert len(server.taken) == 1


def test_through_the_queue_a_busy_server_costs_a_pause_and_never_a_death(queued, carrier, noon):
    server, message = carrier(RCPT="451 Later"), queued()
    moment = noon
    for _ in range(20):
        with clock.at_moment(moment):
            queue.run_all(("mail",))
        job = Job.objects.get(queue="mail")
        assert job.state == "ready" and moment < job.run_after <= moment + timedelta(minutes=5)
        moment = job.run_after
    server.answers = {}
    with clock.at_moment(moment):
        queue.run_all(("mail",))
    assert row(message).state == "sent"
    assert len(server.taken) == 1


# --- never -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answers", [{"RCPT": "550 No such person"}, {"DATA": "554 We do not like it"}])
def test_a_refusal_for_good_is_shown_and_not_repeated(queued, carrier, answers, ana):
    server, message = carrier(**answers), queued()
    assert tried(message) == "failed"
    kept = row(message)
    code = next(iter(answers.values()))[:3]
    assert kept.problem_in_words() == f"The mail server refused it (code {code}). Check the address."
    with nothing_changed():
        assert tried(message) == "failed"
    assert server.asked == 1
    assert "message.sent" not in words_of(message)
    server.answers = {}
    assert outgoing.send_again(row(message), by=ana)
    assert tried(message) == "sent"
    assert read(server.taken[0][2])["Message-ID"] == message.message_id


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.test\r\nRCPT TO:<victim@x.test>", "a@b.test\r\n.", "@"]
)
def test_an_address_that_is_none_fails_in_the_open(queued, carrier, address, caplog):
    server, message = carrier(), queued()
    Message.objects.filter(pk=message.pk).update(to_address=address)
    assert tried(message) == "failed"
    assert server.taken == []


def test_a_file_gone_from_the_store_fails_in_the_open(queued, carrier):
    server, message = carrier(), queued(files=[File("a.pdf", "application/pdf", 1, "a" * 64)])
    assert tried(message) == "failed"
    assert server.taken == []


# --- who knows -------------------------------------------------------------------------------------------


def test_a_message_cut_off_after_its_words_is_uncertain_and_people_are_told(queued, carrier, ana, work):
    server, message = carrier(cut="DATA"), queued()
    assert tried(message) == "uncertain"
    assert len(server.taken) == 1
    assert words_of(message)[-1] == "message.uncertain"
    work()
    assert Alert.objects.filter(user=ana, kind="mail_uncertain").count() == 1
    server.answers = {}
    for _ in range(3):
        with nothing_changed():
            assert tried(message) == "uncertain"
    assert len(server.taken) == 1  # never blindly
    assert outgoing.send_again(row(message), by=ana)
    assert tried(message) == "sent"
    first, second = (read(raw)["Message-ID"] for _, _, raw in server.taken)
    assert first == second == message.message_id


def test_a_worker_that_died_while_sending_leaves_it_uncertain(queued, carrier):
    server, message = carrier(), queued()
    Message.objects.claim(message.pk)
    assert tried(message) == "uncertain"
    assert server.taken == []
    assert Message.objects.get(pk=message.pk).case.deadlines.get(rule="first_contact").state == "running"


# --- nothing typed starts a header -----------------------------------------------------------------------

HOSTILE = [
    "Tania\r\nBcc: victim@x.test",
    "a\nBcc: victim@x.test\n\nBody",
    "x\x00\x1b[31m\u2028Bcc: victim@x.test",
    '"quoted" <victim@x.test>,',
    "=?utf-8?q?a=0D=0ABcc:_victim@x.test?=",
    "=?utf-8?b?YQ0KQmNjOiB2aWN0aW1AeC50ZXN0?=",
    "=?utf-8?q?=3D?= =?utf-8?q?=0D=0ABcc:_v@x.test?=",
    "=\x00?utf-8?q?a=0D=0ABcc:_victim@x.test?=",
    "é" * 300,
    "\u202egnp.exe",
    "a, b <c@d.test>",
    "   ",
    "Дмитрий 🎈",
    "\ud7ff\uffff",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_no_name_or_subject_or_number_starts_a_header(queued, carrier, desk, typed):
    desk.name = typed[:120].replace("\x00", "")  # no database takes NUL from a form
    desk.save()
    digest, size = file_store().keep(b"1")
    server = carrier()
    message = queued(
        name=typed[:200].replace("\x00", ""),
        files=[File(typed[:250].replace("\x00", ""), "text/plain", size, digest)],
    )
    case = message.case
    case.messages.filter(direction="in").update(message_id=f"<{typed.replace(chr(0), '')}@x.test>"[:400])
    Message.objects.filter(pk=message.pk).update(subject=typed.replace("\x00", "")[:400])
    assert tried(message) == "sent"
    ((_, recipients, raw),) = server.taken
    assert recipients == ["claire@courriel.exemple.test"]
    mail = read(raw)
    assert sorted(set(map(str.lower, mail.keys()))) == [
        "content-type",
        "date",
        "from",
        "in-reply-to",
        "message-id",
        "mime-version",
        "references",
        "reply-to",
        "subject",
        "to",
    ]
    assert [one.addr_spec for one in mail["From"].addresses] == ["reclamations@exemple.test"]
    assert [one.addr_spec for one in mail["To"].addresses] == ["claire@courriel.exemple.test"]
    assert len(mail["Reply-To"].addresses) == 1
    for part in mail.walk():
        assert "bcc" not in part and "cc" not in part


@pytest.mark.parametrize(
    "text",
    [
        ".\r\n.\r\nQUIT\r\n",
        "x" * 5000,
        "From me\n.hidden\n",
        "<script>alert(1)</script>",
        "é\u2028\x85\x0c",
        "\r\n\r\n",
    ],
)
def test_whatever_a_person_writes_arrives_as_written(queued, carrier, text):
    server, message = carrier(), queued("Avant " + text + " après")
    assert tried(message) == "sent"
    mail = read(server.taken[0][2])
    plain = mail.get_body(("plain",)).get_content()
    assert plain.split()[: len(("Avant " + text + " après").split())] == ("Avant " + text + " après").split()
    assert "<script>" not in mail.get_body(("html",)).get_content()


def test_an_address_with_accents_needs_a_server_that_can(queued, carrier):
    plain, message = carrier(), queued(email="élodie@exämple.test")
    assert tried(message) == "failed"
    assert plain.taken == []
    able, other = carrier({"enable_SMTPUTF8": True}), queued(email="zoé@exämple.test")
    assert tried(other) == "sent"
    assert able.taken[0][1] == ["zoé@exämple.test"]


def test_the_log_names_no_customer(queued, carrier, caplog):
    carrier(RCPT="550 claire@courriel.exemple.test unknown")
    tried(queued("Mots privés"))
    carrier(DATA="554 Mots privés")
    tried(queued("Mots privés", email="luc@courriel.exemple.test"))
    assert "claire" not in caplog.text and "privés" not in caplog.text and "luc@" not in caplog.text


def test_a_mail_is_dated_by_its_queueing_whatever_the_day_it_leaves(queued, carrier, noon):
    server, message = carrier(), queued()
    with clock.at_moment(noon + timedelta(days=3)):
        tried(message)
    assert read(server.taken[0][2])["Date"].datetime == datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
