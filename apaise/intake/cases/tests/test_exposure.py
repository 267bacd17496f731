"""A complaint others can read: the case says so, and it weighs; nobody's level is changed by it."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import deadlines, policies, stages
from apaise.intake.cases.ending import withdraw
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.knowing import know
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.qualification import qualify
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


def expose(case):
    return add_customer_message(case, case.complainant, channel="social_media", text="Honteux.", public=True)


def qualified(case, ana, criticality):
    assign(case, ana, by=ana)
    qualify(
        case, grievances=["Personne."], cause="service.missed_visit", criticality=criticality, restatement="Bien ?", by=ana
    )  # fmt: skip
    return case


def entries(case, what):
    return [entry.facts for entry in Entry.objects.of(case.reference).filter(what=what)]


def test_a_public_post_exposes_its_case_and_its_factor_sets_what_counts_until_a_person_decides(
    complain, work, noon
):
    case = complain()
    assert "case.public_exposure" not in facts_of(case)
    before = {one.rule: one.due_at for one in case.deadlines.all()}
    message = expose(case)
    work()
    case.refresh_from_db()
    assert (case.public_exposure, case.criticality) == (
        True,
        "C2",
    )  # a level above C3, which counts until then
    assert facts_of(case)["case.public_exposure"] is True
    assert entries(case, "case.exposed") == [{"message": message.pk, "channel": "social_media"}]
    assert entries(case, "criticality.changed") == [{"criticality": "C2", "why": "factors", "points": 15}]
    know(case, "case.legal_threat", True, by=case.desk.signatory)
    know(case, "case.claim_amount", "1500", by=case.desk.signatory)
    case.refresh_from_db()
    assert case.criticality == "C2"  # 45 points
    after = {one.rule: one.due_at for one in case.deadlines.all()}
    assert {rule for rule in before if after[rule] < before[rule]} == {"first_contact", "reply_target"}
    assert all(after[rule] <= before[rule] for rule in before)
    deadlines.rebuild(case)
    assert {one.rule: one.due_at for one in case.deadlines.all()} == after


def test_a_second_post_changes_nothing_more(complain, work, noon):
    case = complain()
    expose(case)
    expose(case)
    work()
    case.refresh_from_db()
    assert case.criticality == "C2"
    assert len(entries(case, "case.exposed")) == len(entries(case, "criticality.changed")) == 1


@pytest.mark.parametrize("set_by_a_person", ["C1", "C2", "C3", "C4"])
def test_what_a_person_has_set_stays_whatever_becomes_public(set_by_a_person, complain, ana, work, noon):
    case = qualified(complain(), ana, set_by_a_person)
    expose(case)
    work()
    case.refresh_from_db()
    assert (case.criticality, case.public_exposure) == (set_by_a_person, True)
    suggested = [{"level": "C3", "beside": "C4", "points": 15}] if set_by_a_person == "C4" else []
    assert entries(case, "criticality.suggested") == suggested


def test_a_case_that_has_ended_is_exposed_and_its_criticality_stays(complain, noon):
    case = complain()
    withdraw(case, by=case.complainant)
    expose(case)
    case.refresh_from_db()
    assert (case.public_exposure, case.criticality) == (True, "")
    assert stages.progress(case).stage == "received"


def test_a_message_that_is_not_public_exposes_nothing(complain, noon):
    case = complain()
    add_customer_message(case, case.complainant, channel="social_media", text="En privé.")
    case.refresh_from_db()
    assert (case.public_exposure, case.criticality) == (False, "")


def test_an_exposed_case_is_still_to_be_qualified(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    expose(case)
    case.refresh_from_db()
    with nothing_changed():
        assert policies.qualify_refusal(ana, case) is None
    assert stages.progress(case).stage == "understood"
