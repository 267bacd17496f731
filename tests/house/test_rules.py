"""The rules of the house (ARCHITECTURE.md), checked on the code itself."""

import ast
import subprocess
import sys

import pytest
from django.apps import apps

from tests.house.source import FLOORS, ROOT, below_doors, code, imports, named, room, sideways, tree

LONGEST_FILE, LONGEST_TEST_FILE, LONGEST_FUNCTION = 400, 800, 40  # tests of one subject may stay together
LONGER = {
    "apaise/doors/commands/case.py:as_data": "one flat table of a case",
    "apaise/lib/sqlite_fair/tests/writer.py:main": "one script of one process, read from top to bottom",
    "tests/house/site.py:fill": "one flat list of what the tests need",
}


def test_foreign_keys_point_down():
    wrong = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or target is None or not model.__module__.startswith("apaise."):
                continue
            here, there = room(model.__module__), room(target.__module__)
            if not target.__module__.startswith("apaise.") or here == there or (here, there) in sideways():
                continue
            if FLOORS.index(here.split(".")[0]) <= FLOORS.index(there.split(".")[0]):
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_only_the_answer_verb_marks_a_case_answered():
    users = {
        named(path)
        for path in code()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "mark_answered")
        or (isinstance(node, ast.Attribute) and node.attr == "mark_answered")
        or (isinstance(node, ast.alias) and node.name == "mark_answered")
    }
    assert users == {"apaise/handling/resolution/answer.py"}


def test_there_are_no_signals():
    wrong = [
        (named(path), name)
        for path in code()
        for name in imports(path)
        if name.startswith(
            (
                "django.dispatch",
                "django.db.models.signals",
                "django.core.signals",
                "django.contrib.auth.signals",
            )
        )
    ]
    assert wrong == []


def test_nothing_overrides_save_or_delete_but_the_ledger_which_refuses():
    found = {
        named(path)
        for path in code()
        for outer in ast.walk(tree(path))
        if isinstance(outer, ast.ClassDef)
        for node in outer.body
        if isinstance(node, ast.FunctionDef)
        and node.name in ("save", "delete", "save_base", "bulk_create", "bulk_update")
    }
    assert found == {"apaise/ground/ledger/models.py"}


WEB = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.contrib.sessions", "jinja2")


def test_no_room_knows_http():
    wrong = [(named(path), name) for path in below_doors() for name in imports(path) if name.startswith(WEB)]
    wrong += [
        (named(path), f"{node.name}(request)")
        for path in below_doors()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and any(argument.arg == "request" for argument in node.args.args)
    ]
    assert wrong == []


# They carry out statements for whichever model they are handed, and have none.
FOR_ANY_MODEL = {"apaise/lib/prepared.py", "apaise/lib/rows.py"}


def test_lib_knows_no_room_and_no_setting():
    wrong = [
        (named(path), name)
        for path in below_doors()
        if named(path).startswith("apaise/lib/") and named(path) not in FOR_ANY_MODEL
        for name in imports(path)
        if name.startswith(("django.conf", "django.db.models"))
    ]
    assert wrong == []


CLOCKS = {
    "datetime": ("now", "utcnow", "today"),
    "date": ("today",),
    "timezone": ("now", "localtime", "localdate"),
    "time": ("time",),
}


def test_time_comes_from_the_one_clock():
    wrong = []
    for path in code():
        if named(path) == "apaise/lib/clock.py":
            continue
        wrong += [
            (named(path), name)
            for name in imports(path)
            if name in ("django.utils.timezone.now", "time.time")
        ]
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.attr in CLOCKS.get(node.value.id, ())
            ):
                wrong.append((named(path), f"{node.value.id}.{node.attr} on line {node.lineno}"))
    assert wrong == []


def test_files_and_functions_are_short():
    long = {}
    for path in code(tests=True):
        longest = LONGEST_TEST_FILE if "tests" in path.parts else LONGEST_FILE
        if (lines := path.read_text(encoding="utf-8").count("\n")) > longest:
            long[named(path)] = lines
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and (lines := _body(node)) > LONGEST_FUNCTION
            ):
                long[f"{named(path)}:{node.name}"] = lines
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}
    assert set(LONGER) <= set(long), "take off the list what has become short"


def _body(function):
    statements = (
        function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    )
    return statements[-1].end_lineno - statements[0].lineno + 1


NO_DJANGO = "import sys, {module}; sys.exit('django' in sys.modules)"


@pytest.mark.parametrize("command", ["parse", "deadline", "search"])
def test_the_commands_that_must_answer_at_once_do_not_load_django(command):
    script = NO_DJANGO.format(module=f"apaise.doors.commands.{command}")
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
