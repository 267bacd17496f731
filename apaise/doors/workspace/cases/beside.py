"""What a channel knows of a message besides its words, as facts of the timeline: who took a call, when a letter was posted, …"""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from apaise.intake.cases.message import Message
from apaise.intake.channels.calls import Tried, tried_in_words
from apaise.intake.channels.details import Call, Letter, Posting, Visit
from apaise.intake.channels.forwards import Forward
from apaise.lib import saying

WITH = (
    "call__taken_by",
    "letter__typed_by",
    "visit__received_by",
    "posting__posted_by",
    "forward__colleague",
    "forward__desk",
    "forward__customer",
)  # for select_related
NAMES = ("call", "letter", "visit", "posting", "forward")
Facts = list[tuple[str, str]]


def beside_it(message: Message) -> dict[str, Any]:
    """`beside`: facts to show, whether it is a visit (with a receipt), whether there is a proof of posting. No query of its own."""
    rows = {name: getattr(message, name, None) for name in NAMES}
    details: Facts = []
    tell: tuple[Callable[[Any], Facts], ...] = (_call, _letter, _visit, _posting, _forward)
    for name, say in zip(NAMES, tell, strict=True):
        if (row := rows[name]) is not None:
            details += [(label, value) for label, value in say(row) if value]
    posting = rows["posting"]
    return {
        "beside": details,
        "is_visit": rows["visit"] is not None,
        "proof": bool(posting and posting.proof),
    }


def _call(call: Call) -> Facts:
    return [
        (_("Taken by"), call.taken_by.name),
        (_("Tried before"), tried_in_words(Tried(call.tried, None, call.tried_line))),
        (_("The last time"), _day(call.tried_on)),
        (_("Written recap"), call.get_recap_display()),
    ]


def _letter(letter: Letter) -> Facts:
    return [
        (_("Posted on"), _day(letter.posted_on)),
        (_("Received on"), _day(letter.received_on)),
        (_("Registered number"), letter.registered_number),
        (_("Typed in by"), letter.typed_by.name),
    ]


def _visit(visit: Visit) -> Facts:
    return [
        (_("Where"), visit.place),
        (_("Received by"), visit.received_by.name),
        (_("Wish"), visit.wish),
        (_("Written recap"), visit.get_recap_display()),
    ]


def _posting(posting: Posting) -> Facts:
    return [
        (_("Posted on"), _day(posting.posted_on)),
        (_("Registered number"), posting.registered_number),
        (_("Posted by"), posting.posted_by.name),
    ]


def _forward(forward: Forward) -> Facts:
    return [
        (_("Forwarded by"), forward.forwarder),
        (_("Written above it, for us alone"), forward.words),
    ]


def _day(day: Any) -> str:
    return saying.day(day, translation.get_language() or "fr") if day else ""
