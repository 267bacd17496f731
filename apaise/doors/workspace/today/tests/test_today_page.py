"""Today: the page of those who lead, and a handler's own; every figure opens its cases."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.handling.tasks.todo import open_task
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.models import Case
from apaise.intake.cases.promises import make_promise

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    """Read a page as somebody: read(mara, "today", team="3"), its spaces made plain."""

    def page(user, name="today", **query):
        client.force_login(user)
        answer = client.get(reverse(f"workspace:{name}"), query)
        assert answer.status_code == 200, answer.status_code
        return re.sub(r"[\u00a0\u202f]", " ", unescape(answer.content.decode()))

    return page


@pytest.fixture
def due(complain, noon):
    numbers = iter(range(999))

    def make(hours, handler=None, rule="reply_target", criticality=""):
        number = next(numbers)
        case = complain(email=f"d{number}@courriel.exemple.test", name=f"Client {number}")
        Case.objects.filter(pk=case.pk).update(
            next_due_at=noon + timedelta(hours=hours),
            next_due_rule=rule,
            handler=handler,
            criticality=criticality,
        )
        return case

    return make


def test_it_is_the_first_page_of_those_who_lead_and_the_cases_that_of_a_handler(client, mara, cleo, ana):
    for user, first in ((mara, "/desk/today"), (cleo, "/desk/today"), (ana, "/desk/cases")):
        client.force_login(user)
        assert client.get(reverse("workspace:home")).url == first


def test_what_is_late_or_at_risk_comes_with_what_to_do_and_who_is_to_do_it(read, due, mara, ana):
    due(30, ana)
    risky, late = due(2, ana, "first_contact"), due(-3)
    page = read(mara)
    assert "2 cases need somebody before 4 pm." in page and "The other one is in good hands." in page
    assert page.index(late.reference) < page.index(risky.reference)
    assert "Call the customer, or write to them in person." in page
    assert "Nobody holds it yet: take it, or give it to somebody." in page
    assert f'action="/desk/cases/{late.reference}/assignment"' in page
    assert f'action="/desk/cases/{risky.reference}/assignment"' not in page


def test_on_a_calm_day_it_says_so_and_when_the_next_date_falls(read, due, mara, ana):
    due(30, ana)
    page = read(mara)
    assert "All is kept." in page and "The next date falls tomorrow, 6 pm." in page
    assert "No date of ours is late, and none falls before 4 pm." in page


def test_each_figure_opens_exactly_its_cases(read, due, client, mara, ana):
    late, risky, later = due(-1, ana), due(1, ana, criticality="C1"), due(8, ana)
    page = read(mara)

    def opened(end):
        (address,) = {
            found for found in re.findall(r'href="(/desk/cases\?[^"]*)"', page) if found.endswith(end)
        }
        listed = client.get(address).content.decode()
        return {case.reference for case in (late, risky, later) if case.reference in listed}

    assert opened("view=late") == {late.reference}
    assert opened("due=soon") == {risky.reference}
    assert opened("due=today") == {risky.reference, later.reference}
    assert opened("level=hard") == {risky.reference}
    assert opened(f"view=team&handler={ana.pk}") == {late.reference, risky.reference, later.reference}


def test_a_lead_kept_apart_from_a_case_reads_nothing_of_it(read, due, mara, cleo):
    case = due(-1)
    keep_apart(case, mara, because="account_manager", by=cleo)
    for page in (read(mara), read(mara, "today-dates"), read(mara, "case-table")):
        assert case.reference not in page and "Client 0" not in page
    assert case.reference in read(cleo)


def test_a_handler_sees_their_own_day_and_what_nobody_holds(read, due, ana, bo):
    mine, others, nobodys = due(1, ana), due(1, bo), due(2)
    page = read(ana)
    assert "Your cases, it is noon" in page
    assert mine.reference in page and others.reference not in page
    assert f"/desk/cases/{nobodys.reference}" in page
    assert "1 case needs somebody before 4 pm." in page
    assert "Who holds what" not in page


def test_a_manager_may_look_at_one_team(read, due, cleo, ana, eve):
    here = due(1, ana)
    there = due(1)
    Case.objects.filter(pk=there.pk).update(team=eve.team_ids and next(iter(eve.team_ids)))
    both = read(cleo)
    assert "All teams" in both and here.reference in both and there.reference in both
    one = read(cleo, team=str(next(iter(eve.team_ids))))
    assert "Team: Elsewhere" in one and there.reference in one and here.reference not in one


def test_promises_and_tasks_of_the_day_are_there(read, due, mara, ana, noon):
    case = due(30, ana)
    case.refresh_from_db()
    make_promise(case, "Le technicien passe à 17 h", noon.date(), by=ana)
    open_task(
        case,
        "progress_update",
        owner="handler",
        once="t",
        by=System("test"),
        due_at=noon - timedelta(hours=2),
    )
    page = read(mara)
    assert "Le technicien passe à 17 h" in page and "of 1 kept" in page and "1 to come, 0 not kept" in page
    assert "they have heard nothing for days" in page and "2 h late" in page


def test_the_horizon_is_a_picture_a_table_and_a_file(read, complain, mara, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    case.deadlines.filter(rule="first_contact").update(due_at=noon + timedelta(minutes=30))
    page = read(mara)
    assert 'aria-label="1 date within four hours, 1 of them at risk."' in page
    assert read(mara, "today-dates").splitlines()[1] == (
        f"2026-11-25T12:30+01:00;First contact;Ana Handler;{case.reference};yes"
    )


def test_the_load_of_each_person_leads_to_their_cases_and_into_a_file(read, due, mara, ana, bo):
    due(-1, ana, criticality="C2"), due(5, ana), due(40, bo), due(3)
    page = read(mara, "load")
    assert f'href="/desk/cases?view=late&handler={ana.pk}"' in page
    assert read(mara, "load-table").splitlines() == [
        "\ufeffPerson;Open cases;C1 and C2;Late;Due today;Away until",
        "Ana Handler;2;1;1;1;",
        "Bo Handler;1;0;0;0;",
        "Mara Lead;0;0;0;0;",
        "Nobody yet;1;0;0;1;",
    ]


def test_what_others_hold_is_not_shown_to_a_handler_nor_the_day_to_an_administrator(client, ana, staff):
    client.force_login(ana)
    assert client.get(reverse("workspace:load")).status_code == 403
    client.force_login(staff("administrator"))
    assert client.get(reverse("workspace:today")).status_code == 403


def test_the_list_of_cases_becomes_a_file_with_the_same_filters_and_no_formula(read, due, mara, ana):
    due(1, ana)
    case = due(50, ana)
    Case.objects.filter(pk=case.pk).update(title="=HYPERLINK(1)", criticality="C1")
    head, row = read(mara, "case-table", view="team", level="C1").splitlines()
    assert head.startswith("\ufeffCase;Customer;Subject;Channel;State;Criticality;Received;Next date;")
    assert row.startswith(f"{case.reference};Client 1;'=HYPERLINK(1);E-mail;")
    assert row.endswith(";2026-11-27T14:00+01:00;Reply;Ana Handler;Guichet réclamations")


def test_it_asks_the_same_few_questions_on_a_quiet_day_and_on_a_busy_one(
    client, due, mara, ana, bo, noon, django_assert_max_num_queries
):
    def asked():
        client.get(reverse("workspace:today"))
        with django_assert_max_num_queries(25) as seen:
            assert client.get(reverse("workspace:today")).status_code == 200
        return len(seen)

    def fill(many):
        for number in range(many):
            case = due(number - 3, [ana, bo, None][number % 3])
            Person.objects.filter(pk=case.complainant_id).update(name="")  # its address says who it is
            case.refresh_from_db()
            if case.handler_id:
                make_promise(case, "Un appel", noon.date(), by=case.handler)
            open_task(case, "log_breach", owner="handler", once=f"{case.pk}", by=System("test"))

    client.force_login(mara)
    fill(9)
    few = asked()
    fill(30)
    assert asked() == few
