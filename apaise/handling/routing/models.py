"""Django looks for models here; each has a file of its own."""

from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.notifications import Notification

__all__ = ["Escalation", "Notification"]
