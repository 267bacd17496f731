"""Make the search index of the cases anew, from what they hold. The product may go on working meanwhile.

Needed after names or words were changed behind the product's back, and after an upgrade whose notes say so."""

import argparse
import sys

from apaise.__main__ import CommandError
from apaise.doors.commands.database import check_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", nargs="*", metavar="CASE", help="references of cases; none: all of them")


def run(options: argparse.Namespace) -> int:
    from apaise.intake.cases import findable
    from apaise.intake.cases.models import Case

    check_database()
    if options.case:
        asked = {reference.upper() for reference in options.case}
        known = dict(Case.objects.filter(reference__in=asked).values_list("reference", "pk"))
        if missing := sorted(asked - known.keys()):
            raise CommandError(f"There is no case {missing[0]}. Check the reference; nothing was changed.")
        print(f"{findable.refresh(known.values())} indexed.")
        return 0
    done = 0
    for done in findable.rebuild():
        if sys.stderr.isatty():
            print(f"\r{done} cases", end="", file=sys.stderr, flush=True)
    print(f"{done} indexed.")
    return 0
