"""What is posted on a page of one case: an act, and where one goes from it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apaise.doors.uploads import NotTaken
from apaise.doors.workspace.cases.page import find
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage

Act = Callable[..., str]
Wrap = Callable[[Act], Callable[..., HttpResponse]]


def acting(
    show: Callable[..., HttpResponse], *, back: str, unseen: Callable[[str], str]
) -> Callable[[str], Wrap]:
    """The wrapper of the acts of one page: 404 for a case one may not see, 409 with the reason and everything typed
    when it is refused.

    show     the page, after a refusal
    back     where one goes then
    unseen   what was done, where whoever did it may not see the case any more; they go to the list"""

    def action(form: str) -> Wrap:
        def wrap(act: Act) -> Callable[..., HttpResponse]:
            @require_POST
            @wraps(act)
            def view(request: HttpRequest, reference: str, **more: Any) -> HttpResponse:
                case = find(request, reference)
                try:
                    done = act(request, case, **more)
                except (Refused, WrongStage, NotTaken) as refusal:
                    case.refresh_from_db()
                    typed = {**request.POST.dict(), "mode": request.POST.get("mode", form)}
                    return show(request, case, refused={form: str(refusal)}, typed=typed)
                if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
                    target = redirect(back, case.reference)
                else:
                    target, done = redirect("workspace:cases"), unseen(done)
                target["Location"] += f"?done={done}"
                return target

            return view

        return wrap

    return action
