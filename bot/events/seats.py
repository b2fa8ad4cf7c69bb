"""How many seats there are, and who of those who wait gets which: first come, first served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.storage import registrations
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow

ENOUGH = 1_000_000
"""Seats of an event without a limit."""


@dataclass(frozen=True, slots=True)
class Share:
    """Seats that somebody in the line may have now: all that they asked for, or fewer."""

    row: RegistrationRow
    seats: int


def free_seats(db: Session, event: EventRow) -> int:
    """Neither taken nor kept for anybody; 0 also when there are fewer seats than people."""
    if event.capacity is None:
        return ENOUGH
    return max(event.capacity - registrations.count_seats(db, event.id), 0)


def share_out(line: Sequence[RegistrationRow], free: int) -> tuple[list[Share], int]:
    """In the line's order each party that fits gets all it asked for; one that is too large keeps its place while the
    next that fits goes. What is left over then, too little for anybody, is the first one's to take or leave, of those
    who can be asked on LINE and have not said that they want all or nothing. Returns the shares, and the seats that
    nobody who waits could use."""
    shares = []
    for row in line:
        if row.party_size <= free:
            shares.append(Share(row, row.party_size))
            free -= row.party_size
    got = {share.row.id for share in shares}
    if free:
        asked = (row for row in line if row.person_id is not None and not row.whole_only)
        waiting = next((row for row in asked if row.id not in got), None)
        if waiting is not None:
            return [*shares, Share(waiting, free)], free
    return shares, free


def left_for_newcomers(db: Session, event: EventRow) -> int:
    """Seats that nobody in the line has a better right to."""
    free = free_seats(db, event)
    if event.capacity is None or not free:
        return free
    for size in registrations.list_line_sizes(db, event.id):  # as share_out does, of a line that may be long
        if size <= free:
            free -= size
        if not free:
            break
    return free
