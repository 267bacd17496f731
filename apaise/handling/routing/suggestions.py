"""A suggested queue: how sure it is, and what people made of it."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.handling.routing.placement import Placement
from apaise.handling.routing.targets import people_of
from apaise.handling.routing.wording import DECIDED
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock

BECAUSE = ("knows_customer", "other_cause", "workload", "language", "other")
REMEMBERED = 200  # the last decisions about a queue
# Before anybody has decided, a suggestion counts as right seven times in ten; each decision moves it to the truth.
RIGHT_AT_FIRST, AT_FIRST = 7, 10


def confidence_in(target: str) -> int:
    """How often people followed a suggestion of this queue, in per cent."""
    about = Placement.objects.filter(suggested=target).exclude(decision="")
    decisions = list(about.order_by("-decided_at").values_list("decision", flat=True)[:REMEMBERED])
    followed = decisions.count(Placement.Decision.FOLLOWED)
    return round(100 * (followed + RIGHT_AT_FIRST) / (len(decisions) + AT_FIRST))


def decided(case: Case, to: User, *, by: User, why: str = "") -> None:
    """A person gave the case to somebody: was that what was suggested? Recorded with who and why."""
    placement = Placement.objects.filter(case=case).first()
    if placement is None:
        return
    wanted = placement.suggested or placement.queue
    meant = {person.pk for person in people_of(case, wanted)} | ({placement.person_id} - {None})
    decision = Placement.Decision.FOLLOWED if to.pk in meant else Placement.Decision.OVERRIDDEN
    if decision == Placement.Decision.FOLLOWED and not placement.suggested:
        return  # nothing was suggested, and nothing is decided otherwise
    if why and why not in BECAUSE:
        raise Refused(_("Choose the reason from the list."))
    with transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(
            decision=decision, decided_by=by, decided_at=clock.now(), decided_why=why
        )
        happened(
            case, "case.suggestion_decided", by=by, held=True, queue=wanted, decision=str(decision), why=why or None
        )  # fmt: skip


def decided_by_words(placement: Placement) -> str:
    """“Decided otherwise by Mara: knows this customer”, while that is what happened."""
    if placement.decision != Placement.Decision.OVERRIDDEN or placement.decided_by is None:
        return ""
    why = str(DECIDED.get(placement.decided_why, "")).lower()
    said = {"name": placement.decided_by.name, "why": why}
    return (
        _("Decided otherwise by %(name)s: %(why)s") % said
        if why
        else _("Decided otherwise by %(name)s") % said
    )
