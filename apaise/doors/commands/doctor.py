"""Look at the whole place: database, disk, queue, mail, packs, people, backups. Says what is wrong and what to do."""

import argparse
import json

SIGNS = {"ok": "ok", "warning": "look", "bad": "BAD"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.operate.health import look

    findings = list(look())
    bad = sum(finding.level == "bad" for finding in findings)
    if options.json:
        print(json.dumps({"ok": not bad, "findings": [finding._asdict() for finding in findings]}))
        return 1 if bad else 0
    for finding in findings:
        print(f"{SIGNS[finding.level]:<5} {finding.what:<15} {finding.said}")
    warnings = sum(finding.level == "warning" for finding in findings)
    print(f"{len(findings)} looked at: {bad} bad, {warnings} to look at.")
    return 1 if bad else 0
