"""Play the demo's stories through the verbs, in the order they happened: six months in less than a minute."""

import gc
import heapq
import logging
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

import yaml
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q

from apaise.doors.demo import posting, rules
from apaise.doors.demo.arrivals import receive_first
from apaise.doors.demo.company import HERE, company, is_set_up, set_up
from apaise.doors.demo.customers import Customers
from apaise.doors.demo.ladder import let_them_go_on
from apaise.doors.demo.routing import say_who_gets_what
from apaise.doors.demo.scene import Scene, Story, calendar, colleague
from apaise.doors.demo.scenes import SCENES
from apaise.doors.demo.state import DONE, is_complete
from apaise.ground.accounts.models import Alert
from apaise.intake.cases import happenings
from apaise.intake.cases.criticality import weigh
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.outgoing import mark_sent
from apaise.journey import queue, reactions, rounds
from apaise.journey.models import Job
from apaise.lib import clock

log = logging.getLogger("apaise.demo")
BY_HAND = ("phone", "letter", "in_person")
NEWS = timedelta(days=4)  # an alert older than this has been read and is not written again
COMPARED = timedelta(days=45)  # words older than this are not compared with those of other cases
ROUND = timedelta(hours=8)
TO_POST = timedelta(hours=40)  # letters younger than this still lie on the table
TOGETHER = 12  # steps in a transaction: whoever writes in a page meanwhile waits for a fraction of a second
BEFORE_ALL = timedelta(days=190)  # the customers were known before the first of them complained


@dataclass(order=True)
class Step:
    """One thing that happens at one moment."""

    at: datetime
    order: int
    story: Story | None = field(compare=False, default=None)  # None: a letter goes to the post
    act: dict[str, Any] | None = field(compare=False, default=None)  # None: the first words
    letter: int = field(compare=False, default=0)


def is_demo_or_empty() -> bool:
    """Whether this database may become, or is, the demo's."""
    return is_set_up() or not Case.objects.exists()


def prepare() -> None:
    """People and desk, at once, so that one can sign in; what an interrupted start left behind is removed."""
    if is_set_up() and not is_complete():
        call_command("flush", interactive=False, verbosity=0)
    set_up()


def play(told: Sequence[dict[str, Any]] | None = None) -> int:
    """Play everything up to now. Returns how many steps were refused by a verb (a test wants none).

    told   the stories, if not all of them"""
    if is_complete():
        return 0
    told_now = _Company(stories() if told is None else told, clock.now())
    with _seldom_collecting():
        refused = told_now.perform_all()
    say_who_gets_what()
    rounds.sweep_deadlines()
    _weigh_once()
    queue.run_all(("default",))
    rules.write_down()  # last: the stories above were told under the shipped packs
    # Old news were read.
    Alert.objects.filter(at__lt=clock.now() - timedelta(days=2)).update(seen_at=clock.now())
    Job.objects.create(
        task=DONE, state=Job.State.DONE, unique_key=DONE, finished_at=clock.now() + timedelta(days=3650)
    )
    return refused


