"""The ways in which the FAQ's services say no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge.entries import Fault


class FaqRefusal(Exception):
    """Nothing was changed."""


class NoDraft(FaqRefusal):
    """There is no working draft."""


class UnknownEntry(FaqRefusal):
    def __init__(self, entry_id: str) -> None:
        super().__init__(entry_id)
        self.entry_id = entry_id


class UnknownGroup(FaqRefusal):
    """Of messages that are not ours, or of the lexicon."""

    def __init__(self, group: str) -> None:
        super().__init__(group)
        self.group = group


class Conflict(FaqRefusal):
    """Somebody else changed the same thing since it was seen. None: it is not there, or should not be."""

    def __init__(self, subject: str, *, mine: Any, theirs: Any) -> None:  # noqa: ANN401 - an entry, or the forms of a word
        super().__init__(subject)
        self.subject, self.mine, self.theirs = subject, mine, theirs


class BadContent(FaqRefusal):
    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class CannotUndo(FaqRefusal):
    """The edit was undone already, or its draft is closed, or what it changed was changed again since (`collides`)."""

    def __init__(self, revision: int, *, collides: str | None = None) -> None:
        super().__init__(f"{revision} {collides or ''}".strip())
        self.revision, self.collides = revision, collides


@dataclass(frozen=True)
class MergeConflict:
    """A part that both sides changed, as plain values; None where it is missing."""

    part: str
    """`entries/center.hours`, `lexicon/northern`, `pack`."""
    base: Any
    draft: Any
    other: Any
    both: Any
    """Both changes together, where they touch different fields; None where they do not."""


class MergeConflicts(FaqRefusal):
    def __init__(self, conflicts: tuple[MergeConflict, ...]) -> None:
        super().__init__(", ".join(conflict.part for conflict in conflicts))
        self.conflicts = conflicts


class Stale(FaqRefusal):
    """What was seen is not what is there now: a revision of the draft, or the version in force."""

    def __init__(self, *, seen: int | str, actual: int | str | None) -> None:
        super().__init__(f"{seen} is now {actual}")
        self.seen, self.actual = seen, actual


class NotPrepared(FaqRefusal):
    """This revision of the draft has not been through the gate."""

    def __init__(self, revision: int) -> None:
        super().__init__(str(revision))
        self.revision = revision


class Blocked(FaqRefusal):
    def __init__(self, report_id: int) -> None:
        super().__init__(str(report_id))
        self.report_id = report_id


class NothingToPublish(FaqRefusal):
    """The draft is the version in force."""


class NothingBefore(FaqRefusal):
    """No other version was ever in force."""
