"""Every way of tampering with the audit log by SQL, and the line at which it is noticed."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.outreach.audit import COMMAND_LINE, SYSTEM, Broken, Verified, Why, prune, record, verify
from bot.storage import audit as table
from bot.storage.audit import AuditHeadRow, AuditRow
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.storage.audit_tables import tamper
from tests.builders import NOON

DAY = timedelta(days=1)
SECRET = "a secret for tests, long enough to pass"
OTHER_SECRET = "another secret, that the database does not hold"


def write(database: Database, vault: Vault, *numbers: int) -> None:
    with database.transaction() as db:
        for number in numbers:
            record(
                db, vault, actor=COMMAND_LINE, action="staff.changed", subject=("staff", number),
                before={"role": "volunteer"}, after={"role": "staff", "seen": number}, now=NOON + number * DAY,
            )  # fmt: skip


def rewrite(database: Database, vault: Vault, *, first: int) -> None:
    """All lines from `first` on, and the head, made to fit again by somebody with another key."""
    with database.reading() as db:
        lines = [dict(row._mapping) for row in db.execute(select(AuditRow.__table__).order_by(AuditRow.id))]
        seen = table.find_head(db)
    assert seen is not None
    before_it = lines[first - 2]["hash"] if first > 1 else table.BEGINNING
    tamper(database, f"DELETE FROM audit_log WHERE id >= {first}")
    head = table.Head(first - 1, before_it, seen.pruned_through, "")
    with database.transaction() as db:
        for line in lines[first - 1 :]:
            kept = {key: line[key] for key in line if key not in {"id", "previous_hash", "hash", "seal"}}
            head = table.append(db, vault, head, **kept)
        table.move_head(db, vault, seen=seen, to=head)


@pytest.fixture
def log(database: Database, vault: Vault) -> Database:
    """Six lines, more than fit into one batch."""
    write(database, vault, 1, 2, 3, 4, 5, 6)
    return database


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BATCH", 4)


def test_an_untouched_log_is_whole_and_tells_how_far_it_is(log: Database, vault: Vault) -> None:
    told: list[tuple[int, int]] = []
    found = verify(log, vault, progress=lambda done, total: told.append((done, total)))
    with log.reading() as db:
        head = table.find_head(db)
    assert head is not None
    assert found == Verified(count=6, last_id=6, head=head.hash)
    assert told == [(number, 6) for number in range(1, 7)]


def test_an_empty_log_is_whole(database: Database, vault: Vault) -> None:
    assert verify(database, vault) == Verified(count=0, last_id=0, head="0" * 64)


OTHERS = {
    "at": "'2026-01-01 00:00:00'", "actor_id": "1", "actor": "'ใครก็ได้'", "action": "'staff.added'",
    "subject_kind": "'faq'", "subject_id": "'99'", "before": "NULL", "after": "'{\"role\":\"administrator\"}'",
    "address_hash": "'ff'", "previous_hash": f"'{'1' * 64}'", "hash": f"'{'1' * 64}'",
}  # fmt: skip


@pytest.mark.parametrize("column", OTHERS)
@pytest.mark.parametrize("line", [1, 3, 6])
def test_an_altered_value_is_noticed_in_every_column(log: Database, vault: Vault, column: str, line: int) -> None:
    tamper(log, f"UPDATE audit_log SET {column} = {OTHERS[column]} WHERE id = {line}".replace(":", r"\:"))
    assert verify(log, vault) == Broken(line, Why.ALTERED)


def test_every_column_is_tried_above_but_the_number_and_the_seal() -> None:
    assert {*OTHERS, "id", "seal"} == set(AuditRow.__table__.columns.keys())


def test_an_altered_seal_is_noticed(log: Database, vault: Vault) -> None:
    tamper(log, "UPDATE audit_log SET seal = 'x' WHERE id = 3")
    assert verify(log, vault) == Broken(3, Why.FORGED)


@pytest.mark.parametrize("value", ["at = 'yesterday'", "after = 'no json'", "at = 5", "actor = x'00ff'"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_value_that_cannot_be_read_is_an_altered_one(log: Database, vault: Vault, value: str) -> None:
    tamper(log, f"UPDATE audit_log SET {value} WHERE id = 3")
    assert verify(log, vault) == Broken(3, Why.ALTERED)


@pytest.mark.parametrize(("gone", "first"), [("id = 1", 1), ("id = 3", 3), ("id IN (4, 5)", 4), ("id >= 5", 5)])
def test_a_removed_line_is_noticed_at_either_end_and_in_the_middle(
    log: Database, vault: Vault, gone: str, first: int
) -> None:
    tamper(log, f"DELETE FROM audit_log WHERE {gone}")
    assert verify(log, vault) == Broken(first, Why.MISSING)


def test_all_lines_removed_are_noticed(log: Database, vault: Vault) -> None:
    tamper(log, "DELETE FROM audit_log")
    assert verify(log, vault) == Broken(1, Why.MISSING)


def test_lines_that_changed_places_are_noticed(log: Database, vault: Vault) -> None:
    tamper(
        log,
        "UPDATE audit_log SET id = 100 WHERE id = 3",
        "UPDATE audit_log SET id = 3 WHERE id = 4",
        "UPDATE audit_log SET id = 4 WHERE id = 100",
    )
    assert verify(log, vault) == Broken(3, Why.ALTERED)


def test_a_line_repeated_under_another_number_is_noticed(log: Database, vault: Vault) -> None:
    columns = ", ".join(name for name in AuditRow.__table__.columns.keys() if name != "id")  # noqa: SIM118
    tamper(log, f"INSERT INTO audit_log (id, {columns}) SELECT 7, {columns} FROM audit_log WHERE id = 6")
    assert verify(log, vault) == Broken(7, Why.ALTERED)


def test_a_genuine_line_of_another_chain_is_noticed(log: Database, vault: Vault) -> None:
    """As after a backup was put back and the log went on, when a line of before is put in."""
    with log.reading() as db:
        third = db.execute(select(AuditRow.__table__).where(AuditRow.id == 3)).one()._mapping
    tamper(log, "DELETE FROM audit_log WHERE id >= 3")
    with log.transaction() as db:
        kept = {key: third[key] for key in third if key not in {"id", "previous_hash", "hash", "seal"}}
        table.append(db, vault, table.Head(2, "f" * 64, 0, ""), **kept)
    assert verify(log, vault) == Broken(3, Why.NOT_LINKED)


@pytest.mark.parametrize("first", range(1, 7))
def test_lines_made_to_fit_without_our_key_are_noticed(log: Database, vault: Vault, first: int) -> None:
    tamper(log, f"UPDATE audit_log SET actor = 'somebody' WHERE id = {first}")
    rewrite(log, Vault([OTHER_SECRET]), first=first)
    expected = (
        Broken(first, Why.FORGED) if first > 1 else Broken(6, Why.HEAD)
    )  # all forged: none is better than another
    assert verify(log, vault) == expected


@pytest.mark.parametrize("line", [1, 3, 6])
def test_one_line_forged_with_a_fitting_hash_is_noticed(log: Database, vault: Vault, line: int) -> None:
    with log.reading() as db:
        old = dict(db.execute(select(AuditRow.__table__).where(AuditRow.id == line)).one()._mapping)
    kept = {key: old[key] for key in old if key not in {"id", "previous_hash", "hash", "seal"}} | {"actor": "somebody"}
    tamper(log, f"DELETE FROM audit_log WHERE id = {line}")
    with log.transaction() as db:
        table.append(db, Vault([OTHER_SECRET]), table.Head(line - 1, old["previous_hash"], 0, ""), **kept)
    assert verify(log, vault) == Broken(line, Why.FORGED)


def test_a_line_added_behind_the_head_is_noticed(log: Database, vault: Vault) -> None:
    with log.transaction() as db:
        head = table.find_head(db)
        kept = dict.fromkeys(("before", "after", "address_hash"))
        assert head is not None
        table.append(
            db, vault, head, at=NOON, actor_id=None, actor="x", action="a.b", subject_kind="faq", subject_id="1", **kept
        )
    assert verify(log, vault) == Broken(7, Why.EXTRA)


@pytest.mark.parametrize("number", [0, -5])
def test_a_line_before_the_first_is_noticed(log: Database, vault: Vault, number: int) -> None:
    columns = ", ".join(name for name in AuditRow.__table__.columns.keys() if name != "id")  # noqa: SIM118
    tamper(log, f"INSERT INTO audit_log (id, {columns}) SELECT {number}, {columns} FROM audit_log WHERE id = 6")
    assert verify(log, vault) == Broken(number, Why.EXTRA)


CUT_OFF = "UPDATE audit_head SET last_id = 4, hash = (SELECT hash FROM audit_log WHERE id = 4)"


def test_a_tail_removed_with_the_head_altered_to_fit_is_noticed(log: Database, vault: Vault) -> None:
    tamper(log, CUT_OFF, "DELETE FROM audit_log WHERE id > 4")
    assert verify(log, vault) == Broken(4, Why.HEAD)


@pytest.mark.parametrize("lines", [(7,), (7, 8, 9)])
def test_the_next_line_does_not_make_good_what_was_cut_off(log: Database, vault: Vault, lines: tuple[int, ...]) -> None:
    tamper(log, CUT_OFF, "DELETE FROM audit_log WHERE id > 4")
    write(log, vault, *lines)
    with log.reading() as db:
        assert [row.action for row in table.list_entries(db)][::-1] == [
            *["staff.changed"] * 4, "audit.head_unproven", *["staff.changed"] * len(lines),
        ]  # fmt: skip
    assert verify(log, vault) == Broken(5, Why.HEAD_UNPROVEN)


def test_a_missing_head_is_noticed_before_and_after_the_next_line(log: Database, vault: Vault) -> None:
    tamper(log, "DELETE FROM audit_head")
    assert verify(log, vault) == Broken(6, Why.HEAD)
    write(log, vault, 7)
    assert verify(log, vault) == Broken(7, Why.HEAD_UNPROVEN)


@pytest.mark.parametrize("change", ["pruned_through = 2", "last_id = 9", f"hash = '{'1' * 64}'", "seal = 'ไทย'"])
def test_an_altered_head_is_noticed(log: Database, vault: Vault, change: str) -> None:
    tamper(log, f"UPDATE audit_head SET {change}")
    assert verify(log, vault) == Broken(6, Why.HEAD)


def test_the_oldest_lines_removed_as_if_pruned_are_noticed(log: Database, vault: Vault) -> None:
    tamper(log, "UPDATE audit_head SET pruned_through = 2", "DELETE FROM audit_log WHERE id <= 2")
    assert verify(log, vault) == Broken(6, Why.HEAD)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM audit_log WHERE id = 3", Broken(3, Why.MISSING)),
        ("UPDATE audit_log SET actor = 'x' WHERE id = 3", Broken(3, Why.ALTERED)),
        (f"UPDATE audit_log SET previous_hash = '{'1' * 64}' WHERE id = 3", Broken(3, Why.ALTERED)),
    ],
)
def test_tampering_is_noticed_after_pruning_too(log: Database, vault: Vault, statement: str, expected: Broken) -> None:
    with log.transaction() as db:
        assert prune(db, vault, before=NOON + 3 * DAY, now=NOON + 9 * DAY) == 2
    tamper(log, statement)
    assert verify(log, vault) == expected


def test_a_log_put_back_whole_is_noticed_by_a_head_noted_elsewhere_only(log: Database, vault: Vault) -> None:
    with log.reading() as db:
        old = db.execute(select(AuditHeadRow.__table__)).one()._mapping
    write(log, vault, 7)
    later = verify(log, vault)
    assert isinstance(later, Verified)
    noted = (later.last_id, later.head)
    assert verify(log, vault, expect=noted) == later
    changes = ", ".join(f"{key} = '{old[key]}'" for key in ("last_id", "hash", "seal"))
    tamper(log, "DELETE FROM audit_log WHERE id = 7", f"UPDATE audit_head SET {changes}")
    assert verify(log, vault) == Verified(count=6, last_id=6, head=old["hash"])
    assert verify(log, vault, expect=noted) == Broken(7, Why.MISSING)
    write(log, vault, 8)
    assert verify(log, vault, expect=noted) == Broken(7, Why.UNEXPECTED)


def test_everything_removed_is_noticed_by_a_head_noted_elsewhere_only(log: Database, vault: Vault) -> None:
    tamper(log, "DELETE FROM audit_log", "DELETE FROM audit_head")
    assert verify(log, vault) == Verified(count=0, last_id=0, head="0" * 64)
    assert verify(log, vault, expect=(6, "f" * 64)) == Broken(6, Why.MISSING)


def test_after_a_change_of_key_the_log_goes_on_and_stays_whole(log: Database) -> None:
    both, new = Vault([OTHER_SECRET, SECRET]), Vault([OTHER_SECRET])
    assert isinstance(verify(log, both), Verified)
    write(log, both, 7, 8)
    found = verify(log, new)  # the old key is forgotten: the chain vouches for what it sealed
    assert isinstance(found, Verified)
    assert found.count == 8


@pytest.mark.parametrize("line", range(1, 9))
def test_after_a_change_of_key_tampering_is_still_noticed(log: Database, line: int) -> None:
    write(log, Vault([OTHER_SECRET, SECRET]), 7, 8)
    tamper(log, f"UPDATE audit_log SET actor = 'somebody' WHERE id = {line}")
    assert verify(log, Vault([OTHER_SECRET])) == Broken(line, Why.ALTERED)


def test_a_key_changed_without_the_previous_one_is_said_in_the_log(log: Database) -> None:
    new = Vault([OTHER_SECRET])
    assert verify(log, new) == Broken(6, Why.HEAD)
    write(log, new, 7)
    assert verify(log, new) == Broken(7, Why.HEAD_UNPROVEN)


def test_what_is_written_while_the_log_is_read_does_no_harm(log: Database, vault: Vault) -> None:
    numbers = itertools.count(7)

    def meanwhile(done: int, total: int) -> None:
        if done % 3 == 0:
            write(log, vault, next(numbers))

    found = verify(log, vault, progress=meanwhile)
    assert isinstance(found, Verified)
    assert found.count == 6
    with log.reading() as db:
        assert db.scalar(text("SELECT count(*) FROM audit_log")) == 8


def test_the_system_is_named_where_nobody_acted(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        record(db, vault, actor=SYSTEM, action="faq.published", subject=("faq", "all"), now=NOON)
        row: Any = table.list_entries(db)[0]
    assert (row.actor_id, row.actor) == (None, "civicbot")
