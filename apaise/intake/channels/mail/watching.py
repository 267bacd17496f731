"""Watch every mailbox: a thread each, that fetches, waits for new mail, and tries again when something is in the way."""

import logging
import os
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from time import monotonic

from django.db import Error, close_old_connections, connection
from imapclient import IMAPClient

from apaise.intake.channels.mail import configured
from apaise.intake.channels.mail.connect import opened
from apaise.intake.channels.mail.fetch import LeaseLost, look
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.trouble import TO_MEND, Trouble
from apaise.lib.trouble import where

log = logging.getLogger("apaise.imap")
LIST_SECONDS = 10.0  # between two looks at which mailboxes there are
RENEW_SECONDS = 20.0  # of the lease, well below its length
POLL_SECONDS = 60.0  # where the server cannot tell us of new mail
IDLE_SECONDS = 540.0  # servers and routers forget a connection that says nothing for long: RFC 2177 says 29 minutes at most
SHORTEST_PAUSE, LONGEST_PAUSE = 5.0, 900.0
MEND_PAUSE = 60.0  # a refused password tried too often locks the account


class Watching:
    """All watches. `serve` until `stop` is set; what is in hand is then cut off, and gone on with at the next start."""

    def __init__(self, stop: threading.Event, list_seconds: float = LIST_SECONDS) -> None:
        self._stop, self._list_seconds = stop, list_seconds
        self._watches: dict[int, Watch] = {}

    def serve(self) -> None:
        configured_yet = False
        while not self._stop.is_set():
            try:
                close_old_connections()
                if not configured_yet:
                    configured.bring_in()
                    configured_yet = True
                self._keep_up()
            except Exception as problem:  # the database is away, say: the watches go on, and so do we
                log.error("the list of mailboxes could not be read: %s", where(problem))
            self._stop.wait(self._list_seconds)
        for watch in self._watches.values():
            watch.end()
        connection.close()

    def _keep_up(self) -> None:
        wanted = dict(Mailbox.objects.watched().values_list("pk", "changed_at"))
        for pk, watch in list(self._watches.items()):
            if wanted.get(pk) != watch.of or not watch.is_alive():
                watch.end()
                del self._watches[pk]
        for pk in wanted.keys() - self._watches.keys():
            self._watches[pk] = Watch(pk, wanted[pk])
            self._watches[pk].start()


