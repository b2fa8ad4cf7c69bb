"""What a notice came to, request by request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.notices import drafting, export, results
from bot.notices.audience import everyone
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.notices.export import Reason
from bot.storage import notice_chunks, notices
from bot.storage.engine import Database
from bot.storage.notice_recipients import RecipientRow
from bot.storage.notices import FINISHED, NoticeRow
from tests.bot.events.making import a_person
from tests.builders import NOON


def a_finished(db: Session) -> NoticeRow:
    row = drafting.create(db, Plan(Content((Bubble("text", "ชวนค่ะ"),)), everyone()), author_id=None, now=NOON)
    notices.change(db, row.id, state=FINISHED, began_at=NOON, finished_at=NOON + timedelta(minutes=3))
    return drafting.get(db, row.id)


def add_chunks(db: Session, notice_id: int, *chunks: dict[str, Any]) -> None:
    rows = [
        {
            "notice_id": notice_id, "portion": 0, "first": number, "last": number, "people": 1, "state": "accepted",
            "due_at": NOON, "tries": 1, "why": "", "retry_key": f"{notice_id}/{number}", **chunk,
        }
        for number, chunk in enumerate(chunks, start=1)
    ]  # fmt: skip
    for row in rows:
        db.execute(insert(notice_chunks.ChunkRow), [row])


def test_halves_stand_there_and_what_was_halved_does_not(database: Database) -> None:
    with database.transaction() as db:
        row = a_finished(db)
        add_chunks(
            db, row.id, {"state": "split", "people": 0}, {"people": 250, "duplicate": True, "request_id": "r1"},
            {"state": "refused", "people": 1, "why": "refused: 400"}, {"state": "waiting", "people": 3, "tries": 0},
        )  # fmt: skip
    with database.reading() as db:
        found = export.list_lines(db, row)
    assert [(one.number, one.people, one.state, one.why, one.tries) for one in found] == [
        (1, 250, "accepted", "", 1), (2, 1, "refused", "refused: 400", 1), (3, 3, "waiting", "", 0),
    ]  # fmt: skip
    assert [(one.told_before, one.request_id) for one in found] == [(True, "r1"), (False, ""), (False, "")]


def test_reasons_add_up_to_everybody_of_the_ledger(database: Database) -> None:
    with database.transaction() as db:
        row = a_finished(db)
        add_chunks(
            db, row.id, {"people": 5}, {"state": "refused", "why": "refused: 400 a"}, {"state": "unknown", "people": 2,
            "why": "too old"}, {"state": "stopped", "people": 4, "why": "stopped"}, {"state": "empty", "people": 0},
        )  # fmt: skip
        gone = [a_person(db, number) for number in (1, 2)]
        db.execute(
            insert(RecipientRow),
            [{"notice_id": row.id, "person_id": one, "portion": 0, "left_out": "opted_out"} for one in gone],
        )
    with database.reading() as db:
        found = export.list_reasons(db, row, results.progress_of(db, row, now=NOON))
    assert found == [
        Reason("accepted", "", 5), Reason("refused", "refused: 400 a", 1), Reason("stopped", "stopped", 4),
        Reason("unknown", "too old", 2), Reason("left_out", "opted_out", 2),
    ]  # fmt: skip
    assert [one.outcome for one in export.list_failed(found)] == ["refused", "stopped", "unknown"]


def test_a_table_without_end_is_cut_and_says_so(database: Database) -> None:
    with database.transaction() as db:
        row = a_finished(db)
        add_chunks(db, row.id, *({} for _ in range(5)))
    with database.reading() as db:
        assert [len(export.list_lines(db, row, most=most)) for most in (3, 5, 9)] == [4, 5, 5]
