"""Put the DKIM-Signature on top of a mail: relaxed/relaxed, so that a re-folded header or a lost blank breaks nothing."""

import base64
import hashlib
from datetime import datetime

from apaise.lib.dkim import canonical
from apaise.lib.dkim.keys import Key

# What a reader sees or an answer follows. Named once more than it occurs, so that nobody can add another below the first.
SIGNED = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References",
          "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
          "List-Unsubscribe", "List-Unsubscribe-Post")  # fmt: skip
TWICE = ("From", "To", "Cc", "Subject", "Date", "Reply-To")


def sign(raw: bytes, key: Key, *, domain: str, selector: str, at: datetime) -> bytes:
    """The mail with its signature.

    raw   the whole mail as it goes over the wire, lines ended by CRLF
    at    when it is signed, aware"""
    fields, text = canonical.split(raw)
    digest = base64.b64encode(hashlib.sha256(canonical.body(text)).digest()).decode()
    names, signed = _chosen(fields)
    parts = [
        f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={domain}; s={selector};",
        f"t={int(at.timestamp())}; h={':'.join(names)};",
        f"bh={digest};",
        "b=",
    ]
    value = "\r\n\t".join(parts)
    data = b"".join(line + b"\r\n" for line in signed)
    signature = base64.b64encode(
        key.sign(data + canonical.header(b"dkim-signature", b" " + value.encode()))
    ).decode()
    folded = "\r\n\t".join(signature[start : start + 72] for start in range(0, len(signature), 72))
    return f"DKIM-Signature: {value}{folded}\r\n".encode() + raw


def _chosen(fields: list[tuple[bytes, bytes]]) -> tuple[list[str], list[bytes]]:
    """The names to list, and the canonical fields in that order: of several of one name the lowest first (RFC 6376 §5.4.2)."""
    names, lines = [], []
    for name in SIGNED:
        same = [field for field in fields if field[0].lower() == name.lower().encode()]
        names += [name] * (len(same) + (name in TWICE))
        lines += [canonical.header(*field) for field in reversed(same)]
    return names, lines
