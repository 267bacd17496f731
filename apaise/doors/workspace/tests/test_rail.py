"""The rail: daily work stands open, the rest is folded by what it is about, and every way leads somewhere."""

import re

import pytest
from django.test import override_settings

from apaise.doors.workspace.rail import rail
from apaise.ground.packs.vocabulary import ROLES
from apaise.intake.channels.policies import entry_refusal

pytestmark = pytest.mark.django_db


def entries(user, here=""):
    found = rail(user, here)
    return [*found["rail"], *(entry for group in found["rail_groups"] for entry in group["entries"])]


@pytest.mark.parametrize("team", [True, False])
@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_way_of_the_rail_opens_and_its_page_marks_it(role, team, staff, client):
    person = staff(role, team=team)
    client.force_login(person)
    for entry in entries(person):
        answer = client.get(entry["href"])
        assert answer.status_code == 200, f"{role} is led to {entry['href']}: {answer.status_code}"
        rail_shown = answer.content.decode().partition('<nav class="rail"')[2].partition("</nav>")[0]
        marked = set(re.findall(r'<a href="([^"]+)"[^>]*aria-current="page"', rail_shown))
        assert marked == {entry["href"]}, f"{role}, {entry['href']}: {marked} is marked as the page shown"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_nothing_is_said_twice_and_no_fold_hides_a_single_page(role, staff):
    person = staff(role)
    ways = [entry["href"] for entry in entries(person)]
    assert len(ways) == len(set(ways))
    assert all(len(group["entries"]) > 1 for group in rail(person, "")["rail_groups"])


def test_daily_work_stands_open_and_the_rest_is_folded(staff):
    found = rail(staff("complaints_manager"), "calendars")
    assert [entry["here"] for entry in found["rail"][:4]] == ["today", "cases", "tasks", "entry-phone"]
    assert [(group["ident"], group["current"]) for group in found["rail_groups"]] == [
        ("team", False),
        ("rules", True),
    ]
    assert len(found["rail"]) <= 9


def test_the_fold_of_the_page_one_is_on_says_so(staff, client):
    client.force_login(staff("complaints_manager"))
    page = client.get("/desk/calendars").content.decode()
    assert page.count("data-pops data-current") == 1
    assert page.count('href="/desk/calendars" aria-current="page"') == 2  # in the fold, and in a phone's menu


def test_a_new_case_is_offered_to_whoever_takes_complaints_in(staff):
    for role, team in [(role, team) for role in sorted(ROLES) for team in (True, False)]:
        person = staff(role, team=team)
        offered = "entry-phone" in [entry["here"] for entry in entries(person)]
        assert offered == (entry_refusal(person) is None), (role, team)


def test_the_outbox_of_the_demo_is_there_in_a_demonstration_only(staff):
    person = staff("handler")
    with override_settings(DEMO=True):
        assert "outbox" in [entry["here"] for entry in entries(person)]
    assert "outbox" not in [entry["here"] for entry in entries(person)]


def test_a_contributor_has_nothing_but_what_is_asked_of_them(staff):
    assert [entry["here"] for entry in entries(staff("contributor"))] == ["alerts", "asked-notes"]
