"""What is to be done on a case: opened once, done once, by whoever owes it."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.routing.assignment import assign
from apaise.handling.tasks.models import Task
from apaise.handling.tasks.todo import finish, open_task
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.opening import open_case
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
BY = System("deadlines")


@pytest.fixture
def case(complain, noon):
    return complain()


@pytest.fixture
def task(case, noon):
    return open_task(
        case, "log_breach", owner="handler", once="breach:1", by=BY, due_at=noon + timedelta(days=2)
    )


def test_the_same_occasion_opens_one_task_and_the_record_says_so(case, task, noon):
    with nothing_changed():
        assert open_task(case, "log_breach", owner="handler", once="breach:1", by=BY) == task
    said = Entry.objects.of(case.reference).get(what="task.opened")
    assert (said.by, said.facts["kind"], said.facts["owner"]) == ("system:deadlines", "log_breach", "handler")


def test_a_task_named_to_nobody_is_of_whoever_holds_the_case(case, task, ana, bo):
    assign(case, ana, by=ana)
    assert list(Task.objects.of(ana)) == [task]
    assert list(Task.objects.of(bo)) == []


def test_done_once_by_whoever_works_on_the_case(case, task, ana):
    assert finish(task, by=ana) is True
    assert finish(task, by=ana) is False
    task.refresh_from_db()
    assert (task.done_by, list(Task.objects.open())) == (ana.actor_code, [])
    assert Entry.objects.of(case.reference).filter(what="task.done").count() == 1


def test_what_is_named_to_one_person_is_not_ticked_off_by_another(case, ana, bo, mara):
    task = open_task(case, "escalate", owner="handler", person=ana, once="x", by=BY)
    with refused(Refused, match="somebody else's"):
        finish(task, by=bo)
    assert finish(task, by=mara) is True  # a lead may


def test_who_is_kept_apart_from_the_case_does_not_see_its_tasks(case, task, ana, mara):
    keep_apart(case, ana, because="onsite_technician", by=mara)
    assert list(Task.objects.visible_to(ana)) == []
    assert list(Task.objects.visible_to(mara)) == [task]
    with refused(Refused, match="judge and party"):
        finish(task, by=ana)


def test_telling_the_service_is_a_task_and_done_it_ends_the_clock(desk, ana, work, noon):
    person = Person.objects.identify("direction@tilleuls.exemple.test")
    person.organisation = Organisation.objects.create(
        name="Hôtel des Tilleuls", kind="business", sector="maintenance"
    )
    person.save()
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    happened(case, "decision.communicated", by=ana)
    work()
    [task] = Task.objects.filter(kind="service_notice")
    assert finish(task, by=desk.signatory) is True
    assert case.deadlines.get(rule="service_notified").was_kept
