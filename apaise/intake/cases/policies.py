"""Who may do what to a case: each question answered once, with its reason, or None when it is allowed.

The verbs refuse with these reasons, and the pages show them beside the button."""

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.parties.mandates import mandates_for
from apaise.ground.parties.models import Person
from apaise.intake.cases.extension import extension_refusal, reply_clocks
from apaise.intake.cases.models import Case, State
from apaise.lib import clock

WORKERS = ("handler", "team_lead", "complaints_manager")
LEADS = ("team_lead", "complaints_manager")
REGROUPABLE = (State.RECEIVED, State.QUALIFYING, State.AWAITING_CUSTOMER, State.INVESTIGATING, State.DECIDING)


def work_refusal(user: User, case: Case) -> str | None:
    """Why this person may not work on the case at all."""
    if case.is_excluded(user):
        return is_apart()
    if user.has_role("executive") and case.handler_id == user.pk:
        return None  # what is escalated to them, or came by the fast lane
    if not user.has_role(*WORKERS):
        return _("Your role lets you read this case, not work on it.")
    if (
        not user.has_role("complaints_manager")
        and case.handler_id != user.pk
        and case.team_id not in user.team_ids
    ):
        return _("This case belongs to another team.")
    return None


def note_refusal(user: User, case: Case) -> str | None:
    return work_refusal(user, case)


def hand_out_refusal(user: User, case: Case) -> str | None:
    """Why this person may not give the case to somebody else: a lead may, and an executive what they hold."""
    if refusal := work_refusal(user, case):
        return refusal
    if not case.is_open:
        return _("This case has ended; reopen it first.")
    if user.has_role(*LEADS) or (user.has_role("executive") and case.handler_id == user.pk):
        return None
    return _("Only a team lead or the complaints manager may give a case to somebody else.")


def assign_refusal(user: User, case: Case, to: User) -> str | None:
    """Why `user` may not give this case to `to`. A handler takes cases; a lead also hands them out."""
    if refusal := work_refusal(user, case):
        return refusal
    if not case.is_open:
        return _("This case has ended; reopen it first.")
    if user != to and (refusal := hand_out_refusal(user, case)):
        return refusal
    if case.handler_id not in (None, user.pk, to.pk) and not user.has_role("team_lead", "complaints_manager"):
        return _("Somebody else handles this case. Leave a note, or ask for the case.")
    if case.is_excluded(to):
        return they_are_apart()
    if not to.is_active or not to.has_role(*WORKERS, "executive"):
        return _("This person cannot handle cases.")
    if to.has_role("complaints_manager", "executive") or case.team_id in to.team_ids:
        return None
    return _("This person is not in the team of this case.")


def exclude_refusal(user: User, case: Case, person: User) -> str | None:
    """Why `user` may not keep `person` apart from this case. Whoever is a party may say so of themselves."""
    if user == person:  # whoever reads the case, also without working on it
        return is_apart() if case.is_excluded(user) else None
    if refusal := work_refusal(user, case):
        return refusal
    if not user.has_role(*LEADS):
        return _("Only a team lead or the complaints manager keeps somebody else apart from a case.")
    return None


def they_are_apart() -> str:
    return _("This person is kept apart from the case, so that nobody is judge and party.")


def is_apart() -> str:
    return _("You are kept apart from this case, so that nobody is judge and party.")


def reply_refusal(user: User, case: Case) -> str | None:
    """Why this person may not write to the customer now."""
    if refusal := work_refusal(user, case):
        return refusal
    if case.state in (State.MERGED, State.REDIRECTED):
        return _("This case is followed elsewhere; write there.")
    if case.handler_id is None:
        return _("Take the case first, so that the customer knows who writes.")
    if case.handler_id != user.pk and not user.has_role("team_lead", "complaints_manager"):
        return _("Somebody else handles this case. Leave a note, or ask for the case.")
    return None


def qualify_refusal(user: User, case: Case) -> str | None:
    if refusal := reply_refusal(user, case):
        return refusal
    if case.state != State.QUALIFYING:
        return _("This case is past qualification.")
    return None


def final_reply_refusal(user: User, case: Case) -> str | None:
    if refusal := reply_refusal(user, case):
        return refusal
    if case.state not in (State.INVESTIGATING, State.DECIDING):
        return _("Qualify the case first: its grievances must be listed before they can be answered.")
    return None


def extend_refusal(user: User, case: Case) -> str | None:
    """Why this person may not move the announced reply-by date; the pack names the roles that may."""
    if refusal := work_refusal(user, case):
        return refusal
    if not case.is_open or case.final_reply_at:
        return _("No reply is owed any more on this case.")
    refusals = [extension_refusal(user, one, rule) for one, rule in reply_clocks(case)]
    if not refusals:
        return _("The policy of this case does not let its reply-by date move.")
    return None if None in refusals else refusals[0]


