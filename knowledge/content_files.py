"""Read the files of a content folder into values, noting every fault of form on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.care import NAMES as CARE
from knowledge.care import Care
from knowledge.entries import Action, Detail, Entry, Fault
from knowledge.lexicon import LISTS, RELATED, SAME_WORD, Lexicon, key
from knowledge.pack import Named, Pack
from knowledge.yaml_tree import Reading, Tree, read_yaml

LANGUAGES = ("th", "en")
OUT_OF_SCOPE = ("near", "traps", "far", "chitchat")
REFUSALS = ("political", "abuse")
CRISIS = "general.crisis"
ENTRY_KEYS = (
    *("id", "title", "answer", "details", "unavailable", "actions", "related", "variants"),
    *("phrases", "care"),
)
_ACTION = re.compile(r"([a-z_]+)(?:\(([a-z_]+)\))?")
Place = tuple[str, int | None]


@dataclass
class Content:
    """A folder read so far. `places` tells where a thing stands: an entry id, or (entry id or group, text)."""

    entries: dict[str, Entry] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)
    out_of_scope: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refusals: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pack: Pack = field(default_factory=lambda: Pack({}, {}))
    places: dict[object, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def messages(self) -> dict[str, tuple[str, ...]]:
        """What is not ours, by group."""
        return {**self.out_of_scope, **self.refusals}


def read(directory: Path) -> Content:
    """Reads what is there. Never raises for bad content: look at `faults`."""
    content = Content()
    topics = sorted((directory / "faq").glob("*.yaml"))
    if not topics:
        content.faults.append(Fault("faq", None, f"There are no topics (*.yaml) in {directory.name}/faq."))
    for path in topics:
        _read_topic(path, content)
    for name, reader in (
        ("lexicon.yaml", _read_lexicon),
        ("out_of_scope.yaml", _read_messages),
        ("pack.yaml", _read_pack),
    ):
        reading = read_yaml(directory / name, name)
        reader(_Reader(reading), content)
        content.faults += reading.faults
    return content


class _Reader:
    """Takes values out of a file's tree and notes what is not as it should be."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.fault = reading.fault

    def mapping(self, tree: Tree | None, what: str, known: Iterable[str] | None = None) -> dict[str, Tree]:
        if tree is None:
            return {}
        if not isinstance(tree.value, dict):
            self.fault(tree.line, f"{what} must be a list of 'name: value' lines.")
            return {}
        names = None if known is None else tuple(known)
        for name, item in tree.value.items():
            if names is not None and name not in names:
                self.fault(item.line, f"{what} has no {name!r}. It may have: {', '.join(names)}.")
        return {name: item for name, item in tree.value.items() if names is None or name in names}

    def text(self, tree: Tree | None, what: str) -> str:
        if tree is None:
            return ""
        if not isinstance(tree.value, str):
            self.fault(tree.line, f"{what} must be one text. A text with a colon needs quotes around it.")
            return ""
        if not tree.value.strip():
            self.fault(tree.line, f"{what} is empty. Write it, or remove the line.")
        return tree.value.strip()

    def texts(self, tree: Tree | None, what: str) -> tuple[tuple[str, int], ...]:
        """The non-empty texts of a list, each with its line."""
        if tree is None:
            return ()
        if not isinstance(tree.value, list):
            self.fault(tree.line, f"{what} must be a list, one '- text' a line.")
            return ()
        found = ((self.text(item, f"A line of {what}"), item.line) for item in tree.value)
        return tuple((text, line) for text, line in found if text)

    def by_language(self, tree: Tree | None, what: str, *, line: int | None = None) -> dict[str, str]:
        """Texts by language; Thai must be there."""
        texts = {
            language: self.text(item, f"{what} ({language})")
            for language, item in self.mapping(tree, what, LANGUAGES).items()
        }
        if not texts.get("th"):
            self.fault(line if tree is None else tree.line, f"{what} is missing in Thai: add 'th: …' under it.")
        return {language: text for language, text in texts.items() if text}


def _read_topic(path: Path, content: Content) -> None:
    name = f"faq/{path.name}"
    reading = read_yaml(path, name)
    reader = _Reader(reading)
    if reading.tree is not None:
        fields = reader.mapping(reading.tree, "A topic", ENTRY_KEYS)
        entry = _entry(reader, fields, path.stem)
        content.entries[entry.id] = entry
        content.places[entry.id] = (name, 1)
        for part in fields:
            content.places[entry.id, part] = (name, fields[part].line)
        for part in ("variants", "phrases"):
            tree = fields.get(part)
            if tree is not None and isinstance(tree.value, list):
                for item in tree.value:
                    if isinstance(item.value, str):
                        content.places.setdefault((entry.id, item.value.strip()), (name, item.line))
    content.faults += reading.faults


