"""What stands on top of our mails: for machines, for those who may leave, for those who check who we are."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings as configured

from apaise.intake.cases import outgoing
from apaise.intake.cases.conversation import reply
from apaise.intake.cases.message import AUTOMATIC, Message
from apaise.intake.cases.messages import add_note
from apaise.intake.channels.mail import compose, signature
from apaise.intake.channels.mail.tests.servers import read, tried
from apaise.lib.tests.test_dkim import ED25519, RSA_PKCS8, public_of, verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def automatic(complain, carrier):
    """Let an automatic mail of this kind leave, and give it back as it arrived."""

    def make(kind):
        server, case = carrier(), complain()
        message = outgoing.queue_message(
            case, kind, subject=f"{case.reference}", text="Bonjour.", by=outgoing.GATE
        )
        assert tried(message) == "sent"
        return read(server.taken[0][2])

    return make


@pytest.mark.parametrize(
    ("kind", "said"), [("acknowledgement", "auto-replied"), ("reminder", "auto-generated")]
)
def test_no_machine_answers_what_a_machine_of_ours_wrote(automatic, kind, said):
    mail = automatic(kind)
    assert (mail["Auto-Submitted"], mail["Precedence"], mail["X-Auto-Response-Suppress"]) == (
        said,
        "bulk",
        "All",
    )
    assert mail["List-Unsubscribe"] is None  # what is owed cannot be left


def test_every_automatic_kind_is_marked(automatic):
    assert {kind: bool(automatic(kind)["Auto-Submitted"]) for kind in AUTOMATIC} == dict.fromkeys(
        AUTOMATIC, True
    )


def test_what_a_person_wrote_is_marked_as_nothing(queued, carrier):
    server = carrier()
    tried(queued())
    mail = read(server.taken[0][2])
    for name in ("Auto-Submitted", "Precedence", "X-Auto-Response-Suppress", "List-Unsubscribe"):
        assert mail[name] is None


def test_a_kind_one_may_do_without_says_how_to_leave_it(automatic, monkeypatch):
    monkeypatch.setitem(
        compose.UNSUBSCRIBE, "reminder", lambda message: f"https://exemple.test/leave/{message.pk}"
    )
    mail = automatic("reminder")
    assert re.fullmatch(r"<https://exemple\.test/leave/\d+>", mail["List-Unsubscribe"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_text_and_html_say_the_same_words_and_nothing_is_fetched(queued, carrier):
    server = carrier()
    words = "Bonjour Claire,\n\nLe technicien passe jeudi.\nÀ bientôt <b>ici</b>."
    tried(queued(text=words))
    mail = read(server.taken[0][2])
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    plain, page = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    for sentence in ("Bonjour Claire,", "Le technicien passe jeudi."):
        assert sentence in plain
        assert sentence in page
    assert "&lt;b&gt;ici" in page
    assert not re.findall(r"<(?:img|script|link|iframe|object|form)\b|\bsrc=|url\(|@import", page)


def test_each_desk_writes_under_its_own_name_and_domain(queued, carrier, desk):
    desk.name, desk.address = "Service B2B", "pro@autre.exemple.test"
    desk.save()
    server, message = carrier(), queued()
    assert tried(message) == "sent"
    sender, _recipients, raw = server.taken[0]
    mail = read(raw)
    assert (sender, mail["From"]) == ("pro@autre.exemple.test", "Service B2B <pro@autre.exemple.test>")
    assert re.fullmatch(
        r"pro\+r[0-9a-z]+-[0-9a-f]{16}@autre\.exemple\.test", mail["Reply-To"].addresses[0].addr_spec
    )
    assert mail["Message-ID"].endswith("@autre.exemple.test>")


# --- signed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pem", [RSA_PKCS8, ED25519], ids=["rsa", "ed25519"])
def test_with_a_key_each_mail_is_signed_as_it_went_over_the_wire(queued, carrier, settings, pem):
    settings.DKIM_KEY, settings.DKIM_SELECTOR = pem, "s2026"
    server = carrier()
    assert (
        tried(queued(text=".\n.. Une ligne qui commence par un point\n\n  et des blancs  \n\n\n")) == "sent"
    )
    raw = server.taken[0][2]
    assert verified(raw, public_of(pem))
    assert "d=exemple.test; s=s2026;" in read(raw)["DKIM-Signature"]
    assert not verified(raw.replace(b"jeudi", b"lundi").replace(b"point", b"poing"), public_of(pem))


def test_a_desk_under_another_domain_is_not_signed_by_a_key_of_ours(queued, carrier, settings):
    settings.DKIM_KEY, settings.DKIM_DOMAIN = ED25519, "ailleurs.test"
    server = carrier()
    assert tried(queued()) == "sent"
    assert b"DKIM-Signature" not in server.taken[0][2]


@pytest.mark.parametrize(
    ("domain", "signs"),
    [("", "exemple.test"), ("exemple.test", "exemple.test"), ("test", "test"), ("xemple.test", None)],
)
def test_a_key_signs_for_its_domain_and_those_below(desk, settings, domain, signs):
    settings.DKIM_KEY, settings.DKIM_DOMAIN = ED25519, domain
    raw = b"From: reclamations@exemple.test\r\n\r\nBonjour.\r\n"
    signed = signature.signed(raw, desk)
    assert (f"d={signs};".encode() in signed) if signs else signed == raw


# --- one gate ----------------------------------------------------------------------------------------------


def test_peers_4_nothing_but_the_gate_speaks_to_the_mail_server():
    room = Path(configured.PACKAGE)
    speakers = set()
    for path in room.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name == "smtplib" or name.startswith("django.core.mail") for name in names):
                speakers.add(path.relative_to(room).as_posix())
    # The journal names one more recipient to the server the gate speaks to, and opens no connection of its own.
    assert speakers - NOT_OUR_MAIL == {"intake/channels/mail/gate.py", "intake/channels/mail/journal.py"}
    assert "smtplib.SMTP(" not in (room / "intake/channels/mail/journal.py").read_text(encoding="utf-8")


# The measuring plays the customer's server: it speaks to our way in.
NOT_OUR_MAIL = {"doors/bench/mail.py", "doors/bench/memory.py"}


def test_peers_23_no_note_reaches_the_gate_or_the_customer(complain, ana, queued, carrier, work):
    server, message = carrier(), queued()
    secret = "entre nous seulement"
    add_note(message.case, f"Le client exagère, {secret}.", by=ana)
    reply(message.case, "Bonjour Claire.", by=ana)
    work()
    for one in Message.objects.filter(state="queued"):
        assert tried(one) == "sent"
    assert len(server.taken) == 3  # the acknowledgement and two replies
    for _sender, _recipients, raw in server.taken:
        mail = read(raw)
        assert secret not in mail.get_body(("plain",)).get_content()
        assert secret not in mail.get_body(("html",)).get_content()
    assert not Message.objects.filter(text__contains=secret).exists()
