"""How large and of which kind files may be, by the way they come: one table.

A page refuses what is over a limit, says what to do and keeps what was typed. Of a mail the rest is taken, the original
stays as it came, and the case says which file was left out and why."""

from collections.abc import Collection
from typing import NamedTuple

from django.conf import settings

from apaise.intake.cases.message import LeftOut
from apaise.lib.file_danger import danger_of


class Limit(NamedTuple):
    """Of one message; bytes are counted as file managers do."""

    file: int
    together: int
    files: int
    unwelcome: Collection[str] = ()  # kinds of harm (lib/file_danger) that are not taken


_PAGE = settings.LARGEST_FILE * 1_000_000
LIMITS = {
    "mail": Limit(settings.LARGEST_MAIL_FILE * 1_000_000, 100_000_000, 50),
    "web_form": Limit(_PAGE, 5 * _PAGE, 10, ("program", "script")),
    "tracking_page": Limit(_PAGE, 10 * _PAGE, 10, ("program", "script")),
    "staff": Limit(_PAGE, 10 * _PAGE, 10),  # papers somebody brought, mandates, proofs
    "reply": Limit(_PAGE, 10 * _PAGE, 10, ("program", "script", "page", "macros")),  # goes out to a customer
    "line": Limit(50 * 1024 * 1024, 500 * 1024 * 1024, 50),  # with lines of JSON
    "api": Limit(_PAGE, 10 * _PAGE, 10, ("program", "script")),
}
PAGES = ("web_form", "tracking_page", "staff", "reply")


def largest_page_file() -> int:
    return max(LIMITS[way].file for way in PAGES)


def left_out(way: str, size: int, kind: str, name: str, *, taken: int, bytes_taken: int) -> str:
    """Why this file is not taken after those; "" if it is."""
    limit = LIMITS[way]
    if danger_of(kind, name) in limit.unwelcome:
        return LeftOut.UNWELCOME
    if size > limit.file or bytes_taken + size > limit.together:
        return LeftOut.TOO_LARGE
    return LeftOut.TOO_MANY if taken >= limit.files else ""
