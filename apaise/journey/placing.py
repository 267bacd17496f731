"""The step of the table that puts a case where it belongs."""

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.placing import place
from apaise.intake.cases.models import Case


def place_case(entry: Entry) -> None:
    """What is known of the case has changed: its queue and, where a rule says so, its handler may too."""
    around = Case.objects.select_related(
        "desk__signatory",
        "handler",
        "team",
        "pack_version",
        "organisation",
        "contract",
        "complainant__merged_into",
    )
    place(around.defer("pack_version__content").get(reference=entry.chain))
