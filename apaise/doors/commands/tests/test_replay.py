"""`apaise replay`: past cases under a changed pack, from the command line."""

import json
from datetime import timedelta

import pytest

from apaise.__main__ import main
from apaise.ground.ledger.models import Entry
from apaise.ground.packs import DATA
from apaise.intake.cases.models import Deadline
from apaise.lib import clock

pytestmark = pytest.mark.django_db
SHIPPED = (DATA / "packs" / "fr-consommation.yaml").read_text(encoding="utf-8")


@pytest.fixture
def file(tmp_path):
    """A pack in which a C3 is owed its reply after one business day, not ten."""
    path = tmp_path / "ours.yaml"
    terms = "      C3: {value: 10, unit: business_days}\n"
    assert SHIPPED.count(terms) == 1
    path.write_text(SHIPPED.replace(terms, terms.replace("10", "1")), encoding="utf-8")
    return path


def test_it_names_the_cases_that_would_have_been_late_and_changes_nothing(complain, file, capsys):
    case = complain(kind="consumer")
    before = [list(model.objects.order_by("pk").values()) for model in (Deadline, Entry)]
    with clock.at_moment(clock.now() + timedelta(days=5)):
        assert main(["replay", "--pack", str(file), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert main(["replay", "--pack", str(file)]) == 0
        said = capsys.readouterr().out
    reply = found["rules"]["reply_target"]
    assert (found["cases"], reply["changes"]["newly_late"], reply["changes"]["earlier"]) == (1, 1, 1)
    assert [name for name, *_dates in reply["examples"]["newly_late"]] == [case.reference]
    assert f"Would have been late, for example: {case.reference}." in said
    assert [list(model.objects.order_by("pk").values()) for model in (Deadline, Entry)] == before


def test_a_bad_pack_or_day_is_refused_with_the_reason(file, tmp_path, capsys):
    bad = tmp_path / "bad.yaml"
    bad.write_text(SHIPPED.replace("unit: business_days}", "unit: moons}", 1), encoding="utf-8")
    line = SHIPPED[: SHIPPED.index("unit: business_days}")].count("\n") + 1
    assert main(["replay", "--pack", str(bad)]) == 1
    assert capsys.readouterr().err.startswith(f"apaise: bad.yaml, line {line}: ")
    assert main(["replay", "--pack", str(tmp_path / "none.yaml")]) == 1
    assert "it cannot be read" in capsys.readouterr().err
    assert main(["replay", "--pack", str(file), "--since", "soon"]) == 1
    assert capsys.readouterr().err == "apaise: --since soon is no day; write it as 2025-12-01.\n"


def test_without_any_case_it_says_so(file, capsys):
    assert main(["replay", "--pack", str(file), "--since", "2020-01-01"]) == 0
    assert "No case received since 2020-01-01" in capsys.readouterr().out
