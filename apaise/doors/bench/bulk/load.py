"""Fill a throw-away database with very many cases, ledger included.

The one place that writes rows beside the verbs, because a million cases through them would take a day. It refuses a database
that has any case, and every entry of its chains says that it was made by `system:bulk`."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from apaise.doors.bench.bulk import plan as planning
from apaise.doors.bench.bulk import words
from apaise.doors.bench.bulk.rows import Ids, Rows, reference
from apaise.doors.bench.bulk.tables import Table, flush, in_haste, settle, tables
from apaise.ground.accounts.models import Desk, Membership, Team, User
from apaise.ground.accounts.setup import open_the_house
from apaise.ground.packs.choose import pack_for
from apaise.ground.packs.models import PackVersion
from apaise.ground.parties.models import Organisation
from apaise.intake.cases.models import Case, Counter

BATCH = 5_000
DESK = "reclamations@exemple.test"
MANAGER, HANDLER = "direction@exemple.test", "conseil0@exemple.test"


class NotEmpty(Exception):
    """The database has cases already."""


@dataclass(frozen=True)
class Loaded:
    """What a load did."""

    cases: int
    rows: int
    seconds: float

    @property
    def cases_a_second(self) -> float:
        return self.cases / self.seconds if self.seconds else 0.0


def fill(total: int, today: date, *, tell: Callable[[str], None] = lambda line: None) -> Loaded:
    """Make `total` cases, whose receipts end today. Raises NotEmpty."""
    if Case.objects.exists():
        raise NotEmpty(
            "This database has cases; the bulk data go only where there are none. Use an empty one."
        )
    started = time.perf_counter()
    pack = pack_for({"org.country": "FR", "customer.kind": "consumer"})
    frozen = PackVersion.freeze(pack)
    named = {"id": frozen.pk, "pack": frozen.pack_id, "pack_version": frozen.version, "pack_digest": frozen.digest}  # fmt: skip
    made = Rows(Ids(*_company()), pack, named, today)
    by_name = tables()
    written = 0
    with in_haste(list(by_name.values())):
        for first in range(1, total + 1, BATCH):
            last = min(first + BATCH - 1, total)
            written += _batch(range(first, last + 1), total, made, by_name, today)
            tell(f"{last} of {total} cases")
    _count_on(today, total)
    settle(list(by_name.values()))
    return Loaded(total, written, time.perf_counter() - started)


def _batch(numbers: range, total: int, made: Rows, by_name: dict[str, Table], today: date) -> int:
    for number in numbers:
        for name, row in made.of(planning.plan_of(number, total, today)):
            by_name[name].add(row)
    with transaction.atomic():
        return flush(list(by_name.values()))


def _company() -> tuple[list[int], list[int], list[int], list[int]]:
    """Teams, their desks, their staff, companies, and a manager who sees everything."""
    open_the_house()
    kinds = len(words.COMPANIES)
    Organisation.objects.bulk_create(
        Organisation(name=f"{words.COMPANIES[n % kinds]} {words.LAST[n % len(words.LAST)]} {n}")
        for n in range(planning.ORGANISATIONS)
    )
    for number in range(planning.TEAMS):
        _team(number)
    User.objects.create_user(MANAGER, "Direction Manager", roles=["complaints_manager"])
    teams = list(Team.objects.filter(code__startswith="equipe-").order_by("pk").values_list("pk", flat=True))
    desks = list(Desk.objects.filter(team__in=teams).order_by("pk").values_list("pk", flat=True))
    staff = list(User.objects.filter(memberships__team__in=teams).order_by("pk").values_list("pk", flat=True))
    return teams, desks, staff, list(Organisation.objects.order_by("pk").values_list("pk", flat=True))


def _team(number: int) -> None:
    team = Team.objects.create(code=f"equipe-{number + 1}", name=f"Équipe {number + 1}")
    people = [
        User.objects.create_user(
            f"conseil{number * planning.PER_TEAM + n}@exemple.test",
            f"{words.FIRST[(number + n) % len(words.FIRST)]} {words.LAST[(number * planning.PER_TEAM + n) % len(words.LAST)]}",
            roles=["handler"],
        )
        for n in range(planning.PER_TEAM)
    ]
    Membership.objects.bulk_create(Membership(team=team, user=person) for person in people)
    address = DESK if number == 0 else f"desk{number + 1}@exemple.test"
    Desk.objects.update_or_create(
        address=address,
        defaults={
            "name": f"Réclamations {number + 1}",
            "organisation": "Tramontel",
            "team": team,
            "signatory": people[0],
            "phone": "01 99 00 12 34",
        },
    )


def _count_on(today: date, last: int) -> None:
    """The next case of any year is numbered after ours."""
    for year in range((today.year - planning.DAYS // 365) - 1, today.year + 2):
        Counter.objects.update_or_create(year=year, defaults={"last": last})


def references(numbers: range, total: int, today: date) -> list[str]:
    """The references of these cases, to ask for their pages."""
    return [reference(planning.plan_of(number, total, today)) for number in numbers]
