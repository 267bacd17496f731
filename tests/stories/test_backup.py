"""A safe copy is made while people write, and comes back elsewhere as it was; a bad one is refused and overwrites nothing."""

import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import parts
from tests.stories.house import House, Sink, command, environment, postgres_database, wait_for

pytestmark = pytest.mark.xdist_group("backup")


@pytest.fixture
def elsewhere() -> Iterator[dict[str, str]]:
    """Settings of the place to restore into: in the PostgreSQL pass an empty database."""
    server = parts.server() if os.environ.get("DATABASE_URL") else None
    if server is None:
        yield {}
        return
    with postgres_database(server, f"apaise_crash_{os.getpid()}_restored") as url:
        yield {"DATABASE_URL": url}


def rows(data: Path, settings: dict[str, str]) -> dict[str, dict[str, str]]:
    """The row hashes of a place, asked in a process of its own."""
    asked = (
        "import json; from apaise.config.start import start_django; start_django(); "
        "from apaise.doors.operate.rows import row_hashes; print(json.dumps(row_hashes()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment(data, **settings),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def filled(house: House, mails: int = 3) -> None:
    house.start()
    for number in range(mails):
        house.send(f"Copie {number}")
    wait_for(lambda: house.settled(f"Copie {mails - 1}"), "the mails did not settle")
    assert house.stop() == 0


def test_a_backup_comes_back_elsewhere_row_for_row(
    house: House, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    filled(house)
    made = command(house.data, "backup", str(tmp_path / "copy.tar.gz"), "--json", **house.settings)
    assert (made.returncode, made.stderr) == (0, "")
    assert json.loads(made.stdout)["files"] == 3
    assert (tmp_path / "copy.tar.gz").stat().st_mode & 0o777 == 0o600
    back = tmp_path / "back"
    restored = command(house.data, "restore", str(tmp_path / "copy.tar.gz"), "--to", str(back), **elsewhere)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert rows(back, elsewhere) == rows(house.data, house.settings)
    verified = command(back, "verify", **elsewhere)
    assert (verified.returncode, verified.stdout) == (0, "4 chains checked, 0 bad.\n")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".apaise")) == []


