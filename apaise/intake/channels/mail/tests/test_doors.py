"""When each way in last brought a mail, and who hears of a silence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apaise.ground.accounts.models import Alert, User
from apaise.intake.channels.mail import doors
from apaise.intake.channels.mail.mailboxes import Mailbox, MailDoor
from apaise.lib import clock
from apaise.lib.working_time import calendar_named

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.fixture
def administrator(staff: Callable[..., User]) -> User:
    return staff("administrator")


@pytest.fixture
def smtp(desk: Any) -> MailDoor:
    """The door SMTP, which brought a mail on Wednesday at noon."""
    return MailDoor.objects.create(code="smtp", opened_at=WEDNESDAY, last_mail_at=WEDNESDAY)


def sweep_at(moment: datetime) -> list[tuple[str, str, bool]]:
    """Sweep then; every alert: (kind, detail, seen)."""
    with clock.at_moment(moment):
        doors.sweep()
    return [(one.kind, one.detail, one.seen_at is not None) for one in Alert.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-11-25 12:00", "2026-11-26 12:00", 24),
        ("2026-11-27 18:00", "2026-11-30 09:00", 15),  # the weekend does not count
        ("2026-11-28 10:00", "2026-11-29 10:00", 0),
        ("2026-11-10 12:00", "2026-11-12 12:00", 24),  # nor does the eleventh of November
        ("2026-03-27 12:00", "2026-03-30 12:00", 24),  # nor the hour that is lost on a Sunday
        ("2026-11-26 12:00", "2026-11-25 12:00", 0),
        ("2020-01-01 00:00", "2026-11-25 00:00", 62 * 24 + 23),  # no more than 90 times 24 hours back
    ],
)
def test_a_silence_is_counted_in_hours_of_working_days(since: str, until: str, hours: int) -> None:
    calendar = calendar_named("fr-metropole")
    begins, ends = (
        datetime.fromisoformat(text).replace(tzinfo=calendar.zone).astimezone(UTC) for text in (since, until)
    )
    assert doors.working_age(begins, ends, calendar) == timedelta(hours=hours)


def test_peers_10_administrators_are_told_once_of_a_silence_and_no_more_when_mail_comes_again(
    smtp: MailDoor, administrator: User, ana: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """osTicket 5645: fetching had been dead for a week, and nobody was told."""
    settings.SILENCE_HOURS = 24
    assert sweep_at(WEDNESDAY + timedelta(hours=23)) == []
    told = [("mail_silent", "smtp", False)]
    assert sweep_at(WEDNESDAY + timedelta(hours=25)) == told
    assert sweep_at(WEDNESDAY + timedelta(hours=40)) == told
    assert Alert.objects.get().user == administrator
    assert [record.message for record in caplog.records if "no mail has come" in record.message] == [
        "no mail has come by smtp since 2026-11-25T11:00:00+00:00"
    ]
    friday = WEDNESDAY + timedelta(days=2)
    with clock.at_moment(friday):
        doors.heard("smtp")
    assert sweep_at(friday + timedelta(hours=1)) == [("mail_silent", "smtp", True)]
    assert sweep_at(friday + timedelta(days=4))[1:] == [("mail_silent", "smtp", False)]  # the next silence


def test_a_silence_over_the_weekend_is_none(smtp: MailDoor, administrator: User, settings: Any) -> None:
    settings.SILENCE_HOURS = 24
    MailDoor.objects.update(last_mail_at=WEDNESDAY + timedelta(days=2, hours=6))
    assert sweep_at(WEDNESDAY + timedelta(days=5)) == []


def test_zero_hours_means_never(smtp: MailDoor, administrator: User, settings: Any) -> None:
    settings.SILENCE_HOURS = 0
    assert sweep_at(WEDNESDAY + timedelta(days=60)) == []


def test_a_door_nobody_uses_is_not_silent_and_a_mailbox_that_never_brought_any_is(
    desk: Any, describe: Callable[..., Mailbox], administrator: User, settings: Any
) -> None:
    settings.SILENCE_HOURS = 24
    MailDoor.objects.create(code="lmtp", opened_at=WEDNESDAY)
    with clock.at_moment(WEDNESDAY):
        mailbox = describe(1)
        off = describe(2, is_active=False)
        doors.sweep()
    assert off.is_active is False
    later = WEDNESDAY + timedelta(hours=30)
    Mailbox.objects.update(checked_at=later)
    assert sweep_at(later) == [("mail_silent", mailbox.door, False)]


def test_a_mailbox_not_fetched_from_for_an_hour_is_told_once_and_taken_back(
    desk: Any, describe: Callable[..., Mailbox], administrator: User
) -> None:
    with clock.at_moment(WEDNESDAY):
        mailbox = describe(1)
    assert sweep_at(WEDNESDAY + timedelta(minutes=59)) == []
    told = [("mailbox_down", mailbox.door, False)]
    assert sweep_at(WEDNESDAY + timedelta(minutes=61)) == told
    assert sweep_at(WEDNESDAY + timedelta(minutes=99)) == told
    with clock.at_moment(WEDNESDAY + timedelta(hours=2)):
        mailbox.is_well()
    assert sweep_at(WEDNESDAY + timedelta(hours=2, minutes=1)) == [("mailbox_down", mailbox.door, True)]


def test_a_way_in_has_a_name(desk: Any, describe: Callable[..., Mailbox]) -> None:
    mailbox = describe(1, name="Réclamations")
    assert [doors.name_of(code) for code in (mailbox.door, "imap:999", "autre")] == [
        "Réclamations",
        "imap:999",
        "autre",
    ]
    assert "SMTP" in doors.name_of("smtp")
