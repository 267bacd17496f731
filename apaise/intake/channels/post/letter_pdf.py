"""One of our letters as a tagged PDF, set by Typst for a window envelope. What was written reaches it as data, never as source."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from apaise.intake.cases import tracking
from apaise.intake.cases.message import Message
from apaise.intake.channels.mail.compose import one_line
from apaise.lib import qr, saying

SOURCE = Path(__file__).with_name("letter.typ")
Standard = Literal["ua-1"]
ACCESSIBLE: Final = "ua-1"  # PDF/UA: tags, title, language


def pdf_of(message: Message) -> bytes:
    """The letter. The same message always gives the same bytes: it is dated by the message, not by the printing."""
    words = json.dumps(said(message), ensure_ascii=False)
    try:
        return _typeset(words, message.at, standards=ACCESSIBLE)
    except typst.TypstError:  # a sign our fonts do not have: the standard forbids it, the post must still go
        return _typeset(words, message.at, standards=None)


def _typeset(words: str, at: datetime, *, standards: Standard | None) -> bytes:
    return bytes(
        typst.compile(
            SOURCE,
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"letter": words},
            pdf_standards=standards,
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    # Only those Typst brings: a letter must not look different on another machine.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])


def said(message: Message) -> dict[str, Any]:
    """Everything that stands in the letter."""
    case, desk = message.case, message.case.desk
    zone, language = ZoneInfo(settings.TIME_ZONE), case.language
    known = tracking.known_link(case)
    link = tracking.address_of(known) if known else ""
    with translation.override(language):
        date = saying.day(message.at.astimezone(zone).date(), language)
        return {
            "language": language,
            "region": "GB" if language == "en" else "FR",
            "title": f"{desk.organisation}, {one_line(message.subject)}",
            "organisation": desk.organisation,
            "sender": _sender(message),
            "recipient": _lines(message.to_address),
            "place-and-date": _("On %(day)s") % {"day": date},
            "reference": case.reference,
            "facts": [
                (_("Our reference:"), case.reference),
                (_("Your complaint of:"), saying.day(case.sent_at.astimezone(zone).date(), language)),
            ],
            "subject": one_line(message.subject),
            "paragraphs": [_lines(part) for part in message.text.split("\n\n") if part.strip()],
            "signature": _signature(message),
            "link": link,
            "qr": qr.svg(link) if link else "",
            "qr-alt": _("Code that opens the page of your complaint"),
            "mentions": _mentions(message, link),
            "foot": ", ".join([desk.organisation, *_lines(desk.postal_address)]),
        }


def _sender(message: Message) -> list[str]:
    desk = message.case.desk
    phone = _("Phone: %(number)s") % {"number": desk.phone} if desk.phone else ""
    name = desk.name if desk.name != desk.organisation else ""
    return [line for line in (name, *_lines(desk.postal_address), phone, desk.address) if line]


def _signature(message: Message) -> list[str]:
    """Room for a hand and the name below it, where a person wrote and the text does not end with the name already."""
    author = message.author_user
    if author is None or author.name in message.text[-160:]:
        return []
    return [line for line in (author.name, author.title(message.case.language)) if line]


def _mentions(message: Message, link: str | None) -> list[list[str]]:
    asked = [
        [_("Follow your complaint, without account:"), link] if link else [],
        [_("Your data and your rights: %(link)s") % {"link": f"{settings.URL}/data"}],
    ]
    return [part for part in asked if part]


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
