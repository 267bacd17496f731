"""The page of one case: who, what, until when, what was said, and what may be done now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.cases.again import written_before
from apaise.doors.workspace.cases.apart import apart, has_parties, with_context_notes
from apaise.doors.workspace.cases.belonging import belonging
from apaise.doors.workspace.cases.box import box
from apaise.doors.workspace.cases.recourse import ways_out
from apaise.doors.workspace.cases.row import SOON_PERCENT, left_percent, mini_row_of, rows_of, who
from apaise.doors.workspace.cases.standing import ladder_box, standing_of
from apaise.doors.workspace.cases.timeline import timeline
from apaise.doors.workspace.cases.whose import sent_by_staff, whose
from apaise.doors.workspace.customers.parts import contract_row, mandate_rows
from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.routing.beside_case import beside_case
from apaise.ground.accounts.models import User
from apaise.ground.packs.taxonomy import CAUSES, FAMILIES
from apaise.ground.parties.mandates import mandates_for
from apaise.handling.resolution import reply_check
from apaise.handling.routing.serving import served_to
from apaise.handling.tasks.models import Task
from apaise.intake.cases import deadlines, letters, policies, recipients
from apaise.intake.cases.contract import contracts_for
from apaise.intake.cases.models import Case, Deadline, Grievance, State
from apaise.intake.cases.paper import carrier_for
from apaise.intake.cases.people import looks_like_another
from apaise.intake.cases.promise import Promise
from apaise.intake.cases.stages import NAMES, STAGES, progress
from apaise.intake.cases.wording import CRITICALITY_NAMES, OUTCOME_NAMES, SCOPE_NAMES
from apaise.lib import clock, saying

TOGETHER = ("together", "split", "promise")


def find(request: HttpRequest, reference: str) -> Case:
    """The case, if this person may read it; else 404, which says nothing about whether it exists."""
    cases = (
        Case.objects.visible_to(request.user)
        .select_related(
            "complainant__merged_into",
            "organisation",
            "handler",
            "desk__signatory",
            "team",
            "pack_version",
            "contract__account_manager",
            "contract__technician",
            "weighing",
            "placement__rule",
            "placement__person",
            "placement__decided_by",
        )
        .defer("pack_version__content")
        .annotate(
            looks_like_another=looks_like_another(request.user),
            sent_by_staff=sent_by_staff(),
            served_because=served_to(request.user),
            has_tasks=has_open_tasks(),
        )
        .annotate(**has_parties())
        .annotate(**standing_of())
    )
    return get_object_or_404(cases, reference=reference.upper())


@require_safe
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, find(request, reference))


def show(
    request: HttpRequest,
    case: Case,
    *,
    refused: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The whole page; after a refusal with its reason beside the form, and everything typed still there."""
    # Only here, not in find(): a verb must meet the case as it is at that moment.
    promises = Prefetch("promises", Promise.objects.select_related("made_by"))
    prefetch_related_objects([case], "exclusions", "complainant__addresses", "deadlines", promises)
    status = 409 if refused else 200
    return render(
        request,
        "workspace/cases/case.html",
        _context(request, case, refused or {}, typed or {}),
        status=status,
    )


def _context(
    request: HttpRequest, case: Case, refused: Mapping[str, str], typed: Mapping[str, str]
) -> dict[str, Any]:
    now, me = clock.now(), request.user
    typed = typed or written_before(request, case)
    events = with_context_notes(timeline(case, me), case, me)
    where, (carrier, is_carried_to) = progress(case), _carrier(case)
    return {
        **frame(request, "cases"),
        "case": case,
        "customer": who(case),
        "events": events,
        "whose": whose(case, events, me),
        "stage_names": [NAMES[code] for code in STAGES],
        "stage": where.number - 1 if case.state != "closed" else len(STAGES),
        "progress": where,
        **_clocks(case, now),
        "grievances": list(case.grievances.all()),
        "criticality_name": CRITICALITY_NAMES.get(case.criticality, ""),
        "may": _may(me, case),
        "mini": [mini_row_of(other, now, me, current=other.pk == case.pk) for other in _neighbours(request)],
        "carrier": carrier,
        "is_carried_to": is_carried_to,
        "recipients": recipients.of_next_mail(case, [one["message"] for one in events if "message" in one]),
        "copies": request.POST.getlist("copies"),
        "remind_on": case.remind_on if case.state == State.AWAITING_CUSTOMER else None,
        "entered": request.GET.get("done") in ("entered", "added"),
        "refused": refused,
        "typed": typed,
        "mode": _mode(request, case, me, typed),
        "party": _party(case),
        "ways_out": ways_out(case, now),
        "other": request.GET.get("other", "")[:20],
        "chosen": request.POST.getlist("messages"),
        **belonging(case, me),
        **_beside(request, case, refused),
        **_choices(case, me),
    }


def _clocks(case: Case, now: datetime) -> dict[str, Any]:
    """The dates: the nearest three that we owe, and all of them."""
    every = list(case.deadlines.all())
    for one in every:
        one.case = case  # it is this one
    owed = [one for one in every if one.state != "stopped" and not one.customer_right]
    return {
        "clocks": [clock_of(one, now) for one in deadlines.nearest(owed, 3)],
        "all_clocks": [clock_of(one, now) for one in every],
    }


