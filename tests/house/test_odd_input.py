"""Whatever a form, an address or a mail brings, a page answers: never a failure of ours, never a half-done change."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from apaise.intake.channels import receive

from . import tables
from .addresses import WAYS, names
from .world import ANYBODY, MAIL, Actor, World

pytestmark = pytest.mark.django_db
ODD = ["\x00", "²", "9" * 40, "x" * 70_000, "😀\u202e\u2028", "1e999"]
QUERIES = [
    "q=%00", "q=%ff%fe", "after=%00", "after=WzEsMV0", "after=W251bGwsIEluZmluaXR5XQ", "after=e30", "after=W251bGwsIDFd", "page=0", "page=x",
    "page=99999999999999999999", "view=%00&channel=%00&state=%00", "lang=%00", "lang=de", "done=%00", "mode=%00", "received=%00", "a=" + "x" * 3000,
]  # fmt: skip


OF_THE_MAIL = ("workspace:sending", "workspace:muting", "workspace:letting-go")


def _actor(world: World, name: str) -> Actor:
    if name.startswith("tracking"):
        return ANYBODY._replace(relation="holder")
    machine_room = "queue" in name or "mailbox" in name or name in OF_THE_MAIL
    return world.actor("administrator" if machine_room else "complaints_manager", "team")


@pytest.mark.parametrize("name", names())
def test_no_odd_form_breaks_an_address(name: str, world: World, settings: Any) -> None:
    way, actor = WAYS[name], _actor(world, name)
    settings.DEMO = way.demo
    address = reverse(name, kwargs=way.arguments(world, actor))
    wrong = []
    for form in _forms(dict(way.form(world, actor))):
        with tables.undone():
            answer = world.ask(actor, "POST", address, form)
            if answer.status_code >= 500:
                field = next(iter(form), "")
                wrong.append(f"{answer.status_code} for {field}={form[field][:40]!r}")
    assert wrong == []


def _forms(good: dict[str, str]) -> Iterator[dict[str, str]]:
    """The good form with each field odd in turn, and what no form of ours has."""
    extra = {
        "to": "1",
        "answer_by": "2026-12-01",
        "lang": "fr",
        "next": "/desk/",
        "mode": "reply",
        "back": "1",
    }
    for field in {**good, **extra}:
        for odd in ODD if field in good or field in ("to", "answer_by") else ODD[:2]:
            yield {field: odd, **{name: value for name, value in good.items() if name != field}}
    yield {}


@pytest.mark.parametrize("name", names())
def test_no_odd_query_breaks_a_page(name: str, world: World, settings: Any) -> None:
    way, actor = WAYS[name], _actor(world, name)
    settings.DEMO = way.demo
    address = reverse(name, kwargs=way.arguments(world, actor))
    for view in ("", "view=ended&", "view=team&") if name == "workspace:cases" else ("",):
        for query in QUERIES:
            answer = world.ask(actor, "GET", f"{address}?{view}{query}")
            assert answer.status_code < 500, query
            if answer.streaming:
                b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "part",
    [
        "\x00",
        "²",
        "9" * 40,
        "..",
        "R-2026-00001\x00",
        "x" * 500,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_no_odd_part_of_an_address_breaks_it(part: str, world: World) -> None:
    actor = world.actor("complaints_manager", "team")
    for before, after in (
        ("/desk/cases/", ""), ("/desk/cases/", "/files/1"), ("/t/", ""), ("/t/1-", ""), ("/desk/quarantine/", "/original"), ("/desk/outbox/", ""),
    ):  # fmt: skip
        assert world.ask(actor, "GET", f"{before}{quote(part)}{after}").status_code in (400, 404)


@pytest.mark.parametrize(
    "where",
    [
        "Subject: a",
        "From: a",
        "Message-ID: <a",
        "In-Reply-To: <a",
        "filename=a",
        "jamais",
        "application/pd",
        "Date: W",
    ],
)
def test_a_nul_anywhere_in_a_mail_is_no_trouble(where: str, world: World) -> None:
    """PostgreSQL keeps no NUL in a text: it must be gone before."""
    raw = b"In-Reply-To: <abc@x.test>\r\n" + MAIL % {b"number": 500}
    cut = (
        raw.replace(b"Jeanne", b"aJeanne")
        .replace(b"Ma commande", b"a commande")
        .replace(b"<500@", b"<a500@")
        .replace(b"=facture", b"=afacture")
    )
    assert where.encode() in cut
    with tables.undone():
        outcome = receive.receive(
            receive.keep(cut.replace(where.encode(), where.encode() + b"\x00", 1), envelope_from="a@b.test")
        )
        assert outcome.outcome == "opened", outcome
