"""The company's own packs: what they may change, how they come into force, what they leave alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apaise.ground.accounts.models import Function, Membership, Team, User
from apaise.ground.ledger.models import Entry
from apaise.ground.packs import company
from apaise.ground.packs.choose import active_packs, pack_for
from apaise.ground.packs.company import PackRefused, check, keep_draft, publish, publish_again, withdraw
from apaise.ground.packs.edition import PackDraft, PackEdition
from apaise.ground.packs.load import WrongPack, load_pack
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.lib.sayable import said as in_language

pytestmark = pytest.mark.django_db
HEAD = """\
schema: policy-pack/1
id: tramontel
version: "1"
extends: fr-consommation
reviewed_on: "2026-11-28"
label: {fr: Tramontel, en: Tramontel}
"""
FASTER = (
    HEAD
    + """\
deadlines:
  - id: ack
    label: {fr: Accusé, en: Acknowledgement}
    trigger: case.received
    duration: {value: 30, unit: minutes}
    stop_on: [ack.sent]
    owner: desk
    force: internal
    source: [practice]
    confidence: practice
"""
)
GDPR = """\
deadlines:
  - id: gdpr_request
    label: {fr: Demande de droits, en: Data-subject request}
    trigger: gdpr.request_received
    duration: {value: 1, unit: months}
    roll: previous
    stop_on: [gdpr.request_answered]
    extension: {allowed: true, by: [dpo], adds: {value: 2, unit: months}, must_notify_customer: true, notify_within: {value: 1, unit: months}}
    owner: dpo
    force: law
    source: [RGPD12]
    confidence: verified
