"""The form's way of changing a pack."""

import yaml

from apaise.ground.packs.amend import Wanted, amended, head, slots, with_next_version, written
from apaise.ground.packs.load import load_pack

PARENT = load_pack("fr-consommation", check=False)
HEAD = head("tramontel", "fr-consommation", {"fr": "Tramontel", "en": "Tramontel"}, "2026-11-28")


def wishes(**more):
    data = PARENT.as_dict()
    as_it_is = Wanted(
        lengths={slot.field: slot.value for slot in slots(PARENT)},
        label=HEAD["label"],
        hours=("09:00", "18:00"),
        next_steps=data["acknowledgement"]["next_steps"],
        limits=data["remedies"]["approval_thresholds_eur"],
    )
    return as_it_is._replace(**more)


def test_what_law_and_customers_own_is_not_offered():
    fields = [slot.field for slot in slots(PARENT)]
    assert "length:reply_target:C2" in fields and "length:ack:" in fields
    assert not [field for field in fields if "gdpr_request" in field or "withdrawal" in field]


def test_what_is_as_below_is_not_said():
    assert amended(HEAD, PARENT, wishes()) == HEAD


def test_a_shorter_time_is_said_as_the_whole_rule_and_as_our_own_choice():
    lengths = {**wishes().lengths, "length:reply_target:C2": 2}
    made = amended(HEAD, PARENT, wishes(lengths=lengths))
    [rule] = made["deadlines"]
    assert rule["duration_by_criticality"]["C2"] == {"value": 2, "unit": "business_days"}
    assert rule["duration_by_criticality"]["C3"] == {"value": 10, "unit": "business_days"}
    assert (rule["confidence"], rule["source"]) == ("design", ["design"])
    assert amended(made, PARENT, wishes()) == HEAD


def test_hours_texts_and_limits_are_said_where_they_differ():
    made = amended(
        HEAD,
        PARENT,
        wishes(
            hours=("08:30", "18:30"),
            limits={"handler": 80, "team_lead": 200, "complaints_manager": 1000, "executive": None},
        ),
    )
    assert made["calendar"] == {"business_hours": {"start": "08:30", "end": "18:30"}}
    assert made["remedies"]["approval_thresholds_eur"]["handler"] == 80
    assert "acknowledgement" not in made


def test_what_somebody_wrote_by_hand_stays():
    own = {
        **HEAD,
        "mandatory_mentions": [{"id": "mine"}],
        "deadlines": [{"id": "hidden_defect_window", "disabled": True}],
    }
    assert amended(own, PARENT, wishes()) == own


def test_a_version_is_never_used_twice():
    assert with_next_version(HEAD, {"2026.11.1", "2026.11.2"}, "2026-11-30")["version"] == "2026.11.3"


def test_what_is_written_reads_the_same():
    lengths = {**wishes().lengths, "length:ack:": 2}
    made = amended(HEAD, PARENT, wishes(lengths=lengths))
    assert yaml.safe_load(written(made)) == made
    assert "&" not in written(made)
