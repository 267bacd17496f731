"""A phone call, typed in by whoever took it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils import translation
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.packs.vocabulary import CHANNELS
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import CHANNEL_NAMES, Case
from apaise.intake.channels.by_hand import Held, Told, file_by_hand, is_future, recap_gap, send_recap
from apaise.intake.channels.details import Call, Recap

RECAPS = (Recap.EMAIL, Recap.LETTER, Recap.DECLINED)


class Tried(NamedTuple):
    """What the caller had tried before."""

    channels: Sequence[str] = ()
    on: date | None = None
    line: str = ""


def note_call(told: Told, *, recap: str, by: User, tried: Tried = Tried()) -> Case:  # noqa: B008  (a tuple)
    """File a call, and offer its caller a written recap. Safe to repeat. Raises Refused.

    recap   email, letter or declined: what they answered to the offer"""
    if gap := recap_gap(told.who, recap, allowed=RECAPS) or _tried_gap(tried):
        raise Refused(gap)

    def finish(message: Message) -> None:
        Call.objects.create(
            message=message,
            taken_by=by,
            tried=list(tried.channels),
            tried_on=tried.on,
            tried_line=" ".join(tried.line.split())[:300],
            recap=recap,
        )
        with translation.override(message.case.language):
            elsewhere = tried_in_words(tried)
        send_recap(message, recap, who=told.who, by=by, elsewhere=elsewhere)

    raw = {"recap": recap, "tried": tried._asdict()}
    held = Held("phone", raw, finish, wants_paper=recap == Recap.LETTER, heard_by=by)
    return file_by_hand(told, held, by=by)


def _tried_gap(tried: Tried) -> str | None:
    if any(code not in CHANNELS for code in tried.channels):
        return _("Choose from the list how they tried to reach us.")
    if tried.on and is_future(tried.on):
        return _("They cannot have tried on a day that has not come yet. Check the date.")
    return None


def tried_in_words(tried: Tried) -> str:
    """In the language of the moment: « e-mail, tchat ; trois relances sans réponse »."""
    names = ", ".join(str(CHANNEL_NAMES[code]).lower() for code in tried.channels)
    return "; ".join(part for part in (names, " ".join(tried.line.split())) if part)
