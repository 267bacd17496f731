"""One look into a mailbox: what is new is fetched whole, made durable, and only then marked on its server.

Whatever breaks in between, the next look goes on: each message is known by (mailbox, UIDVALIDITY, UID), and by its bytes."""

import imaplib
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from imapclient import IMAPClient

from apaise.intake.channels import receive, tasks
from apaise.intake.channels.mail import doors
from apaise.intake.channels.mail.connect import BROKEN, choose
from apaise.intake.channels.mail.mailboxes import Fetched, Mailbox
from apaise.intake.channels.mail.marking import mark
from apaise.intake.channels.mail.smtp_in import LARGEST
from apaise.intake.channels.mail.trouble import Trouble
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.settling import quarantine
from apaise.lib import clock, crash

log = logging.getLogger("apaise.imap")
AT_ONCE = 200  # UIDs named in one command
TRIES = 3  # then it is shown to people, and asked for again now and then
BEGINNING = 65536  # bytes of a mail too large that are fetched, to show whose it is
_DELIVERED_TO = re.compile(
    rb"^(?:Delivered-To|X-Original-To|Envelope-To):[ \t]*<?([^\s<>]+@[^\s<>]+)", re.I | re.M
)


class LeaseLost(Exception):
    """Somebody else fetches from this mailbox now."""


def look(mailbox: Mailbox, client: IMAPClient, still_ours: Callable[[], bool] = lambda: True) -> int:
    """Take in what is new; returns how many messages were kept. Raises Trouble, LeaseLost and what a connection raises."""
    chosen = choose(mailbox, client)
    if mailbox.use_uids(chosen.validity, chosen.next_uid):
        log.warning("mailbox %s has new UIDs; looking at all mail since it was added", mailbox.pk)
    kept, cannot_mark = 0, _mark_all(mailbox, client)
    for uids in _portions(_wanted(mailbox, client)):
        for uid, size in _sizes(client, uids).items():
            if not still_ours():
                raise LeaseLost
            kept += _take(mailbox, client, uid, size)
        cannot_mark = _mark_all(mailbox, client)
        if not cannot_mark:
            mailbox.is_well()  # a long look is not silence
    mailbox.has_noted_up_to(chosen.next_uid)
    if cannot_mark:
        raise cannot_mark
    mailbox.is_well()
    return kept


# --- which -------------------------------------------------------------------------------------------------


def _wanted(mailbox: Mailbox, client: IMAPClient) -> list[int]:
    """Whatever nobody read, and everything newer than what we know, read or not: somebody may look into the mailbox too."""
    found = set(client.search(["UNDELETED", "UNSEEN"]))
    newer = client.search(["UNDELETED", "UID", f"{mailbox.first_uid}:*"])
    found |= {uid for uid in newer if uid >= mailbox.first_uid}  # “9:*” also names the last one, be it 8
    if mailbox.catch_up and mailbox.begun_at:
        found |= set(_since(client, mailbox))
    return _untried_first(mailbox, found)


def _since(client: IMAPClient, mailbox: Mailbox) -> Iterator[int]:
    assert mailbox.begun_at
    day_before = mailbox.begun_at.date() - timedelta(days=1)  # the server's day may be another
    for uids in _portions(client.search(["UNDELETED", "SINCE", day_before])):
        client.normalise_times = False
        for uid, told in client.fetch(uids, ["INTERNALDATE"]).items():
            if told[b"INTERNALDATE"] >= mailbox.begun_at:
                yield uid


def _untried_first(mailbox: Mailbox, found: Iterable[int]) -> list[int]:
    """Without those we know; what failed before comes after all others, so that it cannot hold them up."""
    new, again, now = [], [], clock.now()
    ours = Fetched.objects.of(mailbox)
    for uids in _portions(found):
        known = {one.uid: one for one in ours.filter(uid__in=uids)}
        new += [uid for uid in uids if uid not in known]
        failed = (one for one in known.values() if one.state == Fetched.State.FAILING)
        again += [one.uid for one in failed if one.try_after is None or one.try_after <= now]
    return [*new, *sorted(again)]


def _portions(uids: Iterable[int]) -> Iterator[list[int]]:
    listed = uids if isinstance(uids, list) else sorted(uids)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


def _sizes(client: IMAPClient, uids: Sequence[int]) -> dict[int, int]:
    try:
        told = client.fetch(uids, ["RFC822.SIZE"])
    except BROKEN:
        raise
    except imaplib.IMAP4.error:  # one of them may be to blame: each is asked for by itself
        told = {}
    return {uid: told.get(uid, {}).get(b"RFC822.SIZE") or 0 for uid in uids}


# --- one message -------------------------------------------------------------------------------------------


def _take(mailbox: Mailbox, client: IMAPClient, uid: int, size: int) -> bool:
    """Fetch one and keep it; True when it is durable here. One that is not handed over holds up no other."""
    try:
        raw = _fetched(client, uid, BEGINNING if size > LARGEST else 0)
    except BROKEN:
        # Perhaps this message is what breaks the server: the next look begins with the others.
        _note_failure(mailbox, uid)
        raise
    except imaplib.IMAP4.error:
        raw = None
    if raw is None:
        _note_failure(mailbox, uid)
        return False
    if not _keep(mailbox, uid, raw, too_large=size > LARGEST):
        return False
    if size <= LARGEST:
        doors.heard(mailbox.door)
    return size <= LARGEST


