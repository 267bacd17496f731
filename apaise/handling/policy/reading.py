"""A pack in plain language: what a page shows of it, every rule with how sure we are of it and where it stands."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.accounts.naming import named
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.vocabulary import END_OF_ACTIVE_PHASE
from apaise.handling.policy.conditions import condition_words
from apaise.handling.policy.wording import (
    ANCHOR_NAMES,
    BREACH_NAMES,
    DATA_NAMES,
    ENDING_NAMES,
    INITIATOR_NAMES,
    MORE_EVENTS,
    MUST_NOT_NAMES,
    PLACE_NAMES,
    READ_AGAIN,
    REMEDY_NAMES,
    SURE,
)
from apaise.intake.cases.event_names import (
    CONFIDENCE_NAMES,
    FORCE_NAMES,
    event_name,
    length_words,
)
from apaise.intake.cases.models import CHANNEL_NAMES
from apaise.lib.working_time import Duration

Rule = Mapping[str, Any]
OUTSIDE = ("external_mediator", "regulator")


def said(text: Any) -> str:
    """A text of the pack in the reader's language."""
    if not isinstance(text, Mapping):
        return str(text or "")
    return str(text.get("en" if get_language() == "en" else "fr", ""))


def read(pack: Pack) -> dict[str, Any]:
    """Everything the page shows, in the language of the reader."""
    data = pack.as_dict()
    refs = data["sources"]
    rules = [deadline(each, refs) for each in data["deadlines"]]
    return {
        "id": pack.id,
        "version": pack.version,
        "label": said(data["label"]),
        "disclaimer": said(data.get("disclaimer")),
        "reviewed_on": date.fromisoformat(data["reviewed_on"]),
        "for_whom": condition_words(data["applies_when"]),
        "deadlines": [
            (_("What we owe"), [rule for rule in rules if rule["whose"] == "ours"]),
            (_("What the customer may do"), [rule for rule in rules if rule["whose"] == "customer"]),
            (_("What others owe"), [rule for rule in rules if rule["whose"] == "outside"]),
        ],
        "factors": factors(data),
        "levels": levels(data),
        "ladder": [level(each) for each in data["escalation"]],
        "conflict": conflict(data.get("conflict_of_interest") or {}),
        "mentions": [mention(each, refs) for each in data["mandatory_mentions"]],
        "remedies": remedies(data.get("remedies") or {}),
        "routes": [route(each, refs) for each in data["adr_routes"]],
        "retention": [retention(each, refs) for each in data["retention"]],
        "calendar": calendar(data["calendar"]),
        "to_read_again": sum(rule["sure"]["tone"] == "soon" for rule in rules),
    }


def deadline(rule: Rule, refs: Mapping[str, Any]) -> dict[str, Any]:
    """One deadline: a sentence, then who, from when, until when, and what if it is missed."""
    rows = [
        (_("Starts when"), _starts(rule)),
        (_("Applies if"), condition_words(rule["applies_when"]) if rule.get("applies_when") else ""),
        (_("Ends when"), _events(rule.get("stop_on") or ())),
        (_("Pauses"), _pauses(rule)),
        (_("May be prolonged"), _extension(rule.get("extension"))),
        (_("If the last day is not worked"), _roll(rule)),
        (_("Owner"), named(rule["owner"])),
        (_("We are warned"), _warnings(rule)),
        (_("If it is missed"), "; ".join(str(BREACH_NAMES.get(c, c)) for c in rule.get("on_breach") or ())),
        (_("The law adds"), _penalties(rule)),
        (_("Note"), said(rule.get("note"))),
    ]
    return {
        "id": rule["id"],
        "name": said(rule["label"]),
        "sentence": sentence(rule),
        "rows": [(term, words) for term, words in rows if words],
        "whose": whose(rule),
        "force": str(FORCE_NAMES.get(rule["force"], rule["force"])),
        "is_law": rule["force"] == "law",
        **_proof(rule, refs),
    }


def whose(rule: Rule) -> str:
    if rule.get("customer_right"):
        return "customer"
    return "outside" if rule["owner"] in OUTSIDE else "ours"


def sentence(rule: Rule) -> str:
    """How long, as a sentence."""
    length = lengths(rule)
    if rule.get("duration", {}).get("value") == 0 and not rule.get("duration_by_criticality"):
        return _("On the very date that was promised.")
    if rule.get("repeat"):
        return _("At least every %(length)s, as long as there is no final reply.") % {"length": length}
    if whose(rule) == "customer":
        return _("The customer has %(length)s.") % {"length": length}
    if whose(rule) == "outside":
        return _("They have %(length)s.") % {"length": length}
    return _("We have %(length)s.") % {"length": length}


