"""What the columns of a file of customers mean: guessed from their headings, named by a person, remembered."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.ground.parties.customer_file import KnownColumns
from apaise.ground.parties.errors import NotKept
from apaise.lib.language.folding import folded

# what a column may hold -> how a person calls it
MEANINGS = {
    "customer_key": gettext_lazy("Customer number"),
    "name": gettext_lazy("Name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Surname"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "address": gettext_lazy("Postal address"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("Town"),
    "language": gettext_lazy("Language"),
    "kind": gettext_lazy("Kind of customer"),
    "vip": gettext_lazy("VIP"),
    "organisation_key": gettext_lazy("Organisation number"),
    "organisation": gettext_lazy("Organisation"),
    "activity": gettext_lazy("Activity of the organisation"),
    "contract_number": gettext_lazy("Contract number"),
    "sector": gettext_lazy("Sector"),
    "state": gettext_lazy("State of the contract"),
    "amount": gettext_lazy("Amount"),
    "currency": gettext_lazy("Currency"),
    "period": gettext_lazy("Period of the amount"),
    "commitment": gettext_lazy("Commitment level"),
    "starts_on": gettext_lazy("Start"),
    "renews_on": gettext_lazy("Renewal date"),
    "ends_on": gettext_lazy("End"),
    "site": gettext_lazy("Site"),
    "account_manager": gettext_lazy("Account manager"),
    "technician": gettext_lazy("On-site technician"),
}
KEYS = ("customer_key", "email", "organisation_key", "organisation")  # a row is recognised by one of them

_HEADINGS = {
    "customer_key": "customer id|customer number|customer no|customer key|client id|id client|numero client|no client|n client|code client|reference client|ref client|external id|external key|identifiant|id",
    "name": "name|full name|customer|customer name|client|nom complet|nom et prenom|nom client|nom prenom|contact",
    "first_name": "first name|firstname|given name|prenom",
    "last_name": "last name|lastname|surname|family name|nom|nom de famille",
    "email": "email|e mail|mail|email address|adresse email|adresse e mail|adresse mail|courriel|adresse electronique",
    "phone": "phone|phone number|telephone|tel|mobile|portable|numero de telephone|tel portable",
    "address": "address|postal address|street|adresse|adresse postale|rue",
    "postcode": "postcode|postal code|zip|zip code|code postal|cp",
    "city": "city|town|ville|commune",
    "language": "language|lang|langue",
    "kind": "kind|customer kind|customer type|type client|type de client|categorie client",
    "vip": "vip|grand compte|key account|client vip",
    "organisation_key": "organisation id|organization id|organisation number|company id|account id|siret|siren|numero societe|code societe|id societe",
    "organisation": "organisation|organization|company|company name|account|societe|entreprise|raison sociale|nom societe|organisme",
    "activity": "activity|business activity|industry|activite|activite de la societe|secteur d activite|metier|branche",
    "contract_number": "contract|contract number|contract no|contract id|contrat|numero de contrat|numero contrat|n contrat|no contrat|reference contrat|ref contrat",
    "sector": "sector|contract sector|secteur|secteur contrat",
    "state": "state|status|contract state|contract status|etat|statut|etat du contrat|statut du contrat|etat contrat",
    "amount": "amount|contract amount|annual amount|value|montant|montant ht|montant annuel|montant du contrat|prix",
    "currency": "currency|devise|monnaie",
    "period": "period|billing period|periodicite|periode|frequence",
    "commitment": "commitment|commitment level|service level|sla|engagement|niveau d engagement|niveau de service|gtr",
    "starts_on": "start|start date|starts on|begin|date de debut|debut|date debut|date d effet|date de signature",
    "renews_on": "renewal|renewal date|renews on|renouvellement|date de renouvellement|date renouvellement|echeance|date d echeance|reconduction",
    "ends_on": "end|end date|ends on|fin|date de fin|date fin|date de resiliation",
    "site": "site|location|lieu|site client|adresse du site",
    "account_manager": "account manager|sales rep|commercial|charge de compte|charge d affaires|gestionnaire|responsable de compte",
    "technician": "technician|on site technician|technicien|technicien sur site|intervenant",
}
_MEANING = {heading: meaning for meaning, known in _HEADINGS.items() for heading in known.split("|")}


def plain(heading: str) -> str:
    """A heading as it is compared: folded, signs as spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", folded(heading).replace("°", " ").replace("º", " ")))


def guess(headers: Sequence[str]) -> dict[str, int]:
    """What the columns meant the last time, else what their headings say."""
    if known := KnownColumns.objects.filter(headings=_signature(headers)).first():
        return {meaning: place for meaning, place in known.columns.items() if meaning in MEANINGS}
    found: dict[str, int] = {}
    for place, heading in enumerate(headers):
        if meaning := _MEANING.get(plain(heading)):
            found.setdefault(meaning, place)
    if "last_name" in found and "first_name" not in found and "name" not in found:
        found["name"] = found.pop("last_name")  # « Nom » alone is the whole name
    return found


def remember(headers: Sequence[str], columns: Mapping[str, int]) -> None:
    KnownColumns.objects.update_or_create(headings=_signature(headers), defaults={"columns": dict(columns)})


def check(columns: Mapping[str, int], headers: Sequence[str]) -> dict[str, int]:
    """The columns as they may be used. Raises NotKept."""
    chosen = {
        meaning: place
        for meaning, place in columns.items()
        if meaning in MEANINGS and 0 <= place < len(headers)
    }
    if not set(chosen) & set(KEYS):
        raise NotKept(
            _(
                "Say which column recognises the customer: customer number, e-mail, organisation number or organisation."
            )
        )
    places: dict[int, str] = {}
    for meaning, place in chosen.items():
        if place in places:
            raise NotKept(
                _("“%(heading)s” is used twice: as %(one)s and as %(other)s. Choose one.")
                % {
                    "heading": headers[place],
                    "one": MEANINGS[places[place]],
                    "other": MEANINGS[meaning],
                }
            )
        places[place] = meaning
    return chosen


def by_heading(named: Mapping[str, str], headers: Sequence[str]) -> dict[str, int]:
    """Columns given by their headings, as in a file of the command line. Raises NotKept."""
    places = {plain(heading): place for place, heading in reversed(list(enumerate(headers)))}
    for meaning, heading in named.items():
        if meaning not in MEANINGS:
            raise NotKept(
                _("“%(meaning)s” is no meaning of a column. Known are: %(known)s.")
                % {"meaning": meaning, "known": ", ".join(MEANINGS)}
            )
        if plain(heading) not in places:
            raise NotKept(
                _("The file has no column “%(heading)s”. Its columns are: %(headers)s.")
                % {"heading": heading, "headers": ", ".join(headers)}
            )
    return {meaning: places[plain(heading)] for meaning, heading in named.items()}


def _signature(headers: Sequence[str]) -> str:
    return hashlib.sha256("|".join(plain(heading) for heading in headers).encode()).hexdigest()
