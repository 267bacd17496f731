"""Which rows name files of the store, in one list; and the files that none names any more."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import QuerySet

from apaise.intake.channels.checked import FileCheck
from apaise.intake.channels.models import file_store
from apaise.lib import clock

log = logging.getLogger("apaise.files")
YOUNGEST = timedelta(days=7)  # a file is kept before its row is written; nobody takes a week over that
AT_ONCE = 500  # digests in one question


class Column(NamedTuple):
    """A column that names files: by their SHA-256, or as a list of {sha256, …}."""

    model: str
    field: str
    listed: bool = False
    indexed: bool = False  # many rows: it is asked about some files, not read whole

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = apps.get_model(self.model)._default_manager.all()
        return rows


NAMING = (
    Column("cases.Attachment", "sha256", indexed=True),
    Column("channels.Arrival", "raw", indexed=True),
    Column("channels.Arrival", "given__files", listed=True),  # with a line; none with a mail
    Column("channels.OutboxMail", "raw"),
    Column("channels.Posting", "pdf"),
    Column("channels.Posting", "proof"),
    Column("channels.FormDraft", "files", listed=True),
    Column("parties.Representative", "document_sha256"),
)


def named() -> Iterator[str]:
    """Every SHA-256 a row names; one that several name comes several times."""
    for column in NAMING:
        yield from _all_of(column)


def sweep() -> int:
    """Remove the files that no row names and that were last kept a week ago or longer. Returns how many."""
    store, before = file_store(), (clock.now() - YOUNGEST).timestamp()
    known = {digest for column in NAMING if not column.indexed for digest in _all_of(column)}
    old = (one.sha256 for one in store.each() if one.kept_at < before and one.sha256 not in known)
    removed = 0
    while some := set(islice(old, AT_ONCE)):
        # Asked right before: what a draft named may belong to a case since the sweep began.
        gone = [one for one in some - _named_of(some) if store.remove(one, kept_before=before)]
        FileCheck.objects.filter(sha256__in=gone).delete()
        removed += len(gone)
    if removed:
        log.info("%d files that nothing named were removed", removed)
    return removed


def _all_of(column: Column) -> Iterator[str]:
    if column.listed:
        for files in column.rows().values_list(column.field, flat=True).iterator():
            yield from (one["sha256"] for one in files or [])
    else:
        known = column.rows().exclude(**{column.field: ""})
        yield from known.values_list(column.field, flat=True).distinct().iterator()


def _named_of(digests: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for column in NAMING:
        if column.indexed:
            these = column.rows().filter(**{f"{column.field}__in": list(digests)})
            found.update(these.values_list(column.field, flat=True))
    return found
