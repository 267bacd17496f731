"""A second look is taken by somebody else."""

import pytest

from apaise.intake.cases import ending
from apaise.intake.cases.first_decision import ask_second_look, second_look_refusal
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def objected(answered, noon):
    case = answered()
    ending.reopen(case, by=case.complainant, why="customer_objects")
    return case


def test_who_took_the_first_decision_is_kept_apart_and_gives_up_the_case(objected, ana, mara):
    assert objected.handler == ana
    ask_second_look(objected, by=mara)
    objected.refresh_from_db()
    assert objected.handler is None
    assert [(one.user, one.because, one.found) for one in objected.exclusions.all()] == [
        (ana, "decision_author_first_level", "decision")
    ]
    assert not Case.objects.visible_to(ana).exists()


def test_it_takes_a_lead_and_an_objection(objected, answered, ana, mara):
    with refused(Refused, match="Only a team lead"):
        ask_second_look(objected, by=ana)
    assert "reopen the case first" in second_look_refusal(mara, answered(email="luc@courriel.exemple.test"))


def test_once_is_enough(objected, mara):
    ask_second_look(objected, by=mara)
    with refused(Refused, match="not on this case any more"):
        ask_second_look(objected, by=mara)
