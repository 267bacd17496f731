"""Names of the codes a case holds, for people."""

from django.utils.translation import gettext_lazy as _

OUTCOME_NAMES = {
    "accepted": _("Accepted"),
    "partial": _("Accepted in part"),
    "refused": _("Refused with reasons"),
    "goodwill": _("Refused, with a gesture"),
}
SCOPE_NAMES = {
    "isolated": _("Isolated"),
    "recurrent": _("Recurrent"),
    "systemic": _("Systemic"),
}
CRITICALITY_NAMES = {
    "C1": _("critical"),
    "C2": _("high"),
    "C3": _("normal"),
    "C4": _("low"),
}
CLOSING_REASONS = {
    "accepted": _("you accepted our answer"),
    "silence": _("you did not react to our answer, which named your other options"),
}
