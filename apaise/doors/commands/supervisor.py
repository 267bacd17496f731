"""Keep child processes alive: restart the dead with a growing pause, end all together."""

import ctypes
import gc
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping

_PR_SET_PDEATHSIG = 1
_END = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_WATCHED = (*_END, signal.SIGCHLD)
GRACE_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
LIVED_WELL = 60.0  # seconds after which a child's next end counts as its first


def supervise(
    children: Mapping[str, Callable[[], object]], greet: Callable[[], object] = lambda: None
) -> int:
    """Fork each child and watch until told to stop; one that ends is started again. Returns the exit status.

    greet  says that we are there, once a signal to end cannot be missed any more

    What the caller has loaded by now is shared by the children. It must have no open connection and no thread."""
    # Blocked signals wait for sigtimedwait: none is lost between two looks, and nothing runs in between.
    signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
    greet()
    gc.collect()
    gc.freeze()  # the collector does not touch what the children share, so it stays shared
    watched = [_Child(name, work) for name, work in children.items()]
    while True:
        now = time.monotonic()
        for child in watched:
            if child.due is not None and child.due <= now:
                child.start()
        pauses = [child.due - now for child in watched if child.due is not None]
        came = signal.sigtimedwait(_WATCHED, max(0.0, min(pauses, default=60.0)))
        if came and came.si_signo in _END:
            return _end(watched)
        for pid, status in _ended_children():
            for child in watched:
                if child.pid == pid:
                    child.has_ended(status)


class _Child:
    """One child process, and when it is to be started (again)."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name, self.work = name, work
        self.pid: int | None = None
        self.due: float | None = 0.0
        self._started = self._pause = 0.0

    def start(self) -> None:
        self.due, self._started = None, time.monotonic()
        self.pid = _fork(self.work)

    def has_ended(self, status: int) -> None:
        lived = time.monotonic() - self._started
        self.pid = None
        self._pause = (
            FIRST_PAUSE if lived > LIVED_WELL else min(LONGEST_PAUSE, self._pause * 2 or FIRST_PAUSE)
        )
        self.due = time.monotonic() + self._pause
        how = f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
        print(
            f"apaise: {self.name} ended {how}; starting it again in {self._pause:.1f} s",
            file=sys.stderr,
            flush=True,
        )


def _fork(work: Callable[[], object]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _die_with_parent(parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _WATCHED)
        work()
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _die_with_parent(parent: int) -> None:
    """Linux: end when the parent ends, even by kill -9, so that nothing is left running on its own."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def _ended_children() -> list[tuple[int, int]]:
    ended: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.append((pid, os.waitstatus_to_exitcode(status)))


def _end(children: list[_Child]) -> int:
    """Ask all to finish what they have in hand; who takes too long, or a second request, ends them at once."""
    left = {child.pid for child in children if child.pid is not None}
    for pid in left:
        os.kill(pid, signal.SIGTERM)  # not reaped yet, so the number is still theirs
    until = time.monotonic() + GRACE_SECONDS
    while left and (seconds := until - time.monotonic()) > 0:
        left -= {pid for pid, _ in _ended_children()}
        came = signal.sigtimedwait(_WATCHED, min(seconds, 0.5)) if left else None
        if came and came.si_signo in _END:
            break
    for pid in left:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return 0
