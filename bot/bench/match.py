"""`bench match`: our matcher beside two of BM25, on the shipped content and on made-up content of 10,000 entries.

Each is built once a corpus and asked the same held-out questions, in rounds that alternate; the median round counts.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bot.bench import invented
from bot.bench.invented import Query
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.cross_validation import hold_out
from knowledge.matcher import Matcher
from knowledge.model import train
from knowledge.words import WordSplitter

ROUNDS = 3
SLOW = 60
"""So many questions for the yardstick that looks at every document: it takes a fifth of a second each."""
Report = Callable[[str], None]


class Ranker(Protocol):
    def best(self, text: str) -> str | None:
        """The entry that a text most likely means."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    shipped: bool
    entries: int
    variants: int
    questions: int
    small_entries: int = 40
    """Stands in for the shipped content in a quick run."""


WHOLE = Size(shipped=True, entries=10_000, variants=10, questions=400)
QUICK = Size(shipped=False, entries=320, variants=5, questions=25)


@dataclass(frozen=True, slots=True)
class Corpus:
    name: str
    catalogue: Catalogue
    queries: Sequence[Query]


@dataclass(slots=True)
class Figure:
    """Of one way on one corpus."""

    kind: str
    build_seconds: float
    recall: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds once it can match, in MB; and how long opening the stored model took."""

    added: float
    """Beyond Python and numpy."""
    steps: Mapping[str, float]
    stored: float
    opening_seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    corpus: str
    entries: int
    messages: int
    figures: Sequence[Figure]
    """Ours first."""
    memory: Memory


class Ours:
    kind = "civicbot"

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.model = train(catalogue)
        self._matcher = Matcher(catalogue, self.model)

    def best(self, text: str) -> str | None:
        decision = self._matcher.decide(text)
        return decision.candidates[0].entry if decision.candidates else None


class _Words:
    """The variants of all entries as words: what both yardsticks are built from."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._splitter = WordSplitter()
        messages = [(entry.id, text) for entry in catalogue.entries.values() for text in dict.fromkeys(entry.variants)]
        self.owners = [owner for owner, _ in messages]
        self.documents = [self.split(text) for _, text in messages]

    def split(self, text: str) -> list[str]:
        return list(self._splitter.split(text))


class RankBM25(_Words):
    kind = "rank_bm25 + newmm"

    def __init__(self, catalogue: Catalogue) -> None:
        from rank_bm25 import BM25Okapi  # noqa: PLC0415 - a yardstick, installed for tests only

        super().__init__(catalogue)
        self._index = BM25Okapi(self.documents)

    def best(self, text: str) -> str | None:
        return self.owners[int(np.argmax(self._index.get_scores(self.split(text))))]


class BM25S(_Words):
    kind = "bm25s + newmm"

    def __init__(self, catalogue: Catalogue) -> None:
        import bm25s  # noqa: PLC0415 - a yardstick, installed for tests only

        super().__init__(catalogue)
        self._index = bm25s.BM25()
        self._index.index(self.documents, show_progress=False)

    def best(self, text: str) -> str | None:
        words = [word for word in self.split(text) if word in self._index.vocab_dict]
        if not words:
            return None
        found = self._index.retrieve([words], k=1, show_progress=False)
        return self.owners[int(found.documents[0][0])]


@dataclass(slots=True)
class _Contest:
    figure: Figure
    ranker: Ranker
    queries: Sequence[Query]
    rounds: list[np.ndarray[Any, Any]] = field(default_factory=list)

    def run(self) -> None:
        taken, right = [], 0
        for query in self.queries:
            started = time.perf_counter()
            entry = self.ranker.best(query.text)
            taken.append((time.perf_counter() - started) * 1000)
            right += entry == query.entry
        self.figure.recall = right / len(self.queries)
        self.rounds.append(np.array(taken))

    def finish(self) -> Figure:
        self.figure.p50_ms = statistics.median(float(np.percentile(taken, 50)) for taken in self.rounds)
        self.figure.p99_ms = statistics.median(float(np.percentile(taken, 99)) for taken in self.rounds)
        return self.figure


def run(size: Size, report: Report) -> list[Result]:
    """Minutes when whole, seconds when quick. `report` is told what is being done."""
    base = load_catalogue(SHIPPED)
    small = shipped(base, size) if size.shipped else made_up(base, size.small_entries, size)
    return [compete(corpus, report) for corpus in (small, made_up(base, size.entries, size))]


def shipped(base: Catalogue, size: Size) -> Corpus:
    """The shipped content without a fifth of its messages, which are the questions."""
    kept, held = hold_out(base, 0)
    queries = [Query(item.text, item.expect[0]) for item in held if item.expect]
    return Corpus("shipped", kept, queries[:: max(1, len(queries) // size.questions)])


def made_up(base: Catalogue, entries: int, size: Size) -> Corpus:
    content = invented.content(entries, base, variants=size.variants)
    return Corpus("made up", content, invented.queries(entries, size.questions))


def compete(corpus: Corpus, report: Report) -> Result:
    contests, ours = [], None
    for kind in (Ours, RankBM25, BM25S):
        report(f"{corpus.name}, {len(corpus.catalogue.entries)} entries: building {kind.kind} …")
        started = time.perf_counter()
        ranker = kind(corpus.catalogue)
        figure = Figure(kind.kind, time.perf_counter() - started)
        ours = ranker if isinstance(ranker, Ours) else ours
        contests.append(_Contest(figure, ranker, corpus.queries[:SLOW] if kind is RankBM25 else corpus.queries))
    for contest in contests:
        contest.ranker.best(corpus.queries[0].text)  # the first question pays for what is made on demand
    for number in range(ROUNDS):
        for contest in contests:
            report(f"{corpus.name}: round {number + 1} of {ROUNDS}, {contest.figure.kind} …")
            contest.run()
    report(f"{corpus.name}: memory of a process …")
    assert ours is not None  # noqa: S101 - for the type checker: the first of the three
    messages = sum(len(entry.variants) for entry in corpus.catalogue.entries.values())
    figures = [contest.finish() for contest in contests]
    return Result(corpus.name, len(corpus.catalogue.entries), messages, figures, measure_memory(ours))


def measure_memory(ours: Ours) -> Memory:
    """In a process of its own, which opens the model as a server does."""
    with tempfile.TemporaryDirectory(prefix="civicbot-bench-") as name:
        catalogue_file, model_file = Path(name, "catalogue.json"), Path(name, "model")
        catalogue_file.write_text(ours.catalogue.to_json(), "utf-8")
        model_file.write_bytes(ours.model.to_bytes())
        command = [sys.executable, "-m", "bot.bench.memory", str(catalogue_file), str(model_file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
        stored = model_file.stat().st_size / 1e6
    plain = json.loads(done.stdout)
    steps = plain["resident"]
    return Memory(steps["matcher"] - steps["numpy"], steps, stored, plain["opening_seconds"])
