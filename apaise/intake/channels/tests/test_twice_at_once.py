"""Two people, or one who clicks twice, at the very same moment: one case, one posting."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.acknowledgement import acknowledge
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels.calls import note_call
from apaise.intake.channels.details import Call, Posting
from apaise.intake.channels.letters_in import Envelope, file_letter
from apaise.intake.channels.post.out import mark_posted
from apaise.lib import clock
from tests.at_once import at_once

from .by_hand import PAUL, told

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_double_click_at_one_moment_is_one_call(desk, ana):
    form = told()
    found = at_once([lambda: note_call(form, recap="email", by=ana).pk] * 4)
    assert set(found) == {Case.objects.get().pk}
    assert Call.objects.count() == 1
    assert Entry.objects.filter(what="message.queued").count() == 1


def test_two_people_note_one_letter_as_posted_and_one_is_told(desk, ana, bo):
    case = file_letter(told(who=PAUL), Envelope(clock.today(ZoneInfo("Europe/Paris"))), by=ana)
    letter = acknowledge(case)
    today: date = clock.today(case.calendar.zone)

    def note(by):
        mine = Message.objects.select_related("case__desk", "case__complainant").get(pk=letter.pk)
        return mark_posted(mine, today, by=by).pk

    found = at_once([lambda: note(ana), lambda: note(bo)])
    assert {type(one) for one in found} == {int, Refused}
    assert Posting.objects.count() == 1
    assert Entry.objects.filter(what="ack.sent").count() == 1
