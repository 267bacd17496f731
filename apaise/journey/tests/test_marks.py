"""A customer is marked after their complaint came in: the clocks of their open cases follow, from the mark on."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.packs.pack import Pack
from apaise.ground.parties.models import Organisation, Person
from apaise.ground.parties.people import change_organisation, change_person
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.placement import Placement
from apaise.intake.cases import conversation, deadlines, ending, replay
from apaise.intake.cases.models import Case
from apaise.intake.cases.what_if.reading import Trial
from apaise.intake.cases.what_if.retelling import Happened, as_it_was, told
from apaise.journey.models import Job
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
LANE = ("vip_ack", "vip_first_call")


@pytest.fixture
def firm(db):
    return Organisation.objects.create(name="Usine Morel", kind="business", sector="maintenance")


@pytest.fixture
def case(complain, firm, noon, work):
    """A complaint of the firm, not acknowledged yet."""
    person = Person.objects.identify("dir@usine.exemple.test", "Paul Morel", language="fr")
    person.organisation, person.kind = firm, "business"
    person.save()
    case = complain(email="dir@usine.exemple.test")
    work()
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def later(noon):
    """The next morning, ten o'clock in Paris."""
    with clock.at_moment(noon + timedelta(hours=22)):
        yield noon + timedelta(hours=22)


def lane(case):
    found = case.deadlines.filter(rule__in=LANE).order_by("rule")
    return [(one.rule, one.state, one.start_at, one.due_at) for one in found]


def said(case, what):
    return [
        entry.facts
        for entry in Entry.objects.of(case.reference).filter(what=what)
        if entry.facts["rule"] in LANE
    ]


def same_after_rebuilding(case):
    fields = ("rule", "state", "start_at", "due_at", "stopped_at", "stopped_by")
    before = list(case.deadlines.order_by("rule").values(*fields))
    deadlines.rebuild(Case.objects.get(pk=case.pk))
    return list(case.deadlines.order_by("rule").values(*fields)) == before


def test_marking_starts_the_clocks_of_the_lane_from_the_mark_and_the_record_says_why(case, cleo, later, work):
    assert lane(case) == []
    change_person(case.complainant, by=cleo, vip=True)
    assert lane(case) == []  # whoever marks does not wait for it
    work()
    assert lane(case) == [
        ("vip_ack", "running", later, later + timedelta(minutes=30)),
        ("vip_first_call", "running", later, later + timedelta(hours=2)),
    ]
    for each in said(case, "deadline.started"):
        assert (each["why"], each["fact"], each["since"]) == (
            "applies_now",
            "customer.vip",
            later.isoformat(),
        )
    assert same_after_rebuilding(case)


def test_what_is_acknowledged_is_not_owed_again(case, cleo, send, later, work):
    send()  # the acknowledgement
    change_person(case.complainant, by=cleo, vip=True)
    work()
    assert [rule for rule, *_rest in lane(case)] == ["vip_first_call"]
    assert case.deadlines.get(rule="ack").stopped_by == "ack.sent"
    assert same_after_rebuilding(case)


def test_a_case_somebody_has_written_on_personally_gets_neither_clock(case, ana, cleo, send, later, work):
    assign(case, ana, by=ana)
    conversation.reply(case, "Je m'en occupe.", by=ana)
    with clock.at_moment(later + timedelta(hours=1)):
        send()
        change_person(case.complainant, by=cleo, vip=True)
        work()
    assert lane(case) == []


def test_a_marked_company_counts_for_its_open_cases_and_only_for_them(
    case, complain, firm, cleo, later, work
):
    stranger = complain(email="autre@courriel.exemple.test")
    change_organisation(firm, by=cleo, vip=True)
    work()
    assert [rule for rule, *_rest in lane(case)] == ["vip_ack", "vip_first_call"]
    assert lane(stranger) == []


