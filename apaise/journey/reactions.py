"""THE table: what happens when … ? Ledger word -> functions, in order. Adding a step is one line here."""

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

# What a customer, a company or a contract is called, and how they are reached.
ABOUT_PEOPLE = (
    "person.changed",
    "person.address_added",
    "person.address_changed",
    "person.merged",
    "person.merge_undone",
    "organisation.changed",
    "contract.changed",
)
Reaction = Callable[[Entry], None]


def deliver_it(entry: Entry) -> None:
    """Hand a queued mail to the mail queue; a letter waits for a person."""
    if entry.facts.get("channel", "email") == "email":
        deliver.enqueue(entry.facts["message"])


REACTIONS: dict[str, list[Reaction]] = {
    "case.received": [acknowledge, enter_the_ladder, place_case],
    "case.reopened": [
        acknowledge,
        keep_account_people_apart_now,
        look_for_named_staff,
        climb_the_ladder,
        tell_by_the_table,
        place_case,
    ],
    "case.assigned": [tell_new_handler, settle_place_again, tell_by_the_table],
    "case.escalated": [tell_who_takes_over, tell_by_the_table],
    "case.returned": [tell_who_takes_back, tell_by_the_table],
    "criticality.changed": [climb_the_ladder, place_case],
    "case.exposed": [climb_the_ladder],
    "case.scope_confirmed_systemic": [climb_the_ladder],
    "case.absorbed": [
        find_by_all_words,
        keep_arrivals_with_their_case,
        tell_handler_of_merged_case,
        look_for_similar,
        keep_account_people_apart_now,
        look_for_named_staff,
    ],
    "case.merged": [find_by_all_words],
    "case.merge_undone": [find_by_all_words, keep_arrivals_with_their_case, acknowledge, look_for_similar],
    "case.qualified": [find_by_all_words, reconsider_clocks, climb_the_ladder, tell_by_the_table, place_case],
    "case.contract_chosen": [find_by_all_words, reconsider_clocks, climb_the_ladder],
    **{
        word: [tell_by_the_table]
        for word in ("decision.taken", "reply_check.passed", "case.closed", "case.withdrawn")
    },
    **{word: [find_cases_by_new_words] for word in ABOUT_PEOPLE},
    "person.address_added": [find_cases_by_new_words, acknowledge_who_can_be_reached_now],
    "person.address_changed": [find_cases_by_new_words, acknowledge_who_can_be_reached_now],
    "contract.added": [keep_contract_people_apart],
    "contract.changed": [find_cases_by_new_words, keep_contract_people_apart],
    "person.merged": [find_cases_by_new_words, keep_contract_people_apart],
    "case.split": [find_by_all_words],
    "case.split_off": [find_by_all_words, keep_arrivals_with_their_case, look_for_similar],
    "commitment.broken": [tell_of_broken_promise, tell_by_the_table],
    "message.received": [check_files, tell_handler_of_new_words, look_for_similar, look_for_named_staff],
    "message.queued": [deliver_it],
    "message.uncertain": [tell_desk_of_uncertain_mail],
    "message.returned": [tell_handler_of_returned_mail],
    "message.held": [tell_of_held_mail],
    "mail.stopped": [tell_administrators_of_stopped_mail],
    "mail.resumed": [let_waiting_mail_go],
    "info.reminded": [tell_of_reminder],
    "info.lapsed": [tell_of_lapsed_question],
    "deadline.near": [warn_of_deadline, act_before_it_is_late],
    "deadline.missed": [carry_out_breach_actions, tell_by_the_table],
    "conflict.declared": [place_again_when_taken, place_case],
    "conflict.breached": [tell_of_breach],
    "conflict.restored": [place_again_when_taken],
    "context_note.requested": [tell_whom_a_note_is_asked],
    "context_note.reminded": [tell_whom_a_note_is_asked, tell_of_context_note],
    "context_note.added": [tell_of_context_note],
    "context_note.declined": [tell_of_context_note],
}
# What the criticality and the segment of a case rest on: each of these words may change them.
WEIGHS = (
    "message.received", "case.exposed", "case.qualified", "case.contract_chosen", "case.reopened", "case.absorbed",
    "case.merge_undone", "case.split", "case.split_off", "case.linked", "case.unlinked", "suggestion.dismissed",
    "scope.confirmed", "cause.confirmed", "deadline.near", "deadline.missed",
    "fact.told", "fact.read",
)  # fmt: skip
for word in WEIGHS:
    REACTIONS.setdefault(word, []).append(weigh_again)
for word in (*ABOUT_PEOPLE, "contract.added"):
    REACTIONS.setdefault(word, []).append(weigh_cases_of)
for word in ("person.changed", "organisation.changed", "person.merged", "person.merge_undone"):
    REACTIONS.setdefault(word, []).append(let_clocks_follow_mark)
for word in ("fact.told", "fact.read"):  # one more thing is known: a clock may start, a level be reached
    REACTIONS[word] += [reconsider_clocks, climb_the_ladder]
REACTIONS["message.received"].append(tell_of_third_contact)
REACTIONS["final_reply.sent"] = [welcome_first_complaint]
REACTIONS["criticality.suggested"] = [suggest_level]
REACTIONS["decision.communicated"] = [ask_to_tell_the_service]
REACTIONS["reach.passed"] = [pass_up_for_reach]
# Done at once, in the transaction that wrote the entry: it only queues something.
AT_ONCE = {deliver_it}


def enqueue_reactions(entry: Entry) -> None:
    """Called by the ledger inside the writing transaction: each reaction becomes a job, once."""
    later = []
    for reaction in REACTIONS.get(entry.what, ()):
        if reaction in AT_ONCE:
            reaction(entry)
        else:
            later.append(reaction.__name__)
    if later:
        # The entry is new, so its reactions are: the unique key is for whoever might record it twice.
        queue.put_new(
            "apaise.journey.reactions.react", {f"{entry.pk}:{name}": [entry.pk, name] for name in later}
        )


def react(entry_id: str, name: str) -> None:
    """Run one reaction to one entry. Every reaction is harmless to repeat."""
    entry = Entry.objects.get(pk=entry_id)
    known: dict[str, Any] = {reaction.__name__: reaction for reaction in REACTIONS.get(entry.what, ())}
    if reaction := known.get(name):
        with transaction.atomic():
            reaction(entry)
        if reaction is acknowledge:
            crash.point("after-ack-queued")
