"""A file of customers on its way in: uploaded, its columns named, tried, loaded or dropped."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.lib import clock
from apaise.lib.file_store import FileStore

IMPORTERS = ("administrator", "complaints_manager")


class CustomerFileQuerySet(models.QuerySet["CustomerFile"]):
    def visible_to(self, user: User) -> "CustomerFileQuerySet":
        """Those who import see every file; nobody else sees any."""
        return self.all() if user.has_role(*IMPORTERS) else self.none()


class CustomerFile(models.Model):
    """One upload. Its bytes are kept only until they are loaded or dropped."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to name")
        CHECKING = "checking", _("Being tried")
        CHECKED = "checked", _("Tried, ready to load")
        LOADING = "loading", _("Being loaded")
        LOADED = "loaded", _("Loaded")
        BROKEN = "broken", _("Cannot be read to its end")
        DROPPED = "dropped", _("Dropped")

    name = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")  # None: the command
    at = models.DateTimeField(default=clock.now)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    encoding = models.CharField(max_length=12, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=dict)  # what a column means -> its place, from 0
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    done = models.PositiveIntegerField(default=0)  # rows read so far in this pass
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField(null=True, blank=True)

    objects = CustomerFileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"file {self.pk}"

    def keep_bytes(self, content: Iterable[bytes]) -> None:
        """Store what was uploaded; the row must exist already."""
        self.sha256, self.size = self._store().keep(content)
        CustomerFile.objects.filter(pk=self.pk).update(sha256=self.sha256, size=self.size)

    def open(self) -> BinaryIO:
        return self._store().open(self.sha256)

    def has_bytes(self) -> bool:
        return bool(self.sha256) and self._store().has(self.sha256)

    def forget_bytes(self) -> None:
        """After the transaction that settled it: the file of customers does not stay here."""
        shutil.rmtree(self._store().root, ignore_errors=True)

    def _store(self) -> FileStore:
        # A folder of its own, so that removing it takes nobody else's file with the same bytes.
        return FileStore(waiting_room() / str(self.pk))


class RefusedRow(models.Model):
    """A row that cannot be taken as it is: where, and why. What stood there is kept only as long as the file."""

    file = models.ForeignKey(CustomerFile, models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=80, blank=True)  # its heading in the file
    why = models.CharField(max_length=40)  # a code of importing.report
    value = models.CharField(max_length=80, blank=True)

    objects: ClassVar["models.Manager[RefusedRow]"] = models.Manager()

    class Meta:
        ordering: ClassVar = ["line", "pk"]
        indexes: ClassVar = [models.Index(fields=["file", "line"], name="parties_refused_by_line")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


class KnownColumns(models.Model):
    """What the columns of files with these headings meant the last time."""

    headings = models.CharField(max_length=64, unique=True)  # SHA-256 of the folded headings
    columns = models.JSONField(default=dict)

    objects: ClassVar["models.Manager[KnownColumns]"] = models.Manager()

    def __str__(self) -> str:
        return self.headings[:8]


def waiting_room() -> Path:
    """Where files of customers lie until they are loaded or dropped."""
    return Path(settings.DATA) / "imports"