def _beside(request: HttpRequest, case: Case, refused: Mapping[str, str]) -> dict[str, Any]:
    """What rooms of their own show in the column beside the conversation."""
    asked = next((name for name in ("parties", "notes") if name in refused), request.GET.get("apart", ""))
    return {
        **apart(case, request.user, asked),
        "ladder": ladder_box(case),
        "weight": box(case),
        **beside_case(case, request.user),
        "case_tasks": _tasks_of(case, request.user),
    }


def has_open_tasks() -> Exists:
    """For a query of cases: whether something is to be done, so that most pages need not ask what."""
    return Exists(Task.objects.open().filter(case=OuterRef("pk")))


def _tasks_of(case: Any, me: User) -> list[dict[str, Any]]:
    if not case.has_tasks:
        return []
    from apaise.doors.workspace.tasks.listing import beside_case  # it shows this page again after a refusal

    return beside_case(case, me)


def _carrier(case: Case) -> tuple[str, bool]:
    """Where our words go, for people, and whether that is an address, before which one says "to"."""
    channel, address = carrier_for(case)
    words = {"email": address, "letter": _("by letter")}.get(channel, _("on the tracking page"))
    return words, channel == "email"


def _party(case: Any) -> dict[str, Any]:
    """Whom the case is about: contract, who may be told what, and whether they may be somebody we know already."""
    person = case.complainant.survivor
    return {
        "person": person,
        "vip": person.vip or case.complainant.vip or bool(case.organisation and case.organisation.vip),
        "contract": contract_row(case.contract) if case.contract else None,
        "contracts": contracts_for(case),
        "mandates": mandate_rows(mandates_for(case.complainant, case.organisation)),
        "looks_like_another": case.looks_like_another,
    }


def _choices(case: Case, me: User) -> dict[str, Any]:
    """What the forms of the page offer."""
    language = get_language()
    return {
        "verdicts": [(verdict.value, verdict.label) for verdict in Grievance.Verdict],
        "causes": [
            (f.label.said(language), [(c.code, c.label.said(language)) for c in f.causes]) for f in FAMILIES
        ],
        "cause_names": {code: cause.label.said(language) for code, cause in CAUSES.items()},
        "outcomes": list(OUTCOME_NAMES.items()),
        "scopes": list(SCOPE_NAMES.items()),
        "criticalities": [(code, f"{code}, {name}") for code, name in CRITICALITY_NAMES.items()],
        "mentions": reply_check.mention_names(case) if not policies.final_reply_refusal(me, case) else [],
        "restatement": letters.draft_restatement(case) if not policies.qualify_refusal(me, case) else "",
    }


def _mode(request: HttpRequest, case: Case, me: User, typed: Mapping[str, str]) -> str:
    """Which form is open: the one just refused, the one asked for, else the next step of the case."""
    asked = typed.get("mode") or request.GET.get("mode", "")
    if asked in ("reply", "note", "qualify", "answer", "close", "extend", "redirect", "reopen", *TOGETHER):
        return asked
    if not policies.qualify_refusal(me, case):
        return "qualify"
    return "reply" if not policies.reply_refusal(me, case) else "note"


def clock_of(deadline: Deadline, now: datetime) -> dict[str, Any]:
    """One clock in words, with its ring; see ui/clock.html."""
    left = left_percent(deadline.start_at, deadline.due_at, now)
    zone, language = timezone.get_current_timezone(), get_language() or "fr"
    tone = {"paused": "paused", "stopped": "met" if deadline.was_kept else "late"}.get(deadline.state)
    if deadline.stopped_by == "case.merged":
        tone = "paused"
    if deadline.state == "running":
        tone = "late" if deadline.due_at < now else "soon" if left < SOON_PERCENT else None
    if deadline.state == "running":
        words = saying.relative_due(deadline.due_at, now, language, zone)
    elif deadline.stopped_by == "case.merged":
        words = _("Runs on in the other case")
    elif deadline.state == "paused" or deadline.was_kept:
        words = deadline.get_state_display()
    else:
        words = _("Done late")
    on = saying.day(deadline.due_at.astimezone(zone).date(), language, year=False, short=True)
    return {
        "deadline": deadline,
        "name": deadlines.label(deadline.rule),
        "href": reverse("workspace:case-dates", args=[deadline.case.reference]) + f"#date-{deadline.pk}",
        "words": words,
        "left": left,
        "tone": tone,
        "on": on,
        "small": "" if on in words else on,  # said once
    }


def _may(me: Any, case: Case) -> dict[str, str | None]:
    """For each action the reason it is refused, or None: the page says it beside the button."""
    return {
        "take": policies.assign_refusal(me, case, me),
        "note": policies.note_refusal(me, case),
        "reply": policies.reply_refusal(me, case),
        "qualify": policies.qualify_refusal(me, case),
        "answer": policies.final_reply_refusal(me, case),
        "extend": policies.extend_refusal(me, case),
        "redirect": policies.redirect_refusal(me, case),
        "close": policies.close_refusal(me, case),
        "reopen": policies.reopen_refusal(me, case),
        "together": policies.work_refusal(me, case),
        "merge": policies.split_refusal(me, case),  # whatever the other case is
        "split": policies.split_refusal(me, case),
        "promise": policies.promise_refusal(me, case),
    }


def _neighbours(request: HttpRequest) -> list[Case]:
    mine = Case.objects.visible_to(request.user).open().mine(request.user).most_urgent_first()
    return rows_of(mine[:14])
