"""The tables of this room: each stands in the file of its topic. Django looks for them here."""

from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.notifications import Notification
from apaise.handling.routing.person import Absence, Cover, Presence, Skill
from apaise.handling.routing.placement import Placement, Serving
from apaise.handling.routing.rule import Rule

__all__ = [
    "Absence",
    "Cover",
    "Escalation",
    "Notification",
    "Placement",
    "Presence",
    "Rule",
    "Serving",
    "Skill",
]
