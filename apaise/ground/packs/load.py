"""Reading policy packs: the shipped ones by id, an organisation's own by file.

A pack that is wrong is refused whole, with the file, the line, what is wrong and what to do.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from apaise.lib.sayable import Sayable, said, sayable

from . import DATA
from .merge import completed, merge
from .pack import Pack

if TYPE_CHECKING:
    from .yaml_lines import Lines

Parents = Callable[[str, tuple[str, ...]], Mapping[str, Any] | None]
_SHIPPED: Final = DATA / "packs"
_LARGEST: Final = 1_000_000  # bytes; the longest shipped pack has 50,000


class Problem(NamedTuple):
    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return str(self.in_one_line())

    def in_one_line(self) -> Sayable:
        return sayable("%(file)s, line %(line)s: %(what)s", file=self.file, line=self.line, what=self.what)


class PackError(Exception):
    """Why there is no pack, in one line for a person."""

    def said(self, language: str) -> str:
        """The same in the language of whoever reads it."""
        return said(self.args[0], language)


class UnknownPack(PackError):
    """No shipped pack has this id."""


class WrongPack(PackError):
    """A pack was refused. Its line is the first problem; `problems` has them all, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        others = ", ".join(dict.fromkeys(str(problem.line) for problem in self.problems[1:6]))
        first = self.problems[0].in_one_line()
        more = sayable(
            "%(first)s (%(count)s more, see line %(lines)s)",
            first=first, count=len(self.problems) - 1, lines=others,
        )  # fmt: skip
        super().__init__(more if others else first)


def shipped_ids() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _SHIPPED.glob("*.yaml")))


@lru_cache(maxsize=32)
def load_pack(pack_id: str, *, check: bool = True) -> Pack:
    """A shipped pack, resolved. The tests check the shipped packs; `check=False` saves doing it once more."""
    if pack_id not in shipped_ids():
        raise UnknownPack(
            sayable(
                "There is no pack “%(name)s”; use one of %(known)s.",
                name=pack_id[:60],
                known=", ".join(shipped_ids()),
            )
        )
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


def read_pack(
    name: str, text: str, parent_of: Parents, chain: tuple[str, ...] = ()
) -> tuple[dict[str, Any], dict[str, Any], "Lines"]:
    """What this text says, the pack it makes with the one it extends, and where each value stands. Raises WrongPack.

    name       of the file, for people
    parent_of  the resolved pack of an id, None if there is none; also told the packs that extend it so far
    chain      the packs that extend this one already"""
    # The checks and their schema library are read only when something is to be checked: the deadline command
    # answers within half a second of its start.
    from .checks import pack_problems, resolved_problems
    from .yaml_lines import YamlProblem, read_yaml

    if len(text) > _LARGEST:
        raise WrongPack([Problem(name, 1, sayable("the file is larger than any pack; is it the right one?"))])
    try:
        raw, lines = read_yaml(text)
    except YamlProblem as problem:
        raise WrongPack([Problem(name, problem.line, problem.what)]) from None
    whole = completed(raw)
    refuse(name, lines, pack_problems(whole))
    parent: Mapping[str, Any] = {}
    if raw.get("extends"):
        links = (*chain, raw["id"])
        if raw["extends"] in links:
            refuse(name, lines, [(("extends",), circle((*links, raw["extends"])))])
        found = parent_of(raw["extends"], links)
        if found is None:
            refuse(name, lines, [(("extends",), _no_parent(raw["extends"]))])
        parent = found or {}
    resolved = merge(parent, raw)
    refuse(name, lines, resolved_problems(whole, resolved, parent))
    return raw, resolved, lines


def circle(links: Sequence[str]) -> str:
    return sayable(
        "these packs extend each other in a circle: %(links)s; remove one link", links=" → ".join(links)
    )


def _no_parent(pack_id: str) -> str:
    known = ", ".join(shipped_ids())
    return sayable(
        "there is no pack `%(name)s` to extend; put its file beside this one or use one of %(known)s",
        name=pack_id,
        known=known,
    )


def _checked(path: Path, children: tuple[str, ...]) -> dict[str, Any]:
    def parent_of(pack_id: str, links: tuple[str, ...]) -> Mapping[str, Any] | None:
        for file in (path.with_name(f"{pack_id}.yaml"), _SHIPPED / f"{pack_id}.yaml"):
            if file.is_file():
                return _checked(file, links)
        return None

    return read_pack(path.name, _text(path), parent_of, children)[1]


def refuse(name: str, lines: "Lines", problems: Iterable[tuple[Any, str]]) -> None:
    """Raises WrongPack for these problems, if there are any."""
    found = [Problem(name, lines.of(where), what) for where, what in problems]
    if found:
        raise WrongPack(found)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise WrongPack(
                [Problem(path.name, 1, sayable("the file is larger than any pack; is it the right one?"))]
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongPack(
            [Problem(path.name, 1, sayable("this is not UTF-8 text; save it as UTF-8"))]
        ) from None
    except OSError as problem:
        raise WrongPack(
            [
                Problem(
                    path.name, 1, sayable("it cannot be read (%(why)s); check the path", why=problem.strerror)
                )
            ]
        ) from None
