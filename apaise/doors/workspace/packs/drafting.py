"""The company's own pack: begun, changed by a form or as text, shown with what differs, published, taken back."""

import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.packs.form import Typed, typed_of, wanted
from apaise.doors.workspace.packs.shelf import named
from apaise.ground.packs import company
from apaise.ground.packs.amend import amended, head, with_next_version, written
from apaise.ground.packs.company import PackRefused, edit_refusal, pack_named
from apaise.ground.packs.edition import PackDraft, PackEdition
from apaise.ground.packs.load import PackError, WrongPack, shipped_ids
from apaise.ground.packs.pack import Pack
from apaise.handling.policy.differences import differences, raw_difference
from apaise.handling.policy.reading import said
from apaise.lib import clock
from apaise.lib.sayable import said as in_language

LARGEST = 1_000_000
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,58}")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a pack: choose what it extends, or give a whole text."""
    _editors_only(request)
    problems: list[str] = []
    if request.method == "POST":
        try:
            draft = company.keep_draft(_first_text(request), by=request.user)
            return redirect("workspace:pack-draft", draft.pack_id)
        except (PackRefused, WrongPack) as refusal:
            problems = said_of(refusal)
    page = {
        **frame(request, "packs"),
        "problems": problems,
        "bases": [(each, said(pack.block("label"))) for each, pack in _bases().items()],
        "typed": {
            name: request.POST.get(name, "") for name in ("extends", "id", "label_fr", "label_en", "text")
        },
    }
    return render(request, "workspace/packs/new.html", page, status=409 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pack_id: str) -> HttpResponse:
    """Work on a draft; one is made from what is in force if there is none."""
    _editors_only(request)
    kept = PackDraft.objects.filter(pack_id=pack_id).first()
    last = PackEdition.objects.of(pack_id).first()
    if kept is None and last is None:
        get_object_or_404(PackDraft, pack_id=pack_id)
    text = kept.text if kept else last.text if last else ""
    if request.method != "POST":
        return _show(request, pack_id, kept, text)
    by_form = request.POST.get("do") == "form"
    typed = text
    try:
        typed = _amended(request, pack_id, text) if by_form else _upload(request)
        seen = request.POST.get("seen", "") if kept else ""
        company.keep_draft(typed, by=request.user, only=pack_id, seen=int(seen) if seen.isdecimal() else 0)
    except (PackRefused, WrongPack) as refusal:
        as_text = text if by_form else typed
        return _show(request, pack_id, kept, text, typed=as_text, problems=said_of(refusal), status=409)
    return redirect(f"/desk/rules/{pack_id}/draft?done=saved")


@require_POST
def dropping(request: HttpRequest, pack_id: str) -> HttpResponse:
    _editors_only(request)
    company.drop_draft(get_object_or_404(PackDraft, pack_id=pack_id), by=request.user)
    return redirect("/desk/rules?done=saved")


@require_POST
def publication(request: HttpRequest, pack_id: str) -> HttpResponse:
    """From now on new cases follow it."""
    _editors_only(request)
    kept = get_object_or_404(PackDraft, pack_id=pack_id)
    try:
        company.publish(kept, by=request.user, why=request.POST.get("why", ""))
    except (PackRefused, WrongPack) as refusal:
        return _show(request, pack_id, kept, kept.text, problems=said_of(refusal), status=409)
    return redirect(f"/desk/rules/{pack_id}?done=published")


@require_POST
def withdrawal(request: HttpRequest, pack_id: str) -> HttpResponse:
    """New cases follow the pack it extends again."""
    _editors_only(request)
    last = get_object_or_404(PackEdition, pk=getattr(PackEdition.objects.of(pack_id).first(), "pk", 0))
    try:
        company.withdraw(pack_id, by=request.user, why=request.POST.get("why", ""))
    except PackRefused as refusal:
        return _refused(request, last, refusal)
    return redirect("/desk/rules?done=withdrawn")


@require_POST
def again(request: HttpRequest, pack_id: str, number: int) -> HttpResponse:
    """Go back to an earlier edition by publishing it anew."""
    _editors_only(request)
    earlier = get_object_or_404(PackEdition, pack_id=pack_id, number=number)
    try:
        company.publish_again(earlier, by=request.user, why=request.POST.get("why", ""))
    except (PackRefused, WrongPack) as refusal:
        return _refused(request, earlier, refusal)
    return redirect(f"/desk/rules/{pack_id}?done=published")


