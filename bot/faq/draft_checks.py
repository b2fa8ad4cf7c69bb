"""What an edit must keep: the rules for content, looked at only where the edit touched it, so that it stays quick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from unicodedata import category

from bot.faq.wordings import key_of, owners
from knowledge.catalogue import Catalogue
from knowledge.checks import check
from knowledge.content_files import CRISIS, LANGUAGES
from knowledge.entries import Entry, Fault
from knowledge.lexicon import SAME_WORD, Lexicon, key

_ALLOWED = "\n\t"
_BAD_CATEGORIES = ("Cc", "Cs")


class _Touched(Mapping[str, Entry]):
    """Goes through the entries that were touched, and knows all."""

    def __init__(self, every: Mapping[str, Entry], touched: frozenset[str]) -> None:
        self._every, self._touched = every, touched

    def __getitem__(self, entry_id: str) -> Entry:
        return self._every[entry_id]

    def __iter__(self) -> Iterator[str]:
        return (entry_id for entry_id in self._every if entry_id in self._touched)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._every


def find_faults(before: Catalogue, after: Catalogue) -> tuple[Fault, ...]:
    """What the change from one to the other would leave wrong. Warnings are left out."""
    touched = _touched_entries(before, after)
    groups = {
        name: texts
        for name, texts in _groups(after).items()
        if texts != _groups(before).get(name)
    }  # fmt: skip
    faults = [fault for entry_id in sorted(touched) for fault in form_faults(after.entries[entry_id])]
    touching = _Touched({name: formed(entry) for name, entry in after.entries.items()}, frozenset(touched))
    faults += [fault for fault in check(touching, after.pack, groups) if not fault.warning]
    faults += _twins_elsewhere(after, {*touched, *groups})
    faults += [Fault(name, None, "There are no messages here any more.") for name, texts in groups.items() if not texts]
    if after.lexicon != before.lexicon:
        faults += _lexicon_faults(after.lexicon)
    if CRISIS in before.entries and CRISIS not in after.entries:
        faults.append(Fault(CRISIS, None, "This entry cannot be removed: it is the answer to people in danger."))
    return tuple(dict.fromkeys(faults))


def form_faults(entry: Entry) -> list[Fault]:
    """What a file could not even be read with: missing Thai, blank texts, letters that no one can see."""
    faults = []
    by_language = [("title", entry.title), ("answer", entry.answer)]
    by_language += [("details", detail.text) for detail in entry.details]
    by_language += [] if entry.unavailable is None else [("unavailable", entry.unavailable)]
    for part, texts in by_language:
        if not texts.get("th", "").strip():
            faults.append(f"'{part}' is missing in Thai.")
        if set(texts) - set(LANGUAGES):
            faults.append(f"'{part}' may be in: {', '.join(LANGUAGES)}.")
    written = [text for _, each in by_language for text in each.values()] + [*entry.variants, *entry.phrases]
    if not all(text.strip() for text in written):
        faults.append("A text is empty.")
    faults += [f"{text[:40]!r} holds a letter that cannot be shown." for text in written if is_unreadable(text)]
    if any(not detail.needs for detail in entry.details):
        faults.append("A detail must say what it needs.")
    if entry.phrases and entry.id != CRISIS:
        faults.append(f"Only {CRISIS} has phrases.")
    return [Fault(entry.id, None, message) for message in dict.fromkeys(faults)]


def formed(entry: Entry) -> Entry:
    """The entry with something in the place of Thai that is missing, so that all its other faults can be found too."""
    unavailable = None if entry.unavailable is None else {"th": "-", **entry.unavailable}
    details = tuple(replace(detail, text={"th": "-", **detail.text}) for detail in entry.details)
    return replace(entry, answer={"th": "-", **entry.answer}, unavailable=unavailable, details=details)


def is_unreadable(text: str) -> bool:
    return any(category(letter) in _BAD_CATEGORIES and letter not in _ALLOWED for letter in text)


def _touched_entries(before: Catalogue, after: Catalogue) -> set[str]:
    """Those that changed, and those that named one which is gone."""
    if after.pack != before.pack:
        return set(after.entries)
    gone = set(before.entries) - set(after.entries)
    return {
        entry_id
        for entry_id, entry in after.entries.items()
        if entry != before.entries.get(entry_id) or gone & set(entry.related)
    }


def _groups(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    return {**catalogue.out_of_scope, **catalogue.refusals}


def _twins_elsewhere(after: Catalogue, touched: set[str]) -> list[Fault]:
    """Wordings of what was touched that also stand under what was not."""
    elsewhere = {key_of(text): owner for owner, texts in owners(after) if owner not in touched for text in texts}
    found = []
    for owner, texts in owners(after):
        for text in texts if owner in touched else ():
            other = elsewhere.get(key_of(text))
            if other is not None:
                found.append(Fault(owner, None, f"{text!r} stands under {other} too. Keep it where it belongs."))
            if is_unreadable(text):
                found.append(Fault(owner, None, f"{text[:40]!r} holds a letter that cannot be shown."))
    return found


def _lexicon_faults(lexicon: Lexicon) -> list[Fault]:
    """A form may stand under one standard word only."""
    taken: dict[str, str] = {}
    faults = []
    for name in SAME_WORD:
        for standard, forms in getattr(lexicon, name).items():
            for form in forms:
                other = taken.setdefault(key(form), standard)
                if other != standard:
                    faults.append(Fault("lexicon", None, f"{form!r} stands for {other!r} and for {standard!r}."))
    return faults