def _entry(reader: _Reader, fields: Mapping[str, Tree], stem: str) -> Entry:
    entry_id = reader.text(fields.get("id"), "The id")
    if entry_id != stem:
        line = fields["id"].line if "id" in fields else 1
        reader.fault(line, f"The id must be the file's name, so 'id: {stem}'.")
    if stem != CRISIS and "phrases" in fields:
        reader.fault(fields["phrases"].line, f"Only {CRISIS} has phrases. Write them as variants.")
    unavailable = fields.get("unavailable")
    return Entry(
        id=stem,
        title=reader.by_language(fields.get("title"), "The title", line=1),
        answer=reader.by_language(fields.get("answer"), "The answer", line=1),
        details=_details(reader, fields.get("details")),
        unavailable=None if unavailable is None else reader.by_language(unavailable, "'unavailable'"),
        actions=_actions(reader, fields.get("actions")),
        related=tuple(text for text, _ in reader.texts(fields.get("related"), "'related'")),
        variants=tuple(text for text, _ in reader.texts(fields.get("variants"), "'variants'")),
        phrases=tuple(text for text, _ in reader.texts(fields.get("phrases"), "'phrases'")),
        care=_care(reader, fields.get("care")),
    )


def _care(reader: _Reader, tree: Tree | None) -> Care:
    fields = reader.mapping(tree, "'care'", CARE)
    return Care(**{name: reader.text(item, f"'{name}'") for name, item in fields.items()})


def _details(reader: _Reader, tree: Tree | None) -> tuple[Detail, ...]:
    if tree is None:
        return ()
    if not isinstance(tree.value, list):
        reader.fault(tree.line, "'details' must be a list, each item with 'needs', 'th' and maybe 'en'.")
        return ()
    details = []
    for item in tree.value:
        fields = reader.mapping(item, "A detail", ("needs", *LANGUAGES))
        needs = tuple(text for text, _ in reader.texts(fields.pop("needs", None), "'needs'"))
        if not needs:
            reader.fault(item.line, "A detail must say what it 'needs', for example 'needs: [contact_phone]'.")
        details.append(Detail(needs, reader.by_language(Tree(item.line, fields), "A detail")))
    return tuple(details)


def _actions(reader: _Reader, tree: Tree | None) -> tuple[Action, ...]:
    actions = []
    for text, line in reader.texts(tree, "'actions'"):
        match = _ACTION.fullmatch(text)
        if match is None:
            reader.fault(line, f"The action {text!r} is not written like 'offer_person' or 'list_events(forum)'.")
        else:
            actions.append(Action(match[1], match[2]))
    return tuple(actions)


def _read_lexicon(reader: _Reader, content: Content) -> None:
    groups = (*SAME_WORD, RELATED)
    fields = reader.mapping(reader.reading.tree, "The lexicon", (*LISTS, *groups))
    lists: dict[str, Any] = {
        name: tuple(text for text, _ in reader.texts(fields.get(name), f"'{name}'")) for name in LISTS
    }
    taken: dict[str, str] = {}
    read_groups: dict[str, Any] = {name: _group(reader, name, fields.get(name), taken) for name in groups}
    content.lexicon = Lexicon(**lists, **read_groups)


def _group(reader: _Reader, name: str, tree: Tree | None, taken: dict[str, str]) -> dict[str, tuple[str, ...]]:
    group: dict[str, tuple[str, ...]] = {}
    for standard, forms in reader.mapping(tree, f"'{name}'").items():
        group[standard] = tuple(text for text, _ in reader.texts(forms, f"'{standard}'"))
        for form, line in reader.texts(forms, f"'{standard}'") if name in SAME_WORD else ():
            other = taken.setdefault(key(form), standard)
            if other != standard:
                reader.fault(line, f"{form!r} stands for {other!r} and for {standard!r}. Keep one of the two.")
    return group


def _read_messages(reader: _Reader, content: Content) -> None:
    fields = reader.mapping(reader.reading.tree, "This file", ("messages", "refusals"))
    for part, names, target in (
        ("messages", OUT_OF_SCOPE, content.out_of_scope),
        ("refusals", REFUSALS, content.refusals),
    ):
        groups = reader.mapping(fields.get(part), f"'{part}'", names)
        for group in names:
            texts = reader.texts(groups.get(group), f"'{group}'")
            if not texts:
                reader.fault(None, f"There are no messages under '{group}'. The bot learns from them what is not ours.")
            target[group] = tuple(text for text, _ in texts)
            for text, line in texts:
                content.places.setdefault((group, text), (reader.reading.file, line))


def _read_pack(reader: _Reader, content: Content) -> None:
    names = ("centre", "province", "districts", "programmes")
    fields = reader.mapping(reader.reading.tree, "The pack", names)
    content.pack = Pack(
        centre=reader.by_language(fields.get("centre"), "'centre'"),
        province=reader.by_language(fields.get("province"), "'province'"),
        districts=_named(reader, fields.get("districts"), "'districts'"),
        programmes=tuple(_programmes(reader, fields.get("programmes"))),
    )


def _named(reader: _Reader, tree: Tree | None, what: str) -> tuple[Named, ...]:
    return tuple(
        Named(name, reader.by_language(item, f"{what} ({name})")) for name, item in reader.mapping(tree, what).items()
    )


def _programmes(reader: _Reader, tree: Tree | None) -> Iterator[Named]:
    for name, item in reader.mapping(tree, "'programmes'").items():
        what = f"'programmes' ({name})"
        fields = reader.mapping(item, what, (*LANGUAGES, "sensitive"))
        marked = reader.text(fields.pop("sensitive", None), f"{what} 'sensitive'")
        if marked not in ("", "true", "false"):
            reader.fault(item.line, f"{what} 'sensitive' is true or false.")
        yield Named(name, reader.by_language(Tree(item.line, fields), what), sensitive=marked == "true")
