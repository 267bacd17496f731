"""winmail.dat: what few bytes may ask for is capped, and what was read before the cap stays."""

import struct

import pytest

from apaise.lib.mime import read
from apaise.lib.mime.rtf import text_of, unpacked
from apaise.lib.mime.tests.mails import mail
from apaise.lib.mime.tnef import read_tnef

START = b"\x78\x9f\x3e\x22\1\0"
BODY, PROPERTIES, FILE, CONTENT, TITLE, OF_FILE = 0x800C, 0x9003, 0x9002, 0x800F, 0x8010, 0x9005
TEXT, RTF, STRING, BINARY, NUMBER = 0x1000, 0x1009, 0x1E, 0x102, 0x03


def attribute(name: int, content: bytes = b"") -> bytes:
    return struct.pack("<BHHI", 1, name, 0, len(content)) + content + b"\0\0"


def properties(*ones: bytes) -> bytes:
    return struct.pack("<I", len(ones)) + b"".join(ones)


def words(name: int, kind: int, content: bytes, values: int = 1) -> bytes:
    padded = content + b"\0" * (-len(content) % 4)
    return struct.pack("<HHII", kind, name, values, len(content)) + padded


def number(name: int) -> bytes:
    return struct.pack("<HHI", NUMBER, name, 7)


def compressed(rtf: bytes, *, claimed: int | None = None) -> bytes:
    return struct.pack("<II4sI", len(rtf) + 12, len(rtf) if claimed is None else claimed, b"MELA", 0) + rtf


def test_words_and_files_are_read():
    found = read_tnef(
        START
        + attribute(PROPERTIES, properties(number(0x17), words(TEXT, STRING, b"Le four fume.\0")))
        + attribute(FILE)
        + attribute(TITLE, b"four.jpg\0")
        + attribute(CONTENT, b"\xff\xd8")
    )
    assert found.is_whole
    assert found.text == "Le four fume."
    assert [(one.name, one.content) for one in found.files] == [("four.jpg", b"\xff\xd8")]


def test_no_more_than_twenty_thousand_properties_of_all_sets_together_are_read():
    five_thousand = attribute(PROPERTIES, properties(*[number(0x17)] * 5_000))
    said = attribute(PROPERTIES, properties(words(TEXT, STRING, b"Fin")))
    within = read_tnef(START + five_thousand * 3 + said)
    assert (within.text, within.properties, within.is_whole) == ("Fin", 15_001, True)
    beyond = read_tnef(START + five_thousand * 4 + said)
    assert (beyond.text, beyond.properties, beyond.is_whole) == ("", 20_000, False)


def test_a_property_that_claims_more_than_ten_thousand_values_ends_its_set():
    many = words(0x17, STRING | 0x1000, b"a", values=10_001)
    found = read_tnef(START + attribute(PROPERTIES, properties(words(TEXT, STRING, b"Avant"), many)))
    assert (found.text, found.is_whole) == ("Avant", False)


def test_the_two_hundred_and_first_file_is_left_out():
    one = attribute(FILE) + attribute(TITLE, b"a.txt") + attribute(CONTENT, b"x")
    assert len(read_tnef(START + one * 250).files) == 200


def test_the_twenty_thousandth_attribute_is_the_last():
    found = read_tnef(START + attribute(0x1234) * 20_000 + attribute(BODY, b"trop loin"))
    assert (found.text, found.is_whole) == ("", False)


def test_a_text_is_cut_at_two_megabytes():
    letters = b"a" * 3_000_000
    assert len(read_tnef(START + attribute(BODY, letters)).text) == 2 * 1024 * 1024
    in_set = attribute(PROPERTIES, properties(words(TEXT, STRING, letters)))
    assert len(read_tnef(START + in_set).text) == 2 * 1024 * 1024


def test_a_file_in_pieces_is_told_and_what_was_read_stays():
    whole = START + attribute(BODY, b"Bonjour") + attribute(FILE) + attribute(CONTENT, b"abcdef")
    found = read(mail(whole[:-5], content_type="application/ms-tnef"))
    assert "bad-tnef" in found.defects
    assert found.text == "Bonjour"


def test_rich_text_that_unpacks_for_ever_stops_at_one_megabyte():
    bomb = bytearray(struct.pack("<II4sI", 0, 0x7FFFFFFF, b"LZFu", 0))
    for copy in range(
        80_000
    ):  # each pair of bytes asks for seventeen more; the place that would mean the end is passed by
        bomb += b"\xff" if copy % 8 == 0 else b""
        bomb += b"\x00\x1f" if (207 + 17 * copy) % 4096 == 0 else b"\x00\x0f"
    assert len(bomb) < 180_000
    assert 1024 * 1024 <= len(unpacked(bytes(bomb))) < 1024 * 1024 + 100


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi D\'e9g\'e2t des eaux\par Merci}", "Dégât des eaux\nMerci"),
        (rb"{\rtf1\ansi\ansicpg1251 \'d1\'ef\'e0\'f1\'e8\'e1\'ee}", "Спасибо"),
        (rb"{\rtf1\ansi\u8364 \'80 12}", "€ 12"),
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}Bonjour}", "Bonjour"),
    ],
)
def test_rich_text_is_read_in_its_own_letters(rtf, text):
    assert text_of(unpacked(compressed(rtf))) == text


def test_of_six_packed_files_five_are_opened():
    packed = START + attribute(FILE) + attribute(TITLE, b"a.txt") + attribute(CONTENT, b"x")
    part = b"--x\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + packed + b"\r\n"
    found = read(mail(part * 6 + b"--x--", content_type="multipart/mixed; boundary=x"))
    assert sorted(one.name for one in found.attachments) == ["a.txt"] * 5 + ["winmail.dat"]
