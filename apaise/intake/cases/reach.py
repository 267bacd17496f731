"""How many people may have seen a complaint, and the number above which its pack passes the case up."""

from django.db.models import Max

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.intake.cases.exposure import public_messages
from apaise.intake.cases.history import happened
from apaise.intake.cases.models import Case

BY = System("reach")


def widest_post(case: Case) -> int | None:
    """The reach of the widest post or review of this case; None where none was told."""
    found: int | None = public_messages(case).order_by().aggregate(widest=Max("post__reach"))["widest"]
    return found


def pass_reach(case: Case, reach: int | None) -> bool:
    """Record, once, that the complaint reached more people than its pack allows for. The caller holds the case."""
    limit = case.pack_version.pack.block("reach")
    if not limit or reach is None or reach <= limit["above"] or not case.is_open:
        return False
    if Entry.objects.filter(chain=case.reference, what="reach.passed").exists():
        return False
    said = {"reach": reach, "above": limit["above"], "level": limit["to_level"]}
    happened(case, "reach.passed", by=BY, held=True, **said)
    return True
