"""The public page on how we handle complaints: made from the packs in force, published whole, kept for ever."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Desk, User
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.company import edit_refusal
from apaise.ground.packs.pack import Pack
from apaise.handling.policy import contacts, reading
from apaise.handling.policy.conditions import condition_words
from apaise.handling.policy.models import PolicyEdition, PublicContact
from apaise.handling.policy.wording import GIVE_NAMES, REMEDY_NAMES
from apaise.intake.cases.event_names import length_words
from apaise.lib.working_time import Duration

LANGUAGES = ("fr", "en")
BEGINNINGS = ("case.received", "complaint.written")
AFTERWARDS = ("remedy.executed",)  # the call that asks whether all is well
INSIDE = ("summary_resolution_window",)  # how we work, not what we promise


class NotPublished(Exception):
    """Why the page was not published: what is missing, each with where to fill it."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


def publish(*, by: User) -> PolicyEdition:
    """Publish the page as the packs and contacts are now. Raises NotPublished."""
    if refusal := edit_refusal(by):
        raise NotPublished([refusal])
    packs, desk = active_packs(), Desk.objects.main()
    if missing := contacts.gaps(packs, desk):
        raise NotPublished(missing)
    assert desk is not None  # a gap otherwise
    content = built(packs, desk)
    digest = digest_of(content)
    with transaction.atomic():
        last = current()
        if last and last.digest == digest:
            raise NotPublished([_("Nothing differs from the published page.")])
        try:
            with transaction.atomic():
                edition = PolicyEdition.objects.create(
                    number=last.number + 1 if last else 1,
                    content=content,
                    digest=digest,
                    packs=", ".join(pack.label for pack in packs)[:400],
                    published_by=by,
                )
        except IntegrityError:
            raise NotPublished([_("A colleague has just published the page. Look at it again.")]) from None
        record(HOUSE, "policy.published", by=by, number=edition.number, digest=digest)
    return edition


def current() -> PolicyEdition | None:
    return PolicyEdition.objects.order_by("-number").first()


def digest_of(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def built(packs: Sequence[Pack], desk: Desk) -> dict[str, Any]:
    """The page in both languages, as plain data."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = _page(packs, desk)
    return found


def _page(packs: Sequence[Pack], desk: Desk) -> dict[str, Any]:
    # Most people who read it are consumers: the pack for everybody else stands last in the order of trial, and first here.
    return {
        "company": desk.organisation,
        "reach": {
            "email": desk.address,
            "phone": desk.phone,
            "postal": desk.postal_address,
            "dpo": desk.dpo_contact,
        },
        "rules": [_rules(pack, desk) for pack in reversed(packs)],
    }


def _rules(pack: Pack, desk: Desk) -> dict[str, Any]:
    """What holds for the customers of one pack."""
    data = pack.as_dict()
    names = {
        level["id"]: reading.said(level["label"])
        for level in (data.get("criticality") or {}).get("levels") or ()
    }
    intake = data.get("intake") or {}
    deadlines = [each for each in data["deadlines"] if each["id"] not in INSIDE]
    return {
        "id": pack.id,
        "label": reading.said(data["label"]),
        "for_whom": condition_words(data["applies_when"]),
        "definition": reading.said((data.get("definitions") or {}).get("complaint")),
        "free": (intake.get("accessibility") or {}).get(
            "charge_to_complainant", intake.get("charge_to_complainant")
        )
        == "none",
        "hours": {name: _hour(at) for name, at in data["calendar"]["business_hours"].items()},
        "give": _given(intake.get("required_fields")),
        "give_if": _given(intake.get("optional_fields")),
        "next": reading.said(data["acknowledgement"].get("next_steps")),
        "deadlines": [_promise(each, names) for each in deadlines if _is_promised(each)],
        "rights": [_promise(each, names) for each in deadlines if each.get("customer_right")],
        "stages": [_stage(each) for each in data["escalation"]],
        "remedies": [
            str(REMEDY_NAMES.get(code, code)) for code in (data.get("remedies") or {}).get("individual") or ()
        ],
        "remedy_rules": [reading.said(each) for each in (data.get("remedies") or {}).get("rules") or ()][:1],
        "routes": [_route(each) for each in data["adr_routes"] if not _by_sector(each)],
        "mediator": _mediator(desk) if contacts.needs_mediator(pack) else None,
        "reviewed_on": data["reviewed_on"],
        "pack": pack.label,
    }


def _is_promised(rule: Mapping[str, Any]) -> bool:
    ours = reading.whose(rule) == "ours" and not rule.get("customer_right")
    return ours and rule["trigger"] in (*BEGINNINGS, *AFTERWARDS)


def _promise(rule: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    length = length_words(Duration.from_data(rule["duration"])) if rule.get("duration") else ""
    by = [
        {"which": names.get(key, key), "length": length_words(Duration.from_data(each))}
        for key, each in (rule.get("duration_by_criticality") or {}).items()
    ]
    return {
        "id": rule["id"],
        "name": reading.said(rule["label"]),
        "length": length,
        "by_urgency": by,
        "repeats": bool(rule.get("repeat")),
        "is_law": rule["force"] == "law",
        "if": condition_words(rule["applies_when"]) if rule.get("applies_when") else "",
    }


def _stage(each: Mapping[str, Any]) -> dict[str, Any]:
    contact = PublicContact.objects.filter(code=each["role"]).first()
    english = translation.get_language() == "en"
    found = {
        "level": each["level"],
        "name": reading.said(each["label"]),
        "stay": length_words(Duration.from_data(each["max_dwell"])) if each.get("max_dwell") else "",
        "who": "",
        "phone": "",
        "email": "",
        "hours": "",
    }
    if contact:
        found |= {
            "who": contact.name_en if english else contact.name_fr,
            "phone": contact.phone,
            "email": contact.email,
            "hours": contact.hours_en if english else contact.hours_fr,
        }
    return found


def _route(rule: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": reading.said(rule["label"]),
        "opens": condition_words(rule["opens_when"]) if rule.get("opens_when") else "",
        "closes": condition_words(rule["closes_when"]) if rule.get("closes_when") else "",
        "cost": reading.said(rule.get("cost")),
        "effect": reading.said(rule.get("effect")),
    }


def _by_sector(rule: Mapping[str, Any]) -> bool:
    return any("sector" in step for step in rule.get("timeline") or () if isinstance(step, dict))


def _mediator(desk: Desk) -> dict[str, str]:
    return {
        "name": desk.mediator_name,
        "postal": desk.mediator_postal_address,
        "website": desk.mediator_website,
    }


def _given(codes: Any) -> list[str]:
    return [str(GIVE_NAMES[code]) for code in codes or () if code in GIVE_NAMES]


def _hour(at: str) -> str:
    """08:30 as people write it: « 8 h 30 », 8:30."""
    hours, _colon, minutes = str(at).partition(":")
    if translation.get_language() == "en":
        return f"{int(hours)}:{minutes}"
    return f"{int(hours)} h {minutes}" if minutes.strip("0") else f"{int(hours)} h"
