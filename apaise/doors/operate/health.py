"""Look at the whole place and say, one sentence each, what is well, what is not, and what to do. Changes nothing."""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Min, Q

from apaise.__main__ import CommandError
from apaise.doors.operate import mail_health, policy_health
from apaise.doors.operate.saying import SLOW, Level, Said, how_long
from apaise.ground.accounts.models import Desk, Function, User
from apaise.ground.ledger.models import Head
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.load import PackError
from apaise.intake.cases.message import Message
from apaise.intake.channels.checked import FileCheck
from apaise.intake.channels.mail.gate import reach
from apaise.intake.channels.mail.stops import is_muted
from apaise.journey.models import Job
from apaise.lib import clamd, clock

SAFE_SQLITE = (3, 51, 3)  # earlier ones can lose a commit in a rare race between checkpoint and writer
LITTLE_ROOM, NO_ROOM = 1_000_000_000, 200_000_000  # bytes free
SILENT = timedelta(minutes=2)  # the scheduler puts a round every few seconds
BACKUP_EVERY = timedelta(days=2)
HEADS_LOOKED_AT = 200


class Finding(NamedTuple):
    """One thing looked at."""

    level: Level
    what: str
    said: str


def look() -> Iterator[Finding]:
    """Every check, in the order an administrator would go; one that fails itself is a finding too."""
    for check in CHECKS:
        name = check.__name__.strip("_").replace("_", " ")
        try:
            for level, said in check():
                yield Finding(level, name, said)
        except CommandError as problem:
            yield Finding("bad", name, str(problem))
            if check is database:
                return  # nothing else can be asked
        except Exception as problem:
            yield Finding("bad", name, f"This could not be looked at ({type(problem).__name__}).")


def database() -> Said:
    from apaise.doors.commands.database import check_database

    check_database()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW server_version")
            yield "ok", f"PostgreSQL {cursor.fetchone()[0].split()[0]} answers and is up to date."
            return
        cursor.execute("PRAGMA quick_check(1)")
        if (said := cursor.fetchone()[0]) != "ok":
            yield "bad", f"SQLite finds the file damaged ({said[:120]}). Restore the last backup."
        cursor.execute("PRAGMA journal_mode")
        if (mode := cursor.fetchone()[0]) != "wal":
            yield (
                "bad",
                f"The file is in {mode} mode, not WAL. Run `apaise run` once; keep it on a local disk.",
            )
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
    if tuple(int(part) for part in version.split(".")) < SAFE_SQLITE:
        yield "warning", f"SQLite {version} can lose a commit in a rare race. Install the package pysqlite3."
    else:
        yield "ok", f"SQLite {version}, sound, up to date."


def disk() -> Said:
    room = shutil.disk_usage(settings.DATA).free
    level: Level = "bad" if room < NO_ROOM else "warning" if room < LITTLE_ROOM else "ok"
    todo = "" if level == "ok" else " Make room: without it no mail can be taken."
    yield level, f"{room / 1e9:.1f} GB are free where the data lie.{todo}"
    try:
        with tempfile.TemporaryFile(dir=settings.DATA) as file:
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
    except OSError as problem:
        yield (
            "bad",
            f"Nothing can be written to {settings.DATA} ({problem.strerror}). Make the folder writable.",
        )


def secrets() -> Said:
    folder, key = Path(settings.DATA), Path(settings.DATA) / "secret-key"
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) & ~(stat.S_IXGRP | stat.S_IXOTH):
        yield (
            "warning",
            f"Others on this machine may look into {folder}. chmod 700 it: it holds customers' words.",
        )
    if key.exists() and key.stat().st_mode & 0o077:
        yield "bad", f"Others may read {key}. chmod 600 it, and change the key if somebody did."
    elif key.exists():
        yield "ok", "The secret key is kept in the data folder and only we can read it."
    else:
        yield "ok", "The secret key comes from APAISE_SECRET_KEY."


def queue() -> Said:
    now = clock.now()
    waiting = Job.objects.filter(state=Job.State.READY, run_after__lte=now).aggregate(
        n=Count("pk"), since=Min("run_after")
    )
    dead = Job.objects.filter(state=Job.State.DEAD).count()
    if dead:
        yield "bad", f"{dead} tasks are stuck. Look at /desk/queue: each says why, and can be tried again."
    if waiting["since"] and now - waiting["since"] > SLOW:
        yield (
            "bad",
            f"{waiting['n']} tasks are due, the oldest for {how_long(now - waiting['since'])}. Is a worker running?",
        )
    elif not dead:
        yield "ok", f"Nothing is stuck; {waiting['n']} tasks are due now."
    last = Job.objects.filter(task__startswith="apaise.journey.rounds.").aggregate(at=Max("finished_at"))[
        "at"
    ]
    if last is None or now - last > SILENT:
        ago = f"since {how_long(now - last)}" if last else "yet"
        yield (
            "warning",
            f"No round was made {ago}. Start `apaise run`, or `apaise worker`: deadlines are not watched.",
        )


