import io
import tracemalloc

import pytest

from apaise.lib import mbox

FROM = b"From claire@exemple.test Wed Nov 25 10:00:00 2026\n"
ONE = b"Subject: a\nFrom: claire@exemple.test\n\nPersonne n'est venu.\n"


def raws(content, largest=1_000_000):
    return [found.raw for found in mbox.mails(io.BytesIO(content), largest=largest)]


@pytest.mark.parametrize(
    "line",
    [
        FROM,
        b"From - Wed Nov 25 10:00:00 2026\n",
        b"From MAILER-DAEMON Wed Nov  5 10:00:00 2026\r\n",
        b"From 1591@xxx Wed Nov 25 10:00:00 +0000 2026\n",
        b"From claire 2026-11-25T10:00:00\n",
        b"From ???@??? Wed Nov 25 10:00 2026\n",
    ],
)
def test_a_from_line_begins_a_mail_however_it_is_dated(line):
    assert mbox.begins_one(line + ONE)
    assert raws(line + ONE + b"\n" + line + ONE) == [ONE, ONE]


@pytest.mark.parametrize(
    "sentence",
    [
        b"From now on I write every day.\n",
        b"From here on\nSubject: this is no header\n",
        b"From 2026 on, at the latest.\n",
        b"From 10:00 in 2026 on I waited.\nNobody came.\n",
        b"From:claire\n",
    ],
)
def test_a_sentence_that_begins_with_from_begins_no_mail(sentence):
    assert raws(FROM + ONE + b"\n" + sentence) == [ONE + b"\n" + sentence]


def test_one_escape_is_taken_off_as_both_dialects_write_it():
    assert raws(FROM + b"Subject: a\n\n>From me\n>>From me\n> From me\n>From: me\n") == [
        b"Subject: a\n\nFrom me\n>From me\n> From me\n>From: me\n"
    ]


def test_a_content_length_is_not_believed():
    lying = b"Subject: a\nContent-Length: 99999\n\nMot.\n"
    assert raws(FROM + lying + b"\n" + FROM + ONE) == [lying, ONE]


def test_files_put_together_without_a_blank_line_between_them_are_told_apart():
    assert raws(FROM + ONE + FROM + ONE) == [ONE, ONE]


def test_the_last_mail_ends_with_the_file_whether_or_not_its_line_does():
    assert raws(FROM + b"Subject: a\n\ncoup") == [b"Subject: a\n\ncoup"]
    assert raws(FROM + b"Subject: a\r\n\r\nfin\r\n\r\n") == [b"Subject: a\r\n\r\nfin\r\n"]


@pytest.mark.parametrize(("content", "found"), [(b"", []), (FROM, [b""]), (FROM + FROM + ONE, [b"", ONE])])
def test_an_empty_file_or_mail_is_what_it_is(content, found):
    assert raws(content) == found


def test_a_mail_too_large_is_said_to_be_and_the_next_one_is_whole():
    huge = b"Subject: b\n\n" + b"x" * 5000 + b"\n"
    found = list(mbox.mails(io.BytesIO(FROM + huge + b"\n" + FROM + ONE), largest=2000))
    assert [(one.number, one.raw) for one in found] == [(1, None), (2, ONE)]
    assert found[-1].read == len(FROM) * 2 + len(huge) + 1 + len(ONE)


class Endless(io.RawIOBase):
    """An mbox of so many bytes, made while it is read."""

    def __init__(self, piece, times):
        self.piece, self.left, self.rest = piece, times, b""

    def readable(self):
        return True

    def readinto(self, into):
        if not self.rest and self.left:
            self.rest, self.left = self.piece, self.left - 1
        taken, self.rest = self.rest[: len(into)], self.rest[len(into) :]
        into[: len(taken)] = taken
        return len(taken)


def _peak(raw, largest):
    reader = io.BufferedReader(raw)
    tracemalloc.start()
    try:
        found = sum(1 for _ in mbox.mails(reader, largest=largest))
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_memory_is_that_of_one_mail():
    mail = FROM + ONE + b"y" * 10_000 + b"\n\n"
    found, peak = _peak(Endless(mail, 2000), largest=100_000)  # 20 MB
    assert found == 2000
    assert peak < 1_000_000


def test_one_line_as_long_as_the_file_costs_no_more():
    found, peak = _peak(Endless(b"z" * 100_000, 200), largest=100_000)
    assert found == 1
    assert peak < 1_000_000


def test_the_page_a_mail_program_keeps_its_notes_on_is_no_mail():
    page = (
        b"From: MAILER-DAEMON\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nx\n"
    )
    assert mbox.is_folder_data(page)
    assert not mbox.is_folder_data(ONE)
