"""The criticality of a case: what the factors of its pack come to, and what a person decided.

While no person has set one, the score sets it; afterwards a higher score is suggested, and never applied."""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.packs.criticality import Score, score
from apaise.ground.packs.segmentation import segment
from apaise.intake.cases import policies
from apaise.intake.cases.attempts import earlier_contacts, is_first_complaint
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import CRITICALITIES, UNTIL_SET, Case, State
from apaise.intake.cases.reach import pass_reach, widest_post
from apaise.intake.cases.segments import keep_segments
from apaise.intake.cases.weighing import LevelReason, Weighing
from apaise.lib import clock
from apaise.lib.prepared import Prepared

BY = System("criticality")
SAYS_LEVEL = ("criticality.changed", "case.qualified", "case.absorbed", "case.merge_undone")


class Standing(NamedTuple):
    """The criticality of a case with its account."""

    score: Score
    counts: str  # the level that counts now
    set_by: str  # whose it is: staff:3, system:criticality, "" while nobody has set one
    suggested: str  # a higher level that the factors come to; "" when there is none


def standing(case: Case) -> Standing:
    """Reckoned from what is known now; changes nothing."""
    scored = score(case.pack_version.pack, facts_of(case))
    counts, set_by = case.criticality or UNTIL_SET, _set_by(case)
    higher = scored.level if _is_higher(scored.level, counts) else ""
    return Standing(scored, counts, set_by, higher if set_by.startswith("staff:") else "")


def weigh(case: Case) -> Score:
    """Reckon everything that follows from the facts of the case. Harmless to repeat.

    A level no person has set follows the score, and never falls below the one that counts until somebody has read
    the case: what is unknown weighs nothing, which is not to say that it is nothing."""
    with transaction.atomic():
        case.hold()
        case.refresh_from_db(fields=["criticality", "state", "public_exposure", "reopened_count"])
        counted = {
            "first_complaint": is_first_complaint(case),
            "attempts": earlier_contacts(case),
            "reach": widest_post(case),
        }
        known = _WEIGHED.first(case=case.pk)
        row = known or Weighing(case=case)
        for name, value in {**counted, "at": clock.now()}.items():
            setattr(row, name, value)
        case.weighing = row
        facts = facts_of(case)
        scored = score(case.pack_version.pack, facts)
        codes = segment(case.pack_version.pack, facts).codes
        keep_segments(case, codes)
        pass_reach(case, _number(facts.get("case.reach")))
        set_by = _set_by(case)
        if case.is_open and _follow(case, row, scored, set_by):
            set_by = BY.actor_code
        row.points, row.level, row.codes = scored.points, scored.level, sorted(codes)
        row.factors = [[one.id, one.weight, one.holds] for one in scored.factors]
        row.set_by = set_by
        row.save(force_insert=known is None, force_update=known is not None)
    return scored


def _follow(case: Case, row: Weighing, scored: Score, set_by: str) -> bool:
    """Set the level the score comes to, where no person has set one. True if it changed."""
    if set_by.startswith("staff:"):
        _suggest(case, row, scored)
        return False
    level = proposed_by(scored)
    if level == case.criticality or (not case.criticality and not _reaches(scored)):
        return False
    before = case.criticality
    case.keep(criticality=level)
    happened(
        case, "criticality.changed", by=BY, held=True,
        criticality=level, before=before or None, why="factors", points=scored.points,
    )  # fmt: skip
    return True


def proposed_by(scored: Score) -> str:
    """The level a score stands for: never below the one that counts until somebody has read the case.

    A complaint that others read starts a level higher: it spreads while it waits to be read here."""
    least = CRITICALITIES[CRITICALITIES.index(UNTIL_SET) - 1] if _is_public(scored) else UNTIL_SET
    return scored.level if _is_higher(scored.level, least) else least


def _is_public(scored: Score) -> bool:
    return any(one.holds and "case.public_exposure" in one.facts for one in scored.factors)


def _reaches(scored: Score) -> bool:
    """Whether what is known comes to at least the level that counts without it."""
    return bool(scored.points and scored.level in CRITICALITIES and scored.level <= UNTIL_SET)


def _suggest(case: Case, row: Weighing, scored: Score) -> None:
    if not _is_higher(scored.level, case.criticality) or row.told_level == scored.level:
        return
    row.told_level = scored.level
    said: dict[str, Any] = {"level": scored.level, "beside": case.criticality, "points": scored.points}
    happened(case, "criticality.suggested", by=BY, held=True, **said)


def set_criticality(case: Case, criticality: str, *, by: User, reason: str = "") -> None:
    """A person decides; no score changes it afterwards. Raises Refused.

    reason   why, in their own words; owed where the level is not the one that the factors come to"""
    if refusal := policies.work_refusal(by, case):
        raise Refused(refusal)
    if criticality not in CRITICALITIES or not case.is_open:
        raise Refused(_("Choose the criticality, from C1 to C4."))
    reason = " ".join(reason.split())[:300]
    with transaction.atomic():
        case.hold()
        proposed = proposed_by(score(case.pack_version.pack, facts_of(case)))
        if criticality != proposed and not reason:
            raise Refused(_("Say why in a few words: it is not the level that the factors come to."))
        before = Case.objects.values_list("criticality", flat=True).get(pk=case.pk)
        why = _keep_reason(case, criticality, proposed, reason, by) if reason else None
        case.move(State(case.state), leaving=[case.state], criticality=criticality)
        happened(
            case, "criticality.changed", by=by, held=True, criticality=criticality,
            before=before or None, proposed=proposed, reason=why,
        )  # fmt: skip
        Weighing.objects.filter(case=case).update(told_level="", set_by=by.actor_code)


def _keep_reason(case: Case, level: str, proposed: str, reason: str, by: User) -> int:
    return LevelReason.objects.create(case=case, level=level, proposed=proposed, text=reason, by=by).pk


def last_reason(case: Case) -> LevelReason | None:
    """The words of whoever set the level last."""
    return LevelReason.objects.filter(case=case).select_related("by").last()


def _set_by(case: Case) -> str:
    """Who said the level last, by the ledger; the product itself only where no person has."""
    said = _SAYING_LEVEL.all(chain=case.reference)
    actors = [entry.by for entry in said if "criticality" in entry.facts]
    staff = [actor for actor in actors if actor.startswith("staff:")]
    return (staff or actors or [""])[-1]


_WEIGHED: Prepared[Weighing] = Prepared(lambda case: Weighing.objects.filter(case=case), case=int)
_SAYING_LEVEL: Prepared[Entry] = Prepared(
    lambda chain: Entry.objects.of(chain).filter(what__in=SAYS_LEVEL), chain=str
)


def _is_higher(level: str, than: str) -> bool:
    """C1 is the highest."""
    return level in CRITICALITIES and (not than or level < than)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
