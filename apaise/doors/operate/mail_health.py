"""How mail comes in, for the doctor: each way in with its last mail, each mailbox with what is in the way."""

from datetime import timedelta

from django.db.models import Max
from django.utils.translation import override

from apaise.doors.operate.saying import SLOW, Said, how_long
from apaise.intake.channels.mail import doors
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.trouble import said
from apaise.intake.channels.models import Arrival
from apaise.lib import clock

UNWATCHED = timedelta(minutes=15)  # longer than the longest wait for mail, with its look


def incoming_mail() -> Said:
    now = clock.now()
    last = Arrival.objects.filter(channel="email").aggregate(at=Max("received_at"))["at"]
    yield "ok", f"The last mail came {how_long(now - last)} ago." if last else "No mail has come yet."
    for silence in doors.silences(now):
        since = how_long(now - silence.door.quiet_since)
        with override("en"):
            name = doors.name_of(silence.door.code)
        if silence.is_too_long:
            yield "warning", f"No mail has come by {name} for {since}. Send one there yourself; does it come?"
        elif silence.door.last_mail_at:
            yield "ok", f"By {name} the last mail came {since} ago."
    late = Arrival.objects.in_quarantine().filter(attend_by__lt=now).count()
    if late:
        yield (
            "warning",
            f"{late} messages wait in quarantine for more than an hour. Look at /desk/quarantine.",
        )
    unread = Arrival.objects.filter(state=Arrival.State.NEW, received_at__lt=now - SLOW).count()
    if unread:
        yield "bad", f"{unread} messages were taken and not read yet. Is a worker running?"


def mailboxes() -> Said:
    now = clock.now()
    for mailbox in Mailbox.objects.watched().order_by("pk"):
        since = mailbox.well_since
        if mailbox.trouble:
            lasts = how_long(now - (mailbox.trouble_since or since))
            with override("en"):
                words = said(mailbox.trouble, mailbox.trouble_detail)
            yield "bad", f"{mailbox.name}: for {lasts} now. {words}"
        elif now - since > UNWATCHED:
            yield (
                "bad",
                f"{mailbox.name}: nobody has looked into it for {how_long(now - since)}. Is `apaise run` or `apaise mail` running?",
            )
        else:
            yield "ok", f"{mailbox.name} was looked into {how_long(now - since)} ago."
