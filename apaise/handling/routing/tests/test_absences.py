"""Absences and who stands in: cases, tasks and promises move, and come back."""

from datetime import date, timedelta

import pytest

from apaise.ground.accounts.models import Alert, Function
from apaise.ground.ledger.models import Entry
from apaise.handling.routing import absences
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.covering import settle_absences
from apaise.handling.routing.people import holders, not_excluded
from apaise.handling.routing.person import Absence, Cover
from apaise.handling.tasks.todo import open_task, settle
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
TODAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 27)  # `noon` is this Wednesday
BACK = timedelta(days=3)


@pytest.fixture
def case(complain, noon, ana):
    case = complain()
    assign(case, ana, by=ana)
    return case


def absent(user, stand_in, first=TODAY, last=FRIDAY, by=None):
    return absences.announce(user, first, last, stand_in, by=by or user)


def holder(case):
    return Case.objects.get(pk=case.pk).handler


def pass_on(noon, days=0):
    with clock.at_moment(noon + timedelta(days=days)):
        return settle_absences(clock.now())


def test_the_cases_of_an_absent_person_go_to_whoever_stands_in_and_come_back(case, ana, bo, noon):
    absent(ana, bo)
    assert pass_on(noon) == 1
    assert holder(case) == bo
    assert pass_on(noon) == 0  # harmless to repeat
    assert pass_on(noon, days=2) == 0  # Friday is the last day, and it counts
    assert pass_on(noon, days=3) == 1
    assert holder(case) == ana
    said = Entry.objects.of(case.reference).filter(what="case.assigned", by="system:absence")
    assert [(entry.facts["why"], entry.facts["to"], entry.facts["of"]) for entry in said] == [
        ("absence", bo.actor_code, ana.actor_code),
        ("return", ana.actor_code, ana.actor_code),
    ]


def test_tasks_move_with_the_absent_person_and_come_back_unless_they_are_done(case, ana, bo, noon):
    kept = open_task(case, "progress_update", owner="handler", person=ana, once="one", by=ana)
    done = open_task(case, "log_breach", owner="handler", person=ana, once="two", by=ana)
    absent(ana, bo)
    assert pass_on(noon) == 3
    for task in (kept, done):
        task.refresh_from_db()
        assert task.person == bo
    settle(done, by=bo)
    assert pass_on(noon, days=3) == 2  # the case and the task still to do
    kept.refresh_from_db()
    done.refresh_from_db()
    assert (kept.person, done.person) == (ana, bo)
    assert not Cover.objects.filter(ended_at=None).exists()


def test_promises_are_asked_of_whoever_stands_in_while_their_author_is_away(case, ana, bo, mara, noon):
    assert not_excluded(case, [ana]) == [ana]
    absent(ana, bo)
    assert not_excluded(case, [ana]) == [bo]
    with clock.at_moment(noon + BACK):
        assert not_excluded(case, [ana]) == [ana]


def test_a_function_means_whoever_stands_in_for_its_holder(case, ana, bo, mara):
    Function.objects.update_or_create(code="billing", defaults={"person": bo, "team": None})
    absent(bo, mara)
    assert holders(case, "billing") == [mara]


def test_whoever_stands_in_may_be_absent_too_and_then_theirs_does(case, ana, bo, mara, noon):
    absent(ana, bo)
    absent(bo, mara)
    assert pass_on(noon) == 1
    assert holder(case) == mara
    cover = Cover.objects.get(ended_at=None)
    assert (cover.of, cover.by) == (ana, mara)


def test_when_the_second_comes_back_first_the_case_is_theirs_until_the_first_is_back(
    case, ana, bo, mara, noon
):
    absent(ana, bo)
    absent(bo, mara, last=TODAY)
    pass_on(noon)
    assert pass_on(noon, days=1) == 1
    assert holder(case) == bo
    assert pass_on(noon, days=3) == 1
    assert holder(case) == ana
    assert not Cover.objects.filter(ended_at=None).exists()


