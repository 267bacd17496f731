"""How alike two stories are: rare stems and pairs of stems in common. Plain Python, the same answer every time."""

import hashlib
import itertools
import math
import re
from collections.abc import Callable, Mapping

from apaise.lib.language.folding import folded

LONGEST = 12_000  # characters of a story that are read
MOST_FEATURES = 72  # kept of a story, the weightiest


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Said in many complaints: how often, before the desk's own cases have told.
_USUAL = 0.05
_OFTEN = _listed(
    """
    colis paquet commande facture facturation livraison livreur livre rembourser remboursement technicien contrat abonnement telephone appel
    appeler appele rendez-vous panne internet box fibre compte prelevement preleve prelever debit banque carte euros euro prix montant frais
    conseiller conseillere agence magasin adresse retard attente attendre attends envoi envoye recu recevoir payer paye paiement resilier
    resiliation garantie retour echange produit article achat acheter achete neuf casse abime defectueux reparation reparer mail courrier
    lettre message ligne numero semaine mois matin soir maison enfants voisin personne erreur double deux fois dommage degats photo photos
    devis installation installer pose order parcel delivery delivered invoice bill refund engineer contract phone call called appointment
    broken account payment paid charge charged bank card price shop store address late waiting wait letter email item product return replace
    repair damaged damage fault faulty house home subscription cancel cancelled twice
    """
)
_WORD = re.compile(r"[a-z]+|\d+(?:[.,]\d+)?")


# Said in every complaint, in both languages: they tell nothing about what happened.
_EMPTY = _listed(
    """
    a ai aie as au aucun aucune aussi autre aux avait avais avez avoir avons bien bonjour bonsoir c ca car ce cela celle celui cependant ces
    cet cette ceux chez cher chere ci comme comment cordialement cordiales d dans de depuis des deux devant dire dit dois doit donc dont du
    elle elles en encore enfin entre es est et ete etais etait etant etes etre eu fais fait faire faites faut fois font hier ici il ils j je
    jamais jour jours jusqu l la le les leur leurs lors lui m ma madame mademoiselle mais malgre me meme merci mes messieurs moi moins mon
    monsieur n ne ni non nos notre nous on ont ou par parce pas pendant peu peut peux plus plusieurs pour pourquoi pouvez pourriez puis q qu
    quand que quel quelle quelque qui quoi reponse rien s sa sans salutations se semaine semaines ses si soit son sont souhaite sous suis
    sur svp t ta tel telle tes toi ton toujours tous tout toute toutes tres trop tu un une va vers veuillez veux voici voila vos votre
    voudrais vous vu y about after again all also am an and any are at be because been before but by can cannot could did do does doing don
    down each even ever few for from further get got had has have having he hello help her here hers him his how i if in into is it its
    itself just know let like ll made make may month months more most my myself need never no nor not now of off once only or other our out
    over own please re really regards same she should since sir so some still such than thank thanks that the their them then there these
    they thing this those through time to today told too under until up us ve very want was we week weeks were what when where which while
    who why will with would yet you your yours probleme service client clients reclamation plainte complaint customer demande dossier
    societe entreprise urgent day days
    """
)


def stems(text: str) -> list[str]:
    """The words that tell something, cut to what they share with their family; short numbers as they are."""
    found = []
    for word in _WORD.findall(folded(text[:LONGEST])):
        if word[0].isdigit():
            if len(word) < 5:  # longer ones are numbers of something: quoted_numbers.py
                found.append(word.replace(",", "."))
        elif word not in _EMPTY and len(word) > 2:
            found.append(_cut(word))
    return found


def expected(stem: str) -> float:
    """The share of stories a stem occurs in, before any were read."""
    return _USUAL if stem in _OFTEN_STEMS else 0.003


def _cut(word: str) -> str:
    for ending in (
        "ements",
        "ement",
        "ations",
        "ation",
        "ateur",
        "ments",
        "ment",
        "ings",
        "ing",
        "ees",
        "ers",
        "ies",
        "es",
        "ed",
        "ee",
        "er",
        "ez",
        "s",
        "e",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:7]


_OFTEN_STEMS = frozenset(_cut(word) for word in _OFTEN)


def features(text: str) -> dict[str, float]:
    """Stems and neighbouring pairs of stems, each with how much it is there (never above 2)."""
    said = stems(text)
    counts: dict[str, float] = {}
    for stem in said:
        counts[stem] = counts.get(stem, 0) + 1
    for one, next_ in itertools.pairwise(said):
        if one != next_:
            pair = "+".join(sorted((one, next_)))
            counts[pair] = counts.get(pair, 0) + 0.7
    return {
        feature: min(2.0, 1 + math.log(count)) if count > 1 else count for feature, count in counts.items()
    }


def vector(there: Mapping[str, float], commonness: Callable[[str], float]) -> dict[str, float]:
    """The weightiest features, of length 1. `commonness`: the share of stories a feature occurs in, 0 to 1."""
    weighed = {}
    for feature, much in there.items():
        weighed[mark_of(feature)] = much * math.log(1 / max(commonness(feature), 1e-6))
    best = sorted(weighed.items(), key=lambda item: (-item[1], item[0]))[:MOST_FEATURES]
    length = math.sqrt(sum(weight * weight for _mark, weight in best)) or 1.0
    return {mark: round(weight / length, 4) for mark, weight in best if weight > 0}


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """From 0, nothing in common, to 1, the same."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    return min(1.0, sum(weight * large[mark] for mark, weight in small.items() if mark in large))


def mark_of(feature: str) -> str:
    """A short name of always the same length. It saves room; it is no secret: whoever has a dictionary can try its words."""
    return hashlib.blake2b(feature.encode(), digest_size=6).hexdigest()
