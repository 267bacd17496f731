"""Who is told at which stage; nobody kept apart, nobody who may not read the case."""

import pytest

from apaise.ground.accounts.models import Alert, Function
from apaise.ground.ledger.models import Entry
from apaise.handling.routing import escalation, telling
from apaise.handling.routing.assignment import assign
from apaise.handling.routing.handover import Handover
from apaise.handling.routing.notifications import Notification
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.qualification import qualify
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
QUALIFIED = {
    "grievances": ["Personne n'est venu le 12."],
    "cause": "service.missed_visit",
    "criticality": "C3",
    "restatement": "Si je comprends bien, personne n'est venu ?",
}


def told():
    return sorted(Alert.objects.filter(kind="stage_reached").values_list("user__name", "detail"))


def test_s2_10_changing_stage_notifies_the_matrix_recipients(complain, mara, ana, bo, cleo, work, noon):
    telling.tell_them("understood", "team_lead", by=cleo)
    telling.tell_them("investigation", "complaints_manager", by=cleo)
    case = complain()
    work()
    assert told() == []
    assign(case, ana, by=ana)
    work()
    assert told() == [("Mara Lead", "understood")]
    qualify(case, **QUALIFIED, by=ana)
    work()
    assert told() == [("Cleo Manager", "investigation"), ("Mara Lead", "understood")]


def test_the_same_stage_again_tells_nobody(complain, mara, ana, bo, cleo, work, noon):
    telling.tell_them("understood", "complaints_manager", by=cleo)
    case = complain()
    assign(case, ana, by=ana)
    assign(case, bo, by=mara)
    work()
    assert told() == [("Cleo Manager", "understood")]


def test_excluded_people_and_those_who_may_not_read_the_case_are_never_told(
    complain, desk, mara, ana, bo, eve, cleo, work, noon
):
    Function.objects.create(code="quality_manager", person=eve)
    for code in ("handler", "quality_manager"):
        telling.tell_them("understood", code, by=cleo)
    telling.tell_them("understood", "team_lead", by=cleo)
    case = complain()
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    assign(case, ana, by=ana)
    work()
    # Ana did it and knows; Eve is of another team; Mara is kept apart.
    assert told() == []


def test_what_happens_besides_the_stages_may_be_told_too(complain, mara, ana, cleo, work, noon):
    telling.tell_them("case.escalated", "complaints_manager", by=cleo)
    case = complain()
    assign(case, ana, by=ana)
    escalation.hand_up(case, Handover("Lu.", "Répondre.", ""), by=ana)
    work()
    assert told() == [("Cleo Manager", "case.escalated")]


def test_only_the_complaints_manager_changes_the_table_and_only_by_its_lists(ana, mara, cleo):
    for person in (ana, mara):
        with refused(Refused, match="Only the complaints manager"):
            telling.tell_them("decision", "quality", by=person)
    for occasion, code in (("nowhere", "quality"), ("decision", "regulator"), ("case.received", "quality")):
        with refused(Refused, match="from the lists"):
            telling.tell_them(occasion, code, by=cleo)


def test_the_table_is_changed_once_and_the_house_keeps_the_record(cleo):
    telling.tell_them("decision", "quality", by=cleo)
    with nothing_changed():
        telling.tell_them("decision", "quality", by=cleo)
    assert telling.tell_them_no_more("decision", "quality", by=cleo)
    assert not telling.tell_them_no_more("decision", "quality", by=cleo)
    assert not Notification.objects.exists()
    said = [entry.facts for entry in Entry.objects.filter(what="notification.changed")]
    assert [(one["occasion"], one["code"], one["told"]) for one in said] == [
        ("decision", "quality", True),
        ("decision", "quality", False),
    ]


def test_every_occasion_and_everybody_who_may_be_told_has_a_name():
    from apaise.ground.accounts.naming import named

    for occasion in telling.OCCASIONS:
        assert telling.occasion_name(occasion) != occasion
    for code in telling.TELLABLE:
        assert named(code) != code
