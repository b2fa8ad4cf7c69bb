"""A catalogue as the folder of text files that docs/content.md describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from bot.faq.changes import action_text
from bot.faq.exchange_faults import ImportFault, ImportRefused
from knowledge.care import UNCARED_FOR
from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.entries import ContentError, Entry
from knowledge.geography import Geography, Point
from knowledge.lexicon import LISTS, RELATED, SAME_WORD
from knowledge.pack import Named, Pack

WIDTH = 100_000


class FolderInUse(Exception):
    """The folder holds something already: a topic that is gone would stay in it."""


def write_folder(catalogue: Catalogue, folder: Path) -> None:
    """Raises FolderInUse unless the folder is new or empty."""
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse
    (folder / "faq").mkdir(parents=True, exist_ok=True)
    for entry in catalogue.entries.values():
        _write(folder / "faq" / f"{entry.id}.yaml", _topic(entry))
    words = {name: getattr(catalogue.lexicon, name) for name in (*LISTS, *SAME_WORD, RELATED)}
    _write(folder / "lexicon.yaml", {name: _lists(value) for name, value in words.items() if value})
    messages = {"messages": _lists(catalogue.out_of_scope), "refusals": _lists(catalogue.refusals)}
    _write(folder / "out_of_scope.yaml", messages)
    _write(folder / "pack.yaml", _pack(catalogue.pack))
    if catalogue.pack.geography is not None:
        _write(folder / "districts.yaml", _districts(catalogue.pack.geography))


def read_folder(folder: Path) -> Catalogue:
    """Raises ImportRefused."""
    try:
        return load_catalogue(folder)
    except ContentError as error:
        faults = [ImportFault(fault.file, fault.line, None, "content", fault.message) for fault in error.faults]
        raise ImportRefused(faults) from error


def _topic(entry: Entry) -> dict[str, Any]:
    plain: dict[str, Any] = {"id": entry.id, "title": dict(entry.title), "answer": dict(entry.answer)}
    if entry.details:
        plain["details"] = [{"needs": list(detail.needs), **detail.text} for detail in entry.details]
    if entry.unavailable is not None:
        plain["unavailable"] = dict(entry.unavailable)
    lists = {"actions": [action_text(action) for action in entry.actions], "related": list(entry.related)}
    lists |= {"phrases": list(entry.phrases), "variants": list(entry.variants)}
    plain |= {name: texts for name, texts in lists.items() if texts}
    care = {name: text for name, text in asdict(entry.care).items() if text}
    return plain | {"care": care} if entry.care != UNCARED_FOR else plain


def _lists(value: Any) -> Any:  # noqa: ANN401 - a list, or lists by name
    return {key: list(texts) for key, texts in value.items()} if isinstance(value, Mapping) else list(value)


def _pack(pack: Pack) -> dict[str, Any]:
    def named(items: tuple[Named, ...]) -> dict[str, dict[str, str | bool]]:
        return {item.id: {**item.name, **({"sensitive": True} if item.sensitive else {})} for item in items}

    return {
        "centre": dict(pack.centre),
        "province": dict(pack.province),
        "districts": named(pack.districts),
        "programmes": named(pack.programmes),
    }


def _districts(geography: Geography) -> dict[str, Any]:
    plain = asdict(geography)
    for name, area in geography.districts.items():
        plain["districts"][name] = {
            "also": list(area.also),
            "postal_codes": list(area.postal_codes),
            "points": _points(area.points),
        }
    plain["neighbours"] = {name: _points(points) for name, points in geography.neighbours.items()}
    return plain | {name: list(plain[name]) for name in ("elsewhere", "look_alikes")}


def _points(points: tuple[Point, ...]) -> dict[str, list[float]]:
    return {point.name: [point.latitude, point.longitude] for point in points}


class _Writer(yaml.SafeDumper):
    """Texts of several lines stand as they are read."""


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def _write(path: Path, plain: Mapping[str, Any]) -> None:
    text = yaml.dump(dict(plain), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=WIDTH)
    path.write_text(text, encoding="utf-8")
