"""A house where everybody of the ladders can be named and reached."""

import pytest

from tests.everybody import name_everybody


@pytest.fixture
def house(desk, staff):
    return name_everybody(desk, staff)
