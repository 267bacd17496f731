"""What the tests of calls, letters and visits type in: one line each."""

from datetime import datetime

from apaise.intake.channels.by_hand import Told, Who
from apaise.lib import clock

LILAS = "Résidence Les Tilleuls\n14 rue des Lilas\n29200 Brest"
CLAIRE = Who(name="Claire Fontanel", email="claire@courriel.exemple.test", phone="06 12 34 56 78")
PAUL = Who(name="Paul Papier", postal=LILAS)


def told(text: str = "Personne n'est venu le 12. C'est la troisième fois.", **more: object) -> Told:
    """told(who=PAUL, once="2", at=…): a form that was filled in."""
    at = more.pop("at", None) or clock.now()
    assert isinstance(at, datetime)
    usual = {"once": "form-1", "who": CLAIRE, "language": "fr"}
    return Told(text=text, at=at, **{**usual, **more})  # type: ignore[arg-type]
