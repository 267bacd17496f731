"""The packs there are, one pack in plain language, and the editions of the company's own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.frame import frame
from apaise.ground.packs.choose import active
from apaise.ground.packs.company import READERS, edit_refusal, pack_named
from apaise.ground.packs.edition import PackDraft, PackEdition
from apaise.ground.packs.load import load_pack, shipped_ids
from apaise.ground.packs.pack import Pack
from apaise.handling.policy import contacts
from apaise.handling.policy.conditions import condition_words
from apaise.handling.policy.differences import differences, raw_difference
from apaise.handling.policy.reading import read, said


def readers_only(request: HttpRequest) -> None:
    if not request.user.has_role(*READERS):
        raise PermissionDenied(_("This page is for those who look after the rules we work by."))


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """What is in force, in the order in which it is tried; the other shipped packs; drafts and history."""
    readers_only(request)
    now = active()
    tried = {pack.id for pack in now.packs}
    others = [load_pack(each, check=False) for each in shipped_ids() if each not in tried]
    page = {
        **frame(request, "packs"),
        "in_force": [_line(pack, is_default=pack.id == now.default) for pack in now.packs],
        "shipped": [_line(pack) for pack in others],
        "names": {pack.id: said(pack.block("label")) for pack in (*now.packs, *others)},
        "drafts": list(PackDraft.objects.select_related("changed_by").order_by("pack_id")),
        "history": list(
            PackEdition.objects.defer("content", "text").select_related("published_by").order_by("-pk")[:50]
        ),
        "may_edit": not edit_refusal(request.user),
        "may_fill": not contacts.edit_refusal(request.user),
    }
    return render(request, "workspace/packs/list.html", page)


@require_safe
def pack(request: HttpRequest, pack_id: str) -> HttpResponse:
    """One pack as it is now."""
    readers_only(request)
    found = pack_named(pack_id)
    if found is None:
        raise Http404
    own = PackEdition.objects.of(pack_id).select_related("published_by").first()
    return _reading(request, found, own=own)


@require_safe
def edition(request: HttpRequest, pack_id: str, number: int) -> HttpResponse:
    """One edition as it was published, and what it changed."""
    readers_only(request)
    own = get_object_or_404(
        PackEdition.objects.select_related("published_by"), pack_id=pack_id, number=number
    )
    before = PackEdition.objects.of(pack_id).filter(number__lt=number).first()
    below = before.pack if before else pack_named(own.extends)
    more = {
        "differences": differences(below, own.pack) if below else [],
        "compared_with": named(below) if below else own.extends,
        "raw": raw_difference(before.text if before else "", own.text),
        "is_last": not PackEdition.objects.filter(pack_id=pack_id, number__gt=number).exists(),
    }
    return _reading(request, own.pack, own=own, edition=own, **more)


def named(pack: Pack) -> str:
    """A pack as people call it, with its version."""
    return f"{said(pack.block('label'))}, {pack.version}"


def _reading(request: HttpRequest, pack: Pack, *, own: PackEdition | None, **more: Any) -> HttpResponse:
    now = active()
    page = {
        **frame(request, "packs"),
        "pack": read(pack),
        "own": own,
        "edition": None,
        "in_force": any(each.digest == pack.digest for each in now.packs),
        "draft": PackDraft.objects.filter(pack_id=pack.id).first(),
        "may_edit": not edit_refusal(request.user),
        "may_fill": not contacts.edit_refusal(request.user),
        "refused": "",
        **more,
    }
    return render(request, "workspace/packs/pack.html", page)


def _line(pack: Pack, *, is_default: bool = False) -> dict[str, Any]:
    own = PackEdition.objects.of(pack.id).defer("content", "text").first()
    return {
        "id": pack.id,
        "label": said(pack.block("label")),
        "version": pack.version,
        "for_whom": condition_words(pack.block("applies_when")),
        "extends": pack.block("extends") or "",
        "is_default": is_default,
        "own": own,
    }
