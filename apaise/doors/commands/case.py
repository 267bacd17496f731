"""Show one case: everything a member of staff with full rights would see, as JSON."""

import argparse
import json
from typing import Any

from apaise.__main__ import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reference", help="reference of the case, such as R-2026-00417")
    parser.add_argument("--json", action="store_true", help="as JSON (the only form there is)")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands.database import check_database
    from apaise.intake.cases.models import Case

    check_database()
    case = Case.objects.filter(reference=options.reference.upper()).first()
    if case is None:
        raise CommandError(f"There is no case {options.reference}. Check the reference.")
    print(json.dumps(as_data(case), ensure_ascii=False, indent=2))
    return 0


def as_data(case: Any) -> dict[str, Any]:
    """The case as plain values."""
    return {
        "reference": case.reference,
        "title": case.title,
        "state": case.state,
        "channel": case.channel,
        "language": case.language,
        "received_at": case.received_at.isoformat(),
        "sent_at": case.sent_at.isoformat(),
        "written_complaint_at": _iso(case.written_complaint_at),
        "announced_for": _iso(case.announced_for),
        "pack": str(case.pack_version),
        "criticality": case.criticality or None,
        "public_exposure": case.public_exposure,
        "declared_cause": case.declared_cause or None,
        "found_cause": case.found_cause or None,
        "scope": case.scope or None,
        "outcome": case.outcome or None,
        "handler": case.handler.email if case.handler else None,
        "complainant": {
            "name": case.complainant.name,
            "email": case.complainant.email,
            "phone": case.complainant.phone,
        },
        "grievances": [
            {"number": point.number, "text": point.text, "verdict": point.verdict or None}
            for point in case.grievances.all()
        ],
        "deadlines": [
            {
                "rule": deadline.rule,
                "owner": deadline.owner,
                "state": deadline.state,
                "start_at": deadline.start_at.isoformat(),
                "due_at": deadline.due_at.isoformat(),
                "missed_at": _iso(deadline.missed_at),
                "stopped_at": _iso(deadline.stopped_at),
                "customer_right": deadline.customer_right,
            }
            for deadline in case.deadlines.all()
        ],
        "messages": [
            _message(message) for message in case.messages.select_related("author_person", "author_user")
        ],
    }


def _message(message: Any) -> dict[str, Any]:
    ours = message.direction == "out"
    return {
        "direction": message.direction,
        "kind": message.kind,
        "channel": message.channel,
        "state": message.state,
        "at": message.at.isoformat(),
        "message_id": message.message_id or None,
        "in_reply_to": message.in_reply_to or None,
        "from": message.case.desk.address
        if ours
        else (message.author_person.email if message.author_person else None),
        "to": message.to_address or None if ours else message.case.desk.address,
        "author": message.author_user.name if message.author_user else None,
        "subject": message.subject,
        "text": message.text,
        "new_text": message.new_text,
        "attachments": [
            {"name": file.name, "type": file.content_type, "size": file.size, "sha256": file.sha256}
            for file in message.attachments.all()
        ],
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
