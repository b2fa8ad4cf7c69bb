"""The rules of the yes before a notice goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.notices import approval, drafting
from bot.notices.audience import Audience
from bot.notices.content import Bubble, Content
from bot.notices.refusals import (
    ChangedMeanwhile,
    NeedsSomebodyElse,
    NobodyToReach,
    NotInThatState,
    QuotaTooSmall,
    QuotaUnknown,
    SegmentTooSmall,
    SentAlready,
    TimeIsPast,
)
from bot.notices.rules import Rules
from bot.storage import notices, preferences
from bot.storage.engine import Database
from bot.storage.notice_audience import Group
from bot.storage.notices import APPROVED, DRAFT, FINISHED, NoticeRow
from tests.bot.notices.making import DAY, HOUR, RULES, a_plan, know_quota, make_people
from tests.bot.outreach.accounts import an_account, outcomes_of_two_at_once
from tests.builders import NOON

STRICT = replace(RULES, cooling=timedelta(minutes=5), approval_above=3)
FORUM = Audience((Group("programme", "forum"),))
MONTH_ENDS = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


class Stage:
    """Five people who agreed, an author and an approver, a quota that is known."""

    def __init__(self, db: Session, people: int = 5, *, limit: int | None = None, used: int = 0) -> None:
        self.db = db
        self.people = make_people(db, *range(1, people + 1)) if people else []
        self.author, self.approver = an_account(db, "nok").id, an_account(db, "malee").id
        know_quota(db, limit=limit, used=used)

    def draft(self, **changes: Any) -> int:
        return drafting.create(self.db, a_plan(**changes), author_id=self.author, now=NOON).id

    def approve(self, notice_id: int, *, by: int | None = None, rules: Rules = STRICT, **more: Any) -> NoticeRow:
        values = {"seen": 1, "now": NOON, **more}
        return approval.approve(self.db, notice_id, approver_id=by or self.approver, rules=rules, **values)


def test_it_is_bound_to_the_words_the_people_and_the_approver(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db)
        row = stage.approve(stage.draft())
        assert (row.state, row.approver_id, row.approved_at, row.approved_count) == (APPROVED, stage.approver, NOON, 5)
        assert row.approved_hash == drafting.hash_of(row)
        assert row.begins_at == NOON + timedelta(minutes=5)


def test_the_author_needs_somebody_else_for_more_people_than_are_set(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db, 4)
        notice_id = stage.draft()
        with pytest.raises(NeedsSomebodyElse) as refused:
            stage.approve(notice_id, by=stage.author)
        assert (refused.value.reached, refused.value.above) == (4, 3)
        assert drafting.get(db, notice_id).state == DRAFT
        preferences.save(db, stage.people[0], wants_notices=False)
        assert stage.approve(notice_id, by=stage.author).state == APPROVED


def test_what_was_changed_since_it_was_read_is_not_approved(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db)
        notice_id = stage.draft()
        drafting.edit(db, notice_id, a_plan(title="อื่น"), seen=1, by=None, now=NOON)
        with pytest.raises(ChangedMeanwhile):
            stage.approve(notice_id, seen=1)
        assert stage.approve(notice_id, seen=2).state == APPROVED


def test_it_is_approved_once_however_often_somebody_clicks(database: Database) -> None:
    with database.transaction() as db:
        stage = Stage(db)
        notice_id = stage.draft()

    def click(db: Session) -> None:
        approval.approve(db, notice_id, seen=1, approver_id=stage.approver, rules=STRICT, now=NOON)

    assert outcomes_of_two_at_once(database, click, click) == ["NotInThatState", "done"]


def test_nobody_to_reach_is_refused(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db, 0)
        with pytest.raises(NobodyToReach):
            stage.approve(stage.draft())


@pytest.mark.parametrize(
    ("groups", "without"), [(FORUM.groups, ()), (a_plan().audience.groups, (Group("topic", "forum.what"),))]
)
def test_few_who_share_an_interest_are_not_written_to(
    sqlite_database: Database, groups: tuple[Group, ...], without: tuple[Group, ...]
) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db, 2)
        with pytest.raises(SegmentTooSmall) as refused:
            stage.approve(stage.draft(audience=Audience(groups, without)))
        assert (refused.value.reached, refused.value.smallest) == (2, 3)
        assert stage.approve(stage.draft()).state == APPROVED  # all of them: nothing is told of anybody


def test_the_same_within_a_day_is_asked_about(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db)
        first = stage.approve(stage.draft())
        notices.change(db, first.id, state=FINISHED)
        for later, hours in ((NOON + timedelta(hours=23, minutes=59), 24), (NOON + timedelta(hours=25), 25)):
            notice_id = stage.draft()
            know_quota(db, now=later)
            if hours == 25:
                assert stage.approve(notice_id, now=later).state == APPROVED
                continue
            with pytest.raises(SentAlready) as refused:
                stage.approve(notice_id, now=later)
            assert refused.value.notice_ids == [first.id]
            drafting.remove(db, notice_id)
        other = stage.draft(content=Content((Bubble("text", "เรื่องอื่นค่ะ"),)))
        assert stage.approve(other, now=later).state == APPROVED


def test_the_same_is_sent_again_where_it_is_meant(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db)
        stage.approve(stage.draft())
        assert stage.approve(stage.draft(), again=True).state == APPROVED


def test_of_two_alike_that_are_approved_at_once_one_is_asked_about(database: Database) -> None:
    with database.transaction() as db:
        stage = Stage(db)
        ids = [stage.draft(), stage.draft()]

    def approve(notice_id: int) -> Any:
        return lambda db: approval.approve(db, notice_id, seen=1, approver_id=stage.approver, rules=STRICT, now=NOON)

    assert outcomes_of_two_at_once(database, approve(ids[0]), approve(ids[1])) == ["SentAlready", "done"]


def test_the_quota_has_to_be_known_and_to_be_of_this_month(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db)
        notice_id = stage.draft()
        know_quota(db, now=NOON - 30 * DAY)
        with pytest.raises(QuotaUnknown):
            stage.approve(notice_id)


def test_more_people_than_messages_are_left_is_refused(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db, limit=100, used=96)
        notice_id = stage.draft()
        with pytest.raises(QuotaTooSmall) as refused:
            stage.approve(notice_id)
        assert (refused.value.needed, refused.value.left) == (5, 4)
        know_quota(db, limit=100, used=95)
        assert stage.approve(notice_id).state == APPROVED


def test_what_one_notice_was_promised_no_other_gets(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db, limit=100, used=92)
        stage.approve(stage.draft())
        with pytest.raises(QuotaTooSmall) as refused:
            stage.approve(stage.draft(content=Content((Bubble("text", "อื่น"),))))
        assert (refused.value.needed, refused.value.left) == (5, 3)


def test_the_last_messages_are_promised_once_to_two_who_approve_at_once(database: Database) -> None:
    with database.transaction() as db:
        stage = Stage(db, limit=100, used=92)
        ids = [stage.draft(), stage.draft(content=Content((Bubble("text", "อื่น"),)))]

    def approve(notice_id: int) -> Any:
        return lambda db: approval.approve(db, notice_id, seen=1, approver_id=stage.approver, rules=STRICT, now=NOON)

    assert outcomes_of_two_at_once(database, approve(ids[0]), approve(ids[1])) == ["QuotaTooSmall", "done"]


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, 50),
        ({"send_at": MONTH_ENDS}, 0),
        ({"send_at": MONTH_ENDS - timedelta(hours=11)}, 50),  # at one in the afternoon of the last day
        ({"send_at": MONTH_ENDS - HOUR}, 0),  # at night: it is sent next morning
        ({"rides_until": NOON + DAY}, 0),
        ({"per_day": 5}, 35),  # today and six days more
        ({"per_day": 20}, 50),
    ],
)
def test_what_it_takes_of_this_months_quota(changes: dict[str, Any], needed: int) -> None:
    assert approval.needed_this_month(a_plan(**changes), 50, rules=RULES, now=NOON) == needed


@pytest.mark.parametrize(("late", "goes"), [(timedelta(minutes=10), True), (timedelta(minutes=11), False)])
def test_a_time_that_is_past_is_refused_once_it_is_past_for_long(
    sqlite_database: Database, late: timedelta, goes: bool
) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db)
        notice_id = stage.draft(send_at=NOON - late)
        if goes:
            assert stage.approve(notice_id).begins_at == NOON + timedelta(minutes=5)
            return
        with pytest.raises(TimeIsPast):
            stage.approve(notice_id)


def _bangkok(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - 7 * HOUR


@pytest.mark.parametrize(
    ("now", "send_at", "begins"),
    [
        (_bangkok(24, 12), None, _bangkok(24, 12, 5)),
        (_bangkok(24, 12), _bangkok(24, 15), _bangkok(24, 15)),
        (_bangkok(24, 19, 54), None, _bangkok(24, 19, 59)),
        (_bangkok(24, 19, 55), None, _bangkok(25, 8)),  # the cooling ends at night
        (_bangkok(24, 23, 50), None, _bangkok(25, 8)),
        (_bangkok(25, 0, 10), None, _bangkok(25, 8)),
        (_bangkok(24, 12), _bangkok(24, 22), _bangkok(25, 8)),
        (_bangkok(25, 7, 56), None, _bangkok(25, 8, 1)),
        (_bangkok(25, 7, 54), None, _bangkok(25, 8)),
    ],
)
def test_it_begins_after_the_cooling_in_its_time_and_by_day(
    now: datetime, send_at: datetime | None, begins: datetime
) -> None:
    assert approval.begins_at(a_plan(send_at=send_at), rules=STRICT, now=now) == begins


def test_the_day_is_that_of_the_setting() -> None:
    rules = Rules(day=(time(9, 30), time(18)))
    moments = [_bangkok(24, 9, 29), _bangkok(24, 9, 30), _bangkok(24, 17, 59), _bangkok(24, 18)]
    assert [rules.is_day(moment) for moment in moments] == [False, True, True, False]


def test_what_is_not_a_draft_any_more_is_not_approved_again(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        stage = Stage(db)
        notice_id = stage.draft()
        stage.approve(notice_id)
        with pytest.raises(NotInThatState):
            stage.approve(notice_id, again=True)
