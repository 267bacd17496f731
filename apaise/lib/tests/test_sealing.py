"""Secrets sealed before they are stored."""

import pytest

from apaise.lib.sealing import CannotOpen, open_sealed, seal

SECRET = "é, un secret"


def test_what_is_sealed_is_opened_with_the_key_it_was_sealed_with_and_no_other() -> None:
    sealed = seal(SECRET, ["a"])
    assert "secret" not in sealed
    assert open_sealed(sealed, ["a"]) == open_sealed(sealed, ["b", "a"]) == SECRET
    with pytest.raises(CannotOpen):
        open_sealed(sealed, ["b"])


def test_the_same_secret_sealed_twice_does_not_look_the_same() -> None:
    assert seal(SECRET, ["a"]) != seal(SECRET, ["a"])


def test_no_secret_stays_none() -> None:
    assert (seal("", ["a"]), open_sealed("", ["a"])) == ("", "")


@pytest.mark.parametrize("broken", ["x", "é", "gAAAAAB", "\x00"])
def test_what_was_tampered_with_is_not_opened(broken: str) -> None:
    with pytest.raises(CannotOpen):
        open_sealed(broken, ["a"])
    with pytest.raises(CannotOpen):
        open_sealed(seal(SECRET, ["a"])[:-3] + broken, ["a"])
