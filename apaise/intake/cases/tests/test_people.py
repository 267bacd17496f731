"""Customers as cases know them: who may read and change them, the contract of a case, merged people who go on writing."""

from datetime import date

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.parties import addresses, contracts, mandates, people
from apaise.ground.parties.merging import merge, undo
from apaise.ground.parties.models import Duplicate, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.contract import choose_contract, contracts_for
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Exclusion
from apaise.intake.cases.people import (
    change,
    change_refusal,
    changeable,
    dismiss_pair,
    merge_people,
    visible_organisations,
    visible_pairs,
    visible_people,
)
from apaise.intake.channels.mail.threading import is_participant
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


def test_whoever_may_read_a_case_may_read_its_complainant_and_nobody_else(complain, ana, eve, cleo, staff):
    person = complain().complainant
    stranger = people.add_person(by=cleo, name="Sans dossier")
    assert list(visible_people(ana)) == [person]
    assert set(visible_people(cleo)) == set(visible_people(staff("auditor"))) == {person, stranger}
    for outsider in (
        eve,
        staff("administrator"),
        staff("quality"),
        staff("contributor"),
        staff("trainer", team=True),
    ):
        assert list(visible_people(outsider)) == []


def test_whoever_is_kept_apart_from_a_case_does_not_look_up_its_complainant(complain, ana, cleo):
    case = complain()
    for user in (ana, cleo):
        Exclusion.objects.create(case=case, user=user, because="account_manager")
        assert list(visible_people(user)) == []
        assert list(visible_organisations(user)) == []


def test_a_handler_changes_the_customers_of_the_cases_held_and_no_others(
    complain, ana, bo, mara, cleo, staff
):
    case = complain()
    assign(case, ana, by=ana)
    person = case.complainant
    assert [change_refusal(user, person) is None for user in (ana, mara, cleo, bo, staff("auditor"))] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert [changeable(user, {person.pk}) == {person.pk} for user in (ana, mara, cleo, bo)] == [
        True,
        True,
        True,
        False,
    ]
    with refused(Refused):
        change(bo, person, people.change_person, person, name="Autre")
    change(ana, person, people.change_person, person, name="Claire F.", company="Hôtel des Tilleuls")
    person.refresh_from_db()
    assert (person.name, person.organisation.name) == ("Claire F.", "Hôtel des Tilleuls")


def test_two_people_are_merged_only_by_whoever_may_change_both(complain, ana, bo, mara):
    mine, other = complain(), complain(email="claire@bureau.exemple.test")
    assign(mine, ana, by=ana)
    assign(other, bo, by=bo)
    for user in (ana, bo):
        with refused(Refused):
            merge_people(mine.complainant, other.complainant, by=user, sure=True)
    made = merge_people(mine.complainant, other.complainant, by=mara, sure=True)
    assert set(Case.objects.all().of_person(made.survivor)) == {mine, other}
    assert list(visible_people(ana)) == [mine.complainant]


def test_a_case_keeps_its_complainant_through_a_merge_and_its_undoing(complain, mara):
    first, second = complain(), complain(email="claire@bureau.exemple.test")
    made = merge_people(first.complainant, second.complainant, by=mara, sure=True)
    third = complain(email="claire@bureau.exemple.test")  # what comes after stays with the one who is kept
    assert third.complainant == first.complainant
    for case in (first, second, third):
        case = Case.objects.get(pk=case.pk)
        assert is_participant(case, "claire@courriel.exemple.test")
        assert is_participant(case, "claire@bureau.exemple.test")
        assert not is_participant(case, "luc@courriel.exemple.test")
    undo(made, by=mara)
    assert [Case.objects.get(pk=case.pk).complainant_id for case in (first, second, third)] == [
        first.complainant_id, second.complainant_id, first.complainant_id,
    ]  # fmt: skip
    assert not is_participant(Case.objects.get(pk=second.pk), "claire@courriel.exemple.test")


