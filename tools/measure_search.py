"""How fast the search answers: fills an empty database with made-up cases, asks, and prints a table.

APAISE_DATA=/an/empty/folder python tools/measure_search.py --cases 50000     SQLite
DATABASE_URL=… python tools/measure_search.py --cases 50000                   an empty PostgreSQL database"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from apaise.config.start import start_django

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
EACH = 2  # messages of a case
SAID = (
    "Je demande le remboursement de ma commande {n}. Le technicien n’est jamais venu réparer la {thing}. "
    "Votre service client ne répond pas à mes appels depuis {days} jours. {rare} {more}"
)
THINGS = [
    "chaudière",
    "fibre",
    "livraison",
    "facture",
    "cuisine",
    "voiture",
    "machine",
    "porte",
    "fenêtre",
    "ligne",
    "carte",
    "assurance",
]
MORE = [
    "J’attends une réponse écrite et un dédommagement pour les dégâts causés dans mon logement.",
    "Le colis est arrivé abîmé, l’emballage était ouvert et il manquait deux pièces sur quatre.",
    "On m’a prélevé deux fois la même somme, malgré ma lettre recommandée et trois courriels restés sans suite.",
    "Sans nouvelles de votre part sous huit jours, je saisirai le médiateur et je résilierai mon contrat.",
    "La conseillère m’avait promis un rendez-vous le matin ; personne ne s’est présenté, personne n’a prévenu.",
]
SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "fa",
    "fe",
    "ga",
    "go",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "pa",
    "pe",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
]
QUESTIONS = {
    "rare word": "{rare}",
    "two rare words": "{rare} {rare2}",
    "word of a fifth": "dégât",
    "the same without accent": "degats",
    "word of every case": "remboursement",
    "two words of every case": "technicien appels",
    "prefix, frequent": "rembours",
    "prefix of four letters": "tech",
    "rare and frequent": "remboursement {rare}",
    "finds nothing": "zorglub remboursement",
}
ASKED = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000)
    options = parser.parse_args()
    start_django()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    users = _fill(options.cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    _ask(users)


def _fill(many: int) -> dict[str, object]:
    from apaise.ground.accounts.models import Membership, Team, User
    from apaise.ground.accounts.setup import add_desk
    from apaise.ground.packs.choose import pack_for
    from apaise.ground.packs.models import PackVersion
    from apaise.ground.parties.models import Person
    from apaise.intake.cases import findable

    desk, chance = add_desk("reclamations@exemple.test"), random.Random(1)
    small = Team.objects.create(code="small", name="Small")
    made = {"manager": ["complaints_manager"], "handler": ["handler"], "stranger": ["handler"]}
    users = {
        name: User.objects.create_user(f"{name}@exemple.test", name, roles=roles)
        for name, roles in made.items()
    }
    Membership.objects.create(team=desk.team, user=users["handler"])
    Membership.objects.create(team=small, user=users["stranger"])
    people = Person.objects.bulk_create(Person(name=_name(chance)) for _ in range(500))
    pack = PackVersion.freeze(pack_for({"org.country": "FR"}))
    for start in range(0, many, 2_000):
        _cases(range(start, min(many, start + 2_000)), desk, small, people, pack, chance)
    begun = time.perf_counter()
    *_, done = findable.rebuild()
    took = time.perf_counter() - begun
    print(
        f"indexed {done} cases, {done * EACH} messages in {took:.1f} s ({done * EACH / took:.0f} messages/s)"
    )
    return users


def _cases(
    numbers: range, desk: object, small: object, people: list, pack: object, chance: random.Random
) -> None:
    from apaise.intake.cases.message import Message
    from apaise.intake.cases.models import Case

    cases = Case.objects.bulk_create(
        Case(
            reference=f"R-2024-{number:06d}", title=f"Réclamation {chance.choice(THINGS)}", channel="email", desk=desk,
            team=small if number % 100 == 0 else desk.team, complainant=people[number % 500], pack_version=pack,
            sent_at=FIRST, received_at=FIRST + timedelta(minutes=number),
        )
        for number in numbers
    )  # fmt: skip
    Message.objects.bulk_create(
        Message(
            case=case, direction="in", kind="message", channel="email", state="received", author_person=case.complainant,
            new_text=_text(chance, case.pk), at=case.received_at,
        )
        for case in cases
        for _ in range(EACH)
    )  # fmt: skip


def _name(chance: random.Random) -> str:
    return " ".join("".join(chance.choices(SYLLABLES, k=3)).title() for _ in range(2))


def _rare(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=4))


def _text(chance: random.Random, number: int) -> str:
    rare = " ".join(_rare(chance) for _ in range(12))
    more = " ".join(chance.sample(MORE, 1))
    said = SAID.format(
        n=f"CMD-{number}", thing=chance.choice(THINGS), days=chance.randint(3, 60), rare=rare, more=more
    )
    return " ".join([said] * 2)


def _ask(users: dict[str, object]) -> None:
    from apaise.intake.cases import search
    from apaise.intake.cases.models import Case
    from apaise.intake.cases.passages import places

    chance = random.Random(2)
    words = [
        word
        for text in Case.objects.order_by("-pk").values_list("messages__new_text", flat=True)[:400]
        for word in text.split()
    ]
    known = [word for word in words if word.islower() and word.isascii() and len(word) == 8]
    print(f"{'':34}{'hits':>6}{'p50 ms':>9}{'p95 ms':>9}")
    for who, order in (
        ("manager", "newest"),
        ("handler", "newest"),
        ("stranger", "newest"),
        ("manager", "relevance"),
    ):
        for name, shape in QUESTIONS.items():
            asked = [
                shape.format(rare=chance.choice(known), rare2=chance.choice(known))
                for _ in range(ASKED if order == "newest" else 12)
            ]
            times, hits = _timed(partial(search.cases, user=users[who], order=order, limit=26), asked)
            print(f"{who}, {order}, {name:<26}"[:58].ljust(58), f"{hits:>4}", times)
    page = search.cases("remboursement degats", user=users["manager"], limit=25)
    cases = list(Case.objects.select_related("complainant", "organisation").filter(pk__in=page))
    print("passages of 25 cases", _timed(lambda one: places(cases, one), ["remboursement degats"] * 30)[0])
    print("count", _timed(lambda one: [search.count(one, user=users["manager"])], ["remboursement"] * 30)[0])


def _timed(ask: Callable[[str], object], asked: list[str]) -> tuple[str, int]:
    ask(asked[0])
    times, hits = [], 0
    for one in asked:
        begun = time.perf_counter()
        hits = len(ask(one))  # type: ignore[arg-type]
        times.append((time.perf_counter() - begun) * 1000)
    return f"{statistics.median(times):9.1f}{statistics.quantiles(times, n=20)[-1]:9.1f}", hits


if __name__ == "__main__":
    main()
