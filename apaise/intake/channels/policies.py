"""Who may decide about a message in quarantine: one answer, with its reason, or None when it is allowed."""

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.policies import WORKERS
from apaise.intake.channels.models import Arrival


def attend_refusal(user: User, arrival: Arrival) -> str | None:
    """Why this person may neither replay, let in nor set aside this message."""
    if not user.has_role(*WORKERS):
        return _("Your role lets you read this, not act on it.")
    if not Arrival.objects.visible_to(user).filter(pk=arrival.pk).exists():
        return _("This message came to another desk, or belongs to a case you are kept apart from.")
    return None
