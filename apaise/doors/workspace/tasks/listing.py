"""To do: one's own tasks, the team's for those who lead, and the block on a case; done with one click."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.cases import page as case_pages
from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.cases.row import who
from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.tables import MOST_ROWS, as_csv
from apaise.ground.accounts.models import User
from apaise.handling.tasks.models import Task, TaskQuerySet
from apaise.handling.tasks.todo import finish, finish_refusal
from apaise.handling.tasks.wording import KINDS, named
from apaise.intake.cases import deadlines, watch
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.policies import LEADS, WORKERS
from apaise.lib import clock, saying

PAGE = 50
READERS = (*WORKERS, "executive", "auditor")
GROUPS = {"late": _("Late"), "today": _("Today"), "later": _("Later"), "none": _("Without a date")}


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_safe
def tasks_table(request: HttpRequest) -> HttpResponse:
    """The same list as a CSV file."""
    zone = timezone.get_current_timezone()
    heads = [_("To do"), _("About"), _("Case"), _("Customer"), _("Person"), _("Due")]
    lines = [
        [named(one.kind), _about(one), one.case.reference, who(one.case), _person(one),
         one.due_at.astimezone(zone).isoformat(timespec="minutes") if one.due_at else ""]
        for one in _with_all(_chosen(request))[:MOST_ROWS]
    ]  # fmt: skip
    return as_csv("tasks", heads, lines)


@require_POST
def finishing(request: HttpRequest, reference: str, task_id: int) -> HttpResponse:
    """The task is done; back to where the button stood."""
    case = find(request, reference)
    task = get_object_or_404(Task.objects.select_related("person"), pk=task_id, case=case)
    task.case = case
    in_list = request.POST.get("from") in ("mine", "team")
    try:
        finish(task, by=request.user)
    except Refused as refusal:
        if in_list:
            return _show(request, refused=str(refusal))
        return case_pages.show(request, find(request, reference), refused={"task": str(refusal)})
    if in_list:
        return redirect(f"{reverse('workspace:tasks')}?of={request.POST['from']}&done=task_done")
    return redirect(f"{reverse('workspace:case', args=[case.reference])}?done=task_done")


def beside_case(case: Case, user: User) -> list[dict[str, Any]]:
    """The open tasks of one case, for its page; their case is the one that is known already."""
    found = list(Task.objects.open().filter(case=case).select_related("person").order_by(*_nearest()))
    for one in found:
        one.case = case
    return [row(one, user, clock.now()) for one in found]


def row(task: Task, user: User, now: datetime) -> dict[str, Any]:
    """One task in words. Needs its case with exclusions and handler."""
    zone, language = timezone.get_current_timezone(), translation.get_language() or "fr"
    return {
        "pk": task.pk,
        "what": named(task.kind),
        "about": _about(task),
        "reference": task.case.reference,
        "person": task.person or task.case.handler,
        "due": saying.relative_due(task.due_at, now, language, zone) if task.due_at else "",
        "late": bool(task.due_at and task.due_at < now),
        "may": finish_refusal(user, task) is None,
    }


def _show(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    now = clock.now()
    shown = Paginator(_with_all(_chosen(request)), PAGE).get_page(request.GET.get("page"))
    of = _of(request)
    kind = request.GET.get("kind", "")
    page = {
        **frame(request, "tasks"),
        "tabs": [
            {"label": label, "href": f"?of={code}", "current": code == of}
            for code, label in (("mine", _("Mine")), ("team", _("My team's")))
        ]
        if request.user.has_role(*LEADS, "auditor")
        else [],
        "of": of,
        "kind": str(KINDS[kind]) if kind in KINDS else "",
        "kinds": [
            {"label": words, "href": f"?of={of}&kind={code}", "current": code == kind}
            for code, words in KINDS.items()
        ],
        "groups": _groups(shown, request.user, now),
        "shown": shown,
        "query": f"of={of}" + (f"&kind={kind}" if kind in KINDS else ""),
        "refused": refused,
    }
    return render(request, "workspace/tasks/list.html", page, status=409 if refused else 200)


def _of(request: HttpRequest) -> str:
    asked = request.GET.get("of") or request.POST.get("from")
    if asked in ("mine", "team") and request.user.has_role(*LEADS, "auditor"):
        return str(asked)
    return "mine"


def _chosen(request: HttpRequest) -> TaskQuerySet:
    """The open tasks this person asks for, nearest date first. 403 for those who work on no case."""
    user = request.user
    if not user.has_role(*READERS):
        raise PermissionDenied(_("This page is for those who handle cases or lead those who do."))
    found = Task.objects.visible_to(user).open()
    found = found.of(user) if _of(request) == "mine" else found
    if (kind := request.GET.get("kind", "")) in KINDS:
        found = found.filter(kind=kind)
    return found.order_by(*_nearest())


def _nearest() -> tuple[Any, str]:
    return F("due_at").asc(nulls_last=True), "pk"


def _with_all(found: TaskQuerySet) -> TaskQuerySet:
    """With what a row says, in a fixed number of questions."""
    return (
        found.select_related("person", "case__handler", "case__complainant", "case__organisation")
        .prefetch_related("case__exclusions", "case__complainant__addresses")
    )  # fmt: skip


def _groups(found: Iterable[Task], user: User, now: datetime) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        groups.setdefault(_group(one, now), []).append({**row(one, user, now), "customer": who(one.case)})
    return [{"code": code, "name": GROUPS[code], "rows": rows} for code, rows in groups.items()]


def _group(task: Task, now: datetime) -> str:
    if task.due_at is None:
        return "none"
    if task.due_at < now:
        return "late"
    return "today" if task.due_at < watch.end_of_day(now) else "later"


def _about(task: Task) -> str:
    """Which date the task is about, when its detail says so."""
    rule = task.detail.partition(":")[0]
    words = deadlines.label(rule) if rule else ""
    return "" if words == rule else words


def _person(task: Task) -> str:
    person = task.person or task.case.handler
    return person.name if person else ""
