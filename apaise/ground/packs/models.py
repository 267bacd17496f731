"""Versions of policy packs as cases have frozen them."""

import json
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models

from apaise.ground.packs.pack import Pack
from apaise.lib.prepared import Prepared


@lru_cache(maxsize=32)
def _read(text: str) -> Any:
    return json.loads(text)


class ReadOnceField(models.JSONField):
    """JSON that is never changed: each text is taken apart once in a process, however many cases bring it along."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return _read(value) if isinstance(value, str) else value

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs  # in the database it is one


class PackVersion(models.Model):
    """One pack exactly as it was when a case froze it. Never changed: another content is another row."""

    pack_id = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True)
    content = ReadOnceField()  # the resolved pack, to be read only
    frozen_at = models.DateTimeField(auto_now_add=True)
    _tried: Pack | None = None  # see `to_try`

    class Meta:
        indexes: ClassVar = [models.Index(fields=["pack_id", "version"], name="packs_version")]

    def __str__(self) -> str:
        return f"{self.pack_id}@{self.version}"

    @property
    def pack(self) -> Pack:
        return self._tried or _unfrozen(self)

    @classmethod
    def freeze(cls, pack: Pack) -> "PackVersion":
        """The row of this pack, made when its content is new."""
        if known := _FROZEN.first(digest=pack.digest):
            _cache.setdefault(pack.digest, pack)
            return known
        row, _ = cls.objects.get_or_create(
            digest=pack.digest,
            defaults={"pack_id": pack.id, "version": pack.version, "content": pack.as_dict()},
        )
        return row

    @classmethod
    def to_try(cls, pack: Pack) -> "PackVersion":
        """A row that is never stored, to try a pack on a case in hand; its `pack` is this very object."""
        row = cls(pack_id=pack.id, version=pack.version, digest=pack.digest)
        row._tried = pack
        return row


_cache: dict[str, Pack] = {}
_FROZEN: Prepared[PackVersion] = Prepared(
    lambda digest: PackVersion.objects.defer("content").filter(digest=digest), digest=str
)


def _unfrozen(row: PackVersion) -> Pack:
    # A row never changes, so what was read once holds for ever.
    if row.digest not in _cache:
        _cache[row.digest] = Pack.from_dict(row.content)
    return _cache[row.digest]


from apaise.ground.packs import edition as _edition  # noqa: E402, F401  (Django looks for models here)
