from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from apaise.ground.packs.penalties import STATUTORY, penalty, statutory_steps

VECTORS = yaml.safe_load(
    (Path(__file__).parents[3] / "lib/working_time/tests/deadline-vectors.yaml").read_text(encoding="utf-8")
)["penalty_vectors"]
CASES = [(name, vector) for name in STATUTORY for vector in VECTORS[name]]


def late(name, amount, days, price=None):
    return penalty(statutory_steps(name), Decimal(amount), days, price and Decimal(price))


@pytest.mark.parametrize(("name", "vector"), CASES)
def test_the_golden_vectors_are_met(name, vector):
    found = late(name, "200.00", vector["days_late"])
    if "increase" in vector:
        assert (found.legal_interest, found.increase, found.total, found.rate) == (True, None, None, None)
    else:
        assert found.increase == Decimal(str(vector["increase_eur"]))
        assert found.total == found.increase + 200
        assert not found.legal_interest


@pytest.mark.parametrize(
    ("days", "rate", "capped"),
    [
        *((90, "0.55", False), (119, "0.55", False), (120, "0.60", False), (149, "0.60", False)),
        *((150, "0.65", False), (359, "0.95", False), (360, "1.00", True), (390, "1.05", True)),
    ],
)
def test_a_late_withdrawal_refund_grows_each_month_up_to_the_price(days, rate, capped):
    found = late("withdrawal_L242-4", "200.00", days)
    assert (str(found.rate), found.capped) == (rate, capped)
    assert found.increase == min(Decimal(rate) * 200, Decimal(200))


def test_a_price_below_the_amount_caps_earlier_and_only_where_the_law_caps():
    assert late("withdrawal_L242-4", "200.00", 95, "100.00").increase == Decimal("100.00")
    assert late("withdrawal_L242-4", "200.00", 95, "100.00").capped
    found = late("late_delivery_L241-4", "200.00", 40, "50.00")
    assert (found.increase, found.capped) == (Decimal("100.00"), False)


def test_cents_are_rounded_half_up():
    assert late("withdrawal_L242-4", "49.90", 25).increase == Decimal("4.99")
    assert str(late("withdrawal_L242-4", "0.10", 10).increase) == "0.01"  # 0.005
    assert str(late("withdrawal_L242-4", "0.09", 10).increase) == "0.00"  # 0.0045
    assert str(late("late_delivery_L241-4", "12.345", 1).total) == "13.58"


@pytest.mark.parametrize("days", [0, -1, -400])
def test_in_time_costs_nothing(days):
    found = late("withdrawal_L242-4", "200", days)
    assert (str(found.rate), str(found.increase), str(found.total)) == ("0", "0.00", "200.00")
    assert (found.legal_interest, found.capped) == (False, False)


def test_nothing_due_is_never_capped():
    assert not late("withdrawal_L242-4", "0.00", 30).capped
