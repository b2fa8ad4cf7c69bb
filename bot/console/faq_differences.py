"""What differs between two contents, with the names that people know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.console import faq_sentences
from bot.console.faq_forms import action_names
from bot.console.faq_working import Working
from bot.faq.changes import Changes, EntryChange, FieldChange, compare
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from knowledge.pack import Pack

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangedTopic:
    id: str
    title: str
    kind: str
    rows: tuple[Row, ...]
    added: Texts
    """Wordings."""
    removed: Texts


@dataclass(frozen=True, slots=True)
class ChangedList:
    title: str
    added: Texts
    removed: Texts


@dataclass(frozen=True, slots=True)
class MovedText:
    text: str
    origin: str
    target: str


@dataclass(frozen=True, slots=True)
class Differences:
    topics: tuple[ChangedTopic, ...]
    moved: tuple[MovedText, ...]
    messages: tuple[ChangedList, ...]
    words: tuple[ChangedList, ...]
    pack: bool

    def __bool__(self) -> bool:
        return bool(self.topics or self.moved or self.messages or self.words or self.pack)


def describe(old: Catalogue, new: Catalogue) -> Differences:
    every = {**old.entries, **new.entries}
    titles = {name: entry.title.get("th") or name for name, entry in every.items()}
    return _described(compare(old, new), titles, new.pack)


def between(old: Entry, new: Entry, working: Working) -> ChangedTopic | None:
    """Two versions of one topic. None when they say the same."""
    rest = replace(working.catalogue, entries={}, out_of_scope={}, refusals={})
    found = compare(replace(rest, entries={old.id: old}), replace(rest, entries={new.id: new}))
    described = _described(found, working.titles, rest.pack).topics
    return described[0] if described else None


def _described(found: Changes, titles: Mapping[str, str], pack: Pack) -> Differences:
    return Differences(
        topics=tuple(_topic(change, titles, pack) for change in found.entries),
        moved=tuple(
            MovedText(
                one.text, faq_sentences.subject(one.origin, titles), faq_sentences.subject(one.target, titles)
            )
            for one in found.moved
        ),
        messages=tuple(
            ChangedList(faq_sentences.subject(one.group, titles), one.texts.added, one.texts.removed)
            for one in found.messages
        ),
        words=tuple(
            ChangedList(_words_title(one.group, one.standard), one.forms.added, one.forms.removed)
            for one in found.lexicon
        ),
        pack=found.pack,
    )  # fmt: skip


def _topic(change: EntryChange, titles: Mapping[str, str], pack: Pack) -> ChangedTopic:
    rows = tuple(_row(field, titles, pack) for field in change.fields)
    title = titles.get(change.entry, change.entry)
    return ChangedTopic(change.entry, title, change.kind, rows, change.variants.added, change.variants.removed)


def _row(change: FieldChange, titles: Mapping[str, str], pack: Pack) -> Row:
    old, new = (_shown(change.field, text, titles, pack) for text in (change.old, change.new))
    return Row(faq_sentences.FIELDS.get(change.field, change.field), old, new)


def _shown(field: str, text: str, titles: Mapping[str, str], pack: Pack) -> str:
    if field == "actions":
        return action_names(text, pack)
    if field == "related":
        return ", ".join(titles.get(name, name) for name in text.split(", ") if name)
    if field == "care.when_old":
        return faq_sentences.WHEN_OLD.get(text, text)
    if field == "details":
        for name, title in faq_sentences.PLACES_TO_PUT.items():
            text = text.replace(f"[{name}", f"[{title}").replace(f", {name}", f", {title}")
    return text


def _words_title(group: str, standard: str | None) -> str:
    title = faq_sentences.WORDS[group][0]
    return title if standard is None else f"{title}: {standard}"
