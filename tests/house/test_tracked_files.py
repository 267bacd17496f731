"""What is kept under version control: nothing of one machine, and the files of others as they were."""

import hashlib
import re
import tomllib

import pytest

from tests.house.source import ROOT, named, tracked

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".html",
    ".css",
    ".js",
    ".sh",
    ".lock",
    ".in",
    ".po",
    ".txt",
    ".json",
    "",
}
# Places of one machine, and the addresses packages are fetched from. Written so that this file does not find itself.
MACHINE = re.compile(
    r"(?<![\w./])/(?:wor[k]|roo[t]|home/\w+|Users/\w+|opt/pyp[i][\w-]*|opt/wheel[s])(?:/|\b(?![\w-]))"
    r"|pypi\.or[g]|pythonhosted\.or[g]|registry\.npmj[s]|deb\.debian\.or[g]|--(?:extra-)?index-ur[l]"
)
VENDORED = tomllib.loads((ROOT / "vendor.toml").read_text(encoding="utf-8"))["vendored"]


@pytest.mark.skipif(not tracked(), reason="no checkout")
def test_no_file_names_a_place_on_a_machine_or_a_registry():
    wrong = []
    for path in tracked():
        if path.suffix in TEXT and "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8", errors="replace")
            wrong += [f"{named(path)}: {found.group()}" for found in MACHINE.finditer(text)]
    assert wrong == []


@pytest.mark.parametrize("entry", VENDORED, ids=lambda entry: entry["file"].rpartition("/")[2])
def test_files_of_others_are_as_they_were_and_have_their_licence(entry):
    assert hashlib.sha256((ROOT / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert (ROOT / entry["licence_file"]).read_text(encoding="utf-8").strip()


def test_the_locks_agree_and_every_package_has_a_hash():
    base, dev = (locked(name) for name in ("base", "dev"))
    assert base.items() <= dev.items()
    for name in ("base", "dev", "setup"):
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z])", text.strip()))


def locked(name):
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", text, re.M))


@pytest.mark.parametrize("name", ["uv.lock", "pylock.toml"])
def test_locks_that_record_addresses_are_not_kept(name):
    assert ROOT / name not in tracked()
