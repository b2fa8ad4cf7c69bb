"""Somebody is erased while something of theirs is on its way: LINE is not asked for anything of it any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from bot.conversation import delivery
from bot.conversation.delivery import Attempt
from bot.messages import DeliveryFailed, Failure, Receipt, RememberingMessenger, Rendered
from bot.notices import sending
from bot.privacy import erasing
from bot.queue import jobs
from bot.queue.jobs import LEASE
from bot.queue.kinds import BACKGROUND, SERVICE, JobKind
from bot.storage import cases, incoming, notice_chunks, notices, people, tombstones
from bot.storage.base import Base
from bot.storage.dialogues import DialogueRow
from bot.storage.engine import Database
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import JobRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.people import PersonRow
from bot.tasks import delivering, notice_sending
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, make_event, sign_up
from tests.bot.notices.making import MINUTE, PERSONAL, Board, a_board, address
from tests.bot.tasks.case_desk import CaseDesk
from tests.bot.tasks.test_turn import die, killed
from tests.builders import SOMCHAI, a_text, an_event
from tests.handlers.test_hear_back import agree, publish
from tests.office import Office, answers, words_of

DAY_BEFORE = IN_A_WEEK - timedelta(days=1)
ASK = "ศูนย์เปิดกี่โมงคะ"


def erase(office: Office, user_id: str = SOMCHAI) -> None:
    with office.database.transaction() as db:
        person = people.find(db, line_user_id=user_id)
        assert person is not None
        erasing.erase(db, office.vault, person_id=person.id, way=erasing.STAFF, now=office.now)


def go_on(office: Office) -> list[str]:
    """All that happens by itself for a while; what LINE is asked for meanwhile."""
    before = len(office.line.sent)
    for minutes in (2, 60):
        office.wait(minutes=minutes)
        with office.database.transaction() as db:
            for kind in (JobKind.SERVICE_DUE, JobKind.WAITING_LISTS, JobKind.HEAR_BACK, JobKind.CASES_DUE):
                jobs.enqueue(db, kind, now=office.now, subject_ids=[(None, kind)], priority=BACKGROUND)
        office.work()
    return [way for way, _, _ in office.line.sent[before:]]


def count(office: Office, table: type[Base]) -> int:
    with office.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def ask(office: Office) -> None:
    office.matcher.told[ASK] = answers("center.hours")
    with office.database.transaction() as db:
        people.find_or_create(db, line_user_id=SOMCHAI, now=office.now)
    office.receive(a_text(ASK))


def remind(office: Office) -> None:
    with office.database.transaction() as db:
        person = people.find_or_create(db, line_user_id=SOMCHAI, now=office.now)
        sign_up(db, office.vault, make_event(db), person.id)
    office.now = DAY_BEFORE
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.SERVICE_DUE, now=office.now, subject_ids=[(None, None)], priority=SERVICE)


def tell_an_answer(office: Office) -> None:
    office.matcher.told["ศูนย์คืออะไร"] = answers("center.what")
    agree(office)
    publish(office)
    office.wait(days=2)
    with office.database.transaction() as db:
        jobs.enqueue(db, JobKind.HEAR_BACK, now=office.now, subject_ids=[(None, None)])


def answer_a_case(office: Office) -> None:
    CaseDesk(office).answer()


QUEUED = (ask, remind, tell_an_answer, answer_a_case)


@pytest.mark.parametrize("begin", QUEUED)
@pytest.mark.parametrize("where", ["waiting", "written down", "being asked"])
def test_nothing_goes_out_afterwards(
    sqlite_database: Database,
    vault: Vault,
    monkeypatch: pytest.MonkeyPatch,
    begin: Callable[[Office], None],
    where: str,
) -> None:
    office = Office(sqlite_database, vault)
    begin(office)
    office.wait(seconds=2)
    if where != "waiting":
        step = "take_step" if where == "written down" else "_account_for"
        with monkeypatch.context() as patch, killed():
            patch.setattr(delivery if where == "written down" else delivering, step, die)
            office.work()
    erase(office)
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert go_on(office) == []
    assert (count(office, OutgoingRow), count(office, JobRow), count(office, PersonRow)) == (0, 0, 0)


@dataclass
class Overtaken(RememberingMessenger):
    """While it is asked for a push something else happens, and then nobody knows whether LINE took it."""

    meanwhile: Callable[[], None] = lambda: None
    pushes: int = 0

    def push(self, recipient: str, messages: Rendered, *, retry_key: str, unit: str | None = None) -> Receipt:
        del recipient, messages, retry_key, unit
        self.pushes += 1
        self.meanwhile()
        raise DeliveryFailed(Failure.AMBIGUOUS, "HTTP 500", status=500)


@pytest.mark.parametrize("begin", QUEUED)
def test_erased_while_line_is_asked_it_ends_there(
    database: Database, vault: Vault, begin: Callable[[Office], None]
) -> None:
    """By somebody else: a person's own turns wait for one another."""
    line = Overtaken()
    office = Office(database, vault, line=line)
    begin(office)
    line.meanwhile = lambda: erase(office)
    office.wait(minutes=2)
    office.work()
    assert (line.pushes, count(office, PersonRow)) == (1, 0)
    office.wait(seconds=LEASE.total_seconds() + 1)
    assert (go_on(office), line.pushes) == ([], 1)
    with office.database.reading() as db:
        assert cases.list_cases(db, state="open", limit=9) == []