def _fetched(client: IMAPClient, uid: int, most: int) -> bytes | None:
    part = f"BODY.PEEK[]<0.{most}>" if most else "BODY.PEEK[]"
    told: dict[Any, Any] = client.fetch([uid], [part]).get(uid, {})
    raw = next((value for name, value in told.items() if name.startswith(b"BODY[]")), None)
    return raw if isinstance(raw, bytes) else None


def _keep(mailbox: Mailbox, uid: int, raw: bytes, *, too_large: bool) -> bool:
    """Durable first, noted then; False when another worker was quicker."""
    try:
        digest, size = file_store().keep(
            raw
        )  # before the transaction: a slow disk must not hold the write lock
    except OSError as problem:
        raise Trouble("no_room", problem.strerror or "") from problem
    crash.point("after-raw-store")
    state = Fetched.State.TOO_LARGE if too_large else Fetched.State.KEPT
    try:
        with transaction.atomic():
            arrival = _known(mailbox, digest) or _arrived(mailbox, raw, digest, size, too_large=too_large)
            _note(mailbox, uid, state=state, raw=digest, arrival=arrival, try_after=None)
            crash.point("after-arrival-row")
    except IntegrityError:
        return False
    return True


def _known(mailbox: Mailbox, digest: str) -> Arrival | None:
    """The arrival of these very bytes from this mailbox: its server has given it another UID."""
    before = Fetched.objects.filter(mailbox=mailbox, raw=digest, arrival__isnull=False).select_related(
        "arrival"
    )
    return known.arrival if (known := before.first()) else None


def _arrived(mailbox: Mailbox, raw: bytes, digest: str, size: int, *, too_large: bool) -> Arrival:
    to = _DELIVERED_TO.search(raw[:BEGINNING])
    arrival = receive.note_arrival(
        digest, size, envelope_to=to[1].decode("ascii", "replace") if to else mailbox.user, desk=mailbox.desk
    )
    if too_large:
        quarantine(arrival, "too_large")
    else:
        tasks.file_arrival.enqueue(arrival.pk)
    return arrival


def _note(mailbox: Mailbox, uid: int, **told: Any) -> None:
    which = {"mailbox": mailbox, "uidvalidity": mailbox.uidvalidity, "uid": uid}
    failing = Fetched.objects.filter(**which, state=Fetched.State.FAILING)
    stand_in = Arrival.objects.filter(fetched__in=failing, state=Arrival.State.QUARANTINED)
    for waiting in list(stand_in):  # it was shown to people as not handed over; now it is here
        waiting.state, waiting.reason = Arrival.State.SET_ASIDE, "fetched_later"
        waiting.save(update_fields=["state", "reason"])
    if not failing.update(**told):
        Fetched.objects.create(**which, **told)


def _note_failure(mailbox: Mailbox, uid: int) -> None:
    which = {"mailbox": mailbox, "uidvalidity": mailbox.uidvalidity, "uid": uid}
    with transaction.atomic():
        one, _new = Fetched.objects.get_or_create(**which, defaults={"state": Fetched.State.FAILING})
        if one.state != Fetched.State.FAILING:
            return
        one.attempts = min(one.attempts + 1, 1000)
        one.try_after = clock.now() + min(
            timedelta(days=1), timedelta(seconds=15 * 4 ** min(one.attempts, 7))
        )
        if one.attempts >= TRIES and one.arrival is None:
            one.arrival = _stand_in(mailbox, uid)
            log.warning("mailbox %s does not hand over UID %s; it is in quarantine", mailbox.pk, uid)
        one.save()


def _stand_in(mailbox: Mailbox, uid: int) -> Arrival:
    """Something to show people in place of what the server does not hand over."""
    place = f"{mailbox.host} {mailbox.user} {mailbox.folder}: UIDVALIDITY {mailbox.uidvalidity}, UID {uid}\n"
    arrival = receive.keep(place.encode(), envelope_to=mailbox.user, desk=mailbox.desk)
    quarantine(arrival, "not_fetched")
    return arrival


# --- on its server -----------------------------------------------------------------------------------------


def _mark_all(mailbox: Mailbox, client: IMAPClient) -> Trouble | None:
    """Mark what is durable here, also what an earlier look left unmarked; says what is in the way, if anything."""
    waiting = Fetched.objects.of(mailbox).filter(state=Fetched.State.KEPT, is_marked=False)
    for pk, uid in list(waiting.order_by("uid").values_list("pk", "uid")):
        crash.point("before-mail-mark")
        try:
            mark(mailbox, client, uid)
        except BROKEN:
            raise
        except imaplib.IMAP4.error as problem:
            if client.search(["UID", str(uid)]):
                return Trouble("cannot_mark", str(problem))  # it has not gone: the server does not let us
        crash.point("after-mail-mark")
        Fetched.objects.filter(pk=pk).update(is_marked=True)
    return None
