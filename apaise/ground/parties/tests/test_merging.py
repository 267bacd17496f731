from datetime import date
from functools import partial

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.ledger.verify import verify
from apaise.ground.parties import addresses, contracts, duplicates, mandates, people
from apaise.ground.parties.errors import MergeRefused
from apaise.ground.parties.merging import merge, undo
from apaise.ground.parties.models import Duplicate, Merge, Person
from tests.at_once import at_once
from tests.nothing_changed import refused

TERMS = {
    "quality": "relative",
    "told": "all",
    "may_decide": False,
    "may_be_paid": False,
    "from_day": None,
    "to_day": date(2030, 1, 1),
    "document": None,
}


def _rows(person):
    """Where everything of a person stands."""
    return (
        sorted(person.addresses.values_list("pk", "person_id", "value", "preferred", "ended_on")),
        sorted(person.contracts.values_list("pk", "person_id", "number")),
        sorted(person.representatives.values_list("pk", "represents_id", "person_id")),
    )


@pytest.fixture
def twins(someone, clerk):
    """Claire, and Claire again with a contract, a mandate and an address of her own."""
    claire = someone(email="claire@a.test", phone="06 12 34 56 78", postal="13002 Marseille")
    again = someone(email="claire@b.test", phone="06 12 34 56 78", postal="13002 Marseille")
    contracts.add_contract(again, by=clerk, number="K-1")
    mandates.add_mandate_by_email("fils@a.test", "Léo", again, by=clerk, **TERMS)
    duplicates.sweep()
    return claire, again


def test_a_merged_person_is_read_through_the_one_who_is_kept(twins, clerk):
    claire, again = twins
    merge(claire, again, by=clerk, sure=False)
    assert Person.objects.at("claire@b.test") == claire
    assert {way.value for way in Person.objects.get(pk=claire.pk).ways()} >= {
        "claire@a.test",
        "claire@b.test",
    }
    assert [one.number for one in contracts.Contract.objects.of_person(claire)] == ["K-1"]
    assert [one.person.name for one in mandates.mandates_for(claire, None)] == ["Léo"]
    assert Person.objects.identify("claire@b.test") == claire
    for person in twins:
        entry = Entry.objects.of(person.reference).filter(what="person.merged").get()
        assert (entry.facts["survivor"], entry.facts["absorbed"]) == (claire.pk, again.pk)
    assert list(verify()) == []


def test_undoing_a_merge_puts_everything_back_and_leaves_what_came_after_with_the_one_kept(twins, clerk):
    claire, again = twins
    before = (_rows(claire), _rows(again))
    made = merge(claire, again, by=clerk, sure=False)
    added = addresses.add_address(claire, "email", "claire@c.test", by=clerk)
    undo(made, by=clerk)
    added.delete()
    assert (_rows(claire), _rows(again)) == before
    assert Person.objects.at("claire@b.test") == again
    assert not Person.objects.get(pk=claire.pk).has_absorbed
    assert Duplicate.objects.get(first=claire, second=again).state == "dismissed"
    duplicates.sweep()
    assert not Duplicate.objects.open().filter(first=claire, second=again).exists()
    assert Entry.objects.filter(what="person.merge_undone").count() == 2
    with refused(MergeRefused):
        undo(made, by=clerk)


def test_what_came_after_the_merge_stays_with_the_one_who_was_kept(twins, clerk):
    claire, again = twins
    made = merge(claire, again, by=clerk, sure=False)
    Person.objects.identify("claire@b.test")
    addresses.add_address(claire, "email", "claire@c.test", by=clerk)
    undo(made, by=clerk)
    assert Person.objects.at("claire@c.test") == claire


def test_a_weak_reason_alone_needs_a_person_who_has_checked(someone, clerk):
    claire, luc = someone(phone="06 12 34 56 78"), someone("Luc Vidal", phone="06 12 34 56 78")
    duplicates.sweep()
    with refused(MergeRefused):
        merge(claire, luc, by=clerk, sure=False)
    nina = someone("Nina Berger")
    with refused(MergeRefused):  # no reason at all is weaker still
        merge(claire, nina, by=clerk, sure=False)
    assert merge(claire, luc, by=clerk, sure=True).score == 45


