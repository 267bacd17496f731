"""A prepared question gives what the queryset it was composed from would give."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, models
from django.forms.models import model_to_dict

from apaise.ground.parties.models import Address, Person
from apaise.journey.models import Job
from apaise.lib.prepared import Prepared

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
BY_NAME: Prepared[Person] = Prepared(
    lambda name: Person.objects.filter(name=name).select_related("organisation").order_by("pk"), name=str
)


def test_its_objects_are_those_of_the_queryset():
    Person.objects.create(name="Claire", language="fr")
    Person.objects.create(name="Claire", language="en", vip=True)
    Person.objects.create(name="O'Brien %s é")
    for name in ("Claire", "O'Brien %s é", "nobody", "' OR 1=1 --"):
        theirs = list(Person.objects.filter(name=name).order_by("pk"))
        ours = BY_NAME.all(name=name)
        assert [model_to_dict(one) for one in ours] == [model_to_dict(one) for one in theirs]
        assert BY_NAME.first(name=name) == (theirs[0] if theirs else None)


def test_related_objects_come_along_and_deferred_fields_wait(django_assert_num_queries):
    person = Person.objects.create(name="Claire")
    address = Address.objects.create(person=person, kind="email", value="c@x.test")
    ask: Prepared[Address] = Prepared(
        lambda pk: Address.objects.select_related("person").defer("person__language").filter(pk=pk), pk=int
    )
    ask.first(pk=0)
    with django_assert_num_queries(1):
        found = ask.get(pk=address.pk)
        assert (found.person.name, found.value) == ("Claire", "c@x.test")
    assert "language" in found.person.get_deferred_fields()
    found.person.name = "Clara"
    found.person.save()
    assert Person.objects.get().name == "Clara"


def test_moments_and_json_are_what_they_were():
    for number in range(3):
        Job.objects.create(
            task="a", arguments={"args": [number, "é"]}, run_after=AT + timedelta(hours=number)
        )
    ask: Prepared[Job] = Prepared(
        lambda at: Job.objects.filter(run_after__gt=at).annotate(twice=models.F("attempts") * 2).order_by("pk"), at=datetime
    )  # fmt: skip
    found = ask.all(at=AT)
    assert [(one.arguments["args"], one.run_after, one.twice) for one in found] == [  # type: ignore[attr-defined]
        ([1, "é"], AT + timedelta(hours=1), 0),
        ([2, "é"], AT + timedelta(hours=2), 0),
    ]


def test_tuples_for_values_lists_and_unions():
    Person.objects.create(name="One", language="fr")
    Person.objects.create(name="Two", language="en")
    either: Prepared[Person] = Prepared(
        lambda one, two: Person.objects.filter(name=one).order_by().values_list("name", "language").union(
            Person.objects.filter(name=two).order_by().values_list("name", "language"), all=True
        ),
        one=str, two=str,
    )  # fmt: skip
    assert sorted(either.rows(one="One", two="Two")) == [("One", "fr"), ("Two", "en")]
    assert either.rows(one="Two", two="nobody") == [("Two", "en")]


def test_none_or_two_are_refused_where_one_is_meant():
    with pytest.raises(Person.DoesNotExist):
        BY_NAME.get(name="nobody")
    Person.objects.create(name="Claire")
    Person.objects.create(name="Claire")
    with pytest.raises(Person.MultipleObjectsReturned):
        BY_NAME.get(name="Claire")


def test_a_value_the_question_never_asks_for_is_a_mistake_of_ours():
    forgotten: Prepared[Person] = Prepared(lambda name: Person.objects.all(), name=str)
    with pytest.raises(ValueError, match="never asks for name"):
        forgotten.all(name="x")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection():
    Person.objects.create(name="Claire")

    def ask() -> int:
        try:
            return len(BY_NAME.all(name="Claire"))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert [one.result() for one in [pool.submit(ask), pool.submit(ask)]] == [1, 1]
