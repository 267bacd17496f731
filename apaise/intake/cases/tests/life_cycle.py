"""What the tests of a case's way say and ask again and again."""

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.intake.cases.guards import Finding

LETTER = (
    "Merci de nous l'avoir signalé. Je vous présente nos excuses : l'adresse donnée au technicien était fausse. "
    "Il passera le jeudi 26 novembre entre 9 h et 11 h, et je vous appelle le soir même. Ana"
)
UPHELD = {1: Finding("upheld", "Le technicien avait une adresse fausse.")}
DECIDED = {
    "findings": UPHELD,
    "outcome": "accepted",
    "found_cause": "service.missed_visit",
    "scope": "isolated",
    "text": LETTER,
}
QUALIFIED = {
    "grievances": ["Personne n'est venu le 12."],
    "cause": "service.missed_visit",
    "criticality": "C3",
    "restatement": "Si je comprends bien, personne n'est venu le 12 ?",
}


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


def last(case, what):
    return Entry.objects.of(case.reference).filter(what=what).last()


def somebody_else(case):
    return Person(pk=case.complainant_id + 1000, name="Luc")
