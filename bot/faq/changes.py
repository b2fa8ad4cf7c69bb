"""What differs between two catalogues, for people who decide whether it may be published."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from bot.faq.wordings import key_of, owners
from knowledge.care import UNCARED_FOR
from knowledge.catalogue import Catalogue
from knowledge.entries import Action, Entry
from knowledge.lexicon import LISTS, RELATED, SAME_WORD

Texts = tuple[str, ...]
Kind = Literal["added", "removed", "changed"]
_BLANK = Entry("", {}, {}, (), None, (), (), ())


@dataclass(frozen=True)
class FieldChange:
    field: str
    """`answer.th`, `title.en`, `details`, `unavailable.th`, `actions`, `related`, `phrases`."""
    old: str
    new: str


@dataclass(frozen=True)
class TextsChange:
    """Of an entry's variants, of a group of messages, or of a list of words. What was moved is not among it."""

    added: Texts = ()
    removed: Texts = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


@dataclass(frozen=True)
class EntryChange:
    entry: str
    kind: Kind
    fields: tuple[FieldChange, ...] = ()
    variants: TextsChange = TextsChange()


@dataclass(frozen=True)
class MovedWording:
    text: str
    origin: str
    target: str


@dataclass(frozen=True)
class MessagesChange:
    """Of messages that are not ours."""

    group: str
    texts: TextsChange


@dataclass(frozen=True)
class LexiconChange:
    group: str
    standard: str | None
    """None for the plain lists of words."""
    forms: TextsChange


@dataclass(frozen=True)
class Changes:
    entries: tuple[EntryChange, ...]
    moved: tuple[MovedWording, ...]
    messages: tuple[MessagesChange, ...]
    lexicon: tuple[LexiconChange, ...]
    pack: bool
    """The centre's name, its districts or its programmes."""

    def __bool__(self) -> bool:
        return bool(self.entries or self.moved or self.messages or self.lexicon or self.pack)

    def to_lines(self) -> list[str]:
        """For a terminal."""
        return list(_lines(self))


_Compare = Callable[[str, Texts, Texts], TextsChange]


def compare(old: Catalogue, new: Catalogue) -> Changes:
    moved = _moved(old, new)
    came = {(wording.target, key_of(wording.text)) for wording in moved}
    went = {(wording.origin, key_of(wording.text)) for wording in moved}

    def texts(owner: str, before: Texts, after: Texts) -> TextsChange:
        change = _texts(before, after)
        return TextsChange(
            tuple(text for text in change.added if (owner, key_of(text)) not in came),
            tuple(text for text in change.removed if (owner, key_of(text)) not in went),
        )

    entries = [
        _entry(old.entries.get(entry_id), new.entries.get(entry_id), texts)
        for entry_id in sorted({*old.entries, *new.entries})
        if old.entries.get(entry_id) != new.entries.get(entry_id)
    ]
    before, after = _groups(old), _groups(new)
    groups = {name: texts(name, before.get(name, ()), after.get(name, ())) for name in {**before, **after}}
    return Changes(
        entries=tuple(change for change in entries if change.kind != "changed" or change.fields or change.variants),
        moved=moved,
        messages=tuple(MessagesChange(name, change) for name, change in groups.items() if change),
        lexicon=tuple(_lexicon(old, new)),
        pack=old.pack != new.pack,
    )


def _entry(old: Entry | None, new: Entry | None, texts: _Compare) -> EntryChange:
    if old is None and new is not None:
        return EntryChange(new.id, "added", tuple(_fields(_BLANK, new)), texts(new.id, (), new.variants))
    if new is None and old is not None:
        return EntryChange(old.id, "removed", (), texts(old.id, old.variants, ()))
    assert old is not None and new is not None  # noqa: S101 - the caller names entries of one or the other
    return EntryChange(new.id, "changed", tuple(_fields(old, new)), texts(new.id, old.variants, new.variants))


