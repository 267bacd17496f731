"""Files that no row names are removed, a week after they were kept; every column that names files is known."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from apaise.intake.cases.messages import File, add_customer_message
from apaise.intake.channels import drafts, receive, unnamed
from apaise.intake.channels.checked import FileCheck
from apaise.intake.channels.models import OutboxMail, file_store
from apaise.intake.channels.public_form import FormDraft
from apaise.lib import clock

# Columns as long as a digest, or named as one that holds files, and what they are in truth.
NO_FILES = {
    "channels.Fetched.raw": "the bytes of its arrival, which names them",
    "channels.FileCheck.sha256": "what was said of a file; keeps none alive",
    "channels.Arrival.fingerprint": "of the words of a mail",
    "channels.FormVisit.form": "of the number of a form",
    "ledger.Entry.hash": "of an entry",
    "ledger.Entry.previous": "of an entry",
    "ledger.Head.hash": "of an entry",
    "ledger.Head.seal": "of the end of a chain",
    "packs.PackVersion.digest": "of the words of a pack",
    "packs.PackEdition.digest": "of the words of a pack",
    "policy.PolicyEdition.digest": "of the words of a page",
    "parties.KnownColumns.headings": "of the headings of a list",
    "parties.CustomerFile.sha256": "in a store of its own, removed with it",
}


@pytest.fixture(autouse=True)
def store_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def kept(content: bytes, *, days: float) -> File:
    digest, size = file_store().keep(content)
    at = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(file_store().on_disk(digest), (at, at))
    return File("a.txt", "text/plain", size, digest)


def there(*files: File) -> list[bool]:
    return [file_store().has(file.sha256) for file in files]


def test_only_what_is_old_and_unnamed_goes(desk: Any) -> None:
    old, young = kept(b"old", days=7.1), kept(b"young", days=6.9)
    FileCheck.objects.create(sha256=old.sha256, state="clean")
    assert unnamed.sweep() == 1
    assert there(old, young) == [False, True]
    assert not FileCheck.objects.exists()
    assert unnamed.sweep() == 0


def test_what_any_row_names_stays(complain: Any, desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unnamed, "AT_ONCE", 2)
    attached, mail, lined, drafted, sent = (kept(bytes([n]) * 9, days=30) for n in range(5))
    loose = [kept(bytes([n]) * 8, days=30) for n in range(5)]
    case = complain()
    add_customer_message(case, case.complainant, channel="email", text="Voici.", files=[attached])
    receive.note_arrival(mail.sha256, 9)
    receive.note_arrival(mail.sha256, 9, form="line", given={"files": [lined._asdict()]})
    drafts.keep_draft({}, [drafted], desk=desk, language="fr")
    OutboxMail.objects.create(envelope_from="a@x.test", envelope_to="b@x.test", raw=sent.sha256)
    assert unnamed.sweep() == 5
    assert there(attached, mail, lined, drafted, sent) == [True] * 5
    assert there(*loose) == [False] * 5


def test_a_draft_whose_days_are_over_leaves_nothing_behind(desk: Any) -> None:
    file = kept(b"scan", days=20)
    with clock.at_moment(clock.now() - timedelta(days=15)):
        drafts.keep_draft({"story": "Mes mots"}, [file], desk=desk, language="fr")
    drafts.forget_old_drafts()
    assert (unnamed.sweep(), there(file), FormDraft.objects.count()) == (1, [False], 0)


def test_what_is_kept_again_meanwhile_stays() -> None:
    file = kept(b"again", days=30)
    before = (clock.now() - unnamed.YOUNGEST).timestamp()
    file_store().keep(b"again")
    assert not file_store().remove(file.sha256, kept_before=before)
    assert there(file) == [True]
    assert not file_store().remove("0" * 64, kept_before=before)


def test_every_column_that_names_files_is_on_the_list() -> None:
    """A new one that is missing there would have its files removed after a week."""
    known = {f"{column.model}.{column.field.partition('__')[0]}" for column in unnamed.NAMING}
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("apaise.")
        for field in model._meta.concrete_fields
        if _may_name_a_file(field)
    }
    assert found - known - set(NO_FILES) == set()
    assert known <= found | {"channels.Arrival.given"}


def _may_name_a_file(field: models.Field[Any, Any]) -> bool:
    if isinstance(field, models.JSONField):
        return "file" in field.name
    return isinstance(field, models.CharField) and (field.max_length == 64 or "sha" in field.name)