def test_what_a_person_gave_to_somebody_else_meanwhile_stays_there(case, ana, bo, mara, cleo, noon):
    absent(ana, bo)
    pass_on(noon)
    assign(Case.objects.get(pk=case.pk), cleo, by=mara)
    assert pass_on(noon, days=3) == 0
    assert holder(case) == cleo
    assert not Cover.objects.filter(ended_at=None).exists()


def test_a_circle_is_refused_with_the_names(ana, bo, mara, noon):
    absent(ana, bo)
    absent(bo, mara)
    with refused(Refused, match="Mara Lead → Ana Handler → Bo Handler → Mara Lead"):
        absent(mara, ana)
    assert Absence.objects.count() == 2


def test_two_who_stand_in_for_each_other_on_other_days_are_no_circle(ana, bo, noon):
    absent(ana, bo, last=TODAY)
    absent(bo, ana, first=TODAY + timedelta(days=1))
    assert Absence.objects.count() == 2


def test_where_the_data_go_in_a_circle_all_the_same_the_next_level_holds_it_and_is_told(
    case, ana, bo, mara, cleo, noon
):
    for user, stand_in in ((ana, bo), (bo, ana)):  # as an import might write it
        Absence.objects.create(user=user, first_day=TODAY, last_day=FRIDAY, stand_in=stand_in, made_by=cleo)
    assert pass_on(noon) == 1
    assert holder(case) == mara
    told = Alert.objects.filter(kind="nobody_stands_in", chain=case.reference)
    assert set(told.values_list("user__name", flat=True)) == {"Mara Lead", "Cleo Manager"}
    assert pass_on(noon) == 0
    assert told.count() == 2


def test_nobody_kept_apart_from_a_case_stands_in_for_it(case, ana, bo, mara, noon):
    keep_apart(case, bo, because="onsite_technician", by=mara)
    absent(ana, bo)
    pass_on(noon)
    assert holder(case) == mara  # the next level
    assert not Case.objects.visible_to(bo).filter(pk=case.pk).exists()


def test_one_kept_apart_meanwhile_does_not_get_the_case_back(case, ana, bo, mara, noon):
    absent(ana, bo)
    pass_on(noon)
    keep_apart(Case.objects.get(pk=case.pk), ana, because="person_complained_about", by=mara)
    pass_on(noon, days=3)
    assert holder(case) == bo


def test_an_absence_that_is_called_off_gives_everything_back(case, ana, bo, noon):
    absence = absent(ana, bo)
    pass_on(noon)
    absences.call_off(absence, by=ana)
    absences.call_off(absence, by=ana)
    assert pass_on(noon) == 1
    assert holder(case) == ana
    assert Entry.objects.filter(what="absence.ended").count() == 1


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (FRIDAY, TODAY, "last day comes before"),
        (TODAY - timedelta(days=9), TODAY - timedelta(days=2), "These days are over"),
        (TODAY, TODAY + timedelta(days=400), "a year at most"),
    ],
)
def test_days_that_make_no_sense_are_refused(first, last, why, ana, bo, noon):
    with refused(Refused, match=why):
        absent(ana, bo, first, last)


def test_one_does_not_stand_in_for_oneself_and_a_technician_for_nobody(ana, staff, noon):
    with refused(Refused, match="nobody stands in for themselves"):
        absent(ana, ana)
    technician = staff("contributor")
    with refused(Refused, match="cannot handle cases"):
        absent(ana, technician)


def test_everybody_says_so_for_themselves_and_leads_for_their_team_only(ana, bo, eve, mara, cleo, noon):
    for stranger in (bo, eve):
        with refused(Refused, match="a lead of their team"):
            absent(ana, None, by=stranger)
    with refused(Refused, match="a lead of their team"):
        absent(eve, None, by=mara)
    absent(ana, None, by=mara)
    absent(eve, None, by=cleo)
    assert Absence.objects.count() == 2


def test_the_same_days_are_not_written_down_twice(ana, bo, mara, noon):
    absent(ana, bo)
    with refused(Refused, match="Call it off first"):
        absent(ana, mara, FRIDAY, FRIDAY)
