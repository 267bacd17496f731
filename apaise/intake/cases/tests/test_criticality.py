"""The score sets the level while no person has; a person's level is kept with a reason, and a higher score only suggests."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import deadlines
from apaise.intake.cases.criticality import set_criticality, standing, weigh
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.knowable import FACTS, SHARE, YES_NO
from apaise.intake.cases.knowing import know, know_all
from apaise.intake.cases.known_fact import KnownFact
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.qualification import qualify
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
READER = System("triage")


@pytest.fixture
def case(complain, noon):
    return complain()


def said(case, what):
    return [entry.facts for entry in Entry.objects.of(case.reference).filter(what=what)]


def level(case):
    return Case.objects.values_list("criticality", flat=True).get(pk=case.pk)


# --- facts ------------------------------------------------------------------------------------------------


def test_a_person_says_what_is_known_and_the_record_says_who_and_when(case, ana, noon):
    assert know(case, "case.safety_risk", True, by=ana) is True
    row = KnownFact.objects.get(case=case)
    assert (row.fact, row.value, row.source, row.person, row.at) == (
        "case.safety_risk",
        True,
        "person",
        ana,
        noon,
    )
    entry = Entry.objects.of(case.reference).get(what="fact.told")
    assert (entry.by, entry.facts) == (ana.actor_code, {"fact": "case.safety_risk", "value": True})
    assert facts_of(case)["case.safety_risk"] is True


def test_saying_it_again_changes_nothing(case, ana):
    know(case, "case.claim_amount", "1200.5", by=ana)
    with nothing_changed():
        assert know(case, "case.claim_amount", "1200.50", by=ana) is False


def test_a_fact_can_be_unknown_again_and_the_record_keeps_both(case, ana):
    know(case, "case.production_stopped", False, by=ana)
    know(case, "case.production_stopped", None, by=ana)
    assert "case.production_stopped" not in facts_of(case)
    assert said(case, "fact.told") == [
        {"fact": "case.production_stopped", "value": False},
        {"fact": "case.production_stopped", "unknown": True},
    ]


def test_a_reading_never_stands_before_a_person(case, ana):
    know(case, "case.legal_threat", False, by=ana)
    know(case, "case.legal_threat", True, source="reading", by=READER)
    assert facts_of(case)["case.legal_threat"] is False
    know(case, "case.legal_threat", None, by=ana)
    assert facts_of(case)["case.legal_threat"] is True


def test_what_reading_finds_weighs_like_any_fact(case):
    know_all(case, {"case.anger_score": 0.8, "case.churn_score": 0.7}, source="reading", by=READER)
    assert (standing(case).score.points, level(case)) == (25, "C3")
    assert said(case, "fact.read")[0] == {"fact": "case.anger_score", "value": "0.8"}


def test_our_own_count_of_contacts_stands_unless_a_person_knows_of_more(case, ana):
    weigh(case)
    assert facts_of(case)["case.previous_attempts"] == 0
    know(case, "case.previous_attempts", 3, by=ana)
    assert facts_of(case)["case.previous_attempts"] == 3


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("case.criticality", "C1"), ("case.mood", True), ("case.safety_risk", "yes"), ("case.safety_risk", 1),
        ("case.claim_amount", -1), ("case.claim_amount", "NaN"), ("case.claim_amount", True), ("case.claim_amount", "mille"),
        ("case.anger_score", 1.2), ("case.previous_attempts", 1.5), ("case.reach", 10**13),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_changes_nothing(case, ana, fact, value):
    with refused(Refused):
        know(case, fact, value, by=ana)


def test_a_stranger_and_who_is_kept_apart_say_nothing_of_a_case(case, eve, ana, mara, staff):
    keep_apart(case, ana, because="onsite_technician", by=mara)
    case = Case.objects.get(pk=case.pk)
    for person, why in (
        (eve, "another team"),
        (ana, "judge and party"),
        (staff("auditor"), "not work on it"),
    ):
        with refused(Refused, match=why):
            know(case, "case.safety_risk", True, by=person)


# --- level ------------------------------------------------------------------------------------------------


def test_the_score_sets_the_level_while_no_person_has(case, ana):
    know(case, "case.safety_risk", True, by=ana)
    assert level(case) == "C1"
    assert said(case, "criticality.changed") == [{"criticality": "C1", "points": 60, "why": "factors"}]
    know(case, "case.safety_risk", False, by=ana)  # a mistake, put right
    assert level(case) == "C3"


def test_what_is_not_read_is_not_small(case, ana):
    weigh(case)
    assert level(case) == ""  # C3 counts until somebody reads it
    know(case, "case.anger_score", 0.9, by=ana)
    assert (standing(case).score.level, standing(case).counts, level(case)) == ("C4", "C3", "")


def test_a_persons_level_is_kept_with_its_reason_and_a_higher_score_is_only_suggested(case, ana):
    set_criticality(case, "C4", by=ana, reason="Le client dit lui-même que rien ne presse.")
    know(case, "case.safety_risk", True, by=ana)
    assert (level(case), standing(case).suggested) == ("C4", "C1")
    assert said(case, "criticality.suggested") == [{"level": "C1", "beside": "C4", "points": 60}]
    weigh(case)
    assert len(said(case, "criticality.suggested")) == 1  # told once
    set_criticality(case, "C1", by=ana)  # one click: it is what the factors come to
    assert (level(case), standing(case).suggested) == ("C1", "")


def test_a_level_that_departs_from_the_factors_owes_a_reason(case, ana):
    with refused(Refused, match="Say why in a few words"):
        set_criticality(case, "C1", by=ana)
    with refused(Refused, match="Say why in a few words"):
        set_criticality(case, "C4", by=ana, reason="  ")
    set_criticality(case, "C3", by=ana)
    assert level(case) == "C3"


def test_whoever_qualifies_sets_the_level_and_the_record_says_what_the_factors_came_to(case, ana):
    assign(case, ana, by=ana)
    know(case, "case.safety_risk", True, by=ana)
    case.refresh_from_db()
    qualify(
        case, grievances=["Une fuite."], cause="service.missed_visit", criticality="C3", restatement="Bien ?", by=ana
    )  # fmt: skip
    assert (said(case, "case.qualified")[0]["proposed"], level(case), standing(case).suggested) == (
        "C1",
        "C3",
        "C1",
    )


def test_the_words_of_a_reason_are_not_in_the_record(case, ana):
    set_criticality(case, "C1", by=ana, reason="Mme Fontanel attend un enfant.")
    assert not Entry.objects.filter(facts_json__contains="Fontanel").exists()
    assert case.level_reasons.get().text == "Mme Fontanel attend un enfant."


def test_a_level_set_by_the_score_brings_dates_forward_and_they_can_be_computed_again(case, ana):
    before = {one.rule: one.due_at for one in case.deadlines.all()}
    know(case, "case.safety_risk", True, by=ana)
    after = {one.rule: one.due_at for one in case.deadlines.all()}
    assert after["reply_target"] < before["reply_target"]
    deadlines.rebuild(Case.objects.get(pk=case.pk))
    assert {one.rule: one.due_at for one in case.deadlines.all()} == after


TOLD = st.one_of(
    *(
        st.tuples(st.just(fact), st.booleans() if known.kind == YES_NO else st.floats(0, 1) if known.kind == SHARE else st.integers(0, 5000))
        for fact, known in FACTS.items()
    )
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(st.tuples(TOLD, st.sampled_from(["person", "reading"])), max_size=6),
    mine=st.sampled_from(["C1", "C2", "C3", "C4"]),
)
def test_whatever_becomes_known_a_persons_level_stays(complain, ana, told, mine):
    case = complain()
    set_criticality(case, mine, by=ana, reason="Vu avec le client.")
    for (fact, value), source in told:
        know(case, fact, value, source=source, by=ana if source == "person" else READER)
        assert level(case) == mine
