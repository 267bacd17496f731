"""A person of ours whom the customer names may be a party: a suggestion, which somebody decides about."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import naming
from apaise.intake.cases.messages import Refused, add_customer_message
from apaise.intake.cases.models import Case
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
WORDS = "Bonjour,\n\nMme Handler m'a ri au nez le 12 novembre, et personne n'est venu depuis."


@pytest.fixture
def case(complain, noon, ana, work):
    made = complain(text=WORDS)
    work()
    return made


def test_whom_the_customer_names_is_suggested_with_the_passage(case, ana):
    assert [named.user for named in naming.undecided(case)] == [ana]
    assert naming.passage(naming.undecided(case)[0]) == (
        "Bonjour, ",
        "Mme Handler",
        " m'a ri au nez le 12 novembre, et personne n'est venu depuis.",
    )
    assert Case.objects.visible_to(ana).get() == case  # a suggestion keeps nobody apart


def test_whoever_answers_for_the_case_is_told_and_not_the_one_who_is_named(case, ana, mara):
    assert list(mara.alerts.values_list("kind", flat=True)) == ["staff_named"]
    assert not ana.alerts.filter(kind="staff_named").exists()


def test_one_click_keeps_them_apart(case, ana, bo):
    naming.confirm(naming.undecided(case)[0], by=bo)
    assert [(one.user, one.because, one.found) for one in case.exclusions.all()] == [
        (ana, "person_complained_about", "words")
    ]
    assert naming.undecided(case) == []
    assert not Case.objects.visible_to(ana).exists()


def test_it_is_not_about_them_and_is_not_suggested_again(case, ana, bo, work):
    naming.dismiss(naming.undecided(case)[0], by=bo)
    said = Entry.objects.of(case.reference).get(what="suggestion.dismissed")
    assert said.facts["person"] == ana.actor_code
    add_customer_message(case, case.complainant, channel="email", text="Encore Ana Handler !")
    work()
    assert naming.undecided(case) == []
    assert not case.exclusions.exists()


def test_nobody_decides_that_they_are_not_meant_themselves(case, ana):
    with refused(Refused, match="You are the one who is named"):
        naming.dismiss(naming.undecided(case)[0], by=ana)


def test_who_is_named_may_step_back_themselves(case, ana):
    naming.confirm(naming.undecided(case)[0], by=ana)
    assert case.exclusions.get().user == ana


def test_a_stranger_to_the_case_decides_nothing(case, eve):
    with refused(Refused, match="another team"):
        naming.confirm(naming.undecided(case)[0], by=eve)


def test_deciding_twice_changes_nothing(case, bo):
    named = naming.undecided(case)[0]
    naming.confirm(named, by=bo)
    with nothing_changed():
        naming.confirm(named, by=bo)
        naming.dismiss(named, by=bo)


def test_the_handler_who_is_named_after_all_loses_the_case(case, ana, mara):
    assign(case, ana, by=ana)
    naming.confirm(naming.undecided(case)[0], by=mara)
    case.refresh_from_db()
    assert case.handler is None


def test_greeting_the_handler_by_name_suggests_nobody(complain, ana, noon, work):
    case = complain(text="Bonjour Mme Handler,\n\nPersonne n'est venu.")
    work()
    assert naming.undecided(case) == []