def test_a_merge_with_itself_with_a_merged_one_or_by_a_machine_is_refused(twins, someone, clerk):
    claire, again = twins
    luc = someone("Luc Vidal")
    with refused(MergeRefused):
        merge(claire, claire, by=clerk, sure=True)
    with refused(MergeRefused):
        merge(claire, again, by=System("robot"), sure=True)
    merge(claire, again, by=clerk, sure=True)
    again.refresh_from_db()
    for one, other in ((luc, again), (again, luc), (claire, again)):
        with refused(MergeRefused):
            merge(one, other, by=clerk, sure=True)


def test_a_stale_page_cannot_merge_what_was_merged_meanwhile(twins, someone, clerk):
    claire, again = twins
    luc, stale = someone("Luc Vidal"), Person.objects.get(pk=again.pk)
    merge(claire, again, by=clerk, sure=True)
    with refused(MergeRefused):
        merge(luc, stale, by=clerk, sure=True)


def test_merges_in_a_row_are_undone_in_the_reverse_order(someone, clerk):
    a, b, c = someone("A A"), someone("B B"), someone("C C")
    first = merge(b, a, by=clerk, sure=True)
    b.refresh_from_db()
    second = merge(c, b, by=clerk, sure=True)
    assert set(Person.objects.filter(merged_into=c)) == {a, b}
    with refused(MergeRefused):
        undo(first, by=clerk)
    undo(second, by=clerk)
    assert Person.objects.get(pk=a.pk).merged_into == b
    assert Person.objects.get(pk=b.pk).has_absorbed and not Person.objects.get(pk=c.pk).has_absorbed
    undo(first, by=clerk)
    assert not Person.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_people_merging_at_once_one_wins(someone, clerk):
    a, b, c = someone("A A"), someone("B B"), someone("C C")
    done = at_once([partial(merge, a, b, by=clerk, sure=True), partial(merge, b, a, by=clerk, sure=True)])
    assert sorted(type(one).__name__ for one in done) == ["Merge", "MergeRefused"]
    winner = next(one for one in done if isinstance(one, Merge))
    kept, taken = Person.objects.get(pk=winner.survivor_id), Person.objects.get(pk=winner.absorbed_id)
    assert taken.merged_into == kept and kept.merged_into is None
    again = at_once([partial(merge, kept, c, by=clerk, sure=True), partial(undo, winner, by=clerk)])
    assert [type(one) for one in again if isinstance(one, Exception)] == []
    assert list(verify()) == []


def test_facts_of_a_mandate_are_checked(someone, clerk):
    claire = someone(email="claire@a.test")
    for wrong in ({"quality": "king"}, {"told": "gossip"}, {"from_day": date(2031, 1, 1)}):
        with refused(mandates.NotKept):
            mandates.add_mandate_by_email("fils@a.test", "Léo", claire, by=clerk, **{**TERMS, **wrong})
    with refused(mandates.NotKept):
        mandates.add_mandate_by_email("claire@a.test", "", claire, by=clerk, **TERMS)
    made = mandates.add_mandate_by_email("fils@a.test", "Léo", claire, by=clerk, **TERMS)
    mandates.end_mandate(made, by=clerk)
    mandates.end_mandate(made, by=clerk)
    said = [entry.what for entry in Entry.objects.of(claire.reference)]
    assert said[-2:] == ["mandate.added", "mandate.ended"]


def test_a_contract_is_written_down_changed_and_checked(someone, clerk):
    claire = someone()
    made = contracts.add_contract(
        claire, by=clerk, number=" K-1 ", amount="12.50", renews_on=date(2027, 1, 1)
    )
    assert made.number == "K-1"
    assert contracts.change_contract(made, by=clerk, state="suspended", site="Lyon") == ["site", "state"]
    assert contracts.change_contract(made, by=clerk, site="Lyon") == []
    for wrong in (
        {"number": ""},
        {"sector": "x"},
        {"amount": -1},
        {"currency": "EURO"},
        {"starts_on": date(2028, 1, 1)},
    ):
        with refused(contracts.NotKept):
            contracts.change_contract(made, by=clerk, **wrong)
    with refused(contracts.NotKept):
        contracts.add_contract(claire, by=clerk, number="K-1")
    words = [entry.what for entry in Entry.objects.of(claire.reference)]
    assert words == ["person.created", "contract.added", "contract.changed"]
    assert people.change_person(claire, by=clerk, vip=True) == ["vip"]
