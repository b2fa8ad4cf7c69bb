"""How well messages are understood, in tables and drawings: measured, and put into docs/matching.md.

`python -m bot.bench.understanding docs FILE…` measures on the shipped content and on the labelled messages of the
files. It makes the marked parts of `matching.md` in that folder anew, and the drawings beside it. `--quick` takes a
small share of the content, for a test of the program. Of files with "blind" in their name only figures are told.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.bench import ablation, findings, page
from bot.bench.ablation import Exam, Row
from bot.bench.curves import ASKING_VALUES, SURE_VALUES, Curve, RememberingMatcher, add_curves, sweep, with_value
from bot.bench.findings import HELD_OUT, Measured, Results
from knowledge import matcher, training
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.cross_validation import FOLDS, hold_out, join
from knowledge.evaluation import Labelled, Report, evaluate, read_labelled
from knowledge.trained import Model

PAGE = "matching.md"
BLIND = "blind"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    every_topic: int
    """One of so many entries of the content is used."""
    share: float
    """Of their messages, and of those out of scope."""
    folds: int
    most_for_parts: int
    """What is trained anew for every part has at most so many messages: its time then has a bound."""


WHOLE = Size(every_topic=1, share=1.0, folds=FOLDS, most_for_parts=8_000)
QUICK = Size(every_topic=6, share=0.06, folds=2, most_for_parts=150)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of labelled messages."""

    name: str
    labelled: Sequence[Labelled]

    @property
    def blind(self) -> bool:
        return BLIND in self.name

    @property
    def conversations(self) -> bool:
        return any(item.earlier for item in self.labelled)


@dataclass(frozen=True, slots=True)
class Fold:
    """A share of the content, and the model that was trained without it."""

    kept: Catalogue
    held: Sequence[Labelled]
    model: Model


def run(size: Size, sources: Sequence[Source], tell: Tell) -> Results:
    """Minutes when whole, seconds when quick. `tell` is told what is being done."""
    started = time.process_time()
    content = thin(some_topics(load_catalogue(SHIPPED), size.every_topic), size.share)
    held_out, first = measure_held_out(content, size, tell)
    tell("training on all of the content …")
    whole = training.train(content)
    measured = [held_out, *(measure_source(RememberingMatcher(content, whole), source, tell) for source in sources)]
    first = shorten(first, size.most_for_parts, tell)
    parts = measure_parts(first, sources, tell)
    conversations = measure_conversations(content, whole, sources, tell)
    trained_on = len(training.labelled_messages(first.kept))
    return Results(content, size.folds, measured, parts, trained_on, conversations, time.process_time() - started)


def some_topics(catalogue: Catalogue, every: int) -> Catalogue:
    return replace(catalogue, entries=dict(list(catalogue.entries.items())[::every]))


def thin(catalogue: Catalogue, share: float) -> Catalogue:
    """A share of the messages of each group, evenly taken; at least one."""
    entries = {
        name: replace(entry, variants=_evenly(entry.variants, share)) for name, entry in catalogue.entries.items()
    }
    others, refusals = (
        {name: _evenly(texts, share) for name, texts in groups.items()}
        for groups in (catalogue.out_of_scope, catalogue.refusals)
    )
    return replace(catalogue, entries=entries, out_of_scope=others, refusals=refusals)


def measure_held_out(content: Catalogue, size: Size, tell: Tell) -> tuple[Measured, Fold]:
    """Of all folds together; and the first of them, for what is measured on one."""
    reports: list[Report] = []
    sure: list[Curve] = []
    asking: list[Curve] = []
    first: Fold | None = None
    for number in range(size.folds):
        tell(f"the content without fold {number + 1} of {size.folds} …")
        kept, held = hold_out(content, number, size.folds)
        fold = Fold(kept, held, training.train(kept))
        found = measure_source(RememberingMatcher(kept, fold.model), Source(HELD_OUT, held), tell)
        reports.append(found.report)
        sure.append(found.sure)
        asking.append(found.asking)
        first = first or fold
    assert first is not None  # noqa: S101 - for the type checker: there is a fold
    return Measured(HELD_OUT, join(reports), add_curves(sure), add_curves(asking)), first


