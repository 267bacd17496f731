"""The one timeline of a case: messages, notes, and what happened, in order."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apaise.doors import spoken
from apaise.doors.chips import chip, safety_of_all
from apaise.doors.workspace.cases.beside import WITH, beside_it
from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.intake.cases.hearing import hear_refusal, what_follows
from apaise.intake.cases.labels import labels_in
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import CHANNEL_NAMES, Case, Note
from apaise.intake.cases.retraction import retract_refusal
from apaise.intake.channels.checking import Safety

# What is worth a line of its own; messages and notes stand for themselves.
SAID = {
    "case.received": _("Case opened"),
    "case.assigned": _("Given to %(to)s"),
    "case.escalated": _("Passed up to %(to)s, level %(level)s"),
    "case.returned": _("Handed back to %(to)s"),
    "breach.logged": _("Entered in the register of missed dates: %(rule)s"),
    "penalty.computed": _("What the law adds so far: %(increase)s €"),
    "update.sent": _("A prepared message was sent"),
    "ticket.linked": _("A ticket of another system was linked"),
    "ticket.changed": _("The ticket of another system changed; the case goes on"),
    "case.passed": _("Given back to the queue"),
    "case.qualified": _("Qualified: %(criticality)s, grievances: %(grievances)s"),
    "criticality.changed": _("Criticality changed to %(criticality)s"),
    "criticality.suggested": _("What is known comes to criticality %(level)s"),
    "reach.passed": _("Seen by many: more than %(above)s people"),
    "case.exposed": _("Public: others can read this complaint"),
    "awaiting_customer.started": _("The case waits for the customer"),
    "info.received": _("The customer answered our question"),
    "info.lapsed": _("No answer from the customer by the date; the case goes on"),
    "deadline.missed": _("Deadline missed: %(rule)s"),
    "deadline.changed": _("New date: %(rule)s, %(due)s"),
    "decision.taken": _("Decision: %(outcome)s"),
    "acceptance.recorded": _("The customer accepts the answer"),
    "case.closed": _("Case closed"),
    "case.reopened": _("Case reopened"),
    "case.contract_chosen": _("Contract chosen"),
    "case.withdrawn": _("Withdrawn by the customer"),
    "case.redirected": _("Redirected"),
    "case.merged": _("Merged: followed under %(into)s"),
    "case.absorbed": _("%(of)s was merged into this case"),
    "case.merge_undone": _("Merge undone: %(other)s"),
    "case.split": _("Split: %(into)s is a case of its own"),
    "case.split_off": _("Split off %(of)s"),
    "case.linked": _("Linked with %(link_to)s"),
    "case.unlinked": _("No longer linked with %(link_to)s"),
    "conflict.declared": _("%(kept_apart)s is kept apart from this case"),
    "conflict.overridden": _("%(kept_apart)s is let in until %(until)s, with a reason"),
    "conflict.restored": _("%(kept_apart)s is kept apart again"),
    "conflict.breached": _("%(kept_apart)s had acted on this case, or seen it, before it was known"),
    "context_note.requested": _("Facts asked of %(kept_apart)s"),
    "context_note.reminded": _("%(kept_apart)s is reminded of the facts asked"),
    "context_note.declined": _("A context note was declined"),
    "context_note.withdrawn": _("A context note is no longer asked for"),
    "commitment.made": _("Promised: %(promise)s"),
    "commitment.kept": _("Done as promised: %(promise)s"),
    "commitment.broken": _("Promise not kept in time: %(promise)s"),
    "message.forwarded": _("Forwarded by %(forwarder)s"),
    "message.not_forwarded": _("It is %(forwarder)s's own complaint"),
    "intake.heard": _("Taken for a machine's, a message comes from a person"),
    "message.uncertain": _("An e-mail may not have arrived"),
    "message.returned": _("An e-mail of ours came back undelivered"),
    "message.taken_back": _("A message was taken back before it left"),
    "info.reminded": _("The customer is reminded of our question"),
    "info.reminders_stopped": _("No further reminders of our question"),
    "durable_recap.declined": _("The written recap was offered and not wanted"),
    "contact.preferred": _("The customer wants our words by: %(channel)s"),
    "followup.done": _("Follow-up done"),
    "followup.declined": _("Follow-up declined by the customer"),
}
IN_COPY = _("An e-mail of ours did not reach somebody in copy")
# Their line names the case on the other end.
OF_ANOTHER_CASE = (
    "case.merged", "case.absorbed", "case.merge_undone", "case.split", "case.split_off", "case.linked", "case.unlinked",
)  # fmt: skip
KIND_NAMES, STATE_NAMES = dict(Message.Kind.choices), dict(Message.State.choices)
_STAFF = re.compile(r"staff:(\d+)")


def timeline(case: Case, reader: User) -> list[dict[str, Any]]:
    """Every event of the case, oldest first, but for what names a case this person may not see.

    As many queries for a long case as for a short one."""
    events: list[tuple[datetime, int, dict[str, Any]]] = []
    told = case.messages.select_related(*spoken.WITH, *WITH)
    files, arrivals = Prefetch("attachments", to_attr="files"), Prefetch("arrivals", to_attr="arrived")
    messages: list[Any] = list(told.prefetch_related(files, arrivals, spoken.TURNS))
    notes = list(case.notes.select_related("forward"))
    entries = [entry for entry in Entry.objects.of(case.reference) if entry.what in SAID and _matters(entry)]
    entries = _of_seen_cases(entries, reader)
    staff = _name_authors(case, messages, notes, entries)
    safety = safety_of_all(file for message in messages for file in message.files)
    events += [(message.at, 1, _words(message, reader, safety)) for message in messages]
    _offer_hearing(case, reader, [event for _at, _order, event in events])
    events += [(note.at, 2, _note(note)) for note in notes]
    names = {f"staff:{number}": user.name for number, user in staff.items()} | _desks(messages)
    events += [(event["at"], 0, event) for event in _happenings(case, entries, names)]
    return [event for _at, _order, event in sorted(events, key=lambda item: (item[0], item[1]))]


def _of_seen_cases(entries: list[Entry], reader: User) -> list[Entry]:
    named = {entry.id: _other_case(entry) for entry in entries if entry.what in OF_ANOTHER_CASE}
    if not named:
        return entries
    seen = Case.objects.visible_to(reader).filter(reference__in=set(named.values()))
    known = set(seen.values_list("reference", flat=True))
    return [entry for entry in entries if entry.id not in named or named[entry.id] in known]


def _other_case(entry: Entry) -> str:
    return next(
        (str(entry.facts[name]) for name in ("into", "out_of", "of", "to") if name in entry.facts), ""
    )


def _words(message: Any, reader: User, safety: Mapping[str, Safety]) -> dict[str, Any]:
    turns = spoken.turns_of(message)
    return {
        "kind": "ours" if message.is_ours else "customer",
        "message": message,
        "named": KIND_NAMES[message.kind],
        "state": STATE_NAMES[message.state],
        "by": message.author_user or message.author_person,
        "to": _to(message),
        "then": "",
        "may_take_back": message.state == Message.State.QUEUED and not retract_refusal(reader, message),
        "words": spoken.words_beside_turns(message) if turns else message.new_text,
        "has_more": not turns and message.text.strip() != message.new_text.strip(),
        "files": [chip(file, safety.get(file.sha256)) for file in message.files],
        "sign": next((one.reason_text() for one in message.arrived if message.is_machine), ""),
        "raw": next((one.form for one in message.arrived if one.has_original), ""),
        "post": spoken.post_of(message),
        "turns": turns,
        "details": spoken.details_of(message),
        **beside_it(message),
    }


def _offer_hearing(case: Case, reader: User, said: list[dict[str, Any]]) -> None:
    """Beside what was taken for a machine's: what follows if a person wrote it, for whoever may say so."""
    machines = [event for event in said if event["message"].is_machine or event["message"].is_thanks]
    if machines and not hear_refusal(reader, machines[0]["message"]):
        follows = what_follows(case)
        for event in machines:
            event["then"] = follows(event["message"].at)


