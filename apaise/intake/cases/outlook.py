"""What somebody who complains now may expect, by the pack that applies when nothing is known of them yet."""

from datetime import datetime
from typing import NamedTuple

from apaise.ground.packs.choose import pack_for
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.models import UNTIL_SET
from apaise.lib import clock


class Outlook(NamedTuple):
    """The moments a complaint filed now would be owed; None where the pack sets none."""

    first_contact: datetime | None
    reply: datetime | None


def outlook(country: str) -> Outlook:
    """The same dates the acknowledgement of a complaint filed at this moment would give."""
    pack, now = pack_for({"org.country": country}), clock.now()
    return Outlook(_due(pack, "first_contact", now), _due(pack, "reply_target", now))


def _due(pack: Pack, rule_id: str, at: datetime) -> datetime | None:
    rule = pack.deadline(rule_id)
    return rule.due(at, pack.calendar, criticality=UNTIL_SET).due_at if rule else None
