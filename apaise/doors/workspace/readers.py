"""Who reads the pages that answer to no room below: the page asks here, and so does the rail that leads to it."""

from typing import Final

# How it is done: circuits, ladders, calendars.
CIRCUITS: Final = (
    "handler", "team_lead", "complaints_manager", "executive", "quality", "internal_mediator", "legal_dpo", "auditor",
    "administrator",
)  # fmt: skip
FORM_FIGURES: Final = ("team_lead", "complaints_manager", "quality", "auditor")
