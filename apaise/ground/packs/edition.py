"""The company's own packs: a draft that somebody is working on, and every edition that was published."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from apaise.ground.packs.pack import Pack
from apaise.lib import clock


class PackDraft(models.Model):
    """What somebody is working on. It passes every check, and no case knows it yet."""

    pack_id = models.CharField(max_length=60, unique=True)
    text = models.TextField()  # YAML, as it was written
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=1)  # of two people who save at once the second is told

    def __str__(self) -> str:
        return f"{self.pack_id}, draft"


class PackEditionQuerySet(models.QuerySet["PackEdition"]):
    def of(self, pack_id: str) -> Self:
        return self.filter(pack_id=pack_id).order_by("-number")

    def in_force(self) -> list["PackEdition"]:
        """The last edition of each pack that was not withdrawn, those that others extend first."""
        last = self.order_by("pack_id", "-number").values_list("pack_id", "pk", "withdraws")
        newest: dict[str, int] = {}
        for pack_id, pk, withdraws in last:
            newest.setdefault(pack_id, 0 if withdraws else pk)
        found = {each.pack_id: each for each in self.filter(pk__in=[pk for pk in newest.values() if pk])}
        return sorted(found.values(), key=lambda each: (_depth(each, found), each.pack_id))


class PackEdition(models.Model):
    """One publication of a company's pack, or its withdrawal. Kept for ever and never changed."""

    pack_id = models.CharField(max_length=60)
    number = models.PositiveIntegerField()  # 1, 2, 3 … of this pack
    version = models.CharField(max_length=40)
    extends = models.CharField(max_length=60, blank=True)
    text = models.TextField()  # YAML, as it was written
    content = models.JSONField()  # laid over the pack it extends, as new cases freeze it
    digest = models.CharField(max_length=64)
    withdraws = models.BooleanField(default=False)  # from here on the pack it extends holds again
    why = models.CharField(max_length=400)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=clock.now)

    objects = PackEditionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack_id", "number"], name="packs_edition_once"),
            models.CheckConstraint(condition=~Q(why=""), name="packs_edition_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.pack_id}@{self.version}, edition {self.number}"

    @property
    def pack(self) -> Pack:
        return Pack.from_dict(self.content)


def _depth(edition: PackEdition, known: dict[str, PackEdition]) -> int:
    depth = 0
    while (below := known.get(edition.extends)) and depth <= len(known):
        edition, depth = below, depth + 1
    return depth
