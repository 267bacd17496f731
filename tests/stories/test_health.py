"""What an administrator sees of a place: its health in sentences, its readiness for a balancer, its log without a customer's word."""

import json
import os
import re
import resource
import smtplib
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests.stories.house import House, Sink, command, wait_for

pytestmark = pytest.mark.xdist_group("health")
WORDS = "Mon numéro de contrat secret est Zorglub-4711."


def looked_at(house: House, **settings: str) -> dict[str, tuple[str, str]]:
    done = command(house.data, "doctor", "--json", **(house.settings | settings))
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["ok"] else 1)
    worst = {"ok": 0, "warning": 1, "bad": 2}
    found: dict[str, tuple[str, str]] = {}
    for one in sorted(said["findings"], key=lambda one: worst[one["level"]]):
        found[one["what"]] = (one["level"], one["said"])
    return found


def test_doctor_says_what_is_well_and_what_to_do(house: House, sink: Sink) -> None:
    house.start()
    command(house.data, "staff", "ana@exemple.test", "--name", "Ana", "--signs", **house.settings)
    house.send("Bonne santé")
    wait_for(lambda: house.settled("Bonne santé"), "the mail did not settle")
    rounds = "SELECT count(*) FROM journey_job WHERE task LIKE 'apaise.journey.rounds.%' AND state = 'done'"
    wait_for(lambda: house.rows(rounds)[0][0], "no round was made")
    found = looked_at(house)
    assert found["outgoing mail"] == ("ok", "The server for outgoing mail answers and lets us in.")
    assert found["queue"][0] == found["ledger"][0] == found["disk"][0] == found["database"][0] == "ok"
    assert found["backups"][0] == "warning"
    assert found["policy packs"][0] == "warning"
    assert "billing" in found["policy packs"][1]
    sink.stop()
    level, said = looked_at(house)["outgoing mail"]
    assert level == "bad"
    assert "Check SMTP_URL" in said
    (house.data / "secret-key").chmod(0o644)
    assert looked_at(house)["secrets"] == (
        "bad",
        f"Others may read {house.data}/secret-key. chmod 600 it, and change the key if somebody did.",
    )
    assert command(house.data, "backup", **house.settings).returncode == 0
    assert looked_at(house)["backups"][0] == "ok"
    assert house.stop() == 0


def test_doctor_never_shows_a_secret(make_house: Callable[..., House]) -> None:
    house = make_house(smtp_url="smtp://user:Tr0mbone@127.0.0.1:9")
    house.start()
    assert house.stop() == 0
    key = (house.data / "secret-key").read_text()
    for form in ([], ["--json"]):
        done = command(house.data, "doctor", *form, **house.settings)
        assert "Tr0mbone" not in done.stdout + done.stderr
        assert key not in done.stdout + done.stderr


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
def test_doctor_without_a_database_says_one_thing(house: House) -> None:
    (house.data / "apaise.sqlite3").unlink()
    found = looked_at(house)
    assert list(found) == ["database"]
    assert found["database"][1].startswith("There is no database in")


def test_ready_means_that_the_database_answers_and_says_nothing_else(house: House) -> None:
    house.start()
    with urllib.request.urlopen(house.url("/readyz"), timeout=5) as answer:
        assert json.load(answer) == {"ready": True}
    house.change(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '0099_later', CURRENT_TIMESTAMP)"
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(house.url("/readyz"), timeout=5)
    assert refused.value.code == 503
    assert json.load(refused.value) == {"ready": False}
    assert house.stop() == 0


def test_the_log_of_a_whole_day_holds_no_customers_word_and_no_key(house: House, sink: Sink) -> None:
    house.start(APAISE_LOG="json", APAISE_LOG_REQUESTS="yes")
    house.send("Zorglub en objet", text=WORDS)
    wait_for(lambda: house.settled("Zorglub en objet"), "the mail did not settle")
    plain = next(part.get_content() for mail in sink.letters if (part := mail.get_body(("plain",))))
    [link] = re.findall(r"/t/[\w.:-]+", plain)
    for address in (link, "/?q=Zorglub", "/t/forged-Zorglub", "/desk/cases?q=Zorglub"):
        try:
            urllib.request.urlopen(house.url(address), timeout=10).read()
        except urllib.error.HTTPError as refused:
            assert refused.code == 404
    assert house.stop() == 0
    logged = house.errors.read_text()
    lines = [json.loads(line) for line in logged.splitlines()]
    asked = [(line["route"], line["status"]) for line in lines if line["logger"] == "apaise.request"]
    assert ("tracking", 200) in asked and ("tracking", 404) in asked and ("complaint", 200) in asked
    for secret in ("Zorglub", "4711", link, "claire@", (house.data / "secret-key").read_text()):
        assert secret not in logged


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
def test_a_full_disk_refuses_a_mail_for_now_and_stores_no_half_of_it(house: House) -> None:
    house.start()
    for pid in house.pids():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))  # as a disk that is nearly full
    with pytest.raises(smtplib.SMTPDataError) as refused:
        house.send("Trop pour ce disque", text="x\r\n" * 2_000_000)
    assert refused.value.smtp_code == 451
    house.send("Celui-ci tient")
    wait_for(lambda: house.cases("Celui-ci tient"), "the next mail was not taken")
    assert house.cases("Trop pour ce disque") == []
    assert house.rows("SELECT count(*) FROM channels_arrival") == [(1,)]
    kept = [path for path in (house.data / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert house.stop() == 0
