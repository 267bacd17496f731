"""Try a changed policy on past cases before it is switched on: upload, wait, read what would have been different."""

import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.ground.packs.load import PackError, load_pack_file
from apaise.ground.packs.pack import Pack
from apaise.intake.cases import deadlines
from apaise.intake.cases.models import Case
from apaise.intake.cases.what_if import trial as trials_
from apaise.intake.cases.what_if.comparison import CHANGES, SHOWN, since_when
from apaise.intake.cases.what_if.tasks import go_on_trying
from apaise.intake.cases.what_if.trial import PolicyTrial, TrialRefused
from apaise.lib import clock
from apaise.lib.mime import clean_name

LARGEST = 1_000_000  # bytes, as for any pack
CHANGE_NAMES = {
    "newly_late": gettext_lazy("Would have been late"),
    "no_longer_late": gettext_lazy("Would have been in time"),
    "earlier": gettext_lazy("Earlier"),
    "later": gettext_lazy("Later"),
    "added": gettext_lazy("New deadline"),
    "gone": gettext_lazy("No deadline any more"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def trials(request: HttpRequest) -> HttpResponse:
    """The trials so far, and a place to begin one."""
    _allow(request)
    refused = ""
    if request.method == "POST":
        try:
            return redirect("workspace:policy-trial", _begin(request).pk)
        except PackError as wrong:
            refused = wrong.said(get_language() or "fr")
        except TrialRefused as refusal:
            refused = str(refusal)
    page = {
        **frame(request, "policy-trials"),
        "trials": list(
            PolicyTrial.objects.visible_to(request.user).select_related("by").defer("content")[:50]
        ),
        "since": request.POST.get("since") or since_when(clock.now()).date().isoformat(),
        "refused": refused,
    }
    return render(request, "workspace/policies/trials.html", page, status=409 if refused else 200)


@require_safe
def trial_page(request: HttpRequest, trial_id: int) -> HttpResponse:
    """What a trial found; `rule` and `change`, or `mention`, name the cases to list."""
    trial = _find(request, trial_id)
    asked = {name: request.GET.get(name, "")[:80] for name in ("rule", "change", "mention")}
    labels = _labels(trial)
    rules = trial.found.get("rules", {})
    page = {
        **frame(request, "policy-trials"),
        "trial": trial,
        "rows": [_row(name, rule, labels) for name, rule in rules.items()],
        "mentions": [_mention(name, each) for name, each in trial.found.get("mentions", {}).items()],
        "late": _sum(rules, "newly_late"),
        "saved": _sum(rules, "no_longer_late"),
        "moved": _sum(rules, "earlier") + _sum(rules, "later"),
        "change_names": CHANGE_NAMES,
        "shown": SHOWN,
        **_listed(request, trial, asked, labels),
    }
    return render(request, "workspace/policies/trial.html", page)


@require_POST
def stopping(request: HttpRequest, trial_id: int) -> HttpResponse:
    trial = _find(request, trial_id)
    trials_.stop(trial, by=request.user)
    return redirect("workspace:policy-trial", trial.pk)


def _begin(request: HttpRequest) -> PolicyTrial:
    pack, since = _uploaded(request.FILES.get("pack")), _since(request.POST.get("since", ""))
    with transaction.atomic():
        trial = trials_.start(pack, since, by=request.user)
        go_on_trying.enqueue(trial.pk)
    return trial


def _uploaded(file: UploadedFile[Any] | None) -> Pack:
    if file is None:
        raise TrialRefused(_("Choose the file of the changed policy pack first."))
    if (file.size or 0) > LARGEST:
        raise TrialRefused(_("The file is larger than any policy pack. Is it the right one?"))
    with tempfile.TemporaryDirectory(prefix="apaise-pack-") as folder:
        # The packs the organisation has of its own stand beside it, so that it may extend them.
        for name in settings.PACKS:
            if name.endswith((".yaml", ".yml")) and Path(name).is_file():
                (Path(folder) / Path(name).name).write_bytes(Path(name).read_bytes())
        path = Path(folder) / (Path(clean_name(file.name or "")).name or "pack.yaml")
        path.write_bytes(file.read())
        return load_pack_file(path)


def _since(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise TrialRefused(_("Choose since which day cases are to be tried.")) from None
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def _allow(request: HttpRequest) -> None:
    if refusal := trials_.try_refusal(request.user):
        raise PermissionDenied(refusal)


def _find(request: HttpRequest, trial_id: int) -> PolicyTrial:
    _allow(request)
    return get_object_or_404(PolicyTrial.objects.visible_to(request.user), pk=trial_id)


def _labels(trial: PolicyTrial) -> dict[str, str]:
    language = "en" if get_language() == "en" else "fr"
    return {each["id"]: each["label"][language] for each in trial.content["deadlines"]}


def _row(name: str, rule: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    days = sorted(int(day) for day in rule["days"])
    return {
        "rule": name,
        "label": labels.get(name) or deadlines.label(name),
        "before": rule["before"],
        "after": rule["after"],
        "right": bool(rule["before"]["right"] or rule["after"]["right"]),
        "changes": rule["changes"],
        "soonest": -days[0] if days and days[0] < 0 else 0,
        "latest": days[-1] if days and days[-1] > 0 else 0,
    }


def _mention(name: str, mention: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        "no": _("not said"),
        "required": _("said"),
        "forbidden": _("forbidden"),
        "to_check": _("to check"),
    }
    changes = [
        (*(said[side] for side in change.split(">")), many) for change, many in mention["changes"].items()
    ]
    return {"name": name, "changes": changes, "cases": sum(mention["changes"].values())}


def _sum(rules: Mapping[str, Any], change: str) -> int:
    return sum(rule["changes"][change] for rule in rules.values())


def _listed(
    request: HttpRequest, trial: PolicyTrial, asked: Mapping[str, str], labels: Mapping[str, str]
) -> dict[str, Any]:
    """The cases behind one figure, those that this person may see."""
    examples: list[list[Any]] = []
    title = ""
    if asked["change"] in CHANGES and asked["rule"] in trial.found.get("rules", {}):
        examples = trial.found["rules"][asked["rule"]]["examples"].get(asked["change"], [])
        label = labels.get(asked["rule"]) or deadlines.label(asked["rule"])
        title = f"{label}, {str(CHANGE_NAMES[asked['change']]).lower()}"
    elif asked["mention"] in trial.found.get("mentions", {}):
        examples = [[case, None, None] for case in trial.found["mentions"][asked["mention"]]["examples"]]
        title = asked["mention"]
    seen = Case.objects.visible_to(request.user).filter(pk__in=[case for case, *_dates in examples])
    named = {case.pk: case for case in seen.only("pk", "reference", "title")}
    cases = [
        {"case": named[case], "before": _moment(before), "after": _moment(after)}
        for case, before, after in reversed(examples)
        if case in named
    ]
    return {"listed": title, "cases": cases}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
