"""Cases on their way: taken, qualified; and an older and a younger one of the same customer, to be put together."""

from datetime import UTC, datetime, timedelta

import pytest

from apaise.handling.routing.assignment import assign
from apaise.intake.cases.qualification import qualify
from apaise.intake.cases.tests.life_cycle import QUALIFIED
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


@pytest.fixture
def taken(complain, ana):
    def make(**words):
        case = complain(**words)
        assign(case, ana, by=ana)
        return case

    return make


@pytest.fixture
def qualified(taken, ana, send):
    def make(**words):
        case = taken(**words)
        qualify(case, **QUALIFIED, by=ana)
        send()
        return case

    return make
