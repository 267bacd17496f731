"""One case of the bulk data, decided by its number alone: who, when, how far, how many messages."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

DAYS = 1095  # three years of receipts
TEAMS, PER_TEAM = 12, 8
ORGANISATIONS = 400
LONG_EVERY, LONG = 500, 100  # each five-hundredth case has a hundred messages

_CHANNELS = ("email",) * 55 + ("web_form",) * 20 + ("phone",) * 12 + ("letter",) * 6 + ("chat",) * 5 + ("in_person",) * 2  # fmt: skip
_LEVELS = ("C1",) * 3 + ("C2",) * 15 + ("C3",) * 60 + ("C4",) * 22
# How old a case is at most, in days, and how far cases of that age have come, in per mille.
_AGES: tuple[tuple[int, tuple[tuple[str, int], ...]], ...] = (
    (3, (("received", 450), ("qualifying", 300), ("investigating", 200), ("closed", 50))),
    (20, (("received", 30), ("qualifying", 120), ("investigating", 330), ("awaiting_customer", 100), ("awaiting_third_party", 60), ("deciding", 100), ("answered", 110), ("closed", 150))),
    (60, (("investigating", 80), ("awaiting_customer", 30), ("deciding", 40), ("answered", 150), ("executing", 30), ("closed", 650), ("withdrawn", 20))),
    (DAYS, (("investigating", 4), ("answered", 4), ("executing", 2), ("closed", 955), ("withdrawn", 25), ("redirected", 10))),
)  # fmt: skip
ENDED = ("closed", "withdrawn", "redirected")
ANSWERED = ("answered", "executing", "closed")
BEFORE_QUALIFIED = ("received", "qualifying", "withdrawn", "redirected")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the number of a case decides."""

    number: int
    person: int
    day: date  # of receipt
    minute: int  # of that day, UTC
    state: str
    channel: str
    language: str
    team: int  # 0 … TEAMS - 1
    handler: int | None  # 0 … TEAMS * PER_TEAM - 1
    level: str  # "" before it is qualified
    messages: int
    subject: int
    seed: int

    @property
    def is_new_person(self) -> bool:
        return self.person == self.number

    @property
    def is_answered(self) -> bool:
        return self.state in ANSWERED


def plan_of(number: int, total: int, today: date) -> Plan:
    """The plan of case `number` of `total`, 1 …; the same each time on the same day.

    Receipts are spread evenly over the years in the order of the numbers, as in real life: what is open is mostly new."""
    chance = Random(number)  # noqa: S311  (no secret: the same data each time)
    age = 1 + (DAYS - 1) * (total - number) // total
    state = _state(age, chance)
    team = min(int(chance.random() ** 2 * TEAMS), TEAMS - 1)  # some teams have many more cases than others
    unassigned = state == "received" and chance.random() < 0.8
    place = (number - 1) % 10
    return Plan(
        number=number,
        # Three of ten come from somebody who complained before.
        person=number if place < 7 else number - place + (place - 7) * 2,
        day=today - timedelta(days=age),
        minute=7 * 60 + int(chance.random() * 12 * 60),
        state=state,
        channel=chance.choice(_CHANNELS),
        language="fr" if chance.random() < 0.85 else "en",
        team=team,
        handler=None if unassigned else team * PER_TEAM + int(chance.random() * PER_TEAM),
        level="" if state in BEFORE_QUALIFIED else chance.choice(_LEVELS),
        messages=LONG if number % LONG_EVERY == 7 else 1 + int(chance.random() * 3),
        subject=int(chance.random() * 1_000_000),
        seed=int(chance.random() * 1_000_000),
    )


def _state(age: int, chance: Random) -> str:
    shares = next(shares for most, shares in _AGES if age <= most)
    drawn = chance.random() * 1000
    for state, share in shares:
        drawn -= share
        if drawn < 0:
            return state
    return shares[-1][0]
