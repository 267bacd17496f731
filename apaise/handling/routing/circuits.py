"""The circuit of a case: for its criticality, the functions that the pack lists, and who holds each."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils import translation

from apaise.ground.accounts.models import Function, User, everyone_with
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.handling.routing.ladder import ladder
from apaise.handling.routing.naming import named
from apaise.handling.routing.people import meant
from apaise.intake.cases.models import UNTIL_SET, Case


class Station(NamedTuple):
    """One function of a circuit, and its named people in this case."""

    code: str
    name: str
    people: Sequence[User]


def circuit_codes(pack: Pack, level: str) -> tuple[str, ...]:
    """The functions a criticality goes through; none if the pack has no such level."""
    levels = (pack.block("criticality") or {}).get("levels") or ()
    return next((tuple(one.get("circuit") or ()) for one in levels if one["id"] == level), ())


def circuit(case: Case) -> list[Station]:
    """Who deals with this case. While nobody has set a criticality, the usual one counts."""
    codes = circuit_codes(case.pack_version.pack, case.criticality or UNTIL_SET)
    return [Station(code, named(code), meant(case, code)) for code in codes]


def said(case: Case) -> str:
    """The same for the customer's acknowledgement: one name for each function that somebody holds."""
    with translation.override(case.language):
        stations = [
            f"{named(station.code)} : {station.people[0].name}"
            if case.language == "fr"
            else f"{named(station.code)}: {station.people[0].name}"
            for station in circuit(case)
            if station.people
        ]
    return " ; ".join(stations) if case.language == "fr" else "; ".join(stations)


def gaps(pack: Pack) -> list[tuple[str, str]]:
    """Where a circuit or the ladder names somebody nobody is: (`circuit:C1` or `level:3`, role or function)."""
    return [(where, code) for where, code in _named_in(pack) if not _anybody(code)]


def _named_in(pack: Pack) -> Iterator[tuple[str, str]]:
    for level in (pack.block("criticality") or {}).get("levels") or ():
        for code in level.get("circuit") or ():
            yield f"circuit:{level['id']}", code
    for step in ladder(pack):
        yield f"level:{step.number}", step.code


def _anybody(code: str) -> bool:
    if code in ROLES:
        return everyone_with(code).exists()
    if FUNCTIONS.get(code) in ("team", "person"):
        return bool(Function.objects.holders(code))
    return True  # of the account or the case: found there, each time
