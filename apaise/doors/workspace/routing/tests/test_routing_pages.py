"""The pages about who gets which cases, through the addresses a browser uses."""

from datetime import timedelta

import pytest

from apaise.handling.routing.person import Absence, Presence, Skill
from apaise.handling.routing.placement import Serving
from apaise.handling.routing.rule import Rule
from apaise.intake.cases.models import Case
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def see(client):
    def get(user, address):
        client.force_login(user)
        return client.get(address).content.decode()

    return get


def test_the_next_case_is_mine_and_its_page_says_why(client, see, complain, ana, noon):
    case = complain()
    client.force_login(ana)
    done = client.post("/desk/next-case")
    assert done["Location"] == f"/desk/cases/{case.reference}?done=served"
    shown = see(ana, done["Location"])
    assert "Why this one:</b> of those that wait it is the nearest to its date." in shown
    case.refresh_from_db()
    assert case.handler == ana


def test_with_nothing_waiting_one_is_told_so(client, see, ana):
    client.force_login(ana)
    done = client.post("/desk/next-case")
    assert done["Location"] == "/desk/cases?view=mine&done=none_waits"
    assert "No case waits for somebody right now." in see(ana, done["Location"])


def test_an_absent_person_is_told_what_to_do_first(client, complain, ana, noon):
    complain()
    Absence.objects.create(user=ana, first_day=noon.date(), last_day=noon.date(), made_by=ana)
    client.force_login(ana)
    answer = client.post("/desk/next-case")
    assert answer.status_code == 409
    assert "Call the absence off first." in answer.content.decode()
    assert not Serving.objects.exists()


def test_one_gives_back_what_one_was_served(client, see, complain, ana, noon):
    case = complain()
    client.force_login(ana)
    client.post("/desk/next-case")
    assert "Give it back" in see(ana, f"/desk/cases/{case.reference}")
    refused = client.post(f"/desk/cases/{case.reference}/giving-back", {"because": ""})
    assert refused.status_code == 409
    assert "Say why you give it back." in refused.content.decode()
    done = client.post(f"/desk/cases/{case.reference}/giving-back", {"because": "not_my_subject"})
    assert done["Location"].endswith("?done=given_back")
    case.refresh_from_db()
    assert case.handler is None


def test_one_writes_down_an_absence_and_calls_it_off(client, see, ana, bo, noon):
    client.force_login(ana)
    day = (noon + timedelta(days=5)).date().isoformat()
    form = {"user": ana.pk, "first_day": day, "last_day": day, "stand_in": bo.pk}
    assert client.post("/desk/team", form)["Location"] == "/desk/team?done=absence"
    absence = Absence.objects.get()
    assert (absence.user, absence.stand_in) == (ana, bo)
    assert "Bo Handler stands in" in see(ana, "/desk/team")
    client.post(f"/desk/absences/{absence.pk}/ending")
    assert "Nobody is written down as absent." in see(ana, "/desk/team")


def test_a_circle_is_refused_on_the_page_with_the_names_and_everything_typed(client, ana, bo, noon):
    day = noon.date()
    Absence.objects.create(user=bo, first_day=day, last_day=day, stand_in=ana, made_by=bo)
    client.force_login(ana)
    form = {"user": ana.pk, "first_day": day.isoformat(), "last_day": day.isoformat(), "stand_in": bo.pk}
    answer = client.post("/desk/team", form)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Ana Handler → Bo Handler → Ana Handler" in shown
    assert f'<option value="{bo.pk}" selected>' in shown


def test_a_handler_speaks_for_nobody_else(client, ana, bo, mara, eve, noon):
    client.force_login(ana)
    form = {"user": bo.pk, "first_day": noon.date().isoformat(), "last_day": noon.date().isoformat()}
    assert client.post("/desk/team", form).status_code == 409
    assert client.post(f"/desk/team/{bo.pk}/presence", {"state": "away"}).status_code == 404
    client.force_login(mara)
    assert (
        client.post(f"/desk/team/{bo.pk}/presence", {"state": "away", "most_open": "12"}).status_code == 302
    )
    assert client.post(f"/desk/team/{eve.pk}/presence", {"state": "away"}).status_code == 404
    assert Presence.objects.get().most_open == 12
    assert not Absence.objects.exists()


