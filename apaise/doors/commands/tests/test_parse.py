"""`apaise parse`, run as its users run it."""

import base64
import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[4] / "tests/mail"
KEYS = ["from", "to", "cc", "subject", "message_id", "in_reply_to", "references", "date", "text", "new_text"]
KEYS += ["html_sanitised", "attachments", "is_auto_reply", "is_bounce", "language"]


def apaise(*arguments: str, given: bytes = b"") -> tuple[int, list[dict], str]:
    done = subprocess.run(
        [sys.executable, "-m", "apaise", "parse", *arguments], input=given, capture_output=True
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def test_a_file_gives_one_line_with_every_key():
    status, lines, _ = apaise(str(FOLDER / "19_opened_photos_du_degat_des_eaux.eml"), "--jsonl")
    assert status == 0
    (line,) = lines
    assert list(line) == ["path", *KEYS]
    assert line["from"] == [{"name": "Claire Martin", "address": "Claire.Martin@syndic-exemple.test"}]
    assert line["cc"] == [{"name": "Conseil syndical, Les Tilleuls", "address": "conseil@tilleuls.test"}]
    assert line["date"] == "2026-10-08T12:19:41+00:00"
    assert [sorted(one) for one in line["attachments"]] == [["name", "sha256", "size", "type"]] * 2


def test_a_folder_is_read_in_name_order_and_bad_mails_do_not_stop_it():
    status, lines, _ = apaise(str(FOLDER), "--jsonl")
    assert status == 1
    assert [line["path"] for line in lines] == [str(path) for path in sorted(FOLDER.glob("*.eml"))]
    unread = {Path(line["path"]).name for line in lines if "error" in line}
    assert {"24_quarantined_fichier_vide.eml", "25_quarantined_octets_sans_en_tete.eml"} <= unread
    assert all("_quarantined_" in name for name in unread)


def test_a_stream_is_answered_line_by_line_with_its_ids():
    raw = base64.b64encode(b"From: a@b.test\r\nSubject: x\r\n\r\nBonjour").decode()
    asked = [
        json.dumps({"id": "un", "raw_b64": raw}),
        "{",
        json.dumps({"id": 3, "raw_b64": ""}),
        json.dumps({"id": 4}),
    ]
    status, lines, _ = apaise("--stream", "--jsonl", given="\n".join(asked).encode())
    assert status == 1
    assert [line["id"] for line in lines] == ["un", None, 3, 4]
    assert lines[0]["text"] == "Bonjour"
    assert [list(line) for line in lines[1:]] == [["id", *KEYS, "error", "code"]] * 3
    assert [line.get("code") for line in lines] == [None, "bad-line", "empty", "bad-line"]


def test_a_stream_answers_before_it_ends():
    raw = base64.b64encode(b"From: a@b.test\r\n\r\nBonjour").decode()
    command = [sys.executable, "-m", "apaise", "parse", "--stream", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "raw_b64": raw}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait() == 0


def test_a_missing_path_is_one_plain_line():
    status, lines, said = apaise("/nulle/part", "--jsonl")
    assert (status, lines) == (1, [])
    assert said == "apaise: There is no file or folder /nulle/part. Check the path and try again.\n"
    assert apaise()[0] == 1


def test_parsing_does_not_start_django():
    code = "import sys, apaise.doors.commands.parse; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
