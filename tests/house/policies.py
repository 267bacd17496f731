"""A changed policy tried in the small world."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from apaise.ground.packs import DATA
from apaise.ground.packs.load import load_pack
from apaise.ground.packs.pack import Pack
from apaise.intake.cases.what_if import trial
from apaise.intake.cases.what_if.trial import PolicyTrial
from apaise.lib import clock

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def tried(by: Any) -> PolicyTrial:
    """A trial with something in each of its tables, not yet done."""
    data = load_pack("fr-consommation", check=False).as_dict()
    terms = {level: {"value": 0, "unit": "business_days"} for level in ("C1", "C2", "C3", "C4")}
    for rule in data["deadlines"]:
        if rule["id"] == "reply_target":
            rule["duration_by_criticality"] = terms
    data["mandatory_mentions"] = data["mandatory_mentions"][1:]
    with clock.at_moment(clock.now() + timedelta(days=5)):
        made = trial.start(Pack.from_dict(data), LONG_AGO, by=by)
        trial.go_on(made)
    made.refresh_from_db()
    return made


def trial_form() -> dict[str, Any]:
    shipped = (DATA / "packs" / "fr-consommation.yaml").read_bytes()
    return {"pack": SimpleUploadedFile("ours.yaml", shipped), "since": "2020-01-01"}
