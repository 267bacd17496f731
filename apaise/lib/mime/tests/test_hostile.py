"""Crafted and damaged mail: never an error but Unreadable, never more work than its size deserves."""

import base64
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apaise.lib.mime import Limits, Mail, Unreadable, read, safe_html, tongue
from apaise.lib.mime.tests.mails import html, mail

LOADED_WHEN_ASKED = (safe_html, tongue)
CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parents[4] / "tests/mail").glob("*.eml"))]


def steps(raw: bytes) -> int:
    """Lines of our own code that reading takes: time without a clock."""
    taken = 0

    def count(frame, event, _):
        nonlocal taken
        taken += event == "line"
        return count if "/lib/mime/" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(count)
    try:
        whole(read(raw))
    except Unreadable:
        pass
    finally:
        sys.settrace(before)
    return taken


def whole(found: Mail) -> tuple[object, ...]:
    """Also what is worked out only when asked for."""
    return found.html_sanitised, found.language, [one.sha256 for one in found.attachments]


SIGNED = bytes.fromhex("308006092a864886f70d010702a08030800201013100308006092a864886f70d010701a080")
WINMAIL = b"\x78\x9f\x3e\x22\1\0"
FILE = b"\2\x02\x90\6\0\0\0\0\0\0\0"

CRAFTED = {
    "nested parts": lambda n: mail(
        b"".join(
            b"--b%d\r\ncontent-type: multipart/mixed; boundary=b%d\r\n\r\n" % (i, i + 1) for i in range(n)
        ),
        content_type="multipart/mixed; boundary=b0",
    ),
    "many parts": lambda n: mail("--x\r\n\r\na\r\n" * n, content_type="multipart/mixed; boundary=x"),
    "almost boundaries": lambda n: mail("--xy\r\n" * n, content_type="multipart/mixed; boundary=x"),
    "many headers": lambda n: b"X: y\r\n" * n + mail(),
    "heads": lambda n: mail("On On On On " * 20 * n),
    "head lines": lambda n: mail("Le 3 mars 2025, x a écrit\n" * n),
    "wrote": lambda n: mail("On 3/3/25 wrote on 3 wrote on 3 wrote:\nx\n" * n),
    "schrieb": lambda n: mail("Am 3.3.25 schrieb schrieb schrieb:\nx\n" * n),
    "dashes": lambda n: mail(("-" * 300 + "\n") * n),
    "labels": lambda n: mail("De : x\n" * n),
    "phones": lambda n: mail("Envoyé de mon Samsung Samsung Samsung Samsung le\n" * n),
    "disclaimers": lambda n: mail("Ce message est confidentiel, destinataire, par erreur\n\n" * n),
    "citations": lambda n: mail("Il dit :\n> a\nb\n" * n),
    "wrapped quotes": lambda n: mail(("> " + "x" * 80 + "\nabc\n") * n),
    "names": lambda n: mail("Jeanne <a@b.test>\n" * n),
    "blank lines": lambda n: mail("\n" * n + "fin"),
    "signatures": lambda n: mail("-- \nx\n" * n),
    "encoded words": lambda n: mail(subject="=?utf-8?q?" * n),
    "endless header": lambda n: b"From: a@b.test\r\nX: y\r\n" + b" y\r\n" * 20 * n + b"\r\nx",
    "uuencoded": lambda n: mail("begin 644 a\r\n#86)C\r\nend\r\n" * n),
    "uuencoded without end": lambda n: mail("begin 644 a\r\n!\r\n" * n),
    "pieces of base64": lambda n: mail("QQ==\r\n" * n, content_transfer_encoding="base64"),
    "escapes": lambda n: mail(b"\x1b$B-!" * n, content_type="text/plain; charset=iso-2022-jp"),
    "pgp": lambda n: mail("-----BEGIN PGP SIGNED MESSAGE-----\n\n" * n),
    "events": lambda n: mail("BEGIN:VEVENT\r\nSUMMARY:a\\n\r\n" * n, content_type="text/calendar"),
    "signed": lambda n: mail(SIGNED + b"\x24\x80" * n, content_type="application/pkcs7-mime"),
    "signed chunks": lambda n: mail(
        SIGNED + b"\x24\x80" + b"\4\0" * n, content_type="application/pkcs7-mime"
    ),
    "winmail": lambda n: mail(WINMAIL + b"\2\x02\x90\6" + b"\0" * 7 * n, content_type="application/ms-tnef"),
    "winmail files": lambda n: mail(WINMAIL + FILE * n, content_type="application/ms-tnef"),
    "closed comments": lambda n: mail(to="(" * n + ")"),
    "escaped quotes": lambda n: mail(to='"\\"' * n),
    "questions": lambda n: mail(to="=?utf-8?q?" + "?=C3" * n),
    "addresses": lambda n: mail(to='"<(,' * n),
    "comments": lambda n: mail(to="(" * n + "a@b.test"),
    "parameters": lambda n: mail(content_type="text/plain" + ';a="' * n),
    "open tags": lambda n: html("<div>" * n + "x"),
    "quotes": lambda n: html("<blockquote type=cite>" * n + "x<br>" * n),
    "gmail quotes": lambda n: html("<div class=gmail_quote>" * n + "x"),
    "borders": lambda n: html("<p style='border:none;border-top:solid #E1E1E1 1.0pt'>De : x" * n),
    "entities": lambda n: html("&amp;" * n),
}


