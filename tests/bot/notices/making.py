"""Notices, and people who want them, to test with; and a desk from which they are sent by the real tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.messages import DeliveryFailed, Failure, QuotaTold, Receipt, RememberingMessenger, Rendered
from bot.notices import approval, audience, budget, drafting, results
from bot.notices.content import NAME, Bubble, Content
from bot.notices.drafting import Plan
from bot.notices.results import Progress
from bot.notices.rules import Rules
from bot.outreach.permissions import Role
from bot.queue import jobs
from bot.queue.kinds import BACKGROUND, JobKind
from bot.storage import channel, notices, preferences
from bot.storage.engine import Database
from bot.storage.notice_chunks import ChunkRow
from bot.storage.notices import APPROVED, PLANNING, SENDING, NoticeRow
from bot.storage.people import PersonRow
from bot.storage.preferences import PreferenceRow
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.outreach.accounts import an_account
from tests.builders import NOON, US
from tests.office import Office

RULES = Rules(cooling=timedelta(0), smallest_segment=3, approval_above=50)
WORDS = Content((Bubble("text", "เสาร์นี้มีเวทีที่แม่สายค่ะ"),))
PERSONAL = Content((Bubble("text", f"สวัสดีค่ะ คุณ{NAME}"),))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def address(number: int) -> str:
    return f"U{number:032x}"


def make_people(db: Session, *numbers: int, agreed: bool = True, **wishes: Any) -> list[int]:
    """Who agreed to notices, unless it is said otherwise; all with the same wishes. Their ids."""
    rows = [
        {"line_user_id": address(number), "first_seen_at": NOON, "following_changed_at": NOON, "language": "th",
         "following": True, "notice_version": 0}
        for number in numbers
    ]  # fmt: skip
    ids = list(db.scalars(insert(PersonRow).returning(PersonRow.id), rows))
    if agreed:
        values = {"wants_notices": True, "everything": True, "asked_at": NOON, **wishes}
        db.execute(insert(PreferenceRow), [{"person_id": person_id, **values} for person_id in ids])
    return ids


def erase(db: Session, person_id: int) -> None:
    db.execute(delete(PersonRow).where(PersonRow.id == person_id))


def opt_out(db: Session, person_id: int) -> None:
    preferences.save(db, person_id, wants_notices=False)


def block(db: Session, person_id: int) -> None:
    db.execute(update(PersonRow).where(PersonRow.id == person_id).values(following=False))


def a_plan(**changes: Any) -> Plan:
    return replace(Plan(WORDS, audience.everyone(), title="เวทีแม่สาย"), **changes)


def know_quota(db: Session, *, limit: int | None = None, used: int = 0, now: datetime = NOON) -> None:
    channel.save(db, bot_user_id=US, reads_by_hand=False, now=now)
    assert budget.note(db, limit=limit, used=used, now=now)


@dataclass
class StubbornMessenger(RememberingMessenger):
    """Refuses a request with one of these people in it, and as `told` says by the number of the request."""

    bad: set[str] = field(default_factory=set)
    told: dict[int, DeliveryFailed] = field(default_factory=dict)
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Key and recipients of every request, whatever came of it."""

    def push(self, recipient: str, messages: Rendered, *, retry_key: str, unit: str | None = None) -> Receipt:
        self._look([recipient], retry_key)
        return RememberingMessenger.push(self, recipient, messages, retry_key=retry_key, unit=unit)

    def multicast(
        self, recipients: Sequence[str], messages: Rendered, *, retry_key: str, unit: str | None = None
    ) -> Receipt:
        self._look(recipients, retry_key)
        return RememberingMessenger.multicast(self, recipients, messages, retry_key=retry_key, unit=unit)

    def _look(self, recipients: Iterable[str], key: str) -> None:
        recipients = tuple(recipients)
        self.asked.append((key, recipients))
        if len(self.asked) - 1 in self.told:
            raise self.told[len(self.asked) - 1]
        if self.bad & set(recipients):
            raise DeliveryFailed(Failure.REFUSED, "HTTP 400", status=400)


@dataclass
class Board:
    """An office in which notices are written by one account and approved by another."""

    office: Office
    author: int
    approver: int

    @property
    def now(self) -> datetime:
        return self.office.now

    @property
    def line(self) -> StubbornMessenger:
        assert isinstance(self.office.line, StubbornMessenger)
        return self.office.line

    @property
    def rules(self) -> Rules:
        return self.office.tools.notice_rules

    def people(self, count: int, *, first: int = 1, **wishes: Any) -> list[int]:
        with self.office.database.transaction() as db:
            return make_people(db, *range(first, first + count), **wishes)

    def draft(self, **changes: Any) -> int:
        with self.office.database.transaction() as db:
            return drafting.create(db, a_plan(**changes), author_id=self.author, now=self.now).id

    def approve(self, **changes: Any) -> int:
        notice_id = self.draft(**changes)
        with self.office.database.transaction() as db:
            approval.approve(
                db, notice_id, seen=1, approver_id=self.approver, rules=self.rules, now=self.now, again=True
            )
        return notice_id

    def begin(self, **changes: Any) -> int:
        """Approved, its ledger written, nothing sent."""
        notice_id = self.approve(**changes)
        self.look()
        while self.row(notice_id).state in (APPROVED, PLANNING) and run_next(self.office.tools):
            pass
        return notice_id

    def look(self) -> None:
        """As the schedule does every minute."""
        with self.office.database.transaction() as db:
            kind = JobKind.NOTICES_DUE
            jobs.enqueue_missing(db, kind, now=self.now, subject_ids=[(None, kind)], priority=BACKGROUND)

    def work(self) -> None:
        self.look()
        self.office.work()

    def pass_time(self, duration: timedelta, *, step: timedelta = MINUTE) -> None:
        """Working all the while."""
        until = self.now + duration
        while self.now < until:
            self.office.now = min(self.now + step, until)
            self.work()

    def finish(self, *, most: timedelta = timedelta(minutes=30), step: timedelta = MINUTE) -> None:
        """Working until nothing goes on by itself any more."""
        until = self.now + most
        self.work()
        while self.now < until and self._goes_on():
            self.office.now += step
            self.work()

    def _goes_on(self) -> bool:
        with self.office.database.reading() as db:
            return bool(notices.list_in_states(db, (APPROVED, PLANNING, SENDING), limit=1))

    def row(self, notice_id: int) -> NoticeRow:
        with self.office.database.reading() as db:
            return drafting.get(db, notice_id)

    def state(self, notice_id: int) -> tuple[str, str]:
        row = self.row(notice_id)
        return row.state, row.why

    def progress(self, notice_id: int) -> Progress:
        with self.office.database.reading() as db:
            return results.progress_of(db, drafting.get(db, notice_id), now=self.now)

    def chunks(self, notice_id: int) -> list[ChunkRow]:
        with self.office.database.reading() as db:
            return list(db.scalars(select(ChunkRow).where(ChunkRow.notice_id == notice_id).order_by(ChunkRow.id)))

    def tell_quota(self, limit: int | None, used: int = 0) -> None:
        self.line.told_quota = QuotaTold(limit, used)
        with self.office.database.transaction() as db:
            know_quota(db, limit=limit, used=used, now=self.now)


def a_board(database: Database, vault: Vault, **rules: Any) -> Board:
    office = Office(database, vault, line=StubbornMessenger(), notice_rules=replace(RULES, **rules))
    with database.transaction() as db:
        author, approver = an_account(db, "nok"), an_account(db, "malee", role=Role.STAFF)
        know_quota(db)
    return Board(office, author.id, approver.id)
