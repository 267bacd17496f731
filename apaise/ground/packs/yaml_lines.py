"""YAML read with the line of every value, so that an error can point at it."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

Path = tuple[str | int, ...]
_DEEPEST: Final = 40
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
        what = problem.problem or "the file cannot be read"
        raise YamlProblem(
            mark.line + 1 if mark else 1, f"this is not YAML: {what}; look at the line above too"
        ) from None
    except (yaml.YAMLError, ValueError) as problem:
        what = str(problem).splitlines()[0]
        raise YamlProblem(1, f"this is not YAML: {what}; save the file as UTF-8 text") from None
    if root is None:
        raise YamlProblem(1, "the file is empty; begin with `schema: policy-pack/1`")
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
            raise YamlProblem(line, "anchors and aliases are not used in packs; write the value out")
        self._seen.add(id(node))
        if len(path) > _DEEPEST:
            raise YamlProblem(line, "the values are nested too deeply; make the structure flatter")
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
                    line, f"the key {str(key_node.value)[:40]!r} is not a word; put it in quotes"
                )
            if key in found:
                raise YamlProblem(line, f"`{key}` stands here twice; keep one of them")
            self.lines[(*path, key)] = line  # the line of the key, where people look
            found[key] = self.value(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node, line: int) -> Any:
        if node.tag not in _PLAIN_TAGS:
            raise YamlProblem(line, f"{node.value[:40]!r} is no plain word or number; put it in quotes")
        try:
            return self._scalars.construct_object(node)
        except ValueError:
            raise YamlProblem(
                line, f"{node.value[:40]!r} cannot be read as a number; put it in quotes"
            ) from None
