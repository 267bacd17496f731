"""The demo's rules: whom the public reaches at each stage, a pack of the company's own, the public page in two editions."""

from typing import Any

from apaise.doors.demo.scene import colleague
from apaise.ground.packs.amend import Wanted, amended, head, slots, written
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.company import keep_draft, pack_named, publish
from apaise.ground.packs.edition import PackEdition
from apaise.handling.policy.contacts import publish_contact, stages
from apaise.handling.policy.public import publish as publish_page
from apaise.lib import clock

LABEL = {
    "fr": "Tramontel — nos engagements envers les particuliers",
    "en": "Tramontel — our promises to consumers",
}
STEPS = {
    "fr": "une conseillère ou un conseiller du guichet lit votre demande, vous appelle s’il manque un élément, puis vous répond par écrit",
    "en": "somebody at the desk reads your complaint, calls you if anything is missing, then replies in writing",
}
HOURS = {
    "hours_fr": "du lundi au vendredi, de 8 h 30 à 18 h 30",
    "hours_en": "Monday to Friday, 8.30 am to 6.30 pm",
}
DESK = {
    "name_fr": "Le guichet réclamations",
    "name_en": "The complaints desk",
    "phone": "01 99 00 12 34",
    "email": "reclamations@exemple.test",
}
DIRECTION = {"phone": "01 99 00 12 30", "email": "direction-relation-client@exemple.test"}
HELENE = {
    "name_fr": "Hélène Marsac, directrice de la relation client",
    "name_en": "Hélène Marsac, head of customer relations",
    **DIRECTION,
}
CONTACTS = {
    "desk": DESK,
    "handler": {**DESK, "name_fr": "La personne qui suit votre dossier, nommée dans l’accusé de réception", "name_en": "The person named in your acknowledgement"},
    "team_lead": {"name_fr": "Mathilde Guerrin, responsable du guichet réclamations", "name_en": "Mathilde Guerrin, complaints desk team lead", "phone": "01 99 00 12 35"},
    "internal_mediator": {"name_fr": "Bruno Tessandier, médiation interne", "name_en": "Bruno Tessandier, internal mediation", "email": "mediation-interne@exemple.test"},
    "complaints_manager": HELENE, "service_director": HELENE, "executive": HELENE,
}  # fmt: skip


def write_down() -> None:
    """The contacts, the first public page, a faster promise of the company's own, the page that follows from it."""
    manager = colleague("helene.marsac")
    if PackEdition.objects.exists():
        return
    for stage in stages(active_packs()):
        publish_contact(stage.code, {**CONTACTS.get(stage.code, DESK), **HOURS}, by=manager)
    publish_page(by=manager)
    publish(
        keep_draft(_own_pack(), by=manager),
        by=manager,
        why="Le guichet ouvre plus tôt, et répond plus vite aux dossiers urgents.",
    )
    publish_page(by=manager)


def _own_pack() -> str:
    parent = pack_named("fr-consommation")
    assert parent is not None  # it is shipped
    data: dict[str, Any] = parent.as_dict()
    faster = {slot.field: slot.value for slot in slots(parent)} | {
        "length:reply_target:C1": 1,
        "length:reply_target:C2": 4,
    }
    wishes = Wanted(faster, LABEL, ("08:30", "18:30"), STEPS, data["remedies"]["approval_thresholds_eur"])
    day = clock.now().date().isoformat()
    return written(amended(head("tramontel-particuliers", "fr-consommation", LABEL, day), parent, wishes))
