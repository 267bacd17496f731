"""The ledger: one hash chain per case, and the sealed head of each chain."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property

START = "0" * 64  # what the first entry of a chain follows


class AppendOnly(Exception):
    """Somebody tried to change the past."""


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, chain: str) -> "EntryQuerySet":
        return self.filter(chain=chain).order_by("seq")

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Ledger entries are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Ledger entries are never deleted.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> "list[Entry]":
        if kwargs.get("update_conflicts"):
            raise AppendOnly("Ledger entries are never changed.")
        return super().bulk_create(*args, **kwargs)


class Entry(models.Model):
    """One thing that happened. `line()` is what the hash covers: every column of the row."""

    id = models.CharField(
        primary_key=True, max_length=60
    )  # chain/seq: a row cannot be moved without it showing
    chain = models.CharField(max_length=40)  # a case's reference, or "house"
    seq = models.PositiveIntegerField()
    what = models.CharField(max_length=60)  # a word of the closed list
    at = models.DateTimeField()
    by = models.CharField(max_length=60)  # staff:3, person:17, system:acknowledgement
    facts_json = models.TextField(db_column="facts")  # canonical JSON; text, so that every byte counts
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="ledger_one_entry_per_place")
        ]
        indexes: ClassVar = [models.Index(fields=["what", "at"], name="ledger_what_at")]

    def __str__(self) -> str:
        return f"{self.id} {self.what}"

    @cached_property
    def facts(self) -> dict[str, Any]:
        return dict(json.loads(self.facts_json))

    def line(self) -> str:
        """The canonical form that is hashed."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return canonical(
            [self.id, self.chain, self.seq, self.what, at, self.by, self.facts_json, self.previous]
        )

    def computed_hash(self) -> str:
        return hashlib.sha256(self.line().encode()).hexdigest()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("Ledger entries are never changed.")
        # Insert or fail: a new object with the number of an old entry would otherwise overwrite it.
        super().save(force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Ledger entries are never deleted.")


class Head(models.Model):
    """How far a chain goes. The seal needs the secret key, so the end of a chain cannot be cut off by SQL alone."""

    chain = models.CharField(primary_key=True, max_length=40)
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} up to {self.seq}"

    def is_genuine(self) -> bool:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        given = str(self.seal).encode()  # bytes: a seal tampered with may hold any letter
        return any(
            hmac.compare_digest(given, seal_of(self.chain, self.seq, self.hash, key).encode()) for key in keys
        )


def seal_of(chain: str, seq: int, hash_: str, key: str | None = None) -> str:
    """HMAC of a chain's end under the secret key."""
    said = canonical(["head", chain, seq, hash_]).encode()
    return hmac.new((key or settings.SECRET_KEY).encode(), said, hashlib.sha256).hexdigest()


def canonical(value: Sequence[Any] | dict[str, Any]) -> str:
    """One way only to write a value as JSON: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def moment(at: datetime) -> datetime:
    """To the microsecond, UTC: what both databases keep."""
    return at.astimezone(UTC)
