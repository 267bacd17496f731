"""Every mail of the corpus ends as its name says."""

from pathlib import Path

import pytest

from apaise.ground.ledger.verify import verify
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.tests.arriving import get
from apaise.intake.channels.tests.letters import CORPUS
from tests.nothing_changed import everything

pytestmark = pytest.mark.django_db


def files_in_store():
    return sorted(path for path in Path(file_store().root).rglob("*") if path.is_file())


def kept_beyond_the_door():
    rows = {name: rows for name, rows in everything().items() if not name.startswith("channels.")}
    return rows, files_in_store()


def addresses_in_the_corpus() -> set[str]:
    words = (word for path in CORPUS for word in path.read_text(errors="ignore").split())
    return {word.strip(".,!?'\"<>") for word in words if "@" in word and len(word) > 11}


def test_every_mail_of_the_corpus_ends_as_its_name_says_once(desk, work, noon, caplog):
    told = {path.stem: get(path.read_bytes(), desk=desk) for path in CORPUS}
    assert {name: outcome.outcome for name, outcome in told.items()} == {
        name: name.split("_")[1] for name in told
    }
    work()
    assert list(verify()) == []

    opened = sorted(outcome.case.pk for outcome in told.values() if outcome.outcome == "opened")
    assert opened == sorted(Case.objects.values_list("pk", flat=True))
    assert sorted(Message.objects.filter(kind="acknowledgement").values_list("case_id", flat=True)) == opened

    assert [arrival.raw_bytes() for arrival in Arrival.objects.order_by("pk")] == [
        path.read_bytes() for path in CORPUS
    ]
    assert not Arrival.objects.filter(state="new").exists()
    for arrival in Arrival.objects.filter(state="filed"):
        assert arrival.message and arrival.case and arrival.fingerprint
    for arrival in Arrival.objects.filter(state="quarantined"):
        assert arrival.reason and arrival.owner and arrival.attend_by

    for file in Attachment.objects.all():  # hostile names are tamed
        assert (
            not {"/", "\\", "\x00"} & set(file.name)
            and not file.name.startswith(".")
            and file.name.isprintable()
        ), file.name
        assert len(file_store().read(file.sha256)) == file.size

    logged = " ".join(record.getMessage() for record in caplog.records)
    assert [address for address in addresses_in_the_corpus() if address in logged] == []

    before = kept_beyond_the_door()
    assert {get(path.read_bytes()).outcome for path in CORPUS} == {"duplicate"}
    assert kept_beyond_the_door() == before
    assert work() == 0