def _to(message: Message) -> str:
    """Who got it, or was to get it, by mail."""
    copies = ", ".join(message.copies)
    if not message.is_ours:
        return gettext("also to %(copies)s") % {"copies": copies} if copies else ""
    if message.channel != "email":
        return ""
    if not copies:
        return gettext("to %(address)s") % {"address": message.to_address}
    return gettext("to %(address)s, copy to %(copies)s") % {"address": message.to_address, "copies": copies}


def _name_authors(
    case: Case, messages: Iterable[Message], notes: Iterable[Note], entries: Iterable[Entry]
) -> dict[int, User]:
    """Give messages and notes their authors, asking once for all of ours and once for strangers; our people by number."""
    ids = {int(number) for entry in entries for number in _STAFF.findall(f"{entry.by} {entry.facts_json}")}
    ids |= {message.author_user_id for message in messages if message.author_user_id}
    staff = User.objects.in_bulk(ids | {note.author_id for note in notes})
    strangers = {message.author_person_id for message in messages} - {None, case.complainant_id}
    people = {case.complainant_id: case.complainant}
    if strangers:
        people |= Person.objects.prefetch_related("addresses").in_bulk(strangers)
    for message in messages:
        message.author_user = staff.get(message.author_user_id or 0)
        message.author_person = people.get(message.author_person_id or 0)
    for note in notes:
        note.author = staff[note.author_id]
    return staff


