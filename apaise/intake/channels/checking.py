"""Have a scanner look at every file, and say of each whether it may be opened."""

import logging
from collections.abc import Collection, Iterator
from datetime import timedelta
from enum import StrEnum

from django.conf import settings

from apaise.intake.channels import looking
from apaise.intake.channels.checked import FileCheck
from apaise.intake.channels.models import file_store
from apaise.lib import clamd, clock

log = logging.getLogger("apaise.files")
AT_ONCE = 200  # files of one round
AGAIN = timedelta(minutes=2)  # until a scanner that was away is asked about the same file again


class Safety(StrEnum):
    """Whether a file may be opened, as far as the scanner goes."""

    UNASKED = "unasked"  # no scanner is set
    CLEAN = "clean"
    WAITING = "waiting"
    UNCHECKED = "unchecked"
    INFECTED = "infected"


def safety_of(digests: Collection[str]) -> dict[str, Safety]:
    """What holds for each of these files now, in one question."""
    known = FileCheck.objects.filter(sha256__in=digests)
    checks = {check.sha256: check for check in known} if digests else {}
    return {digest: _safety(checks.get(digest)) for digest in digests}


def _safety(check: FileCheck | None) -> Safety:
    if check and check.state == FileCheck.State.INFECTED:
        return Safety.INFECTED  # even when the scanner was taken away since
    if not settings.CLAMD_URL:
        return Safety.UNASKED
    if check and check.state == FileCheck.State.CLEAN:
        return Safety.CLEAN
    return Safety.UNCHECKED if check and check.is_given_up else Safety.WAITING


def check(digest: str) -> FileCheck | None:
    """Have one file looked at now and keep what was said. None: no scanner is set, or its bytes are gone."""
    if not settings.CLAMD_URL or not file_store().has(digest):
        return None
    try:
        with file_store().open(digest) as file:
            verdict = clamd.check(settings.CLAMD_URL, file)
    except clamd.Away as away:
        log.warning("a file could not be checked, the scanner is away: %s", away)
        return _could_not(digest, FileCheck.Why.AWAY)
    if verdict.said == "infected":
        log.warning("an infected file is kept closed: %s", verdict.name)
    if verdict.said in ("too_large", "failed"):
        return _could_not(digest, FileCheck.Why(verdict.said))
    said = {"state": FileCheck.State(verdict.said), "why": "", "found": verdict.name, "last_at": clock.now()}
    return FileCheck.objects.update_or_create(sha256=digest, defaults=said)[0]


def _could_not(digest: str, why: FileCheck.Why) -> FileCheck:
    """Note it, unless somebody else was told more at the same moment."""
    said = {"state": FileCheck.State.UNCHECKED, "why": why, "last_at": clock.now()}
    known, new = FileCheck.objects.get_or_create(sha256=digest, defaults=said)
    if not new:
        FileCheck.objects.filter(pk=known.pk, state=FileCheck.State.UNCHECKED).update(**said)
        known.refresh_from_db()
    return known


def check_waiting() -> int:
    """Look at the files nobody looked at yet, and again at those the scanner was away for. Returns how many were looked at."""
    if not settings.CLAMD_URL:
        return 0
    this = looking.Round()
    new = this.new(AT_ONCE)
    again = _asked_again(AT_ONCE - len(new))
    older = this.older(AT_ONCE - len(new) - len(again))
    done = _check_each(iter(dict.fromkeys([*new, *again, *older])))
    this.over()
    return done


def _asked_again(most: int) -> list[str]:
    """What the scanner was away for, a while ago."""
    waited = FileCheck.objects.filter(why=FileCheck.Why.AWAY, last_at__lt=clock.now() - AGAIN)
    return list(waited.order_by("last_at").values_list("sha256", flat=True)[:most])


def _check_each(waiting: Iterator[str]) -> int:
    done = 0
    for digest in waiting:
        said = check(digest)
        if said and said.why == FileCheck.Why.AWAY:
            for other in waiting:  # asked now, each would wait for an answer as long
                _could_not(other, FileCheck.Why.AWAY)
            break
        done += 1
    return done


def untold() -> list[FileCheck]:
    """Infected files of which whoever administers does not know yet."""
    return list(FileCheck.objects.filter(state=FileCheck.State.INFECTED, told=False)[:AT_ONCE])


def told(found: FileCheck) -> None:
    FileCheck.objects.filter(pk=found.pk).update(told=True)
