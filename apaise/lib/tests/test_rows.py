"""Rows written with statements composed once are the rows Django would have written."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from apaise.ground.parties.models import Address, Person
from apaise.journey.models import Job
from apaise.lib.rows import change, insert, insert_all, keys

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)


def job(number: int, **more: object) -> Job:
    return Job(task="a.b", arguments={"args": [number, "é"]}, unique_key=f"k{number}", run_after=AT, **more)


def test_an_inserted_row_is_the_one_django_would_have_made():
    ours = insert(job(1))
    theirs = job(2)
    theirs.save()
    ours, theirs = Job.objects.get(pk=ours.pk), Job.objects.get(pk=theirs.pk)
    same = {"task", "queue", "state", "attempts", "crashes", "worker", "leased_until", "problem", "run_after"}
    assert model_to_dict(ours, same) == model_to_dict(theirs, same)
    assert (ours.arguments, ours.run_after) == ({"args": [1, "é"]}, AT)


def test_what_was_inserted_is_an_object_that_can_be_saved_again():
    one = insert(Person(name="Claire"))
    assert not one._state.adding
    one.name = "Claire Fontanel"
    one.save()
    assert list(Person.objects.values_list("pk", "name")) == [(one.pk, "Claire Fontanel")]


def test_each_of_several_gets_its_own_key():
    jobs = [job(number) for number in range(5)]
    insert_all(jobs)
    assert {one.pk: one.unique_key for one in jobs} == dict(Job.objects.values_list("pk", "unique_key"))
    insert_all([])


def test_a_constraint_refuses_all_of_them():
    insert(job(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([job(2), job(1)])
    assert Job.objects.count() == 1


def test_a_change_leaves_the_other_columns_and_rows_alone():
    one, other = insert(Person(name="One", language="fr")), insert(Person(name="Other"))
    Person.objects.filter(pk=one.pk).update(language="en")  # by somebody else, meanwhile
    change(one, name="Uno", merged_into=other)
    change(one)
    assert (one.name, one.merged_into_id) == ("Uno", other.pk)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.name, one.language, one.merged_into) == ("Uno", "en", other)
    assert (other.name, other.merged_into) == ("Other", None)


def test_keys_are_looked_up_by_equal_columns_smallest_first():
    people = [insert(Person(name=name)) for name in ("A", "B")]
    for person in reversed(people):
        insert(Address(person=person, kind="phone", value="+33612345678"))
    insert(Address(person=people[0], kind="phone", value="+33600000000"))
    found = keys(Address, "person_id", kind="phone", value="+33612345678")
    assert found == [person.pk for person in people]
    assert keys(Address, kind="phone", value="nobody's") == []
