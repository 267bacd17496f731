import json
import subprocess
import sys
from functools import partial

import pytest
import yaml

from .asking import ROOT, ask, asked, run

VECTORS = yaml.safe_load(
    (ROOT / "apaise/lib/working_time/tests/deadline-vectors.yaml").read_text(encoding="utf-8")
)


command = partial(run, "deadline")


# ---- the command ----


def test_the_golden_vectors_come_back_in_order_without_django():
    stdin = "\n".join(json.dumps(vector) for vector in VECTORS["vectors"])
    done = command("--jsonl", stdin=stdin)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [(each["id"], each["due"], each["weekday"]) for each in found] == [
        (number, vector["due"], vector["weekday"])
        for number, vector in enumerate(VECTORS["vectors"], start=1)
    ]


def test_a_shipped_pack_is_read_without_its_checker():
    done = command("--jsonl", stdin='{"pack":"fr-energie","deadline":"ack","start":"2026-11-10"}')
    assert json.loads(done.stdout)["due"] == "2026-11-12"


def test_a_bad_line_is_reported_and_the_next_is_answered():
    good = '{"id":"z","start":"2026-11-20","duration":{"value":1,"unit":"business_days"},"roll":"previous"}'
    done = command("--jsonl", stdin=f"{{\n\n{good}\r\n")
    first, second = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, done.stderr) == (1, "")
    assert first["id"] == 1 and "not JSON" in first["error"] and "due" not in first
    assert (second["id"], second["due"]) == ("z", "2026-11-23")


def test_each_line_is_answered_before_the_next_is_read():
    process = subprocess.Popen(
        [sys.executable, "-m", "apaise", "deadline", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    for name in ("a", "b"):
        line = json.dumps({"id": name, "start": "2026-11-20", "duration": {"value": 1, "unit": "weeks"}})
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == name
    process.stdin.close()
    process.stdout.close()
    assert process.wait() == 0


def test_without_jsonl_it_says_what_to_add():
    done = command()
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == "apaise: Nothing to read: add --jsonl and give one request a line on standard input.\n"
    )


def test_a_pack_of_a_file_is_checked_and_known(tmp_path, monkeypatch):
    path = tmp_path / "mine.yaml"
    path.write_text("schema: policy-pack/1\nid: mine\n", encoding="utf-8")
    done = command("--jsonl", "--pack", str(path), without=("django",))
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == "apaise: mine.yaml, line 1: `acknowledgement` is missing; add it (11 more, see line 1)\n"
    )

    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    done = command("--jsonl", "--pack", str(path), without=("django",))
    words = done.stderr.replace("\u202f", " ").replace("\xa0", " ")
    assert words == (
        "apaise: mine.yaml, ligne 1 : il manque `acknowledgement` ; ajoutez-le (et 11 autres, voir ligne 1)\n"
    )

    shipped = (ROOT / "apaise/ground/packs/data/packs/uk-fca.yaml").read_text(encoding="utf-8")
    path.write_text(shipped.replace("id: uk-fca", "id: mine"), encoding="utf-8")
    done = command(
        "--jsonl",
        "--pack",
        str(path),
        without=("django",),
        stdin='{"pack":"mine","deadline":"ack","start":"2026-11-02"}',
    )
    assert json.loads(done.stdout)["due"] == "2026-11-05"


# ---- a bare duration ----


def test_the_answer_has_every_key_of_the_contract():
    request = {
        "id": "b",
        "start": "2026-11-20T17:00:00+01:00",
        "duration": {"value": 2, "unit": "business_hours"},
    }
    assert ask(request) == {
        "id": "b",
        "due": "2026-11-23",
        "weekday": "mon",
        "due_at": "2026-11-23T10:00:00+01:00",
        "rolled_from": None,
        "internal_target": "2026-11-23",
        "explanation": [
            {
                "from": "2026-11-20T17:00:00+01:00",
                "to": "2026-11-20T18:00:00+01:00",
                "counted": True,
                "reason": "worked",
            },
            {
                "from": "2026-11-20T18:00:00+01:00",
                "to": "2026-11-23T09:00:00+01:00",
                "counted": False,
                "reason": "closed",
            },
            {
                "from": "2026-11-23T09:00:00+01:00",
                "to": "2026-11-23T10:00:00+01:00",
                "counted": True,
                "reason": "worked",
            },
        ],
    }


def test_calendar_region_hours_cap_and_extension_are_honoured():
    start, day = {"start": "2026-04-02"}, {"duration": {"value": 1, "unit": "business_days"}}
    assert ask({**start, **day})["due"] == "2026-04-03"
    assert ask({**start, **day, "region": "alsace-moselle"})["due"] == "2026-04-07"
    assert ask({**start, **day, "calendar": "gb-england"})["due_at"] == "2026-04-07T23:59:59+01:00"
    hours = {
        "duration": {"value": 1, "unit": "business_hours"},
        "business_hours": {"start": "07:30", "end": "12:00"},
    }
    assert ask({**start, **hours})["due_at"] == "2026-04-02T08:30:00+02:00"
    stop = {
        "pauses": [{"from": "2026-04-03", "to": None}],
        "max_pause": {"value": 4, "unit": "calendar_days"},
    }
    assert ask({**start, **day, **stop})["due"] == "2026-04-07"
    for extension, due in [
        ({"to": {"value": 3, "unit": "weeks"}}, "2026-04-23"),
        ({"adds": {"value": 2, "unit": "business_days"}}, "2026-04-08"),
        ({"adds": {"value": 1, "unit": "weeks"}}, "2026-04-10"),
        ({"defer_until": "2026-04-12"}, "2026-04-12"),
    ]:
        assert ask({**start, **day, "extension": extension})["due"] == due


