"""One row becomes a customer and a contract, whole or not at all. Empty cells leave what is known as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor
from apaise.ground.parties import addresses, contracts, people
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.importing import values
from apaise.ground.parties.importing.values import BadCell
from apaise.ground.parties.models import Organisation, Person
from apaise.ground.parties.names import name_key

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
_READ: dict[str, Callable[[str], Any]] = {
    "email": values.email,
    "phone": values.phone,
    "language": values.language,
    "kind": values.kind,
    "vip": values.yes_no,
    "sector": values.sector,
    "activity": values.activity,
    "state": values.state,
    "amount": values.amount,
    "currency": values.currency,
    "period": values.period,
    "starts_on": values.day,
    "renews_on": values.day,
    "ends_on": values.day,
}
_LONGEST = {"customer_key": 80, "organisation_key": 80, "contract_number": 60, "commitment": 120, "account_manager": 120, "technician": 120}  # fmt: skip
_OF_CONTRACT = ("sector", "state", "amount", "currency", "period", "commitment", "starts_on", "renews_on", "ends_on", "site")  # fmt: skip


class Refusal(NamedTuple):
    """Why a row is not taken: what the column means ("" for the whole row), a code of report.py, what stood there."""

    meaning: str
    code: str
    value: str = ""


class RowRefused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True)
class Pass:
    """On whose behalf rows are taken, from which file; `write` is false for a try."""

    by: Actor
    file: int
    write: bool


def read(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Refusal]]:
    """The values of a row by their meaning, and what cannot be read. Empty cells are left out."""
    found: dict[str, Any] = {}
    wrong: list[Refusal] = []
    for meaning, text in cells.items():
        if not text:
            continue
        try:
            if "\ufffd" in text:
                raise BadCell("unreadable")
            if len(text) > _LONGEST.get(meaning, 200):
                raise BadCell("too_long")
            found[meaning] = _READ[meaning](text) if meaning in _READ else text
        except BadCell as bad:
            wrong.append(Refusal(meaning, bad.code, text[:80]))
    if "amount" in found and "currency" not in cells and (written := values.currency_in(cells["amount"])):
        found["currency"] = written
    starts = found.get("starts_on")
    for later in ("renews_on", "ends_on"):
        if starts and found.get(later) and found[later] < starts:
            wrong.append(Refusal(later, "dates_reversed", cells[later][:80]))
    return found, wrong


def key_of(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """By what a row is recognised again in the same file."""
    customer = str(row.get("customer_key") or row.get("email") or "")
    organisation = str(row.get("organisation_key") or name_key(row.get("organisation", "")))
    return customer, organisation, str(row.get("contract_number", ""))


def take(row: Mapping[str, Any], run: Pass) -> str:
    """Write the row, or only say what would happen: new, changed or unchanged. Raises RowRefused, NotKept."""
    if not any(key_of(row)[:2]):
        raise RowRefused(Refusal("", "no_key"))
    organisation, of_organisation = _organisation(row, run)
    person, of_person = _person(row, organisation, run)
    of_contract = _contract(row, person, organisation, run)
    outcomes = (of_organisation, of_person, of_contract)
    if NEW in outcomes:
        return NEW
    return CHANGED if CHANGED in outcomes else UNCHANGED


def _organisation(row: Mapping[str, Any], run: Pass) -> tuple[Organisation | None, str]:
    key, name = row.get("organisation_key", ""), row.get("organisation", "")
    if not key and not name:
        return None, UNCHANGED
    known = _known_organisation(key, name)
    said: dict[str, Any] = {"external_key": key} if key else {}
    if name:
        said["name"] = " ".join(name.split())
    if "activity" in row:
        said["activity"] = row["activity"]
    if not _has_person(row):  # a row about a company alone
        said.update({what: row[what] for what in ("kind", "vip") if what in row})
    if known is None:
        said = {"name": key, **said}
        if not run.write:
            return Organisation(**said), NEW
        return people.add_organisation(by=run.by, file=run.file, **said), NEW
    return known, _change(known, said, run, people.change_organisation)


def _known_organisation(key: str, name: str) -> Organisation | None:
    if key and (known := Organisation.objects.filter(external_key=key).first()):
        return known
    if not name:
        return None
    same = Organisation.objects.filter(name_key=name_key(name)).order_by("pk")
    return same.filter(external_key="").first() if key else same.first()


def _has_person(row: Mapping[str, Any]) -> bool:
    return any(
        row.get(what) for what in ("customer_key", "name", "first_name", "last_name", "email", "phone")
    )


def _person(
    row: Mapping[str, Any], organisation: Organisation | None, run: Pass
) -> tuple[Person | None, str]:
    if not _has_person(row) or not (row.get("customer_key") or row.get("email")):
        return None, UNCHANGED
    key, email = row.get("customer_key", ""), row.get("email", "")
    person = _known_person(key, email)
    said: dict[str, Any] = {what: row[what] for what in ("language", "kind", "vip") if what in row}
    if name := row.get("name") or " ".join(
        part for part in (row.get("first_name", ""), row.get("last_name", "")) if part
    ):
        said["name"] = " ".join(name.split())
    if key:
        said["external_key"] = key
    if organisation is not None and organisation.pk:
        said["organisation"] = organisation
    ways = _ways(row)
    if person is None:
        if not run.write:
            return Person(), NEW
        person = people.add_person(by=run.by, file=run.file, **said)
        _add_ways(person, ways, run)
        return person, NEW
    outcome = _change(person, said, run, people.change_person)
    return person, CHANGED if _add_ways(person, ways, run) else outcome


def _known_person(key: str, email: str) -> Person | None:
    known = Person.objects.filter(external_key=key).select_related("merged_into").first() if key else None
    owner = Person.objects.at(email) if email else None
    if known is None and owner is not None:
        if key and owner.external_key:
            raise RowRefused(Refusal("email", "email_of_other", email[:80]))
        return owner
    if known is not None and owner is not None and not owner.is_same_as(known.pk):
        raise RowRefused(Refusal("email", "email_of_other", email[:80]))
    return known


def _ways(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    ways = [(kind, row[kind]) for kind in ("email", "phone") if row.get(kind)]
    town = " ".join(part for part in (row.get("postcode", ""), row.get("city", "")) if part)
    if postal := ", ".join(part for part in (row.get("address", ""), town) if part):
        ways.append(("postal", addresses.fit("postal", postal)))
    return ways


def _add_ways(person: Person, ways: list[tuple[str, str]], run: Pass) -> bool:
    """Add the addresses they do not have yet; whether there was one."""
    known = {(way.kind, way.value) for way in person.ways()}
    missing = [way for way in ways if way not in known]
    if run.write:
        for kind, value in missing:
            addresses.add_address(person, kind, value, by=run.by, file=run.file)
    return bool(missing)


def _contract(
    row: Mapping[str, Any], person: Person | None, organisation: Organisation | None, run: Pass
) -> str:
    number = row.get("contract_number", "")
    if not number:
        return UNCHANGED
    holder = organisation or person
    if holder is None:
        raise RowRefused(Refusal("contract_number", "no_holder", number))
    said: dict[str, Any] = {what: row[what] for what in _OF_CONTRACT if what in row}
    for who in ("account_manager", "technician"):
        if who in row:
            said.update(_colleague(who, row[who]))
    known = _known_contract(holder, number)
    if known is None:
        if run.write:
            contracts.add_contract(holder, number=number, by=run.by, file=run.file, **said)
        return NEW
    return _change(known, said, run, contracts.change_contract)


def _known_contract(holder: Organisation | Person, number: str) -> Contract | None:
    if holder.pk is None:
        return None
    found = Contract.objects.filter(number=number)
    if isinstance(holder, Organisation):
        return found.filter(organisation=holder).first()
    same = list(Person.objects.same_as(holder).values_list("pk", flat=True))
    return found.filter(person_id__in=same).first()


def _colleague(who: str, text: str) -> dict[str, Any]:
    """A member of staff, by address or by name; else the name as it stands."""
    active = User.objects.filter(is_active=True)
    user = active.filter(email=text.lower()).first() or active.filter(name__iexact=text).first()
    return {who: user, f"{who}_name": "" if user else text}


def _change(thing: Any, said: Mapping[str, Any], run: Pass, verb: Callable[..., list[str]]) -> str:
    differs = any(getattr(thing, name) != value for name, value in said.items())
    if differs and run.write:
        verb(thing, by=run.by, file=run.file, **said)
    return CHANGED if differs else UNCHANGED
