"""Words never become markup: forty-two ways, through every door, on every page that shows them."""

from collections.abc import Iterator
from email.header import Header
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from markupsafe import escape

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, tracking
from apaise.intake.cases.messages import add_note
from apaise.intake.cases.models import Case
from apaise.intake.cases.qualification import qualify
from apaise.intake.channels import receive
from apaise.intake.channels.mail import compose
from apaise.intake.channels.models import Arrival, OutboxMail, file_store

from . import tables
from .hostile import VECTORS, foreign
from .world import ANYBODY, World, leave

pytestmark = pytest.mark.django_db
HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip


class Battered:
    """A world whose every word attacks: one long case, a case for each vector, and mails that were not filed."""

    def __init__(self, world: World, most: int = len(VECTORS)) -> None:
        """`most` limits the cases and mails; the long case has every vector always."""
        self.world = world
        self.handler = world.actor("handler", "team")
        self.lead = world.actor("team_lead", "team")
        assert self.handler.user
        self.by_mail = [
            case for number, words in enumerate(VECTORS[:most]) for case in [_by_mail(number, words)] if case
        ]
        self.by_form = [_by_form(world, number, words) for number, words in enumerate(VECTORS[:most])]
        self.long = self.by_form[0]
        self._fill(self.long)
        self.waiting = [_unfiled(number, words) for number, words in enumerate(VECTORS[:most])]
        self.mails = [_kept_mail(self.long, words) for words in VECTORS[:most]]

    def _fill(self, case: Case) -> None:
        """Forty-two notes, replies and grievances on one case; the staff member has a telling name, too."""
        user = self.handler.user
        assert user
        user.name = user.title_fr = "<b onclick=boom()>Ana</b>"
        user.save()
        assign(case, user, by=user)
        qualify(
            case,
            grievances=VECTORS,
            cause="service.missed_visit",
            criticality="C3",
            restatement=" ".join(VECTORS),
            by=user,
        )
        for words in VECTORS:
            add_note(case, words, by=user)
            conversation.reply(case, words, by=user)
        leave()


def _by_mail(number: int, words: str) -> Case | None:
    """The same words as sender's name, subject, plain or HTML body, and name of a file."""
    name, subject, file = (Header(words, "utf-8", maxlinelen=10_000).encode() for _ in range(3))
    body = (
        f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Bonjour</p>{words}<p>Merci</p>"
        if number % 2
        else f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}"
    )
    raw = (
        f"From: {name} <attacker{number}@courriel.exemple.test>\r\nTo: reclamations@exemple.test\r\nSubject: {subject}\r\n"
        f"Message-ID: <attack-{number}@courriel.exemple.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        f"--x\r\n{body}\r\n--x\r\nContent-Type: image/svg+xml\r\nContent-Disposition: attachment; filename=\"{file}\"\r\n\r\n<svg onload=boom()/>\r\n--x--\r\n"
    )  # fmt: skip
    return receive.receive(receive.keep(raw.encode())).case


def _by_form(world: World, number: int, words: str) -> Case:
    typed = {
        "once": f"attack-{number}",
        "name": words,
        "email": f"form{number}@courriel.exemple.test",
        "phone": "",
        "subject": words,
        "story": f"Histoire {words}",
        "wish": words,
    }
    assert world.ask(ANYBODY, "POST", "/", typed).status_code == 302
    return Case.objects.order_by("-pk")[0]


def _unfiled(number: int, words: str) -> Arrival:
    raw = f"Subject: {Header(words, 'utf-8', maxlinelen=10_000).encode()}\r\nFrom:\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{words} {number}"
    arrival = receive.keep(raw.encode(), envelope_from=f"{words}@boom.example"[:300])
    assert receive.receive(arrival).outcome == "quarantined"
    return arrival


def _kept_mail(case: Case, words: str) -> OutboxMail:
    raw, _ = file_store().keep(
        f"Subject: {Header(words, 'utf-8', maxlinelen=10_000).encode()}\r\nFrom: a@b.test\r\n\r\n{words}".encode()
    )
    message = case.messages.filter(direction="out")[0]
    return OutboxMail.objects.create(
        envelope_from=words, envelope_to=words, raw=raw, subject=words, message=message
    )


@pytest.fixture(scope="module")
def battered(world: World) -> Iterator[Battered]:
    with transaction.atomic():
        yield Battered(world)
        transaction.set_rollback(True)


def _shown(page: Any, most: int, status: int = 200) -> str:
    """The page's text, which holds nothing foreign, and the vectors' own letters, escaped."""
    assert page.status_code == status
    text = page.content.decode()
    assert foreign(text) == []
    there = [words for words in VECTORS if str(escape(words)) in text]
    assert len(there) >= most, f"only {len(there)} of the vectors are on the page: what does it prove?"
    return text