def test_a_backup_made_while_mails_come_in_holds_all_that_was_accepted_before_it(
    house: House, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    house.start()
    stop, sent = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            house.send(f"Pendant {len(sent)}")
            sent.append(len(sent))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        wait_for(lambda: len(sent) > 5, "no mail went in")
        before = len(sent)
        made = command(house.data, "backup", str(tmp_path / "copy.tar.gz"), **house.settings)
        during = len(sent) - before
    finally:
        stop.set()
        writer.join()
    assert made.returncode == 0, made.stderr
    assert during > 0, "nothing was written meanwhile"
    assert house.stop() == 0
    back = tmp_path / "back"
    restored = command(house.data, "restore", str(tmp_path / "copy.tar.gz"), "--to", str(back), **elsewhere)
    assert (restored.returncode, restored.stderr) == (0, "")
    assert command(back, "verify", **elsewhere).returncode == 0
    copy = House(back, database_url=elsewhere.get("DATABASE_URL", ""))
    assert copy.rows("SELECT count(*) FROM channels_arrival")[0][0] >= before
    copy.start()  # and it goes on from there
    copy.send("Après la restauration")
    wait_for(lambda: copy.cases("Après la restauration"), "the restored place does not work")
    assert copy.stop() == 0


def damaged_in_the_middle(raw: bytes) -> bytes:
    half = len(raw) // 2
    return raw[:half] + bytes([raw[half] ^ 1]) + raw[half + 1 :]


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
@pytest.mark.parametrize(
    "spoil",
    [
        damaged_in_the_middle,
        lambda raw: raw[:-40],
        lambda raw: raw[: len(raw) // 3],
        lambda _raw: b"",
        lambda _raw: b"no archive" * 99,
    ],
    ids=["a changed byte", "its end cut off", "a third of it", "empty", "something else"],
)
def test_a_damaged_backup_is_refused_and_nothing_is_put_in_place(
    spoil: Callable[[bytes], bytes], house: House, tmp_path: Path
) -> None:
    filled(house, 1)
    file, back = tmp_path / "copy.tar.gz", tmp_path / "back"
    assert command(house.data, "backup", str(file)).returncode == 0
    file.write_bytes(spoil(file.read_bytes()))
    restored = command(house.data, "restore", str(file), "--to", str(back))
    assert restored.returncode == 1
    assert restored.stderr.startswith(f"apaise: {file} cannot be restored: ")
    assert restored.stderr.endswith("Nothing was put in place; use another backup.\n")
    assert not back.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".apaise")] == []


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
def test_a_backup_with_a_member_it_should_not_hold_is_refused(house: House, tmp_path: Path) -> None:
    filled(house, 1)
    file, evil = tmp_path / "copy.tar.gz", tmp_path / "evil.tar.gz"
    assert command(house.data, "backup", str(file)).returncode == 0
    with tarfile.open(file) as good, tarfile.open(evil, "w:gz") as bad:
        for member in good:
            bad.addfile(member, good.extractfile(member))
        bad.addfile(tarfile.TarInfo("../outside"))
    restored = command(house.data, "restore", str(evil), "--to", str(tmp_path / "back"))
    assert restored.returncode == 1
    assert "'../outside', which is no part of a backup" in restored.stderr
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "back").exists()


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
def test_a_restore_overwrites_nothing(house: House, tmp_path: Path) -> None:
    filled(house, 1)
    file = tmp_path / "copy.tar.gz"
    assert command(house.data, "backup", str(file)).returncode == 0
    before = rows(house.data, {})
    onto_itself = command(house.data, "restore", str(file))
    assert onto_itself.returncode == 1
    assert "is not empty, and a restore overwrites nothing" in onto_itself.stderr
    again = command(house.data, "backup", str(file))
    assert again.returncode == 1
    assert "exists already" in again.stderr
    other_kind = command(
        house.data,
        "restore",
        str(file),
        "--to",
        str(tmp_path / "back"),
        DATABASE_URL="postgresql://127.0.0.1:9/none",
    )
    assert "This backup is of an SQLite database" in other_kind.stderr
    assert not (tmp_path / "back").exists()
    assert rows(house.data, {}) == before


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
def test_a_backup_that_meets_a_full_disk_says_so_and_leaves_no_file(house: House, tmp_path: Path) -> None:
    filled(house, 1)
    full = tmp_path / "full"
    done = subprocess.run(
        [sys.executable, "-m", "apaise", "backup", str(full / "copy.tar.gz")],
        env=environment(house.data),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)),
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("apaise: ")
    assert list(full.iterdir()) == []


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
def test_a_backup_of_a_newer_version_is_refused(house: House, tmp_path: Path) -> None:
    filled(house, 1)
    file, newer = tmp_path / "copy.tar.gz", tmp_path / "newer.tar.gz"
    assert command(house.data, "backup", str(file)).returncode == 0
    with tarfile.open(file) as good, tarfile.open(newer, "w:gz") as out:
        for member in good:
            content = good.extractfile(member)
            assert content
            said = content.read()
            if member.name == "manifest.json":
                said = said.replace(b'"ledger.0001_initial"', b'"ledger.0099_later"')
                member.size = len(said)
            out.addfile(member, io.BytesIO(said))
    restored = command(house.data, "restore", str(newer), "--to", str(tmp_path / "back"))
    assert "made by a newer version" in restored.stderr
    assert not (tmp_path / "back").exists()


def test_a_backup_of_a_place_whose_ledger_was_touched_says_so_and_is_kept(
    house: House, sink: Sink, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    filled(house, 1)
    sql = "UPDATE ledger_entry SET facts = '{}' WHERE what = 'message.received'"
    house.change(sql)
    made = command(house.data, "backup", str(tmp_path / "copy.tar.gz"), **house.settings)
    assert made.returncode == 1
    assert "The backup is whole, the ledger it copies is not" in made.stderr
    restored = command(
        house.data, "restore", str(tmp_path / "copy.tar.gz"), "--to", str(tmp_path / "back"), **elsewhere
    )
    assert restored.returncode == 0
    assert "Its ledger did not hold when it was backed up" in restored.stdout
    assert command(tmp_path / "back", "verify", **elsewhere).returncode == 1


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the same on every database")
def test_a_manifest_cannot_name_a_place_outside(house: House, tmp_path: Path) -> None:
    filled(house, 1)
    file, evil = tmp_path / "copy.tar.gz", tmp_path / "evil.tar.gz"
    assert command(house.data, "backup", str(file)).returncode == 0
    content = b"outside"
    with tarfile.open(file) as good, tarfile.open(evil, "w:gz") as bad:
        for member in good:
            read = good.extractfile(member)
            assert read
            said = read.read()
            if member.name == "manifest.json":
                manifest = json.loads(said)
                manifest["parts"]["../../outside"] = hashlib.sha256(content).hexdigest()
                said = json.dumps(manifest).encode()
                member.size = len(said)
            bad.addfile(member, io.BytesIO(said))
        entry = tarfile.TarInfo("../../outside")
        entry.size = len(content)
        bad.addfile(entry, io.BytesIO(content))
    restored = command(house.data, "restore", str(evil), "--to", str(tmp_path / "back"))
    assert "names parts that no backup has" in restored.stderr
    assert not list(tmp_path.parent.glob("outside")) and not (tmp_path / "back").exists()
