import pytest
from hypothesis import given
from hypothesis import strategies as st

from apaise.lib.transcript import Broken, Said, form_of, read

VTT = """WEBVTT - appel 7

NOTE
case: R-2026-00012
agent: Nadia

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start
<v Nadia Roux>Bonjour &amp; bienvenue

00:02.000 --> 00:04.000
<v.loud Mme Dupont>C'est <i>la troisième</i> <00:03.000>fois !</v>
<v Nadia Roux>Je note.
"""
SRT = "1\n00:00:01,000 --> 00:00:02,500\nAgent : Bonjour\n\n2\n00:00:02,500 --> 00:00:04,000\nCliente: Trois fois\n\n3\n00:00:04,000 --> 00:00:05,000\ndéjà.\n"
TXT = "NOTE case: R-2026-00012\n[00:01:02] Nadia: Bonjour\n[00:01:05] Mme Dupont : Trois fois\net voilà : rien.\n"


def test_webvtt_gives_voices_times_and_notes():
    found = read(VTT.encode())
    assert found.turns == [
        Said("Nadia Roux", "Bonjour & bienvenue", 1000, 2500),
        Said("Mme Dupont", "C'est la troisième fois !", 2000, 4000),
        Said("Nadia Roux", "Je note.", 2000, 4000),
    ]
    assert found.notes == {"case": "R-2026-00012", "agent": "Nadia"}


def test_srt_takes_the_name_before_the_colon_and_goes_on_with_it():
    assert read(SRT.encode()).turns == [
        Said("Agent", "Bonjour", 1000, 2500),
        Said("Cliente", "Trois fois", 2500, 4000),
        Said("Cliente", "déjà.", 4000, 5000),
    ]


def test_text_with_times_begins_a_turn_at_each_time_only():
    found = read(TXT.encode())
    assert found.turns == [
        Said("Nadia", "Bonjour", 62_000),
        Said("Mme Dupont", "Trois fois et voilà : rien.", 65_000),
    ]
    assert found.notes == {"case": "R-2026-00012"}


def test_text_without_times_begins_a_turn_at_each_name():
    assert read(b"Agent: Bonjour\nAnn: My parcel\nis broken\n").turns == [
        Said("Agent", "Bonjour"),
        Said("Ann", "My parcel is broken"),
    ]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("text", [VTT, SRT, TXT])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_it_reads_the_same_in_every_charset_and_with_every_line_end(charset, text, ends):
    assert read(text.replace("\n", ends).encode(charset)) == read(text.encode())


def test_times_that_overlap_or_run_backwards_stay_as_far_as_they_make_sense():
    found = read(b"WEBVTT\n\n00:05.000 --> 00:02.000\n<v A>un\n\n00:01.000 --> 00:09.000\n<v B>deux\n").turns
    assert [(one.start_ms, one.end_ms) for one in found] == [(5000, None), (1000, 9000)]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>un\n\n00:02.000 --> 00:0", "bad_time", 6),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>un\n\n00:02.000 --> 00:03.000", "cut", 6),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Mar", "cut", 4),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>un\n\n7\n", "no_time", 6),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>un\n\nun mot\nperdu\n", "no_time", 7),
        ("1\n00:00:01,000 --> 00:00:02,000\nA: un\n\n2\n00:00:02,000 --> ", "bad_time", 6),
        ("WEBVTT\n", "nothing", 2),
        ("", "nothing", 1),
    ],
)
def test_a_file_that_breaks_off_is_named_with_its_line(text, code, line):
    with pytest.raises(Broken) as broken:
        read(text.encode())
    assert (broken.value.code, broken.value.line) == (code, line)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (VTT, "vtt"),
        (SRT, "srt"),
        (TXT, "txt"),
        ("Agent: Bonjour\nAnn: Hello\n", "txt"),
        ("Chère Madame,\nvoici le compte rendu de la réunion.\nCordialement\n", ""),
        ("", ""),
    ],
)
def test_the_form_is_told_by_the_content(text, form):
    assert form_of(text) == form


@given(
    st.binary(max_size=300)
    | st.text(alphabet="WEBVT\n\r0123:.->< vABé[](),NOTE", max_size=200).map(str.encode)
)
def test_whatever_the_bytes_it_reads_or_says_why_not(raw):
    try:
        found = read(raw)
    except Broken as broken:
        assert 1 <= broken.line <= raw.count(b"\n") + raw.count(b"\r") + 2
    else:
        assert all(one.text == one.text.strip() and "\0" not in one.text for one in found.turns)
