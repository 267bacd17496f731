"""The step of the table that puts a case where it belongs."""

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.placing import place
from apaise.journey.of_entry import case_of


def place_case(entry: Entry) -> None:
    """What is known of the case has changed: its queue and, where a rule says so, its handler may too."""
    place(case_of(entry))