def _fields(old: Entry, new: Entry) -> Iterator[FieldChange]:
    before, after = _told(old), _told(new)
    for field in dict.fromkeys((*before, *after)):
        if before.get(field, "") != after.get(field, ""):
            yield FieldChange(field, before.get(field, ""), after.get(field, ""))


def _told(entry: Entry) -> dict[str, str]:
    """Each field as text, by its name; the same whatever order the languages were read in."""
    told = {f"title.{language}": text for language, text in entry.title.items()}
    told |= {f"answer.{language}": text for language, text in entry.answer.items()}
    told["details"] = "\n".join(
        f"[{', '.join(detail.needs)}] {language}: {text}"
        for detail in entry.details
        for language, text in sorted(detail.text.items(), reverse=True)
    )
    told |= {f"unavailable.{language}": text for language, text in (entry.unavailable or {}).items()}
    told["actions"] = ", ".join(action_text(action) for action in entry.actions)
    told["related"] = ", ".join(entry.related)
    told["phrases"] = ", ".join(entry.phrases)
    told |= {f"care.{name}": text for name, text in asdict(entry.care).items() if entry.care != UNCARED_FOR}
    return told


def action_text(action: Action) -> str:
    return action.name if action.argument is None else f"{action.name}({action.argument})"


def _moved(old: Catalogue, new: Catalogue) -> tuple[MovedWording, ...]:
    """Wordings that stood under one owner and now stand under another."""
    before = {key_of(text): owner for owner, texts in owners(old) for text in texts}
    found = []
    for owner, texts in owners(new):
        for text in texts:
            origin = before.get(key_of(text), owner)
            if origin != owner:
                found.append(MovedWording(text, origin, owner))
    return tuple(found)


def _groups(catalogue: Catalogue) -> Mapping[str, Texts]:
    return {**catalogue.out_of_scope, **catalogue.refusals}


def _texts(before: Texts, after: Texts) -> TextsChange:
    old, new = set(before), set(after)
    return TextsChange(
        tuple(text for text in after if text not in old), tuple(text for text in before if text not in new)
    )


def _lexicon(old: Catalogue, new: Catalogue) -> Iterator[LexiconChange]:
    for name in LISTS:
        change = _texts(getattr(old.lexicon, name), getattr(new.lexicon, name))
        if change:
            yield LexiconChange(name, None, change)
    for name in (*SAME_WORD, RELATED):
        before, after = getattr(old.lexicon, name), getattr(new.lexicon, name)
        for standard in sorted({*before, *after}):
            change = _texts(before.get(standard, ()), after.get(standard, ()))
            if change:
                yield LexiconChange(name, standard, change)


_SIGNS: Mapping[Kind, str] = {"added": "+", "removed": "-", "changed": "~"}


def _lines(changes: Changes) -> Iterator[str]:
    for entry in changes.entries:
        yield f"{_SIGNS[entry.kind]} {entry.entry}: {entry.kind}"
        for field in entry.fields:
            yield f"    {field.field}"
            yield from (f"      - {line}" for line in field.old.splitlines())
            yield from (f"      + {line}" for line in field.new.splitlines())
        yield from _text_lines("variants", entry.variants)
    for wording in changes.moved:
        yield f"> {wording.text}: moved from {wording.origin} to {wording.target}"
    for group in changes.messages:
        yield f"~ messages that are not ours: {group.group}"
        yield from _text_lines("messages", group.texts)
    for words in changes.lexicon:
        yield f"~ lexicon: {words.group}" + (f", {words.standard}" if words.standard else "")
        yield from _text_lines("words", words.forms)
    if changes.pack:
        yield "~ the pack: the centre, its districts or its programmes"


def _text_lines(what: str, texts: TextsChange) -> Iterator[str]:
    if texts:
        yield f"    {what}"
        yield from (f"      - {text}" for text in texts.removed)
        yield from (f"      + {text}" for text in texts.added)
