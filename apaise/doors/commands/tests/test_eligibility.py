import json
from functools import partial

import pytest

from apaise.doors.commands import eligibility
from apaise.doors.commands.json_lines import Shelf

from .asking import ROOT, ask, asked, run

KNOWN = {
    "customer.kind": "consumer",
    "case.written_complaint_at": "2026-08-03",
    "case.court_seized": False,
    "case.mediator_already_examined": False,
    "case.final_reply_outcome": "none",
}
REQUEST = {"id": "1", "pack": "fr-consommation", "as_of": "2026-11-21", "facts": KNOWN}


command = partial(run, "eligibility")


def routes(request=REQUEST, **changes):
    answer = ask({**request, **changes}, of=eligibility)
    return {route["route"]: route for route in answer["routes"]}


def mediation(facts=None, as_of="2026-11-21", route="consumer_mediation", **changes):
    found = routes(facts={**KNOWN, **(facts or {})}, as_of=as_of, **changes)[route]
    return found["result"], found["stage"], found["opens_on"], found["closes_on"]


# ---- the command ----


def test_the_example_of_the_contract_comes_back_without_django():
    done = command("--jsonl", stdin=json.dumps(REQUEST))
    [answer] = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, done.stderr, answer["id"]) == (0, "", "1")
    assert list(answer) == ["id", "pack", "routes"]
    assert [(route["route"], route["result"], route["stage"]) for route in answer["routes"]] == [
        ("internal_mediation", "to_check", "unknown"),
        ("consumer_mediation", "eligible", "open"),
        ("sector_mediators", "to_check", "unknown"),
        ("conciliateur_de_justice", "eligible", "open"),
        ("cross_border", "to_check", "unknown"),
        ("arbitration", "to_check", "unknown"),
        ("court", "to_check", "unknown"),
        ("administration_signal", "eligible", "open"),
    ]
    mediation = answer["routes"][1]
    assert (mediation["opens_on"], mediation["closes_on"]) == ("2026-10-04", "2027-08-03")
    assert mediation["human_check"] is False
    assert mediation["articles"] == [
        "L612-1", "L612-2", "L612-3", "L612-4", "R612-1", "R612-2", "R612-4", "R612-5", "C2238",
    ]  # fmt: skip
    assert mediation["because"][0] == {
        "fact": "customer.kind",
        "op": "in",
        "value": ["consumer"],
        "outcome": True,
    }


def test_what_is_unknown_is_to_check_with_what_is_missing():
    court = json.loads(command("--jsonl", stdin=json.dumps(REQUEST)).stdout)["routes"][6]
    assert court == {
        "route": "court",
        "result": "to_check",
        "stage": "unknown",
        "opens_on": None,
        "closes_on": None,
        "because": [
            {"fact": "case.claim_amount", "op": "gt", "value": 5000, "outcome": "unknown"},
            {"fact": "case.amicable_attempt_proved", "op": "eq", "value": True, "outcome": "unknown"},
            {
                "fact": "case.conciliator_unavailable_over_3_months",
                "op": "eq",
                "value": True,
                "outcome": "unknown",
            },
        ],
        "articles": ["CPC750-1", "D2025-660"],
        "human_check": True,
    }


def test_a_bad_line_is_reported_and_the_next_is_answered():
    done = command("--jsonl", stdin="{\n\n" + json.dumps(REQUEST) + "\r\n")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, done.stderr) == (1, "")
    assert list(first) == ["id", "error"] and first["id"] == 1 and "not JSON" in first["error"]
    assert second["id"] == "1" and len(second["routes"]) == 8


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"pack": "x"}, "no pack “x”"),
        ({"pack": None}, "`pack` is missing."),
        ({"pack": 5}, "`pack` must be a text."),
        ({"as_of": None}, "`as_of` is missing."),
        ({"as_of": "soon"}, "no day or moment"),
        ({"as_of": "2026-02-30"}, "no day or moment"),
        ({"as_of": 20261121}, "no day or moment"),
        ({"facts": []}, "`facts` must be an object"),
        ({"id": [1]}, "`id` must be a text or a number."),
        ({"as_of": "0001-01-01"}, "outside the years 1 to 9999"),
    ],
)
def test_a_request_that_makes_no_sense_is_an_error(wrong, error):
    answer = ask({**REQUEST, **wrong}, of=eligibility)
    assert set(answer) == {"id", "error"} and error in answer["error"]


def test_lines_are_answered_in_order_with_the_id_or_the_number_of_the_line():
    numbered = {key: value for key, value in REQUEST.items() if key != "id"}
    answers = asked(numbered, b"", {**REQUEST, "id": 7.5}, b"[]", of=eligibility)
    assert [(answer["id"], "routes" in answer) for answer in answers] == [(1, True), (7.5, True), (4, False)]


def test_without_jsonl_it_says_what_to_add():
    done = command()
    assert (done.returncode, done.stdout) == (1, "")
    assert "add --jsonl" in done.stderr