def test_a_reader_of_pages_sees_each_vector_when_nothing_escapes_it() -> None:
    """The guard itself works: unescaped, each vector that is markup is found."""
    inert = ("{{", "{%", "${", "\\u", "&lt;", "javascript:", '" ', "' ", "` ")
    for words in VECTORS:
        assert bool(foreign(f"<p>{words}</p>")) is not words.startswith(inert), words
    assert foreign('<p title="" onmouseover="boom(26)">')


def test_the_list_shows_words_as_words(battered: Battered) -> None:
    _shown(battered.world.ask(battered.handler, "GET", "/desk/cases?view=team"), 20)
    found = battered.world.ask(battered.handler, "GET", "/desk/cases", {"view": "team", "q": VECTORS[2]})
    _shown(found, 1)


def test_each_case_shows_words_as_words(battered: Battered) -> None:
    for number, case in enumerate(battered.by_mail):
        text = _shown(
            battered.world.ask(battered.lead, "GET", reverse("workspace:case", args=[case.reference])), 1
        )
        assert str(escape(VECTORS[number])) in text


def test_the_long_case_shows_words_as_words_in_every_form(battered: Battered) -> None:
    address = reverse("workspace:case", args=[battered.long.reference])
    for mode in ("reply", "note", "answer", "redirect", "close"):
        _shown(battered.world.ask(battered.handler, "GET", address, {"mode": mode}), len(VECTORS))


def test_a_refused_form_gives_back_what_was_typed_as_words(battered: Battered) -> None:
    address = reverse("workspace:replies", args=[battered.long.reference])
    for words in VECTORS:
        with tables.undone():
            _shown(
                battered.world.ask(
                    battered.handler, "POST", address, {"text": words, "answer_by": words, "mode": "reply"}
                ),
                1,
                409,
            )


def test_the_form_of_the_portal_gives_back_what_was_typed_as_words(battered: Battered) -> None:
    for words in VECTORS:
        _shown(
            battered.world.ask(
                ANYBODY,
                "POST",
                "/",
                dict.fromkeys(("name", "subject", "story", "wish", "email", "once"), words),
            ),
            1,
            400,
        )


def test_the_tracking_page_shows_words_as_words(battered: Battered) -> None:
    _shown(
        battered.world.ask(ANYBODY, "GET", tracking.link_for(battered.long).partition("testserver")[2]),
        len(VECTORS) - 2,
    )
    for case in battered.by_mail[::5]:
        _shown(battered.world.ask(ANYBODY, "GET", tracking.link_for(case).partition("testserver")[2]), 1)


def test_the_pages_of_customers_show_words_as_words(battered: Battered) -> None:
    _shown(battered.world.ask(battered.lead, "GET", "/desk/people"), 10)
    _shown(battered.world.ask(battered.lead, "GET", "/desk/duplicates"), 0)
    for case in battered.by_mail[::5]:
        _shown(battered.world.ask(battered.lead, "GET", f"/desk/people/{case.complainant_id}"), 1)


def test_the_quarantine_shows_words_as_words(battered: Battered) -> None:
    _shown(battered.world.ask(battered.lead, "GET", "/desk/quarantine"), len(VECTORS) - 4)


def test_the_outbox_shows_words_as_words(battered: Battered, settings: Any) -> None:
    settings.DEMO = True
    _shown(battered.world.ask(battered.handler, "GET", "/desk/outbox"), len(VECTORS) - 4)
    for mail in battered.mails[:12]:
        _shown(
            battered.world.ask(battered.handler, "GET", reverse("workspace:outbox-mail", args=[mail.pk])), 1
        )


def test_the_sign_in_page_gives_back_what_was_typed_as_words(battered: Battered) -> None:
    for words in VECTORS[:4]:
        with tables.undone():
            page = battered.world.ask(
                ANYBODY, "POST", "/sign-in", {"email": words, "password": "x", "next": words}
            )
        _shown(page, 0, 403)
    for words in VECTORS:
        assert (
            foreign(
                battered.world.ask(ANYBODY, "GET", "/sign-in", {"next": f"/desk/{words}"}).content.decode()
            )
            == []
        )


def test_a_letter_of_ours_carries_words_as_words_and_no_header_of_theirs(battered: Battered) -> None:
    for message in battered.long.messages.filter(direction="out"):
        mail = compose.mail_of(message)
        for part in mail.walk():
            if part.get_content_type() == "text/html":
                assert [one for one in foreign(part.get_content()) if "style" not in one] == []
        sent = BytesParser(policy=default).parsebytes(mail.as_bytes())
        assert set(sent.keys()) <= HEADERS, "somebody's words have become a header"
        assert len(sent.get_all("To")) == len(sent.get_all("Subject")) == 1
