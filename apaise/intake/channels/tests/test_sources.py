"""What lies at a path, told by content; a folder in the order of its names."""

from pathlib import Path

import pytest

from apaise.intake.channels import sources
from apaise.intake.channels.tests.letters import CORPUS, mail

FROM = b"From claire@exemple.test Wed Nov 25 10:00:00 2026\n"
VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>un\n"
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nA: un\n"


@pytest.fixture
def lay(tmp_path):
    """Put files there: lay({"a.eml": b"…"}), and the folder is returned."""

    def put(files):
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        return tmp_path

    return put


def names(folder):
    return [str(file.relative_to(folder)) for file in sources.files_at(folder)]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.eml", mail(), "mail"),
        ("a.eml", b"", "mail"),
        ("a.eml", b"no mail at all", "mail"),
        ("a.eml", FROM + mail(), "mail"),  # as before: an .eml is one mail
        ("a", mail(), "mail"),
        ("a.txt", b"X-Spam: no\n folded\nFrom: a@b.test\n\nBonjour", "mail"),
        ("a.mbox", FROM + mail(), "mbox"),
        ("archive", FROM + mail(), "mbox"),
        ("a.txt", FROM + mail(), "mbox"),
        ("a.mbox", b"", "mbox"),
        ("a.jsonl", b'{"channel":"phone"}\n', "line"),
        ("a.jsonl", b"{bad\n", "line"),
        ("export", b'\xef\xbb\xbf{"channel":"phone"}\n', "line"),
        ("a.json", b'{\n  "pretty": 1\n}\n', "unknown"),
        ("a.vtt", VTT, "transcript"),
        ("a.txt", VTT, "transcript"),
        ("a", "\ufeff".encode("utf-16-le") + VTT.decode().encode("utf-16-le"), "transcript"),
        ("a.txt", SRT, "transcript"),
        ("a.srt", b"", "transcript"),
        ("a.txt", b"Agent: Hello\nAnn: My parcel is broken\n", "transcript"),
        ("a.txt", b"Lisez-moi\n\nCe dossier contient des appels.\n", "unknown"),
        ("a.md", b"Agent: Hello\nAnn: My parcel is broken\n", "unknown"),
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "unknown"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(100), "unknown"),
    ],
)  # fmt: skip
def test_the_kind_is_told_by_the_content_and_by_the_name_where_that_is_all(name, content, kind):
    assert sources.kind_of(content[: sources.HEAD], name) == kind


def test_every_mail_of_the_corpus_is_a_mail_with_and_without_its_name():
    unlike = [
        "24_quarantined_fichier_vide",
        "25_quarantined_octets_sans_en_tete",
        "53_quarantined_mail_entierement_vide",
        "195_quarantined_fichier_zip",
    ]
    for path in CORPUS:
        head = path.read_bytes()[: sources.HEAD]
        assert sources.kind_of(head, path.name) == "mail"
        assert sources.kind_of(head, "message") == "mail" or path.stem in unlike, path.stem


def test_a_folder_is_read_in_the_order_of_its_names(lay):
    folder = lay({"b.eml": b"", "a/2.eml": b"", "a/1.vtt": b"", "A.eml": b"", ".hidden": b"", ".x.eml": b""})
    assert names(folder) == [".x.eml", "A.eml", "a/1.vtt", "a/2.eml", "b.eml"]
    assert sources.files_at(folder / "b.eml") == [folder / "b.eml"]


def test_a_maildir_gives_its_mails_seen_or_new_and_leaves_its_own_folders_alone(lay):
    folder = lay(
        {
            "box/cur/1764061201.a:2,S": mail("un"),
            "box/new/1764061200.b": mail("deux"),
            "box/cur/1764061202.c:2,": mail("trois"),
            "box/tmp/1764061203.d": mail("en cours"),
            "box/.Sent/cur/1764061204.e:2,S": mail("de nous"),
            "box/.Sent/new/.keep": b"",
            "box/dovecot-uidlist": b"3 V1",
            "z.eml": mail(),
        }
    )
    assert names(folder) == [
        "box/new/1764061200.b",
        "box/cur/1764061201.a:2,S",
        "box/cur/1764061202.c:2,",
        "z.eml",
    ]
    assert names(folder / "box" / ".Sent") == ["cur/1764061204.e:2,S"]
    [piece] = sources.pieces(folder / "box/new/1764061200.b")
    assert (piece.kind, piece.raw) == ("mail", mail("deux"))


def test_each_message_is_named_by_its_place_in_the_file(lay):
    folder = lay(
        {"m.mbox": FROM + mail("un") + b"\n" + FROM + mail("deux"), "l.jsonl": b'{"a":1}\n\n \n{"b":2}\r\nx'}
    )
    assert [(piece.path.rpartition("/")[2], piece.kind) for piece in sources.pieces(folder / "m.mbox")] == [
        ("m.mbox#1", "mail"),
        ("m.mbox#2", "mail"),
    ]
    assert [(piece.path.rpartition("/")[2], piece.raw) for piece in sources.pieces(folder / "l.jsonl")] == [
        ("l.jsonl#1", b'{"a":1}'),
        ("l.jsonl#4", b'{"b":2}'),
        ("l.jsonl#5", b"x"),
    ]


def test_what_is_too_large_is_said_to_be_and_the_rest_goes_on(lay, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST", 1000)
    monkeypatch.setattr(sources, "LONGEST_LINE", 100)
    huge = mail("x" * 2000)
    folder = lay(
        {
            "a.eml": huge,
            "m.mbox": FROM + huge + b"\n" + FROM + mail("court"),
            "l.jsonl": b'{"a":"' + b"x" * 250 + b'"}\n{"b":2}\n',
        }
    )
    told = [
        (piece.path.rpartition("/")[2], piece.problem)
        for file in sources.files_at(folder)
        for piece in sources.pieces(file)
    ]
    assert told == [
        ("a.eml", "larger than 50 MB"),
        ("l.jsonl#1", "longer than 10 MB"),
        ("l.jsonl#2", ""),
        ("m.mbox#1", "larger than 50 MB"),
        ("m.mbox#2", ""),
    ]


def test_what_is_not_there_or_cannot_be_opened_is_said(lay):
    with pytest.raises(sources.Missing):
        sources.files_at(Path("/no/such/path"))
    [piece] = sources.pieces(lay({}))  # a folder where a file was a moment ago
    assert piece.problem == "cannot be read: Is a directory"


def test_files_that_lines_name_are_no_messages_of_their_own(lay):
    folder = lay(
        {
            "l.jsonl": b'{"files":["a.vtt","b/c.txt",7]}\n{"files":"x"}\n{"files":\n["files"]\n',
            "a.vtt": VTT,
            "b/c.txt": b"",
            "d.vtt": VTT,
        }
    )
    assert sources.named_in_lines(sources.files_at(folder)) == {folder / "a.vtt", folder / "b/c.txt"}
