"""Read a content folder's sample events: what a new installation shows before it has events of its own.

Their days are told as days from the one on which they are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from knowledge.entries import ContentError
from knowledge.pack import Named, Pack
from knowledge.yaml_tree import Reading, Tree, read_yaml

FILE = "events.yaml"
MARK = "(ตัวอย่าง)"
"""In every title: nobody shall take one for a real event."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TEXTS = (
    *("key", "title", "summary", "programme", "district", "place", "address", "link", "bring", "contact"),
    *("phone", "minors", "purpose"),
)
NUMBERS = ("capacity", "party", "offer_minutes", "keep_days", "opens_days_before")
CHECKS = (
    *("waiting_list", "admits_each", "asks_district", "asks_companions", "classes", "feedback", "certificate"),
)  # fmt: skip
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class SampleTime:
    """From one time of day to another, in local time."""

    in_days: int
    """After the day of loading."""
    starts: tuple[int, int]
    ends: tuple[int, int]
    title: str = ""
    weekday: int | None = None
    """The first such day from then on; Monday is 0."""

    def day(self, loaded: date) -> date:
        day = loaded + timedelta(days=self.in_days)
        return day if self.weekday is None else day + timedelta(days=(self.weekday - day.weekday()) % 7)


@dataclass(frozen=True)
class SampleQuestion:
    label: str
    kind: str
    choices: tuple[str, ...]
    required: bool


@dataclass(frozen=True)
class SampleEvent:
    """As written in the file: what is not written there is not in the mappings."""

    texts: Mapping[str, str]
    numbers: Mapping[str, int]
    checks: Mapping[str, bool]
    times: tuple[SampleTime, ...]
    """One, or one for each session."""
    questions: tuple[SampleQuestion, ...] = ()
    point: tuple[float, float] | None = None


def load_sample_events(directory: Path, *, pack: Pack) -> tuple[SampleEvent, ...]:
    """None where the folder has no such file. Raises ContentError with everything that is wrong."""
    if not (directory / FILE).exists():
        return ()
    reading = read_yaml(directory / FILE, FILE)
    found = _Reader(reading, pack).read() if reading.tree else ()
    if reading.faults:
        raise ContentError(tuple(sorted(reading.faults, key=lambda fault: fault.line or 0)))
    return found


