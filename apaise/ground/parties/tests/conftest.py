"""People for the tests of this room."""

from collections.abc import Callable

import pytest

from apaise.ground.accounts.models import User
from apaise.ground.parties import addresses, people
from apaise.ground.parties.models import Person


@pytest.fixture
def clerk(db: None) -> User:
    """A member of staff who acts; what he may do is asked upstairs."""
    return User.objects.create_user("clerk@exemple.test", "Clerk", roles=["complaints_manager"])


@pytest.fixture
def someone(clerk: User) -> Callable[..., Person]:
    """A person with addresses: someone("Claire Fontanel", email=…, phone=…, postal=…)."""

    def make(name: str = "Claire Fontanel", **ways: str) -> Person:
        person = people.add_person(by=clerk, name=name)
        for kind, value in ways.items():
            addresses.add_address(person, kind, value, by=clerk)
        person.refresh_from_db()
        return person

    return make
