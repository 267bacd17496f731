"""The world that a module of guards shares. It is built once and taken back at the end; each question is taken back too."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from apaise.lib import clock

from .world import NOON, World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """For tests marked `django_db` (not transactional): each stands in a savepoint of this one transaction."""
    from django.conf import settings

    hashers, settings.PASSWORD_HASHERS = (
        settings.PASSWORD_HASHERS,
        ["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), clock.at_moment(NOON), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
    settings.PASSWORD_HASHERS = hashers