@dataclass
class _Reader:
    reading: Reading
    pack: Pack

    def read(self) -> tuple[SampleEvent, ...]:
        listed = self._mapping(self.reading.tree, "This file", ("events",)).get("events")
        events = [self._event(tree) for tree in self._items(listed, "'events'")]
        keys = [event.texts.get("key", "") for event in events]
        for key in {key for key in keys if keys.count(key) > 1}:
            self.reading.fault(None, f"The key {key!r} stands twice. Each event needs its own.")
        return tuple(events)

    def _event(self, tree: Tree) -> SampleEvent:
        known = (*TEXTS, *NUMBERS, *CHECKS, "times", "questions", "map")
        fields = self._mapping(tree, "An event", known)
        texts = {name: self._text(fields[name]) for name in TEXTS if name in fields}
        if not texts.get("key") or MARK not in texts.get("title", ""):
            self.reading.fault(tree.line, f"An event needs a 'key', and a 'title' with {MARK} in it.")
        for name, choices in (("programme", self.pack.programmes), ("district", self.pack.districts)):
            self._check_named(fields.get(name), name, choices)
        times = tuple(self._time(item) for item in self._items(fields.get("times"), "'times'"))
        if not times:
            self.reading.fault(tree.line, "An event needs 'times': how many days from now, from when to when.")
        return SampleEvent(
            texts=texts,
            numbers={name: self._number(fields[name]) for name in NUMBERS if name in fields},
            checks={name: self._check(fields[name]) for name in CHECKS if name in fields},
            times=times,
            questions=tuple(self._question(item) for item in self._items(fields.get("questions"), "'questions'")),
            point=self._point(fields.get("map")),
        )

    def _time(self, tree: Tree) -> SampleTime:
        fields = self._mapping(tree, "A time", ("in_days", "on", "from", "to", "title"))
        weekday = self._text(fields.get("on"))
        if weekday and weekday not in WEEKDAYS:
            self.reading.fault(tree.line, f"'on' may be one of: {', '.join(WEEKDAYS)}.")
        starts, ends = (self._clock(fields.get(name), tree.line, name) for name in ("from", "to"))
        if ends <= starts:
            self.reading.fault(tree.line, "'to' must be later than 'from', on the same day.")
        in_days = self._number(fields.get("in_days"), line=tree.line)
        return SampleTime(
            in_days, starts, ends, self._text(fields.get("title")),
            WEEKDAYS.index(weekday) if weekday in WEEKDAYS else None,
        )  # fmt: skip

    def _question(self, tree: Tree) -> SampleQuestion:
        fields = self._mapping(tree, "A question", ("ask", "kind", "choices", "required"))
        choices = tuple(self._text(item) for item in self._items(fields.get("choices"), "'choices'"))
        label, kind = self._text(fields.get("ask")), self._text(fields.get("kind")) or "text"
        if not label:
            self.reading.fault(tree.line, "A question must say what to 'ask'.")
        return SampleQuestion(label, kind, choices, self._check(fields.get("required")))

    def _point(self, tree: Tree | None) -> tuple[float, float] | None:
        try:
            latitude, longitude = (float(self._text(item)) for item in self._items(tree, "'map'"))
        except ValueError:
            if tree is not None:
                self.reading.fault(tree.line, "'map' must be two numbers: [19.9, 99.8].")
            return None
        return latitude, longitude

    def _check_named(self, tree: Tree | None, name: str, known: tuple[Named, ...]) -> None:
        ids = [one.id for one in known]
        if tree is not None and self._text(tree) not in ids:
            self.reading.fault(tree.line, f"The pack has no {name} {tree.value!r}. It has: {', '.join(ids)}.")

    def _mapping(self, tree: Tree | None, what: str, known: tuple[str, ...]) -> dict[str, Tree]:
        if tree is None or not isinstance(tree.value, dict):
            self.reading.fault(tree.line if tree else None, f"{what} must be a list of 'name: value' lines.")
            return {}
        for name, item in tree.value.items():
            if name not in known:
                self.reading.fault(item.line, f"{what} has no {name!r}. It may have: {', '.join(known)}.")
        return tree.value

    def _items(self, tree: Tree | None, what: str) -> list[Tree]:
        if tree is not None and not isinstance(tree.value, list):
            self.reading.fault(tree.line, f"{what} must be a list, each item after a '-'.")
        return tree.value if tree is not None and isinstance(tree.value, list) else []

    def _text(self, tree: Tree | None) -> str:
        if tree is not None and not isinstance(tree.value, str):
            self.reading.fault(tree.line, "This must be one text.")
        return tree.value.strip() if tree is not None and isinstance(tree.value, str) else ""

    def _number(self, tree: Tree | None, *, line: int | None = None) -> int:
        text = self._text(tree)
        if not re.fullmatch(r"[0-9]{1,5}", text):
            self.reading.fault(tree.line if tree else line, "A whole number is missing here.")
            return 0
        return int(text)

    def _check(self, tree: Tree | None) -> bool:
        text = self._text(tree)
        if tree is not None and text not in {"yes", "no"}:
            self.reading.fault(tree.line, "This may be 'yes' or 'no'.")
        return text == "yes"

    def _clock(self, tree: Tree | None, line: int, name: str) -> tuple[int, int]:
        found = _TIME.fullmatch(self._text(tree))
        if found is None:
            self.reading.fault(tree.line if tree else line, f'{name!r} must be a time of day such as "09:00".')
            return (0, 0)
        return int(found[1]), int(found[2])
