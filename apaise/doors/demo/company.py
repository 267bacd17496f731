"""Set up the demo's company: its desk, people and functions."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from apaise.ground.accounts.models import Desk, Function, Membership, Team, User

HERE = Path(__file__).parent
PASSWORD = "apaise-demo-2026"  # noqa: S105  (known to everybody; opens pages from this machine only)


@lru_cache(maxsize=1)
def company() -> dict[str, Any]:
    return dict(yaml.safe_load((HERE / "company.yaml").read_text(encoding="utf-8")))


def is_set_up() -> bool:
    return User.objects.filter(email=company()["staff"][0]["login"]).exists()


def set_up() -> None:
    """The staff and the desk of the demo. Harmless to repeat."""
    if is_set_up():
        return
    data = company()
    with transaction.atomic():
        people = {person["login"].partition("@")[0]: _person(person) for person in data["staff"]}
        desk_team = _team("guichet", data["desk"]["name"]["fr"], [*_members(data, "reclamations")], people)
        _desk(data, desk_team, people)
        Function.objects.filter(code="desk").delete()
        for code, held in data["functions"].items():
            holders = [people[login] for login in held["who"]]
            if held["held_by"] == "person":
                Function.objects.create(code=code, person=holders[0])
            elif code == "desk":
                Function.objects.create(code=code, team=desk_team)
            else:
                team = _team(code.replace("_", "-"), code.replace("_", " "), held["who"], people)
                Function.objects.create(code=code, team=team)


def _members(data: dict[str, Any], team: str) -> list[str]:
    found = next(each for each in data["teams"] if each["id"] == team)
    return [found["lead"], *found["members"]]


def _person(person: dict[str, Any]) -> User:
    return User.objects.create_user(
        person["login"],
        person["name"],
        PASSWORD,
        roles=person["roles"],
        language=person["language"],
        title_fr=person["title"]["fr"],
        title_en=person["title"]["en"],
    )


def _team(code: str, name: str, logins: list[str], people: dict[str, User]) -> Team:
    team, _ = Team.objects.get_or_create(code=code[:40], defaults={"name": name})
    for login in logins:
        Membership.objects.get_or_create(team=team, user=people[login])
    return team


def _desk(data: dict[str, Any], team: Team, people: dict[str, User]) -> None:
    Desk.objects.update_or_create(
        address=data["desk"]["email"],
        defaults={
            "name": f"{data['name']}, {data['desk']['name']['fr'].lower()}",
            "organisation": data["name"],
            "team": team,
            "signatory": people[data["desk"]["signs_acknowledgements"]],
            "phone": data["desk"]["phone"],
            "postal_address": _one_line(data["desk"]["postal_address"]),
            "dpo_contact": data["dpo"]["email"],
            "mediator_name": data["mediator"]["name"]["fr"],
            "mediator_postal_address": _one_line(data["mediator"]["postal_address"]),
            "mediator_website": data["mediator"]["website"],
            "contract_dispute_clause": "18",
            "escalation_contact": f"{data['escalation']['name']} ({data['escalation']['email']})",
        },
    )


def _one_line(text: object) -> str:
    return ", ".join(line.strip().rstrip(",") for line in str(text).splitlines() if line.strip())
