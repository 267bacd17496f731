"""How well, and how fast, cases about the same are found: `python tools/measure_likeness.py [CASES]`.

Fills a database of its own with made-up cases, then tells each hand-written incident twice, by two people who share nothing
but the incident. Prints milliseconds of CPU a message, recall, and what else was suggested. `half`: a was tuned on, b never."""

import json
import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
DATA = ROOT / "apaise/intake/cases/tests/data"
START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
PLACES = [
    "Moulins",
    "Vichy",
    "Thiers",
    "Roanne",
    "Brive",
    "Limoges",
    "Aurillac",
    "Nantes",
    "Cusset",
    "Ambert",
    "Issoire",
    "Riom",
    "Gannat",
    "Lyon",
    "Dijon",
    "Tours",
    "Angers",
    "Rennes",
]
THINGS = [
    "le lave-linge",
    "la chaudière",
    "la box internet",
    "le canapé",
    "la fibre",
    "le frigo",
    "le matelas",
    "la porte de garage",
    "le volet",
    "la table",
    "le vélo",
    "la cuisine",
]
STREETS = [
    "des Lilas",
    "de la Paix",
    "Victor-Hugo",
    "du Moulin",
    "des Écoles",
    "Pasteur",
    "de la Gare",
    "des Tilleuls",
]
NAMES = ["M. Martin", "Mme Petit", "M. Robin", "Mme Garnier", "M. Faure", "Mme Blanc", "M. Girard"]
PARTS = [
    ["Le technicien n'est pas venu le {day} pour {thing} à {place}.", "Rendez-vous du {day} manqué, {thing}, rue {street} à {place}.", "On devait réparer {thing} le {day} : personne."],
    ["Colis {ref} reçu abîmé, {thing} est inutilisable.", "À l'ouverture du carton {ref}, {thing} était cassé.", "Livraison {ref} : {thing} arrive endommagé à {place}."],
    ["Vous m'avez prélevé {amount} € de trop en {month}.", "Sur mon relevé de {month}, {amount} € en double.", "La facture {ref} compte {amount} € que je ne dois pas."],
    ["J'ai résilié le contrat {ref} en {month}, les prélèvements continuent.", "Malgré ma lettre de {month}, le contrat {ref} court toujours."],
    ["{name}, à l'agence de {place}, a été très désagréable au téléphone.", "Votre conseiller {name} m'a raccroché au nez le {day}."],
    ["The engineer never came to {place} on the {day}.", "My order {ref} arrived broken and the shop in {place} refuses a refund of {amount}."],
]  # fmt: skip
MORE = ["C'est inadmissible.", "Je suis client depuis dix ans.", "J'envisage de saisir le médiateur.", "J'ai appelé quatre fois.", "On me renvoie d'un service à l'autre.", "J'ai des photos.", "Je travaille et je ne peux pas attendre encore.", "Le voisin peut en témoigner.", "I have been a customer for years.", "Mes enfants étaient là.", "Merci de votre réponse rapide."]  # fmt: skip


def made_up(chance: random.Random) -> str:
    said = {
        "day": f"{chance.randint(1, 28)} {chance.choice(['juin', 'juillet', 'octobre'])}", "thing": chance.choice(THINGS),
        "place": chance.choice(PLACES), "street": chance.choice(STREETS), "name": chance.choice(NAMES),
        "ref": f"CMD-{chance.randint(100000, 999999)}", "amount": chance.randint(9, 400), "month": chance.choice(["mars", "mai", "juin"]),
    }  # fmt: skip
    first, second = (chance.choice(chance.choice(PARTS)).format(**said) for _ in range(2))
    return " ".join([first, second, *chance.sample(MORE, chance.randint(1, 4))])


def main(cases: int) -> int:
    with tempfile.TemporaryDirectory(prefix="apaise-likeness-") as folder:
        os.environ.update(APAISE_DATA=folder, APAISE_SECRET_KEY="to measure")
        from apaise.config.start import start_django

        start_django()
        from apaise.doors.commands import parts

        parts.prepare_database()
        from apaise.ground.accounts.setup import add_desk

        desk = add_desk("reclamations@exemple.test", name="Desk", organisation="Tramontel")
        print(json.dumps({"cases": cases, **_filled(desk, cases)}))
        for half in "ab":
            print(json.dumps({"half": half, **_told(desk, half, cases)}))
    return 0


