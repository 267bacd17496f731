"""THE table: what happens when … ? Ledger word -> functions, in order. Adding a step is one line here."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction

from apaise.ground.ledger.models import Entry
from apaise.intake.channels.tasks import deliver
from apaise.journey import queue
from apaise.journey.apart import (
    keep_account_people_apart_now,
    keep_contract_people_apart,
    look_for_named_staff,
    place_again_when_taken,
    settle_place_again,
    tell_of_breach,
    tell_of_context_note,
    tell_whom_a_note_is_asked,
)
from apaise.journey.ladder_steps import (
    act_before_it_is_late,
    climb_the_ladder,
    enter_the_ladder,
    tell_by_the_table,
    tell_who_takes_back,
    tell_who_takes_over,
)
from apaise.journey.marks import let_clocks_follow_mark
from apaise.journey.of_entry import entry_by_id
from apaise.journey.placing import place_case
from apaise.journey.steps import (
    acknowledge,
    acknowledge_who_can_be_reached_now,
    ask_to_tell_the_service,
    carry_out_breach_actions,
    check_files,
    find_by_all_words,
    find_cases_by_new_words,
    keep_arrivals_with_their_case,
    let_waiting_mail_go,
    look_for_similar,
    reconsider_clocks,
    tell_administrators_of_stopped_mail,
    tell_desk_of_uncertain_mail,
    tell_handler_of_merged_case,
    tell_handler_of_new_words,
    tell_handler_of_returned_mail,
    tell_new_handler,
    tell_of_broken_promise,
    tell_of_held_mail,
    tell_of_lapsed_question,
    tell_of_reminder,
    warn_of_deadline,
)
from apaise.journey.weighing import (
    pass_up_for_reach,
    suggest_level,
    tell_of_third_contact,
    weigh_again,
    weigh_cases_of,
    welcome_first_complaint,
)
from apaise.lib import crash
from apaise.lib.trouble import where

log = logging.getLogger("apaise.reactions")
Reaction = Callable[[Entry], None]


def deliver_it(entry: Entry) -> None:
    """Hand a queued mail to the mail queue; a letter waits for a person."""
    if entry.facts.get("channel", "email") == "email":
        deliver.enqueue(entry.facts["message"])


REACTIONS: dict[str, list[Reaction]] = {
    # A complaint on its way
    "case.received": [acknowledge, enter_the_ladder, place_case],
    "case.qualified": [
        find_by_all_words,
        reconsider_clocks,
        climb_the_ladder,
        tell_by_the_table,
        place_case,
        weigh_again,
    ],
    "case.contract_chosen": [find_by_all_words, reconsider_clocks, climb_the_ladder, weigh_again],
    "case.reopened": [
        acknowledge,
        keep_account_people_apart_now,
        look_for_named_staff,
        climb_the_ladder,
        tell_by_the_table,
        place_case,
        weigh_again,
    ],
    "case.closed": [tell_by_the_table],
    "case.withdrawn": [tell_by_the_table],
    # Who holds it
    "case.assigned": [tell_new_handler, settle_place_again, tell_by_the_table],
    "case.escalated": [tell_who_takes_over, tell_by_the_table],
    "case.returned": [tell_who_takes_back, tell_by_the_table],
    "conflict.declared": [place_again_when_taken, place_case],
    "conflict.restored": [place_again_when_taken],
    "conflict.breached": [tell_of_breach],
    "context_note.requested": [tell_whom_a_note_is_asked],
    "context_note.reminded": [tell_whom_a_note_is_asked, tell_of_context_note],
    "context_note.added": [tell_of_context_note],
    "context_note.declined": [tell_of_context_note],
    # What it weighs and how far it reaches
    "criticality.changed": [climb_the_ladder, place_case],
    "criticality.suggested": [suggest_level],
    "case.exposed": [climb_the_ladder, weigh_again],
    "case.scope_confirmed_systemic": [climb_the_ladder],
    "scope.confirmed": [weigh_again],
    "cause.confirmed": [weigh_again],
    "reach.passed": [pass_up_for_reach],
    "fact.told": [weigh_again, reconsider_clocks, climb_the_ladder],
    "fact.read": [weigh_again, reconsider_clocks, climb_the_ladder],
    # Cases together
    "case.absorbed": [
        find_by_all_words,
        keep_arrivals_with_their_case,
        tell_handler_of_merged_case,
        look_for_similar,
        keep_account_people_apart_now,
        look_for_named_staff,
        weigh_again,
    ],
    "case.merged": [find_by_all_words],
    "case.merge_undone": [
        find_by_all_words,
        keep_arrivals_with_their_case,
        acknowledge,
        look_for_similar,
        weigh_again,
    ],
    "case.split": [find_by_all_words, weigh_again],
    "case.split_off": [find_by_all_words, keep_arrivals_with_their_case, look_for_similar, weigh_again],
    "case.linked": [weigh_again],
    "case.unlinked": [weigh_again],
    "suggestion.dismissed": [weigh_again],
    # Words in and out
    "message.received": [
        check_files,
        tell_handler_of_new_words,
        look_for_similar,
        look_for_named_staff,
        weigh_again,
        tell_of_third_contact,
    ],
    "message.queued": [deliver_it],
    "message.uncertain": [tell_desk_of_uncertain_mail],
    "message.returned": [tell_handler_of_returned_mail],
    "message.held": [tell_of_held_mail],
    "mail.stopped": [tell_administrators_of_stopped_mail],
    "mail.resumed": [let_waiting_mail_go],
    "info.reminded": [tell_of_reminder],
    "info.lapsed": [tell_of_lapsed_question],
    # Dates and promises
    "deadline.near": [warn_of_deadline, act_before_it_is_late, weigh_again],
    "deadline.missed": [carry_out_breach_actions, tell_by_the_table, weigh_again],
    "commitment.broken": [tell_of_broken_promise, tell_by_the_table],
    # The answer
    "reply_check.passed": [tell_by_the_table],
    "decision.taken": [tell_by_the_table],
    "decision.communicated": [ask_to_tell_the_service],
    "final_reply.sent": [welcome_first_complaint],
    # What a customer, a company or a contract is called, and how they are reached
    "person.changed": [find_cases_by_new_words, weigh_cases_of, let_clocks_follow_mark],
    "person.address_added": [find_cases_by_new_words, acknowledge_who_can_be_reached_now, weigh_cases_of],
    "person.address_changed": [find_cases_by_new_words, acknowledge_who_can_be_reached_now, weigh_cases_of],
    "person.merged": [
        find_cases_by_new_words,
        keep_contract_people_apart,
        weigh_cases_of,
        let_clocks_follow_mark,
    ],
    "person.merge_undone": [find_cases_by_new_words, weigh_cases_of, let_clocks_follow_mark],
    "organisation.changed": [find_cases_by_new_words, weigh_cases_of, let_clocks_follow_mark],
    "contract.added": [keep_contract_people_apart, weigh_cases_of],
    "contract.changed": [find_cases_by_new_words, keep_contract_people_apart, weigh_cases_of],
}
TOGETHER, ALONE = "apaise.journey.reactions.react_all", "apaise.journey.reactions.react"  # the tasks
# Done at once, in the transaction that wrote the entry: it only queues something.
AT_ONCE = {deliver_it}


def enqueue_reactions(entry: Entry) -> None:
    """Called by the ledger inside the writing transaction: the reactions to an entry become one job, once."""
    later = []
    for reaction in REACTIONS.get(entry.what, ()):
        if reaction in AT_ONCE:
            reaction(entry)
        else:
            later.append(reaction.__name__)
    if later:
        # The entry is new, so its reactions are: the unique key is for whoever might record it twice.
        queue.put_new(TOGETHER, {f"{entry.pk}:reactions": [entry.pk, later]})


def react_all(entry_id: str, names: list[str]) -> None:
    """Run these reactions to one entry, each in a transaction of its own.

    One that fails becomes a job of its own, tried again without the others; where a worker ended in the middle of
    them, all do, as nobody can say which one it was."""
    left = names
    if not queue.crashed_before():
        entry = entry_by_id(entry_id)
        left = [name for name in names if not _went_well(entry, name)]
    for name in left:
        queue.put(ALONE, [entry_id, name], key=f"{entry_id}:{name}")


def react(entry_id: str, name: str) -> None:
    """Run one reaction to one entry. Every reaction is harmless to repeat."""
    _run(entry_by_id(entry_id), name)


def _went_well(entry: Entry, name: str) -> bool:
    try:
        _run(entry, name)
    except Exception as problem:
        log.warning("%s of %s failed, and is tried again by itself: %s", name, entry.what, where(problem))
        return False
    return True


def _run(entry: Entry, name: str) -> None:
    known: dict[str, Any] = {reaction.__name__: reaction for reaction in REACTIONS.get(entry.what, ())}
    if reaction := known.get(name):
        with transaction.atomic():
            reaction(entry)
        if reaction is acknowledge:
            crash.point("after-ack-queued")