def test_the_complaints_manager_writes_changes_moves_and_removes_rules(client, see, ana, cleo):
    client.force_login(cleo)
    for name in ("Anglais", "Factures"):
        form = {
            "name": name,
            "target": f"person:{ana.pk}",
            "language": "en",
            "names_person": "on",
            "active": "on",
        }
        assert client.post("/desk/routing-rules", form)["Location"] == "/desk/routing-rules?done=rule"
    first, second = Rule.objects.all()
    client.post(f"/desk/routing-rules/{second.pk}/moving")
    assert [rule.name for rule in Rule.objects.all()] == ["Factures", "Anglais"]
    shown = see(cleo, f"/desk/routing-rules/{first.pk}")
    assert "in English → Ana Handler, the person who fits best" in shown
    changed = {
        "name": "Anglais",
        "target": f"person:{ana.pk}",
        "condition": "{fact: case.criticality, in: [C1]}",
    }
    client.post(f"/desk/routing-rules/{first.pk}", changed)
    first.refresh_from_db()
    assert (first.condition, first.language, first.active) == (
        {"fact": "case.criticality", "in": ["C1"]},
        "",
        False,
    )
    client.post(f"/desk/routing-rules/{first.pk}/removal")
    assert [rule.name for rule in Rule.objects.all()] == ["Factures"]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("{fact: case.mood, eq: 1}", "The condition cannot be read"),
        ("{fact: [", "line 1"),
        ("just words", "The condition cannot be read"),
    ],
)
def test_a_condition_nobody_can_read_is_refused_with_its_reason_and_kept_in_the_form(
    client, ana, cleo, condition, why
):
    client.force_login(cleo)
    form = {"name": "Règle", "target": f"person:{ana.pk}", "condition": condition}
    answer = client.post("/desk/routing-rules", form)
    assert answer.status_code == 409
    assert why in answer.content.decode()
    assert condition.split(":")[0].strip("{") in answer.content.decode()
    assert not Rule.objects.exists()


def test_skills_are_written_for_each_person(client, see, ana, cleo):
    client.force_login(cleo)
    client.post(f"/desk/team/{ana.pk}/skills", {"cause": ["billing"], "language": ["en"]})
    assert set(Skill.objects.values_list("kind", "code")) == {("cause", "billing"), ("language", "en")}
    client.post(f"/desk/team/{ana.pk}/skills", {"cause": ["billing"]})
    assert set(Skill.objects.values_list("kind", "code")) == {("cause", "billing")}
    assert client.post(f"/desk/team/{ana.pk}/skills", {"cause": ["weather"]}).status_code == 409
    assert Skill.objects.count() == 1


def test_fairness_has_a_page_and_a_table_to_take_along(client, see, complain, cleo, noon):
    complain()
    case = complain(email="luc@courriel.exemple.test")
    Case.objects.filter(pk=case.pk).update(we_wrote_at=clock.now())
    shown = see(cleo, "/desk/fairness")
    assert "1 still waits" in shown or "2 still wait" in shown
    assert "more than 24 h is the next case served, before any VIP" in shown
    table = client.get("/desk/fairness?as=csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("week;vip;cases;contact_waiting;contact_median_h")
    assert lines[2] == "2026-11-23;0;2;2;;;2;;;0"
    assert len(lines) == 25


def test_the_list_of_people_asks_no_more_for_a_team_of_forty_than_for_one_of_two(
    client, complain, mara, ana, staff, django_assert_max_num_queries, noon
):
    case = complain()
    client.force_login(mara)
    address = f"/desk/cases/{case.reference}/assigning"

    def asked():
        client.get(address)
        with django_assert_max_num_queries(20) as queries:
            shown = client.get(address)
        return len(queries), shown.content.decode().count('name="to"')

    few, _two = asked()
    for _number in range(40):
        staff("handler", team=True)
    assert asked() == (few, _two + 40)


def test_a_handler_who_may_not_hand_out_is_told_why(client, see, complain, ana, noon):
    case = complain()
    assert "/assigning" not in see(ana, f"/desk/cases/{case.reference}")
    assert "Only a team lead or the complaints manager may give" in see(
        ana, f"/desk/cases/{case.reference}/assigning"
    )
