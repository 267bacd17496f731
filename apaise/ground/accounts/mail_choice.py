"""How somebody gets their alerts by mail, and by whose clock their morning begins."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.ground.accounts.models import AlertsByMail, User

# Where people of a house in Europe or overseas France sit.
TIME_ZONES: Final[Mapping[str, Any]] = {
    "Europe/Paris": gettext_lazy("Paris, Brussels, Berlin, Madrid"),
    "Europe/London": gettext_lazy("London, Dublin"),
    "Europe/Lisbon": gettext_lazy("Lisbon"),
    "Europe/Athens": gettext_lazy("Athens, Bucharest, Helsinki"),
    "Africa/Casablanca": gettext_lazy("Casablanca"),
    "Africa/Tunis": gettext_lazy("Tunis, Algiers"),
    "Africa/Dakar": gettext_lazy("Dakar, Abidjan"),
    "Indian/Antananarivo": gettext_lazy("Antananarivo"),
    "Indian/Mayotte": gettext_lazy("Mayotte"),
    "Indian/Reunion": gettext_lazy("Réunion, Mauritius"),
    "America/Cayenne": gettext_lazy("Cayenne"),
    "America/Guadeloupe": gettext_lazy("Guadeloupe, Martinique"),
    "America/Miquelon": gettext_lazy("Saint Pierre and Miquelon"),
    "America/Toronto": gettext_lazy("Montreal, Toronto, New York"),
    "Pacific/Noumea": gettext_lazy("Nouméa"),
    "Pacific/Tahiti": gettext_lazy("Tahiti"),
    "Pacific/Wallis": gettext_lazy("Wallis and Futuna"),
}


class ChoiceRefused(Exception):
    """Why the choice stays as it was, in words for whoever made it."""


def choose_mail(user: User, when: str, time_zone: str) -> None:
    """Never, at once for urgent alerts, or one summary each working morning. Raises ChoiceRefused.

    time_zone   one of TIME_ZONES, or "" for the house's"""
    if when not in AlertsByMail.values:
        raise ChoiceRefused(_("Choose one of the three."))
    if time_zone and time_zone not in TIME_ZONES:
        raise ChoiceRefused(_("Choose a time zone from the list."))
    user.alerts_by_mail, user.time_zone = when, time_zone
    user.save(update_fields=["alerts_by_mail", "time_zone"])


def zone_of(user: User) -> ZoneInfo:
    return ZoneInfo(user.time_zone or settings.TIME_ZONE)
