"""Sending a notice, request by request. What is to be sent is fixed, with its key, in a transaction of its own before
LINE hears of it; what came of it is written down in another. Whoever dies in between leaves a request that is made
again with the same key and the same body, which LINE takes once."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

from sqlalchemy.orm import Session

from bot import clock
from bot.messages import DeliveryFailed, Failure, Receipt
from bot.notices import audience, ledger, pacing, starting
from bot.notices.rules import Rules
from bot.storage import notice_audience, notice_chunks, notice_recipients, notices, people
from bot.storage.notice_audience import Selection
from bot.storage.notice_chunks import ACCEPTED, EMPTY, REFUSED, SPLIT, STOPPED, TRYING, UNKNOWN, WAITING, ChunkRow
from bot.storage.notices import FINISHED, HELD, PAUSED, SENDING, NoticeRow

CLAIMED_FOR = timedelta(seconds=60)
"""Longer than any request may last. Whoever died leaves the request to others after that."""
TRIED_FOR = timedelta(hours=23)
"""LINE remembers a key for 24 hours: after that a second try could be a second message."""
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 2.0, 900.0
SHORTEST_SHARE = 0.8
"""Of a wait: with so much at least there are no more than twelve tries in the first hour."""
MOST_REFUSED = 8
"""People whom LINE refused one by one while it took nobody: then it is the notice that it does not like."""
BY_STAFF, QUOTA, UNAUTHORISED, FORBIDDEN, NOT_TAKEN = "staff", "quota", "unauthorised", "forbidden", "not_taken"
INTERRUPTED = starting.INTERRUPTED
ERASED, TOO_OLD = "somebody of it is gone", "too old"


@dataclass(frozen=True, slots=True)
class Request:
    """To be made now, outside any transaction. `body` is set where it was fixed before, for one person with a name."""

    chunk_id: int
    tries: int
    recipients: tuple[str, ...]
    retry_key: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to send before `until`; None: nothing will be, unless somebody does something about it."""

    until: datetime | None


class MustWait(Exception):
    """The bucket is empty: roll back, and ask again after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


def take(db: Session, notice_id: int, *, rules: Rules, now: datetime) -> Request | Rest:
    """The next request, fixed and counted. Call it in a transaction of its own. Raises MustWait: roll back."""
    row = notices.find(db, notice_id)
    if row is None or row.state != SENDING:
        return Rest(None)
    if not rules.is_day(now):
        return _rest(db, row, rules.next_day_begins(now))
    if starting.was_interrupted(row, now=now) and _was_left_lying(db, row, now):
        notice_chunks.give_up_old(db, notice_id, tried_before=now - TRIED_FOR, now=now)
        notices.move(db, notice_id, states=(SENDING,), to=HELD, now=now, why=INTERRUPTED)
        return Rest(None)
    request = _next_request(db, row, rules, now)
    if request is None:
        return _rest(db, row, _next_time(db, row, now))
    _take_turn(db, row, rules, now)
    return request


def _was_left_lying(db: Session, row: NoticeRow, now: datetime) -> bool:
    """What only becomes due now is not late, however long there was nothing to do."""
    due_at = notice_chunks.first_due_at(db, row.id)
    return due_at is not None and starting.was_interrupted(row, due_at=due_at, now=now)


def _next_request(db: Session, row: NoticeRow, rules: Rules, now: datetime) -> Request | None:
    while (chunk := notice_chunks.claim(db, row.id, now=now, until=now + CLAIMED_FOR)) is not None:
        next_day = None if chunk.doubtful else pacing.next_day_for(db, row, chunk, now=now)
        if next_day is not None:
            notice_chunks.change(db, chunk.id, tries=chunk.tries, state=WAITING, due_at=next_day)
            continue
        request = _fixed(db, row, chunk, rules, now)
        if request is not None:
            return request
    return None


def _next_time(db: Session, row: NoticeRow, now: datetime) -> datetime | None:
    """When there may be something to send again. None: never."""
    until = notice_chunks.first_due_at(db, row.id)
    rides = row.rides_until if row.rides_until is not None and now < row.rides_until else None
    return min(filter(None, (until, rides)), default=None)


def finish(db: Session, notice_id: int, *, now: datetime) -> bool:
    """Nothing is open and nobody rides any more. True for the one who finished it."""
    row = notices.find(db, notice_id)
    if row is None or row.state != SENDING or notice_chunks.first_due_at(db, notice_id) is not None:
        return False
    if row.rides_until is not None and (now < row.rides_until or notice_recipients.has_open_rides(db, notice_id)):
        return False
    return notices.move(db, notice_id, states=(SENDING,), to=FINISHED, now=now, finished_at=now)


def keep_body(db: Session, request: Request, body: bytes) -> bool:
    """Fixes the words with the person's name in them, sealed. False: somebody else has taken the request over."""
    return notice_chunks.change(db, request.chunk_id, tries=request.tries, body=body)


