"""What a company does: written by hand or by a file, one of the list, or not known."""

import pytest

from apaise.ground.ledger.record import System
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.importing import values
from apaise.ground.parties.importing.columns import MEANINGS
from apaise.ground.parties.importing.rows import Pass, read, take
from apaise.ground.parties.importing.values import BadCell
from apaise.ground.parties.models import Organisation
from apaise.ground.parties.people import add_organisation, change_organisation
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db
BY = System("import")


@pytest.mark.parametrize(
    ("written", "code"),
    [("Industrie", "industry"), ("Service public", "public_service"), ("HEALTH", "health"), ("collectivité", "public_service"), ("autre", "other")],
)  # fmt: skip
def test_an_activity_is_read_in_both_languages(written, code):
    assert values.activity(written) == code


def test_an_activity_nobody_knows_is_refused_and_not_guessed():
    with pytest.raises(BadCell):
        values.activity("Licornes")
    with refused(NotKept, match="activité dans la liste"):
        add_organisation(by=BY, name="Ateliers Brun", activity="unicorns")


def test_a_file_brings_the_activity_of_a_company_even_beside_a_person():
    assert "activity" in MEANINGS
    cells = {
        "organisation": "Ateliers Brun",
        "activity": "Industrie",
        "email": "lea@courriel.exemple.test",
        "name": "Léa",
    }
    row, wrong = read(cells)
    assert (wrong, take(row, Pass(BY, 1, write=True))) == ([], "new")
    company = Organisation.objects.get()
    assert company.activity == "industry"
    assert change_organisation(company, by=BY, activity="") == ["activity"]
