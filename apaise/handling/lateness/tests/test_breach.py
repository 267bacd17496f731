"""A date was missed, or is near: each action of the pack, once, in order, on the record."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.packs.load import load_shipped_packs
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.vocabulary import BREACH_ACTIONS
from apaise.handling.lateness import breach
from apaise.handling.lateness.missed import missed_of
from apaise.handling.lateness.models import Breach
from apaise.handling.lateness.register import explain
from apaise.handling.prepared import prepare
from apaise.handling.prepared.models import Update
from apaise.handling.routing import levels
from apaise.handling.routing.assignment import assign
from apaise.handling.tasks.models import Task
from apaise.intake.cases import deadlines, happenings, updates
from apaise.intake.cases.history import happened
from apaise.intake.cases.knowing import know
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.promise import Promise
from apaise.intake.cases.promises import make_promise
from apaise.journey import rounds
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
ACK = System("test")


@pytest.fixture
def case(complain, ana, mara, cleo, noon, work):
    """Ana's, acknowledged and answered personally, so that only its reply may be late."""
    case = complain()
    assign(case, ana, by=ana)
    for word in ("ack.sent", "contact.human_done"):
        happened(case, word, by=ana if word == "contact.human_done" else ACK)
    work()
    return fresh(case)


def fresh(case):
    return Case.objects.select_related("handler", "pack_version", "desk__signatory", "complainant").get(
        pk=case.pk
    )


def plain(text):
    return text.replace("\u202f", " ").replace("\xa0", " ")


def days_later(work, noon, days):
    """Time passes, and the worker does what is due."""
    with clock.at_moment(noon + timedelta(days=days)):
        rounds.sweep_deadlines()
        work()
        work()


def acted(case, rule):
    return [
        entry.facts["action"]
        for entry in Entry.objects.of(case.reference).filter(what="breach.acted")
        if entry.facts["rule"] == rule
    ]


def missed_entry(case, rule):
    told = Entry.objects.of(case.reference).filter(what="deadline.missed")
    return next(entry for entry in told if entry.facts["rule"] == rule)


# --- the table ------------------------------------------------------------------------------------------------


def test_every_action_of_the_packs_is_one_named_function():
    assert tuple(breach.ACTIONS) == BREACH_ACTIONS
    assert {name: function.__name__ for name, function in breach.ACTIONS.items()} == {
        name: name for name in BREACH_ACTIONS
    }
    named = {
        code
        for pack in load_shipped_packs().values()
        for rule in pack.deadlines.values()
        for code in rule.on_breach
    }
    assert named <= set(breach.ACTIONS)


def test_the_actions_of_a_missed_reply_run_once_in_the_packs_order_and_are_on_the_record(
    case, work, noon, mara
):
    days_later(work, noon, 15)
    assert acted(case, "reply_target") == ["send_holding_update", "escalate", "log_breach"]
    entry = missed_entry(case, "reply_target")
    with nothing_changed():
        breach.carry_out(fresh(case), entry)
    assert fresh(case).handler == mara


def test_a_case_that_has_ended_meanwhile_is_left_alone(case, work, noon):
    with clock.at_moment(noon + timedelta(days=15)):
        deadlines.sweep(clock.now())
        Case.objects.filter(pk=case.pk).update(state="withdrawn")
        entry = missed_entry(case, "reply_target")
        with nothing_changed():
            breach.carry_out(fresh(case), entry)


# --- the register ---------------------------------------------------------------------------------------------


def test_a_missed_reply_is_in_the_register_and_its_owner_is_asked_why_within_two_working_days(
    case, work, noon
):
    days_later(work, noon, 15)
    row = Breach.objects.get(rule="reply_target")
    assert (row.force, row.owner, row.due_at.isoformat()) == (
        "internal",
        "handler",
        "2026-12-09T22:59:59+00:00",
    )
    assert row.days_late(noon + timedelta(days=15)) == 1
    task = Task.objects.get(kind="explain_breach", detail="reply_target")
    assert (task.owner, task.due_at.isoformat()) == ("handler", "2026-12-14T22:59:59+00:00")


