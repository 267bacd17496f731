"""What a script might try and the database refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apaise.intake.cases.models import Case, Deadline, Note
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "attempt",
    [
        lambda case, ana: Case.objects.filter(pk=case.pk).update(state="closed"),
        lambda case, ana: Case.objects.filter(pk=case.pk).update(channel="pigeon"),
        lambda case, ana: Case.objects.filter(pk=case.pk).update(
            sent_at=case.received_at + timedelta(seconds=1)
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="acknowledgement", channel="email", state="sent"
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="final_reply", channel="email", state="sent"
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="reply", channel="email", state="queued"
        ),
        lambda case, ana: case.messages.create(
            direction="in", kind="reply", channel="email", state="received"
        ),
        lambda case, ana: case.messages.create(direction="in", kind="message", channel="email", state="sent"),
        lambda case, ana: case.messages.create(
            direction="in", kind="message", channel="email", state="received", author_user=ana
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="message", channel="email", state="sent", author_user=ana
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="reply", channel="email", state="received", author_user=ana
        ),
        lambda case, ana: case.messages.create(
            direction="out", kind="reply", channel="pigeon", state="sent", author_user=ana
        ),
        lambda case, ana: case.messages.filter(kind="restatement").update(author_user=None),
        lambda case, ana: case.notes.create(author=ana, text=""),
        lambda case, ana: case.grievances.create(number=1, text="Encore"),
        lambda case, ana: [case.exclusions.create(user=ana, because="x") for _ in range(2)],
        lambda case, ana: Deadline.objects.create(
            case=case,
            rule="ack",
            owner="desk",
            level="C3",
            start_at=case.received_at,
            due_at=case.received_at,
        ),
    ],
)
def test_what_a_script_might_try_the_database_refuses(qualified, ana, work, attempt):
    case = qualified()
    work()
    with nothing_changed(), pytest.raises(IntegrityError), transaction.atomic():
        attempt(case, ana)


def test_two_mails_of_ours_never_share_a_number(qualified):
    one, *_ = qualified().messages.filter(direction="out")
    with pytest.raises(IntegrityError), transaction.atomic():
        one.case.messages.create(
            direction="out", kind="acknowledgement", channel="email", state="sent", message_id=one.message_id
        )


def test_a_note_has_nobody_to_be_sent_to():
    names = {field.name for field in Note._meta.concrete_fields}
    assert names == {"id", "case", "author", "text", "at"}
