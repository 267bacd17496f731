"""How much weighs in a case, beside the conversation: from what was kept when it was last weighed."""

from typing import Any

from django.utils.translation import get_language

from apaise.doors.workspace.cases.segment_words import name_of
from apaise.ground.packs.criticality import FACTORS
from apaise.intake.cases.attempts import THIRD
from apaise.intake.cases.models import UNTIL_SET, Case
from apaise.intake.cases.weighing import Weighing
from apaise.intake.cases.wording import CRITICALITY_NAMES

MOST_HELD = 4  # factors named in the box; the page has them all


def box(case: Case) -> dict[str, Any]:
    """From what was kept when the case was last weighed: no query of its own."""
    row: Weighing | None = getattr(case, "weighing", None)
    level = case.criticality or UNTIL_SET
    by_person = bool(row and row.set_by.startswith("staff:"))
    suggested = row.level if row and by_person and row.level and row.level < level else ""
    labels, codes = _labels(case), row.codes if row else []
    return {
        "level": level,
        "name": CRITICALITY_NAMES[level],
        "is_set": bool(case.criticality),
        "by_person": by_person,
        "points": row.points if row else 0,
        "held": [labels.get(one, one) for one in row.held()[:MOST_HELD]] if row else [],
        "unread": sum(holds is None for _id, _weight, holds in row.factors) if row else 0,
        "suggested": suggested,
        "suggested_name": CRITICALITY_NAMES.get(suggested, ""),
        "first": bool(row and row.first_complaint),
        "contact": row.attempts + 1 if row and row.attempts >= THIRD else None,
        "reach": row.reach if row else None,
        "segments": [name_of(case.pack_version.pack, code) for code in codes if ":" not in code],
    }


def _labels(case: Case) -> dict[str, str]:
    language, block = get_language() or "fr", case.pack_version.pack.block("criticality") or {}
    factors = (factor for kind in FACTORS for factor in block.get(kind) or ())
    return {one["id"]: (one.get("label") or {}).get(language, one["id"]) for one in factors}
