"""What people do with cases that belong together: merge, split, link, dismiss a suggestion; and with promises."""

from datetime import time

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apaise.doors.workspace.cases.actions import action, day_of
from apaise.intake.cases.grouping import Suggestion
from apaise.intake.cases.likeness import dismiss
from apaise.intake.cases.linking import link, links_of, unlink
from apaise.intake.cases.merging import merge
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.promises import keep_promise, make_promise
from apaise.intake.cases.reference import references_in
from apaise.intake.cases.splitting import split, undo_split
from apaise.intake.cases.unmerging import undo_merge


@action("together")
def merger(request: HttpRequest, case: Case) -> str:
    """This case is followed in another one from now on."""
    merge(case, _other(request), reason=request.POST.get("reason", ""), by=request.user)
    return "merged"


@action("together")
def merger_undoing(request: HttpRequest, case: Case) -> str:
    undo_merge(case, by=request.user)
    return "merge_undone"


@action("split")
def split_(request: HttpRequest, case: Case) -> str:
    """The chosen messages become a case of their own."""
    split(
        case,
        _numbers(request, "messages"),
        grievances=_numbers(request, "grievances"),
        title=request.POST.get("title", ""),
        by=request.user,
    )
    return "split"


@action("together")
def split_undoing(request: HttpRequest, case: Case) -> str:
    undo_split(case, by=request.user)
    return "split_undone"


@action("together")
def links(request: HttpRequest, case: Case) -> str:
    link(case, _other(request), kind=request.POST.get("kind", ""), by=request.user)
    return "linked"


@action("together")
def link_removal(request: HttpRequest, case: Case, link_id: int) -> str:
    """Only a link one can see: it is shown when both cases are."""
    for link_, _other_end in links_of(case, request.user):
        if link_.pk == link_id:
            unlink(case, link_, by=request.user)
            return "unlinked"
    raise Refused(_("This link is not there any more."))


@action("together")
def dismissal(request: HttpRequest, case: Case, suggestion_id: int) -> str:
    """The other case is not about the same."""
    dismiss(case, get_object_or_404(Suggestion.objects.about(case), pk=suggestion_id), by=request.user)
    return "dismissed"


@action("promise")
def promises(request: HttpRequest, case: Case) -> str:
    make_promise(
        case,
        request.POST.get("promise", ""),
        day_of(request.POST.get("due_on", "")),
        hour=_hour(request.POST.get("hour", "")),
        by=request.user,
    )
    return "promised"


@action("promise")
def promise_keeping(request: HttpRequest, case: Case, promise_id: int) -> str:
    keep_promise(get_object_or_404(case.promises.select_related("case"), pk=promise_id), by=request.user)
    return "promise_kept"


def _other(request: HttpRequest) -> Case:
    """The case whose reference was typed, if this person may read it."""
    quoted = references_in(request.POST.get("other", ""))
    if not quoted:
        raise Refused(_("Give the reference of the other case, such as R-2026-00417."))
    other = Case.objects.visible_to(request.user).filter(reference=quoted[0]).first()
    if other is None:
        raise Refused(_("There is no case %(reference)s that you may read.") % {"reference": quoted[0]})
    return other


def _numbers(request: HttpRequest, name: str) -> list[int]:
    typed = request.POST.getlist(name)[:200]
    return [int(number) for number in typed if number.isascii() and number.isdigit() and len(number) < 10]


def _hour(typed: str) -> time | None:
    try:
        return time.fromisoformat(typed) if typed else None
    except ValueError as problem:
        raise Refused(_("Write the hour as 16:00, or leave it empty.")) from problem
