"""What is typed in for somebody, and the pages of customers."""

from typing import Any

from .customers import csv_form
from .ways import Way, in_days, known, message, say, staff
from .world import Actor, World


def who(world: World, actor: Actor) -> dict[str, Any]:
    return {
        "once": f"typed-{actor.role}",
        "name": "Luc",
        "email": f"luc-{actor.role}@courriel.exemple.test",
        "language": "fr",
        "text": "Rien ne marche.",
    }


def call(world: World, actor: Actor) -> dict[str, Any]:
    return {**who(world, actor), "recap": "email", "tried": "email", "tried_line": "Sans réponse"}


contract = say(
    number="K-9", state="active", sector="maintenance", amount="1 200,50", currency="EUR", period="year", starts_on="2026-01-01",
    renews_on="2027-01-01", commitment="GTR 4 h", site="Lyon", technician_name="Paul",
)  # fmt: skip


WAYS: dict[str, Way] = {
    # --- typed in for somebody, and posted
    "workspace:entry-phone": Way(form=call, query="q=jeanne"),
    "workspace:entry-letter": Way(
        form=lambda world, actor: {**who(world, actor), "received_on": in_days(0), "answer_by": "email"}
    ),
    "workspace:entry-counter": Way(
        form=lambda world, actor: {**who(world, actor), "place": "Nantes", "recap": "handed"}
    ),
    "workspace:post": Way("on_paper"),
    "workspace:letter": staff("on_paper", more=message("on_paper", kind="acknowledgement")),
    "workspace:posting": staff(
        "on_paper",
        lambda world, actor: {"posted_on": in_days(0), "registered_number": "1A 234 567 8901 3"},
        more=message("on_paper", kind="acknowledgement"),
    ),
    "workspace:posting-proof": staff("on_paper", more=message("on_paper", kind="recap")),
    "workspace:receipt": staff("on_paper", more=message("on_paper", direction="in"), query="paper=80"),
    "workspace:medium": staff("on_paper", say(channel="email")),
    "workspace:case-contract": staff("investigating", say(contract="none")),
    # --- customers
    "workspace:people": Way("investigating", query="q=jeanne"),
    "workspace:person": Way("investigating", known(person_id="person")),
    "workspace:person-identity": Way(
        "investigating",
        known(person_id="person"),
        say(name="Jeanne F.", language="fr", kind="consumer", organisation="Mairie", vip="on"),
    ),
    "workspace:person-addresses": Way(
        "investigating", known(person_id="person"), say(kind="phone", value="01 99 00 99 99")
    ),
    "workspace:person-address": Way(
        "investigating",
        known(person_id="person", address_id="address"),
        say(do="correct", value="01 99 00 99 98"),
    ),
    "workspace:person-contracts": Way("investigating", known(person_id="person"), contract),
    "workspace:mandates": Way(
        "investigating",
        known(person_id="person"),
        say(
            email="fils@courriel.exemple.test",
            name="Léo",
            quality="relative",
            told="all",
            from_day="2026-01-01",
            to_day="2027-01-01",
        ),
    ),
    "workspace:mandate-ending": Way("investigating", known(person_id="person", mandate_id="mandate")),
    "workspace:mandate-document": Way("investigating", known(person_id="person", mandate_id="mandate")),
    "workspace:organisations": Way("twin", query="q=tilleuls"),
    "workspace:organisation": Way("twin", known(organisation_id="company")),
    "workspace:organisation-identity": Way(
        "twin",
        known(organisation_id="company"),
        say(name="Hôtel du Parc", kind="business", sector="maintenance"),
    ),
    "workspace:organisation-contracts": Way("twin", known(organisation_id="company"), contract),
    "workspace:contract": Way("investigating", known(contract_id="contract"), contract),
    "workspace:duplicates": Way("investigating"),
    "workspace:merging": Way(
        "investigating",
        known(pair_id="pair"),
        lambda world, actor: {"survivor": world.customers.person.pk, "sure": "on"},
    ),
    "workspace:pair-dismissal": Way("investigating", known(pair_id="pair")),
    "workspace:undoing": Way("investigating", known(merge_id="merge")),
    "workspace:customer-files": Way(form=lambda world, actor: csv_form()),
    "workspace:customer-file": Way(arguments=known(file_id="checked")),
    "workspace:customer-file-columns": Way(
        arguments=known(file_id="uploaded"), form=say(column_0="customer_key", column_1="name")
    ),
    "workspace:customer-file-loading": Way(arguments=known(file_id="checked")),
    "workspace:customer-file-dropping": Way(arguments=known(file_id="uploaded")),
    "workspace:customer-file-refusals": Way(arguments=known(file_id="checked")),
}
