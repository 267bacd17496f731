"""For the small world: a case that was passed up, one with a prepared message, a ticket elsewhere and a missed date."""

from collections.abc import Callable
from datetime import date

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import System
from apaise.ground.packs.render import Rendered
from apaise.handling.lateness.models import Breach
from apaise.handling.prepared.prepare import prepare
from apaise.handling.routing import escalation
from apaise.handling.routing.handover import Handover
from apaise.handling.tickets.linking import link_ticket
from apaise.intake.cases.models import Case
from apaise.lib import clock


def bring(cases: dict[str, Case], make: Callable[[str], Case], keeper: User) -> None:
    """Add to `cases`: escalated (with the lead); and put the rest on the one under investigation."""
    cases["escalated"] = make("investigating")
    escalation.hand_up(cases["escalated"], Handover("Lu.", "Répondre.", "Rien."), by=keeper)
    case = cases["investigating"]
    prepare(
        case, "holding", Rendered("Où nous en sommes", "Bonjour, vous aurez notre réponse. Keeper"), once="a-late-reply",
        owner="handler", by=System("lateness"), reply_by=date(2026, 12, 17), by_itself=True,
    )  # fmt: skip
    link_ticket(case, system="Incidents", number="INC-4711", by=keeper)
    Breach.objects.create(
        case=case, rule="reply_target", force="internal", owner="handler", due_at=clock.now(), once="a-breach"
    )
