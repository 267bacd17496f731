"""Seal a secret before it is stored: who reads the database without our key reads nothing."""

import base64
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

# cryptography is loaded when it is first needed: it would cost every start of every command a twentieth of a second.


class CannotOpen(Exception):
    """What was sealed cannot be opened with the keys we have."""


def seal(secret: str, keys: Sequence[str]) -> str:
    """The secret under the first key; "" stays "", so that one sees that there is none."""
    return _box(keys).encrypt(secret.encode()).decode("ascii") if secret else ""


def open_sealed(sealed: str, keys: Sequence[str]) -> str:
    """The secret again, with whichever key sealed it. Raises CannotOpen."""
    if not sealed:
        return ""
    from cryptography.fernet import InvalidToken

    try:
        return _box(keys).decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as problem:
        raise CannotOpen from problem


def _box(keys: Sequence[str]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    # Of its own purpose: what is derived here must not open a link or a session.
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"apaise-sealing").digest()
