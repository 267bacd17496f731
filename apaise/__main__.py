"""The `apaise` command: finds the command, loads Django only if it needs it, turns errors into one plain line."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

# name -> module of apaise.doors.commands. Nothing is imported before it is asked for: `apaise deadline`
# must answer its first line within half a second.
COMMANDS = {
    "backup": "backup",
    "bench": "bench",
    "case": "case",
    "customers": "customers",
    "deadline": "deadline",
    "doctor": "doctor",
    "eligibility": "eligibility",
    "index": "index",
    "ingest": "ingest",
    "mail": "mail",
    "parse": "parse",
    "replay": "replay",
    "restore": "restore",
    "run": "run",
    "search": "search",
    "staff": "staff",
    "verify": "verify",
    "web": "web",
    "worker": "worker",
}


class CommandError(Exception):
    """What went wrong and what to do next, in one line for a person."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit status: 0 only on success."""
    argv = list(sys.argv[1:] if argv is None else argv)
    if argv[:1] == ["manage"]:  # Django's own commands, for developers
        return _manage(argv[1:])
    if not argv or argv[0] in ("-h", "--help"):
        print(_usage())  # noqa: T201
        return 0 if argv else 2
    if argv[0] == "--version":
        from apaise import __version__

        print(__version__)  # noqa: T201
        return 0
    if argv[0] not in COMMANDS:
        return _fail(f"There is no command “{argv[0]}”. Run `apaise --help` to see them all.")
    command = importlib.import_module(f"apaise.doors.commands.{COMMANDS[argv[0]]}")
    parser = argparse.ArgumentParser(prog=f"apaise {argv[0]}", description=command.__doc__)
    command.add_arguments(parser)
    options = parser.parse_args(argv[1:])
    try:
        if getattr(command, "NEEDS_DJANGO", True):
            from apaise.config.start import start_django

            start_django()
        return int(command.run(options) or 0)
    except CommandError as problem:
        return _fail(str(problem))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`apaise … | head`): not an error, and nothing more can be printed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as problem:
        if (line := _database_trouble(problem)) is None:
            raise
        return _fail(line)


def _usage() -> str:
    lines = ["usage: apaise COMMAND [options]", "", "Commands (each takes --help):"]
    return "\n".join(lines + [f"  {name}" for name in sorted(COMMANDS)])


def _database_trouble(problem: Exception) -> str | None:
    """The line for a database that went away or refuses us in the middle of a command; None for any other problem."""
    if "django.db" not in sys.modules:
        return None
    from django.db import DataError, Error, IntegrityError, ProgrammingError

    if not isinstance(problem, Error) or isinstance(problem, DataError | IntegrityError | ProgrammingError):
        return None  # those are our own mistakes
    from apaise.doors.commands.database import database_trouble

    return database_trouble(problem)


def _fail(line: str) -> int:
    print(f"apaise: {line}", file=sys.stderr)  # noqa: T201
    return 1


def _manage(argv: Sequence[str]) -> int:
    from apaise.config.start import start_django

    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["apaise manage", *argv])
    return 0


if __name__ == "__main__":
    # `python -m apaise` runs this file under another name; commands raise the CommandError of the real one.
    from apaise.__main__ import main as as_imported

    sys.exit(as_imported())
