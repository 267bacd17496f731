"""What the case page shows of cases that belong together: merged, split, linked, perhaps the same; and of promises."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.grouping import MERGE_REASONS, CaseLink, Regrouping
from apaise.intake.cases.kindred import Kin, kindred
from apaise.intake.cases.models import Case
from apaise.intake.cases.promise import Promise
from apaise.lib import saying

BOTH_NAME = {
    "contract": gettext_lazy("same contract number %(value)s"),
    "order": gettext_lazy("same order number %(value)s"),
    "invoice": gettext_lazy("same invoice number %(value)s"),
    "parcel": gettext_lazy("same parcel number %(value)s"),
    "meter": gettext_lazy("same meter or line number %(value)s"),
    "case": gettext_lazy("same file number %(value)s"),
    "serial": gettext_lazy("same serial number %(value)s"),
    "account": gettext_lazy("same bank account %(value)s"),
    "phone": gettext_lazy("same phone number, ending in %(value)s"),
    "number": gettext_lazy("same number %(value)s"),
    "person": gettext_lazy("same person or address"),
    "text": gettext_lazy("texts %(value)s %% alike"),
}
LINKED = {
    ("related", True): gettext_lazy("related"),
    ("related", False): gettext_lazy("related"),
    ("same_incident", True): gettext_lazy("same incident"),
    ("same_incident", False): gettext_lazy("same incident"),
    ("follows", True): gettext_lazy("this case follows it"),
    ("follows", False): gettext_lazy("it follows this case"),
}


def belonging(case: Case, reader: User) -> dict[str, Any]:
    """Context of the panels and forms. Three queries in all."""
    tied, earlier = kin = kindred(case, reader)
    groups = [_group(one, other, case) for one, other in tied if one.what == "group"]
    return {
        "merged_into": next((one for one in groups if one["what"] == "merged_into"), None),
        "groups": [one for one in groups if one["what"] != "merged_into"],
        "case_links": [_link(one, other, case) for one, other in tied if one.what == "link"],
        "similar_cases": [_suggested(one, other) for one, other in kin.similar],
        "earlier": earlier,
        "promise_items": [_promise(one) for one in case.promises.all()],
        "merge_reasons": [(code, name) for code, name in MERGE_REASONS.items() if code != "split_undone"],
        "link_kinds": [(kind.value, kind.label) for kind in CaseLink.Kind],
    }


def _group(one: Kin, other: Case, case: Case) -> dict[str, Any]:
    left = one.case_id == case.pk
    if one.kind == Regrouping.Kind.MERGE:
        what = "merged_into" if left else "absorbed"
        words = _("followed here since %(day)s") if not left else _("since %(day)s")
    else:
        what = "split_into" if left else "split_off"
        words = _("split off on %(day)s") if left else _("this case was split off it on %(day)s")
    undoing = {"merged_into": case, "absorbed": other, "split_into": other, "split_off": case}[what]
    address = "workspace:merger-undoing" if one.kind == Regrouping.Kind.MERGE else "workspace:split-undoing"
    return {
        "what": what,
        "other": other,
        "href": reverse("workspace:case", args=[other.reference]),
        "words": words % {"day": _day(one.at)},
        "reason": MERGE_REASONS.get(one.reason, ""),
        "by": one.by,
        "undoing": reverse(address, args=[undoing.reference]),
    }


def _link(one: Kin, other: Case, case: Case) -> dict[str, Any]:
    return {
        "title": other.title or other.reference,
        "href": reverse("workspace:case", args=[other.reference]),
        "how": f"{other.reference}, {LINKED[one.kind, one.case_id == case.pk]}",
        "reference": other.reference,
        "pk": one.pk,
    }


def _suggested(one: Kin, other: Case) -> dict[str, Any]:
    return {
        "title": other.title or other.excerpt or other.reference,
        "href": reverse("workspace:case", args=[other.reference]),
        "reference": other.reference,
        "reasons": [
            str(BOTH_NAME[code]) % {"value": value} for code, value in one.reasons if code in BOTH_NAME
        ],
        "pk": one.pk,
    }


def _promise(one: Promise) -> dict[str, Any]:
    by = {"name": one.made_by.name}
    if one.state == Promise.State.KEPT:
        said = _("kept on %(day)s, promised by %(name)s") % {**by, "day": _day(one.kept_at)}
    elif one.kept_at:
        said = _("done late, on %(day)s; promised for %(due)s by %(name)s") % {
            **by, "day": _day(one.kept_at), "due": one.due_in_words(),
        }  # fmt: skip
    elif one.state == Promise.State.BROKEN:
        said = _("not kept: it was due %(due)s, promised by %(name)s") % {**by, "due": one.due_in_words()}
    else:
        said = _("by %(due)s, promised by %(name)s") % {**by, "due": one.due_in_words()}
    open_ = one.kept_at is None and one.state != Promise.State.KEPT
    return {"what": one.text, "said": said, "state": one.state, "pk": one.pk, "may_be_kept": open_}


def _day(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(timezone.get_current_timezone()).date()
    return saying.day(local, get_language() or "fr", year=False)