def outgoing_mail() -> Said:
    if is_muted():  # nobody calls the server then, not even to ask how it is
        yield "warning", "All outgoing mail is stopped: see “Outgoing mail” in the workspace, or APAISE_MUTE."
    elif not settings.SMTP_URL:
        yield "bad", "No server for outgoing mail is set: nothing leaves. Set SMTP_URL."
    elif trouble := reach():
        yield (
            "bad",
            f"The server for outgoing mail cannot be used ({trouble}). Check SMTP_URL and that it runs.",
        )
    else:
        yield "ok", "The server for outgoing mail answers and lets us in."
    states = dict(
        Message.objects.filter(state__in=["uncertain", "failed", "queued"])
        .values_list("state")
        .annotate(n=Count("pk"))
    )
    if states.get("uncertain") or states.get("failed"):
        yield (
            "warning",
            f"{states.get('uncertain', 0)} mails may not have arrived and {states.get('failed', 0)} did not leave. "
            "Each is shown on its case, to be sent again.",
        )
    if oldest := Message.objects.filter(state="queued", send_after=None).aggregate(at=Min("at"))["at"]:
        if clock.now() - oldest > SLOW:
            yield (
                "warning",
                f"{states['queued']} mails wait to leave, the oldest for {how_long(clock.now() - oldest)}.",
            )


def files() -> Said:
    if not settings.CLAMD_URL:
        yield "ok", "No virus scanner is set (CLAMD_URL): files are marked by their kind alone."
        return
    try:
        clamd.ping(settings.CLAMD_URL)
        yield "ok", "The virus scanner answers."
    except clamd.Away as away:
        then = "can be opened after a warning" if settings.UNCHECKED_FILES == "warn" else "stay closed"
        yield (
            "bad",
            f"The virus scanner cannot be used ({away}). Files that come in now {then}. Check CLAMD_URL and that clamd runs.",
        )
    said = dict(FileCheck.objects.exclude(state="clean").values_list("state").annotate(n=Count("pk")))
    if unchecked := said.get("unchecked"):
        yield (
            "warning",
            f"{unchecked} files could not be checked. Those the scanner was away for are tried again.",
        )
    if infected := said.get("infected"):
        yield (
            "warning",
            f"{infected} infected files are kept closed. Nothing is to be done; nobody can open them.",
        )


def policy_packs() -> Said:
    try:
        packs = active_packs()
    except PackError as problem:
        yield "bad", f"A policy pack cannot be used: {problem}"
        return
    used = {code for pack in packs for code in pack.functions_named()}
    if nobody := Function.objects.nobody_holds(sorted(used)):
        yield (
            "warning",
            f"Nobody holds: {', '.join(nobody)}. Map each to a person or a team; until then the lead is told.",
        )
    yield "ok", f"In force: {', '.join(f'{pack.id}@{pack.version}' for pack in packs)}."


def people() -> Said:
    if not User.objects.filter(is_active=True).exists():
        yield "bad", "Nobody can sign in. Add somebody with `apaise staff`."
    for desk in Desk.objects.filter(Q(signatory=None) | Q(signatory__is_active=False)):
        yield "warning", f"Nobody signs for {desk.address}. Name one with `apaise staff … --signs`."
    if not Desk.objects.exists():
        yield "bad", "There is no complaints desk. Set APAISE_DESKS and run `apaise run`."
    else:
        yield "ok", f"{Desk.objects.count()} desks, {User.objects.filter(is_active=True).count()} people."


def ledger() -> Said:
    heads = list(Head.objects.order_by("-chain")[:HEADS_LOOKED_AT])
    false = [head.chain for head in heads if not head.is_genuine()]
    if false:
        yield (
            "bad",
            f"The end of {false[0]} is not sealed with our key. Run `apaise verify`; was the secret key changed?",
        )
    else:
        yield (
            "ok",
            f"The newest {len(heads)} records are sealed with our key. `apaise verify` checks all of them whole.",
        )


def machine_clock() -> Said:
    if connection.vendor != "postgresql":
        yield "ok", "Database and product share this machine's clock."
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - clock.now())
    level: Level = "bad" if apart > timedelta(seconds=30) else "ok"
    yield level, f"The clocks of this machine and of the database are {apart.total_seconds():.1f} s apart."


def backups() -> Said:
    from apaise.doors.operate.backup import last_backup

    known = last_backup()
    if known is None:
        yield (
            "warning",
            "No backup was made yet. `apaise backup` makes one while everything runs; do it each night.",
        )
        return
    made, file = known
    old = clock.now() - made
    if old > BACKUP_EVERY:
        yield "warning", f"The last backup is {how_long(old)} old. Run `apaise backup` each night."
    elif not Path(file).exists():
        yield (
            "ok",
            f"The last backup was made {how_long(old)} ago and has been moved from where it was written: well done.",
        )
    else:
        yield "ok", f"The last backup was made {how_long(old)} ago. Keep a copy on another machine."


CHECKS: tuple[Callable[[], Said], ...] = (
    database,
    disk,
    secrets,
    queue,
    outgoing_mail,
    mail_health.incoming_mail,
    mail_health.mailboxes,
    files,
    policy_packs,
    policy_health.public_page,
    people,
    ledger,
    machine_clock,
    backups,
)