def said_of(refusal: Exception) -> list[str]:
    """Every problem, with its line."""
    if isinstance(refusal, WrongPack):
        return [
            _("Line %(line)s: %(what)s")
            % {"line": each.line, "what": in_language(each.what, get_language() or "fr")}
            for each in refusal.problems[:30]
        ]
    return [str(refusal)]


def _show(
    request: HttpRequest,
    pack_id: str,
    kept: PackDraft | None,
    text: str,
    *,
    typed: str | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    pack, parent = _both(text, pack_id)
    last = PackEdition.objects.of(pack_id).first()
    base = last.pack if last and not last.withdraws else parent
    page = {
        **frame(request, "packs"),
        "pack_id": pack_id,
        "kept": kept,
        "problems": problems or [],
        "text": typed if typed is not None else text,
        "label": said(pack.block("label")),
        "extends": pack.block("extends"),
        "version": pack.version,
        "compared_with": named(base),
        "differences": differences(base, pack),
        "raw": raw_difference(last.text if last else "", text) if last else [],
        "gaps": [str(each) for each in company.nobody_holds(pack)],
        "form": _form(request, pack, parent, refused=bool(problems) and request.POST.get("do") == "form"),
        "replay": _replay_address(),
        "why": request.POST.get("why", ""),
    }
    return render(request, "workspace/packs/draft.html", page, status=status)


def _form(request: HttpRequest, pack: Pack, parent: Pack, *, refused: bool) -> Typed:
    return typed_of(pack, parent, request.POST if refused else None)


def _both(text: str, pack_id: str) -> tuple[Pack, Pack]:
    """What the kept text makes, and what it extends. A pack it extended may have changed since: then it stands alone."""
    try:
        overlay = company.check(text, only=pack_id)
        return overlay.pack, overlay.parent
    except PackError:
        last = PackEdition.objects.of(pack_id).first()
        if last is None:
            raise
        return last.pack, pack_named(last.extends) or last.pack


def _amended(request: HttpRequest, pack_id: str, text: str) -> str:
    """The text with what the form says. Raises PackRefused for a number that is none."""
    pack, parent = _both(text, pack_id)
    raw = yaml.load(text, Loader=yaml.CSafeLoader)
    made = amended(raw, parent, wanted(request.POST, pack, parent))
    taken = set(PackEdition.objects.of(pack_id).values_list("version", flat=True))
    return written(with_next_version(made, taken, _today()))


def _first_text(request: HttpRequest) -> str:
    if text := _upload(request):
        return text
    pack_id, extends = request.POST.get("id", "").strip(), request.POST.get("extends", "")
    label = {each: request.POST.get(f"label_{each}", "").strip()[:120] for each in ("fr", "en")}
    if not _ID.fullmatch(pack_id):
        raise PackRefused(
            _("Give the pack a short name of small letters, digits and hyphens, such as our-rules.")
        )
    if not all(label.values()):
        raise PackRefused(_("Say what people call it, in both languages."))
    return written(head(pack_id, extends, label, _today()))


def _upload(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "").replace("\r\n", "\n")
    if (file.size or 0) > LARGEST:
        raise PackRefused(_("The file is larger than any pack; is it the right one?"))
    try:
        return file.read().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise PackRefused(_("This is not UTF-8 text; save the file as UTF-8.")) from None


def _bases() -> Mapping[str, Pack]:
    own = [edition.pack_id for edition in PackEdition.objects.in_force()]
    return {each: pack for each in (*own, *shipped_ids()) if (pack := pack_named(each))}


def _refused(request: HttpRequest, edition: PackEdition, refusal: Exception) -> HttpResponse:
    page = {
        **frame(request, "packs"),
        "edition": edition,
        "problems": said_of(refusal),
        "why": request.POST.get("why", ""),
    }
    return render(request, "workspace/packs/refused.html", page, status=409)


def _replay_address() -> str:
    """Where a pack is tried on past cases; "" as long as there is no such page."""
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse("workspace:replay")
    except NoReverseMatch:
        return ""


def _today() -> str:
    return clock.today(ZoneInfo(settings.TIME_ZONE)).isoformat()


def _editors_only(request: HttpRequest) -> None:
    if refusal := edit_refusal(request.user):
        raise PermissionDenied(refusal)
