from __future__ import annotations

from sqlalchemy.orm import Session

from bot.storage import case_messages, case_pictures
from bot.storage.case_messages import BOT, CITIZEN, NOTE, QUEUED, SENT, STAFF, CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.engine import Database
from tests.bot.cases.making import a_case
from tests.builders import NOON


def say(
    db: Session, case_id: int, author: str = CITIZEN, text: bytes | None = b"sealed", **more: object
) -> CaseMessageRow:
    return case_messages.add(db, case_id=case_id, at=NOON, author=author, text=text, **more)


def test_a_message_is_found_by_its_id_within_its_case(database: Database) -> None:
    with database.transaction() as db:
        one, two = a_case(db).id, a_case(db).id
        first = say(db, one, message_id="m1")
        say(db, two, message_id="m1")
        found = case_messages.find_by_message_id(db, case_id=one, message_id="m1")
        assert found is first
        assert case_messages.find_by_message_id(db, case_id=one, message_id="m2") is None


def test_the_end_of_a_delivery_is_written_down_once(database: Database) -> None:
    with database.transaction() as db:
        row = say(db, a_case(db).id, STAFF, delivery=QUEUED)
        assert case_messages.set_delivery(db, row.id, delivery=SENT, pushed=True)
        assert not case_messages.set_delivery(db, row.id, delivery="failed", pushed=False)
        assert not case_messages.set_delivery(db, 999, delivery=SENT, pushed=False)
        found = case_messages.find(db, row.id)
        assert found is not None
        assert (found.delivery, found.pushed) == (SENT, True)


def test_the_latest_are_listed_with_their_pictures(database: Database) -> None:
    with database.transaction() as db:
        case_id = a_case(db).id
        rows = [say(db, case_id, message_id=f"m{number}") for number in range(3)]
        wanted = CasePictureRow(case_id=case_id, case_message_id=rows[1].id, message_id="m1", wanted_at=NOON)
        picture_id = case_pictures.add(db, wanted)
        assert case_messages.list_latest(db, case_id, limit=2) == [(rows[1], picture_id), (rows[2], None)]


def test_only_what_a_citizen_wrote_can_be_taken_back(database: Database) -> None:
    with database.transaction() as db:
        one, two = a_case(db).id, a_case(db).id
        heard = [say(db, one, message_id="m1"), say(db, two, message_id="m1")]
        stays = [say(db, one, message_id="m2"), say(db, one, STAFF, message_id="staff/m1"), say(db, one, NOTE)]
        assert case_messages.forget_words(db, message_id="m1", now=NOON) == 2
        assert case_messages.forget_words(db, message_id="staff/m1", now=NOON) == 0
        db.expire_all()
        assert [(row.text, row.taken_back_at) for row in heard] == [(None, NOON)] * 2
        assert [(row.text, row.taken_back_at) for row in stays] == [(b"sealed", None)] * 3


def test_words_are_listed_by_who_said_them_in_their_order(database: Database) -> None:
    with database.transaction() as db:
        case_id = a_case(db).id
        rows = [say(db, case_id, author) for author in (CITIZEN, NOTE, STAFF, BOT, STAFF)]
        say(db, case_id, STAFF, text=None)
        say(db, a_case(db).id, STAFF)
        found = case_messages.list_of_authors(db, case_id, authors=(STAFF, CITIZEN), limit=9)
        assert found == [rows[0], rows[2], rows[4]]
        assert case_messages.list_of_authors(db, case_id, authors=(STAFF, CITIZEN), limit=1) == rows[:1]
