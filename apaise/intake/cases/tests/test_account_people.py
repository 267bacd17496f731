"""Who looks after a customer is kept apart from their complaints, without anybody having to think of it."""

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.contracts import add_contract, change_contract
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.routing.assignment import assign, candidates
from apaise.intake.cases.account_people import keep_account_people_apart
from apaise.intake.cases.contract import choose_contract
from apaise.intake.cases.merging import merge
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.splitting import split
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel(desk, noon):
    """A business whose complaints fall under the maintenance pack."""
    return Organisation.objects.create(name="Hôtel des Tilleuls", kind="business", sector="maintenance")


@pytest.fixture
def from_hotel(hotel, complain):
    """A complaint of the hotel's Paule Vernier."""

    def make(**words):
        person = Person.objects.identify("paule@tilleuls.exemple.test", "Paule Vernier", language="fr")
        if person.organisation_id is None:
            Person.objects.filter(pk=person.pk).update(organisation=hotel)
        return complain(email="paule@tilleuls.exemple.test", name="Paule Vernier", **words)

    return make


def kept(case):
    """Who is kept apart, because of what and how it was found."""
    found = case.exclusions.order_by("pk").values_list("user__name", "because", "found")
    return [tuple(one) for one in found]


def test_the_account_manager_and_the_technician_are_kept_apart_from_the_moment_the_case_opens(
    hotel, from_hotel, ana, bo, mara
):
    add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana, technician=bo)
    case = from_hotel()
    assert kept(case) == [
        ("Ana Handler", "account_manager", "contract"),
        ("Bo Handler", "onsite_technician", "contract"),
    ]
    said = Entry.objects.of(case.reference).filter(what="conflict.declared")
    assert [(entry.by, entry.facts) for entry in said] == [
        (
            "system:judge-and-party",
            {"person": ana.actor_code, "because": "account_manager", "found": "contract"},
        ),
        (
            "system:judge-and-party",
            {"person": bo.actor_code, "because": "onsite_technician", "found": "contract"},
        ),
    ]
    assert not Entry.objects.filter(what="conflict.breached").exists()


def test_another_contract_of_the_same_account_counts_and_an_ended_one_does_not(
    hotel, from_hotel, ana, bo, mara
):
    add_contract(hotel, by=mara, number="T-1", sector="maintenance")
    add_contract(hotel, by=mara, number="T-2", sector="maintenance", account_manager=ana)
    add_contract(hotel, by=mara, number="T-3", sector="maintenance", technician=bo, state="ended")
    assert kept(from_hotel()) == [("Ana Handler", "account_manager", "contract")]


def test_under_a_pack_that_names_no_account_people_nobody_is_kept_apart_by_a_contract(
    complain, ana, mara, noon
):
    person = Person.objects.identify("claire@courriel.exemple.test", "Claire Fontanel", language="fr")
    add_contract(person, by=mara, number="C-1", account_manager=ana)
    case = complain()
    assert case.pack_version.pack_id == "fr-consommation"
    assert kept(case) == []


def test_a_contract_that_changes_hands_keeps_the_new_ones_apart_from_running_cases(
    hotel, from_hotel, ana, bo, mara, work
):
    deal = add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    case = from_hotel()
    work()
    change_contract(deal, by=mara, account_manager=bo)
    work()
    assert kept(case) == [
        ("Ana Handler", "account_manager", "contract"),
        ("Bo Handler", "account_manager", "contract"),
    ]


def test_a_contract_written_down_later_counts_too(hotel, from_hotel, ana, mara, work):
    case = from_hotel()
    add_contract(hotel, by=mara, number="T-1", sector="maintenance", technician=ana)
    work()
    assert kept(case) == [("Ana Handler", "onsite_technician", "contract")]


def test_choosing_the_contract_keeps_its_people_apart_in_the_same_moment(hotel, from_hotel, ana, mara):
    case = from_hotel()
    ended = add_contract(hotel, by=mara, number="T-0", sector="maintenance", state="ended", technician=ana)
    keep_account_people_apart(case)
    assert kept(case) == []
    choose_contract(case, ended, by=mara)
    assert kept(case) == [("Ana Handler", "onsite_technician", "contract")]


def test_a_handler_found_to_be_a_party_loses_the_case_at_once_and_the_lead_places_it_again(
    hotel, from_hotel, ana, bo, mara, work
):
    case = from_hotel()
    assign(case, ana, by=ana)
    work()
    add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    work()
    case.refresh_from_db()
    assert (case.handler, case.state) == (None, "qualifying")
    said = Entry.objects.of(case.reference).get(what="conflict.declared")
    assert said.facts == {
        "person": ana.actor_code,
        "because": "account_manager",
        "found": "contract",
        "taken": True,
    }
    task = case.tasks.get()
    assert (task.kind, task.owner, task.person, task.done_at) == ("place_again", "team_lead", mara, None)
    assert list(mara.alerts.filter(chain=case.reference).values_list("kind", flat=True)) == ["case_taken"]
    assert [person.name for person in candidates(case, by=mara)] == ["Mara Lead", "Bo Handler"]
    assign(case, bo, by=mara)
    work()
    task.refresh_from_db()
    assert task.done_at is not None


def test_who_acted_before_it_was_known_is_told_to_the_complaints_manager(
    hotel, from_hotel, ana, cleo, mara, work
):
    case = from_hotel()
    assign(case, ana, by=ana)
    work()
    add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    work()
    breach = Entry.objects.of(case.reference).get(what="conflict.breached")
    assert breach.facts == {"person": ana.actor_code, "acts": 1, "seen": 0}
    assert list(cleo.alerts.values_list("kind", flat=True)) == ["conflict_breached"]


def test_whoever_became_a_party_while_the_case_was_being_given_to_them_does_not_get_it(
    hotel, from_hotel, ana, mara
):
    case = from_hotel()
    as_the_page_saw_it = Case.objects.prefetch_related("exclusions").get(pk=case.pk)
    assert as_the_page_saw_it.is_excluded(ana) is False
    add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    keep_account_people_apart(case)
    with refused(Refused, match="kept apart from the case"):
        assign(as_the_page_saw_it, ana, by=mara)


def test_repeating_it_changes_nothing(hotel, from_hotel, ana, mara):
    add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    case = from_hotel()
    with nothing_changed():
        assert keep_account_people_apart(case) == []


def test_a_merged_case_brings_the_people_of_its_contract_along(
    hotel, from_hotel, complain, ana, bo, mara, work
):
    add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    case, other = from_hotel(), from_hotel(subject="Encore")
    other.exclusions.all().delete()
    merge(case, other, reason="sent_twice", by=mara)
    assert kept(other) == [("Ana Handler", "account_manager", "contract")]


def test_a_case_split_off_keeps_the_same_people_apart(hotel, from_hotel, ana, mara):
    from apaise.intake.cases.messages import add_customer_message

    add_contract(hotel, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    case = from_hotel()
    more = add_customer_message(case, case.complainant, channel="email", text="La facture aussi.")
    new = split(case, [more.pk], by=mara)
    assert kept(new) == [("Ana Handler", "account_manager", "contract")]
