"""The queue: put with the change that asked for it, claimed by one, tried again, dead at last, never in the way."""

import os
import random
from datetime import timedelta

import pytest
from django.db import transaction

from apaise.journey import queue, worker
from apaise.journey.models import Job
from apaise.lib import clock
from apaise.lib.later import NotNow

pytestmark = pytest.mark.django_db
ME = "here/1/1"
ran = []


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    ran.clear()
    monkeypatch.setattr(random, "uniform", lambda low, high: 1.0)
    monkeypatch.setattr(worker, "_put", {})


def note(*args, **kwargs):
    ran.append((args, kwargs))


def fail(*args):
    raise KeyError("claire@courriel.exemple.test")


def later(*args):
    raise NotNow("the server is away", timedelta(minutes=1) if args else None)


def put(task="note", *args, **more):
    return queue.put(f"{__name__}.{task}", args, **more)


def row(job):
    return Job.objects.get(pk=job.pk)


def claim_one(name="default"):
    (job,) = queue.claim(name, ME)
    return job


# --- putting ---------------------------------------------------------------------------------------------


def test_a_job_is_run_with_its_arguments_and_done(noon):
    job = queue.put(f"{__name__}.note", [1, "two"], {"three": 3})
    assert queue.run_all() == 1
    assert ran == [((1, "two"), {"three": 3})]
    assert (row(job).state, row(job).finished_at, row(job).attempts) == ("done", noon, 1)
    assert queue.run_all() == 0


def test_what_is_rolled_back_asked_for_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put()
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_a_case_that_was_rolled_back_has_no_jobs(complain):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        complain()
        assert Job.objects.exists()
        raise ZeroDivisionError
    assert not Job.objects.exists()


def test_a_unique_key_is_used_once_even_when_its_job_is_done():
    assert put(key="once") is not None
    assert put(key="once") is None
    queue.run_all()
    assert put(key="once") is None
    assert len(ran) == 1


@pytest.mark.django_db(transaction=True)
def test_a_unique_key_put_at_once_by_four_is_one_job():
    from tests.at_once import at_once

    made = at_once([lambda: put(key="once") is not None] * 4)
    assert sorted(made) == [False, False, False, True]
    assert Job.objects.count() == 1


def test_a_task_of_a_lower_room_lands_here(complain):
    from apaise.intake.channels.tasks import deliver, file_arrival

    deliver.enqueue(7)
    file_arrival.enqueue(8)
    assert sorted(Job.objects.values_list("queue", "task", "arguments")) == [
        ("default", "apaise.intake.channels.tasks.file_arrival", {"args": [8], "kwargs": {}}),
        ("mail", "apaise.intake.channels.tasks.deliver", {"args": [7], "kwargs": {}}),
    ]


# --- claiming --------------------------------------------------------------------------------------------


def test_jobs_are_taken_in_order_when_due_and_by_queue(noon):
    second = put(run_after=noon - timedelta(seconds=1))
    first = put(run_after=noon - timedelta(seconds=2))
    put(run_after=noon + timedelta(seconds=1))
    put(queue="mail")
    assert [job.pk for job in queue.claim("default", ME)] == [first.pk, second.pk]
    taken = row(first)
    assert (taken.state, taken.worker, taken.leased_until, taken.attempts) == (
        "running",
        ME,
        noon + queue.LEASE,
        1,
    )
    assert queue.claim("default", ME) == []


@pytest.mark.django_db(transaction=True)
def test_a_job_is_claimed_by_one_of_many():
    from tests.at_once import at_once

    for _ in range(8):
        put()
    taken = at_once([lambda: [job.pk for job in queue.claim("default", ME)]] * 4)
    numbers = [number for some in taken for number in some]
    assert len(numbers) == len(set(numbers)) == 8


def test_an_idle_claim_costs_one_question(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queue.claim("default", ME) == []


# --- ending ----------------------------------------------------------------------------------------------


def test_a_failure_is_tried_again_with_growing_pauses_and_dead_at_last(noon, caplog):
    job, moment, pauses = put("fail"), noon, []
    for _ in range(queue.MOST_ATTEMPTS):
        with clock.at_moment(moment):
            assert queue.run(claim_one()) is False
        pauses.append((row(job).run_after - moment).total_seconds())
        moment = max(moment, row(job).run_after)
    assert pauses[:-1] == [5, 15, 45, 135, 405, 1215, 3600]
    dead = row(job)
    assert (dead.state, dead.attempts, dead.finished_at) == ("dead", 8, moment)
    assert dead.problem.startswith("KeyError at test_queue.py:")
    assert "claire" not in dead.problem + caplog.text
    with clock.at_moment(moment + timedelta(days=9)):
        assert queue.claim("default", ME) == []
        queue.forget_done()
    assert row(job).state == "dead"


def test_a_dead_job_may_be_given_a_new_life_and_no_other(noon):
    job = put("fail")
    assert queue.retry(job.pk) is False
    Job.objects.filter(pk=job.pk).update(state="dead", attempts=8, crashes=3, finished_at=noon)
    assert queue.retry(job.pk) is True
    again = row(job)
    assert (again.state, again.attempts, again.crashes, again.finished_at) == ("ready", 0, 0, None)


def test_not_now_is_no_failure_and_never_dies(noon):
    job, moment = put("later"), noon
    for _ in range(80):
        with clock.at_moment(moment):
            assert queue.run(claim_one()) is False
        moment = row(job).run_after
    waiting = row(job)
    assert (waiting.state, waiting.problem) == ("ready", "the server is away")
    assert waiting.attempts <= queue.MOST_COUNTED
    assert moment - noon <= queue.LONGEST_PAUSE * 80


def test_not_now_may_say_when(noon):
    job = put("later", "in a minute")
    queue.run(claim_one())
    assert row(job).run_after == noon + timedelta(minutes=1)


def test_a_task_that_is_gone_fails_in_the_open():
    job = put("nothing_of_that_name")
    assert queue.run(claim_one()) is False
    assert row(job).problem.startswith("ImportError")


# --- workers that are gone -------------------------------------------------------------------------------


def test_a_job_whose_lease_is_over_goes_to_another_worker(noon):
    job = put()
    slow = claim_one()
    with clock.at_moment(noon + queue.LEASE):
        assert queue.free_abandoned() == 0
    with clock.at_moment(noon + queue.LEASE + timedelta(seconds=1)):
        assert queue.free_abandoned() == 1
        quick = claim_one()
        assert queue.run(slow) is False  # it woke up too late, and sees that
        assert ran == []
        assert queue.run(quick) is True
    assert (row(job).state, row(job).attempts, len(ran)) == ("done", 2, 1)


def test_who_comes_too_late_does_not_write_over_the_others_end(noon):
    job = put("fail")
    slow = claim_one()
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=noon)
    assert queue.run(slow) is False
    assert row(job).state == "done"