def test_unknown_keys_and_empty_ones_are_ignored():
    request = {
        "start": "2026-04-02",
        "duration": {"value": 1, "unit": "weeks", "about": 1},
        "group": [],
        "label": {},
    }
    optional = (
        "roll",
        "calendar",
        "region",
        "business_hours",
        "pauses",
        "max_pause",
        "extension",
        "pack",
        "penalty",
    )
    assert ask({**request, **dict.fromkeys(optional)})["due"] == "2026-04-09"


@pytest.mark.parametrize("name", ["a", "", "é{{", 7, 0, -1.5, "\ud800"])
def test_the_id_is_echoed(name):
    assert ask({"id": name})["id"] == name


def test_an_absent_id_is_the_number_of_the_line():
    assert [answer["id"] for answer in asked({}, b"  \n", {"id": None}, {"id": [1]}, {"id": True})] == [
        1,
        3,
        4,
        5,
    ]


# ---- a deadline of a pack ----


def test_a_deadline_of_a_pack_says_what_it_rests_on():
    request = {
        "pack": "fr-banque-assurance",
        "deadline": "psp_reply",
        "start": "2026-11-02",
        "extended": True,
    }
    answer = ask({**request, "facts": {"case.topic": "payment_services"}})
    assert (answer["due"], answer["weekday"], answer["applies"]) == ("2026-12-14", "mon", True)
    assert answer["pack"] == "fr-banque-assurance@2026.11.0"
    assert (answer["deadline"], answer["customer_right"]) == ("psp_reply", False)
    assert answer["source"] == ["CMF133-45", "CMF133-4"]
    unknown = ask(request)
    assert (unknown["due"], unknown["applies"]) == ("2026-12-14", "unknown")
    no = ask({**request, "facts": {"case.topic": None}})
    assert (no["due"], no["due_at"], no["weekday"], no["applies"]) == (None, None, None, False)
    assert "reason" not in no


def test_a_deadline_the_pack_has_not_does_not_apply():
    for deadline in ("mediator_window", "nonsense"):
        answer = ask({"pack": "fr-b2b-maintenance", "deadline": deadline, "start": "2026-11-02"})
        assert (answer["applies"], answer["reason"], answer["due"]) == (False, "not_in_pack", None)


def test_what_a_pack_request_lacks_is_said():
    start = {"start": "2026-11-02"}
    assert "no pack “x”" in ask({"pack": "x", "deadline": "ack", **start})["error"]
    assert ask({"pack": "uk-fca", **start})["error"] == "`deadline` is missing."
    assert ask({"deadline": "ack", **start})["error"] == "`pack` is missing."
    assert ask({"pack": "uk-fca", "deadline": "ack"})["error"] == "`start` is missing."
    needs = ask({"pack": "fr-consommation", "deadline": "reply_target", **start})
    assert "depends on the criticality" in needs["error"]


# ---- a penalty ----


def test_penalties_are_answered_in_decimal_text():
    name = {"id": "e", "penalty": "withdrawal_L242-4", "amount": "49.90"}
    expected = {"increase_eur": "4.99", "total_eur": "54.89", "increase": None, "capped": False}
    assert ask({**name, "days_late": 25}) == {"id": "e", "days_late": 25, "rate": "0.10", **expected}
    from_days = ask({**name, "due_on": "2026-03-20", "paid_on": "2026-04-14"})
    assert (from_days["days_late"], from_days["rate"]) == (25, "0.10")
    interest = ask({**name, "days_late": 5})
    assert (interest["rate"], interest["increase_eur"], interest["total_eur"]) == (None, None, None)
    assert (interest["increase"], interest["capped"]) == ("legal_interest_rate", False)
    in_time = ask({**name, "days_late": 0})
    assert (in_time["rate"], in_time["increase_eur"], in_time["total_eur"]) == ("0", "0.00", "49.90")
    capped = ask({**name, "amount": "200", "days_late": 100, "price": "99.99"})
    assert (capped["rate"], capped["increase_eur"], capped["capped"]) == ("0.55", "99.99", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"penalty": "tax"},
        {"amount": None},
        {"amount": "1e3"},
        {"amount": "-5"},
        {"amount": "49,90"},
        {"amount": True},
        {"amount": "NaN"},
        {"amount": "9" * 40},
        {"days_late": 1.5},
        {"days_late": True},
        {"days_late": 10**9},
        {"days_late": None},
        {"days_late": None, "due_on": "2026-01-01", "paid_on": "soon"},
        {"price": "free"},
    ],
)
def test_a_penalty_that_cannot_be_computed_is_an_error(wrong):
    answer = ask({"penalty": "withdrawal_L242-4", "amount": "200.00", "days_late": 25, **wrong})
    assert set(answer) == {"id", "error"}
