"""Who asks for a context note, who writes it, who reads it."""

from typing import Any

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User, everyone_with
from apaise.handling.contributions.models import ContextNote
from apaise.intake.cases import policies
from apaise.intake.cases.account_people import conflict_rules, people_of_account
from apaise.intake.cases.models import Case

READERS = ("handler", "team_lead", "complaints_manager")


def rules_for(case: Case) -> dict[str, Any]:
    """What the pack says of context notes, empty where it says nothing."""
    return dict(conflict_rules(case.pack_version.pack).get("context_note") or {})


def ask_refusal(user: User, case: Case) -> str | None:
    """Why this person may not ask somebody for facts on this case."""
    if refusal := policies.work_refusal(user, case):
        return refusal
    if "context_note" not in conflict_rules(case.pack_version.pack).get("may_contribute", ["context_note"]):
        return _("The policy of this case knows no context notes.")
    return None if case.is_open else _("This case has ended; reopen it first.")


def askable(case: Case) -> list[User]:
    """Whoever may know facts but may not handle the case: those kept apart, the people of the account, contributors."""
    apart = [one.user for one in case.exclusions.select_related("user")]
    account = [person for person, _function in people_of_account(case).values()]
    found = {person.pk: person for person in [*apart, *account, *everyone_with("contributor")]}
    return sorted((one for one in found.values() if one.is_active), key=lambda one: one.name)


def read_refusal(user: User, case: Case) -> str | None:
    """Why this person may not read what contributors wrote. Whoever is a party reads no other's note, even let in."""
    if any(one.user_id == user.pk for one in case.exclusions.all()):
        return _("Whoever is kept apart does not read what others contributed.")
    readers = rules_for(case).get("visible_to", READERS)
    if case.handler_id == user.pk or user.has_role(*readers):
        return None
    return _("Context notes are for whoever handles the case.")


def write_refusal(user: User, note: ContextNote) -> str | None:
    """Why this person may not write the note now. It takes nothing but having been asked."""
    if note.person_id != user.pk:
        return _("Somebody else was asked.")
    if note.state == ContextNote.State.SENT:
        return _("Your note is sent; it can be read, not changed.")
    if note.state != ContextNote.State.ASKED:
        return _("This note is no longer asked for.")
    return None
