"""What a final reply must say and must not say, as far as it can be checked without reading its meaning."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import yaml
from django.utils.translation import gettext as _

from apaise.ground.packs import DATA
from apaise.ground.packs.mentions import Mention, Mentions, mentions_for
from apaise.ground.packs.predicate import Facts, evaluate
from apaise.ground.packs.render import EmptyVariable, render_fragment
from apaise.intake.cases import deadlines, guards, letters
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib.language.folding import folded

_APOLOGY = {"fr": r"\bexcus|desole|\bregrett|\bnavre", "en": r"\bsorry\b|\bapolog|\bregret"}
_THANKS = {"fr": r"\bmerci|\bremerci", "en": r"\bthank|\bgrateful"}
# Mentions a pack forbids, by id: what such a mention looks like (C. conso. L612-4; Reg. (EU) 2024/3228).
_FORBIDDEN_MENTIONS = {
    "no_odr_link": r"ec\.europa\.eu/(?:consumers/)?odr|webgate\.ec\.europa\.eu|plateforme (?:rll|europeenne de reglement)|odr platform",
    "no_mandatory_mediation_clause": r"(?:vous devez|il faut|obligatoire de) (?:d'abord |au prealable |obligatoirement )?saisir (?:le|notre|un) mediateur"
    r"|you (?:must|have to) (?:first )?(?:refer|go|apply) to (?:the|our|a) (?:mediator|ombudsman)",
}


_ABOUT_THE_CUSTOMER = ("customer.kind", "case.customer_satisfied", "case.reply_cap_breached")


class Texts(NamedTuple):
    """The mentions of one reply: what is added below the letter, and what it may not contain."""

    texts: tuple[str, ...]
    forbidden: tuple[str, ...]  # patterns


def mentions(case: Case, *, outcome: str, found_cause: str) -> Texts:
    """The mentions the frozen pack demands for this outcome. Raises Refused when one cannot be written."""
    facts = {**facts_of(case), "case.final_reply_outcome": outcome, "case.cause": found_cause}
    found = mentions_for(case.pack_version.pack, "final_reply", facts)
    texts = [_text(case, mention) for mention in found.required if mention.template]
    texts += [
        text for text in (_text_if_possible(case, mention) for mention in _in_doubt(found, facts)) if text
    ]
    banned = [mention.id for mention in (*found.forbidden, *found.to_check) if mention.forbid]
    return Texts(
        tuple(dict.fromkeys(texts)),
        tuple(_FORBIDDEN_MENTIONS[name] for name in banned if name in _FORBIDDEN_MENTIONS),
    )


def mentions_in(case: Case, where: str) -> tuple[str, ...]:
    """The mentions the frozen pack demands in another kind of message, as far as they can be written."""
    facts = {**facts_of(case), "case.reply_cap_breached": True}
    found = mentions_for(case.pack_version.pack, where, facts)
    texts = (_text_if_possible(case, mention) for mention in (*found.required, *_in_doubt(found, facts)))
    return tuple(dict.fromkeys(text for text in texts if text))


def mention_names(case: Case) -> list[str]:
    """The templates of mentions that a refusal of this case would carry, for the page to announce."""
    facts = {**facts_of(case), "case.final_reply_outcome": "refused"}
    found = mentions_for(case.pack_version.pack, "final_reply", facts)
    return [
        mention.template
        for mention in (*found.required, *_in_doubt(found, facts))
        if mention.template and not mention.forbid
    ]


def _in_doubt(found: Mentions, facts: Facts) -> list[Mention]:
    """Not knowing who the customer is, is no reason to keep a right from them. Not knowing what the case is about
    is one to keep silent: nobody with a cut line wants to read of the law on flights."""
    return [
        mention
        for mention in found.to_check
        if all(
            leaf.fact in _ABOUT_THE_CUSTOMER
            for leaf in evaluate(mention.when, facts).because
            if leaf.outcome is None
        )
    ]


def _text(case: Case, mention: Mention) -> str:
    try:
        return render_fragment(str(mention.template), case.language, _values(case))
    except EmptyVariable as gap:
        raise Refused(
            _(
                "The policy of this case demands a mention that cannot be written: %(missing)s is not set. Ask the administrator."
            )
            % {"missing": ", ".join(gap.names)}
        ) from gap


def _text_if_possible(case: Case, mention: Mention) -> str:
    if mention.forbid or not mention.template:
        return ""
    try:
        return render_fragment(mention.template, case.language, _values(case))
    except EmptyVariable:
        return ""


def _values(case: Case) -> dict[str, str]:
    desk, until = case.desk, deadlines.window_end(case, "mediator_window")
    return {
        "mediator_name": desk.mediator_name,
        "mediator_postal_address": desk.mediator_postal_address,
        "mediator_website": desk.mediator_website,
        "mediator_window_end": letters.long_date(until, case.language) if until else "",
        "written_complaint_at": letters.long_date(case.written_complaint_at, case.language)
        if case.written_complaint_at
        else "",
        "contract_dispute_clause": desk.contract_dispute_clause,
        "escalation_contact": desk.escalation_contact,
    }


def gap(case: Case, text: str, wanted: Texts) -> str | None:
    """The first thing this reply lacks or may not say, or None."""
    plain = folded(text)
    present = {
        "apology": bool(re.search(_APOLOGY[case.language], plain)),
        "thanks": bool(re.search(_THANKS[case.language], plain)),
    }
    return guards.reply_gap(
        text, forbidden=[*_blocked(plain), *_banned(plain, wanted.forbidden)], fields=present
    )


def _blocked(plain: str) -> Iterable[str]:
    # « c'est ainsi que nous … » only links two sentences.
    return [
        phrase for phrase in _blocked_phrases() if re.search(rf"\b{re.escape(phrase)}\b(?! que\b)", plain)
    ]


def _banned(plain: str, patterns: Iterable[str]) -> Iterable[str]:
    return [found.group() for pattern in patterns if (found := re.search(pattern, plain))]


@lru_cache(maxsize=1)
def _blocked_phrases() -> tuple[str, ...]:
    data: dict[str, Any] = yaml.load(
        (DATA / "deescalation.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    blocked = [phrase for phrase in data["forbidden_phrases"] if phrase["severity"] == "block"]
    return tuple(
        folded(words) for phrase in blocked for words in (*phrase["detect_fr"], *phrase["detect_en"])
    )
