"""What the law adds to a sum paid late, from the steps of a pack's deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from types import MappingProxyType
from typing import Any, Final

from .load import load_pack

LEGAL_INTEREST: Final = "legal_interest_rate"
# penalty -> pack and deadline that hold its steps
STATUTORY: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "withdrawal_L242-4": ("fr-consommation", "withdrawal_refund"),
        "late_delivery_L241-4": ("fr-consommation", "late_delivery_refund"),
        "conformity_shipping_L241-6": ("fr-consommation", "conformity_shipping_refund"),
    }
)
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Penalty:
    """`rate`, `increase` and `total` are None where the law gives no percentage but the legal interest rate."""

    days_late: int
    rate: Decimal | None
    increase: Decimal | None
    total: Decimal | None
    legal_interest: bool
    capped: bool


def statutory_steps(name: str) -> Sequence[Mapping[str, Any]]:
    """The steps of a penalty by its name in STATUTORY; KeyError for another."""
    pack_id, deadline_id = STATUTORY[name]
    rule = load_pack(pack_id, check=False).deadlines[deadline_id]
    return rule.penalties


def penalty(
    steps: Sequence[Mapping[str, Any]], amount: Decimal, days_late: int, price: Decimal | None = None
) -> Penalty:
    """The increase of `amount` after some days.

    A step holds from its day on, inclusive. A law that caps its increase caps it at the price, which is the
    amount itself unless given. Cents are rounded half up.
    """
    if days_late <= 0:
        return Penalty(days_late, Decimal(0), Decimal("0.00"), _cents(amount), False, False)
    step = [step for step in steps if step["from_day"] <= days_late][-1]
    if step["increase"] == LEGAL_INTEREST:
        return Penalty(days_late, None, None, None, True, False)
    rate = _rate(step, days_late)
    with localcontext(prec=60):
        increase = amount * rate
        cap = (amount if price is None else price) if _is_capped(steps) else None
        capped = cap is not None and amount > 0 and increase >= cap
        increase = _cents(cap if capped and cap is not None else increase)
        return Penalty(days_late, rate, increase, _cents(amount + increase), False, capped)


def _rate(step: Mapping[str, Any], days_late: int) -> Decimal:
    rate = Decimal(str(step["increase"]))
    if then := step.get("then"):
        rate += Decimal(str(then["add"])) * ((days_late - step["from_day"]) // then["every_days"])
    return rate.quantize(_CENT) if rate == rate.quantize(_CENT) else rate


def _is_capped(steps: Sequence[Mapping[str, Any]]) -> bool:
    return any(step.get("then", {}).get("cap") == "price" for step in steps)


def _cents(amount: Decimal) -> Decimal:
    with localcontext(prec=60):
        return amount.quantize(_CENT, ROUND_HALF_UP)
