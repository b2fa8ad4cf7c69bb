from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.notices import drafting
from bot.storage import notice_recipients, notices, outgoing, people
from bot.storage.engine import Database
from bot.storage.notice_recipients import RIDING, RecipientRow
from bot.storage.outgoing import Delivery
from tests.bot.notices.making import DAY, HOUR, a_plan, block, erase, make_people, opt_out
from tests.builders import NOON

DAYTIME = (8 * 60, 20 * 60)


def a_ledger(db: Session, *person_ids: int, portion: int = 0, **values: Any) -> int:
    row = drafting.create(db, a_plan(), author_id=None, now=NOON)
    lines = [{"notice_id": row.id, "person_id": one, "portion": portion, **values} for one in person_ids]
    db.execute(insert(RecipientRow), lines)
    return row.id


def an_answer(db: Session, incoming_id: int, status: Delivery) -> int:
    answer = outgoing.add(
        db, incoming_id=incoming_id, person_id=None, messages=b"", reply_token=None, token_from=NOON,
        token_doubtful=False, retry_key="k", push_doubtful=False, may_push=True, good_until=None, capped=True, tries=1,
        created_at=NOON,
    )  # fmt: skip
    if status is not Delivery.TRYING:
        outgoing.settle(db, answer, status=status, now=NOON)
    return answer


def test_who_left_is_left_out_once_and_only_of_that_range(database: Database) -> None:
    with database.transaction() as db:
        ids = make_people(db, *range(1, 9))
        notice_id = a_ledger(db, *ids)
        for one in (ids[0], ids[7]):
            opt_out(db, one)
        block(db, ids[1])
        opt_out(db, ids[1])
        people.set_unreachable(db, ids[2], at=NOON)
        db.execute(notice_recipients.PreferenceRow.__table__.update().where(
            notice_recipients.PreferenceRow.person_id == ids[3]).values(paused_until=NOON + DAY))  # fmt: skip
        db.execute(notice_recipients.PreferenceRow.__table__.update().where(
            notice_recipients.PreferenceRow.person_id == ids[4]).values(paused_until=NOON))  # fmt: skip
        erase(db, ids[5])
        where = {"notice_id": notice_id, "portion": 0, "first": ids[0], "last": ids[6], "now": NOON, "day": DAYTIME}
        left = {"opted_out": 1, "blocked": 1, "unreachable": 1, "paused": 1}
        assert notice_recipients.leave_out_who_left(db, **where) == left
        assert notice_recipients.leave_out_who_left(db, **where) == {}
        assert notice_recipients.count_left_out(db, notice_id) == left
        found = notice_recipients.list_addresses(db, notice_id=notice_id, portion=0, first=ids[0], last=ids[7])
        assert [one for one, _ in found] == [ids[4], ids[6], ids[7]]


@pytest.mark.parametrize(
    ("quiet", "never"),
    [
        ((480, 1200), True), ((470, 1210), True), ((481, 1200), False), ((480, 1199), False), ((1200, 480), False),
        ((400, 300), True), ((1210, 1205), True), ((480, 479), True), ((1300, 1199), False), ((None, None), False),
    ],
)  # fmt: skip
def test_whose_quiet_hours_are_all_of_the_day_is_not_waited_for_without_end(
    sqlite_database: Database, quiet: tuple[int | None, int | None], never: bool
) -> None:
    with sqlite_database.transaction() as db:
        (one,) = make_people(db, 1, quiet_from=quiet[0], quiet_to=quiet[1])
        where = {"notice_id": a_ledger(db, one), "portion": 0, "first": 1, "last": one}
        left = notice_recipients.leave_out_who_left(db, **where, now=NOON, day=DAYTIME)
        assert left == ({"paused": 1} if never else {})


@pytest.mark.parametrize(
    ("quiet", "minute", "is_quiet"),
    [
        ((600, 660), 599, False), ((600, 660), 600, True), ((600, 660), 659, True), ((600, 660), 660, False),
        ((1320, 480), 1319, False), ((1320, 480), 1320, True), ((1320, 480), 1439, True), ((1320, 480), 0, True),
        ((1320, 480), 479, True), ((1320, 480), 480, False), ((1320, 0), 1439, True), ((1320, 0), 0, False),
        ((0, 60), 0, True), ((600, 600), 600, False), ((None, None), 600, False), ((600, None), 600, False),
    ],
)  # fmt: skip
def test_quiet_hours_to_the_minute(
    sqlite_database: Database, quiet: tuple[int | None, int | None], minute: int, is_quiet: bool
) -> None:
    with sqlite_database.transaction() as db:
        (one,) = make_people(db, 1, quiet_from=quiet[0], quiet_to=quiet[1])
        notice_id = a_ledger(db, one)
        found = notice_recipients.list_quiet(db, notice_id=notice_id, portion=0, first=1, last=9, minute=minute)
        assert found == ([(one, quiet[1])] if is_quiet else [])


