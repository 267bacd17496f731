"""When each way in last brought a mail, and whether it has been silent for too long."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import Alert, Desk, everyone_with
from apaise.intake.channels.mail.mailboxes import Mailbox, MailDoor
from apaise.lib import clock
from apaise.lib.trouble import where
from apaise.lib.working_time import Calendar, calendar_named

log = logging.getLogger("apaise.mail")
NOTED_EVERY = 10.0  # seconds: a burst of mail is not a burst of notes
DOWN_AFTER = timedelta(hours=1)  # without a look that went well, somebody must be told
LONGEST = timedelta(days=90)  # of a silence counted by the day
_noted: dict[str, float] = {}


class Silence(NamedTuple):
    """A way in, and how long it has brought nothing, counted on working days."""

    door: MailDoor
    lasts: timedelta

    @property
    def is_too_long(self) -> bool:
        return 0 < settings.SILENCE_HOURS <= self.lasts.total_seconds() / 3600


def heard(code: str) -> None:
    """A mail came in this way."""
    if monotonic() - _noted.get(code, -NOTED_EVERY) < NOTED_EVERY:
        return
    try:
        door, new = MailDoor.objects.get_or_create(code=code, defaults={"last_mail_at": clock.now()})
        if not new:
            MailDoor.objects.filter(pk=door.pk).update(last_mail_at=clock.now())
    except Error as problem:  # the mail itself is kept: it is not refused for this
        log.error("the last mail by %s could not be noted: %s", code, where(problem))
        return
    _noted[code] = monotonic()


def last_mail_at(code: str) -> datetime | None:
    return MailDoor.objects.filter(code=code).values_list("last_mail_at", flat=True).first()


def silences(now: datetime) -> Iterator[Silence]:
    """Each way in that is in use: a mailbox that is fetched from, a door that ever brought a mail."""
    watched = {mailbox.door: mailbox.changed_at for mailbox in Mailbox.objects.watched()}
    doors = {door.code: door for door in MailDoor.objects.order_by("code")}
    doors |= {code: MailDoor(code=code, opened_at=at) for code, at in watched.items() if code not in doors}
    for code, door in sorted(doors.items()):
        if code in watched or (not code.startswith("imap:") and door.last_mail_at):
            yield Silence(door, working_age(door.quiet_since, now, _calendar()))


def name_of(code: str) -> str:
    """A way in as people call it."""
    if code.startswith("imap:"):
        mailbox = Mailbox.objects.filter(pk=int(code[5:])).first()
        return mailbox.name if mailbox else code
    return {"smtp": _("SMTP on this machine"), "lmtp": _("LMTP on this machine")}.get(code, code)


def working_age(since: datetime, now: datetime, calendar: Calendar) -> timedelta:
    """How much of the time from `since` to `now` lies on working days; all their hours count, up to ninety days back."""
    since = max(since, now - LONGEST)
    day, last, total = (
        since.astimezone(calendar.zone).date(),
        now.astimezone(calendar.zone).date(),
        timedelta(),
    )
    while day <= last:
        if day.toordinal() in calendar.business:
            begins, ends = _midnight(day, calendar), _midnight(day + timedelta(days=1), calendar)
            total += max(timedelta(), min(now, ends) - max(since, begins))
        day += timedelta(days=1)
    return total


def _calendar() -> Calendar:
    desk = Desk.objects.main()
    return calendar_named("gb-england" if desk and desk.country == "GB" else "fr-metropole")


def _midnight(day: date, calendar: Calendar) -> datetime:
    return calendar.moment(datetime.combine(day, time(0)))


# --- telling people ----------------------------------------------------------------------------------------


def sweep() -> None:
    """Tell administrators of a way in that is silent, and of a mailbox that cannot be fetched from: once each time."""
    now = clock.now()
    for silence in silences(now):
        _tell_of_silence(silence)
    for mailbox in Mailbox.objects.watched():
        _tell_of_mailbox(mailbox, now)


def _tell_of_silence(silence: Silence) -> None:
    door, too_long = silence.door, silence.is_too_long
    if door.pk is None:  # a mailbox that never brought a mail
        door.save()
    # Of two sweeps at once one changes the row, and tells.
    if not MailDoor.objects.filter(pk=door.pk, told_silent=not too_long).update(told_silent=too_long):
        return
    if not too_long:
        _take_back("mail_silent", door.code)
        return
    log.warning("no mail has come by %s since %s", door.code, door.quiet_since.isoformat())
    _tell("mail_silent", door.code, door.quiet_since)


def _tell_of_mailbox(mailbox: Mailbox, now: datetime) -> None:
    since = mailbox.well_since
    down = now - since > DOWN_AFTER
    if not Mailbox.objects.filter(pk=mailbox.pk, told_down=not down).update(told_down=down):
        return
    if not down:
        _take_back("mailbox_down", mailbox.door)
        return
    log.warning(
        "mailbox %s was not fetched from since %s (%s)",
        mailbox.pk,
        since.isoformat(),
        mailbox.trouble or "no mail process",
    )
    _tell("mailbox_down", mailbox.door, since)


def _tell(kind: str, code: str, since: datetime) -> None:
    alert(everyone_with("administrator"), kind, detail=code, once=f"{kind}:{code}:{since.timestamp():.0f}")


def _take_back(kind: str, code: str) -> None:
    """It is over: who has not looked yet need not."""
    Alert.objects.filter(kind=kind, detail=code, seen_at=None).update(seen_at=clock.now())
