"""The numbers a text quotes: orders, contracts, invoices, parcels, phones, bank accounts. They tell two stories of one matter."""

import re
from typing import NamedTuple

from apaise.lib.language.folding import folded

LONGEST = 50_000  # of the text that is read
MOST = 40

# What a number is called, in both languages, folded. The first word that fits gives the kind.
_NAMES = {
    "contract": r"contrats?|contracts?|abonnement|police|policy|subscription|account|compte(?: client)?|client|customer",
    "order": r"commandes?|orders?|cmd|achat|purchase|reservation|booking|billet|ticket",
    "invoice": r"factures?|invoices?|inv|bills?|avoir|credit note|echeance",
    "parcel": r"colis|parcel|suivi|tracking|expedition|shipment|livraison|delivery",
    "meter": r"compteur|meter|pdl|pce|prm|point de livraison|ligne|line",
    "case": r"dossier|case|intervention|incident|sinistre|claim|rendez-vous|appointment|reference|ref|devis|quote",
    "serial": r"serie|serial|lot|batch|imei|modele|model|immatriculation|registration",
}
_CODE = r"(?=[a-z0-9./-]*\d)[a-z0-9](?:[a-z0-9]|[./-](?=[a-z0-9])){1,29}(?: \d{3,4}\b){0,4}"
_SIGN = r"(?:\s*(?:n[°o]\.?|nº|no\.?|num(?:ero)?\.?|number|nr\.?|#|id|ref\.?|reference)\s*)?"
_NAMED = re.compile(
    "|".join(rf"(?P<{kind}>\b(?:{words})\b)" for kind, words in _NAMES.items())
)  # the name; the number follows within a few words
_AFTER = re.compile(
    rf"(?:\s+(?:de|du|client|d'|est|is|le|la|mon|my|the|:|=))*{_SIGN}\s*[:=]?\s*(?P<code>{_CODE})\b"
)
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?\b")
_PHONE = re.compile(r"(?<![\d/.-])(?:(?:\+|00)\d{1,3}[ .-]?(?:\(0\))?|0)[1-9](?:[ .-]?\d{2}){4}(?![\d/-])")
_BARE = re.compile(
    r"(?<![\w/.,+-])(?=[a-z0-9-]*\d[a-z0-9-]*\d[a-z0-9-]*\d[a-z0-9-]*\d)[a-z0-9]+(?:-[a-z0-9]+)*(?![\w/-]|[.,]\d)"
)
_DATE = re.compile(
    r"(?:\d{1,2}[/.-]){2}\d{2,4}|\d{4}-\d{2}-\d{2}|(?:19|20)\d\d|\d{1,2}h\d{2}|r-20\d\d-\d{5,9}"
)
_AMOUNT_AFTER = re.compile(r"\s*(?:€|\$|£|eur|euros?|usd|gbp|h\b|km|kwh|kg|mo\b|go\b|min|%)")


class Quoted(NamedTuple):
    """One number as quoted: what it was called ("number" when it was not), and its value without spaces and signs."""

    kind: str
    value: str


def quoted_numbers(text: str) -> list[Quoted]:
    """The numbers a text quotes, in order, each value once, named before bare. Dates, amounts and years are none."""
    plain = folded(text[:LONGEST])
    found: dict[str, Quoted] = {}
    for kind, value in [*_named(plain), *_ibans(plain), *_phones(plain), *_bare(plain)]:
        if len(value) >= 4 and value not in found and len(found) < MOST:
            found[value] = Quoted(kind, value)
    return list(found.values())


def without_contacts(text: str) -> str:
    """The text, folded, without phone and account numbers: who tells a story says nothing about the story."""
    plain = folded(text[:LONGEST])
    for pattern in (_IBAN, _PHONE):
        plain = pattern.sub(" ", plain)
    return plain


def _named(plain: str) -> list[tuple[str, str]]:
    found = []
    for name in _NAMED.finditer(plain):
        after = _AFTER.match(plain, name.end(), name.end() + 90)
        if after and not _DATE.fullmatch(after["code"]) and not _AMOUNT_AFTER.match(plain, after.end()):
            found.append((name.lastgroup or "number", _value(after["code"])))
    return found


def _ibans(plain: str) -> list[tuple[str, str]]:
    accounts = ("".join(found.group().split()).upper() for found in _IBAN.finditer(plain))
    return [("account", account) for account in accounts if len(account) >= 15]


def _phones(plain: str) -> list[tuple[str, str]]:
    return [("phone", phone_value(found.group())) for found in _PHONE.finditer(plain)]


def phone_value(said: str) -> str:
    """A phone number as compared: its last nine digits, so that +33 6 and 06 are one."""
    return "".join(sign for sign in said if sign.isdigit())[-9:]


def _bare(plain: str) -> list[tuple[str, str]]:
    taken = [match.span() for pattern in (_PHONE, _IBAN, _DATE) for match in pattern.finditer(plain)]
    found = []
    for match in _BARE.finditer(plain):
        inside = any(start <= match.start() < end for start, end in taken)
        if inside or _AMOUNT_AFTER.match(plain, match.end()) or len(_value(match.group())) < 5:
            continue
        if match.group().isdigit() and len(match.group()) == 5:  # a postcode, as often as not
            continue
        found.append(("number", _value(match.group())))
    return found


def _value(code: str) -> str:
    """As compared: INV-88213, inv 88213 and 88213 are one number."""
    plain = "".join(sign for sign in code if sign.isalnum()).upper()
    digits = "".join(sign for sign in plain if sign.isdigit())
    return digits if 5 <= len(digits) and len(plain) - len(digits) <= 4 else plain
