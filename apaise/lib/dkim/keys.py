"""Private keys as openssl writes them (PEM: PKCS#8, or PKCS#1 for RSA), and what they sign."""

import base64
import hashlib
import re
import secrets
from typing import NamedTuple, Protocol

from apaise.lib.dkim import ed25519

_PEM = re.compile(r"-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----")
_RSA, _ED25519 = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2b6570")
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017 §9.2, note 1
_SEQUENCE, _INTEGER, _OCTETS, _OBJECT = 0x30, 0x02, 0x04, 0x06
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

    modulus: int
    public: int
    private: int
    algorithm: str = "rsa-sha256"

    def sign(self, data: bytes) -> bytes:
        size = (self.modulus.bit_length() + 7) // 8
        digest = _SHA256 + hashlib.sha256(data).digest()
        padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
        # Blinded, so that the time it takes says nothing of the key.
        blind = secrets.randbelow(self.modulus - 3) + 2
        hidden = int.from_bytes(padded, "big") * pow(blind, self.public, self.modulus) % self.modulus
        signed = pow(hidden, self.private, self.modulus) * pow(blind, -1, self.modulus) % self.modulus
        return signed.to_bytes(size, "big")


class Ed25519Key(NamedTuple):
    """An Ed25519 key; DKIM signs the SHA-256 of the data with it (RFC 8463 §3)."""

    seed: bytes
    algorithm: str = "ed25519-sha256"

    def sign(self, data: bytes) -> bytes:
        return ed25519.sign(self.seed, hashlib.sha256(data).digest())


def read_key(pem: str) -> Key:
    """The private key in this text. Raises BadKey."""
    found = _PEM.search(pem)
    if found is None:
        raise BadKey(
            "it holds no private key without a password. Make one with: openssl genpkey -algorithm ed25519"
        )
    try:
        der = base64.b64decode("".join(found[2].split()), validate=True)
        return _rsa(der) if found[1].startswith("RSA") else _pkcs8(der)
    except BadKey:
        raise
    except (IndexError, ValueError) as problem:
        raise BadKey("it is damaged. Copy the file anew, from BEGIN to END.") from problem


def _pkcs8(der: bytes) -> Key:
    _version, algorithm, key, *_more = _read(_inner(der, _SEQUENCE))
    kind = _read(algorithm[1])[0]
    if kind == (_OBJECT, _RSA):
        return _rsa(key[1])
    if kind == (_OBJECT, _ED25519):
        return Ed25519Key(_inner(key[1], _OCTETS)[-32:])
    raise BadKey("it is neither an RSA nor an Ed25519 key.")


def _rsa(der: bytes) -> RsaKey:
    numbers = [
        int.from_bytes(value, "big") for tag, value in _read(_inner(der, _SEQUENCE)) if tag == _INTEGER
    ]
    modulus, public, private = numbers[1:4]
    key = RsaKey(modulus, public, private)
    if key.modulus.bit_length() < SHORTEST:
        raise BadKey(f"its {key.modulus.bit_length()} bits are too few: take 2048.")
    return key


def _inner(der: bytes, tag: int) -> bytes:
    first = _read(der)[0]
    if first[0] != tag:
        raise BadKey("it is damaged. Copy the file anew, from BEGIN to END.")
    return first[1]


def _read(der: bytes) -> list[tuple[int, bytes]]:
    """The values in a piece of DER, each with its tag."""
    found, at = [], 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            wide = length & 0x7F
            length, at = int.from_bytes(der[at : at + wide], "big"), at + wide
        if at + length > len(der):
            raise IndexError("cut off")
        found.append((tag, der[at : at + length]))
        at += length
    return found