def note_accepted(db: Session, request: Request, receipt: Receipt, *, now: datetime) -> None:
    chunk = notice_chunks.find(db, request.chunk_id)
    done = notice_chunks.change(
        db, request.chunk_id, tries=request.tries, state=ACCEPTED, settled_at=now, request_id=receipt.request_id,
        duplicate=receipt.duplicate, body=None, why="",
    )  # fmt: skip
    if done and chunk is not None:
        notices.touch(db, chunk.notice_id, now=now)


def note_failed(db: Session, request: Request, failed: DeliveryFailed, *, call: str, now: datetime) -> str:
    """Why the notice is paused now; empty where it is tried again, or was given up."""
    chunk = notice_chunks.find(db, request.chunk_id)
    row = notices.find(db, chunk.notice_id) if chunk is not None else None
    if chunk is None or row is None or chunk.tries != request.tries or chunk.state != TRYING:
        return ""
    notices.touch(db, row.id, now=now)
    if row.state == notices.STOPPED:
        _settle_stopped(db, chunk, failed, now)
        return ""
    if failed.failure is Failure.RATE_LIMITED:
        pacing.slow_down(db, call, now=now)
    if failed.failure in (Failure.REFUSED, Failure.TOKEN_SPENT):
        return _refused(db, row, chunk, failed, now)
    doubtful = chunk.doubtful or failed.failure is Failure.AMBIGUOUS
    wait = wait_after(chunk.tries, failed.retry_after)
    why = {Failure.QUOTA_SPENT: QUOTA, Failure.UNAUTHORISED: UNAUTHORISED}.get(failed.failure, "")
    again_at = now if why else now + wait
    notice_chunks.change(db, chunk.id, tries=chunk.tries, due_at=again_at, doubtful=doubtful, why=str(failed)[:80])
    if why:
        notices.move(db, row.id, states=(SENDING,), to=PAUSED, now=now, why=why)
    elif not doubtful and _is_too_old(chunk, now):  # never taken, so it may go on when somebody has looked
        why = INTERRUPTED
        notices.move(db, row.id, states=(SENDING,), to=HELD, now=now, why=why)
    return why


def wait_after(tries: int, retry_after: float | None) -> timedelta:
    """Exponential with jitter, from a few seconds to a quarter of an hour; longer when LINE asks for it."""
    most = min(FIRST_WAIT_SECONDS * 2.0 ** min(tries, 12), LONGEST_WAIT_SECONDS)
    wait = random.uniform(most * SHORTEST_SHARE, most)  # noqa: S311 - spreading load
    return timedelta(seconds=max(wait, retry_after or 0.0))


def _selection_of(row: NoticeRow, now: datetime) -> Selection:
    """For what it is about: the weekly cap was asked for when the ledger was written."""
    return audience.selection_of(audience.from_json(row.audience), event_id=row.event_id, rules=Rules(), now=now)


def _fixed(db: Session, row: NoticeRow, chunk: ChunkRow, rules: Rules, now: datetime) -> Request | None:
    """The people of the request: those who want it now; once LINE may have taken it, the same ones as before. None: it
    was settled without asking LINE."""
    where = {"notice_id": row.id, "portion": chunk.portion, "first": chunk.first, "last": chunk.last}
    if not chunk.doubtful:
        notice_recipients.leave_out_who_left(db, now=now, day=rules.day_in_minutes, **where)
        notice_audience.leave_out_uncovered(db, _selection_of(row, now), **where)
        _defer_the_quiet(db, row, chunk, now)
    found = notice_recipients.list_addresses(db, **where)
    fixed = sha256(",".join(str(person_id) for person_id, _ in found).encode()).hexdigest()
    if chunk.doubtful and _is_too_old(chunk, now):
        _settle(db, chunk, UNKNOWN, TOO_OLD, now)
        return None
    if chunk.doubtful and fixed != chunk.people_hash:  # the same body can never be made again
        _settle(db, chunk, UNKNOWN, ERASED, now)
        return None
    if not found:
        _settle(db, chunk, EMPTY, "", now, people=0)
        return None
    if not chunk.doubtful:
        notice_chunks.change(
            db, chunk.id, tries=chunk.tries, first_tried_at=chunk.first_tried_at or now, people_hash=fixed,
            people=len(found),
        )  # fmt: skip
    recipients = tuple(user_id for _, user_id in found)
    return Request(chunk.id, chunk.tries, recipients, chunk.retry_key, chunk.body)


