"""How fast LINE is written to: a bucket that all processes share, kept well below LINE's own limits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.storage import locks, notice_chunks, rates
from bot.storage.notice_chunks import ChunkRow
from bot.storage.notices import NoticeRow

MULTICAST, PUSH = "multicast", "push"
AT_ONCE_SHARE = 0.2
"""Of a second's requests: so much the bucket holds. In any second there are at most 1.2 times as many as are set."""
SLOW_FOR = timedelta(minutes=1)
CLOCKS_DIFFER_BY = timedelta(seconds=5)
"""Between machines. What was counted later than that was counted before the clock was set back."""


def wait_for_turn(db: Session, name: str, *, per_second: int, now: datetime) -> timedelta:
    """Takes one request out of the bucket; not zero: nothing was taken, and that long it lasts until there is one.
    Call it last in a transaction: nobody else can take any before its end."""
    full = max(1.0, per_second * AT_ONCE_SHARE)
    row = rates.lock(db, name, full=full, now=now)
    rate = per_second / 2 if row.slow_until is not None and row.slow_until > now else float(per_second)
    counted_at = row.counted_at if row.counted_at < now + CLOCKS_DIFFER_BY else now
    passed = max(0.0, (now - counted_at).total_seconds())
    tokens = min(full, row.tokens + passed * rate)
    if tokens < 1:
        if counted_at != row.counted_at:
            rates.save(db, name, tokens=tokens, now=counted_at)
        return timedelta(seconds=max((1 - tokens) / rate, 0.001))
    rates.save(db, name, tokens=tokens - 1, now=max(now, counted_at))
    return timedelta(0)


def next_day_for(db: Session, row: NoticeRow, chunk: ChunkRow, *, now: datetime) -> datetime | None:
    """When the request may be made where so many people a day are sent it that today has no room for these, as after a
    pause. None: now."""
    if not row.per_day:
        return None
    locks.hold(db, [f"notice/{row.id}/day"])
    midnight = clock.in_bangkok(now).replace(hour=0, minute=0, second=0, microsecond=0)
    today = notice_chunks.count_tried_since(db, row.id, since=midnight, but=chunk.id)
    return midnight + timedelta(days=1) if today and today + chunk.people > row.per_day else None


def slow_down(db: Session, name: str, *, now: datetime) -> None:
    """LINE said that it was too fast: half as fast for a while."""
    rates.slow_down(db, name, until=now + SLOW_FOR)
