"""Measure this machine with very many cases, beside the budgets; in a place of its own, removed afterwards."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from apaise.__main__ import CommandError

NEEDS_DJANGO = False  # the settings must be those of the place that is made here
WHAT = ("mail", "list", "case", "search", "replay", "cold", "memory", "limits")
_SIZE = re.compile(r"(\d+)([kM]?)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="*", default=["all"], metavar="WHAT", help=f"{', '.join(WHAT)}, or all (default)"
    )
    parser.add_argument(
        "--size",
        default="10k",
        metavar="N",
        help="how many cases: 1k, 10k, 100k, 1M, or several: 10k,1M (default 10k)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--short", action="store_true", help="a few calls of each kind: to try it, not to measure")  # fmt: skip
    parser.add_argument("--in", dest="folder", type=Path, help="folder to make the place in (default: that for temporary files)")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    wanted = _wanted(options.what)
    sizes = [_size(word) for word in options.size.split(",")]
    signal.signal(signal.SIGTERM, _as_interrupt)  # the place is removed then, too
    whole = _here(wanted, sizes[0], options) if len(sizes) == 1 else _each(wanted, sizes, options)
    _print(whole, as_json=options.json)
    return 0


def _wanted(what: list[str]) -> list[str]:
    if strangers := [word for word in what if word not in (*WHAT, "all")]:
        raise CommandError(f"“{strangers[0]}” cannot be measured; choose from {', '.join(WHAT)}, all.")
    return list(WHAT) if "all" in what else what


def _size(word: str) -> int:
    found = _SIZE.fullmatch(word.strip())
    size = int(found[1]) * {"": 1, "k": 1000, "M": 1_000_000}[found[2]] if found else 0
    if not 1 <= size <= 10_000_000:
        raise CommandError(f"--size {word.strip()} is no number of cases; write 1k, 10k, 100k or 1M.")
    return size


def _as_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _each(wanted: list[str], sizes: list[int], options: argparse.Namespace) -> dict[str, Any]:
    """One process for each size: settings are read once in a process, and each size has its own place."""
    from apaise.doors.bench.report import Line, growth

    whole: dict[str, Any] = {"lines": []}
    for size in sizes:
        command = [sys.executable, "-m", "apaise", "bench", *wanted, "--size", str(size), "--json"]
        command += ["--short"] if options.short else []
        command += ["--in", str(options.folder)] if options.folder else []
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            try:
                out, _ = process.communicate()
            except KeyboardInterrupt:
                process.terminate()  # and wait, in leaving, until it has tidied up
                raise
        if process.returncode:
            raise CommandError(f"The measurement with {size} cases failed; its reason stands above.")
        one = json.loads(out)
        whole = {**one, "lines": whole["lines"] + one["lines"], "loads": [*whole.get("loads", []), *one["loads"]]}  # fmt: skip
    compared = growth([Line.from_data(line) for line in whole["lines"]])
    whole["lines"] += [line.as_data() for line in compared]
    return whole


def _here(wanted: list[str], size: int, options: argparse.Namespace) -> dict[str, Any]:
    from apaise.doors.bench import place

    with place.of_its_own(options.folder) as environment:
        os.environ.clear()
        os.environ.update(environment)
        from apaise.config.start import start_django

        start_django()
        from django.db import connections

        try:
            return _measured(wanted, size, options.short)
        finally:
            connections.close_all()


def _measured(wanted: list[str], size: int, short: bool) -> dict[str, Any]:
    from apaise.doors.bench.bulk.load import fill
    from apaise.doors.bench.machine import database, machine
    from apaise.doors.bench.suites import SUITES
    from apaise.doors.commands import parts
    from apaise.doors.commands.database import prepare_database
    from apaise.lib import clock

    about = machine()
    prepare_database()
    at = clock.now()
    loaded = fill(size, at.date(), tell=_tell)
    load = {
        "cases": loaded.cases,
        "rows": loaded.rows,
        "seconds": round(loaded.seconds, 1),
        "cases_per_second": round(loaded.cases_a_second),
        "bad_chains": _bad_chains(size),
    }
    lines = []
    parts.settle()  # as each part of `run` does before it begins
    for name, suite in SUITES.items():
        if name in wanted:
            _tell(f"measuring {name}")
            lines += [line.as_data() for line in suite(size, at.date(), at, short)]
    _tell("")
    return {"database": database(), "machine": about, "date": str(at.date()), "loads": [load], "lines": lines}


def _bad_chains(size: int, most: int = 1000) -> int:
    """Faults in the ledger of a sample of the bulk data, spread over all of it; of everything when it is small."""
    from apaise.ground.ledger.verify import chains, verify

    known = chains()
    return sum(1 for _ in verify(known[:: max(1, len(known) // most)]))


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


def _print(whole: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    from apaise.doors.bench.report import Line, as_table

    print(as_table(whole["database"], whole["machine"], [Line.from_data(line) for line in whole["lines"]]))
    for load in whole["loads"]:
        print(f"\n{load['cases']} cases made in {load['seconds']} s ({load['rows']} rows, {load['cases_per_second']} cases/s); bad chains in a sample: {load['bad_chains']}.")  # fmt: skip
    from apaise.doors.bench.yardstick import PEERS_WERE

    print(f"\nPeers: {PEERS_WERE}.")
