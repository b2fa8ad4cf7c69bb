"""What a rule is: a name, what it says, where it is from, and whether LINE documents it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["documented", "assumed"]
DOCUMENTED: Basis = "documented"
ASSUMED: Basis = "assumed"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    says: str
    source: str
    """A section of LINE's Messaging API reference, or of its development guides."""
    basis: Basis


def from_section(source: str, *rows: tuple[str, Basis, str]) -> tuple[Rule, ...]:
    """Rules of one section, each written as its name, its basis and what it says."""
    return tuple(Rule(name, says, source, basis) for name, basis, says in rows)
