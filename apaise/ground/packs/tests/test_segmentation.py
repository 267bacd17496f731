"""Where a customer stands: bands of what is known, segments named by a rule, and nothing of what is not known."""

import pytest

from apaise.ground.packs.load import WrongPack, load_pack_file, load_shipped_packs
from apaise.ground.packs.segmentation import possible, segment
from apaise.ground.packs.tests.files import overlay

B2B = load_shipped_packs()["fr-b2b-maintenance"]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, set()),
        ({"contract.yearly_amount": "9999.99"}, {"contract_amount:0"}),
        ({"contract.yearly_amount": "10000.00"}, {"contract_amount:10000"}),
        ({"contract.yearly_amount": "249999.99"}, {"contract_amount:50000"}),
        ({"contract.yearly_amount": "250000.00"}, {"contract_amount:250000", "key_accounts"}),
        ({"contract.yearly_amount": "7000000"}, {"contract_amount:1000000", "key_accounts"}),
        ({"customer.vip": True}, {"vip", "key_accounts"}),
        ({"customer.vip": False, "customer.activity": "health"}, {"activity:health"}),
        ({"contract.commitment_level": "sla gold 24/7"}, {"commitment_level:gold"}),
        ({"contract.commitment_level": "retablissement en 4 h"}, set()),
        ({"contract.renewal_in_days": 45}, {"renewal:30", "renewing_soon"}),
        ({"contract.renewal_in_days": -3}, set()),
    ],
)
def test_a_customer_stands_where_what_is_known_of_them_puts_them(facts, codes):
    assert segment(B2B, facts).codes == codes


def test_an_unknown_amount_is_unknown_and_not_small():
    stands = segment(B2B, {"customer.vip": False})
    assert {band.axis: band.code for band in stands.bands}["contract_amount"] == ""
    assert {one.code: one.holds for one in stands.named} == {"key_accounts": None, "renewing_soon": None}


def test_every_code_a_case_can_have_is_offered_to_lists():
    codes = dict(possible(B2B))
    assert {"vip", "key_accounts", "activity:industry", "contract_amount:250000", "renewal:90"} <= set(codes)
    assert codes["key_accounts"].label["fr"] == "Grands comptes"


def test_a_company_names_segments_of_its_own_in_its_pack(tmp_path):
    rule = "{all: [{fact: customer.activity, eq: health}, {fact: contract.yearly_amount, gte: 5000}]}"
    named = f"segmentation: {{segments: [{{id: hospitals, label: {{fr: Hôpitaux, en: Hospitals}}, when: {rule}}}]}}"
    pack = load_pack_file(overlay(tmp_path, named, extends="fr-b2b-maintenance"))
    facts = {"customer.activity": "health", "contract.yearly_amount": "6000.00"}
    assert segment(pack, facts).codes == {"hospitals", "activity:health", "contract_amount:0"}


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("axes: [{id: mood, values: [a]}]", "there is no axis `mood`"),
        ("axes: [{id: activity, bands_eur: [0]}]", "divided by `values`, and by nothing else"),
        ("axes: [{id: contract_amount, bands_eur: [10, 5]}]", "each above the one before"),
        ("axes: [{id: contract_amount, bands_eur: [-10, 5]}]", "each above the one before"),
        ("segments: [{id: x, when: {fact: customer.vip, eq: true}}]", "needs a `label`"),
        ("segments: [{id: x, label: {fr: X, en: X}, when: {fact: customer.mood, eq: 1}}]", "no fact `customer.mood`"),
        ("segments: [{id: x, label: {fr: X, en: X}}]", "a segment needs `id`"),
    ],
)  # fmt: skip
def test_a_wrong_axis_or_segment_is_refused_with_the_reason(tmp_path, block, why):
    with pytest.raises(WrongPack) as refusal:
        load_pack_file(overlay(tmp_path, f"segmentation: {{{block}}}"))
    assert any(why in problem.what for problem in refusal.value.problems)
