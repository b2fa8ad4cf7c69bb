from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.events import wall_codes
from bot.storage import events
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, make_event

BEGIN = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
"""An even minute: a window begins."""
OTHER = Vault(["another secret for tests, long enough"])


def test_a_code_has_six_digits_and_stays_for_two_minutes(vault: Vault) -> None:
    codes = [wall_codes.code_at(vault, 1, BEGIN + timedelta(seconds=second)) for second in (0, 60, 119)]
    assert len(set(codes)) == 1
    assert (len(codes[0]), codes[0].isdigit()) == (6, True)
    assert wall_codes.code_at(vault, 1, BEGIN + timedelta(seconds=120)) != codes[0]


def test_codes_of_events_and_of_installations_differ(vault: Vault) -> None:
    assert wall_codes.code_at(vault, 1, BEGIN) != wall_codes.code_at(vault, 2, BEGIN)
    assert wall_codes.code_at(vault, 1, BEGIN) != wall_codes.code_at(OTHER, 1, BEGIN)


def test_codes_of_many_windows_hardly_repeat(vault: Vault) -> None:
    codes = [wall_codes.code_at(vault, 1, BEGIN + number * wall_codes.WINDOW) for number in range(1000)]
    assert len(set(codes)) > 990


def test_a_code_is_valid_in_its_window_and_the_next(vault: Vault) -> None:
    code = wall_codes.code_at(vault, 1, BEGIN)
    found = [
        wall_codes.is_valid(vault, 1, code, BEGIN + timedelta(seconds=second)) for second in (-1, 0, 119, 239, 240)
    ]
    assert found == [False, True, True, True, False]


def test_the_wall_knows_when_to_change(vault: Vault) -> None:
    now = BEGIN + timedelta(seconds=30)
    assert wall_codes.changes_at(now) == BEGIN + timedelta(seconds=120)
    before, after = wall_codes.changes_at(now) - timedelta(seconds=1), wall_codes.changes_at(now)
    assert wall_codes.code_at(vault, 1, before) != wall_codes.code_at(vault, 1, after)


def test_an_event_is_found_while_it_is_on_today(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        tonight = make_event(db, starts_at=IN_A_WEEK + timedelta(hours=6))

        def found(of: int, now: datetime) -> int | None:
            one = wall_codes.find_event(db, vault, wall_codes.code_at(vault, of, now), now)
            return one.id if one else None

        midnight = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
        assert found(event.id, IN_A_WEEK) == event.id
        assert found(tonight.id, IN_A_WEEK) == tonight.id
        assert (found(event.id, midnight), found(event.id, midnight - timedelta(seconds=1))) == (event.id, None)
        assert found(event.id, event.ends_at) is None


def test_only_events_among_those_named_are_found(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        code = wall_codes.code_at(vault, event.id, IN_A_WEEK)
        assert wall_codes.find_event(db, vault, code, IN_A_WEEK, among={event.id}) is not None
        assert wall_codes.find_event(db, vault, code, IN_A_WEEK, among={event.id + 1}) is None


def test_events_called_off_and_drafts_show_no_code(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        for state in (events.DRAFT, events.CALLED_OFF):
            event = make_event(db, state=state)
            assert wall_codes.find_event(db, vault, wall_codes.code_at(vault, event.id, IN_A_WEEK), IN_A_WEEK) is None
