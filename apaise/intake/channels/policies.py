"""Who may do what at the way in and at the post: one answer, with its reason, or None when it is allowed."""

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Desk, User, everyone_with
from apaise.intake.cases.models import Case
from apaise.intake.cases.policies import WORKERS, work_refusal
from apaise.intake.channels.models import Arrival


def attend_refusal(user: User, arrival: Arrival) -> str | None:
    """Why this person may neither replay, let in nor set aside this message."""
    if not user.has_role(*WORKERS):
        return _("Your role lets you read this, not act on it.")
    if not Arrival.objects.visible_to(user).filter(pk=arrival.pk).exists():
        return _("This message came to another desk, or belongs to a case you are kept apart from.")
    return None


def entry_refusal(user: User) -> str | None:
    """Why this person may not type in what a customer told us."""
    if not user.has_role(*WORKERS):
        return _("Your role does not take complaints in.")
    if desk_of(user) is None:
        return _("Your team has no desk that receives complaints.")
    return None


def stop_mail_refusal(user: User) -> str | None:
    """Why this person may neither stop outgoing mail nor let it go again."""
    if not user.has_role("administrator"):
        return _("Only an administrator stops outgoing mail or lets it go again.")
    return None


def desk_of(user: User) -> Desk | None:
    """The desk for which this person takes complaints in: their team's; a complaints manager's is the main one."""
    mine = Desk.objects.filter(team_id__in=user.team_ids).select_related("team").order_by("pk").first()
    return mine or (Desk.objects.main() if user.has_role("complaints_manager") else None)


def into_refusal(user: User, case: Case) -> str | None:
    """Why this person may not add what a customer told us to this case."""
    if refusal := work_refusal(user, case):
        return refusal
    if not case.is_open and case.state != "closed":
        return _("This case has ended otherwise than by an answer. Open a new one.")
    return None


def colleagues(user: User) -> list[User]:
    """Who may have received a visitor at this person's desk."""
    desk = desk_of(user)
    if desk is None:
        return []
    return list(everyone_with(*WORKERS).filter(memberships__team=desk.team))