def test_a_job_of_a_dead_process_is_free_at_once_and_one_of_a_living_one_is_not(noon):
    mine, dead, elsewhere, reused = put(), put(), put(), put()
    me = queue.this_worker()
    host = me.partition("/")[0]
    for job, name in (
        (mine, me),
        (dead, f"{host}/999999999/1"),
        (elsewhere, "other-host/1/1"),
        (reused, f"{host}/{os.getpid()}/before"),
    ):
        Job.objects.filter(pk=job.pk).update(
            state="running", worker=name, leased_until=noon + timedelta(minutes=1), attempts=1
        )
    assert queue.free_abandoned() == 2
    assert [row(job).state for job in (mine, dead, elsewhere, reused)] == [
        "running",
        "ready",
        "running",
        "ready",
    ]


def test_a_job_that_ends_its_worker_again_and_again_is_set_aside(noon):
    job, moment = put(), noon
    for crash in range(queue.MOST_CRASHES):
        with clock.at_moment(moment):
            claim_one()
            Job.objects.filter(pk=job.pk).update(
                worker=f"{queue.this_worker().partition('/')[0]}/999999999/1"
            )
            queue.free_abandoned()
        assert row(job).crashes == crash + 1
        moment = row(job).run_after + timedelta(seconds=1)
    assert (row(job).state, row(job).problem) == ("dead", "its worker ended 3 times in the middle of it")


def test_a_job_that_crashed_once_does_not_stand_before_the_others_the_second_time(noon):
    poison = put(run_after=noon - timedelta(minutes=1))
    for expected in (noon, noon + queue.FIRST_PAUSE):
        queue.claim("default", ME)
        Job.objects.filter(pk=poison.pk).update(worker=f"{queue.this_worker().partition('/')[0]}/999999999/1")
        queue.free_abandoned()
        assert row(poison).run_after == expected


def test_old_done_jobs_are_forgotten(noon):
    job = put()
    queue.run_all()
    with clock.at_moment(noon + timedelta(days=3)):
        assert queue.forget_done() == 0
    with clock.at_moment(noon + timedelta(days=3, seconds=1)):
        assert queue.forget_done() == 1
    assert not Job.objects.filter(pk=job.pk).exists()


# --- periodic --------------------------------------------------------------------------------------------


def test_each_slot_is_put_once_however_many_schedulers_run(noon, monkeypatch):
    from apaise.journey.periodic import PERIODIC

    assert worker.put_due_slots(noon) == len(PERIODIC)
    assert worker.put_due_slots(noon) == 0
    monkeypatch.setattr(worker, "_put", {})  # another process
    assert worker.put_due_slots(noon) == 0
    soon = noon + timedelta(seconds=30)
    assert worker.put_due_slots(soon) == sum(every <= timedelta(seconds=30) for every in PERIODIC.values())
    assert Job.objects.count() == len(set(Job.objects.values_list("unique_key", flat=True)))


def test_every_periodic_task_exists_and_may_be_repeated(desk, noon):
    worker.put_due_slots(noon)
    queue.run_all()
    with clock.at_moment(noon + timedelta(days=1)):
        worker.put_due_slots(clock.now())
        queue.run_all()
    assert not Job.objects.exclude(state="done").exists()


def test_a_lost_doorbell_is_rung_again_after_ten_minutes_and_once(complain, work, noon):
    from apaise.intake.channels.models import Arrival
    from apaise.intake.channels.receive import keep
    from apaise.journey.rounds import sweep_unsent

    complain()
    work()
    arrival = keep(b"From: x@y.test\r\n\r\nHello there")
    Job.objects.all().delete()
    with clock.at_moment(noon + timedelta(minutes=10)):
        sweep_unsent()
    assert not Job.objects.exists()
    with clock.at_moment(noon + timedelta(minutes=11)):
        sweep_unsent()
        sweep_unsent()
        assert sorted(Job.objects.values_list("queue", flat=True)) == ["default", "mail"]
        work()
    assert Arrival.objects.get(pk=arrival.pk).state == "filed"


def test_ringing_costs_the_same_for_one_and_for_fifty(complain, ana, noon, django_assert_max_num_queries):
    from apaise.handling.routing.assignment import assign
    from apaise.intake.cases import conversation
    from apaise.journey.rounds import sweep_unsent

    case = complain()
    assign(case, ana, by=ana)
    for _ in range(30):
        conversation.reply(case, "Bonjour", by=ana)
    with clock.at_moment(noon + timedelta(minutes=11)), django_assert_max_num_queries(6):
        sweep_unsent()
