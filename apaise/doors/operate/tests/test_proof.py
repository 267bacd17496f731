"""What a restored place must have."""

from datetime import timedelta

import pytest

from apaise.doors.operate.proof import _missing_files
from apaise.ground.parties.models import Person, Representative
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.public_form import FormDraft
from apaise.intake.channels.receive import keep
from apaise.lib import clock

pytestmark = pytest.mark.django_db


def test_a_restored_place_has_the_files_of_drafts_mandates_and_lines(desk, settings, tmp_path, noon):
    settings.DATA = tmp_path
    kept, _size = file_store().keep(b"kept")
    claire = Person.objects.create(name="Claire")
    keep(b"a mail without files")
    arrival = keep(b"{}", form="line", given={"files": [{"sha256": kept}]})
    draft = FormDraft.objects.create(
        nonce="n", desk=desk, language="fr", files=[{"sha256": kept}], expires_at=clock.now() + timedelta(1)
    )
    mandate = Representative.objects.create(
        person=claire, represents=claire, quality="lawyer", document_sha256=kept
    )
    assert list(_missing_files()) == []
    Arrival.objects.filter(pk=arrival.pk).update(given={"files": [{"sha256": "a" * 64}]})
    FormDraft.objects.filter(pk=draft.pk).update(files=[{"sha256": "b" * 64}])
    Representative.objects.filter(pk=mandate.pk).update(document_sha256="c" * 64)
    assert set(_missing_files()) == {"a" * 64, "b" * 64, "c" * 64}
