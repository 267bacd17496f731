"""Contracts about to be renewed whose customers still have something open with us: most of them say nothing until that day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apaise.ground.accounts.models import User
from apaise.ground.parties.contract import Contract
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.models import BEFORE_ALL, Case, Grievance
from apaise.intake.cases.promise import NOT_OWED, Promise
from apaise.lib import clock

READERS = ("team_lead", "complaints_manager", "executive", "auditor")
FELT = timedelta(days=365)  # how long a broken promise or a refusal still weighs on a renewal
MOST_CONTRACTS, MOST_PROMISES = 1000, 5000
A_YEAR = {"once": 1, "year": 1, "quarter": 4, "month": 12}
RENEWABLE = (Contract.State.ACTIVE, Contract.State.SUSPENDED)


@dataclass
class Issue:
    """One case that is not settled in the customer's eyes."""

    reference: str
    title: str
    is_open: bool
    broken: int
    refused: int
    handler: str


@dataclass
class Renewal:
    """One contract, and what is unresolved with its customer, as far as the reader may know."""

    contract: Contract
    days: int
    issues: list[Issue] = field(default_factory=list)
    looks_after: list[str] = field(default_factory=list)
    kept_apart: list[str] = field(default_factory=list)  # of the account, and party to one of these cases

    @property
    def open(self) -> int:
        return sum(one.is_open for one in self.issues)

    @property
    def broken(self) -> int:
        return sum(one.broken for one in self.issues)

    @property
    def refused(self) -> int:
        return sum(one.refused for one in self.issues)

    @property
    def a_year(self) -> Decimal:
        """What the contract is worth in a year; nothing where it is not known."""
        return (self.contract.amount or Decimal(0)) * A_YEAR[self.contract.period]


SORTS: dict[str, Any] = {
    "date": lambda one: (one.days, one.contract.pk),
    "amount": lambda one: (-one.a_year, one.days, one.contract.pk),
    "issues": lambda one: (-(one.open + one.broken + one.refused), one.days, one.contract.pk),
}


def renewed_soon(user: User, today: date, days: int, sort: str = "date") -> list[Renewal]:
    """The contracts renewed within so many days with something unresolved that this person may read."""
    soon = Contract.objects.filter(
        state__in=RENEWABLE, renews_on__gte=today, renews_on__lte=today + timedelta(days=days)
    ).select_related("organisation", "person", "account_manager", "technician")
    found = at_stake(user, soon.order_by("renews_on", "pk")[:MOST_CONTRACTS], today)
    return sorted(found, key=SORTS.get(sort, SORTS["date"]))


def at_stake(user: User, contracts: Iterable[Contract], today: date) -> list[Renewal]:
    """Of these contracts those with something unresolved, each with it. Two questions, however many."""
    renewals = [Renewal(one, days) for one in contracts if (days := one.renewal_in_days(today)) is not None]
    if not renewals:
        return []
    rows = list(_unresolved(user, [one.contract for one in renewals]))
    kept_apart: dict[int, set[int]] = {}
    for case, person in Exclusion.objects.filter(case__in=[row["pk"] for row in rows]).values_list(
        "case_id", "user_id"
    ):
        kept_apart.setdefault(case, set()).add(person)
    for one in renewals:
        mine = [row for row in rows if _is_about(row, one.contract)]
        one.issues = [_issue(row) for row in mine]
        _say_who(one, set().union(*(kept_apart.get(row["pk"], set()) for row in mine)))
    return [one for one in renewals if one.issues]


