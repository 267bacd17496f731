"""`apaise run` on a mailbox of a real IMAP server: described by settings, killed, started again; its health."""

import json
import os
import resource
from collections.abc import Iterator

import pytest

from tests.dovecot import PASSWORD, USER, Dovecot, running
from tests.stories.house import House, Sink, command, mail, wait_for

pytestmark = [pytest.mark.imap, pytest.mark.xdist_group("dovecot")]
ON_POSTGRES = bool(os.environ.get("DATABASE_URL"))


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


def settings_for(dovecot: Dovecot, **more: str) -> dict[str, str]:
    user = USER.replace("@", "%40")
    return {"IMAP_URL": f"imap://{user}@127.0.0.1:{dovecot.port}/INBOX", "IMAP_PASSWORD": PASSWORD} | more


def marked(dovecot: Dovecot) -> int:
    return sum(1 for flags in dovecot.flags().values() if b"\\Seen" in flags)


@pytest.mark.parametrize("point", ["after-raw-store", "before-mail-mark", "after-mail-mark"])
def test_killed_between_keeping_and_marking_and_started_again_it_is_one_case_acknowledged_once(
    point: str, house: House, sink: Sink, dovecot: Dovecot
) -> None:
    subject, before = f"Relève {point}", marked(dovecot)
    dovecot.deliver(mail(subject))
    house.start(**settings_for(dovecot, APAISE_CRASH_AT=point))
    wait_for(lambda: "mail ended by SIGKILL" in house.errors.read_text(), f"mail did not pass by {point}")
    house.kill()
    house.start(**settings_for(dovecot))
    wait_for(lambda: house.settled(subject), lambda: f"it did not settle: {house.acknowledgements(subject)}")
    wait_for(lambda: marked(dovecot) > before, "it was not marked")
    assert len(house.cases(subject)) == 1
    [(state, number, _problem)] = house.acknowledgements(subject)
    assert (state, sink.got[number]) == ("sent", 1)
    assert command(house.data, "verify", **house.settings).returncode == 0
    assert house.stop() == 0


@pytest.mark.skipif(ON_POSTGRES, reason="the same on every database")
def test_a_disk_too_full_for_a_mail_leaves_it_on_its_server_until_there_is_room(
    house: House, dovecot: Dovecot
) -> None:
    before = marked(dovecot)
    house.start(**settings_for(dovecot))
    for pid in house.pids():  # as a disk that is nearly full
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))
    dovecot.deliver(mail("Trop pour ce disque", text="x\r\n" * 2_000_000))
    wait_for(
        lambda: house.rows("SELECT count(*) FROM channels_mailbox WHERE trouble = 'no_room'")[0][0],
        "nobody noted that there is no room",
    )
    assert "disk is full" in _doctor(house)["said"]
    assert house.rows("SELECT count(*) FROM channels_arrival") == [(0,)]
    assert [path for path in (house.data / "files").rglob("*") if path.is_file()] == []
    assert marked(dovecot) == before
    house.stop()
    house.start(**settings_for(dovecot))
    wait_for(lambda: house.cases("Trop pour ce disque"), "it did not come in though there is room")
    wait_for(lambda: marked(dovecot) == before + 1, "it was not marked")
    assert house.stop() == 0


def test_the_doctor_and_the_log_say_how_a_mailbox_goes_and_never_its_password(
    house: House, dovecot: Dovecot
) -> None:
    wrong = settings_for(dovecot, IMAP_PASSWORD="faux-et-secret")
    house.start(**wrong)
    wait_for(
        lambda: house.rows("SELECT count(*) FROM channels_mailbox WHERE trouble = 'login_refused'")[0][0],
        "nobody noted that we are not let in",
    )
    said = _doctor(house)
    assert said["level"] == "bad"
    assert "does not let us in" in said["said"]
    house.stop()
    log = house.errors.read_text()
    assert "login_refused" in log
    assert "faux-et-secret" not in log + json.dumps(said)
    house.start(**settings_for(dovecot))
    wait_for(
        lambda: house.rows(
            "SELECT count(*) FROM channels_mailbox WHERE trouble = '' AND checked_at IS NOT NULL"
        )[0][0],
        "the mailbox was not looked into",
    )
    assert _doctor(house)["level"] == "ok"
    assert house.stop() == 0


def _doctor(house: House) -> dict[str, str]:
    findings = json.loads(command(house.data, "doctor", "--json", **house.settings).stdout)["findings"]
    found: dict[str, str] = next(one for one in findings if one["what"] == "mailboxes")
    return found
