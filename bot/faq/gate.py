"""The publish gate: what would people be told otherwise, and does the draft keep what was decided?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.faq.gate_report import (
    ChangedQuestion,
    Counts,
    GateReport,
    LoggedQuestion,
    Outcome,
    PermanentTest,
    Reason,
    Standing,
    TestFinding,
)
from bot.faq.library import Knowledge
from bot.faq.wordings import key_of, owners
from knowledge.confidence import OFFERED
from knowledge.decision import Decision
from knowledge.evaluation import Labelled, evaluate, outcome_of

Progress = Callable[[int, int], None]
"""Told how many messages are done, of how many."""
EVERY = 50
GOOD, WEAK = ("right", "refused"), ("offered", "asked")


@dataclass
class _Meter:
    """Counts what is done and tells it now and then."""

    total: int
    tell: Progress
    done: int = 0

    def step(self) -> None:
        self.done += 1
        if self.done % EVERY == 0 or self.done == self.total:
            self.tell(self.done, self.total)


def silent(done: int, total: int) -> None:
    """Nobody wants to know."""


def compare(
    *,
    in_force: Knowledge,
    draft: Knowledge,
    tests: Sequence[PermanentTest],
    logged: Sequence[LoggedQuestion],
    labelled: Sequence[Labelled] = (),
    progress: Progress = silent,
) -> GateReport:
    """Each message is decided by itself, on both sides. Nothing is read from anywhere and nothing is written."""
    meter = _Meter(len(tests) + len(logged) + len(labelled), progress)
    sides = _Sides(in_force, draft)
    findings = tuple(_findings(sides, tests, meter))
    changed, counts = _questions(sides, logged, meter)
    figures = tuple(_figures(side, labelled, meter if side is draft else None) for side in (in_force, draft))
    return GateReport(
        tests=len(tests),
        findings=findings,
        logged=len(logged),
        changed=changed,
        counts=counts,
        figures=(figures[0], figures[1]),
    )


class _Sides:
    """Decides on both sides, each wording once."""

    def __init__(self, in_force: Knowledge, draft: Knowledge) -> None:
        self._sides = (in_force, draft)
        self._known: dict[str, tuple[Decision, Decision]] = {}
        self._owners = tuple(
            {key_of(text): owner for owner, texts in owners(side.catalogue) for text in texts} for side in self._sides
        )

    def decide(self, text: str) -> tuple[Decision, Decision]:
        known = self._known.get(text)
        if known is None:
            known = self._sides[0].matcher.decide(text), self._sides[1].matcher.decide(text)
            self._known[text] = known
        return known

    def reason(self, text: str) -> Reason:
        old, new = (decision.why for decision in self.decide(text))
        key = key_of(text)
        return Reason(
            wording_of=(self._owners[0].get(key), self._owners[1].get(key)),
            right=(old.get("right"), new.get("right")),
            out_of_scope=(old.get("out_of_scope"), new.get("out_of_scope")),
            reject=(old.get("reject"), new.get("reject")),
            because=(old.get("because"), new.get("because")),
            telling=(tuple(old.get("telling", ())), tuple(new.get("telling", ()))),
        )


def _findings(sides: _Sides, tests: Sequence[PermanentTest], meter: _Meter) -> Iterator[TestFinding]:
    for text, expect in tests:
        old, new = sides.decide(text)
        standing = _standing(_mark(old, expect), _mark(new, expect))
        if standing is not None:
            yield TestFinding(text, expect, standing, _outcome(old), _outcome(new))
        meter.step()


def _mark(decision: Decision, expect: str | None) -> str:
    """Good, weak or bad. A second need that is answered too counts as answered."""
    outcome = outcome_of(decision, () if expect is None else (expect,))
    if outcome in GOOD or (decision.kind == "answer" and expect is not None and expect in decision.also):
        return "good"
    return "weak" if outcome in WEAK else "bad"


def _standing(old: str, new: str) -> Standing | None:
    if new == "bad":
        return "still failing" if old == "bad" else "newly failing"
    if old == "bad":
        return "mended"
    return "weaker" if (old, new) == ("good", "weak") else None


def _questions(
    sides: _Sides, logged: Sequence[LoggedQuestion], meter: _Meter
) -> tuple[tuple[ChangedQuestion, ...], tuple[Counts, Counts]]:
    changed = []
    before, after = Counter[str](), Counter[str]()
    for question_id, text, decision, entry in logged:
        old, new = sides.decide(text)
        before[old.kind] += 1
        after[new.kind] += 1
        was, would = _outcome(old), _outcome(new)
        if replace(was, choices=()) != replace(would, choices=()):
            changed.append(ChangedQuestion(question_id, (decision, entry), was, would, sides.reason(text)))
        meter.step()
    changed.sort(key=lambda question: (question.new.urgent or not question.old.urgent, question.question_id))
    return tuple(changed), (Counts(**before), Counts(**after))


def _figures(side: Knowledge, labelled: Sequence[Labelled], meter: _Meter | None) -> dict[str, object]:
    def decide(text: str, earlier: Sequence[str]) -> Decision:
        if meter is not None:
            meter.step()
        return side.matcher.decide(text, earlier=earlier)

    figures = evaluate(decide, labelled).figures()
    return {name: share.plain() for name, share in figures.items() if share.total}


def _outcome(decision: Decision) -> Outcome:
    choices = decision.candidates[:OFFERED] if decision.kind == "clarify" else ()
    return Outcome(
        kind=decision.kind,
        entry=decision.entry,
        also=decision.also,
        choices=tuple(candidate.entry for candidate in choices),
        refusal=decision.refusal,
        urgent=decision.urgent,
    )
