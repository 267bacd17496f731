"""THE table: what happens when … ? Ledger word -> functions, in order. Adding a step is one line here."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from apaise.ground.ledger.models import Entry
from apaise.intake.channels.tasks import deliver
from apaise.journey import queue
from apaise.journey.placing import place_case
from apaise.journey.steps import (
    acknowledge,
    acknowledge_who_can_be_reached_now,
    carry_out_breach_actions,
    check_files,
    find_by_all_words,
    find_cases_by_new_words,
    let_waiting_mail_go,
    look_for_similar,
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
    "case.received": [acknowledge, place_case],
    "case.reopened": [
        acknowledge,
        place_case,
    ],  # one passed on by mistake may still be owed it; a second is never sent
    "case.assigned": [tell_new_handler],
    "case.absorbed": [find_by_all_words, tell_handler_of_merged_case, look_for_similar],
    "case.merged": [find_by_all_words],
    "case.merge_undone": [
        find_by_all_words,
        acknowledge,
        look_for_similar,
    ],  # owed to one that was merged before it was acknowledged
    "case.qualified": [find_by_all_words, place_case],
    "criticality.changed": [place_case],
    "conflict.declared": [place_case],  # it may have been taken from whoever held it
    "case.contract_chosen": [find_by_all_words],
    **{word: [find_cases_by_new_words] for word in ABOUT_PEOPLE},
    "person.address_added": [find_cases_by_new_words, acknowledge_who_can_be_reached_now],
    "person.address_changed": [find_cases_by_new_words, acknowledge_who_can_be_reached_now],
    "case.split": [find_by_all_words],
    "case.split_off": [find_by_all_words, look_for_similar],
    "commitment.broken": [tell_of_broken_promise],
    "message.received": [check_files, tell_handler_of_new_words, look_for_similar],
    "message.queued": [deliver_it],
    "message.uncertain": [tell_desk_of_uncertain_mail],
    "message.returned": [tell_handler_of_returned_mail],
    "message.held": [tell_of_held_mail],
    "mail.stopped": [tell_administrators_of_stopped_mail],
    "mail.resumed": [let_waiting_mail_go],
    "info.reminded": [tell_of_reminder],
    "info.lapsed": [tell_of_lapsed_question],
    "deadline.near": [warn_of_deadline],
    "deadline.missed": [carry_out_breach_actions],
}
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
