"""Ed25519 as RFC 8032 §5.1 writes it down. It signs our own mail, a few milliseconds each, out of anybody's earshot."""

import hashlib

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
Point = tuple[int, int, int, int]  # extended coordinates: X, Y, Z, T, with x = X/Z, y = Y/Z, x*y = T/Z


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature (64 bytes) of a message by the key with this seed (32 bytes)."""
    scalar, prefix = _secret(seed)
    public = _packed(_times(scalar, _BASE))
    nonce = _number(prefix + message)
    commitment = _packed(_times(nonce, _BASE))
    challenge = _number(commitment + public + message)
    return commitment + ((nonce + challenge * scalar) % _ORDER).to_bytes(32, "little")


def public_key(seed: bytes) -> bytes:
    """What others verify with; its base64 stands in the DNS."""
    return _packed(_times(_secret(seed)[0], _BASE))


def _secret(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & ((1 << 254) - 8) | (1 << 254), digest[32:]


def _number(data: bytes) -> int:
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % _ORDER


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    for _bit in range(256):  # as many additions for each key
        added = _add(found, point)
        found = added if scalar & 1 else found
        point = _add(point, point)
        scalar >>= 1
    return found


def _packed(point: Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _base() -> Point:
    y = 4 * pow(5, -1, _P) % _P
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    x = _P - x if x & 1 else x
    return (x, y, 1, x * y % _P)


_BASE = _base()