@pytest.mark.parametrize("make", CRAFTED.values(), ids=CRAFTED)
def test_twice_the_crafted_mail_costs_at_most_twice_the_steps(make):
    assert steps(make(1_000)) <= 2.2 * steps(make(500)) + 500


def test_steps_are_counted():
    assert steps(mail("Bonjour")) > 100


def test_ten_thousand_nested_parts_are_read_to_the_depth_that_makes_sense():
    found = read(CRAFTED["nested parts"](10_000))
    assert "too-deep" in found.defects


def test_a_large_attachment_is_decoded_once_and_a_large_text_is_cut():
    found = read(mail("mot " * 1_000_000))
    assert len(found.text) <= Limits().text_bytes
    assert found.defects == ["text-too-long"]


def test_no_pattern_repeats_a_repeat_without_bound():
    """The one shape of pattern that a crafted line can make slow for ever."""
    names = [name for name in sys.modules if name.startswith("apaise.lib.mime") and ".tests" not in name]
    patterns = {value for name in names for value in flat(vars(sys.modules[name]).values())}
    assert len(patterns) > 30
    assert [
        one.pattern for one in patterns if repeats_a_repeat(re._parser.parse(one.pattern, one.flags), False)
    ] == []


def flat(values):
    for value in values:
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, list | tuple):
            yield from (one for one in value if isinstance(one, re.Pattern))


def repeats_a_repeat(tree, inside: bool) -> bool:
    for code, argument in tree:
        within = inside
        if str(code) in ("MAX_REPEAT", "MIN_REPEAT"):
            endless = argument[1] > 10_000
            if endless and inside:
                return True
            within = inside or endless
        for piece in argument if isinstance(argument, tuple | list) else ():
            for tree_in in piece if isinstance(piece, list) else [piece]:
                if isinstance(tree_in, re._parser.SubPattern) and repeats_a_repeat(tree_in, within):
                    return True
    return False


FRAGMENTS = rb"""
\r\n|\n\n|\0|--|=?|?=|=?utf-8?b?|;|"|<|>|:|\xe9|\xff\xfe|%|charset=utf-16|<div>|De : x\n|> |\nOn 3/3/25 10:12, x wrote:\n
|Content-Type: multipart/mixed; boundary=a\r\n|Content-Transfer-Encoding: base64\r\n|Content-Type: text/html\r\n
"""
PIECES = st.sampled_from([piece.decode("unicode_escape").encode("latin1") for piece in FRAGMENTS.split(b"|")])
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES | st.binary(max_size=8)), max_size=12
)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(CORPUS), CHANGES)
def test_a_mutated_mail_is_read_or_refused_within_its_budget(raw, changes):
    for place, cut, piece in changes:
        at = int(place * len(raw))
        raw = raw[:at] + piece + raw[at + cut :]
    assert steps(raw) <= 20_000 + 10 * len(raw)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_after_a_header_are_read(body):
    found = read(b"From: a@b.test\r\nContent-Type: text/html; charset=x\r\n\r\n" + body)
    assert "\0" not in found.text
    found.text.encode("utf-8")  # whole letters only
    whole(found)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["application/ms-tnef", "application/pkcs7-mime", "text/calendar"]),
    st.binary(max_size=300),
)
def test_any_bytes_in_a_wrapping_are_read(kind, inside):
    starts = {
        "application/ms-tnef": WINMAIL + b"\1\x0c\x80\2\0\xff\0\0\0",
        "application/pkcs7-mime": SIGNED + b"\4\x7f",
        "text/calendar": b"BEGIN:VEVENT\r\nSUMMARY:",
    }
    found = read(mail(starts[kind] + inside, content_type=kind))
    assert "\0" not in found.text
    found.text.encode("utf-8")
    whole(found)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_no_header_value_breaks_its_line(value):
    word = b"=?utf-8?b?" + base64.b64encode(value.encode("utf-8", "replace")) + b"?="
    found = read(mail(from_=word + b" <a@b.test>", subject=word, message_id=word))
    for shown in (found.subject, found.from_[0].name, found.from_[0].address, found.message_id or ""):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", shown)
    assert found.from_[0].address == "a@b.test"
