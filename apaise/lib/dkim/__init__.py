"""Sign mail with DKIM (RFC 6376), by an RSA or an Ed25519 key (RFC 8463)."""

from apaise.lib.dkim.keys import BadKey, Key, read_key
from apaise.lib.dkim.signing import sign

__all__ = ["BadKey", "Key", "read_key", "sign"]
