"""Past cases under a changed policy pack or calendar, before it is switched on. Nothing about them changes.

For each kind of deadline: how many would have been kept or missed, which dates come earlier or later and by how much,
and which cases would have been late. The cases are those that froze this pack, or the one it extends.

  apaise replay --pack ours.yaml --since 2025-12-01
"""

import argparse
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from apaise.__main__ import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--pack", metavar="FILE", type=Path, required=True, help="the changed pack")
    parser.add_argument(
        "--since", metavar="DATE", help="cases received since then, YYYY-MM-DD (default: a year ago)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands.database import check_database
    from apaise.doors.operate.shares import compare_in_shares
    from apaise.ground.packs.load import PackError, load_pack_file
    from apaise.intake.cases.what_if.comparison import since_when
    from apaise.intake.cases.what_if.reading import Trial
    from apaise.lib import clock
    from apaise.lib.sayable import terminal_language

    try:
        pack = load_pack_file(options.pack)
    except PackError as problem:
        raise CommandError(problem.said(terminal_language())) from problem
    check_database()
    at = clock.now()
    since = _day(options.since, pack.calendar) if options.since else since_when(at)
    pks = list(Trial(pack, at).cases(since).order_by("pk").values_list("pk", flat=True))
    many = len(os.sched_getaffinity(0))
    found = compare_in_shares(pack.canonical, at, pks, many, lambda done: _tell(done, len(pks)))
    about = {
        "pack": pack.label,
        "since": pack.calendar.local(since).isoformat(timespec="seconds"),
        "as_of": at.isoformat(timespec="seconds"),
    }
    whole = {**about, **_named(found.as_data())}
    print(json.dumps(whole, ensure_ascii=False, indent=1) if options.json else _said(whole))
    return 0


def _day(text: str, calendar: Any) -> datetime:
    try:
        moment: datetime = calendar.moment(date.fromisoformat(text))
        return moment
    except (ValueError, OverflowError):
        raise CommandError(f"--since {text[:20]} is no day; write it as 2025-12-01.") from None


def _tell(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{done} of {of} cases", end="\n" if done >= of else "", file=sys.stderr, flush=True)


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """With the references of the cases in the place of their numbers."""
    from apaise.intake.cases.models import Case

    lists = [each for rule in data["rules"].values() for each in rule["examples"].values()]
    wanted = {example[0] for examples in lists for example in examples}
    wanted |= {case for mention in data["mentions"].values() for case in mention["examples"]}
    names: dict[int, str] = {}
    for first in range(0, len(wanted), 900):
        some = sorted(wanted)[first : first + 900]
        names |= dict(Case.objects.filter(pk__in=some).values_list("pk", "reference"))
    for examples in lists:
        examples[:] = [[names[case], *dates] for case, *dates in examples]
    for mention in data["mentions"].values():
        mention["examples"] = [names[case] for case in mention["examples"]]
    return data


def _said(whole: dict[str, Any]) -> str:
    since = whole["since"][:10]
    lines = [f"{whole['cases']} cases received since {since}, as they are and under {whole['pack']}:", ""]
    if not whole["cases"]:
        return f"No case received since {since} froze this pack or the one it extends; choose an earlier --since."
    heads = ("deadline", "kept", "missed", "would be late", "no longer late", "earlier", "later", "new", "gone", "most days")  # fmt: skip
    rows = [heads, *(_row(name, rule) for name, rule in whole["rules"].items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]  # fmt: skip
    for name, mention in whole["mentions"].items():
        told = ", ".join(
            f"{change.replace('>', ' → ')}: {many}" for change, many in mention["changes"].items()
        )
        lines.append(f"mention {name}: {told}")
    late = [case for rule in whole["rules"].values() for case, *_ in rule["examples"].get("newly_late", ())]
    if late:
        lines += ["", f"Would have been late, for example: {', '.join(sorted(set(late))[:20])}."]
    return "\n".join(lines)


def _row(name: str, rule: dict[str, Any]) -> tuple[str, ...]:
    before, after, changes = rule["before"], rule["after"], rule["changes"]
    counts = [
        str(changes[each]) for each in ("newly_late", "no_longer_late", "earlier", "later", "added", "gone")
    ]
    days = [int(day) for day in rule["days"]]
    most = f"{min(days):+d} to {max(days):+d}" if days else ""
    both = [f"{before[each]} → {after[each]}" for each in ("kept", "missed")]
    return (name, *both, *counts, most)
