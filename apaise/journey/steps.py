"""The steps the table names: small functions from a ledger entry to a verb of a lower room."""

from django.db.models import prefetch_related_objects

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import User, everyone_with
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Person
from apaise.handling.routing import circuits
from apaise.handling.routing.people import holders, not_excluded, responsible
from apaise.handling.tasks.todo import open_task
from apaise.intake.cases import deadlines, findable
from apaise.intake.cases.acknowledgement import acknowledge as acknowledge_case
from apaise.intake.cases.acknowledgement import acknowledge_unreached
from apaise.intake.cases.likeness import look_for_similar as look_for_cases_similar_to
from apaise.intake.cases.message import Attachment
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.promise import Promise
from apaise.intake.channels.checking import Safety, check, safety_of
from apaise.intake.channels.settling import follow_messages
from apaise.intake.channels.tasks import deliver
from apaise.journey import queue
from apaise.journey.ladder_steps import act_on_breach
from apaise.journey.of_entry import case_of
from apaise.lib import clock

SERVICE_NOTIFIED = "service_notified"  # of the packs that want it


def acknowledge(entry: Entry) -> None:
    case = case_of(entry)
    prefetch_related_objects([case.complainant], "addresses")  # asked for at every turn of it
    acknowledge_case(case, circuit=circuits.said(case) if case.criticality else "")


def acknowledge_who_can_be_reached_now(entry: Entry) -> None:
    acknowledge_unreached(Person.objects.get(pk=entry.chain.partition(":")[2]))


def ask_to_tell_the_service(entry: Entry) -> None:
    """Where the policy wants the service told of a decision: a task says so, and ends the clock when it is done."""
    case = case_of(entry)
    for owed in case.deadlines.filter(rule=SERVICE_NOTIFIED, state=Deadline.State.RUNNING):
        open_task(
            case, "service_notice", owner=owed.owner, due_at=owed.due_at, once=f"service:{entry.pk}",
            by=System("deadlines"),
        )  # fmt: skip


def check_files(entry: Entry) -> None:
    """Have the scanner look at what came with the words, before anybody opens it."""
    files = Attachment.objects.filter(message=entry.facts["message"]).exclude(sha256="")
    waiting = safety_of(set(files.values_list("sha256", flat=True)))
    for digest, safety in waiting.items():
        if safety == Safety.WAITING:
            check(digest)


def tell_new_handler(entry: Entry) -> None:
    case, code = case_of(entry), str(entry.facts["to"])
    if entry.by != code and entry.facts.get("why") != "escalation":  # that has words of its own
        alert(
            User.objects.filter(pk=code.partition(":")[2]),
            "case_assigned",
            chain=case.reference,
            once=entry.pk,
        )


def tell_handler_of_new_words(entry: Entry) -> None:
    if entry.facts.get("machine") or entry.facts.get("thanks"):
        return
    for handler in User.objects.filter(cases__reference=entry.chain):
        if handler.actor_code != entry.by:  # a call one took oneself is no news
            alert([handler], "customer_wrote", chain=entry.chain, once=entry.pk)


def reconsider_clocks(entry: Entry) -> None:
    """More is known of the case: some dates may apply now, and some certainly do not."""
    deadlines.reconsider(case_of(entry), at=clock.now())


def look_for_similar(entry: Entry) -> None:
    if not entry.facts.get("machine"):
        look_for_cases_similar_to(case_of(entry))


def tell_handler_of_merged_case(entry: Entry) -> None:
    case = case_of(entry)
    if case.handler and entry.by != case.handler.actor_code:
        alert([case.handler], "case_absorbed", chain=case.reference, once=entry.pk)


def tell_of_broken_promise(entry: Entry) -> None:
    case = case_of(entry)
    alert(_authors(case, entry) or responsible(case), "promise_broken", chain=case.reference, once=entry.pk)


def tell_desk_of_uncertain_mail(entry: Entry) -> None:
    case = case_of(entry)
    alert(responsible(case), "mail_uncertain", chain=case.reference, once=entry.pk)


def tell_handler_of_returned_mail(entry: Entry) -> None:
    case, kind = case_of(entry), "copy_returned" if entry.facts.get("copy") else "mail_returned"
    alert(responsible(case), kind, chain=case.reference, once=entry.pk)


def tell_of_held_mail(entry: Entry) -> None:
    case = case_of(entry)
    alert(responsible(case), "mail_held", chain=case.reference, once=entry.pk)


def tell_administrators_of_stopped_mail(entry: Entry) -> None:
    if entry.facts["why"] == "too_many":  # whoever stops it by hand knows
        alert(everyone_with("administrator"), "mail_stopped", once=entry.pk)


def let_waiting_mail_go(_entry: Entry) -> None:
    queue.hurry(deliver.module_path)


def tell_of_reminder(entry: Entry) -> None:
    case = case_of(entry)
    alert(responsible(case), "customer_reminded", chain=case.reference, once=entry.pk)


def tell_of_lapsed_question(entry: Entry) -> None:
    case = case_of(entry)
    alert(responsible(case), "question_lapsed", chain=case.reference, once=entry.pk)


def warn_of_deadline(entry: Entry) -> None:
    case = case_of(entry)
    people = _owners(case, entry)
    alert(people, "deadline_near", chain=case.reference, detail=entry.facts["rule"], once=entry.pk)


def carry_out_breach_actions(entry: Entry) -> None:
    """Tell its owner that a date was missed, then do what the pack says."""
    case = case_of(entry)
    alert(
        _owners(case, entry),
        "deadline_missed",
        chain=case.reference,
        detail=entry.facts["rule"],
        once=entry.pk,
    )
    act_on_breach(entry)


def keep_arrivals_with_their_case(entry: Entry) -> None:
    follow_messages(case_of(entry))


def find_by_all_words(entry: Entry) -> None:
    findable.refresh([_id(entry)])


def find_cases_by_new_words(entry: Entry) -> None:
    """A person, company or contract is called otherwise now: their cases are found by it."""
    kind, _colon, number = entry.chain.partition(":")
    cases = Case.objects.none()
    if entry.what == "contract.changed":
        cases = Case.objects.filter(contract=entry.facts["contract"])
    elif kind == "person":
        cases = Case.objects.all().of_person(Person.objects.get(pk=number))
    elif kind == "organisation":
        cases = Case.objects.filter(organisation=int(number))
    findable.refresh(cases.values_list("pk", flat=True))


def _owners(case: Case, entry: Entry) -> list[User]:
    """The people a deadline's owner code means for this case."""
    if entry.facts["owner"] == "commitment_author":
        return _authors(case, entry) or responsible(case)
    return holders(case, entry.facts["owner"])


def _authors(case: Case, entry: Entry) -> list[User]:
    made = Promise.objects.filter(pk=entry.facts.get("promise", 0)).select_related("made_by")
    return not_excluded(case, [promise.made_by for promise in made])


def _id(entry: Entry) -> int:
    return Case.objects.values_list("pk", flat=True).get(reference=entry.chain)
