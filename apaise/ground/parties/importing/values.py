"""Read one cell: French and English dates, amounts, yes and no, names of codes. A cell that cannot be read says why."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from django.utils import translation

from apaise.ground.parties.addresses import fit
from apaise.ground.parties.contract import LARGEST_AMOUNT, PERIODS, Contract
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.wording import ACTIVITY_NAMES, CUSTOMER_KINDS, SECTOR_NAMES
from apaise.lib.language.folding import folded

_MONTHS = {
    month: number
    for number, months in enumerate(
        (
            "janvier jan january janv", "fevrier fev fevr february feb", "mars mar march", "avril avr april apr", "mai may", "juin june jun",
            "juillet juil july jul", "aout aou august aug", "septembre sept september sep", "octobre oct october", "novembre nov november",
            "decembre dec december",
        ),
        1,
    )
    for month in months.split()
}  # fmt: skip
_YES = {"1", "oui", "o", "yes", "y", "true", "vrai", "x", "vip"}
_NO = {"0", "non", "n", "no", "false", "faux", "-"}
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}


class BadCell(ValueError):
    """The cell cannot be read; `code` says why (report.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def day(text: str) -> date:
    """2026-03-31, 31/03/2026, 31.03.26, 31 mars 2026. The day comes first, as in France and Britain."""
    plain = folded(text).replace("1er ", "1 ").split(" 00:00")[0].split("t00:00")[0].strip()
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", plain):
        year, month, number = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", plain):
        number, month, year = (int(part) for part in found.groups())
        year += 0 if len(found[3]) == 4 else 2000 if year < 70 else 1900
    elif (found := re.fullmatch(r"(\d{1,2})[-/. ]+([a-z]+)\.?[-/. ]+(\d{4})", plain)) and found[2] in _MONTHS:
        number, month, year = int(found[1]), _MONTHS[found[2]], int(found[3])
    else:
        raise BadCell("bad_date")
    try:
        made = date(year, month, number)
    except ValueError as problem:
        raise BadCell("bad_date") from problem
    if not 1900 <= made.year <= 2200:
        raise BadCell("bad_date")
    return made


def amount(text: str) -> Decimal:
    """1234.56, 1 234,56 €, 1.234,56. One separator with three digits behind it may mean two things, and is refused."""
    plain = re.sub(r"[\s'’€£$]|EUR|GBP|USD|HT|TTC", "", text, flags=re.IGNORECASE)
    if not re.fullmatch(r"\d[\d.,]*", plain):
        raise BadCell("bad_amount")
    last = max(plain.rfind(","), plain.rfind("."))
    if last < 0:
        whole, cents = plain, ""
    else:
        whole, cents = plain[:last], plain[last + 1 :]
        if len(cents) == 3:
            separators = set(plain) & {",", "."}
            if len(separators) == 1 and plain.count(plain[last]) == 1:
                raise BadCell("ambiguous_amount")
            whole, cents = plain, ""
        elif len(cents) not in (1, 2):
            raise BadCell("bad_amount")
    try:
        value = Decimal(f"{re.sub('[.,]', '', whole) or '0'}.{cents or '0'}")
    except InvalidOperation as problem:
        raise BadCell("bad_amount") from problem
    if value > LARGEST_AMOUNT:
        raise BadCell("bad_amount")
    return value.quantize(Decimal("0.01"))


def currency_in(text: str) -> str:
    """The currency an amount is written with, if it is."""
    for sign, code in _SIGNS.items():
        if sign in text:
            return code
    found = re.search(r"\b(EUR|GBP|USD|CHF|CAD)\b", text, re.IGNORECASE)
    return found[0].upper() if found else ""


def currency(text: str) -> str:
    code = _SIGNS.get(text, text.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise BadCell("bad_currency")
    return code


def yes_no(text: str) -> bool:
    plain = folded(text)
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise BadCell("bad_yes_no")


def language(text: str) -> str:
    plain = folded(text)[:2]
    if plain == "fr":
        return "fr"
    if plain in ("en", "an", "gb"):
        return "en"
    raise BadCell("bad_language")


def kind(text: str) -> str:
    return _code(text, _said("kind"), {"particulier": "consumer", "entreprise": "business", "professionnel": "business", "societe": "business", "pro": "business", "private": "consumer", "company": "business"}, "bad_kind")  # fmt: skip


def sector(text: str) -> str:
    return _code(text, _said("sector"), {}, "bad_sector")


def activity(text: str) -> str:
    return _code(
        text,
        _said("activity"),
        {
            "industriel": "industry", "service": "services", "tertiaire": "services", "public": "public_service", "secteur public": "public_service",
            "collectivite": "public_service", "hopital": "health", "commerce": "retail", "distribution": "retail", "autre": "other",
        },
        "bad_activity",
    )  # fmt: skip


def period(text: str) -> str:
    return _code(
        text,
        _said("period"),
        {
            "mensuel": "month", "mois": "month", "monthly": "month", "trimestriel": "quarter", "trimestre": "quarter", "quarterly": "quarter",
            "annuel": "year", "an": "year", "annee": "year", "yearly": "year", "annual": "year", "unique": "once", "total": "once",
        },
        "bad_period",
    )  # fmt: skip


def state(text: str) -> str:
    return _code(
        text,
        _said("state"),
        {
            "actif": "active", "en cours": "active", "valide": "active", "suspendu": "suspended", "termine": "ended", "resilie": "ended",
            "terminated": "ended", "cancelled": "ended", "expire": "ended", "expired": "ended", "clos": "ended",
        },
        "bad_state",
    )  # fmt: skip


def email(text: str) -> str:
    return _address("email", text, "bad_email")


def phone(text: str) -> str:
    return _address("phone", text, "bad_phone")


def _address(kind: str, text: str, code: str) -> str:
    try:
        return fit(kind, text)
    except NotKept as problem:
        raise BadCell(code) from problem


def _code(text: str, said: Mapping[str, str], also: Mapping[str, str], refusal: str) -> str:
    plain = folded(text)
    if found := said.get(plain) or also.get(plain):
        return found
    raise BadCell(refusal)


@cache
def _said(what: str) -> dict[str, str]:
    """Every code by itself and by its name in both languages, folded."""
    names: Mapping[str, object] = {
        "kind": CUSTOMER_KINDS,
        "sector": SECTOR_NAMES,
        "activity": ACTIVITY_NAMES,
        "period": PERIODS,
        "state": dict(Contract.State.choices),
    }[what]
    found = {code: code for code in names}
    for spoken in ("fr", "en"):
        with translation.override(spoken):
            found.update(_spoken(names.items()))
    return found


def _spoken(names: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {folded(str(name)): code for code, name in names}
