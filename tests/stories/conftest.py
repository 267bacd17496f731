"""A house of one's own for a story that needs real processes."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder somebody has run once: to be copied, so that each test need not make its tables again."""
    house = House(tmp_path_factory.mktemp("migrated") / "data")
    house.start()
    house.stop()
    return house.data


@pytest.fixture
def make_house(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., House]]:
    """Make a house on a data folder of its own: SQLite, or PostgreSQL in the PostgreSQL pass."""
    with ExitStack() as stack:

        def make(name: str = "data", **settings: Any) -> House:
            shutil.copytree(migrated, tmp_path / name)
            if os.environ.get("DATABASE_URL") and (server := parts.server()):
                database = f"apaise_crash_{os.getpid()}_{name}"
                settings["database_url"] = stack.enter_context(postgres_database(server, database))
            house = House(tmp_path / name, **settings)
            stack.callback(house.kill)
            return house

        yield make


@pytest.fixture
def house(make_house: Callable[..., House], sink: Sink) -> House:
    """Apaise, not started yet; its mails go into the sink."""
    return make_house(smtp_url=sink.url)
