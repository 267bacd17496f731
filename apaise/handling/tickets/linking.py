"""Link a ticket elsewhere to a case, follow it, and take the link away. The case goes its own way."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.handling.tickets.models import Ticket
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock

_NAME = re.compile(r"[^\W_][\w .:/#+\-]*")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def link_ticket(
    case: Case, *, system: str, number: str, url: str = "", state: str = Ticket.State.OPEN, by: User
) -> Ticket:
    """This case is about an incident that is followed elsewhere. Harmless to repeat. Raises Refused."""
    if refusal := policies.work_refusal(by, case):
        raise Refused(refusal)
    system, number, url = system.strip()[:40], number.strip()[:80], url.strip()[:400]
    if not _NAME.fullmatch(system) or not _NAME.fullmatch(number.lstrip("#")):
        raise Refused(
            _("Give the name of the system and the number of the ticket, such as “Incidents” and “INC-4711”.")
        )
    if url and not _ADDRESS.fullmatch(url):
        raise Refused(_("The address of the ticket begins with https://; leave it out if there is none."))
    if state not in Ticket.State:
        raise Refused(_("Choose how the ticket stands from the list."))
    with transaction.atomic():
        case.hold()
        ticket, new = Ticket.objects.get_or_create(
            case=case,
            system=system,
            number=number,
            defaults={"url": url, "state": state, "linked_by": by.actor_code},
        )
        if new:
            happened(case, "ticket.linked", by=by, held=True, ticket=ticket.pk, ticket_state=ticket.state)
    return ticket


def follow_ticket(ticket: Ticket, state: str, *, by: User) -> bool:
    """How it stands elsewhere now; the case stays as it is. Returns whether that is new. Raises Refused."""
    if refusal := policies.work_refusal(by, ticket.case):
        raise Refused(refusal)
    if state not in Ticket.State:
        raise Refused(_("Choose how the ticket stands from the list."))
    with transaction.atomic():
        ticket.case.hold()
        others = Ticket.objects.filter(pk=ticket.pk).exclude(state=state)
        if not others.update(state=state, changed_at=clock.now()):
            return False
        ticket.state = state
        happened(ticket.case, "ticket.changed", by=by, held=True, ticket=ticket.pk, ticket_state=state)
    return True


def unlink_ticket(ticket: Ticket, *, by: User) -> None:
    """It was not about this. Raises Refused."""
    if refusal := policies.work_refusal(by, ticket.case):
        raise Refused(refusal)
    with transaction.atomic():
        ticket.case.hold()
        gone, _rows = Ticket.objects.filter(pk=ticket.pk).delete()
        if gone:
            happened(ticket.case, "ticket.unlinked", by=by, held=True, ticket=ticket.pk)
