"""What makes the demo a lively company: the mix of its stories, its people, and what it knows of its customers."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import yaml

from apaise.doors.demo.tests.reading import (
    CASES,
    CHANNELS,
    COMPANY,
    FUNCTIONS,
    HERE,
    ROLES,
    STAFF,
    clock,
    final_stage,
    kinds,
    played,
    special,
    strings,
)


def test_company():
    assert COMPANY["desk"]["email"] == "reclamations@exemple.test"
    assert COMPANY["desk"]["phone"] == "01 99 00 12 34"
    assert COMPANY["mediator"]["website"] == "https://mediateur.exemple.test"
    for key in ("dpo", "contract_disputes", "escalation", "teams"):
        assert COMPANY[key]
    assert len(STAFF) == len(COMPANY["staff"]) == 8
    roles = Counter(role for person in COMPANY["staff"] for role in person["roles"])
    assert set(roles) <= ROLES
    assert roles["handler"] == 3
    for one in ("team_lead", "complaints_manager", "quality", "administrator", "contributor"):
        assert roles[one] == 1
    for person in COMPANY["staff"]:
        assert person["login"].endswith("@exemple.test")
        assert person["title"]["fr"] and person["title"]["en"]
        assert person["language"] in {"fr", "en"}


def test_every_function_is_held():
    assert set(COMPANY["functions"]) == FUNCTIONS
    for held in COMPANY["functions"].values():
        assert held["held_by"] in {"team", "person"}
        assert held["who"] and set(held["who"]) <= set(STAFF)
        assert held["held_by"] == "team" or len(held["who"]) == 1
    for team in COMPANY["teams"]:
        assert {team["lead"], *team["members"]} <= set(STAFF)


def test_the_mix_of_six_months():
    assert len(CASES) == 300
    channels = Counter(case["channel"] for case in CASES)
    assert set(channels) == set(CHANNELS)
    assert min(channels.values()) >= 4
    languages = Counter(case["language"] for case in CASES)
    assert languages["en"] == 50 and languages["fr"] == 250
    assert max(case["days_ago"] for case in CASES) > 170
    recent = sum(case["days_ago"] < 28 for case in CASES)
    assert 100 <= recent <= 170, "denser towards today"
    stages = Counter(final_stage(case) for case in CASES)
    assert set(stages) == {
        "received", "qualifying", "awaiting_customer", "investigating", "answered", "reopened", "closed", "withdrawn",
    }  # fmt: skip
    assert stages["withdrawn"] >= 5 and stages["reopened"] >= 1


def test_the_special_stories_are_there():
    assert len(special("exclude")) == 2
    assert len(special("merge")) == 4
    same_incident = [case for case in special("link") if "same_incident" in strings(case)]
    assert len(same_incident) >= 12, "an outbreak is more than a handful"
    vips = [case for case in CASES if case["customer"].get("vip")]
    assert {case["customer"]["organisation"] for case in vips} == {"Groupe Hôtelier Arvelle"}
    promised, kept = (sum(kinds(case).count(do) for case in CASES) for do in ("promise", "keep_promise"))
    assert promised >= 30 and kept >= 20 and promised > kept, "some are not kept"
    after_exclusion = [
        step
        for case in special("exclude")
        for step in case["steps"][kinds(case).index("exclude") :]
        if step.get("who") == "jordan.maillet"
    ]
    assert after_exclusion == []


@pytest.mark.parametrize("do", ["merge", "link"])
def test_cases_that_belong_together_are_both_there_in_time(do):
    by_id = {case["id"]: case for case in CASES}
    for case in special(do):
        for step in (step for step in case["steps"] if step["do"] == do):
            other = by_id[step["into" if do == "merge" else "to"]]
            today = date(2026, 11, 25)
            at = next(moment for moment, one in played(case, today) if one is step)
            received = datetime.combine(today - timedelta(days=other["days_ago"]), clock(other["at"]))
            assert other is not case and received < at
        assert do != "merge" or kinds(case)[-1] == "merge"


def test_what_is_known_of_the_customers_belongs_to_a_story():
    known = yaml.safe_load((HERE / "customers.yaml").read_text(encoding="utf-8"))
    organisations = {case["customer"].get("organisation") for case in CASES}
    assert {each["name"] for each in known["organisations"]} <= organisations
    numbers = [one["number"] for each in known["organisations"] for one in each["contracts"]]
    assert len(numbers) == len(set(numbers))
    ids = {case["id"] for case in CASES}
    assert {*known["chosen"], *(each["story"] for each in known["mandates"])} <= ids
    assert set(known["chosen"].values()) <= set(numbers)
    soon = [one for each in known["organisations"] for one in each["contracts"] if one["renews_in"] <= 60]
    assert len(soon) >= 3
    served = [
        one for each in known["organisations"] for one in each["contracts"] if one.get("technician") in STAFF
    ]
    assert len(served) >= 3
