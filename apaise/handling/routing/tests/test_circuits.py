"""The circuit of a criticality, its named people, and who is missing."""

import pytest

from apaise.ground.accounts.models import Function
from apaise.ground.accounts.naming import named
from apaise.ground.packs.load import load_shipped_packs
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.handling.routing import circuits, lineup
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.exclusion import keep_apart

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(complain, desk, ana, mara, cleo):
    case = complain()
    assign(case, ana, by=ana)
    return case


def names(case):
    return [(station.name, [person.name for person in station.people]) for station in circuits.circuit(case)]


def test_s4_8_c1_and_c3_follow_different_circuits_with_names_shown(case, ana, mara, cleo, staff):
    boss = staff("executive")
    case.criticality = "C3"
    assert names(case) == [
        ("Complaints desk", ["Mara Lead", "Ana Handler"]),
        ("Handler", ["Ana Handler"]),
        ("Team lead", ["Mara Lead"]),
    ]
    case.criticality = "C1"
    assert names(case) == [
        ("Complaints desk", ["Mara Lead", "Ana Handler"]),
        ("Complaints manager", ["Cleo Manager"]),
        ("Executive", [boss.name]),
    ]


def test_until_a_criticality_is_set_the_usual_circuit_counts(case):
    assert [station.code for station in circuits.circuit(case)] == ["desk", "handler", "team_lead"]


def test_nobody_kept_apart_stands_in_the_circuit(case, mara, cleo):
    keep_apart(case, mara, because="onsite_technician", by=cleo)
    assert names(case)[2] == ("Team lead", [])


def test_a_missing_contact_is_found_before_a_case_needs_it(case, cleo):
    pack = load_shipped_packs()["fr-consommation"]
    assert {"executive", "internal_mediator", "senior_handler"} <= set(lineup.holes(pack))
    assert not {"handler", "complaints_manager", "account_manager", "desk"} & set(lineup.holes(pack))


def test_the_acknowledgement_names_the_circuit_once_the_criticality_is_known(
    complain, desk, mara, cleo, work, noon
):
    Function.objects.filter(code="desk").update(person=mara, team=None)
    Function.objects.create(code="service_director", person=cleo)
    plain = complain(email="a@courriel.exemple.test")
    exposed = complain(email="b@courriel.exemple.test")
    for case in (plain, exposed):
        case.keep(pack_version=PackVersion.freeze(load_shipped_packs()["fr-b2b-maintenance"]))
    exposed.keep(criticality="C2")
    work()
    assert "Interlocuteurs" not in plain.messages.get(kind="acknowledgement").text
    text = exposed.messages.get(kind="acknowledgement").text.replace("\xa0", " ").replace("\u202f", " ")
    assert "Niveau de criticité : élevée." in text
    assert (
        "Interlocuteurs : Guichet réclamations : Mara Lead ; Responsable réclamations : Cleo Manager ; Directeur du service : Cleo Manager."
        in text
    )


def test_every_role_and_function_has_a_name():
    for code in (*ROLES, *FUNCTIONS):
        assert named(code) != code
