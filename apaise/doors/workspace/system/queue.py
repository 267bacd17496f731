"""The queue as an administrator sees it: what waits, what is stuck and why, another try."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.intake.cases.message import Message
from apaise.journey import queue
from apaise.journey.models import Job


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    counts = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    page = {
        **frame(request, "queue"),
        "counts": [(state.label, counts.get(state.value, 0)) for state in Job.State],
        "stuck": Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at")[:100],
        "retrying": Job.objects.filter(state=Job.State.READY, attempts__gt=0).order_by("run_after")[:50],
        "mail": {
            "queued": Message.objects.filter(state=Message.State.QUEUED).count(),
            "uncertain": Message.objects.filter(state=Message.State.UNCERTAIN).count(),
            "failed": Message.objects.filter(state=Message.State.FAILED).count(),
        },
    }
    return render(request, "workspace/queue.html", page)


@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    _administrators_only(request)
    if not Job.objects.filter(pk=job_id).exists():
        raise Http404
    queue.retry(job_id)
    return redirect("/desk/queue?done=retried")


def _administrators_only(request: HttpRequest) -> None:
    if not request.user.has_role("administrator"):
        raise PermissionDenied
