"""What the factors of each pack come to: only what is known to hold weighs, and nothing weighs less than nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaise.ground.packs.criticality import circuit, score
from apaise.ground.packs.load import WrongPack, load_pack_file, load_shipped_packs
from apaise.ground.packs.tests.files import overlay

PACKS = load_shipped_packs()
PUBLIC = {"case.public_exposure": True}
RECURRENT = {"case.scope": "recurrent"}
CUT = {"case.cause": "incident.cut"}


@pytest.mark.parametrize(
    ("pack", "facts", "points", "level"),
    [
        ("fr-consommation", {}, 0, "C4"),
        ("fr-consommation", PUBLIC, 15, "C3"),
        ("fr-consommation", {"case.public_exposure": False}, 0, "C4"),
        ("fr-consommation", {**PUBLIC, **RECURRENT}, 40, "C2"),
        ("fr-consommation", {"case.safety_risk": True}, 60, "C1"),
        ("fr-consommation", {"case.claim_amount": "999.99"}, 0, "C4"),
        ("fr-consommation", {"case.claim_amount": "1000.00"}, 15, "C3"),
        ("fr-energie", {**PUBLIC, **CUT}, 90, "C1"),  # 35 of its parent and 40 of its own
        ("fr-energie", {**PUBLIC, **CUT, "case.safety_risk": True}, 100, "C1"),
        ("fr-energie", {**CUT, "case.in_winter_truce": True}, 100, "C1"),
        ("fr-energie", {"case.in_winter_truce": True}, 0, "C4"),  # without a cut it protects nobody from one
        ("fr-b2b-maintenance", {"case.production_stopped": True}, 50, "C2"),
        ("fr-b2b-maintenance", {"case.production_stopped": True, "case.payment_withheld": True}, 65, "C1"),
        ("fr-b2b-maintenance", {"contract.renewal_in_days": 90}, 20, "C3"),
        ("fr-b2b-maintenance", {"contract.renewal_in_days": 91}, 0, "C4"),
        ("uk-fca", PUBLIC, 0, "C4"),
    ],
)
def test_the_factors_that_are_known_to_hold_add_up_to_a_hundred_at_most(pack, facts, points, level):
    scored = score(PACKS[pack], facts)
    assert (scored.points, scored.level) == (points, level)


def test_every_factor_is_shown_with_its_weight_and_whether_it_holds():
    scored = score(PACKS["fr-b2b-maintenance"], {"case.production_stopped": True, "case.safety_risk": False})
    shown = {factor.id: (factor.weight, factor.holds) for factor in scored.factors}
    assert shown["production_stopped"] == (50, True)
    assert shown["safety"] == (60, False)
    assert shown["sla_breach_proven"] == (30, None)  # not read, and weighs nothing
    assert len(shown) == 15
    assert scored.circuit == ("desk", "complaints_manager", "service_director")


def test_each_level_has_its_circuit_of_named_people():
    assert circuit(PACKS["uk-fca"], "C1") == ("complaints_manager", "senior_individual")
    assert circuit(PACKS["fr-consommation"], "C2") == ("desk", "senior_handler", "complaints_manager")
    assert circuit(PACKS["fr-consommation"], "C7") == ()


# Values by which facts are told; every factor of the shipped packs asks for some of them.
VALUES = {
    "case.safety_risk": st.booleans(), "customer.vulnerability": st.booleans(), "case.public_exposure": st.booleans(),
    "case.legal_threat": st.booleans(), "case.production_stopped": st.booleans(), "case.payment_withheld": st.booleans(),
    "case.sla_breach_verified": st.booleans(), "case.in_winter_truce": st.booleans(),
    "customer.medical_dependence_on_supply": st.booleans(), "case.anger_score": st.floats(0, 1),
    "case.churn_score": st.floats(0, 1), "case.claim_amount": st.integers(0, 5000), "case.previous_attempts": st.integers(0, 9),
    "case.cause": st.sampled_from(["incident.cut", "incident.outage", "billing.estimated_consumption", "service.missed_visit"]),
    "case.scope": st.sampled_from(["isolated", "recurrent", "systemic"]), "contract.renewal_in_days": st.integers(-5, 400),
    "case.legal_deadline_in_days": st.integers(-5, 60),
}  # fmt: skip
KNOWN = st.fixed_dictionaries({}, optional=VALUES)


@given(pack=st.sampled_from(sorted(PACKS)), known=KNOWN, more=KNOWN)
def test_one_more_fact_never_lowers_the_level(pack, known, more):
    before, after = score(PACKS[pack], known), score(PACKS[pack], {**more, **known})
    assert after.points >= before.points
    assert after.level <= before.level  # C1 is the highest


@given(pack=st.sampled_from(sorted(PACKS)), known=KNOWN)
def test_what_is_unknown_weighs_nothing(pack, known):
    scored = score(PACKS[pack], known)
    assert scored.points == min(100, sum(factor.weight for factor in scored.factors if factor.holds is True))
    for factor in scored.factors:
        if not set(factor.facts) & set(known):
            assert factor.holds is None


@pytest.mark.parametrize("weight", ["-10", "0", "1.5", "true"])
def test_no_factor_may_make_a_case_less_urgent(tmp_path, weight):
    label = f"{{id: known_grumbler, weight: {weight}, when: {{fact: case.previous_attempts, gte: 5}}}}"
    with pytest.raises(WrongPack, match="no factor makes a case less urgent"):
        load_pack_file(overlay(tmp_path, f"criticality: {{sla_factors: [{label}]}}"))


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("reach: {above: 5000, to_level: 9}", "there is no level 9 in `escalation`; use 1"),
        ("reach: {above: -1, to_level: 3}", "too small"),
        ("reach: {above: 5000}", "`to_level` is missing"),
        ("criticality: {factors: [{id: x, weight: 5}]}", "a factor needs `id`, `weight` and `when`"),
        ("criticality: {levels: [{id: C1}]}", "a level needs `id`, and `min`"),
    ],
)
def test_a_pack_that_weighs_wrongly_is_refused_with_the_reason(tmp_path, block, why):
    with pytest.raises(WrongPack) as refusal:
        load_pack_file(overlay(tmp_path, block))
    assert any(why in problem.what for problem in refusal.value.problems)
    assert all(problem.line >= 1 for problem in refusal.value.problems)
