"""What must be true before a case may go on (life cycle of docs/life-cycle.md). Each answer is a reason, or None."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from apaise.ground.packs.taxonomy import CAUSES, SCOPES
from apaise.intake.cases.letters import REOPENABLE_DAYS
from apaise.intake.cases.models import Case, Grievance, State
from apaise.lib import clock

OUTCOMES = ("accepted", "partial", "refused", "goodwill")
SILENCE = timedelta(days=14)  # without a reaction after the answer, before a case may be closed


class Finding(NamedTuple):
    """The answer to one grievance."""

    verdict: str
    reason: str


def decision_gap(
    case: Case, findings: Mapping[int, Finding], *, outcome: str, found_cause: str, scope: str
) -> str | None:
    """What is missing before a decision: every grievance answered, cause and scope found."""
    numbers = list(case.grievances.values_list("number", flat=True))
    if not numbers:
        return _("Qualify the case first: its grievances must be listed before they can be answered.")
    for number in numbers:
        if gap := _finding_gap(number, findings.get(number)):
            return gap
    if outcome not in OUTCOMES:
        return _("Choose the outcome of the reply.")
    if outcome == "accepted" and any(finding.verdict == "not_upheld" for finding in findings.values()):
        return _("A grievance is not upheld: the outcome is partial or refused, not accepted.")
    if found_cause not in CAUSES:
        return _("Choose the cause that was found.")
    if scope not in SCOPES:
        return _("Say whether the failure is isolated, recurrent or systemic.")
    return None


def _finding_gap(number: int, finding: Finding | None) -> str | None:
    if finding is None or finding.verdict not in Grievance.Verdict.values:
        return _("Grievance %(number)s has no answer yet.") % {"number": number}
    if finding.verdict != Grievance.Verdict.UPHELD and len(finding.reason.split()) < 3:
        return _("Grievance %(number)s is not fully upheld: say why, in words the customer can check.") % {
            "number": number
        }
    return None


def reply_gap(text: str, *, forbidden: Sequence[str], fields: Mapping[str, bool]) -> str | None:
    """What the text of a final reply lacks, or must not say."""
    if len(text.split()) < 15:
        return _("A reasoned answer needs more than a line: facts, decision, what happens next.")
    if forbidden:
        return _("This wording hurts or breaks the law: “%(words)s”. Say it otherwise.") % {
            "words": forbidden[0]
        }
    missing = [name for name, present in fields.items() if not present]
    if "apology" in missing:
        return _("Say that we are sorry, for what happened or for the disappointment.")
    if "thanks" in missing:
        return _("Thank the customer for telling us.")
    return None


def closing_gap(case: Case, reason: str, followup: str, summary: str) -> str | None:
    """What is missing before a case may be closed."""
    if reason == "accepted" and case.accepted_at is None:
        return _("Nothing says that the customer accepts. Record the acceptance first, or wait for silence.")
    if reason == "silence" and (case.final_reply_at is None or case.final_reply_at + SILENCE > clock.now()):
        return _("The customer has %(days)s days to react to the answer before the case may be closed.") % {
            "days": SILENCE.days
        }
    if (
        reason == "silence"
        and case.final_reply_at
        and case.customer_wrote_at
        and case.customer_wrote_at > case.final_reply_at
    ):
        return _("The customer has written since the answer: that is no silence. Answer, or reopen the case.")
    if reason not in ("accepted", "silence"):
        return _("Choose the reason for closing.")
    if followup not in ("done", "declined"):
        return _("Say whether the follow-up was done, or declined by the customer.")
    if not case.found_cause or not case.scope:
        return _("The found cause and its scope must be recorded before closing.")
    if not summary.strip():
        return _("Tell the customer in a sentence what was decided.")
    return None


def is_past_reopening(case: Case, at: datetime) -> bool:
    """Whether words of that moment come after the day until which we told the customer that a mail reopens the case."""
    case = case.followed_in()
    if case.state != State.CLOSED or case.closed_at is None:
        return False
    return at.date() > date.fromordinal(case.closed_at.toordinal() + REOPENABLE_DAYS)
