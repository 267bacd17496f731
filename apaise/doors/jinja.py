"""The Jinja environment of every page: strict, autoescaped, with our words for dates, money and people."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from apaise.lib import clock, saying
from apaise.lib.typography import typeset


class Quick(Environment):
    """Looks into a dict where one is given: most of what our pages show comes in dicts, and `x.y` tries attributes first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj and not hasattr(dict, attribute):
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment(**options: Any) -> Environment:
    """Called by Django once. Templates never see Django's settings, only what is named here."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    options.pop("autoescape", None)  # not an option here
    made = Quick(autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)
    # Every translated sentence is set by the typographer, so that no template has to think of it.
    made.install_gettext_callables(  # type: ignore[attr-defined]
        _set(translation.gettext),
        _set(translation.ngettext),
        newstyle=True,
        pgettext=_set(translation.pgettext),
        npgettext=_set(translation.npgettext),
    )
    made.globals.update(
        static=static,
        url=_url,
        language=_language,
        demo=settings.DEMO,
        demo_is_filling=_demo_is_filling,
        current_path=current_path,
        now=clock.now,
    )
    made.filters.update(_filters())
    return made


def _demo_is_filling() -> bool:
    from apaise.doors.demo.state import is_filling  # only a demonstration needs it

    return is_filling()


def _filters() -> dict[str, Any]:
    return {
        "typo": typo,
        "day": _day,
        "clock": _in_zone(saying.clock),
        "hour": _in_zone(saying.hour),
        "stamp": _in_zone(saying.moment),
        "moment": _moment,
        "due": _from_now(saying.relative_due),
        "ago": _from_now(saying.ago),
        "since": _from_now(saying.since),
        "duration": _spoken(saying.duration),
        "number": _spoken(saying.number),
        "percent": _spoken(saying.percent),
        "file_size": _spoken(saying.file_size),
        "money": _money,
        "iso": _iso,
        "initials": saying.initials,
        "phone": saying.phone,
        "person_tone": person_tone,
        "pack_name": _pack_name,
    }


def typo(text: Any) -> str:
    """Our own words set in the reader's typography; for what a customer wrote, use nothing."""
    done = typeset(str(text), _language())
    return Markup(done) if hasattr(text, "__html__") else done  # noqa: S704  (it was markup before)


def person_tone(ident: Any) -> int:
    """The colour of an avatar, 1 to 5: always the same for the same person."""
    return crc32(str(ident).encode()) % 5 + 1


@pass_context
def current_path(context: Context) -> str:
    return str(context["request"].path)


def _pack_name(version: Any) -> str:
    """A policy as people call it, with its version; its code is for machines."""
    said = version.pack.name
    return typo(f"{said.get(_language()) or said['fr']}, {version.version}")


def _iso(at: date | datetime) -> str:
    return at.isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def _moment(at: datetime) -> str:
    return saying.moment(at, _language(), timezone.get_current_timezone(), clock.now())


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs)


def _set(gettext: Callable[..., str]) -> Callable[..., str]:
    @lru_cache(maxsize=4096)
    def said(language: str, *words: Any) -> str:
        return typeset(gettext(*words), language)

    # Looked up once for each language: a page of a case says two thousand words, mostly the same.
    return lambda *words: said(_language(), *words)


def _day(on: date | datetime, **options: bool) -> str:
    if isinstance(on, datetime):
        on = on.astimezone(timezone.get_current_timezone()).date()
    return saying.day(on, _language(), **options)


def _in_zone(say: Callable[..., str]) -> Callable[[datetime], str]:
    return lambda at: say(at, _language(), timezone.get_current_timezone())


def _from_now(say: Callable[..., str]) -> Callable[[datetime], str]:
    return lambda at: say(at, clock.now(), _language(), timezone.get_current_timezone())


def _spoken(say: Callable[..., str]) -> Callable[..., str]:
    def filter_(value: timedelta | Decimal | int | float, *options: int) -> str:
        return say(value, _language(), *options)

    return filter_


def _money(amount: Decimal, currency: str = "EUR") -> str:
    return saying.money(amount, currency, _language())
