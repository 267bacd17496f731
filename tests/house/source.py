"""The product's own code, as the house tests read it."""

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("lib", "ground", "intake", "handling", "learning", "custody", "journey", "doors", "config")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def code(*, tests: bool = False) -> tuple[Path, ...]:
    """Every Python file of the product, without migrations; with `tests`, their tests and the tools too."""
    found = sorted((ROOT / "apaise").rglob("*.py"))
    if tests:
        found += (
            sorted((ROOT / "tests").rglob("*.py"))
            + sorted((ROOT / "tools").rglob("*.py"))
            + [ROOT / "conftest.py"]
        )
        return tuple(path for path in found if "migrations" not in path.parts)
    return tuple(path for path in found if not {"migrations", "tests"} & set(path.parts))


def below_doors() -> list[Path]:
    return [path for path in code() if floor(path) in FLOORS[:7]]


def floor(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    return parts[1] if len(parts) > 2 else ""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module and name a file imports, dotted."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def parents(path: Path) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree(path)) for child in ast.iter_child_nodes(node)}


def room(module: str) -> str:
    """`apaise.ground.ledger.record` -> `ground.ledger`."""
    return ".".join(module.split(".")[1:3])


@cache
def sideways() -> frozenset[tuple[str, str]]:
    """The pairs of rooms on one floor of which the first may know the second, as the import contracts say."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pairs = set()
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "independence":
            for line in contract.get("ignore_imports", ()):
                if ".tests." in line:
                    continue
                importer, imported = line.split(" -> ")
                pairs.add((room(importer), room(imported)))
    return frozenset(pairs)


@cache
def tracked() -> tuple[Path, ...]:
    """What stands under version control; nothing when this is no checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())
