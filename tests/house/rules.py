"""The company's own packs in the tests' world: one in force with two editions, one as a draft; everybody can be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apaise.ground.accounts.models import Desk, Function, User
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.company import keep_draft, publish
from apaise.ground.packs.vocabulary import FUNCTIONS
from apaise.handling.policy.contacts import publish_contact, stages
from apaise.handling.policy.public import publish as publish_policy

if TYPE_CHECKING:
    from .world import World

# For customers that no case of the world is about.
PACK = """\
schema: policy-pack/1
id: %(id)s
version: "%(version)s"
extends: fr-consommation
reviewed_on: "2026-11-28"
label: {fr: Le nôtre, en: Ours}
applies_when: {fact: contract.sector, eq: rail}
calendar: {business_hours: {start: "%(opens)s", end: "18:00"}}
"""
TEXT = {"id": "drafted", "version": "1", "opens": "08:00"}


def bring(world: World, manager: User) -> None:
    for code, held_by in FUNCTIONS.items():
        if held_by in ("team", "person"):
            Function.objects.get_or_create(code=code, defaults={"team": world.desk.team})
    Desk.objects.filter(pk=world.desk.pk).update(
        phone="01 99 00 12 34",
        postal_address="14, quai des Tisserands",
        dpo_contact="dpo@exemple.test",
        mediator_name="Le médiateur",
        mediator_postal_address="BP 40",
        mediator_website="https://mediateur.exemple.test",
    )
    for number, opens in (("1", "08:00"), ("2", "08:30")):
        text = PACK % {"id": "published", "version": number, "opens": opens}
        publish(keep_draft(text, by=manager), by=manager, why="Plus tôt.")
    keep_draft(PACK.replace("eq: rail", "eq: tourism") % TEXT, by=manager)
    for stage in stages(active_packs()):
        said = {"name_fr": "Hélène", "name_en": "Hélène", "phone": "01 99 00 12 34"}
        publish_contact(stage.code, said, by=manager)
    publish_policy(by=manager)
    Desk.objects.filter(pk=world.desk.pk).update(phone="01 99 00 12 35")  # what is published is out of date
