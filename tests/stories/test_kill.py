"""Everything may be killed at any moment: no mail is lost, none is acknowledged twice (DESIGN §3.1 and §3.2)."""

from collections import Counter

import pytest

from apaise.lib import crash
from tests.stories.house import House, Sink, command, kill_rounds, wait_for

pytestmark = pytest.mark.xdist_group("kill")
DELAYS = [0.0, 0.05, -0.12, 0.25]  # many more: python tools/kill_test.py --times 50 [--postgres]


def test_a_mail_accepted_just_before_everything_is_killed_becomes_one_case_acknowledged_once(
    house: House, sink: Sink
) -> None:
    tally = kill_rounds(house, sink, DELAYS)
    for one in tally.rounds:
        assert (one["cases"], one["acknowledgements"]) == (1, 1), one
        assert one["left"] == 1 or (one["left"] == 0 and one["state"] == "uncertain"), one
    assert house.rows("SELECT count(*) FROM cases_message WHERE kind = 'complaint'") == [(len(DELAYS),)]
    assert house.rows("SELECT count(*) FROM channels_arrival WHERE state <> 'filed'") == [(0,)]
    verified = command(house.data, "verify", **house.settings)
    assert "chains checked, 0 bad." in verified.stdout
    assert house.stop() == 0


# What is true after a restart, for each place where the process can be cut off: how many cases and acknowledgements there
# are, the state of the acknowledgement and how many times it left. Before the 250 the sender comes back with it.
BEFORE_250 = ("after-raw-store", "after-arrival-row", "before-250")
EXPECTED = dict.fromkeys(crash.POINTS, ("sent", 1)) | {
    "after-claim": ("uncertain", 0),
    "inside-data": ("uncertain", 0),
    "after-data-accepted": ("uncertain", 1),
}


@pytest.mark.parametrize("point", crash.POINTS)
def test_cut_off_at_a_named_point_it_goes_on_as_it_should(point: str, house: House, sink: Sink) -> None:
    house.start(APAISE_CRASH_AT=point)
    subject = f"Coupure nette {point}"
    if point in BEFORE_250:
        with pytest.raises(OSError):  # smtplib's errors are among them: there was no 250
            house.send(subject)
    else:
        house.send(subject)
    part = "mail" if point in BEFORE_250 else "worker"
    wait_for(
        lambda: f"{part} ended by SIGKILL" in house.errors.read_text(), f"{part} did not pass by {point}"
    )
    house.kill()
    house.start()
    if point in BEFORE_250:
        house.send(subject)  # as every mail server does with what was not accepted
    wait_for(lambda: house.settled(subject), lambda: f"it did not settle: {house.acknowledgements(subject)}")
    assert len(house.cases(subject)) == 1
    [(state, number, _problem)] = house.acknowledgements(subject)
    assert (state, sink.got[number]) == EXPECTED[point]
    assert sum(sink.got.values()) == sink.got[number]
    if state == "uncertain":
        _is_shown_to_people(house)
    assert command(house.data, "verify", **house.settings).returncode == 0
    assert house.stop() == 0


def _is_shown_to_people(house: House) -> None:
    assert house.rows("SELECT count(*) FROM ledger_entry WHERE what = 'message.uncertain'") == [(1,)]
    assert house.rows("SELECT count(*) FROM ledger_entry WHERE what = 'ack.sent'") == [(0,)]
    running = house.rows("SELECT state FROM cases_deadline WHERE rule LIKE '%ack%'")
    assert not Counter(running)["met"]
