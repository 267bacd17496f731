"""How a post, the turns of a conversation and a channel's own keys are shown, on both sides."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from apaise.intake.cases.message import Message
from apaise.intake.channels.particulars import Post, Turn
from apaise.intake.channels.speakers import words_of_all

WITH = ("post", "details")  # for select_related
# For prefetch_related. As plain lists: a manager for each of a hundred messages takes longer than the question.
TURNS = Prefetch("turns", to_attr="fetched_turns")
TURNS_SHOWN = 6


def post_of(message: Message) -> Post | None:
    """Where it was published, if it was. Asks nothing when the message was fetched WITH it."""
    post: Post | None = getattr(message, "post", None)
    return post


def turns_of(message: Message) -> list[dict[str, str]]:
    """Who said what when, in words: {who, role, at, text}."""
    return [
        {
            "who": turn.speaker or turn.get_role_display(),
            "role": turn.get_role_display() if turn.speaker and turn.role != "unknown" else "",
            "at": _clock(turn.start_ms),
            "text": turn.text,
        }
        for turn in _turns(message)
    ]


def words_beside_turns(message: Message) -> str:
    """What the message says besides its turns: the summary of whoever took the call."""
    turns = _turns(message)
    return message.text.removesuffix(words_of_all(turns)).strip() if turns else message.new_text


def _turns(message: Message) -> list[Turn]:
    fetched: list[Turn] | None = getattr(message, "fetched_turns", None)
    return list(message.turns.all()) if fetched is None else fetched


def details_of(message: Message) -> list[tuple[str, str]]:
    """The keys of the channel, named for people of ours."""
    kept = getattr(message, "details", None)
    if not kept:
        return []
    names = {
        "minutes": _("Minutes"),
        "agent": _("Taken by"),
        "tried": _("Tried before"),
        "posted_on": _("Posted on"),
        "received_on": _("Received on"),
        "registered": _("Registered no."),
        "place": _("Place"),
        "version": _("Version"),
        "partner": _("Partner"),
        "their_reference": _("Their reference"),
    }
    return [(name, _plain(kept.data[key])) for key, name in names.items() if key in kept.data]


def _plain(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _clock(milliseconds: int | None) -> str:
    if milliseconds is None:
        return ""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
