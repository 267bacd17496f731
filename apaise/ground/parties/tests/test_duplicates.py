import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apaise.ground.ledger.models import Entry
from apaise.ground.parties import addresses, contracts, duplicates, people
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Duplicate, Person
from apaise.ground.parties.names import are_close, name_key, name_sound, phone_key, postcode_of
from tests.nothing_changed import refused


def _found():
    return {(pair.first_id, pair.second_id): (pair.score, pair.reasons) for pair in Duplicate.objects.open()}


def test_the_same_phone_alone_is_a_weak_suggestion(someone):
    claire, luc = someone(phone="06 12 34 56 78"), someone("Luc Vidal", phone="+33 6 12 34 56 78")
    duplicates.sweep()
    assert _found() == {(claire.pk, luc.pk): (45, ["same_phone"])}
    assert Duplicate.objects.get().is_weak


def test_the_same_name_and_postcode_is_a_likely_one(someone):
    claire = someone("Claire FONTANEL", postal="1 rue du Port, 13002 Marseille")
    again = someone("Mme Fontanel Claire", postal="13 cours Julien 13002 MARSEILLE")
    someone("Claire Fontanel", postal="4 quai Gambetta, 71100 Chalon")
    duplicates.sweep()
    assert _found()[claire.pk, again.pk] == (65, ["same_postcode", "same_name"])
    assert not Duplicate.objects.get(first=claire, second=again).is_weak
    assert sorted(score for score, _why in _found().values()) == [30, 30, 65]


def test_a_close_name_and_the_same_contract_is_a_likely_one(someone, clerk):
    company = people.add_organisation(by=clerk, name="Hôtel des Tilleuls")
    contracts.add_contract(company, by=clerk, number="K-1")
    claire, again = someone("Claire Fontanel"), someone("Clair Fontanelle")
    for person in (claire, again):
        people.change_person(person, by=clerk, organisation=company)
    stranger = someone("Claire Fontanelli")  # close, but nothing else in common
    duplicates.sweep()
    assert _found() == {(claire.pk, again.pk): (60, ["same_contract", "close_name"])}
    assert stranger.pk not in {pk for pair in _found() for pk in pair}


def test_a_colleague_is_no_duplicate_and_a_namesake_of_many_neither(someone, clerk):
    company = people.add_organisation(by=clerk, name="Hôtel des Tilleuls")
    for name in ("Ana Roy", "Luc Vidal"):
        people.change_person(someone(name), by=clerk, organisation=company)
    for _number in range(duplicates.MOST + 2):
        someone("Jean Martin")
    duplicates.sweep(500)
    # While they were few they were proposed; each newcomer beyond says that the name means nothing.
    assert all(reasons == ["same_name"] for _score, reasons in _found().values())
    duplicates.look_again(Person.objects.filter(name="Jean Martin").first())
    assert not Duplicate.objects.open().of(Person.objects.filter(name="Jean Martin").first()).exists()


def test_a_candidate_goes_when_nothing_speaks_for_it_any_more(someone, clerk):
    claire, luc = someone(phone="06 12 34 56 78"), someone("Luc Vidal", phone="06 12 34 56 78")
    duplicates.sweep()
    addresses.end_address(luc.addresses.get(), by=clerk)
    assert duplicates.sweep() == 1
    assert _found() == {}
    assert not Person.objects.filter(pk=claire.pk, to_compare=True).exists()


def test_a_dismissed_pair_stays_dismissed_whatever_changes(someone, clerk):
    claire, luc = someone(phone="06 12 34 56 78"), someone("Luc Vidal", phone="06 12 34 56 78")
    duplicates.sweep()
    pair = Duplicate.objects.get()
    duplicates.dismiss(pair, by=clerk)
    people.change_person(luc, by=clerk, name="Claire Fontanel")
    duplicates.sweep()
    assert _found() == {}
    assert Duplicate.objects.get().state == "dismissed"
    for person, other in ((claire, luc), (luc, claire)):
        entry = Entry.objects.of(person.reference).filter(what="duplicate.dismissed").get()
        assert entry.facts["other"] == other.pk
    with refused(NotKept):
        duplicates.dismiss(pair, by=clerk)


def test_comparing_one_person_asks_the_same_among_ten_people_and_among_hundreds(someone):
    def cost():
        newcomer = someone("Nina Berger", phone="01 99 00 55 66", postal="75011 Paris")
        with CaptureQueriesContext(connection) as asked:
            duplicates.look_again(newcomer)
        return len(asked)

    someone("Nina Berger", postal="75011 Paris")
    few = cost()
    Person.objects.bulk_create(
        Person(name=f"Client {n}", name_key=f"client {n}", name_sound=f"clnt {n}", to_compare=False)
        for n in range(300)
    )
    assert cost() <= few + 5  # one more candidate, whose row is written


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Mme FONTANEL Claire", "claire fontanel"),
        ("D’Arc, Jeanne", "arc d jeanne"),
        ("Mr", "mr"),
        ("", ""),
        ("李 明", "明 李"),
    ],
)
def test_names_are_compared_without_titles_accents_and_order(name, key):
    assert name_key(name) == key


def test_sounds_phones_and_postcodes():
    assert name_sound("Clair Fontanelle") == name_sound("Claire Fontanel") == "clr fntnl"
    assert are_close("claire fontanel", "clair fontanelle")
    assert not are_close("claire fontanel", "luc vidal")
    assert not are_close("", "")
    assert phone_key("+33 6 12 34 56 78") == phone_key("06.12.34.56.78") == "612345678"
    assert phone_key("3900") == ""
    assert postcode_of("12345 rue, F-13002 Marseille") == "13002"
    assert postcode_of("10 Downing Street, London sw1a 2aa") == "SW1A2AA"
    assert postcode_of("sans") == ""
