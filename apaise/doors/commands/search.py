"""Search texts as the product does: accents, inflected forms and the beginning of the last word.

Reads {id, query, limit?, typos?} from standard input, one a line, and answers each at once with
{id, hits: [{id, score}]}, best first. The texts are those of a file of {id, text} lines, indexed for this run only.

  echo '{"id":1,"query":"degat"}' | apaise search --jsonl --index texts.jsonl
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from apaise.__main__ import CommandError
from apaise.lib.search.memory import Index

NEEDS_DJANGO = False
USUAL_LIMIT, MOST = 50, 10_000
Answer = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--jsonl", action="store_true", help="read queries from standard input, one a line")
    parser.add_argument("--index", metavar="FILE", type=Path, help="texts to search: JSON lines {id, text}")


def run(options: argparse.Namespace) -> int:
    if not options.jsonl:
        raise CommandError("Nothing to read: add --jsonl and give one query a line on standard input.")
    if options.index is None:
        raise CommandError("Say what to search: add --index FILE.jsonl, a file of {id, text} lines.")
    index, bad = read_texts(options.index), False
    for answer in answers(sys.stdin.buffer, index):
        bad = bad or "error" in answer
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()  # whoever streams waits for each answer
    return 1 if bad else 0


def read_texts(file: Path) -> Index:
    """The index of a file's texts. Raises CommandError with the line that cannot be read."""
    index, known = Index(), set()
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip().strip(b"\xef\xbb\xbf"):
                    continue
                name, text = _text(line.removeprefix(b"\xef\xbb\xbf"), f"{file}, line {number}")
                if (type(name), name) in known:
                    raise CommandError(
                        f"{file}, line {number}: the id {json.dumps(name)} stands there a second time. Give each text its own."
                    )
                known.add((type(name), name))
                index.add(name, text)
    except OSError as problem:
        raise CommandError(f"{file} cannot be opened ({problem.strerror}). Check the path.") from problem
    return index


def _text(line: bytes, where: str) -> tuple[str | int, str]:
    match _object(line):
        case {"id": str() | int() as name, "text": str() as text} if not isinstance(name, bool):
            return name, text
    raise CommandError(f'{where}: it must be {{"id": …, "text": "…"}} in UTF-8. Mend the line and try again.')


def _object(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def answers(lines: Iterable[bytes], index: Index) -> Iterator[Answer]:
    """One answer for each line that is not blank; a bad one never stops the next."""
    for line in lines:
        if not line.strip():
            continue
        asked = _object(line)
        name = asked.get("id") if isinstance(asked, dict) else None
        match asked:
            case {"query": str() as query} if _fits(asked):
                limit = min(asked.get("limit") or USUAL_LIMIT, MOST)
                hits = index.search(query, limit=limit, typos=bool(asked.get("typos")))
                yield {"id": name, "hits": [hit._asdict() for hit in hits]}
            case _:
                reason = 'Each line must be {"id": …, "query": "…"}, with limit (1 or more) and typos (true or false) if you like.'
                yield {"id": name, "error": reason, "code": "bad-line"}


def _fits(asked: dict[str, Any]) -> bool:
    limit, typos = asked.get("limit"), asked.get("typos")
    whole = limit is None or (isinstance(limit, int) and not isinstance(limit, bool) and limit >= 1)
    return whole and (typos is None or isinstance(typos, bool))
