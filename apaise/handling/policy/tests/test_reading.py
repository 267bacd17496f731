"""A pack in plain language, in both languages, and what differs between two."""

import re

import pytest
from django.utils import translation

from apaise.ground.packs.load import load_pack, shipped_ids
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.vocabulary import BREACH_ACTIONS, EVENTS, FACTS
from apaise.handling.policy.conditions import condition_words
from apaise.handling.policy.contacts import needs_mediator
from apaise.handling.policy.differences import Difference, differences, raw_difference
from apaise.handling.policy.reading import read
from apaise.handling.policy.wording import BREACH_NAMES, FACT_NAMES

CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\b(?:case|customer|contract)\.[a-z_]+")


def words_of(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("id", "code", "whose", "tone", "version"):
                yield from words_of(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from words_of(each)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("pack_id", shipped_ids())
def test_no_code_is_left_in_the_words(pack_id, language):
    with translation.override(language):
        page = read(load_pack(pack_id, check=False))
    page["calendar"] = page["calendar"][:1]  # the name of a time zone and of a set of holidays are codes
    left = {code for words in words_of(page) for code in CODE.findall(words)}
    left |= {event for words in words_of(page) for event in EVENTS if event in words}
    assert left - {"min_experience_years", "opens_when"} == set()  # two notes of lawyers name a key


def test_every_fact_and_breach_action_has_a_name():
    assert set(FACT_NAMES) >= set(FACTS)
    assert set(BREACH_NAMES) >= set(BREACH_ACTIONS)


def rule(page, rule_id):
    return next(each for _title, rules in page["deadlines"] for each in rules if each["id"] == rule_id)


def test_a_deadline_reads_as_a_sentence_with_its_reasons():
    ack = rule(read(load_pack("fr-b2b-maintenance", check=False)), "ack")
    assert ack["sentence"] == "We have 60 minutes."
    assert dict(ack["rows"])["Starts when"] == "We received the complaint"
    assert dict(ack["rows"])["If it is missed"] == "the team lead is told at once; the case goes up one level"
    assert ack["sure"] == {"words": "professional practice", "tone": None, "again": False}


def test_what_was_not_read_in_the_text_says_so():
    page = read(load_pack("fr-consommation", check=False))
    assert rule(page, "delivery_default")["sure"]["again"] is True
    assert rule(page, "gdpr_request")["sure"]["again"] is False


def test_in_french_too():
    with translation.override("fr"):
        ack = rule(read(load_pack("fr-b2b-maintenance", check=False)), "ack")
    assert ack["sentence"] == "Nous avons 60 minutes."


def test_a_condition_reads_as_words():
    node = {
        "all": [
            {"fact": "customer.kind", "eq": "consumer"},
            {"any": [{"fact": "customer.vip", "eq": True}, {"fact": "case.claim_amount", "gte": 1000}]},
        ]
    }
    assert (
        condition_words(node) == "Customer: Consumer and (VIP customer or Amount claimed (€): 1000 or more)"
    )
    assert condition_words({"not": {"fact": "customer.vip", "eq": True}}) == "not if: VIP customer"


def test_a_shorter_promise_is_one_difference():
    old = load_pack("fr-b2b-maintenance", check=False)
    data = old.as_dict()
    target = next(each for each in data["deadlines"] if each["id"] == "reply_target")
    target["duration_by_criticality"]["C2"]["value"] = 2
    found = differences(old, Pack.from_dict(data))
    assert found == [
        Difference("Deadline of the substantive reply", "Length, C2", "3 business days", "2 business days")
    ]
    assert differences(old, old) == []


def test_what_is_new_and_what_is_gone_is_told():
    old = load_pack("fr-b2b-maintenance", check=False)
    data = old.as_dict()
    data["adr_routes"] = [each for each in data["adr_routes"] if each["id"] != "arbitration"]
    found = differences(old, Pack.from_dict(data))
    assert {each.where for each in found} == {"Arbitration"}
    assert all(each.before and not each.after for each in found)


def test_the_raw_difference_shows_the_lines():
    assert raw_difference("a: 1\nb: 2\n", "a: 1\nb: 3\n") == ["@@ -1,2 +1,2 @@", " a: 1", "-b: 2", "+b: 3"]


def test_the_consumers_mediator_is_not_shown_to_businesses():
    assert needs_mediator(load_pack("fr-consommation", check=False))
    assert not needs_mediator(load_pack("fr-b2b-maintenance", check=False))
