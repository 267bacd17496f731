"""People and their addresses: known again, never renamed by what a mail claims."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from apaise.ground.parties.models import Organisation, Person, Representative, normalise

pytestmark = pytest.mark.django_db


def test_a_stranger_becomes_a_person_with_their_address():
    person = Person.objects.identify(" Claire@Courriel.exemple.test ", "Claire Fontanel", language="fr")
    assert (person.name, person.language, person.email, person.actor_code) == (
        "Claire Fontanel",
        "fr",
        "claire@courriel.exemple.test",
        f"person:{person.pk}",
    )


def test_the_same_address_in_other_capitals_is_the_same_person():
    first = Person.objects.identify("claire@courriel.exemple.test")
    assert Person.objects.identify("CLAIRE@COURRIEL.EXEMPLE.TEST") == first
    assert Person.objects.identify("élodie@exemple.test") == Person.objects.identify("ÉLODIE@exemple.test")
    assert Person.objects.count() == 2


def test_a_name_is_learnt_once_and_never_overwritten():
    person = Person.objects.identify("claire@courriel.exemple.test")
    assert (
        Person.objects.identify("claire@courriel.exemple.test", "Claire Fontanel").name == "Claire Fontanel"
    )
    assert Person.objects.identify("claire@courriel.exemple.test", "Ministre").name == "Claire Fontanel"
    person.refresh_from_db()
    assert person.name == "Claire Fontanel"


def test_a_name_longer_than_the_column_is_cut():
    assert len(Person.objects.identify("long@exemple.test", "n" * 500).name) == 200
    known = Person.objects.identify("court@exemple.test")
    known.learn_name("m" * 500)
    assert len(Person.objects.get(pk=known.pk).name) == 200


def test_an_address_belongs_to_one_person():
    first = Person.objects.identify("claire@courriel.exemple.test")
    other = Person.objects.create(name="Luc")
    with pytest.raises(IntegrityError), transaction.atomic():
        other.addresses.create(kind="email", value="claire@courriel.exemple.test")
    assert Person.objects.at("claire@courriel.exemple.test") == first
    other.addresses.create(kind="phone", value="+33199001234")
    first.addresses.create(kind="phone", value="+33199001234")  # a family shares a telephone


def test_a_person_with_several_addresses_is_found_by_each():
    person = Person.objects.identify("claire@courriel.exemple.test", "Claire")
    person.addresses.create(kind="email", value="claire@travail.exemple.test")
    assert Person.objects.at("Claire@Travail.exemple.test") == person
    assert person.email == "claire@courriel.exemple.test"
    assert Person.objects.at("claire@travail.exemple.test", "phone") is None


def test_what_a_person_is_called_when_little_is_known(settings):
    nobody = Person.objects.create()
    assert nobody.display_name()
    assert nobody.email == nobody.phone == ""
    nobody.addresses.create(kind="phone", value="0199001234")
    assert Person.objects.get(pk=nobody.pk).display_name() == "0199001234"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("email", "  A@B.Test ", "a@b.test"),
        ("phone", "+33 1 99 00 12 34", "+33199001234"),
        ("phone", "01.99.00.12.34", "0199001234"),
        ("postal", " 1,  rue\n\nde la Paix ", "1, rue\nde la Paix"),
        ("email", "x" * 400 + "@b.test", "x" * 320),
    ],
)
def test_addresses_are_compared_in_one_form(kind, typed, kept):
    assert normalise(kind, typed) == kept


@pytest.mark.parametrize(
    ("from_day", "to_day", "day", "holds"),
    [
        (None, None, date(2026, 11, 25), True),
        (date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 25), True),
        (date(2026, 11, 26), None, date(2026, 11, 25), False),
        (None, date(2026, 11, 24), date(2026, 11, 25), False),
        (date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 1), True),
        (date(2026, 11, 1), date(2026, 12, 1), date(2026, 12, 2), False),
    ],
)
def test_a_mandate_holds_between_its_days_both_included(from_day, to_day, day, holds):
    lawyer, client = Person.objects.create(name="Maître"), Person.objects.create(name="Claire")
    mandate = Representative.objects.create(
        person=lawyer, represents=client, quality="lawyer", from_day=from_day, to_day=to_day
    )
    assert mandate.holds_on(day) is holds


def test_a_mandate_is_for_somebody():
    with pytest.raises(IntegrityError), transaction.atomic():
        Representative.objects.create(person=Person.objects.create(), quality="lawyer")
    organisation = Organisation.objects.create(name="Hôtel des Tilleuls")
    assert Representative.objects.create(
        person=Person.objects.create(), organisation=organisation, quality="manager"
    ).pk


def test_a_person_with_a_name_in_no_log_line():
    assert str(Person.objects.create(pk=7, name="Claire")) == "person 7"


@pytest.mark.django_db(transaction=True)
def test_two_mails_of_a_stranger_at_once_make_one_person():
    from tests.at_once import at_once

    found = at_once([lambda: Person.objects.identify("claire@courriel.exemple.test", "Claire").pk] * 4)
    assert len(set(found)) == 1, found
    assert Person.objects.count() == 1


def test_the_record_of_a_customer_is_none_without_a_case(capsys):
    import argparse

    from apaise.doors.commands import verify
    from apaise.ground.ledger.record import System, record

    person = Person.objects.identify("claire@courriel.exemple.test")
    record(person, "person.changed", by=System("test"))
    assert verify.run(argparse.Namespace(cases=[], json=False)) == 0
    Person.objects.all().delete()
    assert verify.run(argparse.Namespace(cases=[], json=False)) == 1
    assert f"person:{person.pk}/1: the record has no case, person" in capsys.readouterr().out
