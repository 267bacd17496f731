"""Make a safe copy of everything in one file, while Apaise runs: database, files, secret key. It is checked before it is called done."""

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="where to write it (default: backups/ in the data folder)",
    )
    parser.add_argument(
        "--without-key",
        action="store_true",
        help="leave out the secret key: keep it elsewhere, without it links die and seals cannot be checked",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(options: argparse.Namespace) -> int:
    from django.conf import settings

    from apaise.doors.commands.database import check_database
    from apaise.doors.operate.backup import back_up
    from apaise.lib import clock

    check_database()
    target = options.file or Path(settings.DATA) / "backups" / f"apaise-{clock.now():%Y%m%d-%H%M%S}.tar.gz"
    manifest = back_up(target, with_key=not options.without_key)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    size = target.stat().st_size
    if options.json:
        print(
            json.dumps(
                {
                    "file": str(target),
                    "size": size,
                    "rows": rows,
                    "files": manifest["files"],
                    "ledger_faults": manifest["ledger_faults"],
                }
            )
        )
    else:
        print(
            f"{target}: {rows} rows, {manifest['files']} files, {size / 1e6:.1f} MB, read back and checked."
        )
    for fault in manifest["ledger_faults"][:1]:
        print(
            f"apaise: The backup is whole, the ledger it copies is not ({fault}). Run `apaise verify`.",
            file=sys.stderr,
        )
    return 1 if manifest["ledger_faults"] else 0