def lengths(rule: Rule) -> str:
    """How long, with what it depends on: “1 business day (C1), 3 business days (C2)”."""
    said_once = [length_words(Duration.from_data(rule["duration"]))] if rule.get("duration") else []
    by = {**(rule.get("duration_by_criticality") or {}), **(rule.get("duration_by_channel") or {})}
    return ", ".join(
        [
            *said_once,
            *(f"{length_words(Duration.from_data(each))} ({_which(key)})" for key, each in by.items()),
        ]
    )


def _which(key: str) -> str:
    return str(CHANNEL_NAMES.get(key, key))


def _events(words: Sequence[str]) -> str:
    if len(words) == 1:
        return event_name(words[0])
    return _(" or ").join(_("“%(words)s”") % {"words": event_name(word)} for word in words)


def _starts(rule: Rule) -> str:
    words, anchor = event_name(rule["trigger"]), ANCHOR_NAMES.get(str(rule.get("anchor")).rpartition(".")[2])
    return _("%(event)s; counted from %(anchor)s") % {"event": words, "anchor": anchor} if anchor else words


def _pauses(rule: Rule) -> str:
    pauses = rule.get("pause_when") or ()
    if not pauses:
        return _("never") if whose(rule) == "ours" else ""
    words = [
        _("from “%(open)s” until “%(close)s”")
        % {"open": event_name(each["open"]), "close": event_name(each["close"])}
        for each in pauses
    ]
    if rule.get("max_pause"):
        words.append(
            _("%(length)s in all at most") % {"length": length_words(Duration.from_data(rule["max_pause"]))}
        )
    return ", ".join(words)


def _extension(terms: Mapping[str, Any] | None) -> str:
    if not terms:
        return ""
    if terms.get("kind") == "defer_until":
        first = _(" or ").join(event_name(word) for word in terms.get("until_first_of", ()))
        return _("put off until the first of: %(events)s") % {"events": first}
    words = []
    for key, form in (("to", _("to %(length)s")), ("adds", _("by %(length)s"))):
        if terms.get(key):
            words.append(form % {"length": length_words(Duration.from_data(terms[key]))})
    if terms.get("by"):
        words.append(
            _("by decision of: %(who)s") % {"who": _(" or ").join(named(each) for each in terms["by"])}
        )
    if terms.get("max_times") == 1:
        words.append(_("once"))
    if terms.get("reason"):
        words.append(_("reason: %(reason)s") % {"reason": said(terms["reason"])})
    if terms.get("must_notify_customer"):
        words.append(_("the customer is told"))
    return ", ".join(words)


def _roll(rule: Rule) -> str:
    all_lengths = [rule.get("duration"), *(rule.get("duration_by_criticality") or {}).values()]
    if not any(each and Duration.from_data(each).rolls for each in all_lengths):
        return ""
    return {
        "previous": _("the last worked day before it"),
        "next": _("the next worked day"),
    }.get(rule.get("roll", "none"), _("it stays"))


def _warnings(rule: Rule) -> str:
    parts = [f"{round(each * 100)} %" for each in rule.get("warn_at") or ()]
    return _("at %(shares)s of the time") % {"shares": ", ".join(parts)} if parts else ""


def _penalties(rule: Rule) -> str:
    words = []
    for step in rule.get("penalties") or ():
        if "default_rate" in step:
            words.append(_("interest: %(rate)s") % {"rate": said(step["default_rate"])})
        elif "flat_fee_eur" in step:
            words.append(_("€%(amount)s for the costs of recovery") % {"amount": step["flat_fee_eur"]})
        elif step["increase"] == "legal_interest_rate":
            words.append(_("from day %(day)s late: legal interest") % {"day": step["from_day"]})
        else:
            share = f"{round(step['increase'] * 100)} %"
            words.append(_("from day %(day)s late: %(share)s") % {"day": step["from_day"], "share": share})
    return ", ".join(words)


def _proof(rule: Rule, refs: Mapping[str, Any]) -> dict[str, Any]:
    """How sure we are of a rule, and where it stands."""
    level = str(rule.get("confidence") or "design")
    tone = "kept" if level in SURE else "soon" if level in READ_AGAIN else None
    sources = [
        {"ref": said(refs[key]["ref"]), "sure": str(CONFIDENCE_NAMES.get(refs[key]["confidence"], ""))}
        for key in rule.get("source") or ()
        if key in refs
    ]
    return {
        "sure": {
            "words": str(CONFIDENCE_NAMES.get(level, level)),
            "tone": tone,
            "again": level in READ_AGAIN,
        },
        "sources": sources,
    }


def factors(data: Mapping[str, Any]) -> list[tuple[int, str]]:
    found = data.get("criticality") or {}
    rules = [*(found.get("factors") or ()), *(found.get("sla_factors") or ())]
    return sorted(
        ((int(each["weight"]), said(each.get("label")) or condition_words(each["when"])) for each in rules),
        reverse=True,
    )


def levels(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": each["id"],
            "name": said(each["label"]),
            "from": each["min"],
            "circuit": [named(code) for code in each.get("circuit") or ()],
        }
        for each in (data.get("criticality") or {}).get("levels") or ()
    ]


