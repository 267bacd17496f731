"""`apaise ingest`: one result a message, a sum at the end, and as often as one likes."""

import argparse
import io
import json
import shutil

import pytest

from apaise.__main__ import CommandError
from apaise.doors.commands import ingest, parts
from apaise.ground.ledger.verify import verify
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels import receive
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.tests.letters import CORPUS, mail
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
FROM = b"From claire@exemple.test Wed Nov 25 10:00:00 2026\n"
CALL = {"channel": "phone", "from": {"name": "Paul Roche"}, "text": "Colis cassé."}
VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>Bonjour\n\n00:02.000 --> 00:03.000\n<v Ann>Rien ne marche.\n"


@pytest.fixture
def run(desk, monkeypatch, capsys):
    """Ingest these paths: (exit status, results, what stderr says)."""
    monkeypatch.setattr(parts, "prepare_database", lambda: None)

    def ingest_them(*paths, channel="", case="", as_json=True):
        capsys.readouterr()  # of a run before that was stopped
        options = argparse.Namespace(paths=list(paths), channel=channel, case=case, json=as_json)
        status = ingest.run(options)
        said = capsys.readouterr()
        lines = said.out.splitlines()
        return status, [json.loads(line) for line in lines] if as_json else lines, said.err

    return ingest_them


@pytest.fixture
def lay(tmp_path):
    def put(**files):
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_bytes(content)
        return tmp_path

    return put


def lines(*said):
    return b"".join(json.dumps(one).encode() + b"\n" for one in said)


def told(results):
    return [(one["path"].rpartition("/")[2], one["outcome"]) for one in results]


def test_a_folder_of_every_kind_ends_as_it_should_and_again_all_is_duplicate(run, lay, noon):
    folder = lay(
        a__eml=mail("Un"),
        b__jsonl=lines(CALL, {**CALL, "text": "Et le second."}),
        c__mbox=FROM + mail("Deux", subject="B") + b"\n" + FROM + mail("Trois", subject="C"),
        d__vtt=VTT,
        e__pdf=b"%PDF-1.7",
    )
    status, results, said = run(folder)
    assert (status, told(results)) == (
        0,
        [("a.eml", "opened"), ("b.jsonl#1", "opened"), ("b.jsonl#2", "opened"), ("c.mbox#1", "opened"), ("c.mbox#2", "opened"), ("d.vtt", "opened")],
    )  # fmt: skip
    assert list(results[0]) == ["path", "outcome", "case", "reason"]
    assert said.splitlines()[-1] == "6 opened, 1 left alone (no kind of file we read)"
    cases = [one["case"] for one in results]
    assert cases == list(Case.objects.order_by("pk").values_list("reference", flat=True))
    with nothing_changed():
        status, again, said = run(folder)
    assert status == 0
    assert [(one["outcome"], one["case"]) for one in again] == [("duplicate", case) for case in cases]
    assert said.splitlines()[-1] == "6 duplicate, 1 left alone (no kind of file we read)"
    assert list(verify()) == []


def test_the_corpus_of_mails_ends_as_before_in_a_folder_and_in_one_mbox(run, tmp_path, noon):
    _status, results, _said = run(CORPUS[0].parent)
    assert [(one["path"], one["outcome"]) for one in results] == [
        (str(path), path.name.split("_")[1]) for path in CORPUS
    ]
    whole = b"".join(
        FROM + path.read_bytes().replace(b"\nFrom ", b"\n>From ") + b"\n\n"
        for path in CORPUS
        if path.stat().st_size
    )
    (tmp_path / "all.mbox").write_bytes(whole)
    before = Case.objects.count(), Message.objects.count()
    _status, again, _said = run(tmp_path / "all.mbox")
    assert (Case.objects.count(), Message.objects.count()) == before
    # Bytes that are no mail have nothing but themselves to be known by, and one line end more makes others of them.
    assert {one["reason"] for one in again if one["outcome"] != "duplicate"} == {"unreadable"}


