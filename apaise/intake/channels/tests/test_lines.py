"""Reading one line of JSON: what it may say, and how each thing it may not say is named."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apaise.intake.channels.lines import PostSaid, read
from apaise.intake.channels.unread import BadLine
from apaise.lib.transcript import Said

DOC = (Path(__file__).parents[4] / "docs/operate/ingest.md").read_text(encoding="utf-8")
EXAMPLES = re.search(r"```jsonl\n(.*?)```", DOC, re.S)[1].strip().splitlines()


def line(**keys):
    return read(json.dumps(keys).encode())


def wrong(raw, channel=""):
    with pytest.raises(BadLine) as bad:
        read(raw if isinstance(raw, bytes) else json.dumps(raw).encode(), channel=channel)
    return bad.value.reason


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: json.loads(example)["channel"])
def test_each_example_of_the_documentation_reads(example, noon):
    data = json.loads(example)
    found = read(example.encode())
    assert found.channel == data["channel"]
    assert found.text == data.get("text", "")
    assert len(found.turns) == len(data.get("turns", []))


def test_the_examples_are_of_every_channel_there_is():
    from apaise.ground.packs.vocabulary import CHANNELS

    assert {json.loads(example)["channel"] for example in EXAMPLES} == set(CHANNELS)


def test_the_common_keys(noon):
    found = line(
        channel="email",
        id=12,
        at="2026-11-24T08:02:00",
        **{"from": {"name": " Claire  F ", "email": "c@ex.test", "phone": "06", "address": "1 rue A"}},
        to="a@ex.test",
        language="fr-CA",
        subject="Fibre",
        text=" Rien. ",
        files=["a.pdf"],
        case="r-2026-00012",
        thread="t",
        unknown={"x": 1},
    )
    assert (found.id, found.name, found.email, found.phone, found.address) == (
        "12",
        "Claire F",
        "c@ex.test",
        "06",
        "1 rue A",
    )
    assert found.at == datetime(2026, 11, 24, 7, 2, tzinfo=UTC)  # without offset it is the desk's zone
    assert (found.to, found.language, found.subject, found.text) == (["a@ex.test"], "fr", "Fibre", "Rien.")
    assert (found.files, found.case, found.thread, found.details) == (["a.pdf"], "R-2026-00012", "t", {})


def test_the_keys_of_a_channel_are_kept_and_those_of_another_are_not(noon):
    assert line(channel="phone", minutes=12.5, agent="Nadia", tried=["email", " "], place="x").details == {
        "minutes": 12.5,
        "agent": "Nadia",
        "tried": ["email"],
    }
    letter = line(channel="letter", posted_on="2026-11-20", received_on="2026-11-24", registered="1A")
    assert letter.details == {"posted_on": "2026-11-20", "received_on": "2026-11-24", "registered": "1A"}
    assert letter.at == datetime(2026, 11, 20, 11, tzinfo=UTC)
    assert letter.received_at == datetime(2026, 11, 24, 11, tzinfo=UTC)


def test_a_post_and_a_chat(noon):
    post = line(
        channel="review_site", site="Avis", author="Jean D.", rating=1.5, reach=340, url="https://a.example/1"
    )
    assert post.post == PostSaid("Avis", "Jean D.", 340, "https://a.example/1", Decimal("1.50"), False)
    chat = line(
        channel="chat",
        turns=[
            {"who": "Léa", "at": "2026-11-25T09:12:00+01:00", "text": " Rien. "},
            {"who": "agent", "at": "2026-11-25T09:12:30+01:00", "text": "Je regarde.", "role": "agent"},
            {"who": "agent", "text": ""},
        ],
    )
    assert chat.turns == [Said("Léa", "Rien.", 0), Said("agent", "Je regarde.", 30_000)]
    assert chat.roles == ["", "agent"]


def test_what_no_database_takes_is_made_visible():
    assert read(b'{"channel":"email","text":"a\\u0000b\\ud800c"}').text == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{bad", "It is no JSON from character 2 on."),
        (b'{"channel": "email", "text": "cut', "It is no JSON from character 30 on."),
        (b"\xff\xfe{", "It is not written in UTF-8."),
        (b'{"text": "caf\xe9"}', "It is not written in UTF-8."),
        (b"[1]", "It is JSON, but no object {…}."),
        (b"7", "It is JSON, but no object {…}."),
        (b"[" * 100_000, "It is JSON nested too deeply."),
        (b'{"id": ' + b"9" * 5000 + b"}", "It is no JSON from character 1 on."),
        ({}, "It has no “channel”, and none was given with --channel."),
        ({"channel": "fax"}, "“channel” must be one of the channels of the documentation."),
        ({"channel": 7}, "“channel” must be a text."),
        ({"channel": "email", "from": "claire"}, "“from” must be an object {…}."),
        ({"channel": "email", "from": {"email": "claire"}}, "“from.email” must be an e-mail address."),
        ({"channel": "email", "from": {"name": 1}}, "“from.name” must be a text."),
        ({"channel": "email", "at": "hier"}, "“at” must be a moment like 2026-11-25T14:30:00+01:00, not in the future."),
        ({"channel": "email", "at": "2027-01-01T00:00:00Z"}, "“at” must be a moment like 2026-11-25T14:30:00+01:00, not in the future."),
        ({"channel": "email", "at": "0001-01-01T00:00:00+14:00"}, "“at” must be a moment like 2026-11-25T14:30:00+01:00, not in the future."),
        ({"channel": "email", "files": "a.pdf"}, "“files” must be a list of texts."),
        ({"channel": "email", "case": "12"}, "“case” must be a reference like R-2026-00417."),
        ({"channel": "email", "id": True}, "“id” must be a text."),
        ({"channel": "email", "language": "!"}, "“language” must be a language code like fr or en."),
        ({"channel": "phone", "minutes": "douze"}, "“minutes” must be a number of minutes from 0 to 1440."),
        ({"channel": "phone", "minutes": -1}, "“minutes” must be a number of minutes from 0 to 1440."),
        ({"channel": "phone", "tried": [1]}, "“tried” must be a list of texts."),
        ({"channel": "letter", "posted_on": "20/11/2026"}, "“posted_on” must be a day like 2026-11-25, not in the future."),
        ({"channel": "letter", "received_on": "2026-12-24"}, "“received_on” must be a day like 2026-11-25, not in the future."),
        ({"channel": "letter", "posted_on": "2026-11-24", "received_on": "2026-11-20"}, "“received_on” must be no earlier than the day it was posted."),
        ({"channel": "chat", "turns": ["x"]}, "“turns.1” must be a list of {who, at, text}."),
        ({"channel": "chat", "turns": [{"text": 4}]}, "“turns.1.text” must be a text."),
        ({"channel": "social_media", "author": "a"}, "“network” is missing."),
        ({"channel": "review_site", "site": "a"}, "“author” is missing."),
        ({"channel": "review_site", "site": "a", "author": "b", "rating": True}, "“rating” must be a number from 0 to 100."),
        ({"channel": "social_media", "network": "a", "author": "b", "reach": 1.5}, "“reach” must be a whole number, zero or more."),
        ({"channel": "social_media", "network": "a", "author": "b", "private": "yes"}, "“private” must be true or false."),
        *(
            ({"channel": "social_media", "network": "a", "author": "b", "url": url}, "“url” must be an address that begins with https:// or http://.")
            for url in ("javascript:alert(1)", "//a.example", "https://", "http://me:pw@a.example", "https://a b", "http://[")
        ),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_named(raw, reason, noon):
    assert wrong(raw) == reason


def test_it_is_said_in_the_language_of_the_reader():
    with pytest.raises(BadLine) as bad:
        read(b'{"channel":"phone","minutes":"x"}')
    with translation.override("fr"):
        assert (
            bad.value.said().replace("\u00a0", " ")
            == "« minutes » doit être un nombre de minutes de 0 à 1440."
        )


def test_the_channel_of_the_line_comes_before_the_one_given():
    assert read(b'{"channel":"letter"}', channel="phone").channel == "letter"
    assert read(b"{}", channel="phone").channel == "phone"


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = "id at from to language subject text files case thread turns minutes agent tried posted_on received_on registered place network site author reach url rating private version partner".split()  # noqa: SIM905


@given(
    channel=st.sampled_from(["phone", "letter", "chat", "social_media", "review_site", "app", "partner"]),
    keys=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6),
)
def test_whatever_a_line_holds_it_reads_or_says_what_is_wrong(channel, keys):
    try:
        found = read(json.dumps({**keys, "channel": channel}).encode())
    except BadLine as bad:
        assert bad.reason.endswith(".")
    else:
        assert found.channel == channel
        json.dumps(found.details).encode()