def test_quiet_hours_are_the_same_on_both(database: Database) -> None:
    with database.transaction() as db:
        within, over = make_people(db, 1, quiet_from=600, quiet_to=660) + make_people(
            db, 2, quiet_from=610, quiet_to=60
        )
        notice_id = a_ledger(db, within, over)
        where = {"notice_id": notice_id, "portion": 0, "first": 1, "last": over}
        assert notice_recipients.list_quiet(db, **where, minute=605) == [(within, 660)]
        assert sorted(notice_recipients.list_quiet(db, **where, minute=615)) == [(within, 660), (over, 60)]


def test_it_rides_with_one_answer_of_many_at_once(database: Database) -> None:
    with database.transaction() as db:
        (one,) = make_people(db, 1)
        notice_id = a_ledger(db, one, portion=RIDING)
    together, got = threading.Barrier(4, timeout=10), []

    def take() -> None:
        together.wait()
        with database.transaction() as db:
            got.append(notice_recipients.take_ride(db, notice_id=notice_id, person_id=one))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(got) == [False, False, False, True]


@pytest.mark.parametrize(
    ("status", "rides_again", "is_open"),
    [
        (Delivery.SENT, 0, False), (Delivery.TRYING, 0, True), (Delivery.UNKNOWN, 0, False),
        (Delivery.UNDELIVERABLE, 1, True), (Delivery.CANCELLED, 1, True),
    ],
)  # fmt: skip
def test_what_was_certainly_not_delivered_rides_again(
    sqlite_database: Database, status: Delivery, rides_again: int, is_open: bool
) -> None:
    with sqlite_database.transaction() as db:
        (one,) = make_people(db, 1)
        notice_id = a_ledger(db, one, portion=RIDING)
        assert notice_recipients.take_ride(db, notice_id=notice_id, person_id=one)
        answer = an_answer(db, 1, status)
        notice_recipients.note_ride(db, notice_id=notice_id, person_id=one, outgoing_id=answer)
        assert notice_recipients.has_open_rides(db, notice_id) is is_open
        assert notice_recipients.take_back_rides(db, notice_id=notice_id, limit=9) == rides_again
        assert notice_recipients.rides(db, notice_id, one) is bool(rides_again)
        assert notice_recipients.has_open_rides(db, notice_id) is is_open


def test_who_rides_is_waited_for(database: Database) -> None:
    with database.transaction() as db:
        (one,) = make_people(db, 1)
        assert notice_recipients.has_open_rides(db, a_ledger(db, one, portion=RIDING))
        assert not notice_recipients.has_open_rides(db, a_ledger(db, one, portion=RIDING, left_out="opted_out"))
        assert not notice_recipients.has_open_rides(db, a_ledger(db, one))


def test_the_oldest_ledger_whose_time_is_over_is_forgotten_part_by_part(database: Database) -> None:
    with database.transaction() as db:
        ids = make_people(db, *range(1, 6))
        young, old, older, empty, running = (
            a_ledger(db, *(() if n == 3 else ids)) if n != 3 else _empty(db) for n in range(5)
        )
        for notice_id, days in ((young, 10), (old, 100), (older, 200), (empty, 300)):
            notices.change(db, notice_id, state="finished", finished_at=NOON - days * DAY)
        before = NOON - 90 * DAY
        assert notice_recipients.find_to_forget(db, finished_before=before) == older
        assert [notice_recipients.forget(db, older, limit=3) for _ in range(3)] == [3, 2, 0]
        assert notice_recipients.find_to_forget(db, finished_before=before) == old
        notice_recipients.forget(db, old, limit=9)
        assert notice_recipients.find_to_forget(db, finished_before=before) is None
        assert notice_recipients.count(db, running) == 5


def _empty(db: Session) -> int:
    return drafting.create(db, a_plan(), author_id=None, now=NOON + HOUR).id