def test_each_case_is_looked_at_by_a_job_of_its_own_and_once(case, complain, cleo, later, work):
    complain(email="dir@usine.exemple.test", subject="Autre chose")
    work()
    change_person(case.complainant, by=cleo, vip=True)
    work()
    jobs = Job.objects.filter(task="apaise.journey.marks.follow_mark")
    assert jobs.count() == 2
    with nothing_changed():
        assert deadlines.reconsider(Case.objects.get(pk=case.pk), at=clock.now()) == 0


def test_a_change_that_is_not_about_the_mark_asks_nothing_of_the_cases(case, cleo, later, work):
    change_person(case.complainant, by=cleo, name="Paul-Émile Morel")
    work()
    assert not Job.objects.filter(task="apaise.journey.marks.follow_mark").exists()


def test_taken_back_the_mark_stops_its_clocks_and_given_again_they_run_from_then(case, cleo, later, work):
    change_person(case.complainant, by=cleo, vip=True)
    work()
    with clock.at_moment(later + timedelta(hours=1)):
        change_person(case.complainant, by=cleo, vip=False)
        work()
        assert {state for _rule, state, *_rest in lane(case)} == {"stopped"}
        assert {each["why"] for each in said(case, "deadline.stopped")} == {"does_not_apply"}
        assert same_after_rebuilding(case)
    again = later + timedelta(hours=3)
    with clock.at_moment(again):
        change_person(case.complainant, by=cleo, vip=True)
        work()
    assert lane(case) == [
        ("vip_ack", "running", again, again + timedelta(minutes=30)),
        ("vip_first_call", "running", again, again + timedelta(hours=2)),
    ]
    assert same_after_rebuilding(case)


def test_what_was_acknowledged_while_the_mark_was_off_does_not_run_again(case, cleo, send, later, work):
    change_person(case.complainant, by=cleo, vip=True)
    work()
    change_person(case.complainant, by=cleo, vip=False)
    work()
    send()
    change_person(case.complainant, by=cleo, vip=True)
    work()
    assert [(rule, state) for rule, state, *_rest in lane(case)] == [
        ("vip_ack", "stopped"),
        ("vip_first_call", "running"),
    ]
    assert same_after_rebuilding(case)


def test_a_withdrawn_case_owes_nothing_for_a_mark(case, cleo, later, work):
    ending.withdraw(case, by=case.complainant)
    change_person(case.complainant, by=cleo, vip=True)
    work()
    assert lane(case) == []


def test_a_trial_of_the_policy_counts_a_clock_that_began_with_the_mark_from_the_mark(case, cleo, later, work):
    change_person(case.complainant, by=cleo, vip=True)
    work()
    as_it_is = case.pack_version.pack.as_dict()
    for moment, became in ((later + timedelta(hours=1), "running"), (later + timedelta(hours=3), "missed")):
        trial = Trial(Pack.from_dict(as_it_is), moment)
        found = trial.compare([case.pk])
        assert found.as_data() == trial.one_by_one([case.pk]).as_data()
        happened = Happened(*replay.counted(case.reference))
        clocks = told(Case.objects.get(pk=case.pk), happened, case.pack_version, as_it_was(happened), moment)
        assert (clocks["vip_first_call"].due_at, clocks["vip_first_call"].became) == (
            later + timedelta(hours=2),
            became,
        )


def test_a_marked_customers_open_case_goes_to_the_people_of_the_lane(case, staff, cleo, later, work):
    executive = staff("executive")
    assert not Placement.objects.filter(case=case, lane="vip").exists()
    change_person(case.complainant, by=cleo, vip=True)
    work()
    placed = Placement.objects.get(case=case)
    assert (placed.lane, placed.reasons[0]) == ("vip", "lane:vip")
    case.refresh_from_db()
    assert case.handler in (executive, cleo)
    work()
    assert Entry.objects.of(case.reference).filter(what="case.placed").count() == 1


def test_whom_a_person_gave_the_case_keeps_it_when_its_customer_is_marked(
    case, ana, mara, staff, cleo, later, work
):
    staff("executive")
    assign(case, ana, by=mara)
    change_person(case.complainant, by=cleo, vip=True)
    work()
    case.refresh_from_db()
    assert case.handler == ana