def level(each: Rule) -> dict[str, Any]:
    stay = length_words(Duration.from_data(each["max_dwell"])) if each.get("max_dwell") else ""
    return {
        "level": each["level"],
        "name": said(each["label"]),
        "who": named(each["role"]),
        "code": each["role"],
        "enters": condition_words(each["enters_when"]),
        "stay": stay,
        "note": said(each.get("note")),
    }


def conflict(rules: Rule) -> list[tuple[str, str]]:
    """Who does not touch a case, and what they may still do."""
    never = ", ".join(named(code) for code in rules.get("excluded_roles_from_handling") or ())
    decide = ", ".join(named(code) for code in rules.get("excluded_roles_from_decision") or ())
    note = rules.get("context_note") or {}
    by = rules.get("override") or {}
    rows = [
        (_("Do not handle the case"), never),
        (_("Do not decide it"), decide),
        (_("Scope"), said(rules.get("scope"))),
        (_("They may not"), ", ".join(str(MUST_NOT_NAMES.get(c, c)) for c in rules.get("must_not") or ())),
        (
            _("They may"),
            _("write a note on the facts, once, when asked") if rules.get("may_contribute") else "",
        ),
        (
            _("Time for that note"),
            length_words(Duration.from_data(note["deadline"])) if "deadline" in note else "",
        ),
        (
            _("Exception"),
            _("%(who)s, with a reason, on record") % {"who": _list(named(c) for c in by["by"])}
            if by.get("allowed")
            else "",
        ),
    ]
    return [(term, words) for term, words in rows if words]


def mention(rule: Rule, refs: Mapping[str, Any]) -> dict[str, Any]:
    places = _list(str(PLACE_NAMES.get(code, code)) for code in rule["where"])
    words = _("Must not stand in %(places)s.") if rule.get("forbid") else _("Stands in %(places)s.")
    return {
        "id": rule["id"],
        "sentence": words % {"places": places},
        "when": condition_words(rule["when"]),
        "force": str(FORCE_NAMES.get(rule.get("force", ""), "")),
        "note": said(rule.get("note")),
        **_proof(rule, refs),
    }


def remedies(block: Rule) -> list[tuple[str, str]]:
    limits = [
        _("%(who)s: up to €%(amount)s") % {"who": named(code), "amount": amount}
        if amount is not None
        else _("%(who)s: without limit") % {"who": named(code)}
        for code, amount in (block.get("approval_thresholds_eur") or {}).items()
    ]
    rows = [
        (_("For one customer"), _list(str(REMEDY_NAMES.get(c, c)) for c in block.get("individual") or ())),
        (
            _("For everybody affected"),
            _list(str(REMEDY_NAMES.get(c, c)) for c in block.get("systemic") or ()),
        ),
        (_("Who approves"), "; ".join(limits)),
        *((_("Rule"), said(each)) for each in block.get("rules") or ()),
    ]
    return [(term, words) for term, words in rows if words]


def route(rule: Rule, refs: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        (_("For whom"), condition_words(rule["eligible_when"])),
        (_("Open if"), condition_words(rule["opens_when"]) if rule.get("opens_when") else ""),
        (_("Closed if"), condition_words(rule["closes_when"]) if rule.get("closes_when") else ""),
        (
            _("Who begins"),
            _(" or ").join(str(INITIATOR_NAMES.get(c, c)) for c in rule.get("initiator") or ()),
        ),
        (_("Cost"), said(rule.get("cost"))),
        (_("Effect"), said(rule.get("effect"))),
        (_("Note"), said(rule.get("note"))),
    ]
    return {
        "id": rule["id"],
        "name": said(rule["label"]),
        "rows": [(term, words) for term, words in rows if words],
        **_proof(rule, refs),
    }


def retention(rule: Rule, refs: Mapping[str, Any]) -> dict[str, Any]:
    phases = [
        _("%(length)s from “%(event)s”, %(then)s")
        % {
            "length": length_words(Duration.from_data(each["duration"])),
            "event": _since(each["from"]),
            "then": ENDING_NAMES[each["then"]],
        }
        for each in rule["phases"]
    ]
    return {
        "name": str(DATA_NAMES.get(rule["data_class"], rule["data_class"])),
        "phases": phases,
        "note": said(rule.get("note")),
        **_proof(rule, refs),
    }


def _since(word: str) -> str:
    if word == END_OF_ACTIVE_PHASE:
        return _("end of the first phase")
    return str(MORE_EVENTS.get(word) or event_name(word))


def calendar(block: Rule) -> list[tuple[str, str]]:
    hours = block["business_hours"]
    return [
        (_("Opening hours"), f"{hours['start']} – {hours['end']}"),
        (_("Time zone"), str(block["timezone"])),
        (_("Holidays"), str(block["holidays"]["set"])),
    ]


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)
