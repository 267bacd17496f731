"""A third of the demo's stories, played through the verbs into a database: nothing refused, believable, the same each time.

All of them are played by `make demo-check`, on each weekday."""

import hashlib
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from apaise.doors.demo import play
from apaise.doors.demo.tests.chosen import some_stories
from apaise.ground.accounts.models import Function, User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.ground.packs.vocabulary import CHANNELS
from apaise.ground.parties import duplicates
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Duplicate, Organisation, Person, Representative
from apaise.intake.cases import deadlines
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, Exclusion
from apaise.intake.cases.promise import Promise
from apaise.intake.channels.details import Call, Letter, Posting, Visit
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.particulars import Details, Post, Turn
from apaise.journey.models import Job
from apaise.lib import clock

# Each of them is marked as needing the database: the runner sorts by that, and would play the demo once for each kind.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)  # also tried, by hand, on every weekday


@pytest.fixture(scope="module")
def played(django_db_setup, django_db_blocker):
    """The demo as it stands once it is played; one play serves every test below, which only read."""
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        with clock.at_moment(NOON):
            play.prepare()
            refused = play.play(some_stories())
            duplicates.sweep()  # the first of the worker's rounds
            yield refused
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def story(played, django_db_blocker):
    with django_db_blocker.unblock(), clock.at_moment(NOON):
        yield played


def missed():
    return Counter(entry.facts["rule"] for entry in Entry.objects.filter(what="deadline.missed"))


def test_no_step_of_a_story_is_refused(story, caplog):
    assert story == 0


def test_cases_in_every_state_the_product_knows_by_every_channel(story):
    assert Case.objects.count() == len(some_stories())
    states = Counter(Case.objects.values_list("state", flat=True))
    assert states.keys() == {
        "received", "qualifying", "investigating", "awaiting_customer", "answered", "closed", "withdrawn", "merged",
    }  # fmt: skip
    assert states["merged"] == 4
    assert Case.objects.filter(reopened_count=1).exists()
    assert Counter(Case.objects.values_list("language", flat=True)).keys() == {"fr", "en"}
    assert set(Case.objects.values_list("channel", flat=True)) == set(CHANNELS)


def test_each_channel_left_what_only_it_knows(story):
    for kind in (Call, Letter, Visit, Post, Turn, Details):
        assert kind.objects.exists(), kind
    assert Posting.objects.filter(registered_number__startswith="1A ").exists()
    assert Case.objects.filter(channel="review_site", public_exposure=False).count() == 0
    assert Call.objects.exclude(tried=[]).exists()


def test_the_technician_is_kept_apart_and_sees_nothing(story):
    jordan = User.objects.get(name="Jordan Maillet")
    apart = Exclusion.objects.filter(user=jordan)
    assert {one.because for one in apart} == {"onsite_technician"}
    found = Counter(apart.values_list("found", flat=True))
    assert found == {"contract": 3}  # before the lead had said so of two
    assert Entry.objects.filter(what="conflict.declared").count() == 3
    assert not Case.objects.visible_to(jordan).exists()
    chains = [one.case.reference for one in apart.select_related("case")]
    acts = Entry.objects.filter(chain__in=chains, by=jordan.actor_code).values_list("what", flat=True)
    assert set(acts) == {"context_note.added"}
    assert "sent" in set(jordan.context_notes.values_list("state", flat=True))


def test_promises_were_kept_and_some_were_not(story):
    found = Counter(Promise.objects.values_list("state", flat=True))
    assert found["kept"] >= 3 and found["broken"] >= 1


def test_the_customers_have_contracts_a_mandate_and_a_possible_double(story):
    vip = Organisation.objects.get(name="Groupe Hôtelier Arvelle")
    assert vip.vip and vip.contracts.count() == 3
    assert set(vip.cases.values_list("contract__number", flat=True)) == {
        "TRA-4410-01",
        "TRA-4410-02",
        "TRA-4410-03",
    }
    today = clock.now().date()
    soon = Contract.objects.filter(renews_on__range=(today, today + timedelta(days=60)))
    assert soon.count() >= 3
    assert Representative.objects.get().holds_on(today)
    assert Duplicate.objects.open().exists()


def test_the_record_holds_and_gives_the_same_clocks(story):
    assert list(verify()) == []
    fields = ("rule", "state", "due_at", "start_at", "stopped_at", "missed_at")
    for case in Case.objects.all()[::7]:
        before = list(case.deadlines.order_by("rule").values_list(*fields))
        deadlines.rebuild(case)
        assert list(case.deadlines.order_by("rule").values_list(*fields)) == before


def test_every_complaint_with_an_address_was_acknowledged_in_time(story):
    acks = Message.objects.filter(kind="acknowledgement").select_related("case")
    reachable = Person.objects.filter(addresses__kind__in=["email", "postal"])
    assert (
        acks.filter(case__complainant__in=reachable).count()
        >= Case.objects.filter(complainant__in=reachable).exclude(state="merged").distinct().count()
    )
    by_mail = acks.filter(channel="email")
    assert by_mail.exists()
    assert all(ack.sent_at - ack.case.received_at < timedelta(minutes=1) for ack in by_mail)


def test_few_deadlines_were_missed(story):
    found = missed()
    assert found["reply_hard_cap"] == 0
    assert found["ack"] <= 6  # a post without an address cannot be acknowledged
    assert Case.objects.late(clock.now()).count() <= 6


def test_nothing_waits_fails_or_lies_in_quarantine(story):
    assert not Message.objects.filter(state__in=["queued", "sending", "uncertain", "failed"]).exists()
    assert not Job.objects.exclude(state="done").exists()
    assert 1 <= Message.objects.filter(state="to_post").count() <= 5
    assert not Arrival.objects.exclude(state__in=["filed", "machine"]).exists()


def test_nothing_happens_in_the_future_or_out_of_order(story):
    now = clock.now()
    assert not Entry.objects.filter(at__gt=now).exists()
    assert not Message.objects.filter(at__gt=now).exists()
    for case in Case.objects.all():
        moments = list(Entry.objects.of(case.reference).values_list("at", flat=True))
        assert moments == sorted(moments), case.reference
        assert moments[0] >= case.received_at  # later when it took in a case received before it


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


@pytest.mark.django_db(transaction=True)  # PostgreSQL empties no table in the midst of a transaction
def test_played_a_second_time_under_one_clock_it_is_the_same():
    few, drawn = [one for one in some_stories() if not needs_another(one)][::6], []
    assert len(few) > 8
    for _ in range(2):
        call_command("flush", interactive=False, verbosity=0)
        with clock.at_moment(NOON):
            play.prepare()
            assert play.play(few) == 0
            drawn.append(_drawn())
    assert drawn[0] == drawn[1]


def needs_another(one):
    return any(step["do"] in ("merge", "link") for step in one["steps"])


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
