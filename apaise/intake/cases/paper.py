"""How our words reach this customer: by mail, by letter, or on the tracking page."""

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case


class Carrier(NamedTuple):
    """By which channel words leave, and to which address."""

    channel: str
    address: str


def carrier_for(case: Case) -> Carrier:
    """Mail where there is an address for it, a letter where there is none or the customer asked for paper; with
    neither, the tracking page, which is then the durable medium."""
    person = case.complainant
    if person.postal and (case.wants_paper or not person.email):
        return Carrier("letter", f"{person.name}\n{person.postal}".strip())
    return Carrier("email", _wrote_from(case) or person.email) if person.email else Carrier("web_form", "")


def receives_none(case: Case, address: str) -> bool:
    """Whether a mail to this address came back since they wrote; who writes again may have mended it."""
    returned = case.complainant.returned_at(address)
    return returned is not None and returned >= case.received_at


def _wrote_from(case: Case) -> str:
    """Of several addresses of theirs the one they last wrote from in this case, as long as it is theirs."""
    theirs = {way.value.lower(): way.value for way in case.complainant.ways() if way.kind == "email"}
    if len(theirs) < 2:
        return ""
    heard = Message.objects.filter(case=case, author_person=case.complainant_id, is_machine=False)
    last = (
        heard.exclude(from_address="").order_by("-at", "-pk").values_list("from_address", flat=True).first()
    )
    return theirs.get((last or "").lower(), "")


def prefer(case: Case, channel: str, *, by: User) -> None:
    """The customer asks for letters, or for mails again. Harmless to repeat. Raises Refused.

    channel   letter or email"""
    if refusal := policies.work_refusal(by, case):
        raise Refused(refusal)
    if channel not in ("letter", "email"):
        raise Refused(_("Choose letters or e-mails."))
    if channel == "letter" and not case.complainant.postal:
        raise Refused(
            _("No postal address is known for this customer. Note it with a call or a letter first.")
        )
    if channel == "email" and not case.complainant.email:
        raise Refused(
            _("No e-mail address is known for this customer. Note it with a call or a letter first.")
        )
    with transaction.atomic():
        changed = Case.objects.filter(pk=case.pk).exclude(wants_paper=channel == "letter")
        if changed.update(wants_paper=channel == "letter"):
            case.wants_paper = channel == "letter"
            happened(case, "contact.preferred", by=by, channel=channel)
