"""`apaise run` as an administrator meets it: it starts, it stays, it ends, and it says in one line what is wrong."""

import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.stories.house import DESK, House, Sink, command, environment, wait_for

pytestmark = [
    pytest.mark.xdist_group("run"),
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database"),
]


def test_it_starts_on_an_empty_folder_answers_and_ends_with_zero_on_sigterm(tmp_path: Path) -> None:
    house = House(tmp_path / "new")
    house.start()
    try:
        assert house.healthy()
        house.send("Premier courrier")
        wait_for(lambda: house.cases("Premier courrier"), "the mail opened no case")
        began = time.monotonic()
        assert house.stop() == 0
        assert time.monotonic() - began < 8
        assert house.pids() == []
    finally:
        house.kill()
    assert house.errors.read_text() == ""


def test_ctrl_c_ends_the_whole_group_with_zero(house: House) -> None:
    house.start()
    assert house.process
    os.killpg(house.process.pid, signal.SIGINT)  # as a terminal does
    assert house.process.wait(10) == 0
    assert house.pids() == []
    assert "Traceback" not in house.errors.read_text()


def test_no_child_survives_a_parent_killed_by_sigkill(house: House) -> None:
    house.start()
    wait_for(house.healthy, "it does not answer")
    assert house.process
    assert len(house.pids()) == 4
    house.process.kill()
    house.process.wait(10)
    wait_for(lambda: house.pids() == [], "a child survived its parent", seconds=5)
    house.start()  # and the folder is free again
    assert house.healthy()
    assert house.stop() == 0


def test_a_dead_child_is_started_again_after_growing_pauses(house: House) -> None:
    house.start()
    wait_for(house.healthy, "it does not answer")
    assert house.process
    for times in (1, 2):
        before = set(house.pids())
        victim = _web_of(house)
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda before=before: set(house.pids()) - before, "it was not started again")  # type: ignore[misc]
        assert (
            house.healthy()
        )  # the socket stayed open: whoever asked meanwhile was made to wait, not sent away
        assert house.errors.read_text().count("web ended by SIGKILL; starting it again in") == times
    assert [line.rpartition(" in ")[2] for line in house.errors.read_text().splitlines()] == [
        "0.2 s",
        "0.4 s",
    ]
    assert house.stop() == 0


def _web_of(house: House) -> int:
    """The child with the most threads: the web serves with several, the worker has three, mail one."""
    assert house.process
    children = [pid for pid in house.pids() if pid != house.process.pid]
    return max(children, key=lambda pid: len(os.listdir(f"/proc/{pid}/task")))


def test_the_parent_holds_no_database_that_its_children_would_inherit(house: House) -> None:
    house.start()
    assert house.process
    open_files = {os.readlink(handle) for handle in Path(f"/proc/{house.process.pid}/fd").iterdir()}
    assert not [name for name in open_files if "apaise.sqlite3" in name]
    assert any("running.lock" in name for name in open_files)
    assert house.stop() == 0


def test_a_second_run_on_the_same_port_or_folder_is_refused_in_one_line(
    house: House, make_house: Callable[..., House]
) -> None:
    house.start()
    other = make_house("other")
    port = command(other.data, "run", "--port", str(house.port), "--smtp-port", "0")
    assert port.returncode == 1
    assert port.stderr == (
        f"apaise: Port {house.port} on 127.0.0.1 cannot be used (Address already in use). "
        "Stop what uses it, or choose another with --port.\n"
    )
    mail = command(other.data, "run", "--port", "0", "--smtp-port", str(house.smtp_port))
    assert "choose another with --smtp-port" in mail.stderr
    folder = command(house.data, "run", "--port", "0", "--smtp-port", "0")
    assert folder.returncode == 1
    assert house.process
    assert folder.stderr == (
        f"apaise: Apaise already runs on {house.data} (process {house.process.pid}). "
        "Stop it first, or set APAISE_DATA to another folder.\n"
    )
    assert house.healthy()
    assert house.stop() == 0


