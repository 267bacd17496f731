"""Who fits a case best, and why: skill first, then who carries least."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from apaise.ground.accounts.models import User, know_standing
from apaise.handling.routing.absences import Away, away
from apaise.handling.routing.load import Load, is_hard, loads
from apaise.handling.routing.person import Presence, Skill
from apaise.handling.routing.segments import segments_of
from apaise.intake.cases.models import Case
from apaise.lib import clock

WORTH = {Skill.Kind.CAUSE: 4, Skill.Kind.SEGMENT: 2, Skill.Kind.LANGUAGE: 1}


class Fit(NamedTuple):
    """One person for one case."""

    person: User
    reasons: tuple[str, ...]  # codes: cause:billing, language:en, segment:vip
    load: Load
    without_new: str  # why no case comes by itself: absent, away, no_new, full; "" if one may
    worth: int

    @property
    def codes(self) -> list[str]:
        return [*self.reasons, f"load:{self.load.open}/{self.load.hard}"]


def family_of(case: Case) -> str:
    return (case.found_cause or case.declared_cause).partition(".")[0]


def ranked(
    case: Case, people: Iterable[User], absent: Away | None = None, at: datetime | None = None
) -> list[Fit]:
    """These people, best first; those to whom no case comes by itself last. Five questions, however many people."""
    at = at or clock.now()
    people = list(people)
    know_standing(people)
    absent = away(at) if absent is None else absent
    carried, here = loads(people, at), _presences(people)
    skilled = _skills(people)
    wanted, fits = _wanted(case, skilled.values()), []
    for person in people:
        reasons = _reasons(case, person, skilled.get(person.pk, set()), wanted)
        load = carried[person.pk]
        without = "absent" if person.pk in absent else _without_new(here.get(person.pk), load)
        fits.append(
            Fit(person, tuple(code for code, _worth in reasons), load, without, sum(w for _c, w in reasons))
        )
    return sorted(fits, key=lambda fit: _order(fit, case))


def _order(fit: Fit, case: Case) -> tuple[bool, int, bool, int, int]:
    # Leads and managers are the level above: of people who fit alike, the handlers come first.
    # A hard case goes to whoever had the fewest of them, before the plain number counts.
    carried = fit.load.hard + fit.load.lately if is_hard(case) else 0
    above = not fit.person.has_role("handler")
    return bool(fit.without_new), -fit.worth, above, carried * 10 + fit.load.weight, fit.person.pk


def _wanted(case: Case, skilled: Iterable[set[tuple[str, str]]]) -> list[tuple[Skill.Kind, str]]:
    """What the case needs. Its segments rest on everything known of it: asked for only where somebody is good at one."""
    has_segments = any(kind == Skill.Kind.SEGMENT for skills in skilled for kind, _code in skills)
    segments = sorted(segments_of(case)) if has_segments else ()
    return [(Skill.Kind.CAUSE, family_of(case)), *((Skill.Kind.SEGMENT, one) for one in segments)]


def _reasons(
    case: Case, person: User, skills: set[tuple[str, str]], wanted: Sequence[tuple[Skill.Kind, str]]
) -> list[tuple[str, int]]:
    found = [(f"{kind}:{code}", WORTH[kind]) for kind, code in wanted if (str(kind), code) in skills]
    speaks = person.language == case.language or (str(Skill.Kind.LANGUAGE), case.language) in skills
    # That somebody speaks the language of the house is nothing to mention.
    if speaks and case.language != case.desk.language:
        found.append((f"{Skill.Kind.LANGUAGE}:{case.language}", WORTH[Skill.Kind.LANGUAGE]))
    return found


def _without_new(presence: Presence | None, load: Load) -> str:
    if presence is None:
        return ""
    if presence.state != Presence.State.HERE:
        return str(presence.state)
    return "full" if presence.most_open is not None and load.open >= presence.most_open else ""


def _presences(people: Sequence[User]) -> dict[int, Presence]:
    return {one.user_id: one for one in Presence.objects.filter(user__in=people)}


def _skills(people: Sequence[User]) -> dict[int, set[tuple[str, str]]]:
    found: dict[int, set[tuple[str, str]]] = {}
    for user, kind, code in Skill.objects.filter(user__in=people).values_list("user_id", "kind", "code"):
        found.setdefault(user, set()).add((kind, code))
    return found