def test_a_pack_of_a_file_is_checked_and_its_routes_are_merged_with_those_it_extends(tmp_path):
    path = tmp_path / "mine.yaml"
    shipped = (ROOT / "apaise/ground/packs/data/packs/fr-energie.yaml").read_text(encoding="utf-8")
    own = "id: fr-energie-nous\n"
    mine = shipped.replace("id: fr-energie\n", own).replace("{id: sector_mediators, disabled: true}", "{id: court, disabled: true}")  # fmt: skip
    path.write_text(mine, encoding="utf-8")
    done = command("--jsonl", "--pack", str(path), without=("django",), stdin=json.dumps({**REQUEST, "pack": "fr-energie-nous"}))  # fmt: skip
    assert [route["route"] for route in json.loads(done.stdout)["routes"]] == [
        "internal_mediation",
        "sector_mediators",
        "conciliateur_de_justice",
        "cross_border",
        "arbitration",
        "administration_signal",
        "mne",
    ]
    path.write_text("schema: policy-pack/1\nid: mine\n", encoding="utf-8")
    refused = command("--jsonl", "--pack", str(path), without=("django",))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("apaise: mine.yaml, line 1: ")


def test_a_disabled_route_of_a_shipped_pack_is_left_out():
    shelf = Shelf()
    listed = {
        pack: [route["route"] for route in asked({**REQUEST, "pack": pack}, of=eligibility, shelf=shelf)[0]["routes"]]
        for pack in ("fr-energie", "fr-b2b-maintenance", "uk-fca")
    }  # fmt: skip
    assert "consumer_mediation" not in listed["fr-energie"] and "mne" in listed["fr-energie"]
    assert (
        "cross_border" not in listed["fr-b2b-maintenance"] and "negotiation" in listed["fr-b2b-maintenance"]
    )
    assert listed["uk-fca"] == ["fos", "court"]


# ---- when a route opens and closes ----


def test_it_opens_the_day_after_the_two_months_and_closes_after_the_last_day_of_the_window():
    window = ("2026-10-04", "2027-08-03")
    assert mediation(as_of="2026-10-03") == ("not_eligible", "not_yet", *window)
    assert mediation(as_of="2026-10-03T23:59:59+02:00") == ("not_eligible", "not_yet", *window)
    assert mediation(as_of="2026-10-04") == ("eligible", "open", *window)
    assert mediation(as_of="2027-08-03T23:59:59+02:00") == ("eligible", "open", *window)
    assert mediation(as_of="2027-08-04") == ("not_eligible", "closed", *window)


def test_a_moment_is_read_in_the_zone_of_the_pack():
    # 22:30 in Greenwich is the next day in Paris, in summer; 23:30 in winter.
    assert mediation({"case.written_complaint_at": "2026-08-02T22:30:00Z"})[2:] == (
        "2026-10-04",
        "2027-08-03",
    )
    assert mediation({"case.written_complaint_at": "2026-01-02T23:30:00Z"})[2:] == (
        "2026-03-04",
        "2027-01-04",
    )
    assert mediation(as_of="2026-10-03T21:59:59Z")[1] == "not_yet"
    assert mediation(as_of="2026-10-03T22:00:00Z")[1] == "open"
    # A moment without an offset is local.
    assert mediation(as_of="2026-10-03T23:30:00")[1] == "not_yet"


def test_months_end_on_their_last_day_and_years_on_the_28th():
    assert mediation({"case.written_complaint_at": "2025-12-31"})[2:] == ("2026-03-01", "2026-12-31")
    # 29 February 2028 is a Tuesday; a year on there is none, and the 28th is a Wednesday.
    assert mediation({"case.written_complaint_at": "2028-02-29"}, as_of="2028-03-01")[2:] == (
        "2028-04-30",
        "2029-02-28",
    )


def test_a_window_that_ends_on_a_closed_day_lasts_until_the_next_business_day():
    # 2 May 2026 is a Saturday; 8 May, a holiday, is a Friday; 5 April is Easter Sunday.
    for written, closes, opens in (
        ("2025-05-02", "2026-05-04", "2025-07-03"),
        ("2025-05-08", "2026-05-11", "2025-07-09"),
        ("2025-04-05", "2026-04-07", "2025-06-06"),
    ):
        facts = {"case.written_complaint_at": written}
        assert mediation(facts, as_of=closes) == ("eligible", "open", opens, closes)
    assert mediation({"case.written_complaint_at": "2025-05-02"}, as_of="2026-05-05")[1] == "closed"
    # But it opens on whatever day it is: 3 October 2026 ends the two months and is a Saturday.


