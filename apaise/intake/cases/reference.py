"""Case references: R-2026-00417, numbered by year of receipt."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from apaise.intake.cases.models import Counter

PATTERN = re.compile(r"\bR-(?:19|20)\d{2}-\d{5,9}\b", re.IGNORECASE)


def next_reference(received_at: datetime) -> str:
    """The next free reference of the year, local time. Gaps appear only if a transaction is rolled back."""
    year = received_at.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    with transaction.atomic(savepoint=False):
        last = _count_on(year)
        if last is None:
            Counter.objects.get_or_create(year=year)
            last = _count_on(year)
        return f"R-{year}-{last:05d}"


def _count_on(year: int) -> int | None:
    # One statement that counts and answers: both databases have it, Django has no word for it.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_counter SET last = last + 1 WHERE year = %s RETURNING last", [year])
        counted = cursor.fetchone()
    return counted[0] if counted else None


def references_in(text: str) -> list[str]:
    """The references a text quotes, in order, capitals restored."""
    return list(dict.fromkeys(found.upper() for found in PATTERN.findall(text)))