def test_an_address_that_is_preferred_is_the_one_we_write_to(complain, cleo):
    case = complain()
    new = addresses.add_address(case.complainant, "email", "claire@nouveau.exemple.test", by=cleo)
    addresses.prefer_address(new, by=cleo)
    assert Case.objects.get(pk=case.pk).complainant.email == "claire@nouveau.exemple.test"


def test_a_representative_of_a_merged_person_is_heard_while_the_mandate_holds(complain, mara, noon):
    first, second = complain(), complain(email="claire@bureau.exemple.test")
    terms = {
        "quality": "lawyer",
        "told": "all",
        "may_decide": False,
        "may_be_paid": False,
        "from_day": None,
        "document": None,
    }
    mandate = mandates.add_mandate_by_email(
        "maitre@exemple.test", "Me Roy", second.complainant, by=mara, to_day=date(2027, 1, 1), **terms
    )
    assert not is_participant(first, "maitre@exemple.test")
    merge(first.complainant, second.complainant, by=mara, sure=True)
    assert is_participant(Case.objects.get(pk=first.pk), "maitre@exemple.test")
    mandate.__class__.objects.update(to_day=date(2026, 1, 1))
    assert not is_participant(Case.objects.get(pk=first.pk), "maitre@exemple.test")


def test_the_only_contract_in_force_is_the_one_a_new_case_is_about(complain, ana, cleo, noon):
    person = complain().complainant
    contract = contracts.add_contract(
        person,
        by=cleo,
        number="K-1",
        sector="energy",
        renews_on=date(2026, 12, 5),
        channel="distance",
        arbitration_clause=False,
    )
    case = complain()
    assert case.contract == contract
    facts = facts_of(case)
    assert {name: facts[name] for name in facts if name.startswith(("contract.", "customer."))} == {
        "contract.sector": "energy",
        "contract.renewal_in_days": 10,
        "contract.channel": "distance",
        "contract.arbitration_clause": False,
        "customer.vip": False,
    }
    contracts.add_contract(person, by=cleo, number="K-2")
    assert complain().contract is None  # of two, somebody must say which


def test_the_contract_of_a_case_is_chosen_among_those_of_its_customer(complain, ana, eve, cleo):
    case = complain()
    mine = contracts.add_contract(case.complainant, by=cleo, number="K-1")
    others = contracts.add_contract(complain(email="luc@x.test").complainant, by=cleo, number="K-2")
    assert contracts_for(case) == [mine]
    with refused(Refused):
        choose_contract(case, others, by=ana)
    with refused(Refused):
        choose_contract(case, mine, by=eve)
    choose_contract(case, mine, by=ana)
    assert Entry.objects.of(case.reference).get(what="case.contract_chosen").facts == {"contract": mine.pk}


def test_the_vip_mark_of_a_person_or_of_an_organisation_is_a_fact_of_the_case(complain, cleo):
    case = complain()
    assert facts_of(case)["customer.vip"] is False
    people.change_person(case.complainant, by=cleo, vip=True)
    assert facts_of(Case.objects.get(pk=case.pk))["customer.vip"] is True
    company = people.add_organisation(by=cleo, name="Hôtel des Tilleuls", vip=True)
    other = complain(email="luc@x.test")
    other.keep(organisation=company)
    assert facts_of(Case.objects.get(pk=other.pk))["customer.vip"] is True


def test_possible_duplicates_are_shown_to_those_who_may_read_both(complain, ana, eve, cleo):
    first, second = complain(), complain(email="claire@bureau.exemple.test")
    from apaise.ground.parties import duplicates

    duplicates.sweep()
    pair = Duplicate.objects.get()
    assert list(visible_pairs(ana)) == list(visible_pairs(cleo)) == [pair]
    assert list(visible_pairs(eve)) == []
    with refused(Refused):
        dismiss_pair(pair, by=ana)  # holds a case of neither
    for case in (first, second):
        assign(case, ana, by=ana)
    dismiss_pair(pair, by=ana)
    assert list(visible_pairs(ana)) == []
    assert Person.objects.filter(merged_into__isnull=False).count() == 0
