"""What the commands that answer lines of JSON have in common: reading a line, naming it, the packs at hand.

A line that cannot be answered gets an "error"; the next is answered all the same."""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apaise.__main__ import CommandError
from apaise.lib.working_time import WorkingTimeError

if TYPE_CHECKING:
    from apaise.ground.packs.pack import Pack

Request = dict[str, Any]
Answer = dict[str, Any]


class BadRequest(ValueError):
    """What is wrong with a request, in one line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--jsonl", action="store_true", help="read requests from standard input, one a line")
    parser.add_argument(
        "--pack",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="know the pack of this file too",
    )


def run(options: argparse.Namespace, answer: Callable[[Request, "Shelf"], Answer]) -> int:
    if not options.jsonl:
        raise CommandError("Nothing to read: add --jsonl and give one request a line on standard input.")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale says
    shelf, bad = Shelf(options.pack), False
    for found in answers(sys.stdin.buffer, shelf, answer):
        bad = bad or "error" in found
        print(as_json(found), flush=True)
    return 1 if bad else 0


def answers(
    lines: Iterable[bytes], shelf: "Shelf", answer: Callable[[Request, "Shelf"], Answer]
) -> Iterator[Answer]:
    """One answer for each line that is not blank."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name: Any = number
        try:
            request = _read(line)
            name = _name(request.get("id"), number)
            found = answer(request, shelf)
        except (BadRequest, WorkingTimeError) as problem:
            found = {"error": str(problem)}
        except OverflowError:
            found = {"error": "That lies outside the years 1 to 9999; use a nearer date."}
        except Exception as problem:
            # The next line is answered whatever this one did.
            found = {
                "error": f"This request cannot be answered ({type(problem).__name__}); check its values."
            }
        yield {"id": name, **found}


class Shelf:
    """The packs at hand: the shipped ones, and those given as files, which are checked."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._packs: dict[str, Pack] = {}
        for file in files:
            from apaise.ground.packs.load import PackError, load_pack_file
            from apaise.lib.sayable import terminal_language

            try:
                pack = load_pack_file(file)
            except PackError as problem:
                raise CommandError(problem.said(terminal_language())) from problem
            self._packs[pack.id] = pack

    def pack(self, pack_id: str) -> "Pack":
        # Read when first asked for: a bare duration needs no pack, and its answer should not wait for one.
        from apaise.ground.packs.load import UnknownPack, load_pack

        if pack_id not in self._packs:
            try:
                self._packs[pack_id] = load_pack(pack_id, check=False)
            except UnknownPack as problem:
                raise BadRequest(str(problem)) from problem
        return self._packs[pack_id]


# ---- reading a request ----


def _read(line: bytes) -> Request:
    try:
        request = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BadRequest("This line is not UTF-8 text.") from None
    except RecursionError:
        raise BadRequest("This line is nested too deeply to be read.") from None
    except json.JSONDecodeError as problem:
        # Its own words count lines within the line, of which there is one.
        raise BadRequest(f"This line is not JSON: {problem.msg}, at character {problem.pos + 1}.") from None
    except ValueError as problem:
        too_long = "digits" in str(problem)
        raise BadRequest("A number in this line is too long." if too_long else f"This line is not JSON: {str(problem)[:100]}.") from None  # fmt: skip
    if not isinstance(request, dict):
        raise BadRequest("A request is a JSON object: {…}.")
    return request


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _name(given: Any, number: int) -> Any:
    if given is None:
        return number
    is_number = isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)
    if not isinstance(given, str) and not is_number:
        raise BadRequest("`id` must be a text or a number.")
    return given


def needed_value(request: Request, key: str) -> Any:
    if request.get(key) is None:
        raise BadRequest(f"`{key}` is missing.")
    return request[key]


def text(request: Request, key: str, *, needed: bool = False) -> str | None:
    value = needed_value(request, key) if needed else request.get(key)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"`{key}` must be a text.")
    return value


def mapping(request: Request, key: str) -> dict[str, Any]:
    value = request.get(key)
    if value is not None and not isinstance(value, dict):
        raise BadRequest(f"`{key}` must be an object: {{…}}.")
    return value or {}


def as_json(answer: Answer) -> str:
    line = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    try:
        line.encode()
    except UnicodeEncodeError:  # half a surrogate pair came in: it goes out as the escape it was
        line = json.dumps(answer, separators=(",", ":"))
    return line
