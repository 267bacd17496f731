"""Write down a contract, and change it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apaise.ground.ledger.record import Actor, record
from apaise.ground.parties.contract import CHANNEL_NAMES, LARGEST_AMOUNT, PERIODS, Contract
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Organisation, Person
from apaise.ground.parties.wording import SECTOR_NAMES

FIELDS = (
    "number", "state", "sector", "channel", "arbitration_clause", "amount", "currency", "period", "commitment",
    "starts_on", "renews_on", "ends_on", "site", "account_manager", "account_manager_name", "technician", "technician_name",
)  # fmt: skip
_LONGEST = {"number": 60, "commitment": 120, "site": 200, "account_manager_name": 120, "technician_name": 120}


def add_contract(
    holder: Organisation | Person, *, by: Actor, file: int | None = None, **said: Any
) -> Contract:
    """A contract of this organisation or person. Raises NotKept."""
    fields = _fit(said)
    if not fields.get("number"):
        raise NotKept(_("Give the contract its number: it is how you find it again."))
    whose = {"organisation": holder} if isinstance(holder, Organisation) else {"person": holder}
    _check(Contract(**whose, **fields))
    with transaction.atomic():
        holder.hold()
        try:
            with transaction.atomic():
                made = Contract.objects.create(**whose, **fields)
        except IntegrityError as taken:
            raise _taken() from taken
        record(
            holder, "contract.added", by=by, contract=made.pk, amount=made.amount,
            renews_on=made.renews_on, state=made.state, file=file,
        )  # fmt: skip
    return made


def change_contract(contract: Contract, *, by: Actor, file: int | None = None, **said: Any) -> list[str]:
    """Set some of FIELDS; returns the names of those that changed. Raises NotKept."""
    fields = {name: value for name, value in _fit(said).items() if getattr(contract, name) != value}
    if "number" in fields and not fields["number"]:
        raise NotKept(_("Give the contract its number: it is how you find it again."))
    if not fields:
        return []
    would_be = {name: fields.get(name, getattr(contract, name)) for name in FIELDS}
    _check(Contract(**would_be))
    with transaction.atomic():
        contract.holder.hold()
        try:
            with transaction.atomic():
                Contract.objects.filter(pk=contract.pk).update(**fields)
        except IntegrityError as taken:
            raise _taken() from taken
        record(
            contract.holder, "contract.changed", by=by, contract=contract.pk, fields=sorted(fields),
            amount=fields.get("amount"), renews_on=fields.get("renews_on"), state=fields.get("state"), file=file,
        )  # fmt: skip
    for name, value in fields.items():
        setattr(contract, name, value)
    return sorted(fields)


def _fit(said: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in said.items() if name in FIELDS}
    for name, value in fields.items():
        if isinstance(value, str):
            fields[name] = " ".join(value.replace("\0", "").split())[: _LONGEST.get(name, 40)]
    if fields.get("currency"):
        fields["currency"] = fields["currency"].upper()
    return fields


def _check(contract: Contract) -> None:
    for value, known, refusal in (
        (contract.state, Contract.State.values, _("Choose the state of the contract from the list.")),
        (contract.sector, SECTOR_NAMES, _("Choose the sector from the list.")),
        (contract.channel or "store", CHANNEL_NAMES, _("Choose how the contract was concluded.")),
        (contract.period, PERIODS, _("Say what the amount is for: a month, a quarter, a year, in all.")),
    ):
        if value not in known:
            raise NotKept(refusal)
    if not (len(contract.currency) == 3 and contract.currency.isascii() and contract.currency.isalpha()):
        raise NotKept(_("A currency has three letters, such as EUR."))
    if contract.amount is not None and not 0 <= Decimal(contract.amount) <= LARGEST_AMOUNT:
        raise NotKept(_("The amount must be zero or more, and below ten thousand million."))
    for later in (contract.renews_on, contract.ends_on):
        if isinstance(contract.starts_on, date) and later and later < contract.starts_on:
            raise NotKept(_("A contract cannot be renewed or end before it starts. Check the dates."))


def _taken() -> NotKept:
    return NotKept(
        _("There is a contract with this number for this customer. Change that one, or check the number.")
    )
