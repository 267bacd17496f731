"""Bring a backup back into an empty place. It is proved before it is put there; nothing is ever overwritten."""

import argparse
import os
from pathlib import Path

NEEDS_DJANGO = False  # the settings would make a data folder where the restored one belongs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="what `apaise backup` wrote")
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="a new or empty folder (default: APAISE_DATA, else ./data)"
    )


def run(options: argparse.Namespace) -> int:
    from apaise.__main__ import CommandError
    from apaise.config import env
    from apaise.doors.operate.restore import restore

    target = options.to or Path(env.text("APAISE_DATA", "./data", about=""))
    try:
        database_url = env.text("DATABASE_URL", about="")
    except env.BadSetting as problem:
        raise CommandError(str(problem)) from problem
    manifest = restore(options.file.resolve(), target.resolve(), database_url=database_url)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    print(f"{target}: {rows} rows and {manifest['files']} files as of {manifest['made_at']}, proved.")
    if faults := manifest["ledger_faults"]:
        print(f"Its ledger did not hold when it was backed up ({faults[0]}). Run `apaise verify`.")
    if "secret-key" not in manifest["parts"] and not os.environ.get("APAISE_SECRET_KEY"):
        print("The backup held no secret key. Set APAISE_SECRET_KEY to the old one before you start.")
    return 0
