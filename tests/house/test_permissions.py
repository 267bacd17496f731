"""Who may do what: every address, every role, every relation to the case, reading and writing. Expected: permissions.yaml."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import reverse

from apaise.ground.ledger.models import Entry
from apaise.ground.packs.vocabulary import ROLES
from apaise.intake.cases.models import Case

from . import tables
from .addresses import WAYS, names, relations_of
from .world import ANYBODY, LINKS, SECRETS, Actor, World

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("permissions.yaml")
METHODS = ("GET", "POST")
HARMLESS_TO_REPEAT = {("workspace:assignment", "own")}  # who holds the case already may take it again
SIGN_IN = "sign-in"  # led to the sign-in page


# --- the expected table -------------------------------------------------------------------------------------


def expected(name: str, method: str, role: str, relation: str) -> Any:
    """What permissions.yaml says about one cell; None when it says nothing."""
    said = (_table().get(name) or {}).get(method)
    if not isinstance(said, dict):
        return said
    rows = {role: row for roles, row in said.items() for role in str(roles).replace(",", " ").split()}
    row = rows.get(role, rows.get("others"))
    return row.get(relation, row.get("else")) if isinstance(row, dict) else row


def _table() -> dict[str, Any]:
    if not hasattr(_table, "read"):
        _table.read = yaml.safe_load(TABLE.read_text())["addresses"]  # type: ignore[attr-defined]
    return _table.read  # type: ignore[attr-defined,no-any-return]


def actors(world: World, name: str) -> Iterator[Actor]:
    """Anybody and everybody, in each relation that makes a difference here."""
    relations = relations_of(name)
    yield from (
        [ANYBODY._replace(relation=relation) for relation in relations] if relations == LINKS else [ANYBODY]
    )
    for role in ROLES:
        for relation in relations:
            yield world.actor(role, relation)


# --- asking ---------------------------------------------------------------------------------------------------


class Answer:
    """What became of one question."""

    def __init__(
        self, response: Any, changed: list[str], entries: int, method: str, handed_out: bytes
    ) -> None:
        location = response.headers.get("Location", "")
        to_the_door = response.status_code == 302 and location.partition("?")[0] == reverse("sign-in")
        self.said = SIGN_IN if to_the_door else response.status_code
        self.refused = to_the_door or response.status_code >= 400
        self.changed, self.entries = changed, entries
        self.text = handed_out.decode("latin-1") if response.streaming else response.content.decode()


def ask(world: World, name: str, method: str, actor: Actor, untouched: dict[str, tables.Content]) -> Answer:
    """One cell: asked, compared row by row, taken back."""
    way = WAYS[name]
    with tables.undone():
        if actor.relation in ("own", "excluded") and way.stage:
            Case.objects.filter(pk=world.cases[way.stage].pk).update(handler=actor.user)
            untouched = (
                {**untouched, "cases_case": tables.content()["cases_case"]} if method == "POST" else untouched
            )
        address = reverse(name, kwargs=way.arguments(world, actor))
        entries = Entry.objects.count()
        with tables.watched() as watch:
            response = world.ask(actor, method, address, way.form(world, actor) if method == "POST" else None)
            handed_out = b"".join(response.streaming_content) if response.streaming else b""
        changed = tables.changed(untouched, tables.content()) if watch.writes else []
        return Answer(response, changed, Entry.objects.count() - entries, method, handed_out)


@pytest.fixture(scope="module")
def untouched(world: World) -> dict[str, tables.Content]:
    return tables.content()


@pytest.mark.parametrize("name", names())
def test_everybody_gets_at_this_address_what_the_table_says(
    name: str, world: World, untouched: dict[str, tables.Content], settings: Any
) -> None:
    assert name in WAYS, (
        f"{name} is a new address: say in tests/house/addresses.py how to reach it and what its form sends."
    )
    assert name in _table(), (
        f"{name} is a new address: say in {TABLE.name} what each role gets there. Nobody gets anything by default."
    )
    settings.DEMO = WAYS[name].demo
    wrong = [line for method in METHODS for line in _wrong(world, name, method, untouched)]
    assert not wrong, "\n".join([f"{name}:", *wrong])


def _wrong(world: World, name: str, method: str, untouched: dict[str, tables.Content]) -> Iterator[str]:
    for actor in actors(world, name):
        cell = f"  {method} {actor.role} {actor.relation}".rstrip()
        wanted = expected(name, method, actor.role, actor.relation)
        if wanted is None:
            yield f"{cell}: not in {TABLE.name}"
            continue
        answer = ask(world, name, method, actor, untouched)
        if answer.said != wanted:
            yield f"{cell}: {answer.said}, not {wanted}"
        happened = answer.changed or answer.entries
        if answer.refused and happened:
            yield f"{cell}: refused, and yet changed {answer.changed}, {answer.entries} ledger entries"
        if (
            answer.said == 302
            and method == "POST"
            and not happened
            and (name, actor.relation) not in HARMLESS_TO_REPEAT
        ):
            yield f"{cell}: said to be done, and yet nothing changed; does addresses.py send a good form?"
        if actor.relation == "excluded" and (
            known := [secret for secret in SECRETS if secret in answer.text]
        ):
            yield f"{cell}: an excluded person reads “{known[0]}”"


def test_the_table_names_no_address_that_is_gone() -> None:
    assert sorted(set(_table()) - set(names())) == []


def test_what_one_may_not_see_looks_exactly_like_what_is_not_there(world: World) -> None:
    """404, and the same page to the letter: nothing tells an excluded person that the case exists."""
    for relation in ("excluded", "other"):
        actor = world.actor("handler", relation)
        hidden = world.ask(
            actor, "GET", reverse("workspace:case", args=[world.cases["investigating"].reference])
        )
        absent = world.ask(actor, "GET", reverse("workspace:case", args=["R-2026-9999999"]))
        assert hidden.status_code == absent.status_code == 404
        assert _plain(hidden) == _plain(absent)


def _plain(response: Any) -> bytes:
    """The page without what differs on each page: the address itself and the form's token."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", response.content)
    return re.sub(rb"R-?\d{4}-[0-9A-Z-]+", b"", page)


def test_outside_the_demo_there_is_no_outbox(world: World) -> None:
    actor = world.actor("complaints_manager", "team")
    for address in (
        reverse("workspace:outbox"),
        reverse("workspace:outbox-mail", args=[world.outbox_mail.pk]),
    ):
        assert world.ask(actor, "GET", address).status_code == 404