def _is_too_old(chunk: ChunkRow, now: datetime) -> bool:
    return chunk.first_tried_at is not None and chunk.first_tried_at < now - TRIED_FOR


def _defer_the_quiet(db: Session, row: NoticeRow, chunk: ChunkRow, now: datetime) -> None:
    local = clock.in_bangkok(now)
    quiet = notice_recipients.list_quiet(
        db, notice_id=row.id, portion=chunk.portion, first=chunk.first, last=chunk.last,
        minute=local.hour * 60 + local.minute,
    )  # fmt: skip
    by_end: dict[int, list[int]] = {}
    for person_id, ends in quiet:
        by_end.setdefault(ends, []).append(person_id)
    for ends, person_ids in by_end.items():
        until = local.replace(hour=ends // 60 % 24, minute=ends % 60, second=0, microsecond=0)
        ledger.defer(db, row, person_ids, until=until if until > local else until + timedelta(days=1))


def _settle(db: Session, chunk: ChunkRow, state: str, why: str, now: datetime, **values: int) -> None:
    notice_chunks.change(
        db, chunk.id, tries=chunk.tries, state=state, settled_at=now, why=why[:80], body=None, **values
    )  # fmt: skip


def _settle_stopped(db: Session, chunk: ChunkRow, failed: DeliveryFailed, now: datetime) -> None:
    doubtful = chunk.doubtful or failed.failure is Failure.AMBIGUOUS
    _settle(db, chunk, UNKNOWN if doubtful else STOPPED, str(failed), now)


def _refused(db: Session, row: NoticeRow, chunk: ChunkRow, failed: DeliveryFailed, now: datetime) -> str:
    """One of many may be unknown to LINE: in halves it is found. What concerns all of them pauses the notice. Of what
    LINE may have taken before nobody knows whether it looked at the key first: that is never made anew."""
    if failed.status == HTTPStatus.FORBIDDEN:
        notice_chunks.change(db, chunk.id, tries=chunk.tries, due_at=now, why=str(failed)[:80])
        notices.move(db, row.id, states=(SENDING,), to=PAUSED, now=now, why=FORBIDDEN)
        return FORBIDDEN
    if chunk.doubtful:
        _settle(db, chunk, UNKNOWN, str(failed), now)
        return ""
    if chunk.first == chunk.last or chunk.people <= 1:
        _settle(db, chunk, REFUSED, str(failed), now)
        counts = notice_chunks.count(db, row.id)
        if counts.get(REFUSED, (0, 0))[0] >= MOST_REFUSED and ACCEPTED not in counts:
            notices.move(db, row.id, states=(SENDING,), to=PAUSED, now=now, why=NOT_TAKEN)
            return NOT_TAKEN
        if ACCEPTED in counts:
            for person_id, _ in notice_recipients.list_addresses(
                db, notice_id=row.id, portion=chunk.portion, first=chunk.first, last=chunk.last
            ):  # fmt: skip
                people.set_unreachable(db, person_id, at=now)
        return ""
    _split(db, row, chunk, now)
    return ""


def _split(db: Session, row: NoticeRow, chunk: ChunkRow, now: datetime) -> None:
    """Two requests with keys of their own, for the same people. Parted by ids, not by how many are left: another copy
    of the database makes the same halves, whoever has left meanwhile."""
    found = notice_recipients.list_addresses(
        db, notice_id=row.id, portion=chunk.portion, first=chunk.first, last=chunk.last
    )  # fmt: skip
    middle = (chunk.first + chunk.last) // 2
    halves = []
    for first, last in ((chunk.first, middle), (middle + 1, chunk.last)):
        people_in_it = sum(first <= person_id <= last for person_id, _ in found)
        if people_in_it:
            halves.append(
                {
                    "notice_id": row.id, "portion": chunk.portion, "first": first, "last": last,
                    "people": people_in_it, "state": WAITING, "due_at": now, "tries": 0, "why": "",
                    "retry_key": ledger.key_of(row.uid, chunk.portion, first, last),
                }
            )  # fmt: skip
    notice_chunks.add_all(db, halves)
    _settle(db, chunk, SPLIT, "", now, people=0)


def _take_turn(db: Session, row: NoticeRow, rules: Rules, now: datetime) -> None:
    name = pacing.PUSH if row.personal else pacing.MULTICAST
    per_second = rules.pushes_per_second if row.personal else rules.multicasts_per_second
    wait = pacing.wait_for_turn(db, name, per_second=per_second, now=now)
    if wait:
        raise MustWait(wait)


def _rest(db: Session, row: NoticeRow, until: datetime | None) -> Rest:
    """Resting is no interruption: that is counted from the end of the rest."""
    if until is not None and (row.touched_at is None or row.touched_at < until):
        notices.touch(db, row.id, now=until)
    return Rest(until)
