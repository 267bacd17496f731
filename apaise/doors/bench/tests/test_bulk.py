"""The bulk data: the same each time, valid in every chain, and only where nothing else is."""

from collections import Counter
from datetime import date

import pytest

from apaise.doors.bench.bulk import plan as planning
from apaise.doors.bench.bulk.load import HANDLER, MANAGER, NotEmpty, fill, references
from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry, Head
from apaise.ground.ledger.verify import chains, verify
from apaise.ground.parties.models import Person
from apaise.intake.cases import deadlines
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.models import Counter as Numbers
from apaise.intake.cases.opening import open_case

TODAY = date(2026, 11, 25)
MANY = 520  # with one case of a hundred messages at number 7, and one at 507


def test_the_plan_of_a_case_is_the_same_each_time_and_receipts_come_in_the_order_of_numbers():
    plans = [planning.plan_of(number, 3000, TODAY) for number in range(1, 3001)]
    assert plans == [planning.plan_of(number, 3000, TODAY) for number in range(1, 3001)]
    days = [plan.day for plan in plans]
    assert days == sorted(days)
    assert (TODAY - days[-1]).days == 1
    assert (TODAY - days[0]).days == planning.DAYS - 1


def test_the_data_look_like_a_desk_most_cases_ended_and_what_is_open_is_new():
    plans = [planning.plan_of(number, 10_000, TODAY) for number in range(1, 10_001)]
    states = Counter(plan.state for plan in plans)
    ended = sum(states[state] for state in planning.ENDED)
    assert 0.9 < ended / len(plans) < 0.97
    assert {plan.channel for plan in plans} == {"email", "web_form", "phone", "letter", "chat", "in_person"}
    assert len({plan.team for plan in plans}) == planning.TEAMS
    assert sum(plan.messages == planning.LONG for plan in plans) == 10_000 // planning.LONG_EVERY
    assert sum(plan.is_new_person for plan in plans) == 7_000
    assert all(plan.person <= plan.number for plan in plans)


@pytest.fixture
def filled(transactional_db):
    return fill(MANY, TODAY)


def test_every_chain_of_the_bulk_data_is_valid_and_says_who_made_it(filled):
    assert list(verify()) == []
    assert len(chains()) == MANY + 1  # and the house's
    assert set(Entry.objects.exclude(chain="house").values_list("by", flat=True)) == {"system:bulk"}
    assert Head.objects.exclude(chain="house").count() == MANY


def test_the_load_says_what_it_did(filled):
    made = sum(model.objects.count() for model in (Case, Message, Deadline, Person))
    made += Entry.objects.exclude(chain="house").count() + Head.objects.exclude(chain="house").count()
    made += Person.objects.filter(addresses__isnull=False).count()
    assert (filled.cases, filled.rows) == (MANY, made)
    assert filled.cases_a_second == MANY / filled.seconds


def test_a_case_of_a_hundred_messages_has_them_and_its_reference_is_known(filled):
    [reference] = references(range(507, 508), MANY, TODAY)
    case = Case.objects.get(reference=reference)
    assert case.messages.filter(kind__in=["complaint", "message", "reply"]).count() == planning.LONG


def test_dates_and_places_in_the_list_follow_from_the_running_deadlines(filled):
    for case in Case.objects.open():
        owed = [clock for clock in case.deadlines.all() if clock.state == "running"]
        first = min(owed, key=lambda clock: (clock.due_at, clock.rule), default=None)
        assert (case.next_due_at, case.next_due_rule) == ((first.due_at, first.rule) if first else (None, ""))
    ended = Case.objects.ended()
    assert not ended.filter(next_due_at__isnull=False).exists()
    assert set(ended.values_list("state", flat=True)) <= set(planning.ENDED)


def test_the_dates_are_those_of_the_engine(filled):
    case = Case.objects.open().filter(next_due_rule="reply_target").order_by("pk").last()
    clock = case.deadlines.get(rule="reply_target")
    rule = case.pack_version.pack.deadlines["reply_target"]
    assert clock.due_at == deadlines.computed(case, clock, rule).due_at


def test_a_new_case_goes_on_behind_the_bulk_data(filled, noon):
    manager = User.objects.get(email=MANAGER)
    desk = User.objects.get(email=HANDLER).memberships.get().team.desks.get()
    person = Person.objects.identify("neu@courriel.exemple.test", "Neu")
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    assert case.reference == f"R-2026-{MANY + 1:05d}"
    assert Numbers.objects.get(year=2026).last == MANY + 1
    assert case in Case.objects.visible_to(manager)
    assert list(verify([case.reference])) == []


def test_a_database_with_a_case_is_left_as_it_is(complain):
    case = complain()
    entries = Entry.objects.count()
    with pytest.raises(NotEmpty, match="go only where there are none"):
        fill(10, TODAY)
    assert list(Case.objects.all()) == [case]
    assert Entry.objects.count() == entries
