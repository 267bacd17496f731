"""What we measure ourselves against: budgets and aims of each figure, and what other help desks took."""

from dataclasses import dataclass

PEERS_WERE = "django-helpdesk (dh) and Request Tracker 5 (rt), on a quiet machine of two cores"


@dataclass(frozen=True)
class Budget:
    """The most a figure may be, and what we aim at; the same unit as the figure."""

    figure: str  # which one: p95, cpu, ratio, queries, …
    most: float
    aim: float | None = None

    def holds(self, figure: float) -> bool:
        return figure <= self.most


BUDGETS = {
    "mail.received": Budget("cpu_ms", 7.5, 4),
    "list.page": Budget("p95_ms", 30, 15),
    "list.growth": Budget("ratio", 1.3),
    "case.page": Budget("p95_ms", 60, 30),
    "case.queries": Budget("queries", 25),
    "search.words": Budget("p95_ms", 50, 20),
    "replay.policy": Budget("seconds_per_100k", 60),
    "cold.start": Budget("ms", 2000, 1000),
    "cold.first_ever": Budget("ms", 12_000),
    "memory.web_and_worker": Budget("mib", 250, 160),
}

# Measured once by us, with the same work on the same kind of machine; not measured again by this command.
PEERS = {
    "mail.received": "dh 37 ms CPU, 33/s · rt 432 ms CPU, 2.1/s",
    "mail.smtp": "dh 37 ms CPU, 33/s · rt 432 ms CPU, 2.1/s",
    "list.page": "at 10 k dh p95 412 ms · at 100 k dh 2661 ms, rt 1096 ms",
    "case.page": "at 100 k dh p95 98 ms (PostgreSQL), 146 ms (SQLite) · rt 812 ms",
    "search.words": "at 100 k dh p95 1577 ms (SQLite), 4632 ms (PostgreSQL) · rt 1080 ms",
    "cold.start": "dh 1300–1400 ms · rt 2800 ms",
    "memory.web_and_worker": "dh 227–237 MiB · rt 772 MiB",
    "limits.commit": "2841/s SQLite, 2846/s PostgreSQL",
    "limits.page": "8000/s",
    "limits.email_default": "346/s",
    "limits.email_compat32": "1708/s",
    "limits.template": "Django's own template language 415/s",
}
