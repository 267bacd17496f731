"""Our side of the talk with ClamAV, against a daemon of the test's own on loopback."""

import io
import socket
from pathlib import Path

import pytest

from apaise.lib import clamd
from apaise.lib.tests.fake_clamd import as_clamav, daemon, virus


@pytest.mark.parametrize("size", [0, 1, clamd.CHUNK - 1, clamd.CHUNK, clamd.CHUNK + 1, 3 * clamd.CHUNK])
def test_a_file_is_heard_whole_whatever_its_size(size: int) -> None:
    heard: list[bytes] = []

    def note(content: bytes) -> bytes:
        heard.append(content)
        return b"stream: OK\0"

    content = bytes(range(256)) * (size // 256 + 1)
    with daemon(note) as url:
        assert clamd.check(url, io.BytesIO(content[:size])) == ("clean", "")
    assert heard == [content[:size]]


def test_what_is_found_is_named() -> None:
    with daemon(as_clamav) as url:
        assert clamd.check(url, io.BytesIO(virus())) == ("infected", "Eicar-Signature")
        assert clamd.check(url, io.BytesIO(b"facture")) == ("clean", "")
        clamd.ping(url)


def test_a_socket_of_the_machine_does_as_well(tmp_path: Path) -> None:
    with daemon(as_clamav, at=tmp_path / "clamd.ctl") as url:
        clamd.ping(url)
        assert clamd.check(url, io.BytesIO(virus())).said == "infected"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"INSTREAM size limit exceeded. ERROR\0", "too_large"),
        (b"stream: Can't allocate memory ERROR\0", "failed"),
        (b"stream: OK\n", "clean"),
        (b"stream: OK", "clean"),  # and hangs up
    ],
)
def test_what_it_cannot_read_it_says(answer: bytes, said: str) -> None:
    with daemon(lambda _content: answer) as url:
        assert clamd.check(url, io.BytesIO(b"x")).said == said


def test_it_may_hang_up_in_the_middle_of_what_is_too_large() -> None:
    with daemon(lambda _content: b"INSTREAM size limit exceeded. ERROR\0", hears=False) as url:
        try:
            assert clamd.check(url, io.BytesIO(b"x" * 8_000_000)).said == "too_large"
        except clamd.Away as away:  # the connection was reset before its words could be read: never "clean"
            assert str(away)


@pytest.mark.parametrize(
    "answer",
    [b"", b"\0", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"OKAY\0", b"stream: NOT OK\0", b"\xff" * 9_000],
)
def test_whoever_does_not_answeras_clamav_is_away(answer: bytes) -> None:
    with daemon(lambda _content: answer) as url:
        with pytest.raises(clamd.Away):
            clamd.check(url, io.BytesIO(b"x"))
        with pytest.raises(clamd.Away):
            clamd.ping(url)


def test_nobody_there_is_away(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        for url in (nobody, f"unix://{tmp_path}/none.ctl"):
            with pytest.raises(clamd.Away):
                clamd.check(url, io.BytesIO(b"x"))


def test_a_daemon_that_says_nothing_costs_no_more_than_the_time_given() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(clamd.Away, match="in time"):
            clamd.check(url, io.BytesIO(b"x"), seconds=0.05)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("tcp://clamav:3311", ("clamav", 3311)),
        ("tcp://clamav", ("clamav", 3310)),
        ("tcp://[::1]:3310", ("::1", 3310)),
        ("unix:///run/clamav/clamd.ctl", ("/run/clamav/clamd.ctl", 0)),
    ],
)
def test_an_address_is_a_host_or_a_socket(url: str, where: tuple[str, int]) -> None:
    assert clamd.address(url) == where


@pytest.mark.parametrize(
    "url", ["clamav:3310", "http://clamav", "tcp://", "tcp://a:0", "tcp://a:x", "unix://run/x", "unix:", "x"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        clamd.address(url)
