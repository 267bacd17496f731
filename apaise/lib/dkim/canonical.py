"""The relaxed canonical form of header fields and body: what may change on the way is left out (RFC 6376 §3.4.2, §3.4.4)."""

import re

_BLANK = re.compile(rb"[ \t]+")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)


def split(raw: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The header fields as (name, value), folded as they are, and the body. Lines end in CRLF."""
    head, _gap, body = raw.partition(b"\r\n\r\n")
    lines = re.split(rb"\r\n(?![ \t])", head)
    found = (_FIELD.fullmatch(line) for line in lines)
    return [(field[1], field[2]) for field in found if field], body


def header(name: bytes, value: bytes) -> bytes:
    """One field, without its line end."""
    return name.lower() + b":" + _BLANK.sub(b" ", value.replace(b"\r\n", b"")).strip(b" \t")


def body(text: bytes) -> bytes:
    """The body, without the blanks at the ends of lines and the empty lines at its end."""
    lines = [_BLANK.sub(b" ", line).rstrip(b" ") for line in text.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)
