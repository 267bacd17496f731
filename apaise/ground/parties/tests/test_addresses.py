import pytest
from django.db import IntegrityError, transaction

from apaise.ground.ledger.models import Entry
from apaise.ground.parties import addresses
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Address, Person
from tests.nothing_changed import refused


def _said(person):
    return [(entry.what, entry.facts.get("how")) for entry in Entry.objects.of(person.reference)]


def test_a_person_has_several_addresses_and_the_preferred_one_is_used(clerk, someone):
    claire = someone(email="claire@a.test", phone="06 12 34 56 78")
    second = addresses.add_address(claire, "email", "Claire@B.test", by=clerk)
    assert (claire.email, claire.phone) == ("claire@a.test", "0612345678")
    addresses.prefer_address(second, by=clerk)
    claire = Person.objects.get(pk=claire.pk)
    assert claire.email == "claire@b.test"
    addresses.end_address(second, by=clerk)
    assert Person.objects.get(pk=claire.pk).email == "claire@a.test"
    assert Person.objects.at("claire@b.test") == claire  # an old address still finds its person
    assert _said(claire)[-2:] == [
        ("person.address_changed", "preferred"),
        ("person.address_changed", "ended"),
    ]


def test_an_address_that_is_no_longer_valid_is_not_preferred_until_it_is_valid_again(clerk, someone):
    claire = someone(email="claire@a.test")
    address = claire.addresses.get()
    addresses.end_address(address, by=clerk)
    with refused(NotKept, match=r"no longer valid|plus valable"):
        addresses.prefer_address(address, by=clerk)
    addresses.restore_address(address, by=clerk)
    addresses.prefer_address(address, by=clerk)
    assert Address.objects.get(pk=address.pk).preferred


def test_an_email_belongs_to_one_person_and_the_refusal_says_to_whom(clerk, someone):
    claire, luc = someone(email="claire@a.test"), someone("Luc Vidal", email="luc@a.test")
    for attempt in (
        lambda: addresses.add_address(luc, "email", "CLAIRE@a.test", by=clerk),
        lambda: addresses.correct_address(luc.addresses.get(), "claire@a.test", by=clerk),
    ):
        with refused(NotKept, match=str(claire.pk)):
            attempt()


def test_adding_what_is_there_already_changes_nothing(clerk, someone):
    claire = someone(phone="06 12 34 56 78")
    before = _said(claire)
    again = addresses.add_address(claire, "phone", "06.12.34.56.78", by=clerk)
    assert again == claire.addresses.get()
    assert _said(claire) == before


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "claire"),
        ("email", "a b@c.test"),
        ("phone", "12"),
        ("phone", "1" * 16),
        ("postal", " "),
        ("fax", "1"),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(kind, value, clerk, someone):
    claire = someone()
    with refused(NotKept):
        addresses.add_address(claire, kind, value, by=clerk)


def test_the_database_keeps_one_preferred_address_of_a_kind(clerk, someone):
    claire = someone(phone="06 12 34 56 78")
    addresses.add_address(claire, "phone", "06 00 00 00 00", by=clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        claire.addresses.update(preferred=True)
    assert not claire.addresses.filter(preferred=True).exists()


def test_a_corrected_address_is_compared_by_what_it_says_now(clerk, someone):
    claire = someone(postal="1 rue du Port, 13002 Marseille")
    address = claire.addresses.get()
    addresses.correct_address(address, "1 rue du Port, 69001 Lyon", by=clerk)
    assert Address.objects.get(pk=address.pk).postcode == "69001"
