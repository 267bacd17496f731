"""Reading policy packs: the shipped ones by id, an organisation's own by file.

A pack that is wrong is refused whole, with the file, the line, what is wrong and what to do.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from . import DATA
from .merge import merge
from .pack import Pack

_SHIPPED: Final = DATA / "packs"
_LARGEST: Final = 1_000_000  # bytes; the longest shipped pack has 50,000


class Problem(NamedTuple):
    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.what}"


class PackError(Exception):
    """Why there is no pack, in one line for a person."""


class UnknownPack(PackError):
    """No shipped pack has this id."""


class WrongPack(PackError):
    """A pack was refused. Its line is the first problem; `problems` has them all, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        others = ", ".join(dict.fromkeys(str(problem.line) for problem in self.problems[1:6]))
        more = f" ({len(self.problems) - 1} more, see line {others})" if others else ""
        super().__init__(f"{self.problems[0]}{more}")


def shipped_ids() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


@lru_cache(maxsize=32)
def load_pack(pack_id: str, *, check: bool = True) -> Pack:
    """A shipped pack, resolved. The tests check the shipped packs; `check=False` saves doing it once more."""
    if pack_id not in shipped_ids():
        raise UnknownPack(f"There is no pack “{pack_id[:60]}”; use one of {', '.join(shipped_ids())}.")
    if check:
        return load_pack_file(_SHIPPED / f"{pack_id}.yaml")
    return Pack.from_dict(_resolved(_shipped(pack_id)))


def load_shipped_packs(*, check: bool = True) -> dict[str, Pack]:
    return {pack_id: load_pack(pack_id, check=check) for pack_id in shipped_ids()}


def load_pack_file(path: Path) -> Pack:
    """A pack from a YAML file; one it extends is a file beside it, or a shipped pack. Raises WrongPack."""
    return Pack.from_dict(_checked(Path(path), ()))


def _resolved(raw: Mapping[str, Any]) -> dict[str, Any]:
    if not raw.get("extends"):
        return merge({}, raw)
    return merge(_resolved(_shipped(raw["extends"])), raw)


@lru_cache(maxsize=32)
def _shipped(pack_id: str) -> Any:
    text = (_SHIPPED / f"{pack_id}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _checked(path: Path, children: tuple[str, ...]) -> dict[str, Any]:
    # The checks and their schema library are read only when something is to be checked: the deadline command
    # answers within half a second of its start.
    from .checks import pack_problems, resolved_problems
    from .yaml_lines import YamlProblem, read_yaml

    try:
        raw, lines = read_yaml(_text(path))
    except YamlProblem as problem:
        raise WrongPack([Problem(path.name, problem.line, problem.what)]) from None
    _refuse(path, lines, pack_problems(raw))
    parent: Mapping[str, Any] = {}
    if raw.get("extends"):
        chain = (*children, raw["id"])
        if raw["extends"] in chain:
            circle = " → ".join((*chain, raw["extends"]))
            _refuse(
                path,
                lines,
                [(("extends",), f"these packs extend each other in a circle: {circle}; remove one link")],
            )
        parent = _checked(_parent_file(path, lines, raw["extends"]), chain)
    resolved = merge(parent, raw)
    _refuse(path, lines, resolved_problems(raw, resolved, parent))
    return resolved


def _parent_file(path: Path, lines: Any, parent_id: str) -> Path:
    for file in (path.with_name(f"{parent_id}.yaml"), _SHIPPED / f"{parent_id}.yaml"):
        if file.is_file():
            return file
    known = ", ".join(shipped_ids())
    what = f"there is no pack `{parent_id}` to extend; put its file beside this one or use one of {known}"
    raise WrongPack([Problem(path.name, lines.of(("extends",)), what)])


def _refuse(path: Path, lines: Any, problems: Any) -> None:
    found = [Problem(path.name, lines.of(where), what) for where, what in problems]
    if found:
        raise WrongPack(found)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise WrongPack([Problem(path.name, 1, "the file is larger than any pack; is it the right one?")])
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongPack([Problem(path.name, 1, "this is not UTF-8 text; save it as UTF-8")]) from None
    except OSError as problem:
        raise WrongPack(
            [Problem(path.name, 1, f"it cannot be read ({problem.strerror}); check the path")]
        ) from None