def _weigh_once() -> None:
    """The cases one works on, as they stand now: at each step of six months it would take a minute."""
    around = Case.objects.select_related("pack_version", "complainant", "organisation", "contract", "desk")
    lately = Q(urgent_at__isnull=False) | Q(received_at__gt=clock.now() - COMPARED)
    for case in around.defer("pack_version__content").filter(lately):
        weigh(case)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Two hundred thousand rows come and go; looking for cycles among them every time takes a tenth of the minute."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Company:
    """Everybody and everything while the stories are told."""

    def __init__(self, told: Sequence[dict[str, Any]], now: datetime) -> None:
        self.now = now
        self.stories = {data["id"]: Story(data, _moment_of_receipt(data, now)) for data in told}
        self._coming: list[Step] = []
        self._order = 0
        self._letters: dict[int, datetime] = {}  # those to post, and when each leaves
        self._looked_at = now - BEFORE_ALL
        colleague.cache_clear()
        staff = (colleague(person["login"].partition("@")[0]) for person in company()["staff"])
        self._staff = {person.pk: person for person in staff}
        with clock.at_moment(now - BEFORE_ALL), transaction.atomic():
            self.customers = Customers(now.astimezone(calendar().zone).date())
            self.customers.write_down([story.data for story in self.stories.values()])

    def steps(self) -> Iterator[Step]:
        """In the order of time; a letter that is written on the way brings its posting."""
        for story in self.stories.values():
            moment = story.received
            for act in [None, *story.data.get("steps", ())]:
                moment = moment if act is None else _when(self._at_least(moment, act), act)
                self._plan(Step(moment, 0, story, act))
        while self._coming:
            yield heapq.heappop(self._coming)

    def _at_least(self, moment: datetime, act: dict[str, Any]) -> datetime:
        """When this may happen: on some weekdays a call is moved before the case it shall be merged into came in."""
        named = self.stories.get(act.get("into", act.get("to", "")))
        return max(moment, named.received) if named else moment

    def _plan(self, step: Step) -> None:
        if step.at <= self.now:
            self._order += 1
            step.order = self._order
            heapq.heappush(self._coming, step)

    def perform_all(self) -> int:
        """Some steps a transaction: a commit for each is a tenth of the minute. Returns how many a verb refused."""
        refused, steps = 0, self.steps()
        while True:
            with transaction.atomic():
                done = [self._perform(step) for step in islice(steps, TOGETHER)]
            if not done:
                return refused
            refused += done.count(False)

    def _perform(self, step: Step) -> bool:
        """False when a verb refused it."""
        if leaves := self._after_the_post(step):
            self._plan(replace(step, at=leaves + timedelta(hours=1)))
            return True
        with clock.at_moment(step.at):
            self._look_at_the_clock(step.at)
            done = self._try(step)
            _settle(self.now - step.at, before=self.now)
            # Only who has no e-mail, or wrote on paper, gets letters.
            paper = step.story and ("email" not in step.story.data["customer"] or "letter" in step.story.data)
            for letter in sorted(posting.waiting() - self._letters.keys()) if paper else ():
                goes = posting.goes_at(letter, step.at) if step.at < self.now - TO_POST else self.now
                self._letters[letter] = goes
                if goes < self.now:
                    self._plan(Step(goes, 0, letter=letter))
        return done

    def _after_the_post(self, step: Step) -> datetime | None:
        """When a case can be closed whose letter has not left yet; on some weekdays the post goes later than the story."""
        if not (step.story and step.story.case and step.act and step.act["do"] == "close"):
            return None
        left = step.story.case.messages.filter(state=Message.State.TO_POST).values_list("pk", flat=True)
        return max((self._letters.get(letter, self.now) for letter in left), default=None)

    def _look_at_the_clock(self, at: datetime) -> None:
        """Say what is near, late or not kept: every few hours of the stories, as nobody watches them go by."""
        if at >= self._looked_at + ROUND:
            _tell_the_service(at)
            rounds.sweep_deadlines()
            rounds.sweep_ladder()
            self._looked_at = at

    def _try(self, step: Step) -> bool:
        story, act = step.story, step.act
        try:
            with transaction.atomic():
                if story is None:
                    posting.post(step.letter, step.at)
                elif act is None:
                    self._open(story)
                elif story.case is not None:
                    story.case = self._as_it_is_now(story.case)
                    scene = Scene(story.case, act, story, step.at, self.stories)
                    let_them_go_on(scene)
                    SCENES[act["do"]](scene)
            return True
        except Exception as problem:
            what = act["do"] if act else "receipt" if story else "posting"
            log.warning("demo %s, %s: %s", story.data["id"] if story else step.letter, what, problem)
            return False

    def _as_it_is_now(self, case: Case) -> Case:
        """With all that a verb looks at, and its handler with the roles that are known already."""
        around = Case.objects.select_related("desk", "team", "complainant", "organisation", "pack_version")
        now = around.defer("pack_version__content").get(pk=case.pk)
        if now.handler_id:
            now.handler = self._staff[now.handler_id]
        return now

    def _open(self, story: Story) -> None:
        story.case = receive_first(story, self.customers.of(story.data))
        self.customers.complete(story.case.complainant, story.data)


def _moment_of_receipt(data: dict[str, Any], now: datetime) -> datetime:
    zone = calendar().zone
    local = now.astimezone(zone)
    hour, minute = (int(part) for part in data["at"].split(":"))
    day = local.date() - timedelta(days=data["days_ago"])
    if data["channel"] in BY_HAND and day.weekday() == 6:
        day -= timedelta(
            days=1
        )  # on a Sunday nobody of ours takes a call, opens a letter or stands at a counter
    moment = datetime.combine(day, time(hour, minute), zone)
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


def _settle(ago: timedelta, *, before: datetime) -> None:
    """Let follow the reactions; what would go to the mail server left at that moment in this story.

    What is due later is the worker's: a visitor's mail really goes, and today."""
    while jobs := list(Job.objects.filter(state=Job.State.READY, run_after__lt=before).order_by("pk")):
        for job in jobs:
            if job.queue == "mail":
                if message := Message.objects.claim(job.arguments["args"][0]):
                    mark_sent(message)
            elif job.task == reactions.TOGETHER:
                entry, names = job.arguments["args"]
                reactions.react_all(entry, [name for name in names if _matters_still(name, ago)])
            elif ago < NEWS:
                queue.call(job)
        done = Job.objects.filter(pk__in=[job.pk for job in jobs])
        done.update(state=Job.State.DONE, finished_at=clock.now())


def _matters_still(reaction: str, ago: timedelta) -> bool:
    if reaction == "look_for_similar":
        return ago < COMPARED
    return ago < NEWS or reaction == "acknowledge"


@lru_cache(maxsize=1)
def stories() -> tuple[dict[str, Any], ...]:
    """Every case of the data files."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = sorted((HERE / "cases").glob("*.yaml"))
    return tuple(case for file in files for case in yaml.load(file.read_text(encoding="utf-8"), loader))  # noqa: S506


def _tell_the_service(at: datetime) -> None:
    """Where the policy wants the whole service told of a decision, somebody does so within the half-hour."""
    owed = Deadline.objects.filter(
        rule="service_notified", state=Deadline.State.RUNNING, case__handler__isnull=False
    )
    for one in owed.select_related("case__handler", "case__pack_version"):
        told_at = min(at, one.start_at + timedelta(minutes=30))
        happenings.tell(one.case, "service_notice.sent", on=told_at, by=colleague("helene.marsac"))
