"""Whoever is kept apart from a case does not learn from any page that it exists."""

import re
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.models import Alert, User
from apaise.intake.cases.models import Exclusion

from .addresses import WAYS, names
from .apart import QUESTION
from .world import World

pytestmark = pytest.mark.django_db
READERS = ("handler", "complaints_manager", "auditor", "contributor")  # each sees cases by another rule
PAGES = [name for name in names() if name.startswith("workspace:") and name in WAYS]


@pytest.mark.parametrize("role", READERS)
def test_no_page_names_a_case_to_whoever_is_kept_apart_from_it(
    role: str, world: World, settings: Any
) -> None:
    actor = world.actor(role, "excluded")
    hidden = {case.reference for case in world.cases.values()}
    told = {}
    for name in PAGES:
        settings.DEMO = WAYS[name].demo
        address = reverse(name, kwargs=WAYS[name].arguments(world, actor))
        answer = world.ask(actor, "GET", f"{address}?{WAYS[name].query}")
        if answer.streaming or answer.status_code >= 400:
            continue
        if named := sorted(hidden & set(re.findall(r"R-\d{4}-\d+", answer.content.decode()))):
            told[name] = named
    assert told == {}


def test_every_case_page_is_as_if_it_were_not_there(world: World) -> None:
    """Reading and writing, for everybody who could otherwise: an open tab is no way round it."""
    wrong = []
    for role in READERS:
        actor = world.actor(role, "excluded")
        for name in (name for name in PAGES if "reference" in WAYS[name].arguments(world, actor)):
            address = reverse(name, kwargs=WAYS[name].arguments(world, actor))
            form = WAYS[name].form(world, actor)
            said = {world.ask(actor, method, address, form).status_code for method in ("GET", "POST")}
            if not said <= {404, 405} or 404 not in said:
                wrong.append((role, name, said))
    assert wrong == []


def test_alerts_of_a_case_are_neither_shown_nor_counted(world: World) -> None:
    actor = world.actor("handler", "excluded")
    assert Alert.objects.filter(user=actor.user, chain=world.cases["investigating"].reference).exists()
    page = world.ask(actor, "GET", reverse("workspace:alerts")).content.decode()
    assert 'class="notice' not in page.replace('class="notices', "")
    assert _alerts_counted(actor.user) == 0
    assert _alerts_counted(world.users["handler", "team"]) == 1


def _alerts_counted(user: User) -> int:
    """The badge of the rail."""
    request = RequestFactory().get("/desk/alerts")
    request.user = user
    return next(entry["count"] for entry in frame(request, "alerts")["rail"] if entry["here"] == "alerts")


def test_a_colleague_of_the_same_team_sees_what_the_excluded_one_does_not(world: World) -> None:
    """So that the tests above do not pass on an empty house."""
    page = world.ask(world.actor("handler", "team"), "GET", reverse("workspace:alerts")).content.decode()
    assert world.cases["investigating"].reference in page


def test_whoever_is_asked_sees_their_question_and_nobody_elses(world: World) -> None:
    mine, other = world.actor("contributor", "team"), world.actor("handler", "team")
    own = world.ask(mine, "GET", reverse("workspace:asked-note", args=[world.notes[mine.user.pk].pk]))
    assert QUESTION in own.content.decode()
    for method, address in (
        ("GET", "asked-note"),
        ("POST", "asked-note-draft"),
        ("POST", "asked-note-sending"),
    ):
        theirs = reverse(f"workspace:{address}", args=[world.notes[other.user.pk].pk])
        assert world.ask(mine, method, theirs, {"text": "Passé le 12."}).status_code == 404


def test_the_page_of_a_question_says_nothing_of_the_case(world: World) -> None:
    actor = world.actor("handler", "excluded")
    page = world.ask(actor, "GET", reverse("workspace:asked-note", args=[world.notes[actor.user.pk].pk]))
    text = page.content.decode()
    assert page.status_code == 200
    twin = world.cases["twin"]
    assert twin.reference not in text
    assert "Toujours rien au bureau" not in text


def test_everybody_kept_apart_in_this_world_is_kept_apart_from_every_case(world: World) -> None:
    user: User = world.users["handler", "excluded"]
    assert Exclusion.objects.filter(user=user).count() >= len(world.cases) - 1
