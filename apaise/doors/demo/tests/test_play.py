"""The demo's sixty cases, played through the verbs into a database: nothing refused, believable, the same each time."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from apaise.doors.demo import play
from apaise.ground.accounts.models import Function, User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.parties.models import Person
from apaise.intake.cases import deadlines
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import Arrival
from apaise.journey.models import Job
from apaise.lib import clock

pytestmark = [pytest.mark.xdist_group("demo")]
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # also tried, by hand, on every weekday


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """The demo as it stands once it is played; one play serves every test below, which only read."""
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        with clock.at_moment(NOON):
            play.prepare()
            refused = play.play()
            yield refused, _drawn()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def story(played, django_db_blocker):
    with django_db_blocker.unblock(), clock.at_moment(NOON):
        yield played[0]


def missed():
    return Counter(entry.facts["rule"] for entry in Entry.objects.filter(what="deadline.missed"))


def test_no_step_of_a_story_is_refused(story, caplog):
    assert story == 0


def test_sixty_cases_in_every_state_the_pages_show(story):
    assert Case.objects.count() == 60
    states = Counter(Case.objects.values_list("state", flat=True))
    assert states.keys() == {
        "received",
        "qualifying",
        "investigating",
        "awaiting_customer",
        "answered",
        "closed",
        "withdrawn",
    }
    assert all(
        states[state] >= 4
        for state in ("received", "qualifying", "investigating", "awaiting_customer", "answered", "closed")
    )
    assert states["withdrawn"] == 2
    assert Case.objects.filter(reopened_count=1).count() == 1
    assert Counter(Case.objects.values_list("language", flat=True))["en"] >= 8
    assert set(Case.objects.values_list("channel", flat=True)) == {"email", "web_form"}


def test_the_record_holds_and_gives_the_same_clocks(story):
    assert list(verify()) == []
    fields = ("rule", "state", "due_at", "start_at", "stopped_at", "missed_at")
    for case in Case.objects.all()[::7]:
        before = list(case.deadlines.order_by("rule").values_list(*fields))
        deadlines.rebuild(case)
        assert list(case.deadlines.order_by("rule").values_list(*fields)) == before


def test_every_complaint_was_acknowledged_within_the_minute(story):
    acks = Message.objects.filter(kind="acknowledgement").select_related("case")
    assert acks.count() == 60
    assert all(
        ack.state == "sent" and ack.sent_at - ack.case.received_at < timedelta(minutes=1) for ack in acks
    )


def test_few_promises_were_missed_and_some_were(story):
    found = missed()
    assert found["ack"] == 0
    assert 2 <= found["reply_target"] <= 9
    assert found["reply_hard_cap"] == 0
    assert found["first_contact"] <= 4
    late_now = Case.objects.late(clock.now()).count()
    assert 2 <= late_now <= 9


def test_nothing_waits_fails_or_lies_in_quarantine(story):
    assert not Message.objects.filter(state__in=["queued", "sending", "uncertain", "failed"]).exists()
    assert not Job.objects.filter(state__in=["running", "dead"]).exists()
    assert not Arrival.objects.exclude(state__in=["filed", "machine"]).exists()


def test_nothing_happens_in_the_future_or_out_of_order(story):
    now = clock.now()
    assert not Entry.objects.filter(at__gt=now).exists()
    assert not Message.objects.filter(at__gt=now).exists()
    for case in Case.objects.all():
        moments = list(Entry.objects.of(case.reference).values_list("at", flat=True))
        assert moments == sorted(moments), case.reference
        assert moments[0] == case.received_at


def test_everybody_of_the_company_is_there(story):
    roles = {role for user in User.objects.all() for role in user.roles}
    assert {
        "handler",
        "team_lead",
        "complaints_manager",
        "executive",
        "quality",
        "administrator",
        "contributor",
    } <= roles
    assert User.objects.get(name="Karim Ouali").title_fr == "Conseiller réclamations, facturation"
    needed = {rule.owner for case in Case.objects.all() for rule in case.pack_version.pack.deadlines.values()}
    owners = {clock_.owner for case in Case.objects.all() for clock_ in case.deadlines.all()}
    assert Function.objects.nobody_holds(owners & needed) == []
    assert all(person.phone == "" or person.phone.lstrip("+").isdigit() for person in Person.objects.all())


def test_played_again_it_is_already_there(story):
    before = Entry.objects.count()
    assert play.is_complete() and play.is_demo_or_empty()
    assert play.play() == 0
    play.prepare()
    assert Entry.objects.count() == before


def test_played_a_second_time_under_one_clock_it_is_the_same(played, story):
    call_command("flush", interactive=False, verbosity=0)
    play.prepare()
    assert play.play() == 0
    assert _drawn() == played[1]


def _drawn():
    """The demo in a few words: what happened to every case, and what everybody wrote."""
    happened = list(Entry.objects.order_by("chain", "seq").values_list("chain", "seq", "what", "at"))
    words = list(
        Message.objects.order_by("case__reference", "at", "pk").values_list(
            "case__reference", "kind", "at", "text"
        )
    )
    states = list(
        Case.objects.order_by("reference").values_list("reference", "state", "next_due_at", "title")
    )
    without_links = [(*about, text.partition("/t/")[0]) for *about, text in words]  # a link is drawn by lot
    return len(words), hashlib.sha256(str((happened, states, without_links)).encode()).hexdigest()
