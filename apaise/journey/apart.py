"""What follows when a person of ours turns out to be a party: steps of the table in reactions.py."""

from collections.abc import Iterable

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import Alert, User, everyone_with
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.contributions.asking import remind_late
from apaise.handling.contributions.models import ContextNote
from apaise.handling.routing.escalation import fill_again
from apaise.handling.routing.people import leads, not_excluded, responsible
from apaise.handling.tasks.handover import take_from
from apaise.handling.tasks.models import Task
from apaise.handling.tasks.todo import open_task, settle
from apaise.intake.cases.account_people import cases_of_holder, keep_account_people_apart
from apaise.intake.cases.letting_in import shut_out_lapsed
from apaise.intake.cases.models import Case
from apaise.intake.cases.naming import look_for_names
from apaise.journey.of_entry import case_of
from apaise.journey.staff_mail import mail_request
from apaise.lib import clock

BY = System("judge-and-party")
PLACE_AGAIN = "place_again"


def keep_account_people_apart_now(entry: Entry) -> None:
    """The case has another contract, or is open again: who looks after this customer by now?"""
    keep_account_people_apart(case_of(entry))


def keep_contract_people_apart(entry: Entry) -> None:
    """A contract was written down or changed, or two people are one: the running cases of that account."""
    for case in _running_cases(entry):
        keep_account_people_apart(case)


def place_again_when_taken(entry: Entry) -> None:
    """The case was in the hands of a party. Passed up, it goes to the next person of its level; else its lead is told
    why and gives it to somebody else."""
    case, person = case_of(entry), _person(entry)
    take_from(case, person, by=BY)
    if not entry.facts.get("taken") or fill_again(case):
        return
    who = leads(case)
    alert(who, "case_taken", chain=case.reference, detail=entry.facts.get("because", ""), once=entry.pk)
    once = f"{PLACE_AGAIN}:{entry.pk}"
    open_task(case, PLACE_AGAIN, owner="team_lead", person=who[0] if who else None, once=once, by=BY)


def tell_of_breach(entry: Entry) -> None:
    case = case_of(entry)
    people = not_excluded(case, everyone_with("complaints_manager"))
    alert(people, "conflict_breached", chain=case.reference, once=entry.pk)


def look_for_named_staff(entry: Entry) -> None:
    """Does the customer name somebody of ours? Whoever answers for the case decides; never the one who is named."""
    case = case_of(entry)
    said = case.messages.select_related("author_person")
    if entry.what == "message.received":
        said = said.filter(pk=entry.facts["message"])
    for named in look_for_names(case, said):
        others = [person for person in responsible(case) if person.pk != named.user_id]
        others = others or [person for person in leads(case) if person.pk != named.user_id]
        alert(others, "staff_named", chain=case.reference, once=f"{entry.pk}:{named.pk}")


def settle_place_again(entry: Entry) -> None:
    for task in Task.objects.open().filter(case__reference=entry.chain, kind=PLACE_AGAIN):
        settle(task, by=BY)


def sweep_apart() -> None:
    """Periodic: whoever was let in for a time is kept apart again once it has passed; late context notes are asked for again."""
    shut_out_lapsed()
    remind_late()


def tell_whom_a_note_is_asked(entry: Entry) -> None:
    """Asked or reminded, on their page and by mail. Neither names the case: they may not know that it exists."""
    reminded = entry.what == "context_note.reminded"
    note = ContextNote.objects.select_related("person", "asked_by").get(pk=entry.facts["note"])
    kind = "context_note_late" if reminded else "context_note_asked"
    alert([note.person], kind, detail=f"note:{note.pk}", once=entry.pk)
    if note.state == ContextNote.State.ASKED and mail_request(note, reminded=reminded, once=entry.pk):
        # It is told by this mail: no summary need say it again.
        Alert.objects.filter(once=f"{entry.pk}:{note.person_id}").update(mailed_at=clock.now())


def tell_of_context_note(entry: Entry) -> None:
    """It is there, was declined or is late: whoever answers for the case goes on from it."""
    note = ContextNote.objects.select_related("case__handler", "case__desk__signatory", "case__team").get(
        pk=entry.facts["note"]
    )
    case = note.case.followed_in()
    kind = {
        "context_note.added": "context_note_added",
        "context_note.declined": "context_note_declined",
    }.get(entry.what, "context_note_awaited")
    alert(responsible(case), kind, chain=case.reference, once=f"{entry.pk}:told")


def _running_cases(entry: Entry) -> Iterable[Case]:
    kind, _colon, number = entry.chain.partition(":")
    holders: dict[str, type[Person] | type[Organisation]] = {"person": Person, "organisation": Organisation}
    return cases_of_holder(holders[kind].objects.get(pk=number)) if kind in holders else ()


def _person(entry: Entry) -> User:
    return User.objects.get(pk=entry.facts["person"].partition(":")[2])