"""


@pytest.fixture
def manager():
    """A complaints manager in a house where every role and function is held by somebody."""
    user = User.objects.create_user("helene@desk.test", "Hélène", roles=["complaints_manager"])
    User.objects.create_user("tous@desk.test", "Tous", roles=ROLES)
    team = Team.objects.create(code="tous", name="Tous")
    Membership.objects.create(team=team, user=user)
    Function.objects.all().delete()
    for code, held_by in FUNCTIONS.items():
        if held_by in ("team", "person"):
            Function.objects.create(code=code, team=team)
    return user


def published(text, by, why="Nous allons plus vite."):
    return publish(keep_draft(text, by=by), by=by, why=why)


def said(text):
    with pytest.raises(WrongPack) as refused:
        check(text)
    untranslated = [one.what for one in refused.value.problems if in_language(one.what, "fr") == one.what]
    assert untranslated == []
    return [(problem.line, problem.what) for problem in refused.value.problems]


def test_a_pack_says_only_what_differs_and_leaves_the_rest_to_the_one_it_extends():
    pack, parent, _text = check(FASTER)
    assert (pack.deadline("ack").duration.value, pack.deadline("ack").duration.unit) == (30, "minutes")
    assert pack.deadline("reply_target") == parent.deadline("reply_target")
    assert pack.block("escalation") == parent.block("escalation")
    assert pack.acknowledgement == parent.acknowledgement
    assert pack.block("language") == "fr"


def test_what_is_published_is_in_force_for_new_cases_in_place_of_the_pack_it_extends(manager):
    assert [pack.id for pack in active_packs()] == ["fr-b2b-maintenance", "fr-consommation"]
    edition = published(FASTER, manager)
    assert [pack.id for pack in active_packs()] == ["fr-b2b-maintenance", "tramontel"]
    assert pack_for({"customer.kind": "consumer"}).label == "tramontel@1"
    assert pack_for({}).id == "tramontel"
    entry = Entry.objects.get(what="pack.published")
    assert entry.facts == {
        "pack": "tramontel",
        "pack_version": "1",
        "number": 1,
        "pack_digest": edition.digest,
    }
    assert not PackDraft.objects.exists()


def test_a_pack_for_other_customers_is_tried_before_the_one_it_extends(manager):
    sector = (
        "applies_when: {all: [{fact: customer.kind, eq: consumer}, {fact: contract.sector, eq: telecom}]}\n"
    )
    published(FASTER + sector, manager)
    assert [pack.id for pack in active_packs()] == ["fr-b2b-maintenance", "tramontel", "fr-consommation"]
    assert pack_for({"customer.kind": "consumer", "contract.sector": "telecom"}).id == "tramontel"
    assert pack_for({"customer.kind": "consumer"}).id == "fr-consommation"
    assert pack_for({}).id == "fr-consommation"


def test_running_cases_keep_the_pack_they_froze(manager, complain):
    case = complain()
    due = case.deadlines.get(rule="ack").due_at
    published(FASTER, manager)
    later = complain(email="luc@courriel.exemple.test")
    case.refresh_from_db()
    assert case.pack_version.pack_id == "fr-consommation"
    assert case.deadlines.get(rule="ack").due_at == due
    assert later.pack_version.pack_id == "tramontel"
    assert (later.deadlines.get(rule="ack").due_at - later.received_at).total_seconds() == 30 * 60


def test_going_back_is_publishing_an_earlier_edition_again(manager):
    first = published(FASTER, manager)
    published(FASTER.replace("value: 30", "value: 20").replace('"1"', '"2"'), manager)
    assert pack_for({}).deadline("ack").duration.value == 20
    publish_again(first, by=manager, why="Vingt minutes, c’était trop court.")
    assert pack_for({}).deadline("ack").duration.value == 30
    assert list(PackEdition.objects.order_by("number").values_list("number", "version")) == [
        (1, "1"),
        (2, "2"),
        (3, "1"),
    ]


def test_after_a_withdrawal_the_extended_pack_holds_again(manager):
    published(FASTER, manager)
    withdraw("tramontel", by=manager, why="Essai terminé.")
    assert [pack.id for pack in active_packs()] == ["fr-b2b-maintenance", "fr-consommation"]
    with pytest.raises(PackRefused, match=r"not in force|pas en vigueur"):
        withdraw("tramontel", by=manager, why="Encore.")


def test_choosing_a_pack_asks_the_database_one_question(manager):
    published(FASTER, manager)
    active_packs()
    with CaptureQueriesContext(connection) as asked:
        pack_for({"customer.kind": "consumer"})
    assert len(asked) == 1


def test_only_the_complaints_manager_changes_packs(manager):
    lead = User.objects.create_user("mathilde@desk.test", "Mathilde", roles=["team_lead", "administrator"])
    with pytest.raises(PackRefused):
        keep_draft(FASTER, by=lead)
    draft = keep_draft(FASTER, by=manager)
    with pytest.raises(PackRefused):
        publish(draft, by=lead, why="Non.")
    edition = publish(draft, by=manager, why="Oui.")
    with pytest.raises(PackRefused):
        publish_again(edition, by=lead, why="Non.")
    with pytest.raises(PackRefused):
        withdraw("tramontel", by=lead, why="Non.")
    assert PackEdition.objects.count() == 1


def test_a_publication_says_why(manager):
    draft = keep_draft(FASTER, by=manager)
    with pytest.raises(PackRefused):
        publish(draft, by=manager, why="  ")
    assert not PackEdition.objects.exists() and PackDraft.objects.count() == 1


def test_a_function_that_nobody_holds_stops_the_publication(manager):
    Function.objects.filter(code="billing").delete()
    draft = keep_draft(FASTER, by=manager)
    with pytest.raises(PackRefused, match="billing"):
        publish(draft, by=manager, why="Plus vite.")
    assert not PackEdition.objects.exists()


def test_a_role_of_the_ladder_that_nobody_has_stops_the_publication(manager):
    User.objects.get(email="tous@desk.test").give_roles(set(ROLES) - {"internal_mediator"})
    assert company.nobody_holds(check(FASTER).pack) == ["internal_mediator"]


def test_of_two_people_who_save_a_draft_the_second_is_told(manager):
    draft = keep_draft(FASTER, by=manager)
    keep_draft(FASTER.replace("value: 30", "value: 20"), by=manager, only="tramontel", seen=draft.revision)
    with pytest.raises(PackRefused):
        keep_draft(
            FASTER.replace("value: 30", "value: 10"), by=manager, only="tramontel", seen=draft.revision
        )
    assert "value: 20" in PackDraft.objects.get().text


def test_one_version_number_means_one_content(manager):
    published(FASTER, manager)
    other = keep_draft(FASTER.replace("value: 30", "value: 20"), by=manager)
    with pytest.raises(PackRefused):
        publish(other, by=manager, why="Autre chose.")


def test_two_packs_cannot_take_one_place(manager):
    published(FASTER, manager)
    twin = keep_draft(FASTER.replace("id: tramontel", "id: twin"), by=manager)
    with pytest.raises(PackRefused, match="tramontel"):
        publish(twin, by=manager, why="Un autre.")


def test_published_packs_cannot_extend_each_other_in_a_circle(manager):
    published(FASTER, manager)
    published(FASTER.replace("id: tramontel", "id: fille").replace("fr-consommation", "tramontel"), manager)
    assert [pack.id for pack in active_packs()] == ["fr-b2b-maintenance", "fille"]
    [(_line, what)] = said(FASTER.replace("fr-consommation", "fille").replace('"1"', '"2"'))
    assert what == "these packs extend each other in a circle: tramontel → fille → tramontel; remove one link"


# what is added to or replaced in a pack, the line, what is said
UNLAWFUL = [
    (GDPR.replace("value: 1, unit: months}\n    roll", "value: 2, unit: months}\n    roll"), 11, "1 months at most, not 2 months"),
    (GDPR.replace("value: 1, unit: months}\n    roll", "value: 35, unit: calendar_days}\n    roll"), 11, "not 35 calendar_days"),
    (GDPR.replace("roll: previous", "roll: next"), 11, "can end later than the law allows"),
    (GDPR.replace("force: law", "force: internal"), 16, "`force` of `gdpr_request` is law"),
    (GDPR.replace("stop_on: [", "stop_on: [ack.sent, "), 13, "nothing more may go into `stop_on`; remove ack.sent"),
    (GDPR.replace("    owner: dpo", "    pause_when: [{open: awaiting_customer.started, close: awaiting_customer.ended}]\n    owner: dpo"), 15, "nothing more may go into `pause_when`"),
    (GDPR.replace("value: 2, unit: months", "value: 6, unit: months"), 14, "`extension` of `gdpr_request` is law"),
    (GDPR.replace("gdpr.request_received", "identity.verified"), 10, "`trigger` of `gdpr_request` is law"),
    ("deadlines: [{id: mediator_window, disabled: true}]\n", 7, "`mediator_window` is law and cannot be left out"),
    ("mandatory_mentions: [{id: free_phone, disabled: true}]\n", 7, "the mention `free_phone` is law"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "line", "what"), UNLAWFUL, ids=[each[2] for each in UNLAWFUL])
def test_a_rule_of_law_cannot_be_made_weaker(more, line, what):
    assert [(at, True) for at, words in said(HEAD + more) if what in words] == [(line, True)], said(
        HEAD + more
    )


def test_a_rule_of_law_may_be_made_stricter():
    pack = check(
        HEAD + GDPR.replace("value: 1, unit: months}\n    roll", "value: 15, unit: calendar_days}\n    roll")
    ).pack
    assert pack.deadline("gdpr_request").duration.value == 15


def test_a_right_of_the_customer_may_be_made_longer_and_never_shorter():
    window = """\