@pytest.mark.parametrize("begin", QUEUED)
def test_erased_right_before_line_would_be_asked_it_is_not(
    sqlite_database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch, begin: Callable[[Office], None]
) -> None:
    """Between the transaction that wrote the answer down and the request."""
    office = Office(sqlite_database, vault)
    begin(office)
    office.wait(minutes=2)
    before, looked = len(office.line.sent), []
    real = delivery.will_reply

    def will_reply(attempt: Attempt, now: datetime) -> bool:
        looked.append(now)
        if len(looked) == 2:
            erase(office)
        return real(attempt, now)

    monkeypatch.setattr(delivery, "will_reply", will_reply)
    office.work()
    assert (len(looked), len(office.line.sent) - before, count(office, JobRow)) == (2, 0, 0)


def a_notice(database: Database, vault: Vault, **changes: object) -> tuple[Board, int]:
    board = a_board(database, vault)
    board.people(3)
    return board, board.begin(**changes)


def take_part(board: Board, notice_id: int) -> None:
    board.finish()
    assert board.state(notice_id)[0] == "finished"


def test_an_untried_request_goes_on_without_them(database: Database, vault: Vault) -> None:
    board, notice_id = a_notice(database, vault)
    erase(board.office, address(2))
    take_part(board, notice_id)
    assert [people for _, people in board.line.asked] == [(address(1), address(3))]


def test_a_request_that_was_certainly_not_taken_goes_on_without_them(database: Database, vault: Vault) -> None:
    board, notice_id = a_notice(database, vault)
    board.line.told = {0: DeliveryFailed(Failure.RATE_LIMITED, "HTTP 429", status=429)}
    board.work()
    erase(board.office, address(2))
    take_part(board, notice_id)
    assert [people for _, people in board.line.asked[1:]] == [(address(1), address(3))]


def test_a_request_in_doubt_becomes_unknown_and_is_not_made_again(database: Database, vault: Vault) -> None:
    board, notice_id = a_notice(database, vault)
    board.line.told = {0: DeliveryFailed(Failure.AMBIGUOUS, "HTTP 500", status=500)}
    board.work()
    assert [chunk.doubtful for chunk in board.chunks(notice_id)] == [True]
    erase(board.office, address(2))
    assert [chunk.state for chunk in board.chunks(notice_id)] == [notice_chunks.UNKNOWN]
    take_part(board, notice_id)
    assert (len(board.line.asked), board.progress(notice_id).unknown) == (1, 3)


