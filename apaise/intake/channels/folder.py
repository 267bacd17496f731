"""The intake folder: an .eml dropped into it becomes a case, as if it had come by mail."""

import logging
import os
from pathlib import Path

from django.conf import settings

from apaise.intake.channels import receive
from apaise.lib import clock
from apaise.lib.trouble import where

log = logging.getLogger("apaise.intake")
SETTLED_SECONDS = 2  # a file younger than this may still be being written
AT_A_TIME = 50


def intake_folder() -> Path:
    """Where to drop mails; what was taken moves to `taken` inside it."""
    return Path(settings.DATA) / "intake"


def sweep() -> int:
    """File what was dropped, in the order of the names. Returns how many were taken."""
    folder = intake_folder()
    if not folder.is_dir():
        return 0
    taken = 0
    for file in sorted(folder.glob("*.eml"))[:AT_A_TIME]:
        try:
            if clock.now().timestamp() - file.stat().st_mtime >= SETTLED_SECONDS:
                _take(file)
                taken += 1
        except OSError as problem:  # still there next time; the log says why
            log.error("a file of the intake folder could not be taken: %s", where(problem))
    return taken


def _take(file: Path) -> None:
    raw = file.read_bytes()
    if not receive.seen_before(receive.digest_of(raw)):
        receive.receive(receive.keep(raw))
    (file.parent / "taken").mkdir(exist_ok=True)
    os.replace(file, file.parent / "taken" / file.name)
