"""Contracts renewed soon, and what their customers still have open with us."""

from datetime import timedelta

import pytest

from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import renewals
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.models import Case, Grievance
from apaise.intake.cases.promise import Promise

pytestmark = pytest.mark.django_db
TODAY = "2026-11-25"


@pytest.fixture
def company(db):
    return Organisation.objects.create(name="Clinique des Tilleuls")


@pytest.fixture
def contract(company, noon):
    def make(days, holder=None, **more):
        return Contract.objects.create(
            number=f"K-{days}-{Contract.objects.count()}",
            organisation=holder or company,
            renews_on=noon.date() + timedelta(days=days),
            **more,
        )

    return make


@pytest.fixture
def case_of(complain, company, ana):
    def make(contract=None, email="c@courriel.exemple.test"):
        case = complain(email=email)
        assign(case, ana, by=ana)
        Case.objects.filter(pk=case.pk).update(organisation=company, contract=contract)
        return Case.objects.get(pk=case.pk)

    return make


def _soon(user, noon, days=90, sort="date"):
    return renewals.renewed_soon(user, noon.date(), days, sort)


def test_a_contract_in_the_window_with_an_open_case_is_listed_and_one_outside_is_not(
    contract, case_of, cleo, noon
):
    inside, _outside, _gone = contract(90), contract(91), contract(-1)
    case_of(inside)
    (found,) = _soon(cleo, noon)
    assert (found.contract, found.days, found.open, found.broken, found.refused) == (inside, 90, 1, 0, 0)


def test_a_contract_whose_customer_has_nothing_open_is_not_listed(contract, answered, cleo, noon):
    contract(10)
    answered()
    assert _soon(cleo, noon) == []


def test_a_case_about_another_contract_does_not_count_and_one_about_none_counts_for_each(
    contract, case_of, cleo, noon
):
    first, second = contract(10), contract(20)
    case_of(first)
    assert [one.contract for one in _soon(cleo, noon)] == [first]
    case_of(None, "d@courriel.exemple.test")
    assert [(one.contract, one.open) for one in _soon(cleo, noon)] == [(first, 2), (second, 1)]


def test_an_ended_contract_is_not_renewed(contract, case_of, cleo, noon):
    contract(10, state="ended")
    case_of()
    assert _soon(cleo, noon) == []


def test_a_closed_case_still_weighs_by_its_broken_promise_and_its_refused_grievance(
    contract, answered, company, ana, cleo, noon
):
    deal, case = contract(30), answered()
    Promise.objects.create(
        case=case,
        text="Un appel",
        due_on=noon.date(),
        ends_at=noon,
        made_by=ana,
        state="broken",
        broken_at=noon,
    )
    Grievance.objects.filter(case=case).update(verdict="not_upheld")
    Case.objects.filter(pk=case.pk).update(organisation=company, contract=deal, state="closed")
    (found,) = _soon(cleo, noon)
    assert (found.open, found.broken, found.refused) == (0, 1, 1)
    Case.objects.filter(pk=case.pk).update(accepted_at=noon)
    (found,) = _soon(cleo, noon)
    assert (found.broken, found.refused) == (1, 0)  # who accepts the answer is not silent about it
    Promise.objects.update(broken_at=noon - timedelta(days=366))
    assert _soon(cleo, noon) == []


def test_whoever_is_kept_apart_is_not_told_and_is_not_named_as_looking_after_it(
    contract, case_of, staff, ana, mara, cleo, noon
):
    manager = staff("handler", team=True)
    case = case_of(contract(10, account_manager=manager))
    (found,) = _soon(cleo, noon)
    assert (found.looks_after, found.kept_apart) == ([ana.name, manager.name], [])
    keep_apart(case, manager, because="account_manager", by=cleo)
    (found,) = _soon(cleo, noon)
    assert (found.looks_after, found.kept_apart) == ([ana.name], [manager.name])
    keep_apart(case, mara, because="person_complained_about", by=cleo)
    assert _soon(mara, noon) == []


def test_they_can_be_sorted_by_what_they_are_worth_in_a_year(contract, case_of, cleo, noon):
    yearly = contract(10, amount=1000, period="year")
    monthly = contract(20, amount=100, period="month")
    unknown = contract(5)
    case_of()
    assert [one.contract for one in _soon(cleo, noon)] == [unknown, yearly, monthly]
    assert [one.contract for one in _soon(cleo, noon, sort="amount")] == [monthly, yearly, unknown]


def test_it_asks_the_same_for_two_contracts_and_for_twenty(
    contract, case_of, cleo, noon, django_assert_num_queries
):
    case_of(contract(1)), contract(2)
    _soon(cleo, noon)
    with django_assert_num_queries(3):
        _soon(cleo, noon)
    for days in range(3, 21):
        case_of(contract(days), f"n{days}@courriel.exemple.test")
    with django_assert_num_queries(3):
        assert len(_soon(cleo, noon)) == 19


def test_customers_with_broken_promises_are_listed_once_each_the_latest_first(
    complain, case_of, ana, mara, cleo, noon
):
    firm, person = case_of(), complain(email="p@courriel.exemple.test")
    for case, days, kept in ((firm, 3, None), (firm, 5, noon), (person, 1, None), (person, 31, None)):
        at = noon - timedelta(days=days)
        Promise.objects.create(
            case=case, text="x", due_on=at.date(), ends_at=at, made_by=ana, state="broken", broken_at=at, kept_at=kept
        )  # fmt: skip
    found = renewals.disappointed(cleo, 30)
    assert [(one.name, one.broken, one.not_done, list(one.cases)) for one in found] == [
        ("Claire Fontanel", 1, 1, [person.reference]),
        ("Clinique des Tilleuls", 2, 1, [firm.reference]),
    ]
    keep_apart(person, mara, because="account_manager", by=cleo)
    assert [one.name for one in renewals.disappointed(mara, 30)] == ["Clinique des Tilleuls"]
