"""Somebody with words of their own in every field lives through everything, and is erased. Then nothing is left: not in
any column, sealed or not, not in the bytes of the files, nor in the log."""

from __future__ import annotations

import pytest

from bot.privacy import erasing
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import tombstones
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.privacy.holding import PHONE, use_everything
from tests.bot.privacy.making import CANARIES, USER, live_through_everything, marks_of, raw_files, where
from tests.builders import NOON
from tests.office import Office

BEFORE = {
    "question": {"questions.text", "questions.words"},
    "message": {"questions.message_id", "joined_messages.lead_id", "cases.message_id", "event_feedback.message_id"},
    "joined": {"joined_messages.message_id", "withdrawn.message_id"},
    "name": {"registrations.name"},
    "phone": {"registrations.phone"},
    "companion": {"registrations.details"},
    "answer": {"registrations.details"},
    "school": {"registrations.details"},
    "note": {"registrations.notes"},
    "district": {"registrations.district"},
    "word": {"event_feedback.word"},
    "called": {"people.called"},
    "interest": {"interests.value"},
    "wish": {"preferences.district"},
    "picture": {"case_pictures.body", "case_pictures.message_id"},
    "form": {"cases.form"},
    "detail": {"cases.detail"},
    "caseMessage": {"case_messages.text"},
    "memory": {"dialogues.memory"},
    "told": {"incoming.payload", "outgoing.messages"},
    "token": {"cases.reply_token", "outgoing.reply_token"},
    "waiting": {"incoming.payload"},
    "push": {"incoming.payload"},
    "odd": {"quarantine.body"},
    "body": {"notice_chunks.body"},
}
"""Where each may be found while the person is there."""
BEFORE_MARKS = {
    "line_user_id": {"people.line_user_id", "incoming.payload", "quarantine.body"},
    "lane0": {"incoming.lane", "jobs.lane"},
}
STAYS = {"event_id", "login", "staff_name", "notice", "trial"}
"""Of what is shown: the id by which LINE's repetition of an event is recognised; the account of the staff, without its
link; and the titles of notices, which are nobody's."""
CLEAR = ("question", "message", "word", "detail", "district", "joined", "interest")
"""Those that are not sealed: masked words, and ids."""


def finish(office: Office) -> None:
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.ERASE_FINISH, now=office.now, subject_ids=[(None, "erase_finish")])
    office.work()


@pytest.fixture
def person_id(office: Office) -> int:
    with office.database.transaction() as db:
        return live_through_everything(db, office.vault)


def erase(database: Database, vault: Vault, person_id: int) -> erasing.Receipt:
    with database.transaction() as db:
        return erasing.erase(db, vault, person_id=person_id, way=erasing.LINE, now=NOON)


def test_before_an_erasure_they_are_where_they_are_expected_and_nowhere_else(office: Office, person_id: int) -> None:
    assert person_id
    found = where(office.database, office.vault, CANARIES | marks_of(office.vault))
    assert found == BEFORE | BEFORE_MARKS
    assert set(BEFORE) == set(CANARIES)


def test_after_an_erasure_nothing_is_left_anywhere(
    office: Office, person_id: int, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = erase(office.database, office.vault, person_id)
    assert where(office.database, office.vault, CANARIES | marks_of(office.vault)) == {}
    finish(office)
    assert where(office.database, office.vault, CANARIES | marks_of(office.vault)) == {}
    said = "".join(capsys.readouterr()) + str(receipt)
    everything = [*CANARIES.values(), *marks_of(office.vault).values()]
    assert [one for one in everything if one in said] == []
    with office.database.reading() as db:
        row = tombstones.find(db, receipt.number)
    assert row is not None and row.finished_at is not None


def test_nothing_is_left_of_whatever_is_shown_to_somebody_as_held(office: Office) -> None:
    """Another person, made for what is shown and given: all that was found there is gone too."""
    with office.database.transaction() as db:
        someone = use_everything(db, office.vault)
    mine = someone.canaries | {"phone": PHONE}
    assert set(where(office.database, office.vault, mine)) == set(mine)
    erase(office.database, office.vault, someone.person_id)
    assert set(where(office.database, office.vault, mine)) == STAYS


def test_the_bytes_of_the_files_hold_nothing_of_them(sqlite_database: Database, vault: Vault) -> None:
    office = Office(sqlite_database, vault)
    with sqlite_database.transaction() as db:
        person_id = live_through_everything(db, vault)
    clear = {
        name: CANARIES[name] for name in ("question", "message", "word", "detail", "district", "joined", "interest")
    }
    searched = {**clear, **marks_of(vault)}
    readable = {name for name, text in searched.items() if text.encode() in raw_files(sqlite_database)}
    assert readable == {*clear, "line_user_id", "lane0"}
    erase(sqlite_database, vault, person_id)
    finish(office)
    bytes_left = raw_files(sqlite_database)
    assert {name for name, text in (CANARIES | searched).items() if text.encode() in bytes_left} == set()


def test_they_come_back_as_somebody_new(office: Office, person_id: int) -> None:
    erase(office.database, office.vault, person_id)
    office.wait(minutes=1)
    assert office.say("สวัสดีค่ะ", user_id=USER) != []
    with office.database.reading() as db:
        assert tombstones.find_latest(db, tombstones.key_of(tombstones.get_key(db, office.vault), USER)) == NOON
