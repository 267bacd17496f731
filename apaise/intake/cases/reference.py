"""Case references: R-2026-00417, numbered by year of receipt."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F

from apaise.intake.cases.models import Counter

PATTERN = re.compile(r"\bR-(?:19|20)\d{2}-\d{5,9}\b", re.IGNORECASE)


def next_reference(received_at: datetime) -> str:
    """The next free reference of the year, local time. Gaps appear only if a transaction is rolled back."""
    year = received_at.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    with transaction.atomic(savepoint=False):
        if not Counter.objects.filter(year=year).update(last=F("last") + 1):
            Counter.objects.get_or_create(year=year)
            Counter.objects.filter(year=year).update(last=F("last") + 1)
        return f"R-{year}-{Counter.objects.get(year=year).last:05d}"


def references_in(text: str) -> list[str]:
    """The references a text quotes, in order, capitals restored."""
    return list(dict.fromkeys(found.upper() for found in PATTERN.findall(text)))
