"""`apaise search --jsonl --index`, run as its users run it."""

import json
import subprocess
import sys
from pathlib import Path

TEXTS = {
    "a": "Dégât des eaux dans la cuisine : l’électricité est coupée.",
    "b": "Le colis a été livré abîmé, je demande le remboursement.",
    "c": "The parcel never arrived and nobody replied to my complaint.",
    7: "Colis perdu, aucun remboursement reçu malgré deux relances.",
}


def index_file(folder: Path, lines: list[str] | None = None) -> Path:
    file = folder / "texts.jsonl"
    made = lines or [json.dumps({"id": name, "text": text}) for name, text in TEXTS.items()]
    file.write_text("\n".join(made), encoding="utf-8")
    return file


def apaise(*arguments: object, asked: list[object] = ()) -> tuple[int, list[dict], str]:
    given = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in asked)
    command = [sys.executable, "-m", "apaise", "search", *map(str, arguments)]
    done = subprocess.run(command, input=given.encode(), capture_output=True)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def found(folder: Path, *queries: str, **more: object) -> list[list[object]]:
    asked = [{"id": number, "query": query, **more} for number, query in enumerate(queries)]
    status, lines, _ = apaise("--jsonl", "--index", index_file(folder), asked=asked)
    assert status == 0
    assert [line["id"] for line in lines] == list(range(len(queries)))
    return [[hit["id"] for hit in line["hits"]] for line in lines]


def test_accents_elision_inflection_and_beginnings_are_met(tmp_path):
    asked = ["degats", "ELECTRICITE", "livraison", "rembours", "parcels", "replies", "dégât cuisines"]
    assert found(tmp_path, *asked) == [["a"], ["a"], ["b"], [7, "b"], ["c"], ["c"], ["a"]]


def test_several_words_must_all_be_met(tmp_path):
    assert found(tmp_path, "colis remboursement", "colis cuisine", "colis perdus", "") == [
        [7, "b"],
        [],
        [7],
        [],
    ]


def test_one_mistake_is_forgiven_only_where_asked_and_in_long_words(tmp_path):
    mistyped = ["rembousement", "remboursemetn", "remboursementt", "remboussement", "coils", "colsi"]
    assert found(tmp_path, *mistyped) == [[]] * 6
    assert found(tmp_path, *mistyped, typos=True) == [[7, "b"]] * 4 + [[]] * 2


def test_a_limit_is_kept_and_the_best_come_first(tmp_path):
    assert found(tmp_path, "colis", limit=1) == [[7]]
    _, (line,), _ = apaise("--jsonl", "--index", index_file(tmp_path), asked=[{"id": None, "query": "colis"}])
    assert [sorted(hit) for hit in line["hits"]] == [["id", "score"]] * 2
    assert line["hits"][0]["score"] >= line["hits"][1]["score"] > 0


def test_a_bad_line_is_said_and_the_next_is_answered(tmp_path):
    asked = ["{", {"id": 2}, {"id": 3, "query": "colis", "limit": 0}, {"id": 4, "query": "colis perdu"}]
    status, lines, _ = apaise("--jsonl", "--index", index_file(tmp_path), asked=asked)
    assert status == 1
    assert [(line["id"], line.get("code")) for line in lines] == [
        (None, "bad-line"),
        (2, "bad-line"),
        (3, "bad-line"),
        (4, None),
    ]
    assert [hit["id"] for hit in lines[3]["hits"]] == [7]


def test_a_file_that_cannot_be_used_is_one_plain_line(tmp_path):
    twice = index_file(tmp_path, ['{"id": 1, "text": "a"}', '{"id": 1, "text": "b"}'])
    status, lines, said = apaise("--jsonl", "--index", twice)
    assert (status, lines) == (1, [])
    assert said == f"apaise: {twice}, line 2: the id 1 stands there a second time. Give each text its own.\n"
    bad = index_file(tmp_path, ['{"id": 1, "text": "a"}', '{"id": 2}'])
    assert apaise("--jsonl", "--index", bad)[2].startswith(f"apaise: {bad}, line 2: it must be ")
    missing = "apaise: /nulle/part cannot be opened (No such file or directory). Check the path.\n"
    assert apaise("--jsonl", "--index", "/nulle/part")[2] == missing
    assert apaise("--jsonl")[2].startswith("apaise: Say what to search: ")


def test_a_query_is_words_and_nothing_else(tmp_path):
    hostile = [
        '"',
        "*",
        "colis NEAR perdu",
        "id:colis",
        "colis*",
        "(colis",
        "🙂",
        "'; DROP TABLE",
        "co" * 5000,
    ]
    answers = found(tmp_path, *hostile)
    assert answers[:2] == [[], []]
    assert answers[4:7] == [[7, "b"], [7, "b"], []]
    assert answers[2:4] == [[], []]