class Watch(threading.Thread):
    """The thread of one mailbox, as it was described at `of`."""

    def __init__(self, mailbox_id: int, of: datetime) -> None:
        super().__init__(name=f"imap-{mailbox_id}", daemon=True)
        self.of, self._mailbox_id = of, mailbox_id
        self._ending = threading.Event()
        self._client: IMAPClient | None = None
        self._renewed = 0.0

    def end(self) -> None:
        """Cut off what waits; it ends in a moment."""
        self._ending.set()
        if client := self._client:
            with suppress(Exception):
                client.socket().shutdown(socket.SHUT_RDWR)

    def run(self) -> None:
        failures = 0
        while not self._ending.is_set():
            close_old_connections()
            began = monotonic()
            pause = self._try(failures)
            failures = 0 if pause == 0 or monotonic() - began > LONGEST_PAUSE else failures + 1
            self._ending.wait(pause)
        connection.close()

    def _try(self, failures: int) -> float:
        """One session; returns how many seconds to wait before the next."""
        try:
            mailbox = Mailbox.objects.watched().get(pk=self._mailbox_id)
            if not mailbox.claim(holder(), gone=gone_holder(mailbox.lease_by)):
                return RENEW_SECONDS
            try:
                with _noted(mailbox, lambda: self._ending.is_set()):
                    self._session(mailbox)
            finally:
                mailbox.release(holder())
            return 0
        except Mailbox.DoesNotExist:
            self._ending.set()
            return 0
        except LeaseLost:
            return RENEW_SECONDS
        except Trouble as trouble:
            return pause_after(failures, to_mend=trouble.code in TO_MEND)
        except (
            Exception
        ) as problem:  # our own mistake or the database's absence: nothing is lost, the mail waits
            log.error("mailbox %s could not be fetched from: %s", self._mailbox_id, where(problem))
            return pause_after(failures)

    def _session(self, mailbox: Mailbox) -> None:
        with opened(mailbox) as client:
            self._client = client
            try:
                while not self._ending.is_set():
                    look(mailbox, client, lambda: self._still_ours(mailbox))
                    self._wait_for_mail(mailbox, client)
            finally:
                self._client = None

    def _still_ours(self, mailbox: Mailbox) -> bool:
        if self._ending.is_set():
            return False
        if monotonic() - self._renewed < RENEW_SECONDS:
            return True
        self._renewed = monotonic()
        return mailbox.claim(holder())

    def _wait_for_mail(self, mailbox: Mailbox, client: IMAPClient) -> None:
        connection.close_if_unusable_or_obsolete()
        if not client.has_capability("IDLE"):
            self._rest(mailbox)
            return
        client.idle()
        until = monotonic() + IDLE_SECONDS
        while not self._ending.is_set() and monotonic() < until:
            began = monotonic()
            told = client.idle_check(timeout=RENEW_SECONDS)
            if any(answer[-1] == b"EXISTS" for answer in told if isinstance(answer, tuple)):
                break
            if not told and monotonic() - began < RENEW_SECONDS / 2:
                break  # it returned early with nothing: the connection has ended, as the next command will show
            if not self._still_ours(mailbox):
                raise LeaseLost
        if not self._ending.is_set():
            client.idle_done()

    def _rest(self, mailbox: Mailbox) -> None:
        until = monotonic() + POLL_SECONDS
        while not self._ending.is_set() and monotonic() < until:
            self._ending.wait(min(RENEW_SECONDS, POLL_SECONDS))
            if not self._still_ours(mailbox):
                raise LeaseLost


@contextmanager
def _noted(mailbox: Mailbox, is_ending: Callable[[], bool]) -> Iterator[None]:
    """What is in the way stands on the mailbox, and once in the log."""
    before = mailbox.trouble
    try:
        yield
    except Trouble as trouble:
        if is_ending():
            return  # we broke it off ourselves
        if trouble.code != before:
            log.warning("mailbox %s: %s", mailbox.pk, trouble.code)
        mailbox.is_in_trouble(trouble.code, trouble.detail)
        raise
    except Error:
        with suppress(Error):
            mailbox.is_in_trouble("no_room")
        raise


def fetch_once(mailbox: Mailbox) -> int:
    """Fetch what is new now, without waiting for more; how many messages were kept. Raises Trouble."""
    if not mailbox.claim(holder(), gone=gone_holder(mailbox.lease_by)):
        return 0
    try:
        with _noted(mailbox, lambda: False), opened(mailbox) as client:
            return look(mailbox, client, lambda: mailbox.claim(holder()))
    finally:
        mailbox.release(holder())


def pause_after(failures: int, *, to_mend: bool = False) -> float:
    """Seconds before the next try: growing, and never the same for all, so that many do not come back at once."""
    least = MEND_PAUSE if to_mend else SHORTEST_PAUSE
    return min(LONGEST_PAUSE, least * 2.0 ** min(failures, 10)) * random.uniform(0.8, 1.2)  # noqa: S311


# --- whose lease -------------------------------------------------------------------------------------------


def holder() -> str:
    """This thread, as it stands in a lease: machine, process, the process's beginning, thread."""
    return f"{_this_process(os.getpid())}/{threading.get_native_id()}"


def gone_holder(lease_by: str) -> str:
    """The holder of a lease if it was a process of this machine that has ended: its lease need not be waited for."""
    known = lease_by.rpartition("/")[0]
    host, _slash, rest = known.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return ""
    return lease_by if _this_process(int(pid)) != known else ""


def _this_process(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        began = stat.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        began = "?"
    return f"{socket.gethostname()[:60]}/{pid}/{began}"
