"""Templates say dates, money and translated words in the reader's language, set by the typographer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from markupsafe import Markup

from apaise.doors import jinja as door
from apaise.lib.clock import at_moment

NOW = datetime(2026, 11, 24, 13, 6, tzinfo=UTC)  # 14 h 06 in Paris


def said(jinja, language: str, source: str, **words: object) -> str:
    with translation.override(language), at_moment(NOW):
        return jinja.from_string(source).render(words)


@pytest.mark.parametrize(
    ("source", "value", "fr", "en"),
    [
        ("{{ it|day }}", date(2026, 12, 4), "4\u00a0décembre 2026", "4\u00a0December 2026"),
        (
            "{{ it|day(weekday=true, year=false) }}",
            datetime(2026, 12, 3, 23, 30, tzinfo=UTC),
            "vendredi 4\u00a0décembre",
            "Friday 4\u00a0December",
        ),
        ("{{ it|moment }}", NOW - timedelta(hours=1), "aujourd’hui, 13\u00a0h\u00a006", "today, 13:06"),
        ("{{ it|stamp }}", NOW, "24\u00a0nov. 2026, 14\u00a0h\u00a006", "24\u00a0Nov 2026, 14:06"),
        ("{{ it|clock }}", NOW, "14\u00a0h\u00a006", "14:06"),
        ("{{ it|hour }}", NOW + timedelta(minutes=54), "15\u00a0h", "3\u00a0pm"),
        (
            "{{ it|due }}",
            NOW + timedelta(hours=1, minutes=54),
            "dans 1\u00a0h\u00a054",
            "in 1\u00a0h\u00a054",
        ),
        ("{{ it|ago }}", NOW - timedelta(minutes=5), "il y a 5\u00a0min", "5\u00a0min ago"),
        ("{{ it|since }}", NOW - timedelta(days=22), "depuis 22\u00a0jours", "for 22\u00a0days"),
        ("{{ it|duration }}", timedelta(minutes=65), "1\u00a0h\u00a005", "1\u00a0h\u00a005"),
        ("{{ it|money('EUR') }}", Decimal("38.90"), "38,90\u00a0€", "€38.90"),
        ("{{ it|number }}", 1240, "1\u202f240", "1,240"),
        ("{{ it|percent(1) }}", Decimal("0.061"), "6,1\u00a0%", "6.1%"),
        ("{{ it|file_size }}", 188_000, "188\u00a0ko", "188\u00a0kB"),
        ("{{ it|initials }}", "Inès Carlier", "IC", "IC"),
        ("{{ it|iso }}", NOW, "2026-11-24T13:06:00+00:00", "2026-11-24T13:06:00+00:00"),
    ],
)
def test_filters_speak_the_readers_language(jinja, source, value, fr, en):
    assert said(jinja, "fr", source, it=value) == fr
    assert said(jinja, "en", source, it=value) == en


def test_every_translated_sentence_is_set_before_its_values_are_put_in(jinja):
    source = '{{ _("Hand it to %(name)s? It\'s done: 71%%", name=name) }}'
    # No French catalogue is needed to see it: an untranslated sentence is set by the reader's rules.
    assert (
        said(jinja, "fr", source, name="O'Neil ?")
        == "Hand it to O&#39;Neil ?\u202f? It’s done\u00a0: 71\u00a0%"
    )
    assert said(jinja, "en", source, name="O'Neil") == "Hand it to O&#39;Neil? It’s done: 71%"


def test_typo_keeps_text_text_and_markup_markup():
    with translation.override("fr"):
        assert door.typo("a<b ?") == "a<b\u202f?"
        assert not isinstance(door.typo("a<b ?"), Markup)
        assert door.typo(Markup("<b>Oui</b> !")) == Markup("<b>Oui</b>\u202f!")


def test_a_person_keeps_their_colour():
    assert door.person_tone(12) == door.person_tone("12")
    assert {door.person_tone(number) for number in range(40)} == {1, 2, 3, 4, 5}
