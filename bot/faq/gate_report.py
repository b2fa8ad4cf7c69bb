"""What the publish gate found out: the draft beside the version in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

Verdict = Literal["passed", "blocked"]
Standing = Literal["newly failing", "still failing", "mended", "weaker"]
FAILING: tuple[Standing, ...] = ("newly failing", "still failing")


class PermanentTest(NamedTuple):
    text: str
    expect: str | None
    """The entry to answer with; None: no entry may be given as the answer."""


class LoggedQuestion(NamedTuple):
    question_id: int
    text: str
    decision: str
    entry: str | None
    """What was decided when it was asked; with what was said before, so it may differ from a decision made anew."""


@dataclass(frozen=True)
class Outcome:
    kind: str
    entry: str | None
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    refusal: str | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Reason:
    """Why the draft decides otherwise. Pairs are (in force, draft)."""

    wording_of: tuple[str | None, str | None]
    """Under which owner this very wording stands."""
    right: tuple[float | None, float | None]
    """How likely the best entry was meant. None: decided before that was looked at."""
    out_of_scope: tuple[float | None, float | None]
    reject: tuple[str | None, str | None]
    because: tuple[str | None, str | None]
    telling: tuple[tuple[str, ...], tuple[str, ...]]
    """The words that gave the subject away."""


@dataclass(frozen=True)
class ChangedQuestion:
    question_id: int
    asked: tuple[str, str | None]
    """The decision and the entry when it was asked."""
    old: Outcome
    new: Outcome
    reason: Reason


@dataclass(frozen=True)
class TestFinding:
    text: str
    expect: str | None
    standing: Standing
    old: Outcome
    new: Outcome


@dataclass(frozen=True)
class Counts:
    """Of logged questions."""

    answer: int = 0
    clarify: int = 0
    fallback: int = 0


@dataclass(frozen=True)
class GateReport:
    """Holds the wordings of permanent tests, which are free of identity, and of logged questions their ids alone: what
    somebody takes back must not live on here."""

    tests: int
    findings: tuple[TestFinding, ...]
    logged: int
    changed: tuple[ChangedQuestion, ...]
    """Those that were urgent and no longer are come first."""
    counts: tuple[Counts, Counts]
    figures: tuple[Mapping[str, Any], Mapping[str, Any]]
    """Of the labelled set: right, helped, wrong, false_answer, asked; empty where none was given."""

    @property
    def failing(self) -> tuple[TestFinding, ...]:
        return tuple(finding for finding in self.findings if finding.standing in FAILING)

    @property
    def verdict(self) -> Verdict:
        """A failing permanent test blocks, also one that fails in force already: it is what somebody decided that
        people shall be told, and a draft that does not keep it is put in force knowingly or not at all. What is weaker
        (asked back where it was answered) is shown and does not block: people still reach the entry."""
        return "blocked" if self.failing else "passed"

    def to_plain(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> GateReport:
        return GateReport(
            tests=plain["tests"],
            findings=tuple(
                TestFinding(**{**item, "old": _outcome(item["old"]), "new": _outcome(item["new"])})
                for item in plain["findings"]
            ),
            logged=plain["logged"],
            changed=tuple(_changed(item) for item in plain["changed"]),
            counts=(Counts(**plain["counts"][0]), Counts(**plain["counts"][1])),
            figures=(plain["figures"][0], plain["figures"][1]),
        )


def _changed(plain: Mapping[str, Any]) -> ChangedQuestion:
    reason = {name: tuple(pair) for name, pair in plain["reason"].items()}
    reason["telling"] = tuple(tuple(words) for words in reason["telling"])
    return ChangedQuestion(
        question_id=plain["question_id"],
        asked=(plain["asked"][0], plain["asked"][1]),
        old=_outcome(plain["old"]),
        new=_outcome(plain["new"]),
        reason=Reason(**reason),
    )


def _outcome(plain: Mapping[str, Any]) -> Outcome:
    return Outcome(**{**plain, "also": tuple(plain["also"]), "choices": tuple(plain["choices"])})