def _unresolved(user: User, contracts: Sequence[Contract]) -> Any:
    """The cases of these contracts, or of their customers where no contract is said, with something unresolved."""
    since = clock.now() - FELT
    of_contract = Q(contract__in=[one.pk for one in contracts])
    of_customer = Q(organisation__in=[one.organisation_id for one in contracts if one.organisation_id])
    people = [one.person_id for one in contracts if one.person_id]
    of_customer |= Q(complainant__in=people) | Q(complainant__merged_into__in=people)
    broken = Promise.objects.filter(case=OuterRef("pk"), state=Promise.State.BROKEN, broken_at__gte=since)
    refused = Grievance.objects.filter(case=OuterRef("pk"), verdict=Grievance.Verdict.NOT_UPHELD)
    is_open = Q(urgent_at__gt=BEFORE_ALL)
    return (
        Case.objects.visible_to(user)
        .filter(of_contract | Q(contract=None) & of_customer)
        .annotate(n_broken=_count(broken), n_refused=_count(refused))
        .filter(
            is_open
            | Q(n_broken__gt=0) & ~Q(state__in=NOT_OWED)
            | Q(n_refused__gt=0, final_reply_at__gte=since, accepted_at=None)
        )
        .order_by("urgent_at", "-pk")
        .values(
            "pk", "reference", "title", "excerpt", "urgent_at", "final_reply_at", "accepted_at", "contract_id",
            "organisation_id", "complainant_id", "complainant__merged_into_id", "handler__name", "n_broken", "n_refused",
        )
    )  # fmt: skip


def _count(rows: Any) -> Coalesce:
    """How many rows a case has, in a question of its own."""
    counted = rows.order_by().values("case").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _is_about(row: dict[str, Any], contract: Contract) -> bool:
    if row["contract_id"] is not None:
        return bool(row["contract_id"] == contract.pk)
    if contract.organisation_id:
        return bool(row["organisation_id"] == contract.organisation_id)
    return contract.person_id in (row["complainant_id"], row["complainant__merged_into_id"])


def _issue(row: dict[str, Any]) -> Issue:
    answered = row["final_reply_at"] is not None and row["accepted_at"] is None
    return Issue(
        row["reference"],
        row["title"] or row["excerpt"] or row["reference"],
        row["urgent_at"] is not None,
        row["n_broken"],
        row["n_refused"] if answered else 0,
        row["handler__name"] or "",
    )


def _say_who(one: Renewal, kept_apart: set[int]) -> None:
    """Who may look after the renewal: those who handle the cases, and the account manager unless a party to one."""
    names = dict.fromkeys(issue.handler for issue in one.issues if issue.handler and issue.is_open)
    manager = one.contract.account_manager
    if manager and manager.pk in kept_apart:
        one.kept_apart.append(manager.name)
    elif one.contract.manager_said:
        names[one.contract.manager_said] = None
    one.looks_after = [name for name in names if name not in one.kept_apart]


# --- promises that were not kept --------------------------------------------------------------------------


@dataclass
class Disappointed:
    """A customer to whom promises were broken."""

    name: str
    organisation_id: int | None
    person_id: int
    broken: int = 0
    not_done: int = 0
    last: datetime | None = None
    cases: dict[str, bool] = field(default_factory=dict)  # reference, and whether it is open


def disappointed(user: User, days: int) -> list[Disappointed]:
    """Customers with promises broken in so many days, the most recent first."""
    readable = Case.objects.visible_to(user).exclude(state__in=NOT_OWED)
    broken = Promise.objects.filter(
        state=Promise.State.BROKEN, broken_at__gte=clock.now() - timedelta(days=days), case__in=readable
    ).select_related("case__organisation", "case__complainant__merged_into")
    found: dict[tuple[str, int], Disappointed] = {}
    rows = broken.prefetch_related("case__complainant__addresses").order_by("-broken_at", "-pk")
    for promise in rows[:MOST_PROMISES]:
        company, person = promise.case.organisation, promise.case.complainant.survivor
        key = ("organisation", company.pk) if company else ("person", person.pk)
        name = company.name if company else person.display_name()
        one = found.setdefault(
            key, Disappointed(name, company.pk if company else None, person.pk, last=promise.broken_at)
        )
        one.broken += 1
        one.not_done += promise.kept_at is None
        one.cases[promise.case.reference] = promise.case.is_open
    return list(found.values())
