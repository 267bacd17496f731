"""To do: one's own list and the team's, the block on a case, and the button that ends a task."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.handling.routing.assignment import assign
from apaise.handling.tasks.models import Task
from apaise.handling.tasks.todo import open_task
from apaise.intake.cases.exclusion import keep_apart

pytestmark = pytest.mark.django_db
BY = System("test")


@pytest.fixture
def task(complain, ana, noon):
    """A task on a case of Ana's: task("log_breach", hours=-2, person=bo)."""
    numbers = iter(range(99))

    def make(kind="progress_update", hours=2, person=None, handler=ana):
        number = next(numbers)
        case = complain(email=f"t{number}@courriel.exemple.test", name=f"Client {number}")
        if handler:
            assign(case, handler, by=handler)
        due_at = None if hours is None else noon + timedelta(hours=hours)
        return open_task(case, kind, owner="handler", once=f"t{number}", by=BY, person=person, due_at=due_at)

    return make


@pytest.fixture
def read(client):
    def page(user, address="/desk/tasks", status=200):
        client.force_login(user)
        answer = client.get(address)
        assert answer.status_code == status
        return answer.content.decode()

    return page


def _finish(client, user, task, **form):
    client.force_login(user)
    return client.post(reverse("workspace:task-finishing", args=[task.case.reference, task.pk]), form)


def test_late_ones_come_first_then_today_then_later_then_those_without_a_date(read, task, ana):
    later, none, late, today = task(hours=60), task(hours=None), task(hours=-1), task(hours=3)
    page = read(ana)
    places = [page.index(one.case.reference) for one in (late, today, later, none)]
    assert places == sorted(places)
    assert 'data-tone="late">1 h late' in page.replace("\u00a0", " ")


def test_mine_are_those_named_to_me_and_those_on_my_cases_that_name_nobody(read, task, ana, bo, mara):
    on_mine, to_bo, of_bo = task(), task(person=bo), task(handler=bo)
    page = read(ana)
    assert [one.case.reference in page for one in (on_mine, to_bo, of_bo)] == [True, False, False]
    team = read(mara, "/desk/tasks?of=team")
    assert all(one.case.reference in team for one in (on_mine, to_bo, of_bo))
    assert to_bo.case.reference not in read(ana, "/desk/tasks?of=team")  # a handler has no team list


def test_one_kind_at_a_time(read, task, ana):
    breach, update = task("log_breach"), task("progress_update")
    page = read(ana, "/desk/tasks?kind=log_breach")
    assert breach.case.reference in page and update.case.reference not in page


def test_done_with_one_click_it_leaves_the_list_and_the_record_says_by_whom(client, task, ana):
    one = task()
    answer = _finish(client, ana, one, **{"from": "mine"})
    assert answer.url == "/desk/tasks?of=mine&done=task_done"
    one.refresh_from_db()
    assert (one.done_at is not None, one.done_by) == (True, ana.actor_code)
    entry = Entry.objects.of(one.case.reference).filter(what="task.done").get()
    assert (entry.facts["task"], entry.by) == (one.pk, ana.actor_code)
    assert _finish(client, ana, one).url == f"/desk/cases/{one.case.reference}?done=task_done"
    assert Entry.objects.of(one.case.reference).filter(what="task.done").count() == 1


def test_on_the_case_it_stands_with_its_button_and_goes_when_done(client, read, task, ana):
    one = task(hours=-1)
    case = f"/desk/cases/{one.case.reference}"
    button = f'action="{case}/tasks/{one.pk}/finishing"'
    assert button in read(ana, case)
    _finish(client, ana, one)
    assert button not in read(ana, case)


@pytest.mark.parametrize("where", ["mine", ""])
def test_a_task_of_somebody_else_is_refused_with_the_reason_and_stays_open(client, task, ana, bo, where):
    one = task(person=bo)
    answer = _finish(client, ana, one, **({"from": where} if where else {}))
    assert answer.status_code == 409
    assert "somebody else" in answer.content.decode()
    one.refresh_from_db()
    assert one.done_at is None
    assert not Entry.objects.of(one.case.reference).filter(what="task.done").exists()


def test_whoever_is_kept_apart_finds_neither_the_task_nor_its_case(client, read, task, mara, cleo):
    one = task()
    keep_apart(one.case, mara, because="account_manager", by=cleo)
    assert one.case.reference not in read(mara, "/desk/tasks?of=team")
    assert _finish(client, mara, one).status_code == 404
    assert Task.objects.open().count() == 1


def test_a_task_is_found_only_on_its_own_case(client, task, ana):
    one, other = task(), task()
    client.force_login(ana)
    address = reverse("workspace:task-finishing", args=[other.case.reference, one.pk])
    assert client.post(address).status_code == 404


def test_the_list_is_a_file_too(read, task, ana):
    one = task("log_breach", hours=2)
    lines = read(ana, "/desk/tasks/table").splitlines()
    assert lines == [
        "\ufeffTo do;About;Case;Customer;Person;Due",
        f"Write down why the date was missed;;{one.case.reference};Client 0;Ana Handler;2026-11-25T14:00+01:00",
    ]


def test_it_asks_the_same_for_three_tasks_and_for_thirty(client, task, ana, django_assert_max_num_queries):
    def asked():
        client.get("/desk/tasks")
        with django_assert_max_num_queries(12) as seen:
            client.get("/desk/tasks")
        return len(seen)

    client.force_login(ana)
    for _number in range(3):
        task()
    few = asked()
    for _number in range(27):
        task()
    assert asked() == few
