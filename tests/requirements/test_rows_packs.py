"""What people look for in a desk about the rules it works by: one test for each row of the comparison."""

import html

import pytest
from django.utils import translation

from apaise.ground.accounts.models import Desk
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.company import check, keep_draft, publish
from apaise.ground.packs.load import load_pack
from apaise.ground.packs.mentions import mentions_for
from apaise.handling.policy.contacts import gaps, publish_contact, stages
from apaise.handling.policy.public import NotPublished
from apaise.handling.policy.public import publish as publish_page
from apaise.handling.policy.reading import read
from tests.everybody import name_everybody

pytestmark = pytest.mark.django_db
PACK = """\
schema: policy-pack/1
id: %s
version: "1"
extends: %s
reviewed_on: "2026-11-28"
label: {fr: Le nôtre, en: Ours}
applies_when: {fact: customer.kind, in: [consumer, non_professional, third_party]}
"""
WORDS = """\
mandatory_mentions:
  - id: our_promise
    when: {always: true}
    where: [final_reply]
    force: internal
    source: [practice]
    confidence: practice
deadlines:
  - id: ack
    label: {fr: Accusé, en: Acknowledgement}
    trigger: case.received
    duration: {value: 20, unit: minutes}
    stop_on: [ack.sent]
    owner: desk
    force: internal
    source: [practice]
    confidence: practice
"""


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def manager(desk, staff):
    return name_everybody(desk, staff)


def everybody(manager):
    for stage in stages(active_packs()):
        told = {
            "name_fr": f"Responsable {stage.code}",
            "name_en": f"Head {stage.code}",
            "email": f"{stage.code}@exemple.test",
        }
        publish_contact(stage.code, {**told, "phone": "01 99 00 12 30"}, by=manager)


def test_s0_3_switching_the_pack_changes_deadlines_and_mentions_of_new_cases_without_code(
    complain, manager, noon
):
    before = complain(kind="consumer")
    publish(
        keep_draft(PACK % ("tramontel", "fr-consommation") + WORDS, by=manager),
        by=manager,
        why="Vingt minutes.",
    )
    after = complain(email="luc@courriel.exemple.test", kind="consumer")

    def ack_minutes(case):
        return (case.deadlines.get(rule="ack").due_at - case.received_at).total_seconds() / 60

    def mentions(case):
        return {
            each.id
            for each in mentions_for(
                case.pack_version.pack, "final_reply", {"customer.kind": "consumer"}
            ).required
        }

    assert ack_minutes(after) == 20 and ack_minutes(before) > 20
    assert "our_promise" in mentions(after) and "our_promise" not in mentions(before)


def test_s0_38_a_pack_validates_and_the_engine_applies_deadlines_ladder_and_follow_up(
    complain, manager, noon
):
    pack = check(PACK % ("tramontel", "fr-consommation") + WORDS).pack
    publish(
        keep_draft(PACK % ("tramontel", "fr-consommation") + WORDS, by=manager),
        by=manager,
        why="Vingt minutes.",
    )
    case = complain(kind="consumer")
    frozen = case.pack_version.pack
    assert frozen == pack
    assert {"ack", "first_contact", "reply_target", "reply_hard_cap"} <= set(
        case.deadlines.values_list("rule", flat=True)
    )
    assert [level["level"] for level in frozen.block("escalation")] == [1, 2, 3, 4, 5]
    assert frozen.deadline("post_resolution_followup").trigger == "remedy.executed"
    page = read(frozen)
    assert [level["level"] for level in page["ladder"]] == [1, 2, 3, 4, 5]


def test_s2_8_the_published_page_shows_the_packs_deadlines_contacts_and_documents(client, manager):
    everybody(manager)
    publish_page(by=manager)
    page = html.unescape(client.get("/policy", headers={"accept-language": "en"}).content.decode())
    pack = load_pack("fr-consommation", check=False)
    for rule in (
        "ack",
        "first_contact",
        "reply_target",
        "reply_hard_cap",
        "progress_update",
        "post_resolution_followup",
    ):
        assert pack.deadline(rule).label["en"] in page, rule
    for words in (
        "Head internal_mediator",
        "executive@exemple.test",
        "Your documents",
        "Médiateur du commerce",
        "/policy",
    ):
        assert words in page, words


def test_s2_9_every_stage_has_a_named_contact_and_an_empty_one_fails_validation(client, manager):
    everybody(manager)
    assert gaps(active_packs(), Desk.objects.main()) == []
    publish_contact("team_lead", {}, by=manager)
    with pytest.raises(NotPublished) as refused:
        publish_page(by=manager)
    assert refused.value.problems == [
        "The public cannot reach “Team lead”. Give a name and a phone number or an e-mail address on the page “Contacts”."
    ]
    assert client.get("/policy/1").status_code == 404
    publish_contact(
        "team_lead", {"name_fr": "Mathilde", "name_en": "Mathilde", "phone": "01 99 00 12 30"}, by=manager
    )
    publish_page(by=manager)
    page = html.unescape(client.get("/policy", headers={"accept-language": "en"}).content.decode())
    assert all(stage.contact.name_en in page for stage in stages(active_packs()))
