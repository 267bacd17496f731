"""Letters of ours are printed and posted when the post goes, some of them registered."""

import zlib
from datetime import datetime, time, timedelta

from apaise.doors.demo.scene import calendar, colleague, is_open
from apaise.intake.cases.message import Message
from apaise.intake.channels.details import Letter
from apaise.intake.channels.post.out import mark_posted

POST_GOES = time(16, 40)


def goes_at(number: int, written: datetime) -> datetime:
    """When the letter leaves the house: an acknowledgement the same day, any other the next working day."""
    zone = calendar().zone
    local = written.astimezone(zone)
    acknowledges = Message.objects.filter(pk=number, kind=Message.Kind.ACKNOWLEDGEMENT).exists()
    day = local.date() + timedelta(days=0 if acknowledges and local.time() < POST_GOES else 1)
    while not is_open(day):
        day += timedelta(days=1)
    return datetime.combine(day, POST_GOES, zone)


def waiting() -> set[int]:
    return set(Message.objects.filter(state=Message.State.TO_POST).values_list("pk", flat=True))


def post(number: int, at: datetime) -> None:
    """A colleague takes it to the post; whoever wrote to us registered is answered registered."""
    waiting = Message.objects.filter(pk=number, state=Message.State.TO_POST)
    message = waiting.select_related("case__desk", "case__complainant", "author_user").first()
    if message is None:
        return  # taken back before the post went: its case was merged into another
    theirs = Letter.objects.filter(message__case=message.case).exclude(registered_number="").exists()
    registered = _number_of(message) if theirs and message.kind == Message.Kind.FINAL_REPLY else ""
    who = message.case.handler or colleague("ines.carlier")
    mark_posted(message, at.date(), by=who, registered_number=registered)


def _number_of(message: Message) -> str:
    drawn = zlib.crc32(message.case.reference.encode())
    return f"1A 2{drawn % 100:02} {drawn // 100 % 1000:03} {drawn // 10**5 % 10**4:04} {drawn % 10}"
