"""File real messages: mails (.eml, mbox, Maildir), lines of JSON of any channel, transcripts of calls, folders of them.

Safe to stop and to repeat: what was filed before is a duplicate. docs/operate/ingest.md says what a line may hold."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from apaise.__main__ import CommandError

if TYPE_CHECKING:
    from apaise.intake.channels.ingest import Result
    from apaise.intake.channels.sources import Piece

CHANNELS = "web_form email phone chat letter in_person social_media app review_site partner".split()  # noqa: SIM905
OUTCOMES = ("opened", "threaded", "duplicate", "machine", "quarantined", "error")
BAR = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="mail, mbox, Maildir, JSON Lines, transcript (VTT, SRT, TXT), or folder (all it holds, by name)",
    )
    parser.add_argument(
        "--channel",
        default="",
        choices=CHANNELS,
        metavar="CHANNEL",
        help=f"how the messages came in, where they do not say so themselves: {', '.join(CHANNELS)}"
        " (default email, for transcripts phone)",
    )
    parser.add_argument("--case", default="", metavar="REF", help="the case these transcripts belong to")
    parser.add_argument("--json", action="store_true", help="one JSON object a line on standard output")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands import parts
    from apaise.intake.channels.ingest import ingest
    from apaise.journey import queue

    parts.prepare_database()
    case = _case(options.case)
    queue.free_abandoned()  # an earlier run may have been killed in the midst of acknowledging
    work = _Work(options.paths)
    trouble = 0
    for piece in work.pieces():
        result = ingest(piece, channel=options.channel, case=case)
        trouble += result.is_trouble
        work.count(result)
        print(_as_json(result) if options.json else _line(result), flush=True)
        # acknowledge as we go; the mail itself leaves with `apaise run` or `worker`
        queue.run_all(("default",))
    work.say_sum()
    return 1 if trouble else 0


def _case(reference: str) -> str:
    from apaise.intake.cases.models import Case

    if reference and not Case.objects.filter(reference=reference.upper()).exists():
        raise CommandError(f"There is no case {reference}. Check the reference.")
    return reference.upper()


class _Work:
    """The files to go through, how far we are, and what became of it. Its words go to standard error."""

    def __init__(self, paths: list[Path]) -> None:
        from apaise.intake.channels import sources

        self.outcomes: Counter[str] = Counter()
        self.left_alone = 0
        self.files: list[tuple[Path, bool]] = []
        for path in paths:
            try:
                found = sources.files_at(path)
            except sources.Missing:
                raise CommandError(f"There is no file or folder {path}. Check the path.") from None
            theirs = sources.named_in_lines(found) if path.is_dir() else set()
            self.files += [(file, path.is_dir()) for file in found if file not in theirs]
        self.shows = sys.stderr.isatty()
        self.size = sum(_size(file) for file, _inside in self.files) if self.shows else 0
        self.done = 0

    def pieces(self) -> "Iterator[Piece]":
        """Each message. What is no kind we read is left alone in a folder; named on its own it is tried as a mail."""
        from apaise.intake.channels import sources

        for file, in_folder in self.files:
            for piece in sources.pieces(file):
                self._show(self.done + piece.read)
                if piece.kind == "unknown" and in_folder and not piece.problem:
                    self.left_alone += 1
                else:
                    self._clear()
                    yield piece
            self.done += _size(file) if self.shows else 0
        self._clear()

    def count(self, result: "Result") -> None:
        self.outcomes[result.outcome] += 1

    def say_sum(self) -> None:
        said = [f"{self.outcomes[word]} {word}" for word in OUTCOMES if self.outcomes[word]]
        if self.left_alone:
            said.append(f"{self.left_alone} left alone (no kind of file we read)")
        print(", ".join(said) or "nothing found", file=sys.stderr)

    def _show(self, read: int) -> None:
        if self.shows and self.size:
            part = min(1.0, read / self.size)
            bar = "█" * int(part * BAR) + "░" * (BAR - int(part * BAR))
            print(f"\r{bar} {part:4.0%}  {self.outcomes.total()}", end="", file=sys.stderr, flush=True)

    def _clear(self) -> None:
        if self.shows:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _as_json(result: "Result") -> str:
    told = {"path": result.path, "outcome": result.outcome, "case": result.case, "reason": result.reason}
    return json.dumps(told, ensure_ascii=False)


def _line(result: "Result") -> str:
    return "  ".join(
        str(part) for part in (result.outcome, result.case or "-", result.path, result.reason or "") if part
    )