def test_a_bad_line_and_a_transcript_cut_short_are_said_and_the_rest_goes_on(run, lay, noon):
    folder = lay(
        a__jsonl=b'{bad\n{"channel":"phone","minutes":"x"}\n' + lines(CALL), b__vtt=VTT[:-40], c__vtt=VTT
    )
    status, results, said = run(folder)
    assert status == 1
    assert [(*pair, one["reason"]) for pair, one in zip(told(results), results, strict=True)] == [
        ("a.jsonl#1", "quarantined", "a.jsonl line 1: It is no JSON from character 2 on."),
        ("a.jsonl#2", "quarantined", "a.jsonl line 2: “minutes” must be a number of minutes from 0 to 1440."),
        ("a.jsonl#3", "opened", None),
        ("b.vtt", "quarantined", "b.vtt: Line 6: a time from … --> to … is missing."),
        ("c.vtt", "opened", None),
    ]
    assert said.splitlines()[-1] == "2 opened, 3 quarantined"
    assert [arrival.reason for arrival in Arrival.objects.in_quarantine().order_by("pk")] == [
        "bad_line",
        "bad_line",
        "bad_transcript",
    ]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gone.pdf", "there is no file “gone.pdf” beside it; add it and run again"),
        ("../secret.pdf", "“secret.pdf” lies outside the folder; files are named from there"),
        ("/etc/passwd", "“passwd” lies outside the folder; files are named from there"),
        ("link.pdf", "“link.pdf” lies outside the folder; files are named from there"),
        ("a\0b", "there is no file “a\ufffdb” beside it; add it and run again"),
    ],
)
def test_a_file_that_is_not_there_or_lies_elsewhere_takes_nothing(name, why, run, tmp_path, lay, noon):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    (tmp_path / "in/link.pdf").symlink_to(tmp_path / "secret.pdf")
    (tmp_path / "in/there.pdf").write_bytes(b"there")
    (tmp_path / "in/a.jsonl").write_bytes(lines({**CALL, "files": ["there.pdf", name]}))
    with nothing_changed():
        status, results, _said = run(tmp_path / "in/a.jsonl")
    assert (status, results[0]["outcome"], results[0]["reason"]) == (1, "error", f"a.jsonl line 1: {why}")


def test_the_files_of_a_line_come_with_it_and_not_by_themselves(run, lay, noon):
    folder = lay(a__jsonl=lines({**CALL, "files": ["call.vtt", "scan.png"]}), scan__png=b"\x89PNG\r\n\x1a\n")
    (folder / "call.vtt").write_bytes(VTT)
    status, results, said = run(folder)
    assert (status, told(results), said.splitlines()[-1]) == (0, [("a.jsonl#1", "opened")], "1 opened")
    message = Case.objects.get().messages.get(direction="in")
    assert [(file.name, file.content_type) for file in message.attachments.all()] == [
        ("call.vtt", "text/vtt"),
        ("scan.png", "image/png"),
    ]
    assert [turn.text for turn in message.turns.all()] == ["Bonjour", "Rien ne marche."]


