"""A GET never changes anything: mail scanners open links, browsers load pages ahead, robots follow everything."""

import smtplib
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from . import tables
from .addresses import WAYS, names
from .world import ANYBODY, Actor, World

pytestmark = pytest.mark.django_db
READERS = ("handler", "team_lead", "complaints_manager", "auditor", "administrator", "contributor")


def _actors(world: World, name: str) -> Iterator[Actor]:
    if name.startswith("tracking"):
        yield from [ANYBODY._replace(relation=kind) for kind in ("holder", "forged", "expired")]
        return
    yield ANYBODY
    for role in READERS:
        yield world.actor(role, "own")
    yield world.actor("handler", "excluded")


@pytest.mark.parametrize("name", names())
def test_reading_changes_no_row_and_sends_nothing(
    name: str, world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = WAYS[name]
    settings.DEMO = way.demo
    monkeypatch.setattr(smtplib.SMTP, "__init__", _no_mail)
    before, wrong = tables.content(), []
    for actor in _actors(world, name):
        plain = reverse(name, kwargs=way.arguments(world, actor))
        for address in (plain, f"{plain}?{way.query or 'lang=en&page=2&done=saved'}"):
            status = {}
            for method in ("GET", "HEAD"):
                with tables.watched() as watch:
                    response = world.ask(actor, method, address)
                    said = b"".join(response.streaming_content) if response.streaming else response.content
                status[method] = response.status_code
                cell = f"{method} {address} as {actor.role} {actor.relation}: {response.status_code}"
                if watch.writes:
                    wrong.append(f"{cell}, wrote {watch.writes[0]}")
                if method == "HEAD" and said:
                    wrong.append(f"{cell}, with a body")
                if response.status_code >= 500:
                    wrong.append(cell)
            if status["HEAD"] != status["GET"]:  # watchers and link checkers ask with HEAD
                wrong.append(f"{address} as {actor.role}: {status}")
    assert wrong == []
    assert tables.changed(before, tables.content()) == []


def _no_mail(*_: object, **__: object) -> None:
    raise AssertionError("a page was read and a mail was about to leave")
