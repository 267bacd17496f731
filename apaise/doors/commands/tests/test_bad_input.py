"""What is wrong is said in one plain line that tells what to do; the exit status is 1; never a traceback."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pysqlite3
import pytest

from tests.stories.house import command, environment

pytestmark = [
    pytest.mark.xdist_group("run"),
    pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database"),
]
RUN = ("run", "--port", "0", "--smtp-port", "0")
STAFF = ("staff", "ana@exemple.test", "--name", "Ana")
EVERY = (RUN, STAFF, ("ingest", "."), ("case", "R-1"), ("verify",))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command that refused."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert done.stderr.startswith("apaise: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.removeprefix("apaise: ").rstrip("\n")


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"DATABASE_URL": "mysql://u@h/n"},
            "DATABASE_URL must look like postgresql://user:password@host:5432/name.",
        ),
        (
            {"DATABASE_URL": "postgresql://u@h:port/n"},
            "DATABASE_URL must look like postgresql://user:password@host:5432/name.",
        ),
        (
            {"DATABASE_URL": "postgresql://[::1/n"},
            "DATABASE_URL must look like postgresql://user:password@host:5432/name.",
        ),
        (
            {"SMTP_URL": "http://user:geheim@mail.exemple.test"},
            "SMTP_URL cannot be used; it must look like smtp://user:password@host:587 or smtps://host:465.",
        ),
        (
            {"SMTP_URL": "smtp://host:99999"},
            "SMTP_URL cannot be used; it must look like smtp://user:password@host:587 or smtps://host:465.",
        ),
        ({"APAISE_UNDO_SECONDS": "soon"}, "APAISE_UNDO_SECONDS is “soon”; it must be a whole number from 0."),
        ({"APAISE_UNDO_SECONDS": "-3"}, "APAISE_UNDO_SECONDS is “-3”; it must be a whole number from 0."),
        ({"APAISE_DEMO": "perhaps"}, "APAISE_DEMO is “perhaps”; it must be yes or no."),
        ({"APAISE_LANGUAGE": "de"}, "APAISE_LANGUAGE is “de”; it must be fr or en."),
        (
            {"APAISE_DESKS": "reclamations"},
            "APAISE_DESKS has “reclamations”; a mail address looks like complaints@example.org.",
        ),
        (
            {"APAISE_URL": "exemple.test"},
            "APAISE_URL cannot be used; it must look like https://complaints.example.org.",
        ),
        (
            {"SMTP_URL_FILE": "/nowhere/at/all"},
            "SMTP_URL_FILE points to /nowhere/at/all, which cannot be read: No such file or directory.",
        ),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
def test_a_setting_that_cannot_be_used_is_named(given: dict[str, str], line: str, data: Path) -> None:
    assert _said(command(data, *RUN, **given)) == line
    assert not (data / "apaise.sqlite3").exists()


def test_an_unknown_pack_is_named_with_those_there_are(data: Path) -> None:
    said = _said(command(data, *RUN, APAISE_PACKS="fr-lune"))
    assert said.startswith("APAISE_PACKS or APAISE_PACK: There is no pack “fr-lune”; use one of ")
    assert "fr-consommation" in said


def test_a_pack_file_with_a_mistake_is_named_with_its_line(data: Path, tmp_path: Path) -> None:
    pack = tmp_path / "mine.yaml"
    pack.write_text("id: mine\nversion: [\n", encoding="utf-8")
    said = _said(command(data, *STAFF, APAISE_PACKS=str(pack)))
    assert said.startswith("APAISE_PACKS or APAISE_PACK: mine.yaml, line ")


def test_a_data_folder_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments in EVERY:
        done = subprocess.run(
            [sys.executable, "-m", "apaise", *arguments],
            env=environment(tmp_path / "file" / "data"),
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=60,
        )
        assert _said(done) == (
            f"The data folder {tmp_path}/file/data cannot be used (Not a directory). "
            "Make it writable, or set APAISE_DATA to another folder."
        )


# Root may write everywhere: become somebody who may read all (Python itself may lie in root's home) and write nothing.
_READS_ALL = "-all,+dac_read_search"
_AS_A_STRANGER = [
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", f"--inh-caps={_READS_ALL}", f"--ambient-caps={_READS_ALL}",
]  # fmt: skip
needs_a_stranger = pytest.mark.skipif(
    os.getuid() == 0 and not shutil.which("setpriv"), reason="root, and no setpriv"
)


def _as_a_stranger(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    before = _AS_A_STRANGER if os.getuid() == 0 else []
    return subprocess.run(
        [*before, sys.executable, "-m", "apaise", *arguments], env=environment(data) | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=60, cwd="/",
    )  # fmt: skip


@needs_a_stranger
def test_a_read_only_data_folder_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o555)
    for arguments in (RUN, STAFF):
        said = _said(_as_a_stranger(data, *arguments))
        assert said == (
            f"The data folder {data} cannot be used (Permission denied). Make it writable, or set APAISE_DATA to another folder."
        )
    assert list(data.iterdir()) == []


@needs_a_stranger
def test_somebody_elses_database_is_refused(migrated: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(migrated, data)
    data.chmod(0o755)
    for file in data.iterdir():
        file.chmod(0o755 if file.is_dir() else 0o644)
    for arguments in (RUN, ("verify",)):
        said = _said(_as_a_stranger(data, *arguments))
        assert str(data) in said
        assert "writable" in said


@pytest.mark.parametrize(
    "content",
    [b"this is no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000],
    ids=["text", "damaged"],
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(content: bytes, data: Path) -> None:
    data.mkdir()
    file = data / "apaise.sqlite3"
    file.write_bytes(content)
    for arguments in (RUN, ("case", "R-1")):
        said = _said(command(data, *arguments))
        assert (
            said
            == f"{file} is damaged or no database. Restore a backup, or move the file away to start empty."
        )
    assert file.read_bytes() == content


def test_a_database_of_a_newer_version_is_refused(migrated: Path, data: Path) -> None:
    shutil.copytree(migrated, data)
    with pysqlite3.connect(data / "apaise.sqlite3") as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_later', '2030-01-01')"
        )
    connection.close()
    for arguments in (RUN, ("verify",)):
        assert _said(command(data, *arguments)) == (
            "The database was made by a newer Apaise (it knows 9999_later). Install that version, or restore an older backup."
        )


def test_an_older_database_is_for_run_to_bring_up_to_date(migrated: Path, data: Path) -> None:
    shutil.copytree(migrated, data)
    with pysqlite3.connect(data / "apaise.sqlite3") as connection:
        connection.execute("DELETE FROM django_migrations WHERE app = 'journey'")
    connection.close()
    assert _said(command(data, "case", "R-1")).startswith(
        "The database was made by an older Apaise. Run `apaise run` once"
    )


def test_reading_makes_no_database(data: Path) -> None:
    said = _said(command(data, "verify"))
    assert said == f"There is no database in {data} yet. Run `apaise run` once, or set APAISE_DATA."
    assert not (data / "apaise.sqlite3").exists()


def test_a_postgresql_that_does_not_answer_is_named(data: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{closed.getsockname()[1]}"
        url = f"postgresql://somebody:geheim@{place}/nothing"
        for arguments in (RUN, ("ingest", "."), ("case", "R-1")):
            assert _said(command(data, *arguments, DATABASE_URL=url)) == (
                f"PostgreSQL at {place} cannot be used (Connection refused). Check DATABASE_URL and that the server runs."
            )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--port", "70000"], "--port is 70000; a port is a number from 1 to 65535."),
        (["--port", "0", "--smtp-port", "-1"], "--smtp-port is -1; a port is a number from 1 to 65535."),
        (
            ["--host", "203.0.113.1", "--port", "0"],
            "Port 0 on 203.0.113.1 cannot be used (Cannot assign requested address).",
        ),
        (
            ["--host", "no.such.host.invalid", "--port", "0"],
            "Port 0 on no.such.host.invalid cannot be used (",
        ),
        (["--host", "é" * 80, "--port", "0"], "There is no address “"),
    ],
    ids=["large", "negative", "elsewhere", "unknown", "unheard-of"],
)
def test_a_place_to_listen_that_cannot_be_is_refused(arguments: list[str], line: str, data: Path) -> None:
    assert _said(command(data, "run", *arguments)).startswith(line)


def test_what_is_not_there_is_named(migrated: Path, data: Path) -> None:
    shutil.copytree(migrated, data)
    assert (
        _said(command(data, "ingest", "/no/such/path"))
        == "There is no file or folder /no/such/path. Check the path."
    )
    assert _said(command(data, "verify", "R-1")) == "There is no case R-1. Check the reference."
    assert _said(command(data, "staff", "x@exemple.test")) == (
        "Nobody signs in as x@exemple.test yet. Add --name to create the account."
    )
