from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.notices import drafting, results
from bot.notices.results import Progress
from bot.storage import notice_chunks, notices, outgoing, registrations
from bot.storage.engine import Database
from bot.storage.notice_recipients import RIDING, RecipientRow
from bot.storage.outgoing import Delivery
from bot.vault import Vault
from tests.bot.events.making import make_event, sign_up
from tests.bot.notices.making import DAY, a_plan, make_people
from tests.builders import NOON


def a_notice(db: Session, *, state: str = "sending", **changes: Any) -> int:
    row = drafting.create(db, a_plan(**changes), author_id=None, now=NOON)
    notices.change(db, row.id, state=state, began_at=NOON)
    return row.id


def add_chunk(db: Session, notice_id: int, state: str, people: int, *, settled_at: Any = NOON, key: str = "") -> None:
    notice_chunks.add_all(
        db,
        [
            {
                "notice_id": notice_id, "portion": 0, "first": 1, "last": 1, "people": people, "state": state,
                "due_at": NOON, "retry_key": key or state, "tries": 1, "why": "", "settled_at": settled_at,
            }
        ],
    )  # fmt: skip


def add_lines(db: Session, notice_id: int, ids: list[int], **values: Any) -> None:
    lines = [{"notice_id": notice_id, "person_id": one, "portion": 0, **values} for one in ids]
    db.execute(insert(RecipientRow), lines)


def progress(db: Session, notice_id: int, now: Any = NOON) -> Progress:
    return results.progress_of(db, drafting.get(db, notice_id), now=now)


def test_everybody_is_counted_once_by_what_became_of_them(database: Database) -> None:
    with database.transaction() as db:
        notice_id = a_notice(db)
        for people, state in enumerate(("accepted", "refused", "unknown", "stopped", "waiting", "trying"), start=1):
            add_chunk(db, notice_id, state, people)
        for state in ("split", "empty"):
            add_chunk(db, notice_id, state, 0)
        found = progress(db, notice_id)
    assert (found.accepted, found.refused, found.unknown, found.stopped, found.open) == (1, 2, 3, 4, 11)
    assert (found.total, found.done, found.requests, found.riding, found.rode) == (21, 10, 8, 0, 0)


def test_who_left_is_counted_by_why_and_is_no_part_of_the_whole(database: Database) -> None:
    with database.transaction() as db:
        ids = make_people(db, 1, 2, 3)
        notice_id = a_notice(db)
        add_lines(db, notice_id, ids[:2], left_out="opted_out")
        add_lines(db, notice_id, ids[2:], left_out="blocked")
        found = progress(db, notice_id)
    assert (dict(found.left_out), found.total) == ({"opted_out": 2, "blocked": 1}, 0)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(Delivery.SENT, (1, 0)), (Delivery.TRYING, (1, 0)), (Delivery.UNKNOWN, (0, 1))],
    ids=lambda one: str(one),
)
def test_who_got_it_with_an_answer_is_as_sure_as_the_answer(
    sqlite_database: Database, status: Delivery, expected: tuple[int, int]
) -> None:
    with sqlite_database.transaction() as db:
        rode, rides = make_people(db, 1, 2)
        notice_id = a_notice(db, rides_until=NOON + DAY)
        answer = outgoing.add(
            db, incoming_id=1, person_id=rode, messages=b"", reply_token=None, token_from=NOON, token_doubtful=False,
            retry_key="k", push_doubtful=False, may_push=True, good_until=None, capped=True, tries=1, created_at=NOON,
        )  # fmt: skip
        if status is not Delivery.TRYING:
            outgoing.settle(db, answer, status=status, now=NOON)
        add_lines(db, notice_id, [rode], portion=RIDING, left_out="rode", outgoing_id=answer)
        add_lines(db, notice_id, [rides], portion=RIDING)
        found = progress(db, notice_id)
    assert ((found.rode, found.unknown), found.riding, found.total) == (expected, 1, 2)


def test_how_fast_it_goes_is_told_by_the_last_moments(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        notice_id = a_notice(db)
        add_chunk(db, notice_id, "accepted", 500, key="old", settled_at=NOON - timedelta(seconds=21))
        add_chunk(db, notice_id, "accepted", 1000, key="new", settled_at=NOON - timedelta(seconds=5))
        add_chunk(db, notice_id, "waiting", 6000, settled_at=None)
        found = progress(db, notice_id)
        assert (found.a_minute, found.left) == (3000, timedelta(minutes=2))
        later = progress(db, notice_id, NOON + timedelta(minutes=5))
        assert (later.a_minute, later.left) == (0, None)
        notices.change(db, notice_id, state="paused")
        assert progress(db, notice_id).left is None


def test_registrations_that_came_of_it(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        told, rode, left, earlier, late, other = make_people(db, *range(1, 7))
        event, elsewhere = make_event(db, capacity=50), make_event(db)
        notice_id = a_notice(db, event_id=event.id)
        add_lines(db, notice_id, [told, earlier, late])
        add_lines(db, notice_id, [rode], left_out="rode")
        add_lines(db, notice_id, [left], left_out="opted_out")
        for one in (told, rode, left, earlier, late, other):
            row = sign_up(db, vault, event, one).registration
            moved = {earlier: NOON - DAY, late: NOON + 14 * DAY}.get(one)
            if moved is not None:
                db.get_one(registrations.RegistrationRow, row.id).created_at = moved
        sign_up(db, vault, elsewhere, told)
        db.flush()
        assert results.count_registrations(db, drafting.get(db, notice_id)) == 2
        assert results.count_registrations(db, drafting.get(db, a_notice(db))) == 0
