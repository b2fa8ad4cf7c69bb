"""Score a matcher on labelled messages: the four figures of understanding, and where it goes wrong."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from knowledge.confidence import OFFERED
from knowledge.decision import Decision

Z = 1.959964
"""95 % of a normal distribution lies within so many deviations."""
WORST = 20
Outcome = Literal["right", "offered", "wrong", "missed", "refused", "false answer", "asked"]


class BadLabels(ValueError):
    """A file of labelled messages is not in the format. The message names the line."""


@dataclass(frozen=True)
class Labelled:
    """A message, what was said before it, and the entries any of which is right (none: out of scope)."""

    id: str
    text: str
    earlier: tuple[str, ...]
    expect: tuple[str, ...]
    style: str


@dataclass(frozen=True)
class Share:
    """How many of how many, with the Wilson interval."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.total:
            return (0.0, 1.0)
        n, p = self.total, self.value
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        reach = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        return (max(0.0, middle - reach), min(1.0, middle + reach))

    def plain(self) -> dict[str, Any]:
        low, high = self.interval
        return {
            "value": round(self.value, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "hits": self.hits,
            "total": self.total,
        }


@dataclass(frozen=True)
class Judged:
    labelled: Labelled
    decision: Decision
    outcome: Outcome


@dataclass(frozen=True)
class Report:
    judged: tuple[Judged, ...]

    def figures(self, judged: Sequence[Judged] | None = None) -> dict[str, Share]:
        """right, helped, wrong, false_answer; asked: out of scope but offered choices."""
        counts = Counter(item.outcome for item in (self.judged if judged is None else judged))
        ours = sum(counts[name] for name in ("right", "offered", "wrong", "missed"))
        others = sum(counts[name] for name in ("refused", "false answer", "asked"))
        return {
            "right": Share(counts["right"], ours),
            "helped": Share(counts["right"] + counts["offered"], ours),
            "wrong": Share(counts["wrong"], ours),
            "false_answer": Share(counts["false answer"], others),
            "asked": Share(counts["asked"], others),
        }

    def by_style(self) -> dict[str, dict[str, Share]]:
        return self._by(lambda item: item.labelled.style)

    def by_topic(self) -> dict[str, dict[str, Share]]:
        """By the main entry expected; messages out of scope are left out."""
        return self._by(lambda item: item.labelled.expect[0] if item.labelled.expect else None)

    def confusions(self) -> list[tuple[str, str, int]]:
        """(expected, answered, times), the most frequent first."""
        pairs = Counter(
            (item.labelled.expect[0] if item.labelled.expect else "out of scope", item.decision.entry or "")
            for item in self.judged
            if item.outcome in ("wrong", "false answer")
        )
        ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(expected, answered, times) for (expected, answered), times in ordered[:WORST]]

    def failures(self) -> list[Judged]:
        return [item for item in self.judged if item.outcome not in ("right", "refused")]

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "messages": len(self.judged),
            "figures": _plain(self.figures()),
            "by_style": {name: _plain(figures) for name, figures in self.by_style().items()},
            "by_topic": {name: _plain(figures) for name, figures in self.by_topic().items()},
            "confusions": [
                {"expected": expected, "answered": answered, "times": times}
                for expected, answered, times in self.confusions()
            ],
            "failures": [
                {
                    "id": item.labelled.id,
                    "text": item.labelled.text,
                    "expect": list(item.labelled.expect),
                    "outcome": item.outcome,
                    "decision": item.decision.kind,
                    "entry": item.decision.entry,
                    "candidates": [candidate.entry for candidate in item.decision.candidates[:OFFERED]],
                }
                for item in self.failures()
            ],
        }

    def _by(self, name_of: Callable[[Judged], str | None]) -> dict[str, dict[str, Share]]:
        groups: dict[str, list[Judged]] = defaultdict(list)
        for item in self.judged:
            name = name_of(item)
            if name is not None:
                groups[name].append(item)
        return {name: self.figures(groups[name]) for name in sorted(groups)}


def read_labelled(lines: Iterable[str], *, source: str = "") -> list[Labelled]:
    """JSON lines with `text` or `turns`, and `expect`. Raises BadLabels at the first line that is not so."""
    labelled = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{source}:{number}" if source else f"line {number}"
        try:
            plain = json.loads(line)
            turns = tuple(plain["turns"]) if "turns" in plain else (plain["text"],)
            expect = tuple(plain["expect"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadLabels(f"{place}: not a labelled message ({error!r})") from error
        if not turns or not all(isinstance(text, str) for text in (*turns, *expect)):
            raise BadLabels(f"{place}: `text`, `turns` and `expect` hold texts, and there must be a text")
        style = str(plain.get("style") or plain.get("kind") or "unnamed")
        labelled.append(Labelled(str(plain.get("id", number)), turns[-1], turns[:-1], expect, style))
    return labelled


def evaluate(decide: Callable[[str, Sequence[str]], Decision], labelled: Iterable[Labelled]) -> Report:
    """`decide` is given a text and what was said earlier."""
    judged = []
    for item in labelled:
        decision = decide(item.text, item.earlier)
        judged.append(Judged(item, decision, outcome_of(decision, item.expect)))
    return Report(tuple(judged))


def outcome_of(decision: Decision, expect: Sequence[str]) -> Outcome:
    if not expect:
        outcomes: dict[str, Outcome] = {"answer": "false answer", "clarify": "asked", "fallback": "refused"}
        return outcomes[decision.kind]
    if decision.kind == "answer":
        return "right" if decision.entry in expect else "wrong"
    offered = decision.kind == "clarify" and any(
        candidate.entry in expect for candidate in decision.candidates[:OFFERED]
    )
    return "offered" if offered else "missed"


def _plain(figures: dict[str, Share]) -> dict[str, Any]:
    return {name: share.plain() for name, share in figures.items() if share.total}
