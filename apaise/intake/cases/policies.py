"""Who may do what to a case: each question answered once, with its reason, or None when it is allowed.

The verbs refuse with these reasons, and the pages show them beside the button."""

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case, State

WORKERS = ("handler", "team_lead", "complaints_manager")


def work_refusal(user: User, case: Case) -> str | None:
    """Why this person may not work on the case at all."""
    if case.is_excluded(user):
        return _("You are kept apart from this case, so that nobody is judge and party.")
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


def assign_refusal(user: User, case: Case, to: User) -> str | None:
    """Why `user` may not give this case to `to`. A handler takes cases; a lead also hands them out."""
    if refusal := work_refusal(user, case):
        return refusal
    if not case.is_open:
        return _("This case has ended; reopen it first.")
    if user != to and not user.has_role("team_lead", "complaints_manager"):
        return _("Only a team lead or the complaints manager may give a case to somebody else.")
    if case.handler_id not in (None, user.pk, to.pk) and not user.has_role("team_lead", "complaints_manager"):
        return _("Somebody else handles this case. Leave a note, or ask for the case.")
    if case.is_excluded(to):
        return _("This person is kept apart from the case, so that nobody is judge and party.")
    if not to.is_active or not to.has_role(*WORKERS):
        return _("This person cannot handle cases.")
    if to.has_role("complaints_manager") or case.team_id in to.team_ids:
        return None
    return _("This person is not in the team of this case.")


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
    deadline = case.deadlines.filter(rule="reply_target").first()
    rule = case.pack_version.pack.deadline("reply_target")
    extension = (rule and rule.extension) or {}
    if deadline is None or not extension.get("allowed"):
        return _("The policy of this case does not let its reply-by date move.")
    if not user.has_role(*extension.get("by", [])):
        return _("Only the complaints manager may move the reply-by date.")
    if deadline.extensions >= int(extension.get("max_times", 1)):
        return _("The reply-by date was already moved as often as the policy allows.")
    return None


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