def test_the_reason_is_written_once_by_who_works_on_the_case_and_ends_the_task(
    case, work, noon, ana, eve, mara
):
    days_later(work, noon, 15)
    row = Breach.objects.select_related("case").get(rule="reply_target")
    with refused(Refused, match="one sentence is enough"):
        explain(row, " ", by=ana)
    with refused(Refused, match="another team"):
        explain(row, "Je ne sais pas.", by=eve)
    explain(row, "Le technicien était absent.", by=ana)
    assert (row.reason, row.explained_by) == ("Le technicien était absent.", ana)
    assert not Task.objects.open().filter(kind="explain_breach", detail="reply_target").exists()
    assert Entry.objects.of(case.reference).filter(what="breach.explained").count() == 1
    with refused(Refused, match="written down already"):
        explain(row, "Autre chose.", by=ana)
    explain(row, "Le technicien était malade.", by=mara)
    assert row.reason == "Le technicien était malade."


# --- holding updates ------------------------------------------------------------------------------------------


def test_a_late_reply_prepares_a_dated_message_that_waits_for_a_look(case, work, noon):
    days_later(work, noon, 15)
    update = Update.objects.get(kind="holding")
    assert (update.state, update.reply_by, update.rule) == ("waiting", date(2026, 12, 17), "reply_target")
    assert "au plus tard le jeudi 17 décembre 2026" in plain(update.text)
    assert "Nous n’avons pas pu tenir le mercredi 9 décembre 2026" in plain(update.text)
    task = Task.objects.get(kind="send_holding_update")
    assert (task.due_at, task.done_at) == (update.leaves_at, None)


def test_sent_after_a_look_it_moves_the_clock_and_the_announced_date_together(case, work, noon, mara, send):
    days_later(work, noon, 15)
    update = Update.objects.select_related("case").get(kind="holding")
    with clock.at_moment(noon + timedelta(days=15, hours=1)):
        prepare.send(Update.objects.get(pk=update.pk), by=mara)
    evening = datetime.fromisoformat("2026-12-17T23:59:59+01:00")
    target = case.deadlines.get(rule="reply_target")
    assert (fresh(case).announced_for, target.due_at, target.extensions, target.missed_at) == (
        evening,
        evening,
        1,
        None,
    )
    message = case.messages.get(kind="update")
    assert message.author_user == mara
    before = target.due_at
    deadlines.rebuild(fresh(case))
    assert case.deadlines.get(rule="reply_target").due_at == before
    # News by a day is a promise too.
    assert Promise.objects.get(message=message, due_on=date(2026, 12, 15)).made_by == mara
    assert Task.objects.get(kind="send_holding_update").done_by == mara.actor_code


def test_nobody_looked_and_it_leaves_by_itself_after_four_working_hours_once(case, work, noon):
    days_later(work, noon, 15)
    leaves = Update.objects.get(kind="holding").leaves_at
    assert leaves == noon + timedelta(days=15, hours=4)
    with clock.at_moment(leaves - timedelta(minutes=1)):
        assert prepare.leave_unattended(clock.now()) == 0
    with clock.at_moment(leaves):
        prepare.leave_unattended(clock.now())
        assert prepare.leave_unattended(clock.now()) == 0
    assert case.messages.filter(kind="auto_update", subject__contains="où nous en sommes").count() == 1
    assert fresh(case).announced_for.date() == date(2026, 12, 17)


def test_another_date_is_in_the_words_and_on_the_clock_or_it_is_refused(case, work, noon, mara):
    days_later(work, noon, 15)
    with clock.at_moment(noon + timedelta(days=15)):
        update = Update.objects.select_related("case").get(kind="holding")
        with refused(Refused, match="Write the new date into the message"):
            prepare.send(update, text="Bonjour, bientôt. Mara", reply_by=date(2026, 12, 18), by=mara)
        update = Update.objects.select_related("case").get(kind="holding")
        prepare.send(update, reply_by=date(2026, 12, 18), by=mara)
    assert "vendredi 18 décembre 2026" in plain(case.messages.get(kind="update").text)
    assert "17 décembre" not in plain(case.messages.get(kind="update").text)
    assert case.deadlines.get(rule="reply_target").due_at == datetime.fromisoformat(
        "2026-12-18T23:59:59+01:00"
    )


