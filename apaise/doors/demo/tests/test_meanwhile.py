"""What stands beside the stories while they are played: a visitor who complains, and a story told before its time."""

from datetime import UTC, datetime

import pytest

from apaise.doors.demo import play
from apaise.ground.accounts.models import Desk
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.journey.models import Job
from apaise.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)  # the call, on a Sunday, is moved to the day before
FRIDAY = datetime(
    2026, 12, 4, 10, 0, tzinfo=UTC
)  # the answer was written on a Friday, and the post goes on Monday


def told(*names):
    return [story for story in play.stories() if story["id"] in names]


def test_a_visitors_complaint_is_acknowledged_today_and_by_a_mail_that_really_goes():
    with clock.at_moment(NOON):
        play.prepare()
        visitor = Person.objects.identify("claire@exemple.test", "Claire", language="fr")
        mine = open_case(visitor, desk=Desk.objects.get(), channel="email", language="fr", by=visitor)
        add_customer_message(mine, visitor, channel="email", text="Personne n'est venu.", first=True)
        assert play.play(told("appli-deux-comptes")) == 0
    acknowledgement = Message.objects.get(case=mine, kind="acknowledgement")
    assert (acknowledgement.at, acknowledgement.state, acknowledgement.sent_at) == (NOON, "queued", None)
    assert Job.objects.filter(queue="mail", state="ready").count() == 1
    assert Message.objects.exclude(case=mine).filter(kind="acknowledgement", state="sent").count() == 1


def test_nothing_is_merged_into_what_has_not_come_in_yet():
    with clock.at_moment(SATURDAY):
        play.prepare()
        assert play.play(told("appli-deux-comptes", "appel-deux-comptes")) == 0
    assert Case.objects.filter(state="merged").count() == 1


def test_a_case_is_not_closed_before_the_letter_that_answers_it_has_left():
    with clock.at_moment(FRIDAY):
        play.prepare()
        assert play.play(told("sa-premiere-alerte")) == 0
    case = Case.objects.get(state="closed")
    reply = case.messages.get(kind="final_reply")
    assert reply.channel == "letter"
    assert Entry.objects.of(case.reference).get(what="case.closed").at > reply.sent_at
