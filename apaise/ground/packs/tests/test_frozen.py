"""A case keeps its pack exactly, whatever becomes of the pack; the right pack is chosen for a new case."""

import dataclasses

import pytest

from apaise.ground.packs import choose, models
from apaise.ground.packs.choose import pack_for
from apaise.ground.packs.load import load_pack, shipped_ids
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cold(monkeypatch):
    monkeypatch.setattr(models, "_cache", {})


@pytest.mark.parametrize("pack_id", shipped_ids())
def test_a_frozen_pack_is_restored_to_the_letter(pack_id, monkeypatch):
    pack = load_pack(pack_id, check=False)
    row = PackVersion.freeze(pack)
    monkeypatch.setattr(models, "_cache", {})
    restored = PackVersion.objects.get(pk=row.pk).pack
    assert restored == pack
    assert restored.canonical == pack.canonical
    assert restored.digest == pack.digest == row.digest
    assert str(row) == pack.label


def test_the_same_pack_is_kept_once():
    pack = load_pack("fr-consommation", check=False)
    first = PackVersion.freeze(pack)
    assert PackVersion.freeze(Pack.from_dict(pack.as_dict())) == first
    assert PackVersion.objects.count() == 1


def test_another_content_under_the_same_version_is_another_row():
    pack = load_pack("fr-consommation", check=False)
    changed = pack.as_dict()
    changed["deadlines"][0]["duration"]["value"] = 2
    rows = {PackVersion.freeze(pack).pk, PackVersion.freeze(Pack.from_dict(changed)).pk}
    assert len(rows) == 2
    assert {(row.pack_id, row.version) for row in PackVersion.objects.all()} == {(pack.id, pack.version)}


def test_a_changed_pack_touches_new_cases_only(complain, monkeypatch):
    case = complain()
    before = dict(case.deadlines.values_list("rule", "due_at"))
    pack = load_pack("fr-consommation", check=False).as_dict()
    target = next(rule for rule in pack["deadlines"] if rule["id"] == "reply_target")
    target["duration_by_criticality"]["C3"] = {"value": 3, "unit": "business_days"}
    pack["version"] = "2027.01.0"
    monkeypatch.setattr(choose, "active", lambda: choose.Active((Pack.from_dict(pack),), pack["id"]))
    later = complain(email="luc@courriel.exemple.test")
    case = Case.objects.get(pk=case.pk)
    assert dict(case.deadlines.values_list("rule", "due_at")) == before
    assert case.pack_version.pack.deadline("reply_target").duration_for("C3").value == 10
    assert later.pack_version.pack.deadline("reply_target").duration_for("C3").value == 3
    assert later.deadlines.get(rule="reply_target").due_at < before["reply_target"]


def test_the_case_and_its_ledger_name_what_was_frozen(complain):
    from apaise.ground.ledger.models import Entry

    case = complain()
    facts = Entry.objects.get(chain=case.reference, seq=1).facts
    assert (facts["pack"], facts["pack_version"], facts["pack_digest"]) == (
        case.pack_version.pack_id,
        case.pack_version.version,
        case.pack_version.digest,
    )


@pytest.mark.parametrize(
    ("facts", "pack_id"),
    [
        ({"customer.kind": "consumer"}, "fr-consommation"),
        ({"customer.kind": "business", "contract.sector": "maintenance"}, "fr-b2b-maintenance"),
        ({"customer.kind": "public_body", "contract.sector": "maintenance"}, "fr-b2b-maintenance"),
        ({"customer.kind": "business", "contract.sector": "general"}, "fr-consommation"),
        ({"customer.kind": "consumer", "contract.sector": "maintenance"}, "fr-consommation"),
        ({"contract.sector": "maintenance"}, "fr-consommation"),
        ({}, "fr-consommation"),
    ],
)
def test_the_first_pack_that_certainly_applies_is_chosen_else_the_default(facts, pack_id):
    assert pack_for(facts).id == pack_id


def test_a_business_customer_of_a_case_is_handled_by_the_business_pack(complain, desk):
    from apaise.ground.parties.models import Organisation, Person
    from apaise.intake.cases.opening import open_case

    firm = Organisation.objects.create(name="Hôtel des Tilleuls", kind="business", sector="maintenance")
    person = Person.objects.identify("direction@tilleuls.exemple.test")
    person.organisation = firm
    person.save()
    case = open_case(person, desk=desk, channel="email", language="fr", by=person)
    assert case.pack_version.pack_id == "fr-b2b-maintenance"
    assert complain().pack_version.pack_id == "fr-consommation"


def test_the_default_pack_is_found_even_if_it_is_not_among_the_active_ones(settings):
    settings.PACKS, settings.PACK = ["fr-b2b-maintenance"], "fr-energie"
    choose.forget()
    try:
        assert pack_for({"customer.kind": "consumer"}).id == "fr-energie"
    finally:
        choose.forget()


def test_a_pack_is_a_value_that_cannot_be_changed():
    pack = load_pack("fr-consommation", check=False)
    pack.as_dict()["id"] = "mine"
    assert pack.id == "fr-consommation"
    with pytest.raises(dataclasses.FrozenInstanceError):
        pack.canonical = "{}"


def test_a_frozen_pack_is_taken_apart_once_however_often_it_is_read():
    pack = load_pack("fr-consommation")
    row = PackVersion.freeze(pack)
    first, second = (PackVersion.objects.get(pk=row.pk) for _ in range(2))
    assert first.content is second.content
    assert first.content == pack.as_dict()