def test_in_england_the_six_months_run_from_the_final_response_and_roll_over_bank_holidays():
    facts = {
        "customer.kind": "business",
        "case.final_reply_at": "2026-06-28",
    }  # + 6 months: 28 December, substitute day
    request = {"pack": "uk-fca", "facts": facts, "as_of": "2026-12-29T23:30:00Z"}
    fos = routes(**request)["fos"]
    assert (fos["result"], fos["stage"], fos["closes_on"], fos["opens_on"]) == (
        "eligible",
        "open",
        "2026-12-29",
        None,
    )
    late = routes(**{**request, "as_of": "2026-12-30"})["fos"]
    assert (late["result"], late["stage"], late["human_check"]) == ("not_eligible", "closed", True)
    assert late["because"] == [
        {"fact": "case.final_reply_at", "op": "older_than", "value": {"unit": "months", "value": 6}, "outcome": True}
    ]  # fmt: skip


def test_eight_weeks_without_a_final_response_open_the_ombudsman():
    facts = {"customer.kind": "consumer", "case.final_reply_at": None, "case.received_at": "2026-09-01"}
    request = {"pack": "uk-fca", "facts": facts}
    for as_of, stage in (("2026-10-27", "not_yet"), ("2026-10-28", "open")):
        fos = routes(**request, as_of=as_of)["fos"]
        assert (fos["stage"], fos["opens_on"], fos["closes_on"]) == (stage, "2026-10-28", None)


def test_thirty_five_ouvrable_days_open_the_bank_mediator_for_a_payment():
    facts = {
        "contract.sector": "payment",
        "case.topic": "payment_services",
        "case.received_at": "2026-10-20T08:00:00Z",
        "case.sent_at": "2026-10-20T08:00:00Z",
    }
    # 35 ouvrable days after 20 October, without Sundays, 1 and 11 November: 1 December. Two months: 20 December.
    bank = mediation(facts, "2026-12-02", "bank_mediator", pack="fr-banque-assurance")
    assert bank == ("eligible", "open", "2026-12-02", "2027-08-03")
    other = {**facts, "case.topic": "credit"}
    assert mediation(other, "2026-12-02", "bank_mediator", pack="fr-banque-assurance")[1:3] == (
        "not_yet",
        "2026-12-21",
    )


# ---- known, unknown, known not to exist ----


def test_null_is_known_not_to_exist_and_absent_is_unknown():
    assert mediation({"case.written_complaint_at": None}) == ("not_eligible", "never", None, None)
    absent = {key: value for key, value in KNOWN.items() if key != "case.written_complaint_at"}
    route = routes(facts=absent)["consumer_mediation"]
    assert (route["result"], route["stage"], route["human_check"]) == ("to_check", "unknown", True)
    assert {(leaf["fact"], leaf["op"], leaf["outcome"]) for leaf in route["because"]} == {
        ("case.written_complaint_at", "exists", "unknown"),
        ("case.written_complaint_at", "older_than", "unknown"),
    }


def test_a_null_answers_ne_and_not_in_with_yes_and_eq_and_in_with_no():
    assert mediation({"case.court_seized": None})[0] == "eligible"
    assert mediation({"customer.kind": None})[1] == "never"
    energy = {"contract.sector": "energy", "case.topic": None}
    assert mediation(energy, route="mne", pack="fr-energie")[0] == "eligible"


def test_nothing_known_leaves_every_conditional_route_to_check():
    for pack in ("fr-consommation", "fr-energie", "fr-banque-assurance", "fr-b2b-maintenance", "uk-fca"):
        for route in routes(pack=pack, facts={}).values():
            assert (route["result"], route["stage"], route["human_check"]) in {
                ("eligible", "open", False),
                ("to_check", "unknown", True),
            }
            assert (route["result"] == "to_check") == bool(route["because"])


def test_never_comes_before_closed_and_closed_before_unknown():
    old = {"case.written_complaint_at": "2020-01-06"}
    assert mediation(old)[:2] == ("not_eligible", "closed")
    assert mediation({**old, "case.court_seized": True})[:2] == ("not_eligible", "never")
    unknown = {key: value for key, value in {**KNOWN, **old}.items() if key != "case.court_seized"}
    closed = routes(facts=unknown)["consumer_mediation"]
    assert (closed["result"], closed["stage"], closed["human_check"]) == ("not_eligible", "closed", True)
    new = {"case.written_complaint_at": "2026-11-02"}
    not_yet = routes(facts={**unknown, **new})["consumer_mediation"]
    assert (not_yet["result"], not_yet["stage"], not_yet["human_check"]) == ("not_eligible", "not_yet", False)


def test_a_refusal_opens_it_at_once_on_a_day_the_facts_do_not_say():
    refused = {"case.written_complaint_at": "2026-11-02", "case.final_reply_outcome": "refused"}
    assert mediation(refused) == ("eligible", "open", None, "2027-11-02")


def test_what_is_no_date_or_no_number_is_for_a_person_to_look_at():
    for odd in ("soon", 5, True, ["2026-08-03"], {"at": "2026-08-03"}, ""):
        assert mediation({"case.written_complaint_at": odd})[0] == "to_check"
    for odd in ("much", True, [6000], "NaN"):
        assert routes(facts={"case.claim_amount": odd})["court"]["result"] == "to_check"
    assert routes(facts={"case.claim_amount": "5000.01"})["court"]["result"] == "eligible"
