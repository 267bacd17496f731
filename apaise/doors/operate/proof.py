"""Prove a restored place: `python -m apaise.doors.operate.proof` with the row hashes and ledger faults of the backup on standard input.

Says what is wrong in one line and ends with 1; ends with 0 when the place is what was backed up."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from apaise.config.start import start_django


def main() -> int:
    start_django()
    if trouble := next(_troubles(json.load(sys.stdin)), None):
        sys.stdout.write(f"{trouble}\n")
        return 1
    return 0


def _troubles(backed_up: dict[str, Any]) -> Iterator[str]:
    from apaise.doors.commands.database import prepare_database
    from apaise.ground.ledger.verify import verify

    yield from _differences(backed_up["tables"])
    prepare_database()  # an older backup is brought up to date before anybody relies on it
    yield from (f"the file {digest} is missing" for digest in _missing_files())
    for fault in verify():
        if (said := f"{fault.entry}: {fault.reason}") not in backed_up["ledger_faults"]:
            yield f"its ledger does not hold: {said}"


def _differences(wanted: dict[str, dict[str, object]]) -> Iterator[str]:
    from apaise.doors.operate.rows import row_hashes

    found = row_hashes()
    for table in sorted(wanted.keys() | found.keys()):
        if wanted.get(table) != found.get(table):
            yield f"the rows of {table} are not those that were backed up"


def _missing_files() -> Iterator[str]:
    from apaise.intake.channels.models import file_store
    from apaise.intake.channels.unnamed import named

    store = file_store()
    yield from (digest for digest in named() if not store.has(digest))


if __name__ == "__main__":
    sys.exit(main())
