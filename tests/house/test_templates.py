"""Templates compile, name what exists, and hold nothing the content policy forbids."""

import pytest

from tools import lint_templates


def test_templates_are_sound():
    assert lint_templates.faults() == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color: red">',
        "<script>alert(1)</script>",
        '<a onclick="x()">',
        '<div hx-on:click="x()">',
        "{{ words | safe }}",
        '<img src="//elsewhere.test/a.png">',
        '<form method="post"></form>',
        '{% include "no/such.html" %}',
        '{{ url("no-such-name") }}',
        '{{ static("no/such.css") }}',
        "{{ words | no_such_filter }}",
        "{% if %}",
    ],
)
def test_what_is_wrong_in_a_template_is_found(bad, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(bad, encoding="utf-8")
    assert len(list(lint_templates._faults(page))) == 1
