"""A length of time as law and contracts write it: a whole number of a unit."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from apaise.lib.sayable import sayable

from .errors import BadTime, OutOfRange

EXACT_UNITS: Final = ("minutes", "business_minutes", "business_hours")  # end at a moment
COUNTED_UNITS: Final = ("business_days", "ouvrable_days")  # end on a counted day, so they never roll
ROLLING_UNITS: Final = ("calendar_days", "weeks", "months", "years")
UNITS: Final = (*EXACT_UNITS, *COUNTED_UNITS, *ROLLING_UNITS)
# About a century of work. These are counted day by day, and one request must not keep the others waiting.
MOST: Final = {"business_hours": 200_000, "business_minutes": 12_000_000, "business_days": 40_000, "ouvrable_days": 40_000}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Duration:
    value: int
    unit: str

    def __post_init__(self) -> None:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < 0:
            raise BadTime(sayable("A duration needs a whole number of 0 or more as its value."))
        if self.unit not in UNITS:
            raise BadTime(
                sayable(
                    "There is no unit “%(name)s”; use one of %(known)s.",
                    name=str(self.unit)[:40],
                    known=", ".join(UNITS),
                )
            )
        if self.value > MOST.get(self.unit, self.value):
            raise OutOfRange(
                sayable(
                    "A duration in %(unit)s is at most %(most)s.", unit=self.unit, most=str(MOST[self.unit])
                )
            )

    @property
    def rolls(self) -> bool:
        return self.unit in ROLLING_UNITS

    @property
    def worked_minutes(self) -> int | None:
        """How many minutes of opening, for a unit that runs inside opening hours only."""
        return {"business_minutes": self.value, "business_hours": self.value * 60}.get(self.unit)

    @property
    def is_exact(self) -> bool:
        return self.unit in EXACT_UNITS

    @classmethod
    def from_data(cls, data: Any) -> "Duration":
        """Read `{"value": 2, "unit": "months"}`; a number such as 2.0 is whole."""
        if not isinstance(data, dict) or "value" not in data or "unit" not in data:
            raise BadTime(
                sayable("A duration is written %(example)s.", example='{"value": 2, "unit": "months"}')
            )
        value, unit = data["value"], data["unit"]
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return cls(value, unit)

    def as_data(self) -> dict[str, Any]:
        return {"value": self.value, "unit": self.unit}


def add_months(day: date, months: int) -> date:
    """The same day number some months later, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1) if index < 9999 * 12 + 11 else None
    last = (first_of_next.toordinal() - date(year, month, 1).toordinal()) if first_of_next else 31
    return date(year, month, min(day.day, last))
