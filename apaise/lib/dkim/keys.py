"""Private keys as openssl writes them (PEM, without a password), and what they sign."""

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# cryptography is loaded when a key is read: who sets none need not wait for it at every start.

_PEM = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----")
SHORTEST = 1024  # bits; RFC 8301 wants verifiers to refuse less


class BadKey(ValueError):
    """No key we can sign with; the text says what to do."""


class Key(Protocol):
    """Something that signs."""

    @property
    def algorithm(self) -> str: ...

    def sign(self, data: bytes) -> bytes: ...


class RsaKey(NamedTuple):
    """An RSA key, signing as RFC 8017 §8.2.1 says (PKCS#1 v1.5 with SHA-256)."""

    private: "RSAPrivateKey"
    algorithm: str = "rsa-sha256"

    def sign(self, data: bytes) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        return self.private.sign(data, PKCS1v15(), SHA256())


class Ed25519Key(NamedTuple):
    """An Ed25519 key; DKIM signs the SHA-256 of the data with it (RFC 8463 §3)."""

    private: "Ed25519PrivateKey"
    algorithm: str = "ed25519-sha256"

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(hashlib.sha256(data).digest())


def read_key(pem: str) -> Key:
    """The private key in this text. Raises BadKey."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not _PEM.search(pem):
        raise BadKey(
            "it holds no private key without a password. Make one with: openssl genpkey -algorithm ed25519"
        )
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise BadKey("it is damaged. Copy the file anew, from BEGIN to END.") from problem
    if isinstance(key, Ed25519PrivateKey):
        return Ed25519Key(key)
    if not isinstance(key, RSAPrivateKey):
        raise BadKey("it is neither an RSA nor an Ed25519 key.")
    if key.key_size < SHORTEST:
        raise BadKey(f"its {key.key_size} bits are too few: take 2048.")
    return RsaKey(key)
