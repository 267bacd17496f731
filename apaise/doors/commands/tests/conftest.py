"""A data folder somebody has run once."""

from pathlib import Path

import pytest

from tests.stories.house import House


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """On SQLite in either pass: to be copied, so that each test need not make its tables again."""
    house = House(tmp_path_factory.mktemp("migrated") / "data")
    house.start()
    house.stop()
    return house.data