def test_mail_waits_visibly_for_its_server_and_leaves_when_it_comes_back(
    make_house: Callable[..., House], sink: Sink
) -> None:
    sink.stop()
    house = make_house(smtp_url=sink.url)
    house.start()
    house.send("Serveur absent")
    wait_for(
        lambda: [known for known in house.acknowledgements("Serveur absent") if known[2]],
        "no problem is shown",
    )
    [(state, number, problem)] = house.acknowledgements("Serveur absent")
    assert (state, problem) == ("queued", "away")
    back = Sink(port=sink.port)
    back.start()
    try:
        wait_for(lambda: house.settled("Serveur absent"), "it did not leave")
        assert house.acknowledgements("Serveur absent") == [("sent", number, "")]
        assert back.got == {number: 1}
    finally:
        back.stop()
    assert house.stop() == 0


def test_it_ends_at_once_though_the_mail_server_never_answers(make_house: Callable[..., House]) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        house = make_house(smtp_url=f"smtp://127.0.0.1:{mute.getsockname()[1]}")
        house.start()
        house.send("Serveur muet")
        mute.settimeout(20)
        waiting, _ = mute.accept()  # our gate is connected now, and gets no greeting
        began = time.monotonic()
        assert house.stop() == 0
        assert time.monotonic() - began < 9
        waiting.close()
    # Nothing went over the wire, so it is not uncertain either.
    assert [state for state, _number, _problem in house.acknowledgements("Serveur muet")] == ["queued"]


def test_a_page_in_hand_is_answered_before_it_ends(house: House) -> None:
    house.start()
    page = urllib.request.urlopen(house.url("/sign-in"), timeout=20)
    cookie, token = (
        page.headers["Set-Cookie"].split(";")[0],
        re.findall(rb'csrfmiddlewaretoken" value="(\w+)', page.read())[0],
    )
    form = b"email=nobody@exemple.test&password=wrong+but+long&csrfmiddlewaretoken=" + token
    signing_in = urllib.request.Request(house.url("/sign-in"), form, {"Cookie": cookie})
    with (house.data / "apaise.sqlite3.lock").open("r+") as lock, ThreadPoolExecutor(1) as browser:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the attempt cannot be written down
        answer = browser.submit(_status_of, signing_in)
        with pytest.raises(TimeoutError):
            answer.result(0.7)
        assert house.process
        house.process.terminate()
        with pytest.raises(TimeoutError):
            answer.result(0.7)
        fcntl.flock(lock, fcntl.LOCK_UN)
        assert answer.result(20) in (401, 403)  # a page that refuses, not a connection cut off
    assert house.process.wait(20) == 0


def _status_of(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code


@pytest.mark.parametrize("part", ["web", "worker", "mail"])
def test_a_part_alone_starts_and_ends(part: str, house: House, tmp_path: Path) -> None:
    arguments = [] if part == "worker" else ["--port", "0"]
    alone = subprocess.Popen(
        [sys.executable, "-m", "apaise", part, *arguments],
        env=environment(house.data),
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert alone.stdout
    try:
        if part == "worker":
            wait_for(lambda: _periodic(house), "the worker did no round")
        else:
            port = int(alone.stdout.readline().rpartition(b":")[2])
            _is_answered(part, port)
        alone.send_signal(signal.SIGTERM)
        assert alone.wait(10) == 0
    finally:
        alone.kill()
        alone.wait(10)
        alone.stdout.close()


def _is_answered(part: str, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        if part == "web":
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200" if part == "web" else b"220 ")


def _periodic(house: House) -> bool:
    return bool(
        house.rows("SELECT 1 FROM journey_job WHERE task LIKE 'apaise.journey.rounds.%' AND state = 'done'")
    )


def test_the_desk_of_the_settings_is_there(house: House) -> None:
    assert house.rows("SELECT address FROM accounts_desk") == [(DESK,)]
