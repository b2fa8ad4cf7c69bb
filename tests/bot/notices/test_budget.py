from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.notices import budget, drafting
from bot.notices.budget import Budget
from bot.storage import events, notice_chunks, service_messages
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import a_person, make_event, sign_up
from tests.bot.notices.making import DAY, HOUR, MINUTE, a_plan, know_quota
from tests.builders import NOON

MONTH_ENDS = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)


def test_nothing_is_known_before_line_was_asked_or_in_a_new_month(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        assert budget.find(db, now=NOON) is None
        assert not budget.note(db, limit=100, used=0, now=NOON)  # before we know who we are
        assert budget.find(db, now=NOON) is None
        know_quota(db, limit=100)
        assert budget.find(db, now=MONTH_ENDS - timedelta(seconds=1)) is not None
        assert budget.find(db, now=MONTH_ENDS) is None


def test_a_plan_without_a_limit_leaves_no_number(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        know_quota(db, limit=None, used=500)
        found = budget.find(db, now=NOON)
        assert found is not None
        assert (found.left, found.used) == (None, 500)


def test_what_reminders_and_offers_of_seats_will_need_is_kept(sqlite_database: Database, vault: Vault) -> None:
    with sqlite_database.transaction() as db:
        know_quota(db, limit=100, used=50)
        event = make_event(db, capacity=1, starts_at=NOON + 5 * DAY)
        sign_up(db, vault, event, a_person(db, 1))
        booked = budget.find(db, now=NOON)
        sign_up(db, vault, event, a_person(db, 2))
        waits = budget.find(db, now=NOON)
        assert booked is not None
        assert waits is not None
        assert booked.reserved == len(service_messages.list_due(db, now=MONTH_ENDS, limit=99)) > 0
        assert (waits.reserved, waits.left) == (booked.reserved + 1, 50 - booked.reserved - 1)
        db.get_one(events.EventRow, event.id).state = events.CALLED_OFF
        db.flush()
        called_off = budget.find(db, now=NOON)
        assert called_off is not None
        assert called_off.reserved == booked.reserved


def test_what_is_due_next_month_is_of_that_months_quota(sqlite_database: Database, vault: Vault) -> None:
    with sqlite_database.transaction() as db:
        know_quota(db, limit=100)
        event = make_event(db, starts_at=NOON + 20 * DAY)
        sign_up(db, vault, event, a_person(db, 1))
        found = budget.find(db, now=NOON)
        assert found is not None
        assert (found.reserved, found.left) == (0, 100)


def test_what_we_sent_since_line_was_asked_is_counted_by_us(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        know_quota(db, limit=100, used=10)
        row = drafting.create(db, a_plan(), author_id=None, now=NOON)
        chunks = [
            ("before", NOON - MINUTE, notice_chunks.ACCEPTED), ("after", NOON + MINUTE, notice_chunks.ACCEPTED),
            ("refused", NOON + MINUTE, notice_chunks.REFUSED), ("unknown", NOON + MINUTE, notice_chunks.UNKNOWN),
        ]  # fmt: skip
        notice_chunks.add_all(
            db,
            [
                {
                    "notice_id": row.id, "portion": 0, "first": 1, "last": 7, "people": 7, "state": state,
                    "due_at": NOON, "retry_key": name, "tries": 1, "why": "", "settled_at": settled_at,
                }
                for name, settled_at, state in chunks
            ],
        )  # fmt: skip
        found = budget.find(db, now=NOON + HOUR)
        assert found is not None
        assert (found.sent_since, found.left) == (7, 83)


def test_less_than_nothing_is_never_left() -> None:
    assert Budget(100, 90, 5, 30, NOON).left == 0


@pytest.mark.parametrize(("age", "fresh"), [(29, True), (30, False)])
def test_it_is_fresh_for_half_an_hour(age: int, fresh: bool) -> None:
    assert Budget(1, 0, 0, 0, NOON).is_fresh(NOON + age * MINUTE) is fresh


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [
        (NOON, datetime(2026, 10, 31, 17, tzinfo=UTC), MONTH_ENDS),
        (MONTH_ENDS - MINUTE, datetime(2026, 10, 31, 17, tzinfo=UTC), MONTH_ENDS),
        (MONTH_ENDS, MONTH_ENDS, datetime(2026, 12, 31, 17, tzinfo=UTC)),
        (
            datetime(2027, 1, 31, 12, tzinfo=UTC),
            datetime(2026, 12, 31, 17, tzinfo=UTC),
            datetime(2027, 1, 31, 17, tzinfo=UTC),
        ),
    ],
)
def test_a_month_is_bangkoks(now: datetime, begins: datetime, ends: datetime) -> None:
    assert (budget.month_begins(now), budget.month_ends(now)) == (begins, ends)
