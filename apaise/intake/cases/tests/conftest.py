"""An older case and a younger one of the same customer, to be put together."""

from datetime import UTC, datetime, timedelta

import pytest

from apaise.lib import clock

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.fixture
def days():
    """days(3) -> three days after noon on Wednesday 25 November."""
    return lambda count: clock.at_moment(NOON + timedelta(days=count))


@pytest.fixture
def two(complain, work, send, days):
    """An older case, acknowledged, and a younger one by another channel three days later."""
    with days(0):
        older = complain()
        work()
        send()
    with days(3):
        younger = complain(subject="Toujours pas de fibre", text="Je réclame encore.", channel="web_form")
        work()
        send()
    return older, younger
