"""The clocks of a case: from receipt, by its frozen pack, told near and missed once, rebuilt from the ledger alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import clockwork, conversation, deadlines, ending, postponement
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import add_customer_message, lapse_unanswered
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.qualification import qualify, set_criticality
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
QUALIFIED = {
    "grievances": ["Personne n'est venu le 12."],
    "cause": "service.missed_visit",
    "restatement": "Si je comprends bien, personne n'est venu le 12 ?",
}
COMPUTED = (
    "rule",
    "state",
    "level",
    "start_at",
    "due_at",
    "pauses",
    "extended_to",
    "extensions",
    "near_told",
    "missed_at",
    "stopped_at",
    "stopped_by",
    "owner",
    "customer_right",
)


def evening(year, month, day):
    """The last second of a winter day in Paris."""
    return datetime(year, month, day, 22, 59, 59, tzinfo=UTC)


def of(case, rule):
    return case.deadlines.get(rule=rule)


def words_of(case, start="deadline."):
    entries = Entry.objects.of(case.reference).filter(what__startswith=start)
    return [(entry.what, entry.facts.get("rule")) for entry in entries]


def rebuilt_the_same(case):
    before = list(case.deadlines.order_by("rule").values(*COMPUTED)), Case.objects.values().get(pk=case.pk)
    with clock.at_moment(clock.now() + timedelta(days=400)):  # whenever it is done
        deadlines.rebuild(Case.objects.get(pk=case.pk))
    return (
        list(case.deadlines.order_by("rule").values(*COMPUTED)),
        Case.objects.values().get(pk=case.pk),
    ) == before


def next_of(case):
    case = Case.objects.get(pk=case.pk)
    return case.next_due_rule, case.next_due_at


# --- running, stopping -----------------------------------------------------------------------------------


def test_the_clocks_of_a_case_nobody_holds_run_from_receipt(complain, noon):
    case = complain()
    assert case.handler is None
    assert {clock_.start_at for clock_ in case.deadlines.all()} == {noon}
    assert set(case.deadlines.values_list("state", flat=True)) == {"running"}


def test_the_acknowledgement_stops_its_clock_when_it_leaves_not_when_it_is_queued(complain, work, send, noon):
    case = complain()
    work()
    assert of(case, "ack").state == "running"
    with clock.at_moment(noon + timedelta(minutes=3)):
        send()
    ack = of(case, "ack")
    assert (ack.state, ack.stopped_at, ack.stopped_by, ack.was_kept) == (
        "stopped",
        noon + timedelta(minutes=3),
        "ack.sent",
        True,
    )
    assert next_of(case) == ("first_contact", evening(2026, 11, 27))
    assert rebuilt_the_same(case)


def test_a_reply_in_person_is_the_first_contact(complain, ana, send, noon):
    case = complain()
    assign(case, ana, by=ana)
    assert of(case, "first_contact").state == "running"
    conversation.reply(case, "Bonjour, je m'occupe de vous.", by=ana)
    send()
    assert of(case, "first_contact").stopped_by == "contact.human_done"


def test_the_answer_stops_everything_we_owe_and_leaves_the_customers_rights(answered, noon):
    case = answered()
    assert {clock_.rule for clock_ in case.deadlines.filter(state="running")} == {"mediator_window"}
    assert next_of(case) == ("", None)
    assert rebuilt_the_same(case)


def test_each_message_of_ours_starts_the_week_of_the_progress_update_again(complain, ana, send, work, noon):
    case = complain()
    work()
    send()
    assert of(case, "progress_update").start_at == noon  # the acknowledgement is no news
    assign(case, ana, by=ana)
    with clock.at_moment(noon + timedelta(days=5)):
        conversation.reply(case, "Bonjour, voici où nous en sommes.", by=ana)
        send()
    update = of(case, "progress_update")
    assert (update.start_at, update.due_at) == (noon + timedelta(days=5), evening(2026, 12, 7))
    assert rebuilt_the_same(case)


@pytest.mark.parametrize("end", ["withdraw", "redirect"])
def test_an_ended_case_owes_nothing_any_more(complain, ana, end, noon):
    case = complain()
    if end == "withdraw":
        ending.withdraw(case, by=case.complainant)
    else:
        assign(case, ana, by=ana)
        conversation.redirect(case, "La mairie suit cette demande.", to="other_entity", by=ana)
    assert not case.deadlines.filter(state="running", customer_right=False).exists()
    with clock.at_moment(noon + timedelta(days=90)):
        assert deadlines.sweep(clock.now()) == 0
    assert rebuilt_the_same(case)


def test_what_no_room_can_stop_yet_is_not_started(desk, ana, noon):
    person = Person.objects.identify("direction@tilleuls.exemple.test")
    person.organisation = Organisation.objects.create(
        name="Hôtel des Tilleuls", kind="business", sector="maintenance"
    )
    person.save()
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    happened(case, "case.scope_confirmed_systemic", by=ana)
    happened(case, "decision.communicated", by=ana)
    started = {rule for what, rule in words_of(case) if what == "deadline.started"}
    pack = case.pack_version.pack
    for rule in pack.deadlines.values():
        if rule.stop_on and clockwork.NOT_WRITTEN_YET.issuperset(rule.stop_on):
            assert rule.id not in started


# --- criticality -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "target"),
    [
        ("C1", evening(2026, 11, 27)),
        ("C2", evening(2026, 12, 2)),
        ("C3", evening(2026, 12, 9)),
        ("C4", evening(2026, 12, 9)),
    ],
)
def test_a_criticality_brings_the_reply_forward_and_never_moves_it_back(complain, ana, level, target, noon):
    case = complain()
    assign(case, ana, by=ana)
    qualify(case, **QUALIFIED, criticality=level, by=ana)
    assert of(case, "reply_target").due_at == target
    assert of(case, "reply_target").level == (level if level < "C3" else "C3")
    assert rebuilt_the_same(case)


def test_a_criticality_raised_twice_and_lowered_keeps_the_soonest_date(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    qualify(case, **QUALIFIED, criticality="C3", by=ana)
    for level, due in (
        ("C2", evening(2026, 12, 2)),
        ("C1", evening(2026, 11, 27)),
        ("C4", evening(2026, 11, 27)),
    ):
        set_criticality(case, level, by=ana)
        assert of(case, "reply_target").due_at == due
    changed = [pair for pair in words_of(case) if pair[0] == "deadline.changed"]
    assert changed.count(("deadline.changed", "reply_target")) == 2
    assert of(case, "reply_target").extensions == 0
    assert rebuilt_the_same(case)


# --- pausing ---------------------------------------------------------------------------------------------


def asked(complain, ana, answer_by, at):
    case = complain()
    assign(case, ana, by=ana)
    with clock.at_moment(at):
        conversation.ask(case, "Quel est le numéro sur la box ?", answer_by, by=ana)
    return case


def test_waiting_for_the_customer_suspends_the_reply_and_nothing_else(complain, ana, noon):
    case = asked(complain, ana, date(2026, 12, 10), noon)
    assert {clock_.rule for clock_ in case.deadlines.filter(state="paused")} == {"reply_target"}
    with clock.at_moment(noon + timedelta(days=6)):  # Tuesday 1 December
        add_customer_message(case, case.complainant, channel="email", text="Le 4711.")
    target = of(case, "reply_target")
    # Of the wait, 26 to 30 November are whole days: the reply has the three working ones among them more.
    assert (target.state, target.due_at) == ("running", evening(2026, 12, 14))
    assert of(case, "reply_hard_cap").due_at == evening(2027, 1, 25)
    assert target.pauses == [{"from": "2026-11-25T11:00:00+00:00", "to": "2026-12-01T11:00:00+00:00"}]
    assert rebuilt_the_same(case)


def test_a_suspended_clock_is_not_next_and_not_missed(complain, ana, noon):
    case = asked(complain, ana, date(2026, 12, 10), noon)
    assert next_of(case)[0] != "reply_target"
    with clock.at_moment(noon + timedelta(days=15)):
        deadlines.sweep(clock.now())
    assert ("deadline.missed", "reply_target") not in words_of(case)


def test_a_pause_used_up_does_not_hide_a_missed_reply(complain, ana, noon):
    """The policy allows fifteen days: a question left open for longer must not make the promise vanish."""
    case = asked(complain, ana, date(2027, 2, 1), noon)
    limit = of(case, "reply_target").warn_next_at
    assert limit == evening(2026, 12, 24)  # 26 November to 10 December left out, then ten working days
    with clock.at_moment(limit):
        deadlines.sweep(clock.now())
        assert ("deadline.missed", "reply_target") not in words_of(case)
    with clock.at_moment(limit + timedelta(seconds=1)):
        deadlines.sweep(clock.now())
        deadlines.sweep(clock.now())
    missed = [
        entry
        for entry in Entry.objects.filter(what="deadline.missed")
        if entry.facts["rule"] == "reply_target"
    ]
    assert [entry.facts["due"] for entry in missed] == ["2026-12-24T22:59:59+00:00"]
    with clock.at_moment(datetime(2027, 2, 2, 8, tzinfo=UTC)):
        lapse_unanswered(date(2027, 2, 2))
        deadlines.sweep(clock.now())
    assert of(case, "reply_target").due_at == limit
    assert words_of(case).count(("deadline.missed", "reply_target")) == 1
    assert rebuilt_the_same(case)


def test_a_question_that_lapses_ends_the_pause(complain, ana, noon):
    case = asked(complain, ana, date(2026, 11, 27), noon)
    with clock.at_moment(datetime(2026, 11, 28, 8, tzinfo=UTC)):
        lapse_unanswered(date(2026, 11, 28))
    assert of(case, "reply_target").state == "running"
    assert rebuilt_the_same(case)


# --- extension, reopening, passing on --------------------------------------------------------------------

NEWS = {
    "done_so_far": "Vu le technicien.",
    "remaining": "Voir le planning.",
    "reason": "Il est chez le prestataire.",
}


def test_an_announced_later_date_counts_until_the_next_pause_and_criticality_too(
    complain, ana, cleo, work, noon
):
    case = complain()
    work()
    assign(case, ana, by=ana)
    qualify(case, **QUALIFIED, criticality="C3", by=ana)
    postponement.postpone(case, to=date(2026, 12, 18), next_update=date(2026, 12, 1), by=cleo, **NEWS)
    set_criticality(case, "C1", by=ana)
    target = of(case, "reply_target")
    assert (target.level, target.due_at, target.extensions) == ("C1", evening(2026, 12, 18), 1)
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 1), by=ana)
    with clock.at_moment(noon + timedelta(days=2)):
        add_customer_message(case, case.complainant, channel="email", text="Le 4711.")
    assert of(case, "reply_target").due_at == evening(2026, 12, 18)
    assert rebuilt_the_same(case)


def test_a_missed_reply_that_was_postponed_may_be_missed_again(complain, ana, cleo, work, noon):
    case = complain()
    work()
    assign(case, ana, by=ana)
    with clock.at_moment(evening(2026, 12, 10)):
        deadlines.sweep(clock.now())
        postponement.postpone(case, to=date(2026, 12, 18), next_update=date(2026, 12, 15), by=cleo, **NEWS)
    assert of(case, "reply_target").missed_at is None
    with clock.at_moment(evening(2026, 12, 19)):
        deadlines.sweep(clock.now())
    assert words_of(case).count(("deadline.missed", "reply_target")) == 2
    assert rebuilt_the_same(case)


def test_a_reopened_case_owes_a_reply_from_that_day(answered, noon):
    case = answered()
    with clock.at_moment(noon + timedelta(days=5)):
        ending.reopen(case, by=case.complainant, why="customer_objects")
    assert {clock_.rule for clock_ in case.deadlines.filter(state="running", customer_right=False)} == {
        "reply_target",
        "progress_update",
    }
    assert of(case, "mediator_window").due_at == evening(2027, 11, 25)
    assert of(case, "reply_hard_cap").state == "stopped"
    assert next_of(case) == ("progress_update", evening(2026, 12, 7))
    assert rebuilt_the_same(case)


def test_what_was_passed_on_by_mistake_comes_back_as_if_its_clocks_had_never_stopped(
    complain, ana, send, work, noon
):
    case = complain()
    before = {clock_.rule: (clock_.start_at, clock_.due_at) for clock_ in case.deadlines.all()}
    assign(case, ana, by=ana)
    work()  # the acknowledgement is queued …
    conversation.redirect(case, "La mairie suit cette demande.", to="other_entity", by=ana)
    with clock.at_moment(noon + timedelta(minutes=5)):
        send()  # … and leaves with the letter that passes the case on
    with clock.at_moment(noon + timedelta(days=20)):
        ending.take_back(case, by=ana)
        assert (of(case, "ack").state, of(case, "ack").stopped_at) == ("stopped", noon + timedelta(minutes=5))
        assert of(case, "first_contact").stopped_by == "contact.human_done"
        for rule in ("reply_target", "reply_hard_cap", "mediator_window"):
            assert (of(case, rule).start_at, of(case, rule).due_at, of(case, rule).state) == (
                *before[rule],
                "running",
            )
        assert of(case, "progress_update").start_at == noon + timedelta(minutes=5)
        deadlines.sweep(clock.now())
    assert of(case, "reply_target").missed_at == noon + timedelta(days=20)  # missed meanwhile shows as missed
    assert of(case, "ack").missed_at is None
    assert rebuilt_the_same(case)


def test_what_comes_back_without_acknowledgement_gets_it(complain, ana, work, noon):
    case = complain()
    assign(case, ana, by=ana)
    conversation.redirect(case, "La mairie suit cette demande.", to="other_entity", by=ana)
    work()
    assert not case.messages.filter(kind="acknowledgement").exists()
    ending.take_back(case, by=ana)
    work()
    assert case.messages.filter(kind="acknowledgement").count() == 1
    assert of(case, "ack").state == "running"


# --- time passes -----------------------------------------------------------------------------------------


def test_near_and_missed_are_recorded_once_each_however_often_one_looks(complain, noon):
    case = complain()
    for hours in (0, 18, 18, 30, 30, 40, 40, 400):
        with clock.at_moment(noon + timedelta(hours=hours)):
            deadlines.sweep(clock.now())
            deadlines.sweep(clock.now())
    said = words_of(case)
    assert said.count(("deadline.missed", "ack")) == 1
    near = [
        entry.facts["percent"]
        for entry in Entry.objects.filter(what="deadline.near")
        if entry.facts["rule"] == "ack"
    ]
    assert near == [50, 80]
    for rule in ("first_contact", "progress_update", "reply_target"):
        assert said.count(("deadline.missed", rule)) == 1
    assert ("deadline.missed", "mediator_window") not in said
    assert rebuilt_the_same(case)


def test_a_sweep_that_comes_late_tells_of_the_miss_and_not_of_every_warning_before(complain, noon):
    case = complain()
    with clock.at_moment(noon + timedelta(days=3)):
        deadlines.sweep(clock.now())
    assert [what for what, rule in words_of(case) if rule == "ack"] == ["deadline.started", "deadline.missed"]


def test_the_last_second_is_still_in_time(complain, noon):
    case = complain()
    with clock.at_moment(of(case, "ack").due_at):
        deadlines.sweep(clock.now())
    assert of(case, "ack").missed_at is None
    with clock.at_moment(of(case, "ack").due_at + timedelta(seconds=1)):
        deadlines.sweep(clock.now())
    assert of(case, "ack").missed_at == evening(2026, 11, 26) + timedelta(seconds=1)


def test_the_customers_rights_and_other_peoples_clocks_are_never_our_breach(complain, noon):
    case = complain()
    Deadline.objects.create(
        case=case,
        rule="mediator_outcome",
        owner="external_mediator",
        level="C3",
        start_at=noon,
        due_at=noon + timedelta(days=90),
    )
    with clock.at_moment(noon + timedelta(days=800)):
        deadlines.sweep(clock.now())
    assert {rule for what, rule in words_of(case) if what == "deadline.missed"}.isdisjoint(
        {"mediator_window", "mediator_outcome"}
    )


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_a_miss_once(complain, noon):
    from tests.at_once import at_once

    complain()
    late = noon + timedelta(days=30)
    at_once([lambda: deadlines.sweep(late)] * 3)
    missed = [entry.facts["rule"] for entry in Entry.objects.filter(what="deadline.missed")]
    assert sorted(missed) == sorted(set(missed))
    assert set(missed) == {"ack", "first_contact", "progress_update", "reply_target"}


@pytest.mark.django_db(transaction=True)
def test_a_sweep_and_a_reply_at_once_never_block_each_other(complain, ana, noon):
    from apaise.intake.cases.message import Message
    from apaise.intake.cases.outgoing import mark_sent
    from tests.at_once import at_once

    numbers = []
    for person in range(4):
        case = complain(email=f"p{person}@exemple.test")
        assign(case, ana, by=ana)
        numbers.append(conversation.reply(case, "Bonjour, je m'occupe de vous.", by=ana).pk)
    late = noon + timedelta(days=30)

    def leave(number):
        with clock.at_moment(late):
            mark_sent(Message.objects.claim(number))

    def qualify_it(number):
        case = Message.objects.get(pk=number).case
        with clock.at_moment(late):
            qualify(case, **QUALIFIED, criticality="C2", by=ana)

    acts = [
        act
        for number in numbers
        for act in (lambda n=number: leave(n), lambda: deadlines.sweep(late), lambda n=number: qualify_it(n))
    ]
    problems = [result for result in at_once(acts, threads=4) if isinstance(result, Exception)]
    assert problems == []
    for case in Case.objects.all():
        assert rebuilt_the_same(case)


# --- whom it tells ---------------------------------------------------------------------------------------


def told(kind):
    return sorted(
        (alert.user.name, alert.detail) for alert in Alert.objects.filter(kind=kind).select_related("user")
    )


def test_a_missed_deadline_of_a_case_nobody_holds_alerts_the_desk(complain, mara, ana, bo, eve, work, noon):
    case = complain()
    with clock.at_moment(noon + timedelta(days=3)):
        deadlines.sweep(clock.now())
        work()
    assert told("deadline_missed") == [
        ("Ana Handler", "ack"),
        ("Ana Handler", "first_contact"),
        ("Bo Handler", "ack"),
        ("Bo Handler", "first_contact"),
        ("Mara Lead", "ack"),
        ("Mara Lead", "ack"),
    ]
    assert told("do_escalate") == [("Ana Handler", "ack"), ("Bo Handler", "ack"), ("Mara Lead", "ack")]
    assert set(Alert.objects.values_list("chain", flat=True)) == {case.reference}


def test_a_handlers_deadline_is_told_to_the_handler(complain, mara, ana, bo, work, noon):
    case = complain()
    assign(case, ana, by=ana)
    with clock.at_moment(noon + timedelta(days=30)):
        deadlines.sweep(clock.now())
        work()
        work()
    assert [pair for pair in told("deadline_missed") if pair[1] == "reply_target"] == [
        ("Ana Handler", "reply_target")
    ]
    assert ("Ana Handler", "reply_target") in told("do_send_holding_update")
    assert Alert.objects.count() == len(set(Alert.objects.values_list("once", flat=True)))


def test_excluded_and_departed_people_are_not_told_and_somebody_always_is(
    complain, mara, ana, cleo, work, noon
):
    from apaise.intake.cases.models import Exclusion

    case = complain()
    assign(case, ana, by=ana)
    for person in (ana, mara):
        Exclusion.objects.create(case=case, user=person, because="onsite_technician")
    with clock.at_moment(noon + timedelta(days=30)):
        deadlines.sweep(clock.now())
        work()
    assert {name for name, rule in told("deadline_missed") if rule == "reply_target"} == {"Cleo Manager"}
    assert not Alert.objects.filter(user__in=[ana, mara], kind__startswith="deadline").exists()


def test_a_near_deadline_warns_its_owner(complain, ana, work, noon):
    case = complain()
    assign(case, ana, by=ana)
    with clock.at_moment(noon + timedelta(days=8)):
        deadlines.sweep(clock.now())
        work()
    assert ("Ana Handler", "reply_target") in told("deadline_near")


# --- replaying -------------------------------------------------------------------------------------------


def test_replaying_does_not_depend_on_what_became_known_later(complain, ana, send, noon, monkeypatch):
    """A rule that did not apply when it could have begun does not begin because of what was found since."""
    case = complain()
    assign(case, ana, by=ana)
    qualify(case, **QUALIFIED, criticality="C3", by=ana)
    send()
    person = case.complainant
    person.kind = "business"
    person.save()
    case.keep(scope="systemic", outcome="refused", found_cause="payment.fraud")
    assert rebuilt_the_same(case)


def test_replaying_writes_nothing_into_the_ledger(answered, noon):
    case = answered()
    before = Entry.objects.count()
    deadlines.rebuild(case)
    deadlines.rebuild(case)
    assert Entry.objects.count() == before


def test_a_clock_changed_by_hand_is_put_right(complain, noon):
    case = complain()
    Deadline.objects.filter(case=case, rule="ack").update(due_at=noon + timedelta(days=99), state="stopped")
    deadlines.rebuild(case)
    assert (of(case, "ack").due_at, of(case, "ack").state) == (evening(2026, 11, 26), "running")


def test_every_minute_of_a_deadline_is_explained(complain, noon):
    case = complain()
    for clock_ in case.deadlines.all():
        spans = deadlines.explain(clock_)
        assert spans
    assert deadlines.explain(Deadline(case=case, rule="unknown")) == []


def test_words_that_concern_no_clock_touch_none(complain, noon):
    case = complain()
    before = list(case.deadlines.values())
    happened(case, "note.added", by=System("test"), note=1)
    assert list(case.deadlines.values()) == before


def test_a_note_costs_few_queries_whatever_the_number_of_clocks(
    complain, django_assert_max_num_queries, noon
):
    case = complain()
    with django_assert_max_num_queries(6):
        happened(case, "note.added", by=System("test"), note=1)


def test_sweeping_when_nothing_is_due_changes_nothing(complain, noon):
    complain()
    with nothing_changed():
        assert deadlines.sweep(noon) == 0
