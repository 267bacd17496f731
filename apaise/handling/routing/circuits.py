"""The circuit of a case: for its criticality, the functions that the pack lists, and who holds each."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils import translation

from apaise.ground.accounts.models import User
from apaise.ground.accounts.naming import named
from apaise.ground.packs.pack import Pack
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
