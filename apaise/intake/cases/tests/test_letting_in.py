"""An executive may let in somebody who is a party: with a reason, until a moment, for everybody to read."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.excluded import ConflictOverride
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.letting_in import let_in, shut_out, shut_out_lapsed
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, noon):
    return complain()


@pytest.fixture
def chief(staff):
    return staff("executive")


@pytest.fixture
def apart(case, ana, mara):
    return keep_apart(case, ana, because="onsite_technician", by=mara)


@pytest.fixture
def friday(noon):
    return noon + timedelta(days=2)


def sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_who_is_let_in_sees_the_case_until_that_moment_and_the_reason_stays(case, apart, ana, chief, friday):
    let_in(apart, reason="Elle seule connaît la machine.", until=friday, by=chief)
    assert sees(ana, case)
    assert not Case.objects.get(pk=case.pk).is_excluded(ana)
    said = Entry.objects.of(case.reference).get(what="conflict.overridden")
    assert said.facts == {
        "person": ana.actor_code,
        "override": ConflictOverride.objects.get().pk,
        "until": "2026-11-27T11:00:00+00:00",
    }
    assert ConflictOverride.objects.get().reason == "Elle seule connaît la machine."
    with clock.at_moment(friday):
        assert not sees(ana, case)
        assert Case.objects.get(pk=case.pk).is_excluded(ana)


def test_only_an_executive_may_and_nobody_lets_themselves_in(case, apart, mara, cleo, staff, friday):
    for person in (mara, cleo):
        with refused(Refused, match="Only an executive"):
            let_in(apart, reason="Parce que.", until=friday, by=person)
    boss = staff("executive", "complaints_manager")
    own = keep_apart(case, boss, because="personal_tie", by=boss)
    with refused(Refused, match="You are kept apart"):
        let_in(own, reason="Parce que.", until=friday, by=boss)


@pytest.mark.parametrize(
    ("reason", "days", "match"), [("  ", 2, "reason"), ("x", 0, "until when"), ("x", 31, "until when")]
)
def test_it_takes_a_reason_and_a_moment_within_thirty_days(apart, chief, noon, reason, days, match):
    with refused(Refused, match=match):
        let_in(apart, reason=reason, until=noon + timedelta(days=days), by=chief)
    with refused(Refused, match="until when"):
        let_in(apart, reason="x", until=None, by=chief)


def test_twice_at_once_it_is_refused(apart, chief, friday):
    let_in(apart, reason="Une fois.", until=friday, by=chief)
    with refused(Refused, match="let in already"):
        let_in(apart, reason="Deux fois.", until=friday, by=chief)


def test_when_its_time_has_passed_whatever_they_held_is_placed_again(
    case, apart, ana, mara, chief, friday, work
):
    let_in(apart, reason="Urgence.", until=friday, by=chief)
    work()
    case.refresh_from_db()
    assign(case, ana, by=mara)
    with clock.at_moment(friday):
        assert shut_out_lapsed() == 1
        with nothing_changed():
            assert shut_out_lapsed() == 0
        work()
        case.refresh_from_db()
        assert case.handler is None
        assert [task.kind for task in case.tasks.all()] == ["place_again"]
    said = Entry.objects.of(case.reference).get(what="conflict.restored")
    assert said.facts == {"person": ana.actor_code, "because": "onsite_technician", "taken": True}


def test_a_lead_ends_it_at_any_time_and_it_may_be_given_again(case, apart, ana, bo, mara, chief, friday):
    let_in(apart, reason="Urgence.", until=friday, by=chief)
    with refused(Refused, match="Only an executive"):
        shut_out(apart, by=bo)
    assert shut_out(apart, by=mara) is True
    assert not sees(ana, case)
    let_in(apart, reason="Encore.", until=friday, by=chief)
    assert sees(ana, case)


def test_a_pack_may_forbid_it(case, apart, chief, friday, monkeypatch):
    monkeypatch.setattr(
        "apaise.intake.cases.letting_in.conflict_rules", lambda pack: {"override": {"allowed": False}}
    )
    with refused(Refused, match="lets nobody in"):
        let_in(apart, reason="Parce que.", until=friday, by=chief)
