"""Does the fast lane make the others wait? Waiting times of VIP cases and of all others, week by week."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Min, OuterRef, Q

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases.models import Case, Deadline
from apaise.lib import clock

# A person of ours spoke or wrote to the customer; an acknowledgement that leaves by itself is none.
HUMAN = ("contact.human_done", "restatement.sent", "info.requested", "final_reply.sent")
READERS = ("team_lead", "complaints_manager")
MOST = 20_000


class Times(NamedTuple):
    """Waiting times of some cases, in hours; None where nobody has been served yet."""

    counted: int
    waiting: int  # still without it: they are in `counted`, and in no median
    median: float | None
    ninth: float | None  # nine in ten waited no longer


class Line(NamedTuple):
    """One week of one group of cases, by the day they came in."""

    week: date  # its Monday
    vip: bool
    contact: Times
    reply: Times
    late: int  # cases of which a date of ours was missed

    @property
    def late_share(self) -> float | None:
        return self.late / self.contact.counted if self.contact.counted else None


class Waiting(NamedTuple):
    """The case that has waited longest for a person of ours."""

    case: Case
    hours: float


class _One(NamedTuple):
    week: date
    vip: bool
    contact: float | None
    reply: float | None
    late: bool


class Report(NamedTuple):
    """The weeks, newest first, in each the VIP cases and then the others; and all of them together."""

    weeks: list[Line]
    vip: Line
    others: Line


def report(reader: User, weeks: int = 12) -> Report:
    """The last weeks, of the cases this person may read."""
    zone = ZoneInfo(settings.TIME_ZONE)
    monday = _monday(clock.now(), zone)
    since = datetime.combine(monday - timedelta(weeks=weeks - 1), datetime.min.time(), zone)
    cases = _cases(reader, since, zone)
    found = []
    for back in range(weeks):
        week = monday - timedelta(weeks=back)
        for vip in (True, False):
            of_it = [one for one in cases if one.week == week and one.vip is vip]
            found.append(_line(week, vip, of_it))
    first = monday - timedelta(weeks=weeks - 1)
    vip_line, other_line = (
        _line(first, vip, [one for one in cases if one.vip is vip]) for vip in (True, False)
    )
    return Report(found, vip_line, other_line)


def waits_longest(reader: User, *, vip: bool) -> Waiting | None:
    """Of the open cases nobody of ours has spoken to yet, the one that came first."""
    seen = Case.objects.visible_to(reader).open().filter(we_wrote_at=None)
    told = Entry.objects.filter(chain=OuterRef("reference"), what__in=HUMAN)
    chosen = seen.filter(is_vip()) if vip else seen.exclude(is_vip())
    case = chosen.filter(~Exists(told)).order_by("received_at", "pk").first()
    return Waiting(case, _hours(case.received_at, clock.now())) if case else None


def is_vip() -> Q:
    """Marked as VIP by us: the person, who they were merged into, or their organisation."""
    # By their ids rather than a join each: the list of VIPs is short, that of cases is not.
    people = Person.objects.filter(Q(vip=True) | Q(merged_into__vip=True)).values("pk")
    return Q(complainant__in=people) | Q(organisation__in=Organisation.objects.filter(vip=True).values("pk"))


def _cases(reader: User, since: datetime, zone: ZoneInfo) -> list[_One]:
    seen = Case.objects.visible_to(reader).filter(received_at__gte=since)
    late = Deadline.objects.filter(case=OuterRef("pk"), customer_right=False, missed_at__isnull=False)
    vips = set(seen.filter(is_vip()).values_list("pk", flat=True))
    rows = seen.order_by("-received_at").annotate(was_late=Exists(late))
    chosen = list(rows.values_list("pk", "reference", "received_at", "final_reply_at", "was_late")[:MOST])
    first = _first_contacts(since)
    return [
        _One(
            _monday(received, zone),
            pk in vips,
            _hours(received, first[reference]) if reference in first else None,
            _hours(received, replied) if replied else None,
            was_late,
        )
        for pk, reference, received, replied, was_late in chosen
    ]


def _first_contacts(since: datetime) -> dict[str, datetime]:
    entries = Entry.objects.filter(what__in=HUMAN, at__gte=since).order_by()
    return dict(entries.values("chain").annotate(first=Min("at")).values_list("chain", "first"))


def _line(week: date, vip: bool, cases: Sequence[_One]) -> Line:
    contact = _times([one.contact for one in cases])
    reply = _times([one.reply for one in cases])
    return Line(week, vip, contact, reply, sum(one.late for one in cases))


def _times(hours: Iterable[float | None]) -> Times:
    all_ = list(hours)
    known = sorted(one for one in all_ if one is not None)
    if not known:
        return Times(len(all_), len(all_), None, None)
    ninth = known[max(0, -(-9 * len(known) // 10) - 1)]
    return Times(len(all_), len(all_) - len(known), median(known), ninth)


def _hours(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / 3600)


def _monday(at: datetime, zone: ZoneInfo) -> date:
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
