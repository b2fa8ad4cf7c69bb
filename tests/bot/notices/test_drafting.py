from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.notices import drafting, steering
from bot.notices.audience import Audience
from bot.notices.content import Bubble, Content
from bot.notices.refusals import ChangedMeanwhile, NoSuchNotice, NotInThatState
from bot.storage import notices
from bot.storage.engine import Database
from bot.storage.notice_audience import Group
from bot.storage.notices import APPROVED, DRAFT, FINISHED, HELD, PLANNING, SENDING, STOPPED, SUBMITTED
from tests.bot.notices.making import DAY, HOUR, WORDS, a_plan
from tests.bot.outreach.accounts import an_account, outcomes_of_two_at_once
from tests.builders import NOON

OTHER = Content((Bubble("text", "เปลี่ยนเวลาเป็นวันอาทิตย์ค่ะ"),))
APPROVAL = {"approved_hash": "0" * 64, "approved_count": 7, "approved_at": NOON, "begins_at": NOON, "why": "confirmed"}


def a_draft(db: Session, **changes: object) -> int:
    return drafting.create(db, a_plan(**changes), author_id=None, now=NOON).id


def test_a_draft_is_kept_as_it_was_meant(sqlite_database: Database) -> None:
    plan = a_plan(
        content=OTHER, audience=Audience((Group("district", "mae_sai"),), (Group("programme", "school"),)),
        send_at=NOON + DAY, repeats="weekly", repeats_until=NOON + 30 * DAY, per_day=100, rides_until=NOON + 2 * DAY,
    )  # fmt: skip
    with sqlite_database.transaction() as db:
        row = drafting.create(db, plan, author_id=None, now=NOON)
        assert drafting.plan_of(drafting.get(db, row.id)) == plan
        assert (row.state, row.version, len(row.uid)) == (DRAFT, 1, 18)


@pytest.mark.parametrize("state", [SUBMITTED, APPROVED])
def test_whoever_edits_it_makes_the_approval_void(sqlite_database: Database, state: str) -> None:
    with sqlite_database.transaction() as db:
        notice_id = a_draft(db)
        approver = an_account(db).id
        notices.move(db, notice_id, states=(DRAFT,), to=state, now=NOON, approver_id=approver, **APPROVAL)
        row = drafting.edit(db, notice_id, a_plan(content=OTHER), seen=1, by=None, now=NOON + HOUR)
        left = (row.approver_id, row.approved_at, row.approved_hash, row.approved_count, row.begins_at, row.why)
        assert (row.state, row.version, left) == (DRAFT, 2, (None, None, None, None, None, ""))
        assert drafting.plan_of(row).content == OTHER


def test_what_has_begun_is_edited_no_more(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        for state in (PLANNING, SENDING, HELD, STOPPED, FINISHED):
            notice_id = a_draft(db)
            notices.change(db, notice_id, state=state)
            with pytest.raises(NotInThatState):
                drafting.edit(db, notice_id, a_plan(content=OTHER), seen=1, by=None, now=NOON)
            with pytest.raises(NotInThatState):
                drafting.remove(db, notice_id)
            with pytest.raises(NotInThatState):
                drafting.call_back(db, notice_id, now=NOON)
            assert drafting.plan_of(drafting.get(db, notice_id)).content == WORDS


def test_of_two_who_edit_at_once_one_is_told(database: Database) -> None:
    with database.transaction() as db:
        notice_id = a_draft(db)

    def edit(db: Session) -> None:
        drafting.edit(db, notice_id, a_plan(content=OTHER), seen=1, by=None, now=NOON)

    assert outcomes_of_two_at_once(database, edit, edit) == ["ChangedMeanwhile", "done"]


def test_an_edit_and_the_beginning_do_not_both_happen(database: Database) -> None:
    with database.transaction() as db:
        notice_id = a_draft(db)
        notices.change(db, notice_id, state=APPROVED, begins_at=NOON)

    def begin(db: Session) -> None:
        assert notices.list_due(db, now=NOON, limit=9)
        assert notices.move(db, notice_id, states=(APPROVED,), to=PLANNING, now=NOON)

    def edit(db: Session) -> None:
        drafting.edit(db, notice_id, a_plan(content=OTHER), seen=1, by=None, now=NOON)

    outcomes = outcomes_of_two_at_once(database, begin, edit)
    assert outcomes in (["ChangedMeanwhile", "done"], ["NotInThatState", "done"])
    with database.reading() as db:
        assert drafting.plan_of(drafting.get(db, notice_id)).content == WORDS


def test_it_is_submitted_as_it_was_seen_and_given_back_with_words(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id = a_draft(db)
        with pytest.raises(ChangedMeanwhile):
            drafting.submit(db, notice_id, seen=2, now=NOON)
        drafting.submit(db, notice_id, seen=1, now=NOON)
        with pytest.raises(NotInThatState):
            drafting.submit(db, notice_id, seen=1, now=NOON)
        drafting.send_back(db, notice_id, words="  ขอเวลาให้ชัดกว่านี้ค่ะ  ", now=NOON)
        row = drafting.get(db, notice_id)
        assert (row.state, row.sent_back) == (DRAFT, "ขอเวลาให้ชัดกว่านี้ค่ะ")
        drafting.submit(db, notice_id, seen=1, now=NOON)
        assert drafting.get(db, notice_id).sent_back == ""


def test_what_was_called_back_is_a_draft_without_an_approval(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id = a_draft(db)
        notices.change(db, notice_id, state=APPROVED, **APPROVAL)
        drafting.call_back(db, notice_id, now=NOON)
        row = drafting.get(db, notice_id)
        assert (row.state, row.approved_hash, row.begins_at, row.why) == (DRAFT, None, None, "")


def test_a_copy_is_sent_at_no_time_yet_and_has_a_name_of_its_own(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id = a_draft(db, send_at=NOON, repeats="weekly", rides_until=NOON + DAY, per_day=5)
        notices.change(db, notice_id, state=STOPPED)
        copied = drafting.copy(db, notice_id, author_id=None, now=NOON)
        assert drafting.plan_of(copied) == a_plan(per_day=5)
        assert (copied.state, copied.uid != drafting.get(db, notice_id).uid) == (DRAFT, True)


def test_the_hash_is_of_the_words_and_the_audience(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        same, again, words, people = (
            drafting.get(db, a_draft(db, **changes))
            for changes in ({}, {"title": "อื่น"}, {"content": OTHER}, {"audience": Audience((Group("programme", "x"),))})
        )
        assert drafting.hash_of(same) == drafting.hash_of(again)
        assert len({drafting.hash_of(row) for row in (same, words, people)}) == 3


def test_what_is_not_there_is_said_to_be_missing(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id = a_draft(db)
        drafting.remove(db, notice_id)
        for refused in (
            lambda: drafting.get(db, notice_id), lambda: drafting.remove(db, notice_id),
            lambda: drafting.submit(db, notice_id, seen=1, now=NOON), lambda: steering.pause(db, notice_id, now=NOON),
            lambda: drafting.call_back(db, notice_id, now=NOON), lambda: steering.stop(db, notice_id, now=NOON),
        ):  # fmt: skip
            with pytest.raises(NoSuchNotice):
                refused()
