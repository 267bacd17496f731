"""YAML read with the line of every value, so that an error can point at it."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from apaise.lib.sayable import sayable

Path = tuple[str | int, ...]
_DEEPEST: Final = 40
# What the YAML library says most often, so that it can be said in French too.
_MEANT: Final = {
    str(words): words
    for words in (
        sayable("could not find expected ':'"),
        sayable("did not find expected key"),
        sayable("did not find expected '-' indicator"),
        sayable("did not find expected ',' or ']'"),
        sayable("did not find expected ',' or '}'"),
        sayable("did not find expected node content"),
        sayable("mapping values are not allowed in this context"),
        sayable("block sequence entries are not allowed in this context"),
        sayable("found character that cannot start any token"),
        sayable("found a tab character that violates indentation"),
        sayable("found unexpected end of stream"),
        sayable("found unknown escape character"),
    )
}
_PLAIN_TAGS: Final = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null")}


class YamlProblem(Exception):
    """What is wrong on which line."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line, self.what = line, what


class Lines:
    """Where each value of a document begins; what is not in the document is where its nearest parent begins."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines

    def of(self, path: Path) -> int:
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def read_yaml(text: str) -> tuple[Any, Lines]:
    """Plain data only: no anchors, no dates, no repeated key. Raises YamlProblem."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        what = _MEANT.get(problem.problem or "", problem.problem) or sayable("the file cannot be read")
        raise YamlProblem(
            mark.line + 1 if mark else 1,
            sayable("this is not YAML: %(what)s; look at the line above too", what=what),
        ) from None
    except (yaml.YAMLError, ValueError) as problem:
        what = str(problem).splitlines()[0]
        raise YamlProblem(
            1, sayable("this is not YAML: %(what)s; save the file as UTF-8 text", what=what)
        ) from None
    if root is None:
        raise YamlProblem(1, sayable("the file is empty; begin with `schema: policy-pack/1`"))
    reader = _Reader()
    return reader.value(root, ()), Lines(reader.lines)


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self._seen: set[int] = set()
        self._scalars = yaml.constructor.SafeConstructor()

    def value(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen:
            raise YamlProblem(line, sayable("anchors and aliases are not used in packs; write the value out"))
        self._seen.add(id(node))
        if len(path) > _DEEPEST:
            raise YamlProblem(line, sayable("the values are nested too deeply; make the structure flatter"))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*path, index)) for index, each in enumerate(node.value)]
        return self._scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node, line) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                raise YamlProblem(
                    line,
                    sayable(
                        "the key %(text)s is not a word; put it in quotes",
                        text=repr(str(key_node.value)[:40]),
                    ),
                )
            if key in found:
                raise YamlProblem(line, sayable("`%(key)s` stands here twice; keep one of them", key=key))
            self.lines[(*path, key)] = line  # the line of the key, where people look
            found[key] = self.value(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node, line: int) -> Any:
        if node.tag not in _PLAIN_TAGS:
            raise YamlProblem(
                line,
                sayable("%(text)s is no plain word or number; put it in quotes", text=repr(node.value[:40])),
            )
        try:
            return self._scalars.construct_object(node)
        except ValueError:
            raise YamlProblem(
                line,
                sayable("%(text)s cannot be read as a number; put it in quotes", text=repr(node.value[:40])),
            ) from None
