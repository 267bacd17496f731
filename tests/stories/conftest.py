"""A house of one's own for a story that needs real processes."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests import parts
from tests.stories.house import House, Sink, postgres_database


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A mail server that takes and counts what we send."""
    sink = Sink(slowly=0.1)
    sink.start()
    yield sink
    sink.stop()


class Migrated(NamedTuple):
    """An installation somebody has run once, to be copied: its data folder and, on PostgreSQL, its database's name."""

    data: Path
    database: str


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    """Made once, so that no test need make its tables again: on PostgreSQL that takes as long as the rest of a story."""
    with ExitStack() as stack:
        database, settings = "", {}
        if server := _server():
            database = f"apaise_crash_{os.getpid()}_migrated"
            settings["database_url"] = stack.enter_context(postgres_database(server, database))
        house = House(tmp_path_factory.mktemp("migrated") / "data", **settings)
        stack.callback(house.kill)
        house.start()
        house.stop()
        yield Migrated(house.data, database)


@pytest.fixture
def make_house(tmp_path: Path, migrated: Migrated) -> Iterator[Callable[..., House]]:
    """Make a house on a data folder of its own: SQLite, or PostgreSQL in the PostgreSQL pass."""
    with ExitStack() as stack:

        def make(name: str = "data", **settings: Any) -> House:
            shutil.copytree(migrated.data, tmp_path / name)
            if server := _server():
                database = postgres_database(
                    server, f"apaise_crash_{os.getpid()}_{name}", like=migrated.database
                )
                settings["database_url"] = stack.enter_context(database)
            house = House(tmp_path / name, **settings)
            stack.callback(house.kill)
            return house

        yield make


def _server() -> str | None:
    """The PostgreSQL server of the PostgreSQL pass."""
    return parts.server() if os.environ.get("DATABASE_URL") else None


@pytest.fixture
def house(make_house: Callable[..., House], sink: Sink) -> House:
    """Apaise, not started yet; its mails go into the sink."""
    return make_house(smtp_url=sink.url)
