"""Read what was typed into the forms about customers. A field that cannot be read is refused by name."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.importing import values

Typed = Mapping[str, str]


def day(typed: Typed, name: str, label: str) -> date | None:
    """A day, or None when it was left out. Raises NotKept."""
    text = typed.get(name, "").strip()
    if not text:
        return None
    try:
        return values.day(text)
    except values.BadCell as problem:
        raise NotKept(
            _("%(field)s: this is no date. Choose one, or leave it out.") % {"field": label}
        ) from problem


def amount(typed: Typed) -> Decimal | None:
    """Raises NotKept."""
    text = typed.get("amount", "").strip()
    if not text:
        return None
    try:
        return values.amount(text)
    except values.BadCell as problem:
        raise NotKept(_("The amount cannot be read. Write it as 1234,56 or 1234.56.")) from problem


def whole(text: str) -> int | None:
    """A number of ours, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def colleague(typed: Typed, who: str) -> dict[str, Any]:
    """A member of staff from the list, else a name. Raises NotKept."""
    name = typed.get(f"{who}_name", "").strip()
    chosen = typed.get(who, "")
    if not chosen:
        return {who: None, f"{who}_name": name}
    user = User.objects.filter(pk=whole(chosen), is_active=True).first() if whole(chosen) else None
    if user is None:
        raise NotKept(_("Choose a colleague from the list, or write a name."))
    return {who: user, f"{who}_name": ""}


def contract(typed: Typed) -> dict[str, Any]:
    """The fields of a contract. Raises NotKept."""
    clause = {"yes": True, "no": False}.get(typed.get("arbitration_clause", ""))
    return {
        **{name: typed.get(name, "") for name in ("number", "sector", "channel", "period", "commitment", "site")},
        "state": typed.get("state", "active"),
        "currency": typed.get("currency", "") or "EUR",
        "amount": amount(typed),
        "arbitration_clause": clause,
        "starts_on": day(typed, "starts_on", _("Start")),
        "renews_on": day(typed, "renews_on", _("Renewal date")),
        "ends_on": day(typed, "ends_on", _("End")),
        **colleague(typed, "account_manager"),
        **colleague(typed, "technician"),
    }  # fmt: skip
