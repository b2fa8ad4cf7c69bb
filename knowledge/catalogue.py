"""The content as one unchanging value: loaded from files, or from the JSON that the database keeps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from knowledge import content_files, geography
from knowledge.care import UNCARED_FOR, Care
from knowledge.checks import check
from knowledge.districts_file import read_districts
from knowledge.entries import Action, ContentError, Detail, Entry, Fault
from knowledge.lexicon import Lexicon
from knowledge.pack import Named, Pack
from knowledge.places import Places

__all__ = [
    "SHIPPED",
    "Action",
    "Catalogue",
    "ContentError",
    "Detail",
    "Entry",
    "Fault",
    "check_content",
    "load_catalogue",
]

SHIPPED = Path(str(files("knowledge"))) / "content"


@dataclass(frozen=True)
class Catalogue:
    """Everything the bot knows. Entries stand in the order of their ids."""

    entries: Mapping[str, Entry]
    lexicon: Lexicon
    out_of_scope: Mapping[str, tuple[str, ...]]
    refusals: Mapping[str, tuple[str, ...]]
    pack: Pack

    @cached_property
    def version(self) -> str:
        """The same for the same content, whatever file layout it came from."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @cached_property
    def lesson(self) -> str:
        """The same for the same messages to learn from, whatever is answered to them: a model may be kept."""
        taught = {
            "entries": {entry.id: entry.variants for entry in self.entries.values()},
            "lexicon": asdict(self.lexicon),
            "out_of_scope": dict(self.out_of_scope),
            "refusals": dict(self.refusals),
        }
        plain = json.dumps(taught, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()

    @cached_property
    def places(self) -> Places:
        """Recognises the districts of the pack; built at the first use."""
        return Places.build(self.pack)

    def to_json(self) -> str:
        return json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Catalogue:
        """The inverse of `to_json`. Raises ContentError when the text is not such a catalogue."""
        try:
            return _from_plain(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ContentError((Fault("catalogue", None, f"This is no stored catalogue: {error!r}"),)) from error


def load_catalogue(directory: Path) -> Catalogue:
    """The content of a folder in the format of docs/content.md. Raises ContentError with every fault; warnings pass."""
    catalogue, faults = _read(directory)
    serious = tuple(fault for fault in faults if not fault.warning)
    if serious:
        raise ContentError(serious)
    return catalogue


def check_content(directory: Path) -> tuple[Fault, ...]:
    """Every fault and warning of a folder, by file and line."""
    return _read(directory)[1]


def _read(directory: Path) -> tuple[Catalogue, tuple[Fault, ...]]:
    content = content_files.read(directory)
    districts, misplaced = read_districts(directory, content.pack)
    faults = [*content.faults, *misplaced, *check(content.entries, content.pack, content.messages(), content.places)]
    catalogue = Catalogue(
        entries=dict(sorted(content.entries.items())),
        lexicon=content.lexicon,
        out_of_scope=content.out_of_scope,
        refusals=content.refusals,
        pack=replace(content.pack, geography=districts),
    )
    return catalogue, tuple(sorted(set(faults), key=lambda fault: (fault.file, fault.line or 0, fault.message)))


def _plain(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "entries": {entry_id: _plain_entry(entry) for entry_id, entry in catalogue.entries.items()},
        "lexicon": asdict(catalogue.lexicon),
        "out_of_scope": dict(catalogue.out_of_scope),
        "refusals": dict(catalogue.refusals),
        "pack": _plain_pack(catalogue.pack),
    }


def _plain_entry(entry: Entry) -> dict[str, Any]:
    plain = asdict(entry)
    if entry.care == UNCARED_FOR:
        del plain["care"]  # so that versions stored before there was any keep their hash
    return plain


def _plain_pack(pack: Pack) -> dict[str, Any]:
    plain = asdict(pack)
    if pack.geography is None:
        del plain["geography"]  # so that versions stored before there was one keep their hash
    for named in (*plain["districts"], *plain["programmes"]):
        if not named["sensitive"]:
            del named["sensitive"]  # for the same reason
    return plain


def _from_plain(plain: Mapping[str, Any]) -> Catalogue:
    return Catalogue(
        entries={key: _entry(value) for key, value in sorted(plain["entries"].items())},
        lexicon=Lexicon(**{name: _tuples(value) for name, value in plain["lexicon"].items()}),
        out_of_scope=_tuples(plain["out_of_scope"]),
        refusals=_tuples(plain["refusals"]),
        pack=Pack(
            centre=plain["pack"]["centre"],
            province=plain["pack"]["province"],
            districts=tuple(Named(**place) for place in plain["pack"]["districts"]),
            programmes=tuple(Named(**place) for place in plain["pack"]["programmes"]),
            geography=geography.from_plain(plain["pack"]["geography"]) if "geography" in plain["pack"] else None,
        ),
    )


def _entry(plain: Mapping[str, Any]) -> Entry:
    return Entry(
        id=plain["id"],
        title=plain["title"],
        answer=plain["answer"],
        details=tuple(Detail(tuple(detail["needs"]), detail["text"]) for detail in plain["details"]),
        unavailable=plain["unavailable"],
        actions=tuple(Action(**action) for action in plain["actions"]),
        related=tuple(plain["related"]),
        variants=tuple(plain["variants"]),
        phrases=tuple(plain["phrases"]),
        care=Care.from_plain(plain.get("care", {})),
    )


def _tuples(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Lists become tuples, at any depth of mappings."""
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return tuple(value) if isinstance(value, list) else value
