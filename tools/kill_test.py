"""Kill everything right after an accepted mail, again and again, and count what was lost or said twice.

    python tools/kill_test.py --times 50
    python tools/kill_test.py --times 50 --postgres postgresql://postgres@127.0.0.1:5432

Each round sends a real mail by SMTP, sends SIGKILL to every process 0 to 400 ms after its 250 (every fifth round once
more after the restart), starts again and waits until the case is at rest. Exit status 1 if anything was lost or doubled."""

import argparse
import os
import random
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.stories.house import House, Sink, Tally, command, kill_rounds, postgres_database


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument(
        "--postgres", nargs="?", const="postgresql://postgres@127.0.0.1:5432", metavar="SERVER"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="apaise-kill-")))
        url = ""
        if options.postgres:
            url = stack.enter_context(postgres_database(options.postgres, f"apaise_crash_kill_{os.getpid()}"))
        sink = Sink(slowly=0.2)  # so that some rounds are cut off between our DATA and its 250
        sink.start()
        stack.callback(sink.stop)
        house = House(folder / "data", smtp_url=sink.url, database_url=url)
        stack.callback(house.kill)
        print(
            f"{'round':>5} {'killed after':>13} {'cases':>6} {'acks':>5} {'state':>10} {'left':>5} {'start':>7} {'settled':>8}"
        )
        tally = kill_rounds(house, sink, _delays(options.times, options.seed), tell=_row)
        verified = command(house.data, "verify", **house.settings)
        stack.enter_context(_stopped(house))
    return _sum_up(tally, options, "PostgreSQL" if url else "SQLite", verified.returncode == 0)


def _delays(times: int, seed: int) -> list[float]:
    """A third at once, the rest at random; every fifth round kills a second time."""
    dice = random.Random(seed)
    waits = [0.0 if number % 3 == 0 else dice.uniform(0.001, 0.4) for number in range(times)]
    return [-max(wait, 0.001) if number % 5 == 4 else wait for number, wait in enumerate(waits)]


def _row(one: dict) -> None:
    again = " twice" if one["delay"] < 0 else ""
    after = f"{abs(one['delay']) * 1000:.0f} ms{again}"
    print(
        f"{one['round']:>5} {after:>13} {one['cases']:>6} {one['acknowledgements']:>5} {one['state']:>10} {one['left']:>5}"
        f" {one['started']:>6.2f}s {one['settled']:>7.2f}s", flush=True,
    )  # fmt: skip


class _stopped:
    def __init__(self, house: House) -> None:
        self.house = house

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        self.house.stop()


def _sum_up(tally: Tally, options: argparse.Namespace, engine: str, verified: bool) -> int:
    rounds = tally.rounds
    lost = sum(one["cases"] == 0 or one["acknowledgements"] == 0 for one in rounds)
    doubled = sum(one["cases"] > 1 or one["acknowledgements"] > 1 or one["left"] > 1 for one in rounds)
    silent = sum(one["left"] == 0 and one["state"] != "uncertain" for one in rounds)
    settled = [one["settled"] for one in rounds]
    print(
        f"{engine}: {len(rounds)} rounds, {lost} lost, {doubled} doubled, {tally.count('state', 'sent')} sent, "
        f"{tally.count('state', 'uncertain')} uncertain, {silent} not sent though said so, ledger {'whole' if verified else 'BROKEN'}, "
        f"settled after {statistics.median(settled):.2f} s (median) {max(settled):.2f} s (longest), seed {options.seed}"
    )
    return 1 if lost or doubled or silent or not verified else 0


if __name__ == "__main__":
    sys.exit(main())
