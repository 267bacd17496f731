"""A line of JSON says one message, on any channel (docs/operate/ingest.md). Reading it is pure; nothing is stored here."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from apaise.ground.packs.vocabulary import CHANNELS
from apaise.intake.cases.reference import PATTERN
from apaise.intake.channels import line_values as values
from apaise.intake.channels.unread import BadLine
from apaise.lib.transcript import Said

MOST_FILES = 50


@dataclass(frozen=True)
class PostSaid:
    """Where a post stands and who may have read it."""

    network: str
    author: str
    reach: int | None
    url: str
    rating: Decimal | None
    is_private: bool


@dataclass(frozen=True)
class Line:
    """What one line says, checked."""

    channel: str
    id: str = ""
    at: datetime | None = None  # when it was said or written
    received_at: datetime | None = None  # when it reached us, if the line tells them apart
    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    to: list[str] = field(default_factory=list)
    language: str = ""
    subject: str = ""
    text: str = ""
    files: list[str] = field(default_factory=list)
    case: str = ""
    thread: str = ""
    turns: list[Said] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)  # who the turns are by, as the line says
    post: PostSaid | None = None
    details: dict[str, Any] = field(default_factory=dict)  # the keys of the channel, as they stand


def read(raw: bytes, *, channel: str = "") -> Line:
    """The message of this line; `channel` is for lines that name none. Raises BadLine, which says what is wrong."""
    data = as_object(raw)
    channel = values.text(data, "channel", 40) or channel
    if not channel:
        raise BadLine("no_channel")
    if channel not in CHANNELS:
        raise BadLine("channel", key="channel")
    sender = values.an_object(data, "from")
    own, dates = _own_keys(data, channel), _dates(data, channel)
    turns, roles = values.turns(data) if channel in ("chat", "phone") else ([], [])
    return Line(
        channel=channel,
        id=values.label(data, "id"),
        **dates,
        name=values.text(sender, "name", 200, within="from"),
        email=values.email(sender, "email", within="from"),
        phone=values.text(sender, "phone", 40, within="from"),
        address=values.lines(sender, "address", 320, within="from"),
        to=values.one_or_more(data, "to"),
        language=values.language(data),
        subject=values.text(data, "subject", 400),
        text=values.text(data, "text", None).strip(),
        files=files_of(data),
        case=_reference(data),
        thread=values.label(data, "thread"),
        turns=turns,
        roles=roles,
        post=_post(data, channel) if channel in ("social_media", "review_site") else None,
        details=own,
    )


def as_object(raw: bytes) -> dict[str, Any]:
    """The JSON object of this line, free of what no database takes."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadLine("not_utf8") from None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as problem:
        raise BadLine("not_json", place=problem.pos + 1) from None
    except RecursionError:
        raise BadLine("too_deep") from None
    except ValueError:  # a number of thousands of digits
        raise BadLine("not_json", place=1) from None
    if not isinstance(data, dict):
        raise BadLine("not_object")
    try:
        cleaned: dict[str, Any] = values.cleaned(data)
    except RecursionError:
        raise BadLine("too_deep") from None
    return cleaned


def files_of(data: dict[str, Any]) -> list[str]:
    """The names of the files that belong to this line."""
    return values.texts(data, "files", 1000)[:MOST_FILES]


def _dates(data: dict[str, Any], channel: str) -> dict[str, datetime | None]:
    at = values.moment(data, "at")
    if channel != "letter":
        return {"at": at}
    posted, received = values.day(data, "posted_on"), values.day(data, "received_on")
    if posted and received and received < posted:
        raise BadLine("order", key="received_on")
    return {"at": posted or at, "received_at": received or at}


def _own_keys(data: dict[str, Any], channel: str) -> dict[str, Any]:
    """What this channel knows besides; each as a plain value that JSON can hold."""
    read: dict[str, list[tuple[str, Callable[[dict[str, Any], str], Any]]]] = {
        "phone": [("minutes", values.minutes), ("agent", values.short), ("tried", values.short_texts)],
        "letter": [
            ("posted_on", values.day_as_text),
            ("received_on", values.day_as_text),
            ("registered", values.short),
        ],
        "in_person": [("place", values.short)],
        "app": [("version", values.short)],
        "partner": [("partner", values.short), ("their_reference", values.short)],
    }
    found = {key: reader(data, key) for key, reader in read.get(channel, [])}
    return {key: value for key, value in found.items() if value not in ("", [], None)}


def _post(data: dict[str, Any], channel: str) -> PostSaid:
    place = "network" if channel == "social_media" else "site"
    network = (
        values.text(data, place, 60) or values.text(data, "network", 60) or values.text(data, "site", 60)
    )
    author = values.text(data, "author", 200)
    for key, value in ((place, network), ("author", author)):
        if not value:
            raise BadLine("missing", key=key)
    return PostSaid(
        network=network,
        author=author,
        reach=values.count(data, "reach"),
        url=values.url(data, "url"),
        rating=values.rating(data),
        is_private=values.yes_no(data, "private"),
    )


def _reference(data: dict[str, Any]) -> str:
    said = values.text(data, "case", 40).strip().upper()
    if said and not re.fullmatch(PATTERN, said):
        raise BadLine("reference", key="case")
    return said
