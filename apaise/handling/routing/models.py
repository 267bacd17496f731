"""The tables of this room: each stands in the file of its topic."""

from apaise.handling.routing.person import Absence, Cover, Presence, Skill
from apaise.handling.routing.placement import Placement, Serving
from apaise.handling.routing.rule import Rule

__all__ = ["Absence", "Cover", "Placement", "Presence", "Rule", "Serving", "Skill"]