def shorten(fold: Fold, most: int, tell: Tell) -> Fold:
    """The fold itself, or one trained on a share of what it was trained on."""
    total = len(training.labelled_messages(fold.kept))
    if total <= most:
        return fold
    tell(f"for the parts, training on {most:,} of {total:,} messages …")
    kept = thin(fold.kept, most / total)
    return Fold(kept, fold.held, training.train(kept))


def measure_source(asked: RememberingMatcher, source: Source, tell: Tell) -> Measured:
    """With the thresholds in force and with others."""
    tell(f"{source.name}: {len(source.labelled)} messages …")
    report = evaluate(asked.answer, source.labelled)
    sure = sweep(asked.answer, source.labelled, "SURE", with_value(SURE_VALUES, matcher.SURE))
    asking = sweep(asked.answer, source.labelled, "WORTH_ASKING", with_value(ASKING_VALUES, matcher.WORTH_ASKING))
    return Measured(source.name, report, sure, asking, blind=source.blind, conversations=source.conversations)


def measure_parts(fold: Fold, sources: Sequence[Source], tell: Tell) -> list[Row]:
    """On one fold and the files that may be looked at. Blind ones are no guide for what to build."""
    open_files = {item.name: item.labelled for item in sources if not (item.blind or item.conversations)}
    exam = Exam(fold.kept, {HELD_OUT: fold.held, **open_files})
    rows = ablation.measure(exam, fold.model, ablation.parts(), tell)
    return [*rows, ablation.measure_plain_score(exam, fold.model, tell)]


def measure_conversations(content: Catalogue, whole: Model, sources: Sequence[Source], tell: Tell) -> list[Row]:
    """Nothing when no file holds conversations."""
    exam = Exam(content, {item.name: item.labelled for item in sources if item.conversations})
    return ablation.measure(exam, whole, ablation.conversation_parts(), tell) if exam.messages else []


def read_sources(files: Sequence[Path]) -> list[Source]:
    """Raises ValueError when a file is not as it should be, or two have one name."""
    names = [file.stem for file in files]
    if len(set(names)) < len(names):
        raise ValueError("Two files of labelled messages have the same name.")
    return [
        Source(file.stem, read_labelled(file.read_text("utf-8-sig").splitlines(), source=file.name)) for file in files
    ]


def write(folder: Path, results: Results) -> Mapping[str, str]:
    """Refreshes the page and the drawings; returns the measured parts by their names."""
    made = findings.sections(results)
    file = folder / PAGE
    refreshed = page.refresh(file.read_text("utf-8"), made)
    for name, drawing in findings.drawings(results).items():
        (folder / name).write_text(drawing, "utf-8")
    file.write_text(refreshed, "utf-8")
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.bench.understanding", description=__doc__)
    parser.add_argument("folder", type=Path, help=f"where {PAGE} and its drawings are")
    parser.add_argument("files", type=Path, nargs="*", help="labelled messages, as for `civicbot evaluate`")
    parser.add_argument("--quick", action="store_true", help="with a small share of the content: no figures to keep")
    chosen = parser.parse_intermixed_args(arguments)
    if not (chosen.folder / PAGE).is_file():
        parser.error(f"there is no {PAGE} in {chosen.folder}")
    try:
        sources = read_sources(chosen.files)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    results = run(QUICK if chosen.quick else WHOLE, sources, lambda step: print(step, file=sys.stderr, flush=True))
    for name, text in write(chosen.folder, results).items():
        print(f"## {name}\n\n{text.strip()}\n")


def _evenly(texts: Sequence[str], share: float) -> tuple[str, ...]:
    return tuple(text for place, text in enumerate(texts) if not place or int(place * share) > int((place - 1) * share))


if __name__ == "__main__":
    main()
