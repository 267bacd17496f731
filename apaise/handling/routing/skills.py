"""What people are good at: families of causes, languages, segments. Written by the complaints manager."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.taxonomy import FAMILIES
from apaise.ground.packs.vocabulary import FACT_VALUES
from apaise.handling.routing.person import Skill
from apaise.handling.routing.rules import rules_refusal
from apaise.intake.cases.messages import Refused

Said = set[tuple[str, str]]  # kind and code
LANGUAGES = ("fr", "en")
SEGMENTS = ("vip", *FACT_VALUES["customer.kind"], *FACT_VALUES["contract.sector"])
KNOWN = {
    Skill.Kind.CAUSE: tuple(family.code for family in FAMILIES),
    Skill.Kind.LANGUAGE: LANGUAGES,
    Skill.Kind.SEGMENT: SEGMENTS,
}


def say_skills(user: User, skills: Iterable[tuple[str, str]], *, by: User) -> None:
    """Exactly these from now on. Raises Refused."""
    wanted = set(skills)
    if refusal := rules_refusal(by):
        raise Refused(refusal)
    if any(kind not in KNOWN or code not in KNOWN[Skill.Kind(kind)] for kind, code in wanted):
        raise Refused(_("Choose the skills from the list."))
    with transaction.atomic():
        had = set(Skill.objects.filter(user=user).values_list("kind", "code"))
        if had == wanted:
            return
        for kind, code in had - wanted:
            Skill.objects.filter(user=user, kind=kind, code=code).delete()
        Skill.objects.bulk_create(
            [Skill(user=user, kind=kind, code=code) for kind, code in sorted(wanted - had)],
            ignore_conflicts=True,
        )
        codes = "+".join(f"{kind}:{code}" for kind, code in sorted(wanted))[:120]
        record(HOUSE, "skills.changed", by=by, person=user.actor_code, skills=codes)
