"""What the pages of people, organisations and cases show alike: contracts, mandates, history."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.parties.contract import CHANNEL_NAMES, PERIODS, Contract
from apaise.ground.parties.models import Duplicate, Representative
from apaise.ground.parties.wording import QUALITIES, REASONS, SECTOR_NAMES
from apaise.lib import clock

SAID = {
    "person.created": gettext_lazy("Written down"),
    "person.changed": gettext_lazy("Changed: %(fields)s"),
    "person.address_added": gettext_lazy("Address added"),
    "person.address_changed": gettext_lazy("Address %(how)s"),
    "person.merged": gettext_lazy("Merged: no. %(absorbed)s into no. %(survivor)s"),
    "person.merge_undone": gettext_lazy("Merge undone: no. %(absorbed)s is a person again"),
    "duplicate.dismissed": gettext_lazy("Not the same as no. %(other)s"),
    "organisation.created": gettext_lazy("Written down"),
    "organisation.changed": gettext_lazy("Changed: %(fields)s"),
    "contract.added": gettext_lazy("Contract added"),
    "contract.changed": gettext_lazy("Contract changed: %(fields)s"),
    "mandate.added": gettext_lazy("Mandate added"),
    "mandate.ended": gettext_lazy("Mandate ended"),
}
FIELDS = {
    "name": gettext_lazy("name"), "language": gettext_lazy("language"), "kind": gettext_lazy("kind"), "organisation": gettext_lazy("organisation"),
    "vip": gettext_lazy("VIP"), "external_key": gettext_lazy("customer number"), "sector": gettext_lazy("sector"), "activity": gettext_lazy("activity"), "number": gettext_lazy("number"),
    "state": gettext_lazy("state"), "channel": gettext_lazy("channel"), "arbitration_clause": gettext_lazy("arbitration clause"),
    "amount": gettext_lazy("amount"), "currency": gettext_lazy("currency"), "period": gettext_lazy("period"),
    "commitment": gettext_lazy("commitment level"), "starts_on": gettext_lazy("start"), "renews_on": gettext_lazy("renewal date"),
    "ends_on": gettext_lazy("end"), "site": gettext_lazy("site"), "account_manager": gettext_lazy("account manager"),
    "account_manager_name": gettext_lazy("account manager"), "technician": gettext_lazy("on-site technician"),
    "technician_name": gettext_lazy("on-site technician"),
}  # fmt: skip
HOW = {
    "corrected": gettext_lazy("corrected"),
    "preferred": gettext_lazy("preferred"),
    "ended": gettext_lazy("no longer valid"),
    "restored": gettext_lazy("valid again"),
}
SOON = 90  # days before a renewal from which it is said in ochre


def contract_rows(contracts: Iterable[Contract]) -> list[dict[str, Any]]:
    return [contract_row(contract) for contract in contracts]


def contract_row(contract: Contract) -> dict[str, Any]:
    """A contract in words; whether it is renewed soon."""
    days = contract.renewal_in_days(clock.today(ZoneInfo(settings.TIME_ZONE)))
    return {
        "contract": contract,
        "href": reverse("workspace:contract", args=[contract.pk]),
        "period": PERIODS[contract.period],
        "sector": SECTOR_NAMES[contract.sector],
        "soon": days is not None and 0 <= days <= SOON and contract.state == Contract.State.ACTIVE,
        "days": days,
    }


def mandate_rows(mandates: Iterable[Representative]) -> list[dict[str, Any]]:
    """Who speaks for them: in what quality, what they may be told and do, whether the mandate holds today."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return [
        {
            "mandate": mandate,
            "name": mandate.person.survivor.display_name(),
            "quality": QUALITIES.get(mandate.quality, mandate.quality),
            "holds": mandate.holds_on(today),
            "to_come": mandate.from_day is not None and mandate.from_day > today,
            "told": mandate.get_told_display(),
        }
        for mandate in mandates
    ]


def contract_choices() -> dict[str, Any]:
    """What the form of a contract offers."""
    return {
        "states": Contract.State.choices,
        "sectors": list(SECTOR_NAMES.items()),
        "channels": list(CHANNEL_NAMES.items()),
        "periods": list(PERIODS.items()),
        "clause": [("yes", _("Yes")), ("no", _("No"))],
        "colleagues": list(
            User.objects.filter(is_active=True).order_by("name").values_list("pk", "name")[:500]
        ),
    }


def reasons_of(pair: Duplicate) -> str:
    """What speaks for the two being one: "same name and same postcode"."""
    return _(" and ").join(str(REASONS[reason]) for reason in pair.reasons if reason in REASONS)


def history(chain: str, most: int = 30) -> list[dict[str, Any]]:
    """What was done to a person or an organisation, newest first."""
    entries = [
        entry for entry in Entry.objects.filter(chain=chain).order_by("-seq")[:most] if entry.what in SAID
    ]
    ids = {entry.by.removeprefix("staff:") for entry in entries if entry.by.startswith("staff:")}
    names = {f"staff:{user.pk}": user.name for user in User.objects.filter(pk__in=ids)}
    return [
        {"at": entry.at, "text": _said(entry), "by": names.get(entry.by, _("by an import"))}
        for entry in entries
    ]


def _said(entry: Entry) -> str:
    facts = dict(entry.facts)
    named = dict.fromkeys(str(FIELDS.get(name, name)) for name in facts.get("fields", ()))
    how = str(HOW.get(facts.get("how", ""), ""))
    return str(SAID[entry.what]) % {
        "fields": ", ".join(named),
        "how": how,
        "absorbed": facts.get("absorbed", ""),
        "survivor": facts.get("survivor", ""),
        "other": facts.get("other", ""),
    }
