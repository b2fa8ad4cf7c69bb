"""Score a catalogue on its own messages, each by a matcher that was trained without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from knowledge.catalogue import Catalogue
from knowledge.evaluation import Judged, Labelled, Report, outcome_of
from knowledge.matcher import Matcher
from knowledge.model import train

FOLDS = 5
Item = TypeVar("Item")


def cross_validate(catalogue: Catalogue, *, folds: int = FOLDS) -> Iterator[Report]:
    """One report a fold; as many trainings as folds. The phrases of emergencies stay whole.

    The figures are lower than on people's messages: variants are written to differ from each other.
    """
    for fold in range(folds):
        kept, held = hold_out(catalogue, fold, folds)
        matcher = Matcher(kept, train(kept))
        decided = [(item, matcher.decide(item.text)) for item in held]
        yield Report(tuple(Judged(item, found, outcome_of(found, item.expect)) for item, found in decided))


def hold_out(catalogue: Catalogue, fold: int, folds: int = FOLDS) -> tuple[Catalogue, list[Labelled]]:
    """The catalogue without every `folds`-th message of each group, and those messages."""
    held: list[Labelled] = []
    entries = {}
    for entry_id, entry in catalogue.entries.items():
        variants, taken = _deal(tuple(dict.fromkeys(entry.variants)), fold, folds)
        entries[entry_id] = replace(entry, variants=variants)
        held += [Labelled(f"{entry_id}/{place}", text, (), (entry_id,), "variant") for place, text in taken]
    kept_groups = []
    for part in (catalogue.out_of_scope, catalogue.refusals):
        groups = {}
        for name, texts in part.items():
            groups[name], taken = _deal(tuple(dict.fromkeys(texts)), fold, folds)
            held += [Labelled(f"{name}/{place}", text, (), (), name) for place, text in taken]
        kept_groups.append(groups)
    kept = replace(catalogue, entries=entries, out_of_scope=kept_groups[0], refusals=kept_groups[1])
    return kept, held


def join(reports: Sequence[Report]) -> Report:
    return Report(tuple(judged for report in reports for judged in report.judged))


def alarms(report: Report) -> Mapping[str, int]:
    """How often the alarm rang, by what the message really was."""
    return Counter(
        (item.labelled.expect or (item.labelled.style,))[0] for item in report.judged if item.decision.urgent
    )


def _deal(items: tuple[Item, ...], fold: int, folds: int) -> tuple[tuple[Item, ...], list[tuple[int, Item]]]:
    kept = tuple(item for place, item in enumerate(items) if place % folds != fold)
    return kept, [(place, item) for place, item in enumerate(items) if place % folds == fold]
