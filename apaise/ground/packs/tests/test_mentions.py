from apaise.ground.packs.load import load_pack
from apaise.ground.packs.mentions import mentions_for


def said(pack_id, where, facts):
    found = mentions_for(load_pack(pack_id, check=False), where, facts)
    return tuple(
        [mention.id for mention in group] for group in (found.required, found.forbidden, found.to_check)
    )


CONSUMER = {
    "customer.kind": "consumer",
    "contract.sector": "general",
    "case.topic": "delivery",
    "case.cause": "delivery.late",
    "case.customer_satisfied": False,
    "case.reply_cap_breached": False,
}


def test_a_refused_consumer_is_told_of_the_mediator_and_the_reasons():
    required, forbidden, to_check = said(
        "fr-consommation", "final_reply", {**CONSUMER, "case.final_reply_outcome": "refused"}
    )
    assert required == ["mediator_contact_in_reply", "reasons_for_refusal"]
    assert forbidden == ["no_odr_link", "no_mandatory_mediation_clause"]
    assert to_check == []


def test_what_is_unknown_is_left_to_a_person():
    required, forbidden, to_check = said("fr-consommation", "final_reply", {})
    assert (required, forbidden) == ([], ["no_odr_link"])
    assert "mediator_contact_in_reply" in to_check and "no_mandatory_mediation_clause" in to_check


def test_a_business_is_never_sent_to_the_consumer_mediator():
    facts = {**CONSUMER, "customer.kind": "business", "case.final_reply_outcome": "refused"}
    required, forbidden, _ = said("fr-b2b-maintenance", "final_reply", facts)
    assert required == ["reasons_for_refusal", "apology_and_thanks_in_reply", "dispute_clause_reference"]
    assert forbidden == ["no_odr_link"]


def test_the_fragments_are_those_of_the_required_mentions():
    pack = load_pack("fr-energie", check=False)
    found = mentions_for(pack, "final_reply", {**CONSUMER, "case.final_reply_outcome": "refused"})
    assert "mention_mediator_energie" in found.fragments
    assert "mention_mediator" not in found.fragments
    assert mentions_for(pack, "ack", {}).fragments == ("mention_data",)
