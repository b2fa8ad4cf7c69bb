"""Read YAML as a tree of plain texts that remembers its lines, so that a fault can be pointed at.

Every scalar stays the text that was typed (`no`, `1300` and `2555-02-28` are what people say, not values), a key
given twice is a fault, and tags, anchors and huge files are refused: content comes from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from knowledge.entries import Fault

LARGEST_FILE = 2_000_000
DEEPEST = 12
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value", "merge")
_PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in _KINDS}


@dataclass(frozen=True)
class Tree:
    """`value` is text, a list of trees or a dict of trees by key."""

    line: int
    value: str | list[Tree] | dict[str, Tree]


@dataclass
class Reading:
    """A file read so far: its tree, and what was wrong with it."""

    file: str
    tree: Tree | None = None
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int | None, message: str, *, warning: bool = False) -> None:
        self.faults.append(Fault(self.file, line, message, warning))


def read_yaml(path: Path, name: str) -> Reading:
    """Reads the file; what is wrong with it is in the result's faults, under `name`. Never raises for bad content."""
    reading = Reading(name)
    try:
        data = path.read_bytes()
    except OSError as error:
        reading.fault(None, f"The file cannot be read ({error.strerror}).")
        return reading
    if len(data) > LARGEST_FILE:
        reading.fault(None, f"The file is larger than {LARGEST_FILE // 1_000_000} MB. Split it.")
        return reading
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reading.fault(line, "This is not UTF-8 text. Save the file as UTF-8.")
        return reading
    _parse(text, reading)
    return reading


def _parse(text: str, reading: Reading) -> None:
    try:
        unsafe = _find_unsafe(text)
        if unsafe is not None:
            reading.faults.append(Fault(reading.file, *unsafe))
            return
        documents = list(yaml.compose_all(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "unreadable"
        line = None if mark is None else mark.line + 1
        reading.fault(line, f"This is not valid YAML: {problem}. Texts with a colon or # need quotes around them.")
        return
    if len(documents) != 1 or documents[0] is None:
        reading.fault(None, "The file must hold exactly one YAML document, and it must not be empty.")
        return
    reading.tree = _tree(documents[0], reading)


def _find_unsafe(text: str) -> tuple[int, str] | None:
    """Aliases and deep nesting are found event by event, before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            return _line(event), "YAML aliases (*name) are not allowed. Write the text out instead."
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            return _line(event), "This is nested too deeply."
    return None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _tree(node: yaml.Node, reading: Reading) -> Tree:
    line = node.start_mark.line + 1
    if node.tag not in _PLAIN_TAGS:
        reading.fault(line, f"The tag {node.tag!r} is not allowed. Remove the word that begins with '!'.")
        return Tree(line, "")
    if isinstance(node, yaml.MappingNode):
        return Tree(line, _mapping(node, reading))
    if isinstance(node, yaml.SequenceNode):
        return Tree(line, [_tree(item, reading) for item in node.value])
    return Tree(line, str(node.value))


def _mapping(node: yaml.MappingNode, reading: Reading) -> dict[str, Tree]:
    result: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            reading.fault(line, "A key must be a plain word.")
            continue
        key = str(key_node.value)
        if key in result:
            reading.fault(line, f"The key {key!r} stands twice here (first on line {result[key].line}). Keep one.")
            continue
        tree = _tree(value_node, reading)
        result[key] = Tree(line, tree.value)
    return result
