"""Somebody at the counter, typed in while they sit there."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import tracking
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels import policies
from apaise.intake.channels.by_hand import Held, Told, file_by_hand, recap_gap, send_recap
from apaise.intake.channels.details import Recap, Visit

RECAPS = (Recap.HANDED, Recap.EMAIL, Recap.LETTER, Recap.DECLINED)


def note_visit(
    told: Told,
    *,
    place: str,
    received_by: User,
    recap: str,
    by: User,
    wish: str = "",
    papers: Sequence[File] = (),
) -> Case:
    """File a visit; its receipt carries the way to follow the case. Safe to repeat. Raises Refused.

    papers   what they showed us
    recap    handed (printed, now), email, letter or declined"""
    place = " ".join(place.split())[:120]
    if not place:
        raise Refused(_("Say where you received them."))
    if received_by != by and received_by not in policies.colleagues(by):
        raise Refused(_("Choose from the list who received them."))
    if gap := recap_gap(told.who, recap, allowed=RECAPS):
        raise Refused(gap)

    def finish(message: Message) -> None:
        Visit.objects.create(
            message=message, received_by=received_by, place=place, wish=wish.strip(), recap=recap
        )
        tracking.link_for(message.case)  # for the receipt: showing it must not have to make one
        send_recap(message, recap, who=told.who, by=by, wish=wish)

    raw = {"place": place, "received_by": received_by.pk, "wish": wish, "recap": recap}
    wants_paper = recap == Recap.LETTER
    held = Held("in_person", raw, finish, wants_paper=wants_paper, heard_by=received_by, files=papers)
    return file_by_hand(told, held, by=by)


def usual_place(user: User) -> str:
    """Where this person received somebody last."""
    return (
        Visit.objects.filter(received_by=user).order_by("-pk").values_list("place", flat=True).first() or ""
    )
