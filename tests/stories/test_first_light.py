"""The shortest whole way: in, acknowledged, answered, accepted, closed, verified."""

from collections.abc import Callable
from typing import Any

from apaise.ground.ledger.verify import verify
from apaise.intake.cases import deadlines, ending
from apaise.intake.cases.acknowledgement import acknowledge


def test_a_complaint_goes_all_the_way_and_its_record_holds(
    answered: Callable[..., Any], ana: Any, noon: Any
) -> None:
    case = answered()
    acknowledge(case)
    assert case.state == "answered"
    ending.accept(case, by=case.complainant, said="tracking_page")
    ending.close(case, reason="accepted", followup="done", summary="Rendez-vous refixé", by=ana)
    case.refresh_from_db()
    assert case.state == "closed"
    assert list(verify()) == []
    before = list(case.deadlines.values_list("rule", "state", "due_at", "start_at", "stopped_at"))
    deadlines.rebuild(case)
    assert list(case.deadlines.values_list("rule", "state", "due_at", "start_at", "stopped_at")) == before
