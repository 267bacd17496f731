"""The customers of the demo as the company knew them before they complained: who they are, their contracts, who speaks for whom."""

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from apaise.doors.demo import papers
from apaise.ground.accounts.models import User
from apaise.ground.parties.addresses import add_address
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.contracts import add_contract
from apaise.ground.parties.mandates import add_mandate
from apaise.ground.parties.models import Organisation, Person
from apaise.ground.parties.people import add_organisation, add_person, change_person

FILE = Path(__file__).parent / "customers.yaml"
WAYS = ("email", "phone", "postal")  # a name on a network is learnt when they post


@lru_cache(maxsize=1)
def known_customers() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


class Customers:
    """The people of the stories, each written down once, by the administrator who filled the tool."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.by = User.objects.filter(role_grants__role="administrator").earliest("pk")
        self._people: dict[str, Person] = {}
        self._organisations: dict[str, Organisation] = {}

    def write_down(self, stories: list[dict[str, Any]]) -> None:
        """Everybody one can be reached at, before the first of them complains."""
        for each in known_customers()["organisations"]:
            self._organisation(each["name"], each)
        for data in stories:
            if any(way in data["customer"] for way in WAYS):
                self._person(data["customer"], data["language"])
        mandates = {each["story"]: each for each in known_customers()["mandates"]}
        for data in stories:
            if mandate := mandates.get(data["id"]):
                self._mandate(self._person(data["customer"], data["language"]), mandate)

    def of(self, data: dict[str, Any]) -> Person | None:
        """The person of this story, if the company knew them."""
        person = self._people.get(_key(data["customer"]))
        return Person.objects.prefetch_related("addresses").get(pk=person.pk) if person else None

    def complete(self, person: Person, data: dict[str, Any]) -> None:
        """What the desk learns of somebody who was unknown until they wrote."""
        if not person.kind:
            change_person(person, by=self.by, kind=data["customer"]["kind"], language=data["language"])

    def _person(self, said: dict[str, Any], language: str) -> Person:
        key = _key(said)
        if key not in self._people:
            organisation = said.get("organisation")
            self._people[key] = add_person(
                by=self.by,
                name=said["name"],
                kind=said["kind"],
                language=language,
                vip=bool(said.get("vip")),
                organisation=self._organisation(organisation, {}) if organisation else None,
            )
        for way in WAYS:
            if way in said:
                add_address(self._people[key], way, _in_lines(said[way]), by=self.by)
        return self._people[key]

    def _organisation(self, name: str, said: dict[str, Any]) -> Organisation:
        if name not in self._organisations:
            made = add_organisation(
                by=self.by,
                name=name,
                kind="business",
                sector="maintenance",
                activity=said.get("activity", ""),
                vip=bool(said.get("vip")),
            )
            self._organisations[name] = made
            for contract in said.get("contracts", ()):
                self._contract(made, contract)
        return self._organisations[name]

    def _contract(self, holder: Organisation, said: dict[str, Any]) -> Contract:
        known = {name: said[name] for name in ("number", "amount", "period", "commitment", "site")}
        staff = User.objects.filter(email__startswith=f"{said.get('technician')}@").first()
        return add_contract(
            holder,
            by=self.by,
            sector="maintenance",
            account_manager_name=said["account_manager"],
            technician=staff,
            technician_name="" if staff else said.get("technician", ""),
            starts_on=self.today - timedelta(days=said["started"]),
            renews_on=self.today + timedelta(days=said["renews_in"]),
            **known,
        )

    def _mandate(self, person: Person, said: dict[str, Any]) -> None:
        represented = self._person(said["represents"], said["represents"]["language"])
        add_mandate(
            person,
            represented,
            by=self.by,
            from_day=self.today - timedelta(days=said["since"]),
            to_day=self.today + timedelta(days=said["until_in"]),
            document=papers.kept(said["document"], said["says"]),
            **{name: said[name] for name in ("quality", "told", "may_decide", "may_be_paid")},
        )


def _key(customer: dict[str, Any]) -> str:
    return str(customer.get("email") or customer["name"])


def _in_lines(value: str) -> str:
    """« 12, rue Haute, 99120 Ville » as on an envelope: the postcode begins a line of its own."""
    street, comma, town = value.rpartition(", 99")
    return f"{street}\n99{town}" if comma else value


def contract_chosen_for(story: str, person: Person) -> Contract | None:
    """The contract this story is about, where its customer has several."""
    number = known_customers()["chosen"].get(story)
    return Contract.objects.of_person(person).filter(number=number).first() if number else None
