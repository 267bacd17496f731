"""`apaise index`: the search index made anew."""

import argparse

import pytest

from apaise.__main__ import CommandError
from apaise.doors.commands import index
from apaise.intake.cases import search
from apaise.intake.cases.findable import Findable
from apaise.intake.cases.models import Case

pytestmark = pytest.mark.django_db


def run(*references):
    return index.run(argparse.Namespace(case=list(references)))


def test_cases_are_found_again_once_they_are_indexed(complain, cleo, capsys, monkeypatch):
    monkeypatch.setattr(index, "check_database", lambda: None)
    first, second = complain(), complain(email="b@x.test")
    Findable.objects.all().delete()
    assert search.cases("fontanel", user=cleo) == []
    assert run(first.reference.lower()) == 0
    assert search.cases("fontanel", user=cleo) == [first.pk]
    assert run() == 0
    assert search.cases("fontanel", user=cleo) == [second.pk, first.pk]
    assert capsys.readouterr().out == "1 indexed.\n2 indexed.\n"


def test_a_reference_nobody_has_is_refused_and_nothing_changes(complain, cleo, monkeypatch):
    monkeypatch.setattr(index, "check_database", lambda: None)
    case = complain()
    Case.objects.update(title="Autre")
    with pytest.raises(CommandError, match="There is no case R-2020-00001"):
        run("R-2020-00001", case.reference)
    assert search.cases("autre", user=cleo) == []
