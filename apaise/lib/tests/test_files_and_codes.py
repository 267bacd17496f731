"""What a file is by its first bytes, and a link as squares."""

import re

import pytest

from apaise.lib.file_kind import scan_kind
from apaise.lib.qr import svg


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"<svg onload=", None),
        (b"MZ\x90", None),
        (b"GIF89a", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_only_the_first_bytes_tell_what_a_file_is(head, kind):
    assert scan_kind(head) == kind


def test_a_code_is_an_svg_without_style_and_script():
    made = svg("http://testserver/t/1-" + "0" * 48, title='<b>"x"')
    assert made.startswith("<svg viewBox=") and "<b>" not in made
    assert not re.search(r"style=|<script|\son\w+=|href", made)


def test_different_links_are_different_codes():
    assert svg("http://testserver/t/1-a") != svg("http://testserver/t/1-b")
