"""S/MIME and PGP: the words inside a signature, and the sign that there are none to read here."""

from __future__ import annotations

import re

_SEQUENCE, _OCTETS, _SIGNED_DATA = 0x30, 0x04, bytes.fromhex("06092a864886f70d010702")
_CONSTRUCTED = 0x20
_MOST_CHUNKS = 200_000
_MOST_DEPTH = 20

_CLEAR_START = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE_START, _SIGNATURE_END = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
_ARMOUR_HEADER = re.compile(r"[A-Za-z]{1,20}: ")
ENCRYPTED_START = "-----BEGIN PGP MESSAGE-----"

# Read by people of either language, and by nothing else: this is no text of the customer.
ENCRYPTED = (
    "[Message chiffré : il ne peut pas être lu ici ; demandez à l’expéditeur de l’envoyer en clair.]\n"
    "[Encrypted message: it cannot be read here; ask the sender to send it unencrypted.]"
)


def unsigned(data: bytes) -> bytes | None:
    """The MIME entity inside an opaque S/MIME signature (CMS signed-data), or None. The signature is not checked."""
    if _SIGNED_DATA not in data[:100]:
        return None
    at = data.find(_SIGNED_DATA) + len(_SIGNED_DATA)
    # [0] { SEQUENCE { version, SET of digests, SEQUENCE { type, [0] { content } } … } }
    for wanted in (0xA0, _SEQUENCE, 0x02, 0x31, _SEQUENCE, 0x06, 0xA0):
        head = _head(data, at)
        if head is None or head[0] != wanted:
            return None
        _, start, end = head
        at = end if wanted in (0x02, 0x31, 0x06) else start
        if at < 0:  # an endless element can be entered, but not passed
            return None
    return _octets(data, at)


def _head(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Tag, where the content starts, where it ends (-1: only a mark says so)."""
    if at + 2 > len(data):
        return None
    tag, size = data[at], data[at + 1]
    start = at + 2
    if size == 0x80:
        return tag, start, -1
    if size > 0x80:
        wide = size & 0x7F
        if wide > 8 or start + wide > len(data):
            return None
        size = int.from_bytes(data[start : start + wide], "big")
        start += wide
    return tag, start, start + size


def _octets(data: bytes, at: int) -> bytes | None:
    """An OCTET STRING, in one piece or in chunks."""
    out: list[bytes] = []
    depth = 0
    for _ in range(_MOST_CHUNKS):
        head = _head(data, at)
        if head is None or head[0] & ~_CONSTRUCTED != _OCTETS:
            break
        tag, start, end = head
        if tag & _CONSTRUCTED:
            depth += 1
            at = start
            if depth > _MOST_DEPTH:
                break
            continue
        out.append(data[start:end])
        at = end
        if not depth:
            break
    return b"".join(out) if out else None


def without_pgp(text: str) -> str:
    """A text in clear that PGP signed, without its frame; anything else stays as it is."""
    if _CLEAR_START not in text:
        return text
    out: list[str] = []
    state = "outside"
    for line in text.split("\n"):
        mark = line.rstrip()
        if state == "outside":
            if mark == _CLEAR_START:
                state = "header"
            else:
                out.append(line)
        elif state == "header":
            if not mark:
                state = "inside"
            elif not _ARMOUR_HEADER.match(mark):
                return text
        elif state == "inside":
            if mark == _SIGNATURE_START:
                state = "signature"
            else:
                out.append(line.removeprefix("- "))
        elif mark == _SIGNATURE_END:
            state = "outside"
    return "\n".join(out)
