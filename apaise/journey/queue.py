"""The queue: put in the caller's transaction, claimed under a lease, tried again with growing pauses, dead at last.

A job may run twice (a worker died after the work, before the mark): every task must be harmless to repeat."""

import logging
import os
import random
import socket
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from apaise.journey.models import Job
from apaise.lib import clock
from apaise.lib.later import NotNow
from apaise.lib.rows import insert_all
from apaise.lib.trouble import where

log = logging.getLogger("apaise.queue")

LEASE = timedelta(
    minutes=2
)  # the worker renews it while the job is in hand; over, its worker is gone or stuck
MOST_ATTEMPTS = 8  # with the pauses below: about three hours
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_COUNTED = 50  # a mail may wait for weeks for its server: the pauses have long stopped growing
_in_hand: ContextVar[Job | None] = ContextVar("job_in_hand", default=None)
MOST_CRASHES = 3  # a job that ends its worker again and again must not stop all the others


def put(
    task: str,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    *,
    queue: str = "default",
    run_after: datetime | None = None,
    key: str | None = None,
) -> Job | None:
    """Queue a job in the current transaction. None if a job with this unique key was queued before."""
    fields: dict[str, Any] = {
        "task": task,
        "arguments": {"args": list(args), "kwargs": dict(kwargs or {})},
        "queue": queue,
        "run_after": run_after or clock.now(),
    }
    if key is None:
        return Job.objects.create(**fields)
    job, new = Job.objects.get_or_create(unique_key=key, defaults=fields)
    return job if new else None


def put_new(task: str, jobs: Mapping[str, Sequence[Any]]) -> None:
    """Queue jobs of one task, arguments by unique key, whose keys cannot have been used before; a second use is an error."""
    insert_all(
        [
            Job(task=task, arguments={"args": list(args), "kwargs": {}}, unique_key=key)
            for key, args in jobs.items()
        ]
    )


def this_worker() -> str:
    """host/pid/start time: enough to tell, on the same host, whether this very process still lives."""
    return f"{socket.gethostname()}/{os.getpid()}/{_started(os.getpid())}"


def claim(queue: str, worker: str, most: int = 10) -> list[Job]:
    """Take up to `most` due jobs for this worker. An idle call costs one SELECT and no write lock."""
    now = clock.now()
    ready = Job.objects.filter(queue=queue, state=Job.State.READY, run_after__lte=now)
    due = list(ready.order_by("run_after", "pk")[:most])
    if not due:
        return []
    mine = _take([job.pk for job in due], worker, now + LEASE)
    taken = [job for job in due if job.pk in mine]
    for job in taken:
        job.attempts, job.leased_until = job.attempts + 1, now + LEASE
    return taken


def _take(job_ids: Sequence[int], worker: str, until: datetime) -> set[int]:
    """Those of these jobs that no other worker was quicker to take; one statement, which Django has no word for."""
    # Where several write at once, a row in another's hands is passed by: nobody waits, and no two for each other.
    lock = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update else ""
    free = f"SELECT id FROM journey_job WHERE id IN ({', '.join(['%s'] * len(job_ids))}) AND state = %s{lock}"  # noqa: S608
    taken = "UPDATE journey_job SET state = %s, worker = %s, leased_until = %s, attempts = attempts + 1"
    leased_until = connection.ops.adapt_datetimefield_value(until)
    values = [Job.State.RUNNING, worker, leased_until, *job_ids, Job.State.READY]
    with connection.cursor() as cursor:
        cursor.execute(f"{taken} WHERE id IN ({free}) RETURNING id", values)
        return {pk for (pk,) in cursor.fetchall()}


def give_back(jobs: Sequence[Job]) -> None:
    """Leave claimed jobs that were not begun to the next worker."""
    for job in jobs:
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts).update(
            state=Job.State.READY, leased_until=None, attempts=F("attempts") - 1
        )


def renew(job_ids: Sequence[int]) -> int:
    """Keep the lease of jobs in hand alive, however slow they are. Writes only when half of it is over."""
    if not job_ids:
        return 0
    now = clock.now()
    short = Job.objects.filter(pk__in=job_ids, state=Job.State.RUNNING, leased_until__lt=now + LEASE / 2)
    mine = list(short.filter(worker=this_worker()).values_list("pk", flat=True))
    return (
        Job.objects.filter(pk__in=mine, state=Job.State.RUNNING).update(leased_until=now + LEASE)
        if mine
        else 0
    )


