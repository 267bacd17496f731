"""What follows from the weight of a case: it is weighed anew, people are told, a wide post takes it up."""

from datetime import timedelta

from apaise.ground.accounts.alerts import alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.handling.routing.escalation import escalate
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.levels import standing
from apaise.handling.routing.people import holders, leads, responsible
from apaise.handling.tasks.todo import open_task
from apaise.intake.cases.attempts import THIRD
from apaise.intake.cases.criticality import weigh
from apaise.intake.cases.models import Case
from apaise.intake.cases.weighing import Weighing
from apaise.journey.marks import cases_of
from apaise.journey.of_entry import case_of
from apaise.lib import clock
from apaise.lib.working_time import Duration, due

BY = System("criticality")
MOST = 200  # open cases of one customer that are weighed anew when something about them changes
ASKED_WITHIN = Duration(5, "business_days")


def weigh_again(entry: Entry) -> None:
    """Something the factors rest on has changed."""
    if not entry.facts.get("machine"):
        weigh(case_of(entry))


def weigh_cases_of(entry: Entry) -> None:
    """A customer or a contract has changed: their open cases may stand elsewhere now."""
    for case in cases_of(entry).order_by("-pk")[:MOST]:
        weigh(case)


def tell_of_third_contact(entry: Entry) -> None:
    """The same customer, the same matter, for the third time: whoever holds the case should know, and their lead."""
    case = case_of(entry)
    weighed = Weighing.objects.filter(case=case).first()
    if weighed and weighed.attempts >= THIRD and case.is_open:
        people = [*responsible(case), *leads(case)]
        alert(people, "third_contact", chain=case.reference, once=f"third:{case.pk}")


def suggest_level(entry: Entry) -> None:
    """The factors come to more than what a person set: they are told, and decide."""
    case = case_of(entry)
    level = entry.facts["level"]
    alert(responsible(case), "criticality_suggested", chain=case.reference, detail=level, once=entry.pk)


def welcome_first_complaint(entry: Entry) -> None:
    """A first complaint is answered: a person asks whether it is solved, before the customer leaves in silence."""
    case = case_of(entry)
    weighed = Weighing.objects.filter(case=case).first()
    if weighed and weighed.first_complaint:
        by_then = due(entry.at, ASKED_WITHIN, case.pack_version.pack.calendar).due_at
        open_task(
            case, "first_complaint", owner="handler", by=BY, due_at=by_then, once=f"first:{case.pk}"
        )  # fmt: skip


def pass_up_for_reach(entry: Entry) -> None:
    """Too many people may have seen it: the level the pack names takes the case, and the leads are told."""
    case, level = case_of(entry), int(entry.facts["level"])
    # A pack with a shorter ladder than the one it extends: the highest step it has.
    ladder = [step for step in case.pack_version.pack.block("escalation") or () if step["level"] <= level]
    highest = max(ladder, key=lambda step: int(step["level"]), default=None)
    role = str(highest["role"]) if highest else "complaints_manager"
    people = holders(case, role)
    alert([*people, *leads(case)], "reach_passed", chain=case.reference, once=entry.pk)
    move_up_for_reach(case, level=int(highest["level"]) if highest else level)


def move_up_for_reach(case: Case, *, level: int) -> None:
    """To the level the pack names for what many people see; a case that stands there or higher stays."""
    if standing(case) < level:
        escalate(case, to_level=level, why=Escalation.Why.RISK)


def weigh_what_time_changes() -> None:
    """A renewal or a legal date comes nearer while nothing else happens: each open case is weighed once a day."""
    day_ago = clock.now() - timedelta(days=1)
    old = Case.objects.all().open().filter(weighing__at__lt=day_ago).order_by("weighing__at")
    for case in old.select_related("pack_version", "complainant", "organisation", "contract", "desk")[:MOST]:
        weigh(case)
