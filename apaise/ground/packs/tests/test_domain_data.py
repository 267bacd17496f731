"""The taxonomy, the coaching data and the templates we ship agree with each other and with the closed lists."""

import re

import yaml

from apaise.ground.packs import DATA, vocabulary
from apaise.ground.packs.checks import entries
from apaise.ground.packs.load import load_shipped_packs
from apaise.ground.packs.texts import text_problems
from apaise.lib.language.folding import folded

TAXONOMY, TEMPLATES, DEESCALATION = (
    yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    for name in ("taxonomy", "templates", "deescalation")
)
WHO = (*vocabulary.ROLES, *vocabulary.FUNCTIONS)


def test_every_text_is_in_both_languages():
    about_templates = {
        group: [
            {key: value for key, value in each.items() if key not in ("fr", "en")}
            for each in TEMPLATES[group]
        ]
        for group in ("templates", "fragments")
    }
    assert [*text_problems(TAXONOMY), *text_problems(DEESCALATION), *text_problems(about_templates)] == []


def test_causes_have_an_owner_that_exists_and_ids_of_their_family():
    families = TAXONOMY["categories"]
    ids = [family["id"] for family in families] + [
        child["id"] for family in families for child in family["children"]
    ]
    assert len(ids) == len(set(ids))
    assert all(family["owner"] in WHO for family in families)
    assert all(
        child["id"].startswith(f"{family['id']}.") for family in families for child in family["children"]
    )


def test_packs_name_causes_of_the_taxonomy():
    causes = {child["id"] for family in TAXONOMY["categories"] for child in family["children"]}
    for pack in load_shipped_packs(check=False).values():
        for _, _, node in entries({"pack": pack.as_dict()}):
            for leaf in node if isinstance(node, list) else [node]:
                if isinstance(leaf, dict) and leaf.get("fact") == "case.cause":
                    named = next(value for key, value in leaf.items() if key != "fact")
                    assert set(named if isinstance(named, list) else [named]) <= causes


def test_approvers_of_templates_exist():
    assert all(each["approval"]["role"] in WHO for each in TEMPLATES["templates"] if "approval" in each)


def test_severities_and_channels_of_the_coach_are_known():
    assert DEESCALATION["severities"] == ["block", "warn", "hint"]
    assert {each["severity"] for each in DEESCALATION["forbidden_phrases"]} <= set(DEESCALATION["severities"])
    assert set(DEESCALATION["channels"]) <= set(vocabulary.CHANNELS)
    ids = [each["id"] for each in DEESCALATION["forbidden_phrases"]]
    assert len(ids) == len(set(ids))


def test_no_template_uses_a_phrase_that_the_coach_blocks():
    blocked = [each for each in DEESCALATION["forbidden_phrases"] if each["severity"] == "block"]
    for template in TEMPLATES["templates"]:
        for language in ("fr", "en"):
            text = folded(template[language]["subject"] + template[language]["body"])
            found = [
                phrase for each in blocked for phrase in each[f"detect_{language}"] if folded(phrase) in text
            ]
            assert found == [], template["id"]


def test_both_languages_of_a_template_say_the_same_things():
    for each in (*TEMPLATES["templates"], *TEMPLATES["fragments"]):
        tags = [set(re.findall(r"\{\{[#>]?\w+\}\}", str(each[language]))) for language in ("fr", "en")]
        assert tags[0] == tags[1], each["id"]


def test_templates_never_link_to_the_closed_european_platform():
    assert not re.search(r"ec\.europa\.eu|\bodr\b", str(TEMPLATES).lower())
