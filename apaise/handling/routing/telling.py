"""The notification table: who is told at which stage. Nobody kept apart from a case is ever told of it."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.handling.routing.notifications import Notification
from apaise.handling.routing.people import meant
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.stages import NAMES, STAGES, progress

# Besides the six stages, what a house may want to hear of.
WORDS: Final = (
    "case.escalated",
    "case.returned",
    "case.reopened",
    "deadline.missed",
    "commitment.broken",
    "decision.taken",
    "case.closed",
    "case.withdrawn",
)
OCCASIONS: Final = (*STAGES, *WORDS)
# Whoever is found on the case or is nobody of ours cannot be put into a table of the house.
TELLABLE: Final = (
    *ROLES,
    *(code for code, held in FUNCTIONS.items() if held in ("team", "person", "account")),
)


WORD_NAMES: Final = {
    "case.escalated": gettext_lazy("The case is passed up"),
    "case.returned": gettext_lazy("The case is handed back"),
    "case.reopened": gettext_lazy("The case is reopened"),
    "deadline.missed": gettext_lazy("A date was missed"),
    "commitment.broken": gettext_lazy("A promise was broken"),
    "decision.taken": gettext_lazy("A decision was taken"),
    "case.closed": gettext_lazy("The case is closed"),
    "case.withdrawn": gettext_lazy("The customer withdraws the complaint"),
}


def occasion_name(occasion: str) -> str:
    """A stage or a word, as people say it."""
    if stage := NAMES.get(occasion):
        return _("Stage “%(name)s”") % {"name": stage}
    return str(WORD_NAMES.get(occasion) or occasion)


def edit_refusal(user: User) -> str | None:
    """Why this person may not change who is told."""
    if user.has_role("complaints_manager"):
        return None
    return _("Only the complaints manager changes who is told.")


def tell_them(occasion: str, code: str, *, by: User) -> Notification:
    """From now on these people are told. Harmless to repeat. Raises Refused."""
    _check(occasion, code, by)
    with transaction.atomic():
        cell, new = Notification.objects.get_or_create(occasion=occasion, code=code)
        if new:
            record(HOUSE, "notification.changed", by=by, occasion=occasion, code=code, told=True)
    return cell


def tell_them_no_more(occasion: str, code: str, *, by: User) -> bool:
    """Returns whether they were told until now. Raises Refused."""
    _check(occasion, code, by)
    with transaction.atomic():
        gone, _rows = Notification.objects.filter(occasion=occasion, code=code).delete()
        if gone:
            record(HOUSE, "notification.changed", by=by, occasion=occasion, code=code, told=False)
    return bool(gone)


def _check(occasion: str, code: str, by: User) -> None:
    if refusal := edit_refusal(by):
        raise Refused(refusal)
    if occasion not in OCCASIONS or code not in TELLABLE:
        raise Refused(_("Choose a stage and who is told from the lists."))


def tell(case: Case, entry: Entry) -> int:
    """Alert whom the table names for what this entry did: the stage it brought, or its word. Returns how many."""
    told = 0
    for occasion in occasions_of(entry):
        codes = Notification.objects.filter(occasion=occasion).values_list("code", flat=True)
        people = {person.pk: person for code in codes for person in meant(case, code)}
        # Whoever did it knows, and who may not read the case is told nothing they could not open.
        readers = [
            person
            for person in people.values()
            if person.actor_code != entry.by and Case.objects.visible_to(person).filter(pk=case.pk).exists()
        ]
        told += alert(
            readers, "stage_reached", chain=case.reference, detail=occasion, once=f"{entry.pk}:{occasion}"
        )
    return told


def occasions_of(entry: Entry) -> list[str]:
    """What an entry is an occasion for."""
    found = [entry.what] if entry.what in WORDS else []
    if after := entry.facts.get("state"):
        stage = _stage(after)
        if stage and stage != _stage(_state_before(entry)):
            found.append(stage)
    return found


def _state_before(entry: Entry) -> str:
    earlier = Entry.objects.of(entry.chain).filter(seq__lt=entry.seq).order_by("-seq")
    return next((str(one.facts["state"]) for one in earlier[:200] if one.facts.get("state")), State.RECEIVED)


def _stage(state: str) -> str:
    """The public stage of a state that has one by itself; "" for waiting and for an end."""
    if state in (State.AWAITING_CUSTOMER, State.WITHDRAWN, State.MERGED, State.REDIRECTED):
        return ""
    return progress(Case(state=state)).stage
