"""Open a case for a complaint that came in."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from apaise.ground.accounts.models import Desk
from apaise.ground.ledger.record import Actor, Fact
from apaise.ground.packs.choose import pack_for
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.taxonomy import CAUSES
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Person
from apaise.intake.cases.account_people import keep_account_people_apart
from apaise.intake.cases.contract import only_contract_of
from apaise.intake.cases.facts import customer_facts
from apaise.intake.cases.history import all_happened
from apaise.intake.cases.models import Case
from apaise.intake.cases.reference import next_reference
from apaise.lib import clock, crash
from apaise.lib.rows import insert

WRITTEN = ("email", "web_form", "letter", "app", "partner")  # a durable medium from the start


def open_case(
    complainant: Person,
    *,
    desk: Desk,
    channel: str,
    language: str,
    by: Actor,
    title: str = "",
    sent_at: datetime | None = None,
    received_at: datetime | None = None,
    cause: str = "",
    wants_paper: bool = False,
    pack_version: PackVersion | None = None,
) -> Case:
    """A new case. Its clocks start at receipt, whoever takes it and whenever; its policy pack is frozen now.

    sent_at        when the customer sent it, if earlier than receipt
    cause          the one the customer gives, if known already; whoever qualifies the case may choose another
    pack_version   of the case it was split off; else the pack that applies today"""
    received_at = received_at or clock.now()
    language = language if language in dict(settings.LANGUAGES) else desk.language
    contract = only_contract_of(complainant)
    with transaction.atomic(savepoint=False):
        case = Case(
            reference=next_reference(received_at),
            title=title[:200],
            channel=channel,
            language=language,
            desk=desk,
            team_id=desk.team_id,
            complainant=complainant,
            organisation=complainant.organisation,
            contract=contract,
            pack_version=pack_version
            or PackVersion.freeze(pack_for(known_facts(complainant, desk, contract))),
            region=desk.region,
            sent_at=min(sent_at or received_at, received_at),
            received_at=received_at,
            written_complaint_at=received_at if channel in WRITTEN else None,
            declared_cause=cause if cause in CAUSES else "",
            wants_paper=wants_paper,
        )
        insert(case)
        crash.point("after-case-insert")
        frozen = case.pack_version
        said = {"channel": channel, "language": language, "region": desk.region or None}
        pack = {"pack": frozen.pack_id, "pack_version": frozen.version, "pack_digest": frozen.digest}
        all_happened(
            case,
            [("case.received", {**said, **pack}), *_in_writing(case), *_on_paper(case)],
            by=by,
            at=received_at,
            is_new=True,
        )
        keep_account_people_apart(case, is_new=True)
    return case


def _in_writing(case: Case) -> list[Fact]:
    return [("complaint.written", {"channel": case.channel})] if case.written_complaint_at else []


def _on_paper(case: Case) -> list[Fact]:
    return [("contact.preferred", {"channel": "letter"})] if case.wants_paper else []


def known_facts(complainant: Person, desk: Desk, contract: Contract | None = None) -> dict[str, object]:
    """What is known at receipt, in the fact vocabulary of the packs. What is absent is unknown, never false."""
    facts = customer_facts(complainant, complainant.organisation, contract)
    return {"org.country": desk.country, **facts}
