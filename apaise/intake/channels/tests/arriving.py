"""Let a mail in, and look at what waits."""

from apaise.intake.channels.models import Arrival
from apaise.intake.channels.receive import keep, receive


def get(raw, **envelope):
    return receive(keep(raw, **envelope))


def reasons():
    return list(Arrival.objects.filter(state="quarantined").values_list("reason", flat=True))
