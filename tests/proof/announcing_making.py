"""What the proof of notices begins with: a crowd that agreed, and some who did not, known to the bot and to LINE;
and a notice that is written, and approved by many clicks at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from bot import clock
from bot.notices import approval, audience, budget, drafting
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.notices.refusals import Refused
from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.simulator.crowds import Crowd
from bot.simulator.state import BOT_USER_ID
from bot.storage import channel, notices
from bot.storage.engine import Database
from bot.storage.notices import APPROVED, PLANNING, SENDING
from bot.storage.people import PersonRow
from bot.storage.preferences import PreferenceRow
from tests.proof.announcing_stand import Newsroom
from tests.proof.stand import call

CLICKS = 20
WORDS = "ขอเชิญร่วมเวทีพูดคุยเรื่องน้ำของตำบล วันเสาร์นี้ เก้าโมงเช้า ที่หอประชุม ไม่มีค่าใช้จ่าย มาได้ทั้งครอบครัวค่ะ"
OPTED_OUT_REST, BLOCKED_REST, EVERY = 0, 1, 20
"""People whose ids leave these rests have said no, or have blocked the bot, before anything begins."""
ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Crowded:
    """People of one crowd, by their numbers in the database: those who are to get a notice, and all the others."""

    wanting: dict[int, str]
    others: frozenset[str]


def settle(built: Newsroom, database: Database, count: int) -> Crowded:
    """So many people at once: all have agreed but for a share who said no, and a share who have blocked the bot."""
    told = call(f"{built.api}/people", {"count": count})
    crowd = Crowd(told["crowd"], count, "")
    with database.transaction() as db:
        before = db.scalar(select(func.max(PersonRow.id))) or 0
    for first in range(0, count, ROWS_AT_ONCE):
        ids = [crowd.user_id(position) for position in range(first, min(first + ROWS_AT_ONCE, count))]
        with database.transaction() as db:
            _add_people(db, ids)
    with database.transaction() as db:
        added = PersonRow.id > before
        asked = select(
            PersonRow.id, PersonRow.id % EVERY != OPTED_OUT_REST, literal(value=True), literal(value=False),
            PersonRow.first_seen_at,
        )  # fmt: skip
        columns = ["person_id", "wants_notices", "everything", "imported", "asked_at"]
        db.execute(insert(PreferenceRow).from_select(columns, asked.where(added)))
        db.execute(update(PersonRow).where(added, PersonRow.id % EVERY == BLOCKED_REST).values(following=False))
        if database.is_sqlite:
            db.execute(text("ANALYZE"))
        people = list(db.execute(select(PersonRow.id, PersonRow.line_user_id).where(added)).all())
    if not database.is_sqlite:
        with database.transaction() as db:
            db.execute(text("ANALYZE people"))
            db.execute(text("ANALYZE preferences"))
    wanting = {number: user_id for number, user_id in people if number % EVERY not in (OPTED_OUT_REST, BLOCKED_REST)}
    others = frozenset(user_id for number, user_id in people if number not in wanting)
    return Crowded(wanting, others)


def _add_people(db: Session, user_ids: list[str]) -> None:
    now = clock.now() - timedelta(days=1)
    common = {
        "first_seen_at": now, "following_changed_at": now, "language": "th", "following": True, "notice_version": 1,
        "notice_shown_at": now,
    }  # fmt: skip
    db.execute(insert(PersonRow), [{"line_user_id": user_id, **common} for user_id in user_ids])


def write_notice(built: Newsroom, database: Database, *, title: str) -> int:
    """By somebody, and handed in. Returns its number."""
    now = clock.now()
    content = Content((Bubble("card", WORDS, title="เวทีพูดคุยเรื่องน้ำ"), Bubble("text", WORDS)))
    with database.transaction() as db:
        channel.save(db, bot_user_id=BOT_USER_ID, reads_by_hand=False, now=now)
        budget.note(db, limit=None, used=0, now=now)
        row = drafting.create(
            db, Plan(content, audience.everyone(), title=title), author_id=_account(db, "writer", Role.VOLUNTEER),
            now=now,
        )  # fmt: skip
        drafting.submit(db, row.id, seen=row.version, now=now)
        return row.id


def _account(db: Session, login: str, role: Role) -> int:
    known = staff.find_account(db, login=login)
    if known is not None:
        return known.id
    return staff.add_account(db, name=login, login=login, role=role, by=None, now=clock.now()).staff_id


def click_send(built: Newsroom, database: Database, notice_id: int, *, clicks: int = CLICKS) -> int:
    """Approves it so many times at once, as a page does that is clicked again and again. Returns how often it was told
    that it is approved now."""
    with database.reading() as db:
        version = drafting.get(db, notice_id).version
    with database.transaction() as db:
        approver = _account(db, "approver", Role.STAFF)
    together = threading.Barrier(clicks)

    def click(_: int) -> bool:
        together.wait()
        try:
            with database.transaction() as db:
                now = clock.now()
                approval.approve(
                    db, notice_id, seen=version, approver_id=approver, rules=built.rules, now=now, again=True
                )
                wake(db)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(clicks) as pool:
        return sum(pool.map(click, range(clicks)))


def wake(db: Session) -> None:
    """Instead of the look that is taken every minute."""
    lanes = [(None, JobKind.NOTICES_DUE.value)]
    jobs.enqueue_missing(db, JobKind.NOTICES_DUE, now=clock.now(), subject_ids=lanes, priority=BACKGROUND)


def wait_until_over(
    database: Database, notice_id: int, *, seconds: float, states: tuple[str, ...] = (APPROVED, PLANNING, SENDING)
) -> str:
    """Until it is in none of the states any more. Returns the one it is in. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while True:
        with database.reading() as db:
            row = notices.find(db, notice_id)
        state = row.state if row is not None else "gone"
        if state not in states:
            return state
        if time.monotonic() > deadline:
            raise TimeoutError(f"the notice is still {state} after {seconds} s")
        time.sleep(0.1)
