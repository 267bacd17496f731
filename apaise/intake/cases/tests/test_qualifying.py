"""Qualifying a case: what it takes, what it says to the customer, and once."""

import pytest

from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.qualification import qualify, set_criticality
from apaise.intake.cases.tests.life_cycle import QUALIFIED, last, words_of
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


def test_qualifying_lists_the_grievances_and_sends_our_restatement(taken, ana, noon):
    case = taken()
    qualify(
        case, **{**QUALIFIED, "grievances": ["  Personne  n'est venu. ", "", "Facturé quand même."]}, by=ana
    )
    assert (case.state, case.criticality, case.declared_cause) == (
        "investigating",
        "C3",
        "service.missed_visit",
    )
    assert list(case.grievances.values_list("number", "text")) == [
        (1, "Personne n'est venu."),
        (2, "Facturé quand même."),
    ]
    message = case.messages.get(kind="restatement")
    assert (message.author_user, message.state, message.text) == (ana, "queued", QUALIFIED["restatement"])
    assert last(case, "case.qualified").facts == {
        "cause": "service.missed_visit",
        "criticality": "C3",
        "grievances": 1 + 1,
        "state": "investigating",
    }
    assert "restatement.sent" not in words_of(case)  # it has not left yet


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ({"grievances": []}, "at least one grievance"),
        ({"grievances": ["  "]}, "at least one grievance"),
        ({"cause": "service.nonsense"}, "Choose the cause"),
        ({"criticality": "C5"}, "Choose the criticality"),
        ({"criticality": ""}, "Choose the criticality"),
        ({"restatement": " \n"}, "what you understood"),
    ],
)
def test_nothing_is_qualified_with_a_gap(taken, ana, gap, said):
    case = taken()
    with refused(Refused, match=said):
        qualify(case, **{**QUALIFIED, **gap}, by=ana)
    assert case.state == "qualifying"


def test_a_case_is_qualified_once_and_by_whom_it_is_held(complain, qualified, ana):
    case = complain(email="luc@courriel.exemple.test")
    with refused(Refused, match="Take the case first"):
        qualify(case, **QUALIFIED, by=ana)
    case = qualified()
    with refused(Refused, match="past qualification"):
        qualify(case, **QUALIFIED, by=ana)


@pytest.mark.parametrize(
    ("cause", "told"), [("billing.double", True), ("payment.refund_late", True), ("service.quality", False)]
)
def test_a_billing_cause_is_told_apart(taken, ana, cause, told):
    case = taken()
    qualify(case, **{**QUALIFIED, "cause": cause}, by=ana)
    assert ("case.qualified_as_billing_dispute" in words_of(case)) is told


def test_a_person_may_lower_the_criticality_and_it_is_recorded(qualified, ana):
    case = qualified()
    set_criticality(case, "C1", by=ana, reason="Vu ensemble")
    set_criticality(case, "C4", by=ana, reason="Vu ensemble")
    assert Case.objects.get(pk=case.pk).criticality == "C4"
    why = case.level_reasons.get(level="C4")
    said = {"before": "C1", "criticality": "C4", "proposed": "C3", "reason": why.pk}
    assert last(case, "criticality.changed").facts == said
    assert (why.text, why.by) == ("Vu ensemble", ana)
    with refused(Refused):
        set_criticality(case, "C9", by=ana, reason="Vu ensemble")
