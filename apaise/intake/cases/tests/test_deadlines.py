"""The clocks of a case: from receipt, by its frozen pack, told near and missed once, rebuilt from the ledger alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines, ending, happenings, postponement
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import add_customer_message
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.qualification import qualify, set_criticality
from apaise.lib import clock

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


def test_duties_inside_the_house_run_until_somebody_says_that_they_are_done(desk, ana, noon):
    person = Person.objects.identify("direction@tilleuls.exemple.test")
    person.organisation = Organisation.objects.create(
        name="Hôtel des Tilleuls", kind="business", sector="maintenance"
    )
    person.save()
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    happened(case, "case.scope_confirmed_systemic", by=ana)
    happened(case, "decision.communicated", by=ana)
    assert {of(case, "service_notified").state, of(case, "corrective_plan_due").state} == {"running"}
    happenings.tell(case, "service_notice.sent", on=noon, by=ana)
    assert of(case, "service_notified").was_kept
    assert rebuilt_the_same(case)


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
        set_criticality(case, level, by=ana, reason="Vu ensemble")
        assert of(case, "reply_target").due_at == due
    changed = [pair for pair in words_of(case) if pair[0] == "deadline.changed"]
    assert changed.count(("deadline.changed", "reply_target")) == 2
    assert of(case, "reply_target").extensions == 0
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
    set_criticality(case, "C1", by=ana, reason="Vu ensemble")
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
