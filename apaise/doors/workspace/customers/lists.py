"""The lists of people and of organisations: by name, fifty at a time, with search."""

import base64
import json
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.frame import frame
from apaise.ground.parties.models import Address, Organisation, Person, normalise
from apaise.ground.parties.names import name_key, phone_key
from apaise.intake.cases import renewals
from apaise.intake.cases.people import visible_organisations, visible_pairs, visible_people

PAGE = 50
MOST_COUNTED = 999


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    found = visible_people(request.user)
    words = _words(request)
    if words:
        found = found.filter(_person_says(words))
    rows, following = _page(found.select_related("organisation").prefetch_related("addresses"), request)
    page = {
        **_frame(request, "people", words),
        "title": _("People"),
        "rows": [
            {
                "name": person.display_name(),
                "href": reverse("workspace:person", args=[person.pk]),
                "vip": person.vip,
                "about": person.organisation.name if person.organisation else "",
                "email": person.email,
                "phone": person.phone,
            }
            for person in rows
        ],
        "next": following,
    }
    return render(request, "workspace/customers/list.html", page)


@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    found = visible_organisations(request.user)
    words = _words(request)
    if words:
        found = found.filter(
            Q(name_key__contains=name_key(words))
            | Q(name__icontains=words)
            | Q(external_key=words)
            | Q(contracts__number=words)
        ).distinct()
    rows, following = _page(found, request)
    page = {
        **_frame(request, "organisations", words),
        "title": _("Organisations"),
        "rows": [
            {
                "name": organisation.name,
                "href": reverse("workspace:organisation", args=[organisation.pk]),
                "vip": organisation.vip,
            }
            for organisation in rows
        ],
        "next": following,
    }
    return render(request, "workspace/customers/list.html", page)


def tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """Where one may go from here: people, organisations, possible duplicates."""
    waiting = visible_pairs(request.user).values("pk")[: MOST_COUNTED + 1].count()
    counted = f"{MOST_COUNTED}+" if waiting > MOST_COUNTED else str(waiting)
    return [
        {"label": label, "href": reverse(f"workspace:{name}"), "current": name == here, "count": count}
        for name, label, count in (
            ("people", _("People"), None),
            ("organisations", _("Organisations"), None),
            ("duplicates", _("Possible duplicates"), counted),
            ("renewals", _("Contracts renewed soon"), None),
        )
        if name != "renewals" or request.user.has_role(*renewals.READERS)
    ]


def _frame(request: HttpRequest, here: str, words: str) -> dict[str, Any]:
    return {
        **frame(request, "people"),
        "tabs": tabs(request, here),
        "here": here,
        "words": words,
        "first": f"?q={words}" if "after" in request.GET else None,
    }


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def _person_says(words: str) -> Q:
    """By name, address, phone, number with us or number of a contract."""
    ways = Q(kind="email", value__startswith=normalise("email", words))
    if key := phone_key(words):
        ways |= Q(kind="phone", key=key)
    reached = Address.objects.filter(ways)
    said = (
        Q(name__icontains=words)
        | Q(external_key=words)
        | Q(contracts__number=words)
        | Q(pk__in=reached.values("person_id"))
        | Q(pk__in=reached.values("person__merged_into_id"))
    )
    if key := name_key(words):
        said |= Q(name_key__contains=key)
        for word in key.split():
            said |= Q(name_key__contains=word) if " " not in key else Q(pk=None)
    matching = Person.objects.filter(said)
    return Q(pk__in=matching.values("pk")) | Q(pk__in=matching.values("merged_into_id"))


def _page(found: QuerySet[Any], request: HttpRequest) -> tuple[list[Person | Organisation], str | None]:
    """A page of rows by name, and the address of the one behind it. An unreadable key starts anew."""
    try:
        after = json.loads(base64.urlsafe_b64decode(request.GET.get("after", "").encode() + b"=="))
        name = str(after[0]).replace("\0", "").encode("utf-8", "ignore").decode()
        last = int(after[1])
        if abs(last) < 2**62:
            found = found.filter(Q(name_key__gt=name) | Q(name_key=name, pk__gt=last))
    except (ValueError, TypeError, KeyError, IndexError, OverflowError):
        pass
    rows = list(found.order_by("name_key", "pk")[: PAGE + 1])
    if len(rows) <= PAGE:
        return rows, None
    rows = rows[:PAGE]
    key = base64.urlsafe_b64encode(json.dumps([rows[-1].name_key, rows[-1].pk]).encode()).decode().rstrip("=")
    query = request.GET.copy()
    query["after"] = key
    return rows, f"?{query.urlencode()}"
