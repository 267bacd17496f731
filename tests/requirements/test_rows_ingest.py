"""The rows on posts and transcripts, by the command one uses for them."""

import argparse
import json
from typing import Any

import pytest
from django.utils import translation

from apaise.doors.commands import ingest, parts
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.models import UNTIL_SET, Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def filed(desk: Any, monkeypatch: Any, capsys: Any) -> Any:
    """Ingest a file and return the cases of its results."""
    monkeypatch.setattr(parts, "prepare_database", lambda: None)

    def cases(path: Any, *, channel: str = "", case: str = "") -> list[Case]:
        options = argparse.Namespace(paths=[path], channel=channel, case=case, json=True)
        assert ingest.run(options) == 0
        results = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [Case.objects.get(reference=one["case"]) for one in results]

    return cases


@pytest.mark.parametrize(
    ("channel", "where"),
    [("social_media", {"network": "Mastodon"}), ("review_site", {"site": "AvisClients"})],
)
def test_s0_2_a_post_imported_as_complaint_is_exposed_and_its_criticality_increases(
    channel, where, filed, complain, tmp_path, work, noon
):
    words = "Trois semaines sans fibre, et personne ne répond."
    (tmp_path / "posts.jsonl").write_text(
        json.dumps({**where, "author": "@claire_f", "reach": 900, "text": words})
    )
    [exposed] = filed(tmp_path / "posts.jsonl", channel=channel)
    usual = complain(text=words)
    work()
    exposed.refresh_from_db()
    assert (exposed.public_exposure, usual.public_exposure) == (True, False)
    assert facts_of(exposed)["case.public_exposure"] is True
    assert (usual.criticality or UNTIL_SET, exposed.criticality) == ("C3", "C2")
    due = {case: case.deadlines.get(rule="reply_target").due_at for case in (exposed, usual)}
    assert due[exposed] < due[usual]


@pytest.mark.parametrize("form", ["vtt", "txt"])
def test_s4_34_a_transcript_attaches_to_its_call_with_its_turns(form, filed, complain, tmp_path, noon):
    case, content = complain(), {
        "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>Bonjour\n\n00:02.000 --> 00:03.000\n<v Claire Fontanel>Toujours rien.\n",
        "txt": "[00:00:01] Agent: Bonjour\n[00:00:02] Claire Fontanel: Toujours rien.\n",
    }[form]  # fmt: skip
    (tmp_path / f"call.{form}").write_text(content)
    assert filed(tmp_path / f"call.{form}", case=case.reference) == [case]
    message = case.messages.get(channel="phone")
    assert [(turn.speaker, turn.role, turn.start_ms, turn.text) for turn in message.turns.all()] == [
        ("Agent", "agent", 1000, "Bonjour"),
        ("Claire Fontanel", "customer", 2000, "Toujours rien."),
    ]
    assert message.new_text == "Toujours rien."
    assert [file.name for file in message.attachments.all()] == [f"call.{form}"]
