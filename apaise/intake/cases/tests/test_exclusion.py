"""A person who is a party is kept apart from the case, because somebody who may said so."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, noon):
    return complain()


def test_who_is_kept_apart_no_longer_sees_the_case_and_the_record_says_why(case, bo, ana, mara):
    keep_apart(case, ana, because="person_complained_about", by=mara)
    assert not Case.objects.visible_to(ana).filter(pk=case.pk).exists()
    assert Case.objects.visible_to(bo).filter(pk=case.pk).exists()
    said = Entry.objects.of(case.reference).get(what="conflict.declared")
    assert said.facts == {
        "person": ana.actor_code,
        "because": "person_complained_about",
        "found": "person",
    }
    with refused(Refused, match="judge and party"):
        assign(case, ana, by=mara)


def test_twice_it_is_recorded_once(case, ana, mara):
    first = keep_apart(case, ana, because="onsite_technician", by=mara)
    with nothing_changed():
        assert keep_apart(case, ana, because="account_manager", by=mara) == first


def test_whoever_is_a_party_may_say_so_of_themselves_and_not_of_another(case, ana, bo):
    with refused(Refused, match="Only a team lead"):
        keep_apart(case, bo, because="person_complained_about", by=ana)
    keep_apart(case, ana, because="person_complained_about", by=ana)
    assert case.exclusions.get().user == ana


def test_who_handles_the_case_no_longer_does(case, ana, mara):
    assign(case, ana, by=ana)
    keep_apart(case, ana, because="person_complained_about", by=mara)
    assert Case.objects.get(pk=case.pk).handler is None
    assert Entry.objects.of(case.reference).get(what="conflict.declared").facts["taken"] is True


def test_a_personal_tie_one_declares_oneself_and_nobody_for_another(case, ana, mara):
    with refused(Refused, match="what makes this person a party"):
        keep_apart(case, ana, because="personal_tie", by=mara)
    assert keep_apart(case, ana, because="personal_tie", by=ana).found == "themselves"


def test_an_auditor_who_knows_the_customer_steps_back_too(case, staff):
    auditor = staff("auditor")
    keep_apart(case, auditor, because="personal_tie", by=auditor)
    assert not Case.objects.visible_to(auditor).exists()


def test_the_reason_is_one_of_the_list(case, ana, mara):
    with refused(Refused, match="what makes this person a party"):
        keep_apart(case, ana, because="desk", by=mara)
