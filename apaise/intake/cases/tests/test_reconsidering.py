"""What is known of a case changes: a date may apply now, another certainly does not."""

from datetime import timedelta

import pytest

from apaise.ground.packs.load import load_pack
from apaise.ground.packs.models import PackVersion
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import deadlines, happenings
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.qualification import qualify
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(desk, ana, noon):
    person = Person.objects.identify("claire@courriel.exemple.test", "Claire", language="fr")
    frozen = PackVersion.freeze(load_pack("fr-banque-assurance"))
    case = open_case(person, desk=desk, channel="email", language="fr", by=person, pack_version=frozen)
    assign(case, ana, by=ana)
    return case


def qualified(case, cause, ana):
    qualify(
        case,
        grievances=["Un débit inconnu."],
        cause=cause,
        criticality="C3",
        restatement="Est-ce cela ?",
        by=ana,
    )
    deadlines.reconsider(case, at=clock.now())
    return case.deadlines.get(rule="unauthorised_payment_refund")


def test_what_may_apply_runs_until_it_certainly_does_not(case, ana):
    happenings.tell(case, "unauthorised_payment.reported", on=clock.now(), by=ana)
    assert case.deadlines.get(rule="unauthorised_payment_refund").state == "running"
    stopped = qualified(case, "payment.method_failure", ana)
    assert (stopped.state, stopped.stopped_by) == ("stopped", "deadline.stopped")
    before = list(case.deadlines.order_by("rule").values("rule", "state", "due_at", "stopped_at"))
    deadlines.rebuild(Case.objects.get(pk=case.pk))
    assert list(case.deadlines.order_by("rule").values("rule", "state", "due_at", "stopped_at")) == before
    with nothing_changed():
        assert deadlines.reconsider(case, at=clock.now()) == 0


def test_what_certainly_applies_goes_on(case, ana):
    happenings.tell(case, "unauthorised_payment.reported", on=clock.now(), by=ana)
    assert qualified(case, "payment.fraud", ana).state == "running"


def test_what_turns_out_to_apply_runs_from_when_it_happened(case, ana, noon):
    case.keep(declared_cause="payment.method_failure")
    happenings.tell(case, "unauthorised_payment.reported", on=noon - timedelta(hours=1), by=ana)
    assert not case.deadlines.filter(rule="unauthorised_payment_refund").exists()
    started = qualified(case, "payment.fraud", ana)
    assert (started.state, started.start_at) == ("running", noon - timedelta(hours=1))