@pytest.mark.parametrize("stop_after", [0, 1, 2, 3])
@pytest.mark.parametrize("where", ["kept", "filed"])
def test_stopped_in_the_middle_and_run_again_nothing_is_lost_and_nothing_twice(
    stop_after, where, run, lay, monkeypatch, noon
):
    folder = lay(
        a__jsonl=lines(CALL, {**CALL, "text": "Deux"}),
        b__mbox=FROM + mail("Trois") + b"\n" + FROM + mail("Quatre"),
    )

    class Stopped(BaseException):
        pass

    seen, real = [], receive.receive

    def stop(arrival):
        if len(seen) == stop_after and where == "kept":
            raise Stopped  # the bytes and their row are there, nothing is filed
        outcome = real(arrival)
        if len(seen) == stop_after:
            raise Stopped  # filed, but nobody was told
        seen.append(arrival)
        return outcome

    monkeypatch.setattr(receive, "receive", stop)
    with pytest.raises(Stopped):
        run(folder)
    monkeypatch.setattr(receive, "receive", real)
    status, results, _said = run(folder)
    before = "duplicate" if where == "filed" else "opened"
    expected = ["duplicate"] * stop_after + [before] + ["opened"] * (3 - stop_after)
    assert (status, [outcome for _path, outcome in told(results)]) == (0, expected)
    assert Case.objects.count() == Message.objects.filter(direction="in").count() == 4
    # The two who wrote a mail: whoever rang and left no address cannot be reached.
    assert Message.objects.filter(kind="acknowledgement").count() == 2
    assert not Arrival.objects.filter(state="new").exists()


def test_the_channel_given_is_for_lines_and_mails_that_name_none(run, lay, noon):
    folder = lay(a__jsonl=lines({"from": {"name": "J"}, "text": "x"}, CALL), b__eml=mail())
    status, _results, _said = run(folder, channel="letter")
    assert (status, list(Case.objects.order_by("pk").values_list("channel", flat=True))) == (
        0,
        ["letter", "phone", "letter"],
    )


def test_a_transcript_goes_into_the_case_asked_for_and_a_mail_refuses_to(run, lay, complain, noon):
    case, folder = complain(), lay(a__vtt=VTT, b__eml=mail("Autre"))
    status, results, _said = run(folder, case=case.reference.lower())
    assert (status, told(results), results[0]["case"]) == (
        1,
        [("a.vtt", "threaded"), ("b.eml", "error")],
        case.reference,
    )
    assert (
        results[1]["reason"]
        == "--case is for transcripts and lines of JSON; a mail says itself what it answers"
    )
    with refused(CommandError, match=r"There is no case R-1999-00001\. Check the reference\."):
        run(folder, case="R-1999-00001")
    with refused(CommandError, match="There is no file or folder"):
        run(folder, folder / "gone")


def test_a_transcript_is_of_a_channel_on_which_one_speaks(run, lay, noon):
    with nothing_changed():
        status, results, _said = run(lay(a__vtt=VTT), channel="letter")
    assert (status, results[0]["reason"]) == (1, "a transcript is of phone, chat, in_person, not of letter")


def test_a_file_of_no_kind_is_tried_as_a_mail_when_it_is_named(run, lay, noon):
    folder = lay(a__pdf=b"%PDF-1.7")
    assert run(folder)[1:] == ([], "1 left alone (no kind of file we read)\n")
    status, results, _said = run(folder / "a.pdf")
    assert (status, results[0]["outcome"], results[0]["reason"]) == (0, "quarantined", "unreadable")


def test_without_json_a_result_is_a_line_for_people(run, lay, noon):
    _status, results, said = run(lay(a__eml=mail()), as_json=False)
    assert results[0].startswith("opened  R-2026-00001  ") and results[0].endswith("a.eml")
    assert said == "1 opened\n"
    assert run(lay(a__eml=mail()), as_json=False)[1][0].endswith("a.eml  received_before")


def test_a_bar_is_shown_on_a_terminal_only(run, lay, monkeypatch, noon):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    run(lay(a__jsonl=lines(CALL), b__eml=mail()))
    shown = screen.getvalue()
    assert "100%" in shown and "█" in shown
    assert shown.endswith("\r\x1b[2K2 opened\n")


def test_an_mbox_in_another_hand_is_the_same_mail(run, tmp_path, noon):
    shutil.copy(CORPUS[0], tmp_path / "a.eml")
    (tmp_path / "b.mbox").write_bytes(FROM + CORPUS[0].read_bytes().replace(b"\r\n", b"\n") + b"\n")
    _status, results, _said = run(tmp_path)
    assert told(results) == [("a.eml", "opened"), ("b.mbox#1", "duplicate")]