deadlines:
  - id: hidden_defect_window
    label: {fr: Vices cachés, en: Hidden defects}
    trigger: goods.defect_discovered
    duration: {value: 2, unit: years}
    roll: next
    customer_right: true
    owner: after_sales
    force: law
    source: [C1641]
    confidence: secondary
"""
    assert check(HEAD + window.replace("value: 2", "value: 3")).pack.deadline("hidden_defect_window")
    [(line, what)] = said(HEAD + window.replace("value: 2", "value: 1"))
    assert (line, what) == (
        11,
        "`hidden_defect_window` is the customer's by law: 2 years at least, not 1 years; make it longer",
    )


@pytest.mark.parametrize("extended", ["uk-fca", "fr-energie", "fr-banque-assurance", "fr-b2b-maintenance"])
def test_a_pack_that_changes_nothing_is_as_strict_as_every_shipped_one(extended):
    assert check(HEAD.replace("fr-consommation", extended)).parent == load_pack(extended, check=False)


def test_a_working_week_that_puts_off_the_law_is_refused():
    slow = HEAD.replace("fr-consommation", "uk-fca") + "calendar: {business_days: [mon, tue]}\n"
    assert [line for line, _what in said(slow)] == [7] * len(said(slow))
    assert any("can end later than the law allows" in what for _line, what in said(slow))


BAD = [
    (HEAD.replace("extends: fr-consommation\n", ""), 1, "is missing"),
    (HEAD.replace("fr-consommation", "null"), 1, "is missing"),
    (HEAD.replace("id: tramontel", "id: fr-energie"), 2, "`fr-energie` is a shipped pack; choose another id"),
    (HEAD.replace("fr-consommation", "tramontel"), 4, "in a circle: tramontel → tramontel"),
    (HEAD.replace("fr-consommation", "nowhere"), 4, "there is no pack `nowhere` to extend"),
    (HEAD + "calendar: {holidays: {set: moon}}\n", 7, "There is no holiday set “moon”"),
    (HEAD + "escalation: []\n", 7, "a ladder without a level helps nobody"),
    (HEAD + "a: &a [x]\nb: *a\n", 7, "anchors and aliases are not used"),
    (FASTER.replace("value: 30", "value: -30"), 11, "“-30” is too small; it begins at 0"),
    (FASTER.replace("owner: desk", "owner: butler"), 13, "there is no role or function `butler`"),
    (FASTER.replace("case.received", "case.arrived"), 10, "there is no event word `case.arrived`"),
    (FASTER.replace("    owner", "    on_breach: [panic]\n    owner"), 13, "there is no breach action `panic`"),
    (FASTER.replace("    owner", "    applies_when: {fact: customer.mood, eq: bad}\n    owner"), 13, "there is no fact `customer.mood`"),
    (HEAD + "id: twin\n", 7, "`id` stands here twice"),
    (HEAD + "#" * 1_000_000, 1, "larger than any pack"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "what"), BAD, ids=[each[2] for each in BAD])
def test_a_mistake_in_a_company_pack_is_told_with_line_and_reason(text, line, what):
    assert any(at == line and what in words for at, words in said(text)), said(text)