def close_refusal(user: User, case: Case) -> str | None:
    if refusal := reply_refusal(user, case):
        return refusal
    if case.state == State.CLOSED:
        return _("This case is closed already.")
    if case.state != State.ANSWERED:
        return _("Closing needs a written, reasoned answer: send the final reply first.")
    if case.final_reply_at is None:
        return _("The final reply has not left yet. Close the case once it is sent.")
    return None


def reopen_refusal(user: User, case: Case) -> str | None:
    if refusal := work_refusal(user, case):
        return refusal
    if case.state not in (State.ANSWERED, State.CLOSED):
        return _("Only an answered or closed case can be reopened.")
    return None


def acceptance_refusal(user: User, case: Case) -> str | None:
    """Why this person may not record that the customer accepts the answer."""
    if refusal := reply_refusal(user, case):
        return refusal
    return None if case.state == State.ANSWERED else not_answered()


def not_answered() -> str:
    return _("Only an answered case can be accepted.")


def redirect_refusal(user: User, case: Case) -> str | None:
    if refusal := reply_refusal(user, case):
        return refusal
    if case.state not in (State.RECEIVED, State.QUALIFYING):
        return _("Only a case that is not being investigated yet can be redirected.")
    return None


def say_something() -> str:
    return _("Write something first.")


# --- cases together -----------------------------------------------------------------------------------------


def merge_refusal(user: User, case: Case, into: Case) -> str | None:
    """Why this person may not have `case` followed in `into`."""
    if case.pk == into.pk:
        return _("A case cannot be merged with itself. Give the reference of the other one.")
    if refusal := work_refusal(user, case) or work_refusal(user, into) or _hold_refusal(user, case):
        return refusal
    for one in (case, into):
        if refusal := _regrouping_gap(one):
            return refusal
    if not _one_customer(case, into):
        return _(
            "%(one)s and %(other)s are of different customers, and no mandate joins them. Link them instead."
        ) % {"one": case.reference, "other": into.reference}
    if into.handler and case.is_excluded(into.handler):
        return _(
            "Who handles %(reference)s is kept apart from the other case: give it to somebody else first."
        ) % {"reference": into.reference}
    return _lost_clock(case, into)


def unmerge_refusal(user: User, case: Case, into: Case) -> str | None:
    """Why this person may not take `case` out of `into` again."""
    if refusal := work_refusal(user, case) or work_refusal(user, into):
        return refusal
    if case.state != State.MERGED:
        return _("%(reference)s is not merged any more.") % {"reference": case.reference}
    return _regrouping_gap(into)


def split_refusal(user: User, case: Case) -> str | None:
    """Why this person may not make messages of this case a case of their own."""
    return work_refusal(user, case) or _hold_refusal(user, case) or _regrouping_gap(case)


def _hold_refusal(user: User, case: Case) -> str | None:
    if case.handler_id in (None, user.pk) or user.has_role(*LEADS):
        return None
    return _("Somebody else handles this case. Leave a note, or ask for the case.")


def _regrouping_gap(case: Case) -> str | None:
    about = {"reference": case.reference}
    if case.state == State.MERGED:
        return (
            _("%(reference)s is merged with another case. Work on that one, or undo that merge first.")
            % about
        )
    if case.state in REGROUPABLE:
        return None
    if case.is_open:
        return (
            _("%(reference)s is answered: an answer stands for what it answers. Reopen it first, or link it.")
            % about
        )
    return _("%(reference)s has ended. Reopen it first, or link it.") % about


def _one_customer(case: Case, other: Case) -> bool:
    if case.complainant.is_same_as(other.complainant_id):
        return True
    return _speaks_for(case.complainant, other) or _speaks_for(other.complainant, case)


def _speaks_for(person: Person, case: Case) -> bool:
    same = set(Person.objects.same_as(person).values_list("pk", flat=True))
    today = clock.today(case.calendar.zone)
    mandates = mandates_for(case.complainant, case.organisation)
    return any(mandate.person_id in same and mandate.holds_on(today) for mandate in mandates)


def _lost_clock(case: Case, into: Case) -> str | None:
    """A clock that the other case's policy does not know would end without anybody noticing."""
    mine, theirs = case.pack_version.pack, into.pack_version.pack
    if mine.digest == theirs.digest:
        return None
    running = case.deadlines.filter(customer_right=False).exclude(state="stopped")
    if all(rule in theirs.deadlines for rule in running.values_list("rule", flat=True)):
        return None
    return _(
        "%(one)s is under another policy, with dates that %(other)s would not keep. Merge them the other way."
    ) % {"one": case.reference, "other": into.reference}


def link_refusal(user: User, case: Case, other: Case) -> str | None:
    """Why this person may not say that two cases belong together."""
    if case.pk == other.pk:
        return _("A case cannot be linked to itself. Give the reference of the other one.")
    if other.is_excluded(user):
        return is_apart()
    return work_refusal(user, case)


def promise_refusal(user: User, case: Case) -> str | None:
    """Why this person may not promise anything to this customer now."""
    if refusal := reply_refusal(user, case):
        return refusal
    if case.state == State.WITHDRAWN:
        return _("The customer has withdrawn this complaint.")
    return None