def run(job: Job) -> bool:
    """Run one claimed job and write down how it ended. True when it is done."""
    if _may_be_over(job) and not _held(job).exists():  # somebody else has it
        return False
    in_hand = _in_hand.set(job)
    try:
        call(job)
    except NotNow as later:
        _postpone(job, str(later)[:200], later.after, may_die=False)
    except Exception as problem:
        _postpone(job, where(problem), None, may_die=True)
        log.error("job %s (%s) failed, attempt %s: %s", job.pk, job.task, job.attempts, job.problem)
    else:
        _held(job).update(
            state=Job.State.DONE, finished_at=clock.now(), leased_until=None, problem="", crashes=0
        )
        return True
    finally:
        _in_hand.reset(in_hand)
    return False


def crashed_before() -> bool:
    """Whether a worker ended in the middle of the job that is in hand now."""
    job = _in_hand.get()
    return job is not None and job.crashes > 0


def _may_be_over(job: Job) -> bool:
    """Whether it waited so long for its turn, since it was claimed, that its lease may have run out."""
    return job.leased_until is None or clock.now() > job.leased_until - LEASE / 2


def _held(job: Job) -> QuerySet[Job]:
    """The row, as long as this very claim of it holds."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def call(job: Job) -> None:
    task: Any = import_string(job.task)
    function: Callable[..., Any] = getattr(task, "func", task)
    function(*job.arguments["args"], **job.arguments["kwargs"])


def _postpone(job: Job, problem: str, after: timedelta | None, *, may_die: bool) -> None:
    job.problem = problem
    if may_die and job.attempts >= MOST_ATTEMPTS:
        _held(job).update(state=Job.State.DEAD, finished_at=clock.now(), leased_until=None, problem=problem)
        return
    spread = random.uniform(0.8, 1.2)  # noqa: S311
    pause = after or min(LONGEST_PAUSE, FIRST_PAUSE * 3 ** min(job.attempts - 1, 9)) * spread
    _held(job).update(
        state=Job.State.READY,
        run_after=clock.now() + pause,
        leased_until=None,
        problem=problem,
        crashes=0,
        attempts=min(job.attempts, MOST_COUNTED),
    )


def free_abandoned() -> int:
    """Give back the jobs of workers that are gone: lease over, or, on this host, process dead. Returns how many."""
    now = clock.now()
    freed = 0
    for job in Job.objects.filter(state=Job.State.RUNNING):
        over = job.leased_until is None or job.leased_until < now
        if over or _is_dead(job.worker):
            freed += _held(job).filter(worker=job.worker).update(**_after_crash(job, now))
    return freed


def _after_crash(job: Job, now: datetime) -> dict[str, Any]:
    crashes = job.crashes + 1
    if crashes >= MOST_CRASHES:
        problem = f"its worker ended {crashes} times in the middle of it"
        return {
            "state": Job.State.DEAD,
            "finished_at": now,
            "leased_until": None,
            "crashes": crashes,
            "problem": problem,
        }
    # The first time it was probably not the job's fault; after that the others go first.
    pause = timedelta(0) if crashes == 1 else FIRST_PAUSE
    return {"state": Job.State.READY, "run_after": now + pause, "leased_until": None, "crashes": crashes}


def retry(job_id: int) -> bool:
    """Give a stuck job a new life."""
    return bool(
        Job.objects.filter(pk=job_id, state=Job.State.DEAD).update(
            state=Job.State.READY, attempts=0, crashes=0, run_after=clock.now(), finished_at=None
        )
    )


def hurry(task: str) -> int:
    """Let what waits for another try of this task run now: what held it back is gone. Returns how many."""
    waiting = Job.objects.filter(task=task, state=Job.State.READY, run_after__gt=clock.now())
    return waiting.update(run_after=clock.now())


def forget_done(older_than: timedelta = timedelta(days=3)) -> int:
    """Remove what was done long ago; the dead stay until a person looks."""
    return Job.objects.filter(state=Job.State.DONE, finished_at__lt=clock.now() - older_than).delete()[0]


def run_all(queues: Sequence[str] = ("default", "mail"), rounds: int = 1000) -> int:
    """Run everything that is due, here and now: for tests, demo data and `ingest`. Returns how many ran."""
    worker, ran = this_worker(), 0
    for _ in range(rounds):
        jobs = [job for queue in queues for job in claim(queue, worker)]
        if not jobs:
            return ran
        for job in jobs:
            with transaction.atomic() if transaction.get_connection().in_atomic_block else _nothing():
                run(job)
            ran += 1
    return ran


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *problem: object) -> None: ...


def _is_dead(worker: str) -> bool:
    host, _, rest = worker.partition("/")
    pid, _, started = rest.partition("/")
    return host == socket.gethostname() and pid.isdigit() and _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a living process started, "" if there is none: boot and clock ticks since. A pid alone may be reused."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if stat[0] in "ZX":  # killed, and its parent has not looked yet: it will never work again
            return ""
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text()[:8]}-{stat[19]}"
    except (OSError, IndexError):
        return ""
