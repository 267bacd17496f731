"""Why a case is where it is, in words: from the codes that the ledger has."""

from collections.abc import Iterable, Mapping

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from apaise.ground.packs.taxonomy import FAMILIES
from apaise.ground.parties.wording import SECTOR_NAMES

LANGUAGE_NAMES = {"fr": gettext_lazy("speaks French"), "en": gettext_lazy("speaks English")}
SERVED = {
    "waited": gettext_lazy("it has waited for somebody longest, for more than %(hours)s h"),
    "vip": gettext_lazy("it is in the VIP fast lane"),
    "late": gettext_lazy("one of its dates has passed"),
    "soon": gettext_lazy("one of its dates falls within four hours"),
    "balance": gettext_lazy("your last cases were hard; this one is an easier one"),
    "skill": gettext_lazy("it needs what you are good at"),
    "first": gettext_lazy("of those that wait it is the nearest to its date"),
}
GIVEN_BACK = {
    "knows_them": gettext_lazy("I know the customer, or am named in it"),
    "not_my_subject": gettext_lazy("Somebody else knows this subject better"),
    "too_hard_now": gettext_lazy("Too hard for me right now"),
    "other": gettext_lazy("Another reason"),
}
DECIDED = {
    "knows_customer": gettext_lazy("Knows this customer"),
    "other_cause": gettext_lazy("The cause is another one"),
    "workload": gettext_lazy("Balances the load"),
    "language": gettext_lazy("Speaks the language"),
    "other": gettext_lazy("Another reason"),
}
WITHOUT_NEW = {
    "absent": gettext_lazy("absent"),
    "away": gettext_lazy("away for a moment"),
    "no_new": gettext_lazy("takes no new cases now"),
    "full": gettext_lazy("has as many cases as they can carry"),
}


def reasons_in_words(codes: Iterable[str], rule_name: str = "") -> str:
    """`cause:billing`, `language:en`, `load:12/2` → “billing, speaks English, 12 open cases, 2 of them hard”."""
    said = [_reason(code, rule_name) for code in codes]
    return ", ".join(words for words in said if words)


def _reason(code: str, rule_name: str) -> str:
    kind, _colon, value = code.partition(":")
    if kind == "load":
        return load_in_words(*(int(number) for number in value.split("/")))
    if kind == "cause":
        return family_name(value)
    if kind == "language":
        return str(LANGUAGE_NAMES.get(value, value))
    if kind == "segment":
        return segment_name(value)
    if kind == "rule":
        return _("rule “%(name)s”") % {"name": rule_name} if rule_name else _("a rule that is gone")
    plain: Mapping[str, str] = {
        "lane": _("VIP fast lane"),
        "level": _("nobody of that queue is there or may have it, so the next level"),
        "stands_in": _("stands in for somebody absent"),
        "waits": _("nobody there takes new cases now"),
    }
    return plain.get(kind, "")


def load_in_words(open_: int, hard: int) -> str:
    cases = ngettext("%(num)s open case", "%(num)s open cases", open_) % {"num": open_}
    if not hard:
        return cases
    return _("%(cases)s, %(hard)s of them hard") % {"cases": cases, "hard": hard}


def family_name(code: str) -> str:
    found = next((family.label.said(get_language()) for family in FAMILIES if family.code == code), code)
    return found[:1].lower() + found[1:]


def segment_name(code: str) -> str:
    kinds = {
        "vip": _("VIP"),
        "consumer": _("consumers"),
        "business": _("businesses"),
        "micro_business": _("very small businesses"),
        "public_body": _("public bodies"),
        "association": _("associations"),
    }
    return kinds.get(code) or str(SECTOR_NAMES.get(code, code))
