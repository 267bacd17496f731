import re
from pathlib import Path

import pytest
import yaml

from apaise.ground.packs import DATA, vocabulary

DOC = (Path(__file__).parents[4] / "docs" / "policy-packs.md").read_text(encoding="utf-8")


def rows(heading):
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", DOC, re.S | re.M)[1]
    return re.findall(r"^\| (`[^|]+) \|(.*)\|$", section, re.M)


def codes(heading):
    return tuple(code for first, _ in rows(heading) for code in re.findall(r"`([a-z_.]+)`", first))


@pytest.mark.parametrize(
    ("heading", "listed"),
    [
        ("Roles", vocabulary.ROLES),
        ("Functions", tuple(vocabulary.FUNCTIONS)),
        ("Channels", vocabulary.CHANNELS),
        ("Breach actions", vocabulary.BREACH_ACTIONS),
        ("Event words", vocabulary.EVENTS),
    ],
)
def test_the_closed_lists_are_those_of_the_documentation(heading, listed):
    assert listed == codes(heading)
    assert len(set(listed)) == len(listed)


def test_functions_are_held_as_the_documentation_says():
    held = {
        re.findall(r"`([a-z_]+)`", first)[0]: rest.split("|")[-1].strip() for first, rest in rows("Functions")
    }
    assert dict(vocabulary.FUNCTIONS) == held
    assert set(held.values()) == {"team", "person", "account", "case", "outside"}


def test_facts_are_those_of_the_documentation():
    assert tuple(re.search(r"```facts\n(.*?)```", DOC, re.S)[1].split()) == vocabulary.FACTS
    assert set(vocabulary.FACT_VALUES) < set(vocabulary.FACTS)
    enumerations = DOC.split("Enumerations: ")[1].split("\n\n")[0]
    for fact, values in vocabulary.FACT_VALUES.items():
        listed = re.search(rf"`{fact}` ([a-z_,\s]+)", enumerations)[1]
        assert tuple(re.split(r",\s*", listed.strip())) == values


def test_a_code_is_never_both_a_role_and_a_function():
    assert not set(vocabulary.ROLES) & set(vocabulary.FUNCTIONS)


def test_scopes_are_those_of_the_taxonomy():
    taxonomy = yaml.safe_load((DATA / "taxonomy.yaml").read_text(encoding="utf-8"))
    assert list(vocabulary.SCOPES) == taxonomy["axes"]["scope"]
