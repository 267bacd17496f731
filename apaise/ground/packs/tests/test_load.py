import json
import re
from pathlib import Path

import pytest

from apaise.ground.packs import DATA
from apaise.ground.packs.load import (
    PackError,
    UnknownPack,
    WrongPack,
    load_pack,
    load_pack_file,
    load_shipped_packs,
    shipped_ids,
)
from apaise.ground.packs.pack import Pack
from apaise.lib.sayable import said

SHIPPED = ("fr-b2b-maintenance", "fr-banque-assurance", "fr-consommation", "fr-energie", "uk-fca")
SMALL = """\
schema: policy-pack/1
id: mine
version: "1"
extends: fr-consommation
language: fr
reviewed_on: "2026-11-21"
label: {fr: Le nôtre, en: Ours}
applies_when: {fact: customer.kind, eq: consumer}
sources: {}
deadlines:
  - id: ack
    label: {fr: Accusé, en: Acknowledgement}
    trigger: case.received
    duration: {value: 2, unit: business_hours}
    owner: desk
    force: internal
    source: [design]
    confidence: design
acknowledgement: {template: ack, required_fields: []}
mandatory_mentions: []
escalation: []
adr_routes: []
retention: []
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="mine.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def problems(path):
    with pytest.raises(WrongPack) as refused:
        load_pack_file(path)
    assert str(refused.value).startswith(str(refused.value.problems[0]))
    assert "\n" not in str(refused.value)
    untranslated = [each.what for each in refused.value.problems if said(each.what, "fr") == each.what]
    assert untranslated == []
    return [(each.line, each.what) for each in refused.value.problems]


@pytest.mark.parametrize("pack_id", SHIPPED)
def test_the_shipped_packs_pass_every_check(pack_id):
    assert load_pack(pack_id) == load_pack(pack_id, check=False)


def test_every_shipped_pack_is_listed():
    assert shipped_ids() == SHIPPED == tuple(load_shipped_packs(check=False))


def test_an_unknown_pack_is_refused_with_those_there_are():
    with pytest.raises(UnknownPack, match=r"no pack “\.\./secrets”; use one of fr-b2b-maintenance"):
        load_pack("../secrets")


def test_a_child_replaces_adds_and_disables():
    bank, b2b, parent = (
        load_pack("fr-banque-assurance"),
        load_pack("fr-b2b-maintenance"),
        load_pack("fr-consommation"),
    )
    assert bank.deadline("reply_hard_cap").force == "recommendation"
    assert bank.deadline("ack") == parent.deadline("ack")
    assert bank.deadline("ack_acpr").duration.unit == "ouvrable_days"
    assert b2b.deadline("mediator_window") is None
    assert b2b.deadline("gdpr_request") == parent.deadline("gdpr_request")
    assert b2b.block("criticality")["factors"] == parent.block("criticality")["factors"]
    assert [level["level"] for level in b2b.block("escalation")] == [1, 2, 3, 4]
    assert bank.acknowledgement["signatory"] == "desk_named_person"
    assert bank.calendar == parent.calendar


def test_a_pack_survives_the_database_unchanged():
    pack = load_pack("fr-energie")
    restored = Pack.from_dict(json.loads(json.dumps(pack.as_dict())))
    assert (restored, restored.digest) == (pack, pack.digest)
    assert restored.label == "fr-energie@2026.11.0"
    assert restored.deadlines == pack.deadlines
    assert len(pack.digest) == 64


def test_changing_a_copy_changes_no_pack():
    pack = load_pack("uk-fca")
    pack.as_dict()["deadlines"].clear()
    assert pack.deadline("ack") is not None


def test_a_pack_of_a_file_may_extend_a_shipped_one(written):
    pack = load_pack_file(written(SMALL))
    assert pack.label == "mine@1"
    assert pack.deadline("ack").duration.unit == "business_hours"
    assert pack.deadline("reply_hard_cap") is not None


def test_a_pack_may_extend_one_beside_it(written):
    written(SMALL)
    child = SMALL.replace("id: mine", "id: child").replace("extends: fr-consommation", "extends: mine")
    assert load_pack_file(written(child, "child.yaml")).deadline("ack").duration.value == 2


def test_packs_that_extend_each_other_are_refused(written):
    written(SMALL.replace("extends: fr-consommation", "extends: other"))
    path = written(SMALL.replace("id: mine", "id: other").replace("fr-consommation", "mine"), "other.yaml")
    [(line, what)] = problems(path)
    assert line == 4
    assert "in a circle: other → mine → other" in what


# what is replaced, by what, the line of the problem, what is said
MISTAKES = [
    ("owner: desk", "owner: [desk", 16, "this is not YAML"),
    ("id: mine\n", "id: mine\nid: twin\n", 3, "`id` stands here twice"),
    ("{fr: Le nôtre, en: Ours}", "&a {fr: Le nôtre, en: Ours}\ndisclaimer: *a", 7, "anchors and aliases"),
    ('"2026-11-21"', "2026-11-21", 6, "no plain word or number; put it in quotes"),
    ('"2026-11-21"', '"last week"', 6, "“last week” is no date"),
    ("label: {fr: Le nôtre, en: Ours}\n", "", 1, "`label` is missing"),
    ("owner: desk", "owner: desk\n    colour: red", 16, "there is no key `colour` here"),
    ("language: fr", "language: de", 5, "“de” is not allowed; use fr or en"),
    ('version: "1"', "version: 1", 3, "“1” must be a text"),
    ("id: mine", "id: My Pack", 2, "small letters, digits and hyphens"),
    (
        "{value: 2, unit: business_hours}",
        "{value: -2, unit: business_hours}",
        14,
        "“-2” is too small; it begins at 0",
    ),
    (
        "{value: 2, unit: business_hours}",
        "{value: 1.5, unit: business_hours}",
        14,
        "whole number of 0 or more",
    ),
    ("{value: 2, unit: business_hours}", "{value: 2, unit: fortnights}", 14, "“fortnights” is not allowed"),
    (
        "    duration: {value: 2, unit: business_hours}\n",
        "",
        11,
        "needs `duration` or `duration_by_criticality`",
    ),
    ("fr: Accusé, en", "en", 12, "`fr` is missing"),
    (
        "sources: {}",
        "sources: {}\ndefinitions: {complaint: {fr: Toute plainte}}",
        10,
        "one language only; add `en`",
    ),
    ("sources: {}", "sources: {}\nremedies: {style: calm words}", 10, "has no languages"),
    ("owner: desk", "owner: butler", 15, "there is no role or function `butler`"),
    ("trigger: case.received", "trigger: case.arrived", 13, "there is no event word `case.arrived`"),
    ("owner: desk", "owner: desk\n    on_breach: [panic]", 16, "there is no breach action `panic`"),
    ("sources: {}", "sources: {}\nintake: {channels: [pigeon]}", 10, "there is no channel `pigeon`"),
    ("source: [design]", "source: [rumour]", 17, "there is no source `rumour`; add it to `sources`"),
    ("fact: customer.kind", "fact: customer.mood", 8, "there is no fact `customer.mood`"),
    ("eq: consumer", "eq: consumr", 8, "`customer.kind` is never “consumr”"),
    ("eq: consumer", "like: consumer", 8, "exactly one operator"),
    ("eq: consumer", "in: consumer", 8, "`in` takes a list"),
    ("{fact: customer.kind, eq: consumer}", "{some: []}", 8, "a condition is {all: […]}"),
    (
        "{fact: customer.kind, eq: consumer}",
        "{fact: case.scope, eq: global}",
        8,
        "`case.scope` is never “global”",
    ),
    (
        "{fact: customer.kind, eq: consumer}",
        "{fact: case.sent_at, older_than: {value: 1, unit: moons}}",
        8,
        "There is no unit “moons”",
    ),
    (
        "template: ack,",
        "template: hello,",
        19,
        "`hello` is no acknowledgement template; use one of ack, ack_b2b",
    ),
    (
        "mandatory_mentions: []",
        "mandatory_mentions: [{id: m, when: {always: true}, where: [ack], template: nope, source: [design], confidence: design}]",
        20,
        "there is no template fragment `nope`",
    ),
    (
        "adr_routes: []",
        "adr_routes: [{id: ghost, disabled: true}]",
        22,
        "disables `ghost`, which no extended pack has",
    ),
    (
        "sources: {}",
        "sources: {}\ncalendar: {timezone: Mars/Olympus}",
        10,
        "There is no time zone “Mars/Olympus”",
    ),
    ("sources: {}", "sources: {}\ncalendar: {holidays: {set: moon}}", 10, "There is no holiday set “moon”"),
    ("extends: fr-consommation", "extends: fr-nowhere", 4, "there is no pack `fr-nowhere` to extend"),
    ("extends: fr-consommation", "extends: null", 1, "needs a calendar"),
    ("owner: desk", "owner: desk\n    max_pause: {value: 2, unit: weeks}", 16, "counted in calendar_days"),
    ("owner: desk", "owner: desk\n    warn_at: [1.5]", 16, "above 0 and up to 1"),
    (
        "owner: desk",
        "owner: desk\n    penalties: [{from_day: 2, increase: 0.1}]",
        16,
        "must begin at day 1 and rise",
    ),
    (
        "owner: desk",
        "owner: desk\n    pause_when: [awaiting_customer.started]",
        16,
        "a pause is written {open:",
    ),
    (
        "duration: {value: 2, unit: business_hours}",
        "duration_by_criticality: {C1: {value: 2, unit: business_hours}}",
        14,
        "no duration for C2, C3, C4",
    ),
    (
        "sources: {}",
        "sources: {}\ncriticality: {scope_question: {values: [isolated]}}",
        10,
        "each of the scopes",
    ),
    (
        "sources: {}",
        "sources: {}\nreporting: [{audience: executive}]",
        10,
        "an item of `reporting` needs its `id`",
    ),
]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"), MISTAKES, ids=[mistake[3] for mistake in MISTAKES]
)
def test_a_mistake_is_told_with_its_line(written, right, wrong, line, said):
    assert right in SMALL
    found = problems(written(SMALL.replace(right, wrong, 1)))
    assert any(said in what and at == line for at, what in found), found


def test_a_repeated_id_is_refused_where_it_stands(written):
    item = SMALL[SMALL.index("  - id: ack") : SMALL.index("acknowledgement:")]
    found = problems(written(SMALL.replace(item, item * 2)))
    assert found == [(11, "`ack` stands in `deadlines` more than once; keep one of them"), (19, found[0][1])]


def test_several_problems_are_told_together_in_the_order_of_the_file(written):
    text = SMALL.replace("owner: desk", "owner: butler").replace("case.received", "case.arrived")
    with pytest.raises(PackError, match=r"^mine\.yaml, line 13: .*\(1 more, see line 15\)$"):
        load_pack_file(written(text))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"- 1\n- 2\n", "must be a map"),
        (b"just words", "must be a map"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"a: \x00", "this is not YAML"),
        (b"a: " + b"[" * 5000, "this is not YAML"),
        (b"a: 0x_", "cannot be read as a number"),
        (b"? [1]\n: 2", "is not a word"),
        (b"x" * 1_000_001, "larger than any pack"),
    ],
)
def test_a_file_that_is_no_pack_is_refused_in_one_line(tmp_path, content, said):
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    assert said in problems(path)[0][1]


def test_a_missing_file_is_refused(tmp_path):
    assert "cannot be read (No such file" in problems(tmp_path / "gone.yaml")[0][1]


def test_the_documentation_shows_where_the_packs_are():
    doc = (Path(__file__).parents[4] / "docs" / "policy-packs.md").read_text(encoding="utf-8")
    for path in re.findall(r"`(apaise/[\w./-]+)`", doc):
        assert (Path(__file__).parents[4] / path).exists(), path
    assert (DATA / "policy-pack.schema.json").exists()