def test_a_date_that_the_policy_does_not_let_move_again_becomes_a_promise_with_a_clock(
    case, work, noon, mara
):
    case.deadlines.filter(rule="reply_target").update(extensions=1)
    days_later(work, noon, 15)
    with clock.at_moment(noon + timedelta(days=15)):
        prepare.send(Update.objects.select_related("case").get(kind="holding"), by=mara)
    promise = Promise.objects.get(due_on=date(2026, 12, 17))
    assert (promise.text, promise.made_by) == ("Notre réponse à la réclamation", mara)
    assert case.deadlines.get(promise=promise).due_at == fresh(case).announced_for


def test_an_answered_case_gets_no_holding_update_even_if_one_was_prepared(case, work, noon, mara):
    days_later(work, noon, 15)
    Case.objects.filter(pk=case.pk).update(final_reply_at=noon + timedelta(days=15))
    with clock.at_moment(noon + timedelta(days=16)):
        prepare.leave_unattended(clock.now())
    assert Update.objects.get(kind="holding").state == "dropped"
    assert not case.messages.filter(kind="auto_update", subject__contains="où nous en sommes").exists()


def test_while_the_date_announced_to_the_customer_lies_ahead_nothing_is_apologised_for(case, work, noon):
    announced = noon + timedelta(days=40)
    Case.objects.filter(pk=case.pk).update(announced_for=announced)
    days_later(work, noon, 15)
    assert not Update.objects.filter(kind="holding").exists()
    text = Update.objects.filter(kind="progress").latest("pk").text
    assert "Nous n’avons pas pu" not in text
    assert updates.in_words(announced.date(), "fr") in text


def test_past_the_last_date_the_mediator_is_named_and_the_executive_has_it(case, work, noon, staff):
    boss = staff("executive")
    days_later(work, noon, 63)
    text = Update.objects.get(kind="holding_after_cap").text
    assert "Médiateur du commerce" in text
    assert "https://mediateur.exemple.test" in text
    assert acted(case, "reply_hard_cap") == [
        "send_holding_update_with_mediator",
        "escalate_executive",
        "log_breach",
    ]
    assert (fresh(case).handler, levels.standing(case)) == (boss, 5)
    assert Update.objects.filter(kind="holding", state="waiting").count() == 0


def test_s0_42_past_80_percent_of_the_time_the_case_goes_up_and_an_update_is_prepared(
    case, work, noon, ana, mara
):
    days_later(work, noon, 8)
    assert fresh(case).handler == ana
    days_later(work, noon, 12)  # of fourteen and a half
    assert (fresh(case).handler, levels.current(case).why) == (mara, "near")
    update = Update.objects.get(kind="progress", state="waiting")
    assert (update.leaves_at, update.reply_by, update.rule) == (None, None, "reply_target")
    assert "Votre réclamation avance" in update.text
    assert Task.objects.open().filter(kind="progress_update").exists()


def test_s0_33_seven_days_without_a_word_of_ours_create_an_update_task(case, work, noon):
    days_later(work, noon, 5)
    assert not Task.objects.filter(kind="progress_update").exists()
    days_later(work, noon, 8)
    assert Task.objects.filter(kind="progress_update", owner="handler").count() == 1
    days_later(work, noon, 9)
    assert Task.objects.filter(kind="progress_update").count() == 1


# --- promises, money, options ---------------------------------------------------------------------------------


def test_a_broken_promise_gets_an_apology_with_a_new_date_that_only_a_person_sends(
    case, ana, work, noon, mara
):
    make_promise(case, "Vous appeler", date(2026, 11, 27), by=ana)
    days_later(work, noon, 3)
    update = Update.objects.get(kind="apology")
    assert (update.leaves_at, update.promised_on, update.promised_by) == (None, date(2026, 12, 1), ana)
    text = plain(update.text)
    assert "« Vous appeler »" in text
    assert "vendredi 27 novembre 2026" in text
    assert "mardi 1er décembre 2026" in text
    with clock.at_moment(noon + timedelta(days=3)):
        prepare.send(Update.objects.select_related("case__handler").get(pk=update.pk), by=mara)
    assert sorted(Promise.objects.values_list("due_on", "state")) == [
        (date(2026, 11, 27), "broken"),
        (date(2026, 12, 1), "open"),
    ]


@pytest.fixture
def refund_late(case, noon):
    """The consumer ended the contract for late delivery; the refund should have left twenty days ago."""
    entry = happened(
        case,
        "deadline.missed",
        by=ACK,
        rule="late_delivery_refund",
        due=noon - timedelta(days=20),
        owner="billing",
        level="C3",
    )
    return missed_of(case, entry)


