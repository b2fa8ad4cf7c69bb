"""Where each wording stands: under an entry, or among what is not ours; and taking it from one place to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.catalogue import Catalogue
from knowledge.thai import normalise, without_dots

Texts = tuple[str, ...]


@dataclass(frozen=True)
class Moved:
    text: str
    """As it stood before."""
    origin: str
    """The id of an entry, or the name of a group of messages that are not ours."""


@lru_cache(maxsize=50_000)
def key_of(text: str) -> str:
    """Equal for wordings that differ in nothing the matcher sees."""
    return without_dots(normalise(text)) or text


def owners(catalogue: Catalogue) -> Iterator[tuple[str, Texts]]:
    """Everything that has wordings, entries first."""
    for entry in catalogue.entries.values():
        yield entry.id, entry.variants
    yield from catalogue.out_of_scope.items()
    yield from catalogue.refusals.items()


def distinct(texts: Iterable[str]) -> Texts:
    """Each wording once, without the space around it; empty ones left out."""
    kept: dict[str, str] = {}
    for text in texts:
        if text.strip():
            kept.setdefault(key_of(text.strip()), text.strip())
    return tuple(kept.values())


def take_out(catalogue: Catalogue, texts: Iterable[str], *, keeper: str) -> tuple[Catalogue, tuple[Moved, ...]]:
    """The catalogue without these wordings anywhere but under `keeper`, and where they stood."""
    keys = {key_of(text) for text in texts}
    moved: list[Moved] = []

    def rest(owner: str, before: Texts) -> Texts:
        if owner == keeper:
            return before
        gone = tuple(text for text in before if key_of(text) in keys)
        moved.extend(Moved(text, owner) for text in gone)
        return tuple(text for text in before if text not in gone) if gone else before

    entries = {name: replace(entry, variants=rest(name, entry.variants)) for name, entry in catalogue.entries.items()}
    taken = replace(
        catalogue,
        entries=entries,
        out_of_scope=_each(catalogue.out_of_scope, rest),
        refusals=_each(catalogue.refusals, rest),
    )
    return taken, tuple(moved)


def without(texts: Texts, unwanted: Iterable[str]) -> Texts:
    keys = {key_of(text) for text in unwanted}
    return tuple(text for text in texts if key_of(text) not in keys)


def _each(groups: Mapping[str, Texts], change: Callable[[str, Texts], Texts]) -> dict[str, Texts]:
    return {name: change(name, texts) for name, texts in groups.items()}
