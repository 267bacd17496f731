"""Play the demo's sixty cases through the verbs, in the order they happened, three months in a few seconds."""

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

import yaml
from django.core.management import call_command
from django.db import transaction

from apaise.doors.demo.company import HERE, is_set_up, set_up
from apaise.doors.demo.dates import fill
from apaise.doors.demo.scenes import SCENES, Scene, receive_first
from apaise.ground.accounts.models import Alert
from apaise.ground.packs.choose import active_packs
from apaise.intake.cases import deadlines
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.cases.outgoing import mark_sent
from apaise.journey import queue
from apaise.journey.models import Job
from apaise.lib import clock

log = logging.getLogger("apaise.demo")
DONE = "demo.played"  # unique key of the job row that says the demo is complete


@dataclass(order=True)
class Step:
    """One thing that happens at one moment."""

    at: datetime
    order: int
    story: "Story" = field(compare=False)
    act: dict[str, Any] | None = field(compare=False)  # None: the first message


@dataclass
class Story:
    """One case of the data files, with its case once it is open."""

    data: dict[str, Any]
    received: datetime
    case: Case | None = None

    def text(self, text: str, written: datetime) -> str:
        """The text with its dates filled in."""
        return fill(
            text,
            language=self.data["language"],
            received=self.received.date(),
            written=written.date(),
            is_open=is_open,
        )


def is_demo_or_empty() -> bool:
    """Whether this database may become, or is, the demo's."""
    return is_set_up() or not Case.objects.exists()


def is_complete() -> bool:
    return Job.objects.filter(unique_key=DONE).exists()


def prepare() -> None:
    """People and desk, at once, so that one can sign in; what an interrupted start left behind is removed."""
    if is_set_up() and not is_complete():
        call_command("flush", interactive=False, verbosity=0)
    set_up()


def play() -> int:
    """Play everything up to now. Returns how many steps were refused by a verb (a test wants none)."""
    if is_complete():
        return 0
    refused = 0
    for step in sorted(_steps(clock.now()), key=attrgetter("at", "order")):
        with clock.at_moment(step.at), transaction.atomic():
            deadlines.sweep(step.at)
            refused += not _perform(step)
            _settle()
    Alert.objects.filter(at__lt=clock.now() - timedelta(days=2)).update(
        seen_at=clock.now()
    )  # old news were read
    Job.objects.create(
        task=DONE, state=Job.State.DONE, unique_key=DONE, finished_at=clock.now() + timedelta(days=3650)
    )
    return refused


def _steps(now: datetime) -> Iterator[Step]:
    order = 0
    for data in stories():
        story = Story(data, _moment_of_receipt(data, now))
        moment = story.received
        for act in [None, *data.get("steps", ())]:
            if act is not None:
                moment = _when(moment, act)
            if moment > now:
                break
            order += 1
            yield Step(moment, order, story, act)


def _moment_of_receipt(data: dict[str, Any], now: datetime) -> datetime:
    zone = _calendar().zone
    local = now.astimezone(zone)
    hour, minute = (int(part) for part in data["at"].split(":"))
    moment = datetime.combine(local.date() - timedelta(days=data["days_ago"]), time(hour, minute), zone)
    # Early in the day, what belongs to "today" has not come in yet: let it be minutes ago.
    return min(moment, local - timedelta(minutes=2 + zlib.crc32(data["id"].encode()) % 40))


def _when(before: datetime, act: dict[str, Any]) -> datetime:
    moment = before + _elapsed(act.get("after", "5m"))
    if "who" not in act:
        return moment
    if moment.time() >= time(19):
        moment = datetime.combine(moment.date() + timedelta(days=1), time(8, 10), moment.tzinfo)
    if moment.time() < time(8):
        moment = datetime.combine(moment.date(), time(8, 10), moment.tzinfo)
    while moment.weekday() == 6:
        moment = datetime.combine(moment.date() + timedelta(days=1), time(8, 10), moment.tzinfo)
    return moment


def _elapsed(text: str) -> timedelta:
    units = {"d": "days", "h": "hours", "m": "minutes"}
    return timedelta(**{units[part[-1]]: int(part[:-1]) for part in str(text).split()})


def _perform(step: Step) -> bool:
    story, act = step.story, step.act
    try:
        with transaction.atomic():
            if act is None:
                story.case = receive_first(story)
            elif story.case is not None:
                story.case.refresh_from_db()
                SCENES[act["do"]](Scene(story.case, act, story, step.at))
        return True
    except Exception as problem:
        log.warning("demo %s, %s: %s", story.data["id"], act["do"] if act else "receipt", problem)
        return False


def _settle() -> None:
    """Let follow the reactions; what would go to the mail server left at that moment in this story."""
    queue.run_all(("default",))
    for job in Job.objects.filter(queue="mail", state=Job.State.READY):
        if message := Message.objects.claim(job.arguments["args"][0]):
            mark_sent(message)
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=clock.now())
    queue.run_all(("default",))


@lru_cache(maxsize=1)
def stories() -> tuple[dict[str, Any], ...]:
    """Every case of the data files."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = sorted((HERE / "cases").glob("*.yaml"))
    return tuple(case for file in files for case in yaml.load(file.read_text(encoding="utf-8"), loader))  # noqa: S506


def is_open(day: date) -> bool:
    return day.toordinal() in _calendar().business


@lru_cache(maxsize=1)
def _calendar() -> Any:
    return active_packs()[-1].calendar
