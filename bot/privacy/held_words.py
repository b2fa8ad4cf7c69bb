"""The words in which people are shown what is held about them, and rows made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

import yaml

from bot import thai_dates
from bot.privacy.held_tree import Part, Record, Row
from bot.vault import Unreadable, Vault
from knowledge.catalogue import Catalogue
from knowledge.pack import Named

THAI, ENGLISH = "th", "en"
LANGUAGES = (THAI, ENGLISH)


@cache
def sentences_of(language: str) -> Mapping[str, str]:
    text = resources.files(__package__).joinpath(f"held.{language}.yaml").read_text(encoding="utf-8")
    return {str(key): str(value).strip() for key, value in yaml.safe_load(text).items()}


@dataclass(frozen=True, slots=True)
class Words:
    """`catalogue` None: what has a name in the content is shown by its id."""

    language: str
    catalogue: Catalogue | None
    vault: Vault

    def say(self, key: str, **facts: object) -> str:
        return sentences_of(self.language)[key].format_map(facts)

    def choice(self, kind: str, value: str) -> str:
        """One of a few words of ours, said for people; as it is where nobody has written that."""
        return sentences_of(self.language).get(f"value.{kind}.{value.replace('/', '_')}", value)

    def moment(self, at: datetime) -> str:
        return thai_dates.date_and_time(at, english=self.language == ENGLISH)

    def opened(self, sealed: bytes | None) -> str:
        if sealed is None:
            return ""
        try:
            return self.vault.open(sealed).decode(errors="replace")
        except Unreadable:
            return self.say("said.unreadable")

    def topic(self, entry_id: str) -> str:
        entry = self.catalogue.entries.get(entry_id) if self.catalogue is not None else None
        return self._named(entry.title) if entry is not None else entry_id

    def district(self, district_id: str) -> str:
        return self._find(self.catalogue.pack.districts if self.catalogue else (), district_id)

    def programme(self, programme_id: str) -> str:
        return self._find(self.catalogue.pack.programmes if self.catalogue else (), programme_id)

    def row(self, name: str, value: str | None) -> tuple[Row, ...]:
        """None where there is nothing to say."""
        return (Row(name, self.say(f"row.{name}"), value),) if value else ()

    def at(self, name: str, moment: datetime | None) -> tuple[Row, ...]:
        if moment is None:
            return ()
        return (Row(name, self.say(f"row.{name}"), self.moment(moment), moment.isoformat()),)

    def yes_no(self, name: str, *, so: bool | None) -> tuple[Row, ...]:
        if so is None:
            return ()
        return (Row(name, self.say(f"row.{name}"), self.choice("yes_no", "yes" if so else "no"), so),)

    def one_of(self, name: str, kind: str, value: str | None) -> tuple[Row, ...]:
        return (Row(name, self.say(f"row.{name}"), self.choice(kind, value), value),) if value else ()

    def number(self, name: str, value: int | None) -> tuple[Row, ...]:
        return (Row(name, self.say(f"row.{name}"), f"{value:,}", value),) if value is not None else ()

    def part(self, name: str, records: Sequence[Record], *, most: int | None = None) -> tuple[Part, ...]:
        """None where there are no records. With `most`, what was looked for was one more than that."""
        if not records:
            return ()
        cut = most is not None and len(records) > most
        more = self.say("said.more", most=f"{most:,}") if cut else ""
        shown = tuple(records[:most] if cut else records)
        return (Part(name, self.say(f"part.{name}"), self.say(f"part.{name}.about"), shown, more),)

    def _find(self, known: Sequence[Named], wanted: str) -> str:
        return next((self._named(one.name) for one in known if one.id == wanted), wanted)

    def _named(self, names: Mapping[str, str]) -> str:
        return names.get(self.language) or names[THAI]
