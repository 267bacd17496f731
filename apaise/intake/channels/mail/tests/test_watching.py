"""Mailboxes watched by threads, as the mail process does it; and the process killed between keeping and marking."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection

from apaise.intake.cases.models import Case
from apaise.intake.channels.mail import watching
from apaise.intake.channels.mail.mailboxes import Fetched, Mailbox
from apaise.intake.channels.mail.watching import Watching, fetch_once
from apaise.intake.channels.models import Arrival
from apaise.lib import clock, crash
from tests.chaos import Chaos, Mood
from tests.dovecot import Dovecot
from tests.stories.house import ROOT, wait_for

pytestmark = [pytest.mark.imap, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("dovecot")]
Describe = Callable[..., Mailbox]
Letter = Callable[..., bytes]


@pytest.fixture
def watch() -> Iterator[Callable[[], Watching]]:
    """Start watching; everything ends with the test."""
    stop, threads, watches = threading.Event(), [], []

    def start() -> Watching:
        watches.append(Watching(stop, 0.05))
        threads.append(threading.Thread(target=watches[-1].serve))
        threads[-1].start()
        return watches[-1]

    yield start
    stop.set()
    for thread in threads:
        thread.join(20)
    for one in watches:
        for watch in one._watches.values():
            watch.join(20)
            assert not watch.is_alive()


def came(number: int) -> None:
    wait_for(lambda: Fetched.objects.filter(is_marked=True).count() >= number, f"mail {number} did not come")


def test_a_mail_that_arrives_wakes_the_one_who_waits(
    dovecot: Dovecot, describe: Describe, letter: Letter, watch: Callable[[], Watching]
) -> None:
    describe(dovecot.port)
    dovecot.deliver(letter("Un"))
    watch()
    came(1)
    dovecot.deliver(letter("Deux"))  # by now it says nothing for ten minutes, but for a mail
    came(2)
    dovecot.deliver(letter("Trois"))
    came(3)
    assert Arrival.objects.count() == 3


def test_without_idle_the_mailbox_is_asked_now_and_then(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, watch: Callable[[], Watching],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.05)
    chaos.always = Mood(
        answers={b"CAPABILITY": lambda tag: b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK done\r\n"}
    )
    describe(chaos.port)
    watch()
    dovecot.deliver(letter("Un"))
    came(1)
    dovecot.deliver(letter("Deux"))
    came(2)
    assert chaos.connections == 1


def test_a_connection_cut_while_waiting_is_made_again(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, watch: Callable[[], Watching],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(watching, "SHORTEST_PAUSE", 0.02)
    mailbox = describe(chaos.port)
    dovecot.deliver(letter("Un"))
    watch()
    came(1)
    for number in (2, 3):
        chaos.cut_all()
        dovecot.deliver(letter(f"Panne {number}"))
        came(number)
    wait_for(lambda: Mailbox.objects.get(pk=mailbox.pk).trouble == "", "the trouble did not go")
    assert Arrival.objects.count() == 3


def test_several_mailboxes_are_watched_and_one_in_trouble_keeps_no_other_waiting(
    dovecot: Dovecot, describe: Describe, letter: Letter, watch: Callable[[], Watching]
) -> None:
    wrong = describe(dovecot.port, user="autre@exemple.test")
    wrong.seal("password", "faux")
    wrong.save()
    right = describe(dovecot.port)
    dovecot.deliver(letter("Un"))
    watch()
    came(1)
    wait_for(lambda: Mailbox.objects.get(pk=wrong.pk).trouble == "login_refused", "nothing was said about it")
    assert Mailbox.objects.get(pk=right.pk).trouble == ""


def test_a_mailbox_changed_or_switched_off_is_taken_up_or_left_at_once(
    dovecot: Dovecot, describe: Describe, letter: Letter, watch: Callable[[], Watching]
) -> None:
    mailbox = describe(dovecot.port, folder="Nulle part")
    dovecot.deliver(letter("Un"))
    watch()
    wait_for(lambda: Mailbox.objects.get(pk=mailbox.pk).trouble == "no_folder", "nothing was said about it")
    Mailbox.objects.filter(pk=mailbox.pk).update(folder="INBOX", changed_at=clock.now())
    came(1)
    Mailbox.objects.filter(pk=mailbox.pk).update(is_active=False)
    wait_for(lambda: Mailbox.objects.get(pk=mailbox.pk).lease_by == "", "it is still held")


def test_two_processes_watching_bring_each_mail_once(
    dovecot: Dovecot,
    describe: Describe,
    letter: Letter,
    watch: Callable[[], Watching],
    work: Callable[[], int],
) -> None:
    describe(dovecot.port)
    dovecot.deliver(*(letter(f"Panne {number}") for number in range(20)))
    watch()
    watch()
    came(20)
    assert Arrival.objects.count() == 20
    work()
    assert Case.objects.count() == 20


# --- killed in the middle ------------------------------------------------------------------------------------

_FETCH = """
import sys, os
from apaise.config.start import start_django
start_django()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.watching import fetch_once
fetch_once(Mailbox.objects.get())
"""


@pytest.mark.parametrize("point", ["after-raw-store", "after-arrival-row", *crash.FETCH_POINTS])
@pytest.mark.parametrize("after", ["seen", "move"])
def test_killed_between_keeping_and_marking_it_goes_on_to_exactly_one_case(
    point: str, after: str, dovecot: Dovecot, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    mailbox = describe(dovecot.port, after=after, move_to="Archive")
    dovecot.deliver(letter("Coupure nette"))
    database = str(connection.settings_dict["NAME"])
    environment = {
        **os.environ,
        "APAISE_CRASH_AT": point,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }
    killed = subprocess.run(
        [sys.executable, "-c", _FETCH, database],
        env=environment,
        capture_output=True,
        timeout=60,
        cwd=settings.DATA,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert Arrival.objects.count() == (0 if point in crash.POINTS else 1)
    mailbox.refresh_from_db()
    assert mailbox.lease_by  # nobody gave it back
    fetch_once(mailbox)
    fetch_once(mailbox)
    work()
    assert list(Case.objects.values_list("title", flat=True)) == ["Coupure nette"]
    assert Arrival.objects.count() == 1
    assert Fetched.objects.get().is_marked
    left = dovecot.flags() if after == "seen" else dovecot.flags("Archive")
    assert list(left.values()) == [{b"\\Seen"}]


def test_a_pause_is_cut_short_when_we_are_told_to_end(dovecot: Dovecot, describe: Describe) -> None:
    mailbox = describe(dovecot.port, folder="Nulle part")
    watch = watching.Watch(mailbox.pk, mailbox.changed_at)
    watch.start()
    wait_for(lambda: Mailbox.objects.get(pk=mailbox.pk).trouble == "no_folder", "nothing was said about it")
    watch.end()
    watch.join(20)
    assert not watch.is_alive()
