"""One figure a line, beside its budget and the peers; as a table for people, as JSON for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from apaise.doors.bench.measure import Times
from apaise.doors.bench.yardstick import BUDGETS, PEERS

_DIGITS = 2


@dataclass(frozen=True)
class Line:
    """One thing measured. `figures` are milliseconds, bytes and counts by name."""

    key: str  # suite.what, as in the yardstick
    what: str  # in words
    cases: int | None = None  # how many the database had
    figures: dict[str, float] = field(default_factory=dict)
    not_measured: str = ""  # why not

    @classmethod
    def of(cls, key: str, what: str, times: Times, cases: int | None = None, **more: float) -> "Line":
        """A line from times, with what else was counted."""
        figures = {
            "n": len(times.walls),
            "median_ms": times.median,
            "p95_ms": times.p95,
            "cpu_ms": times.cpu_each,
            "per_second": times.per_second,
        }
        return cls(key, what, cases, {**figures, **more})

    @property
    def within(self) -> bool | None:
        """Whether the budget is kept; None where there is none or nothing was measured."""
        budget = BUDGETS.get(self.key)
        if budget is None or budget.figure not in self.figures:
            return None
        return budget.holds(self.figures[budget.figure])

    def as_data(self) -> dict[str, Any]:
        budget = BUDGETS.get(self.key)
        data: dict[str, Any] = {"key": self.key, "what": self.what, "cases": self.cases}
        data |= {name: round(value, 3) for name, value in self.figures.items()}
        if self.not_measured:
            data["not_measured"] = self.not_measured
        if budget:
            data["budget"] = {"figure": budget.figure, "most": budget.most, "aim": budget.aim}
            data["within"] = self.within
        if self.key in PEERS:
            data["peers"] = PEERS[self.key]
        return data

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Line":
        """The line that `as_data` wrote down."""
        words = {"key", "what", "cases", "not_measured", "budget", "within", "peers"}
        figures = {name: value for name, value in data.items() if name not in words}
        return cls(data["key"], data["what"], data["cases"], figures, data.get("not_measured", ""))


def growth(lines: Sequence[Line]) -> Iterator[Line]:
    """How the p95 of each list page at the largest size compares with the one at 10 k, or at the smallest there is."""
    pages = [line for line in lines if line.key == "list.page"]
    sizes = sorted({line.cases or 0 for line in pages})
    if len(sizes) < 2:
        return
    small = 10_000 if 10_000 in sizes[:-1] else sizes[0]
    by_what = {(line.what, line.cases): line for line in pages}
    for what in dict.fromkeys(line.what for line in pages):
        before, after = by_what[what, small].figures, by_what[what, sizes[-1]].figures
        figures = {
            "ratio": after["p95_ms"] / before["p95_ms"],
            "cpu_ratio": after["cpu_ms"] / before["cpu_ms"],
            "bytes_more": after["bytes"] - before["bytes"],
        }
        yield Line("list.growth", f"{what}: p95 against {_grouped(small)} cases", sizes[-1], figures)


HEADS = ("what", "cases", "median ms", "p95 ms", "CPU ms", "per s", "also", "budget", "peers")


def as_table(database: str, machine: dict[str, Any], lines: Sequence[Line]) -> str:
    """A table in Markdown: it reads well in a terminal and in the documents."""
    rows = [HEADS, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    said = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]  # fmt: skip
    said.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    about = ", ".join(f"{name} {value}" for name, value in machine.items())
    return "\n".join([f"{database}; {about}", "", *said])


def _cells(line: Line) -> tuple[str, ...]:
    figures = dict(line.figures)
    main = [_number(figures.pop(name, None)) for name in ("median_ms", "p95_ms", "cpu_ms", "per_second")]
    also = ", ".join(f"{name} {_number(value)}" for name, value in figures.items())
    cases = _grouped(line.cases) if line.cases is not None else ""
    return (line.what, cases, *main, line.not_measured or also, _budget(line), PEERS.get(line.key, ""))


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _budget(line: Line) -> str:
    budget = BUDGETS.get(line.key)
    if budget is None:
        return ""
    said = {True: "kept", False: "NOT KEPT", None: "not measured"}[line.within]
    return f"{budget.figure} ≤ {budget.most:g}: {said}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.{_DIGITS}f}"
