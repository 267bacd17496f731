"""Where a desk works: the region whose public holidays count in its dates."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.ground.accounts.models import Desk, User
from apaise.ground.ledger.record import HOUSE, record
from apaise.lib.working_time import REGIONS

REGION_NAMES = {
    "alsace-moselle": gettext_lazy("Alsace and Moselle"),
    "guadeloupe": gettext_lazy("Guadeloupe"),
    "martinique": gettext_lazy("Martinique"),
    "guyane": gettext_lazy("French Guiana"),
    "la-reunion": gettext_lazy("Réunion"),
    "mayotte": gettext_lazy("Mayotte"),
}
assert set(REGION_NAMES) == set(REGIONS)


class RegionRefused(Exception):
    """Why the region stays as it is."""


def region_refusal(user: User) -> str | None:
    if user.has_role("complaints_manager"):
        return None
    return _("The complaints manager chooses the region: every date of the desk depends on it.")


def choose_region(desk: Desk, region: str, *, by: User) -> bool:
    """From now on new cases of this desk count these holidays; running ones keep theirs. Returns whether it changed.

    region   a code of lib/working_time, or "" for none. Raises RegionRefused."""
    if refusal := region_refusal(by):
        raise RegionRefused(refusal)
    if region and region not in REGIONS:
        raise RegionRefused(_("Choose a region from the list."))
    with transaction.atomic():
        changed = Desk.objects.filter(pk=desk.pk).exclude(region=region).update(region=region)
        if changed:
            record(HOUSE, "desk.region_changed", by=by, desk=desk.pk, region=region or "none")
    desk.region = region
    return bool(changed)