def _desks(messages: Iterable[Message]) -> dict[str, str]:
    """Desks that forwarded something, by code."""
    forwards = [message.forward for message in messages if hasattr(message, "forward")]
    return {f"desk:{one.desk_id}": one.desk.address for one in forwards if one.desk}


def _happenings(case: Case, entries: Iterable[Entry], names: dict[str, str]) -> list[dict[str, Any]]:
    texts = {promise.pk: promise.text for promise in case.promises.all()}
    return [_happening(entry, names, texts) for entry in entries]


def _matters(entry: Entry) -> bool:
    # Inner clocks move with every message; what the customer was told is what people look for.
    return entry.what not in ("deadline.changed", "deadline.missed") or entry.facts.get(
        "rule", ""
    ).startswith("reply")


def _happening(entry: Entry, names: dict[str, str], promises: dict[int, str]) -> dict[str, Any]:
    from apaise.intake.cases import deadlines
    from apaise.intake.cases.letters import long_date
    from apaise.intake.cases.wording import OUTCOME_NAMES

    facts = dict(entry.facts)
    facts["link_to"], facts["other"] = facts.get("to", ""), facts.get("out_of") or facts.get("of", "")
    facts["promise"] = promises.get(facts.get("promise", 0), "")
    facts["to"] = names.get(facts.get("to", ""), "")
    facts["kept_apart"] = names.get(str(facts.get("person", "")), "")
    facts["forwarder"] = names.get(str(facts.get("of", "")), "")
    facts["rule"] = deadlines.label(facts.get("rule", ""))
    facts["outcome"] = OUTCOME_NAMES.get(facts.get("outcome", ""), "")
    facts["channel"] = str(CHANNEL_NAMES.get(facts.get("channel", ""), "")).lower()
    facts["due"] = long_date(datetime.fromisoformat(facts["due"])) if facts.get("due") else ""
    facts["until"] = long_date(datetime.fromisoformat(facts["until"])) if facts.get("until") else ""
    by = names.get(entry.by, "")
    return {
        "kind": "slim",
        "what": entry.what,
        "at": entry.at,
        "text": str(IN_COPY if facts.get("copy") else SAID[entry.what]) % _Lenient(facts),
        "by": "" if by == facts["to"] else by,
    }


def _note(note: Note) -> dict[str, Any]:
    by_mail = hasattr(note, "forward")
    return {"kind": "note", "note": note, "by_mail": by_mail, "labels": labels_in(note.text)}


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
