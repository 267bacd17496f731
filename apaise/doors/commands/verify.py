"""Check the ledger's hash chains; name the first bad entry of each case that was tampered with."""

import argparse
import json

from apaise.__main__ import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "cases", nargs="*", metavar="CASE", help="references; without any, everything is checked"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def customers() -> set[str]:
    """The chains that people and organisations may have; one begins with its first change."""
    from apaise.ground.parties.models import Organisation, Person

    people, organisations = (model.objects.values_list("pk", flat=True) for model in (Person, Organisation))
    return {f"person:{pk}" for pk in people} | {f"organisation:{pk}" for pk in organisations}


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands.database import check_database
    from apaise.ground.ledger.record import HOUSE
    from apaise.ground.ledger.verify import Fault, chains, verify
    from apaise.intake.cases.models import Case

    check_database()
    known = set(Case.objects.values_list("reference", flat=True))
    wanted = [reference.upper() for reference in options.cases] or sorted(known | set(chains()))
    if strangers := [reference for reference in options.cases if reference.upper() not in known]:
        raise CommandError(f"There is no case {strangers[0]}. Check the reference.")
    recorded = set(chains())
    faults = list(verify([chain for chain in wanted if chain in recorded]))
    faults += [
        Fault(chain, f"{chain}/1", "the case has no record at all")
        for chain in wanted
        if chain not in recorded
    ]
    if not options.cases:
        faults += [
            Fault(chain, f"{chain}/1", "the record has no case, person or organisation")
            for chain in sorted(recorded - known - customers() - {HOUSE})
        ]
    if options.json:
        print(json.dumps({"checked": len(wanted), "faults": [vars(fault) for fault in faults]}))
    else:
        for fault in faults:
            print(f"{fault.entry}: {fault.reason}")
        print(f"{len(wanted)} chains checked, {len(faults)} bad.")
    return 1 if faults else 0
