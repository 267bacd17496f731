"""Whom a role or a function means for one case."""

import pytest

from apaise.ground.accounts.models import Function
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.people import holders
from apaise.intake.cases.exclusion import keep_apart

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, noon):
    return complain()


def test_a_role_means_the_people_who_have_it_and_a_function_whoever_holds_it(case, ana, mara, cleo):
    Function.objects.update_or_create(code="billing", defaults={"person": ana, "team": None})
    assert holders(case, "billing") == [ana]
    assert holders(case, "team_lead") == [mara]
    assert holders(case, "complaints_manager") == [cleo]


def test_the_handler_is_who_holds_the_case(case, ana):
    assign(case, ana, by=ana)
    assert holders(case, "handler") == [ana]


def test_nobody_kept_apart_is_meant_and_somebody_answers_all_the_same(case, ana, mara):
    Function.objects.update_or_create(code="billing", defaults={"person": ana, "team": None})
    keep_apart(case, ana, because="person_complained_about", by=mara)
    assert holders(case, "billing") == [mara]  # the desk's named person