def test_whoever_died_over_a_request_leaves_it_unknown(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    board, notice_id = a_notice(database, vault)
    with monkeypatch.context() as patch, killed():
        patch.setattr(notice_sending, "_account_for", die)
        board.work()
    erase(board.office, address(2))
    board.office.now += 2 * MINUTE
    take_part(board, notice_id)
    assert (len(board.line.asked), board.progress(notice_id).unknown) == (1, 3)


def test_a_request_that_succeeds_meanwhile_has_succeeded(database: Database, vault: Vault) -> None:
    board, notice_id = a_notice(database, vault)
    with database.transaction() as db:
        request = sending.take(db, notice_id, rules=board.rules, now=board.now)
    assert isinstance(request, sending.Request)
    erase(board.office, address(2))
    with database.transaction() as db:
        sending.note_accepted(db, request, board.line.multicast(request.recipients, [], retry_key="k"), now=board.now)
    assert [chunk.state for chunk in board.chunks(notice_id)] == [notice_chunks.ACCEPTED]


@pytest.mark.parametrize(("doubtful", "state"), [(True, notice_chunks.UNKNOWN), (False, notice_chunks.EMPTY)])
def test_words_with_a_name_in_them_go_at_once(database: Database, vault: Vault, *, doubtful: bool, state: str) -> None:
    board, notice_id = a_notice(database, vault, content=PERSONAL)
    failure = Failure.AMBIGUOUS if doubtful else Failure.UNREACHABLE
    board.line.told = {number: DeliveryFailed(failure, "HTTP 500", status=500) for number in range(3)}
    board.work()
    with database.transaction() as db:
        notices.move(db, notice_id, states=(notices.SENDING,), to=notices.PAUSED, now=board.now, why="staff")
    erase(board.office, address(2))
    chunk = board.chunks(notice_id)[1]
    assert (chunk.state, chunk.body) == (state, None)
    assert [one.body is None for one in board.chunks(notice_id)] == [False, True, False]


@pytest.mark.parametrize("seen", [True, False])
def test_an_old_webhook_that_comes_again_brings_nothing_back(office: Office, *, seen: bool) -> None:
    """The first time by its id, that we keep for months; and once that is forgotten, by the tombstone."""
    office.matcher.told[ASK] = answers("center.hours")
    event = a_text(ASK)
    event["timestamp"] = int(office.now.timestamp() * 1000) - 5000
    office.hear(event)
    office.wait(minutes=1)
    erase(office)
    if not seen:
        with office.database.transaction() as db:
            db.execute(delete(IncomingRow))
    office.wait(days=100)
    before = len(office.line.sent)
    assert office.receive(event) == (0 if seen else 1)
    office.wait(seconds=2)
    office.work()
    assert (len(office.line.sent), count(office, PersonRow), count(office, DialogueRow)) == (before, 0, 0)
    with office.database.reading() as db:
        outcomes = list(db.scalars(select(IncomingRow.outcome).where(IncomingRow.kind == "message")))
        assert db.scalar(select(func.count()).where(IncomingRow.payload.is_not(None))) == 0
    assert (outcomes == ["erased"]) is not seen


def test_what_somebody_new_to_us_did_before_is_looked_at_too(office: Office) -> None:
    """They came back; then something of before the erasure comes."""
    office.say("สวัสดีค่ะ")
    office.wait(minutes=1)
    erase(office)
    early = a_text(ASK, message_id="9")
    early["timestamp"] = int(office.now.timestamp() * 1000) - 30_000
    office.wait(minutes=1)
    office.say("สวัสดีค่ะ", message_id="10")
    before = len(office.line.sent)
    office.receive(early)
    office.wait(seconds=2)
    office.work()
    assert len(office.line.sent) == before


@pytest.mark.parametrize("kind", ["unfollow", "unsend"])
def test_whoever_blocks_us_or_unsends_after_an_erasure_is_not_known_again(office: Office, kind: str) -> None:
    office.say("สวัสดีค่ะ")
    erase(office)
    office.wait(minutes=1)
    office.hear(an_event(kind, unsend={"messageId": "1"} if kind == "unsend" else None))
    assert count(office, PersonRow) == 0


def test_the_last_words_go_out_by_the_free_reply_and_nothing_is_kept(office: Office) -> None:
    asked = office.say("ลบข้อมูลของฉัน")
    told = office.press(asked, "ลบเลย")
    assert " 1" in words_of(told)
    assert office.line.sent[-1][0] == "reply"
    assert (count(office, PersonRow), count(office, DialogueRow), count(office, JobRow)) == (0, 0, 0)
    with office.database.reading() as db:
        assert db.scalar(select(func.count()).where(IncomingRow.lane.is_not(None))) == 0
        assert [(row.person_id, row.messages) for row in db.scalars(select(OutgoingRow))] == [(None, None)]
        assert len(tombstones.list_page(db, after=0, limit=9)) == 1


def test_the_last_words_are_never_pushed(office: Office) -> None:
    asked = office.say("ลบข้อมูลของฉัน")
    office.line.failures = [Failure.TOKEN_SPENT]
    office.press(asked, "ลบเลย")
    assert [way for way, _, _ in office.line.sent if way == "push"] == []
    assert go_on(office) == []
    with office.database.reading() as db:
        assert incoming.list_quarantined(db, limit=9) == []
        assert cases.list_cases(db, state="open", limit=9) == []
