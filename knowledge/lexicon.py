"""The hand-kept words: what to keep whole, what is only politeness, which words are one word written differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from knowledge.thai import normalise, without_dots

SAME_WORD = ("abbreviations", "northern", "misspellings", "english")
"""Groups whose forms are replaced by the standard word."""
RELATED = "synonyms"
"""Forms of these mean nearly the same: they are marked as such, but each stays."""

LISTS = ("keep_whole", "particles", "connectors", "negations", "exaggerations", "dying", "hearsay")

Groups = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Lexicon:
    keep_whole: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    """Words between two needs in one message."""
    negations: tuple[str, ...] = ()
    """Before a cry for help, they take it back."""
    exaggerations: tuple[str, ...] = ()
    """Hungry, bored, amused: what people say they are 'dying' of."""
    dying: tuple[str, ...] = ()
    """The words for dying that exaggerations use."""
    hearsay: tuple[str, ...] = ()
    """Words of films, news and statistics: one talks about an emergency and is not in it."""
    abbreviations: Groups = field(default_factory=dict)
    northern: Groups = field(default_factory=dict)
    misspellings: Groups = field(default_factory=dict)
    english: Groups = field(default_factory=dict)
    synonyms: Groups = field(default_factory=dict)

    @cached_property
    def standard_of(self) -> Mapping[str, str]:
        """The standard word of each other form, both as they stand in a normalised text."""
        return {
            key(form): without_dots(normalise(standard))
            for name in SAME_WORD
            for standard, forms in getattr(self, name).items()
            for form in forms
        }

    @cached_property
    def meaning_of(self) -> Mapping[str, tuple[str, ...]]:
        """The meanings that a word shares with its synonyms."""
        meanings: dict[str, tuple[str, ...]] = {}
        for standard, forms in self.synonyms.items():
            for form in (standard, *forms):
                word = key(form)
                meanings[word] = (*meanings.get(word, ()), key(standard))
        return meanings

    @cached_property
    def polite(self) -> frozenset[str]:
        return frozenset(key(word) for word in self.particles)

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Every word that must not be cut."""
        kept = {key(word) for word in (*self.keep_whole, *self.connectors)}
        return frozenset({*kept, *self.standard_of, *self.meaning_of, *self.polite, *self.standard_of.values()} - {""})

    def standard(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words with each other form replaced by its standard word."""
        return tuple(self.standard_of.get(word, word) for word in words)

    def without_politeness(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words less those that are only polite, unless nothing would be left."""
        return tuple(word for word in words if word not in self.polite) or words


def key(form: str) -> str:
    """A form as it stands in a normalised text whose dots are gone."""
    return without_dots(normalise(form))
