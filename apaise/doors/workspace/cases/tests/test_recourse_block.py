"""The ways out of a case, on its page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from apaise.doors.workspace.cases.recourse import FACT_NAMES, ways_out
from apaise.ground.packs.load import load_shipped_packs
from apaise.intake.cases.models import Case, Exclusion
from apaise.intake.cases.recourse import recourse
from apaise.lib import clock

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2026, 8, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def case(complain):
    with clock.at_moment(RECEIVED):
        return complain(kind="consumer")


def mediation(case, at):
    found = {route.id: route for route in recourse(Case.objects.get(pk=case.pk), at)}["consumer_mediation"]
    return found.result, found.stage, str(found.opens_on), str(found.closes_on)


def test_mediation_is_to_check_while_nobody_knows_of_a_court_and_has_its_dates(case):
    window = ("2026-10-04", "2027-08-03")
    assert mediation(case, RECEIVED) == ("not_eligible", "not_yet", *window)
    assert mediation(case, datetime(2026, 10, 4, 9, 0, tzinfo=UTC)) == ("to_check", "unknown", *window)
    assert mediation(case, datetime(2027, 8, 4, 9, 0, tzinfo=UTC)) == ("not_eligible", "closed", *window)


def test_the_page_says_to_check_and_never_not_eligible(client, ana, case):
    client.force_login(ana)
    with clock.at_moment(datetime(2026, 11, 20, 9, 0, tzinfo=UTC)):
        page = client.get(reverse("workspace:case", args=[case.reference])).content.decode()
    block = page[page.index("Possible recourse") : page.index("Handled by")].replace("\xa0", " ")
    assert "Consumer mediation (listed mediator)" in block
    assert "from 4 October 2026 to 3 August 2027" in block
    assert "A court is seized" in block and "not known" in block
    assert "eligible" not in block


def test_a_window_that_seems_over_is_for_a_person_to_check(case):
    with translation.override("en"):
        rows = {
            row["label"]: row
            for row in ways_out(Case.objects.get(pk=case.pk), RECEIVED + timedelta(days=500))
        }
        row = rows["Consumer mediation (listed mediator)"]
        assert (row["stage"], row["to_check"], row["state"]) == ("closed", True, "Time seems over: to check")
        assert row["dates"] == "until 3\xa0August 2027, by our count"


def test_who_is_kept_apart_from_the_case_does_not_learn_of_its_ways_out(client, ana, case):
    Exclusion.objects.create(case=case, user=ana, because="onsite_technician")
    client.force_login(ana)
    assert client.get(reverse("workspace:case", args=[case.reference])).status_code == 404


def test_every_fact_a_route_of_a_shipped_pack_asks_for_has_a_name():
    def facts(node):
        if isinstance(node, dict):
            return {node["fact"]} if "fact" in node else set().union(*map(facts, node.values()))
        return set().union(*map(facts, node)) if isinstance(node, list) else set()

    asked = set()
    for pack in load_shipped_packs(check=False).values():
        for route in pack.block("adr_routes"):
            asked |= facts([route.get(key) for key in ("eligible_when", "opens_when", "closes_when")])
    assert asked <= FACT_NAMES.keys()
