"""What the matcher says about a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["answer", "clarify", "fallback"]
Refusal = Literal["political", "abuse"]


@dataclass(frozen=True)
class Candidate:
    """An entry and how likely it is meant: 0..1, comparable between messages."""

    entry: str
    score: float


@dataclass(frozen=True)
class Decision:
    kind: Kind
    entry: str | None
    """The entry to answer with; None unless `kind` is answer."""
    candidates: tuple[Candidate, ...]
    """Best first. To clarify, offer the first three."""
    also: tuple[str, ...] = ()
    """Entries of further needs in the same message."""
    refusal: Refusal | None = None
    """Why a fallback will not answer."""
    urgent: bool = False
    """Someone may be in danger."""
    words: tuple[str, ...] = ()
    """The words of the message as they were understood."""
    why: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def explain(self) -> dict[str, Any]:
        """How the decision came about, for people who mend the content."""
        return {"words": list(self.words), **self.why}
