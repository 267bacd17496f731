"""Circuits and ladders, calendars with their region and file, renewals."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from apaise.doors.workspace.lead.ics import ics_of
from apaise.ground.accounts.models import Function, RoleGrant
from apaise.ground.accounts.setup import add_desk
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import HOUSE
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client):
    def page(user, name, *args, status=200, **query):
        client.force_login(user)
        answer = client.get(reverse(f"workspace:{name}", args=args), query)
        assert answer.status_code == status
        return re.sub(r"[\u00a0\u202f]", " ", unescape(answer.content.decode()))

    return page


# --- circuits ---------------------------------------------------------------------------------------------


def test_a_circuit_names_its_people_and_a_hole_says_what_to_do(read, cleo, ana, staff):
    page = read(cleo, "circuits", pack="fr-consommation")
    most, second = (page.index(f'id="c-{level}"') for level in ("C1", "C2"))
    assert cleo.name in page[most:second]
    hole = page[page.index("Senior handler") :]
    assert "Nobody holds this function. Give it to a person or a team" in hole
    Function.objects.create(code="senior_handler", person=ana)
    again = read(cleo, "circuits", pack="fr-consommation")
    circuit = again[again.index('id="c-C2"') : again.index('id="c-C3"')]
    assert ana.name in circuit and "Nobody holds" not in circuit


def test_a_role_that_nobody_has_is_a_hole_too(read, cleo, staff):
    assert "Nobody has this role." in read(cleo, "circuits", pack="fr-consommation")
    for role in ("executive", "internal_mediator"):
        staff(role)
    RoleGrant.objects.filter(role="handler").delete()
    staff("handler", team=True)
    assert "Nobody has this role." not in read(cleo, "circuits", pack="fr-consommation")


def test_the_ladder_says_in_words_when_a_case_comes_to_a_level_and_how_long_it_stays(read, cleo):
    page = read(cleo, "circuits", pack="fr-consommation")
    ladder = page[page.index("The ladder") :]
    assert "Criticality: C1 or C2 or The customer asks for a supervisor" in ladder
    assert "3 business days" in ladder and "Team lead / specialist" in ladder


def test_the_circuits_ask_the_same_however_many_people_hold_a_function(
    client, cleo, desk, staff, django_assert_max_num_queries
):
    def asked():
        client.get(reverse("workspace:circuits"))
        with django_assert_max_num_queries(12) as seen:
            client.get(reverse("workspace:circuits"))
        return len(seen)

    client.force_login(cleo)
    few = asked()
    for _number in range(10):
        staff("handler", team=True)
    assert asked() == few


# --- calendars --------------------------------------------------------------------------------------------


def test_the_holidays_of_the_chosen_region_count_for_new_cases_and_running_ones_keep_theirs(
    client, read, desk, complain, cleo, noon
):
    before = complain()
    client.force_login(cleo)
    answer = client.post(reverse("workspace:calendar-region", args=[desk.pk]), {"region": "alsace-moselle"})
    assert answer.url == "/desk/calendars?done=region"
    desk.refresh_from_db()
    after = complain(email="n@courriel.exemple.test")
    assert (before.calendar.region, Case.objects.get(pk=after.pk).calendar.region) == (None, "alsace-moselle")
    page = read(cleo, "calendars")
    assert "Good Friday" in page and "St Stephen’s Day" in page
    entry = Entry.objects.of(HOUSE).filter(what="desk.region_changed").get()
    assert entry.facts == {"desk": desk.pk, "region": "alsace-moselle"}


@pytest.mark.parametrize("region", ["atlantide", "alsace-moselle"])
def test_an_unknown_region_and_somebody_else_are_refused_and_nothing_changes(
    client, desk, cleo, mara, region
):
    client.force_login(cleo if region == "atlantide" else mara)
    answer = client.post(reverse("workspace:calendar-region", args=[desk.pk]), {"region": region})
    assert answer.status_code == 409
    desk.refresh_from_db()
    assert desk.region == ""
    assert not Entry.objects.of(HOUSE).filter(what="desk.region_changed").exists()


def test_choosing_the_same_region_twice_is_recorded_once(client, desk, cleo):
    client.force_login(cleo)
    for _time in range(2):
        client.post(reverse("workspace:calendar-region", args=[desk.pk]), {"region": "mayotte"})
    assert Entry.objects.of(HOUSE).filter(what="desk.region_changed").count() == 1


def test_the_calendar_says_its_days_hours_and_days_off_of_two_years(read, cleo, desk, noon):
    page = read(cleo, "calendars")
    assert "Monday to Friday" in page and "Monday to Saturday" in page
    assert "Days off in 2026" in page and "Days off in 2027" in page
    assert "Friday 25 December 2026, Christmas" in page


def test_the_file_for_an_agenda_holds_the_days_off_of_two_years(client, desk, cleo, noon):
    client.force_login(cleo)
    answer = client.get(reverse("workspace:calendar-file", args=[desk.pk, "fr-consommation"]))
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.count("BEGIN:VEVENT") == 22 and "DTSTART;VALUE=DATE:20270329" in text
    assert "SUMMARY:Easter Monday" in text
    assert client.get(reverse("workspace:calendar-file", args=[desk.pk, "no-such"])).status_code == 404


def test_each_desk_has_a_calendar_of_its_own(read, client, desk, cleo):
    add_desk("mulhouse@exemple.test", name="Mulhouse")
    page = read(cleo, "calendars")
    assert page.count('name="region"') == 2


def test_an_agenda_file_is_written_as_the_rules_want_it():
    text = ics_of(
        "Fériés; Mulhouse, ÿ" + "é" * 40,
        [(date(2026, 12, 25), "Noël, enfin")],
        datetime(2026, 11, 25, tzinfo=UTC),
    )
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.replace("\r\n ", "").split("\r\n")[3] == "X-WR-CALNAME:Fériés\\; Mulhouse\\, ÿ" + "é" * 40
    assert "SUMMARY:Noël\\, enfin\r\n" in text
    assert "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226\r\n" in text


# --- renewals ---------------------------------------------------------------------------------------------


@pytest.fixture
def at_stake(complain, ana, noon):
    company = Organisation.objects.create(name="Clinique des Tilleuls")
    deal = Contract.objects.create(
        number="K-7", organisation=company, amount=1200, renews_on=noon.date() + timedelta(days=40)
    )
    case = complain()
    assign(case, ana, by=ana)
    Case.objects.filter(pk=case.pk).update(organisation=company, contract=deal)
    return deal


def test_the_list_its_file_and_the_pages_of_the_contract_and_company_all_show_it(read, at_stake, cleo):
    case = at_stake.cases.get()
    page = read(cleo, "renewals")
    assert "Clinique des Tilleuls" in page and "in 40 days" in page and "1 open case" in page
    assert read(cleo, "renewals-table").splitlines()[1] == (
        f"K-7;Clinique des Tilleuls;2027-01-04;40;1200.00;EUR;a year;1;0;0;{case.reference};Ana Handler;"
    )
    for name, number in (("contract", at_stake.pk), ("organisation", at_stake.organisation_id)):
        assert "Contract K-7 is renewed in 40 days, with something unresolved." in read(cleo, name, number)


def test_the_window_is_a_setting_and_may_be_another_on_the_page(read, at_stake, cleo, settings):
    settings.RENEWAL_DAYS = 30
    assert "No renewal is at stake" in read(cleo, "renewals")
    assert "Clinique des Tilleuls" in read(cleo, "renewals", days="60")
    assert "No renewal is at stake" in read(cleo, "renewals", days="nonsense")


def test_a_handler_is_not_shown_what_is_at_stake(read, at_stake, ana):
    read(ana, "renewals", status=403)
    assert "with something unresolved" not in read(ana, "contract", at_stake.pk)
