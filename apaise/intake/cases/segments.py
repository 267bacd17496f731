"""The segment of a case, a customer, a contract: reckoned by the pack from what is known, with its reasons."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.conf import settings

from apaise.ground.accounts.models import Desk
from apaise.ground.packs.choose import active_packs, pack_for
from apaise.ground.packs.segmentation import Band, Named, Segment, possible, segment
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases.facts import facts_of, facts_of_holder
from apaise.intake.cases.models import Case
from apaise.intake.cases.weighing import CaseSegment
from apaise.lib import clock


def segment_of(case: Case) -> Segment:
    """Where the case stands, by the pack frozen in it. `segment_of(case).codes` is what rules and lists compare."""
    return segment(case.pack_version.pack, facts_of(case))


def segment_of_customer(holder: Person | Organisation) -> Segment:
    """Where a customer stands, by the pack their next case would have; amounts are of all contracts in force."""
    return _segment(facts_of_holder(holder, clock.today(ZoneInfo(settings.TIME_ZONE))))


def segment_of_contract(contract: Contract) -> Segment:
    """Where one contract stands, by the pack of a case about it."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return _segment({**facts_of_holder(contract.holder, today), **contract.facts(today)})


def _segment(facts: Mapping[str, object]) -> Segment:
    country = Desk.objects.order_by("pk").values_list("country", flat=True).first()
    return segment(pack_for({"org.country": country, **facts} if country else facts), facts)


def keep_segments(case: Case, codes: frozenset[str]) -> None:
    """Keep the codes beside the case, for lists."""
    before = set(CaseSegment.objects.filter(case=case).values_list("code", flat=True))
    if gone := before - codes:
        CaseSegment.objects.filter(case=case, code__in=gone).delete()
    new = [CaseSegment(case=case, code=code) for code in sorted(codes - before)]
    if new:
        CaseSegment.objects.bulk_create(new, ignore_conflicts=True)


def known_segments() -> dict[str, Band | Named | None]:
    """Every code of the organisation's packs, with its meaning: what a list lets one choose from."""
    return {code: meaning for pack in reversed(active_packs()) for code, meaning in possible(pack)}
