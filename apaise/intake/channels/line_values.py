"""One value of a line of JSON, checked: each reader takes it or says what it must be. Absent and null are the same."""

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from apaise.intake.channels.unread import BadLine
from apaise.lib import clock
from apaise.lib.transcript import MOST_TURNS, Said

Data = dict[str, Any]
LONGEST_TEXT = 1_000_000
OUR_CLOCKS_DIFFER_BY = timedelta(minutes=10)
EARLIEST = 1990
_UNFIT = re.compile("[\0\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@<>\"(),:;]{1,64}@[^\s@<>\"(),:;]{1,255}")
_MOST_DIGITS = 15


def cleaned(value: Any) -> Any:
    """Without NUL and halves of letters, which JSON can say and no database takes."""
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value)
    if isinstance(value, list):
        return [cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_UNFIT.sub("\ufffd", key): cleaned(one) for key, one in value.items()}
    return value


def text(data: Data, key: str, most: int | None, *, within: str = "") -> str:
    value = data.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadLine("text", key=f"{within}.{key}" if within else key)
    return value[: most or LONGEST_TEXT] if most is None else " ".join(value.split())[:most]


def lines(data: Data, key: str, most: int, *, within: str = "") -> str:
    """A text whose lines stay apart, as in a postal address."""
    said = text(data, key, None, within=within).strip()
    return "\n".join(" ".join(line.split()) for line in said.splitlines() if line.strip())[:most]


def short(data: Data, key: str) -> str:
    return text(data, key, 200)


def label(data: Data, key: str) -> str:
    """A number given by another system: a text, or a number as such systems write it."""
    value = data.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_MOST_DIGITS:
        return str(value)
    return text(data, key, 200)


def an_object(data: Data, key: str) -> Data:
    value = data.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadLine("object", key=key)
    return value


def texts(data: Data, key: str, most: int) -> list[str]:
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadLine("texts", key=key)
    return [one[:most] for one in value]


def short_texts(data: Data, key: str) -> list[str]:
    return [one for one in (" ".join(one.split()) for one in texts(data, key, 200)) if one][:20]


def one_or_more(data: Data, key: str) -> list[str]:
    value = data.get(key)
    return [value[:320]] if isinstance(value, str) else texts(data, key, 320)


def email(data: Data, key: str, *, within: str) -> str:
    value = text(data, key, 320, within=within)
    if value and not _EMAIL.fullmatch(value):
        raise BadLine("email", key=f"{within}.{key}")
    return value


def language(data: Data) -> str:
    value = text(data, "language", 20).lower()
    if value and not re.fullmatch(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*", value):
        raise BadLine("language", key="language")
    return value[:2]


def url(data: Data, key: str) -> str:
    """An address of the web, to be shown as a link; never fetched."""
    value = text(data, key, None).strip()
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        fits = False
    if not fits or len(value) > 2000 or not value.isprintable() or " " in value:
        raise BadLine("url", key=key)
    return value


def count(data: Data, key: str) -> int | None:
    value = _number(data, key, "number")
    if value is None:
        return None
    if value < 0 or value != int(value) or value >= 10**_MOST_DIGITS:
        raise BadLine("number", key=key)
    return int(value)


def minutes(data: Data, key: str) -> int | float | None:
    value = _number(data, key, "minutes")
    if value is not None and not 0 <= value <= 1440:
        raise BadLine("minutes", key=key)
    return value


def rating(data: Data) -> Decimal | None:
    value = _number(data, "rating", "rating")
    if value is None:
        return None
    if not 0 <= value <= 100:
        raise BadLine("rating", key="rating")
    return Decimal(str(value)).quantize(Decimal("0.01"))


def yes_no(data: Data, key: str) -> bool:
    value = data.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadLine("yes_no", key=key)
    return bool(value)


def moment(data: Data, key: str) -> datetime | None:
    """A moment of the past; without offset it is read where the desk is."""
    said = text(data, key, 40)
    if not said:
        return None
    return read_moment(said, key)


def read_moment(said: str, key: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return _noon(found.date(), key)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadLine("moment", key=key) from None
    if found.year < EARLIEST or found > clock.now() + OUR_CLOCKS_DIFFER_BY:
        raise BadLine("moment", key=key)
    return min(found, clock.now())


def day(data: Data, key: str) -> datetime | None:
    """Noon of a day of the past, or this moment on the present day."""
    said = text(data, key, 40)
    if not said:
        return None
    try:
        return _noon(date.fromisoformat(said), key)
    except ValueError:
        raise BadLine("day", key=key) from None


def day_as_text(data: Data, key: str) -> str:
    return text(data, key, 40)


def turns(data: Data) -> tuple[list[Said], list[str]]:
    """The turns of a conversation, and who each is by: {who, at, text}."""
    value = data.get("turns")
    if value is None:
        return [], []
    if not isinstance(value, list) or len(value) > MOST_TURNS:
        raise BadLine("turns", key="turns")
    begun: datetime | None = None
    found, roles = [], []
    for number, one in enumerate(value, start=1):
        if not isinstance(one, dict):
            raise BadLine("turns", key=f"turns.{number}")
        at = moment(one, "at")
        begun = begun or at
        start = max(0, round((at - begun).total_seconds() * 1000)) if at and begun else None
        said = text(one, "text", None, within=f"turns.{number}").strip()
        who = text(one, "who", 80, within=f"turns.{number}")
        if said:
            found.append(Said(who, said, start))
            roles.append(text(one, "role", 20, within=f"turns.{number}"))
    return found, roles


def _noon(found: date, key: str) -> datetime:
    zone = ZoneInfo(settings.TIME_ZONE)
    if found.year < EARLIEST or found > clock.today(zone):
        raise BadLine("day", key=key)
    return min(datetime.combine(found, time(12), zone).astimezone(UTC), clock.now())


def _number(data: Data, key: str, code: str) -> int | float | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadLine(code, key=key)
    return value