def _filled(desk: Any, many: int) -> dict[str, object]:
    """Every made-up case learnt and compared, one after the other; the last thousand are timed."""
    from apaise.intake.cases.grouping import Suggestion
    from apaise.intake.cases.likeness import look_for_similar
    from apaise.intake.cases.models import Case

    _bulk(desk, many)
    took = []
    for case in Case.objects.select_related("complainant").order_by("pk").iterator():
        begun = time.process_time()
        look_for_similar(case)
        took.append(time.process_time() - begun)
    last = sorted(took[-1000:])
    return {
        "cpu_ms_median": _ms(statistics.median(last)),
        "cpu_ms_p95": _ms(last[int(len(last) * 0.95)]),
        "suggestions_among_them": Suggestion.objects.count(),
    }


def _told(desk: Any, half: str, many: int) -> dict[str, object]:
    import yaml

    found, beside, confused = 0, 0, 0
    told = [
        pair for pair in yaml.safe_load((DATA / "retold.yaml").read_text("utf-8")) if pair["half"] == half
    ]
    for number, pair in enumerate(told):
        one, suggested = _tell_both(desk, pair, f"{half}{number}", many)
        found += one in suggested
        beside += len(suggested - {one})
    kinds = [
        pair for pair in yaml.safe_load((DATA / "different.yaml").read_text("utf-8")) if pair["half"] == half
    ]
    for number, pair in enumerate(kinds):
        one, suggested = _tell_both(desk, pair, f"different{half}{number}", many)
        confused += one in suggested
    return {
        "retold": len(told), "found": found, "others_suggested_beside_them": beside,
        "different_of_one_kind": len(kinds), "confused": confused,
    }  # fmt: skip


def _tell_both(desk: Any, pair: dict[str, str], name: str, number: int) -> tuple[int, set[int]]:
    from apaise.intake.cases.likeness import look_for_similar

    one, other = (_case(desk, f"{name}{side}", pair[side], number) for side in ("one", "other"))
    look_for_similar(one)
    return one.pk, {suggestion.other_id for suggestion in look_for_similar(other)}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _bulk(desk: Any, many: int) -> None:
    """Copies of one real case, each with its own person and story."""
    from apaise.ground.parties.models import Person
    from apaise.intake.cases.message import Message
    from apaise.intake.cases.models import Case

    chance = random.Random(7)
    first = _case(desk, "first", made_up(chance), 0)
    message = first.messages.get()
    people = Person.objects.bulk_create(Person(name=f"Client {number}") for number in range(many))
    plain = {
        field.attname: getattr(first, field.attname)
        for field in Case._meta.concrete_fields
        if field.name != "id"
    }
    cases = []
    for number, person in enumerate(people):
        at = START + timedelta(minutes=12 * number)
        dates = {"received_at": at, "sent_at": at, "written_complaint_at": at}
        own = {"reference": f"R-2026-{500000 + number}", "complainant_id": person.pk}
        cases.append(Case(**{**plain, **dates, **own}))
    cases = Case.objects.bulk_create(cases, batch_size=500)
    words = {
        field.attname: getattr(message, field.attname)
        for field in Message._meta.concrete_fields
        if field.name != "id"
    }
    Message.objects.bulk_create(
        [
            Message(
                **{
                    **words,
                    "case_id": case.pk,
                    "author_person_id": case.complainant_id,
                    "new_text": made_up(chance),
                }
            )
            for case in cases
        ],
        batch_size=500,
    )


def _case(desk: Any, who: str, text: str, number: int) -> Any:
    from apaise.ground.parties.models import Person
    from apaise.intake.cases.messages import add_customer_message
    from apaise.intake.cases.opening import open_case
    from apaise.lib import clock

    with clock.at_moment(START + timedelta(minutes=12 * number)):
        person = Person.objects.identify(f"{who}@courriel.exemple.test", who)
        case = open_case(person, desk=desk, channel="email", language="fr", by=person)
        add_customer_message(case, person, channel="email", text=text, first=True)
    return case


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