def asked_for():
    return list(Task.objects.filter(owner="billing").values_list("kind", flat=True))


def test_while_nobody_has_said_the_sum_no_increase_is_recorded_and_a_person_is_asked_for_it(
    case, refund_late
):
    assert breach.penalty_to_date(refund_late) is None
    breach.compute_penalty(refund_late)
    assert not Entry.objects.of(case.reference).filter(what="penalty.computed").exists()
    assert asked_for() == ["tell_sum"]


def test_a_sum_that_only_a_reading_found_is_no_basis_for_it(case, refund_late):
    know(case, "case.claim_amount", "900", by=System("triage"), source="reading")
    breach.compute_penalty(refund_late)
    assert not Entry.objects.of(case.reference).filter(what="penalty.computed").exists()
    assert asked_for() == ["tell_sum"]


def test_the_sum_a_person_says_the_customer_asks_for_counts_until_the_sum_owed_is_told(
    case, ana, refund_late, noon
):
    know(case, "case.claim_amount", "100", by=ana)
    found = breach.penalty_to_date(refund_late)
    assert (found.days_late, found.rate, found.increase, found.total) == (
        20,
        Decimal("0.2"),
        Decimal("20.00"),
        Decimal("120.00"),
    )
    breach.compute_penalty(refund_late)
    said = Entry.objects.of(case.reference).get(what="penalty.computed").facts
    assert (said["increase"], said["total"], said["days"], said["sum"]) == ("20.00", "120.00", 20, "claimed")
    assert asked_for() == ["compute_penalty"]


def test_the_sum_told_with_the_dated_fact_counts_before_any_other(case, ana, refund_late, noon):
    know(case, "case.claim_amount", "100", by=ana)
    day = noon.date() - timedelta(days=34)
    happenings.tell(case, "contract.terminated_for_late_delivery", on=day, by=ana, amount=Decimal("49.90"))
    breach.compute_penalty(refund_late)
    said = Entry.objects.of(case.reference).get(what="penalty.computed").facts
    assert (said["increase"], said["total"], said["sum"]) == ("9.98", "59.88", "with_the_fact")


def test_both_options_of_the_law_are_put_on_the_case_for_a_person_to_offer(case, noon):
    entry = happened(
        case,
        "deadline.missed",
        by=ACK,
        rule="conformity_remedy",
        due=noon - timedelta(days=1),
        owner="handler",
        level="C3",
    )
    breach.carry_out(case, entry)
    assert acted(case, "conformity_remedy") == ["offer_price_reduction_or_termination", "escalate"]
    assert Task.objects.filter(kind="offer_price_reduction_or_termination").count() == 1


def test_the_uk_letter_after_eight_weeks_says_why_when_and_what_the_customer_may_do(
    complain, desk, settings, mara, ana, cleo, noon, work, send
):
    desk.mediator_name, desk.language = "Financial Ombudsman Service", "en"
    desk.save()
    case = complain(language="en")
    case.keep(pack_version=PackVersion.freeze(load_shipped_packs()["uk-fca"]))
    entry = happened(
        case,
        "deadline.missed",
        by=ACK,
        rule="final_response",
        due=noon,
        owner="complaints_manager",
        level="C3",
    )
    breach.carry_out(fresh(case), entry)
    update = Update.objects.select_related("case").get(kind="eight_weeks")
    text = plain(update.text)
    assert "refer your complaint to the ombudsman now, free of charge: Financial Ombudsman Service" in text
    assert "You will have our final response by Wednesday 9 December 2026" in text
    assert "The reason: checking what happened takes longer than we had planned" in text
    assert "We neither waive nor shorten the usual time limits" in text
    with clock.at_moment(update.leaves_at):
        prepare.leave_unattended(clock.now())
        send()
    assert Entry.objects.of(case.reference).filter(what="eight_week_letter.sent").count() == 1
    assert Promise.objects.get(case=case, due_on=date(2026, 12, 9)).text == "Our reply to the complaint"


def test_alerts_carry_codes_and_never_words(case, work, noon):
    days_later(work, noon, 15)
    assert "Bonjour" not in str(list(Alert.objects.values_list("kind", "detail", "chain", "once")))
