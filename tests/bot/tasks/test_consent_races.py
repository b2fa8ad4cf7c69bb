"""People take back what they agreed to while it is under way: what they said last holds, and nobody else loses
anything by it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.messages import Receipt, Rendered
from bot.notices import ledger, sending
from bot.outreach import audience, hear_back, preferences
from bot.storage import consents, locks, people
from bot.storage import preferences as preferences_table
from bot.storage.engine import Database
from bot.storage.notice_recipients import RecipientRow
from bot.storage.people import PersonRow
from bot.storage.questions import QuestionRow
from bot.tasks.running import run_next
from bot.vault import Vault
from tests.bot.notices.making import Board, address
from tests.bot.outreach.test_hear_back import answered
from tests.bot.outreach.test_hear_back import states as states_in
from tests.bot.tasks.notice_boards import board
from tests.builders import NOON, SOMCHAI

__all__ = ["board"]
HASH = "0" * 64
ON_POSTGRES = pytest.mark.parametrize(
    "database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


def at_once(database: Database, acts: Sequence[Callable[[Session], object]]) -> None:
    """Each in a transaction of its own, all at the same moment. Raises what one of them raises."""
    together = threading.Barrier(len(acts), timeout=20)

    def do(act: Callable[[Session], object]) -> None:
        together.wait()
        with database.transaction() as db:
            act(db)

    with ThreadPoolExecutor(len(acts)) as pool:
        for begun in [pool.submit(do, act) for act in acts]:
            begun.result(timeout=30)


def somebody(database: Database) -> int:
    with database.transaction() as db:
        return audience.meet(db, line_user_id=SOMCHAI, now=NOON).id


# รับข่าว and ไม่รับข่าว


def yes(person_id: int) -> Callable[[Session], object]:
    return lambda db: preferences.agree(
        db, person_id=person_id, wording_hash=HASH, way="button", now=NOON, sensitive=(), programme="forum"
    )


def no(person_id: int) -> Callable[[Session], object]:
    return lambda db: preferences.withdraw(db, person_id=person_id, now=NOON)


def contradictions(database: Database, person_id: int) -> list[str]:
    """After a yes to everything, some yeses to one programme and at least one no, in whatever order."""
    with database.reading() as db:
        wishes = preferences.state_of(db, person_id)
        in_force = [row.purpose for row in consents.list_of_person(db, person_id) if row.withdrawn_at is None]
    expected = (False, ("forum",)) if wishes.wants else (True, ())
    found = ["consents"] if in_force != ([preferences.PURPOSE] if wishes.wants else []) else []
    return found + (["choices"] if (wishes.everything, wishes.programmes) != expected else [])


def agreed_to_everything(database: Database) -> int:
    person_id = somebody(database)
    with database.transaction() as db:
        preferences.agree(db, person_id=person_id, wording_hash=HASH, way="button", now=NOON, sensitive=())
    return person_id


def test_whatever_the_order_of_ten_yeses_and_ten_noes_the_proof_says_what_the_wish_says(database: Database) -> None:
    person_id = agreed_to_everything(database)
    for _ in range(3):
        at_once(database, 10 * [yes(person_id), no(person_id)])
        assert contradictions(database, person_id) == []


@ON_POSTGRES
def test_without_the_lock_a_yes_believes_in_what_a_no_has_taken_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof above means something: five have looked, and then somebody says no, before any of them writes."""
    real, looked, over = preferences_table.note_asked, threading.Barrier(6, timeout=20), threading.Event()

    def slow(db: Session, person_id: int, **more: Any) -> bool:
        if threading.current_thread() is not threading.main_thread():
            looked.wait()
            over.wait(20)
        return real(db, person_id, **more)

    person_id = agreed_to_everything(database)
    monkeypatch.setattr(preferences_table, "note_asked", slow)
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    with ThreadPoolExecutor(1) as pool:
        yeses = pool.submit(at_once, database, 5 * [yes(person_id)])
        looked.wait()
        with database.transaction() as db:
            preferences.withdraw(db, person_id=person_id, now=NOON)
        over.set()
        yeses.result(timeout=30)
    assert contradictions(database, person_id) == ["choices"]


# A notice


class Watched:
    """When each person's request began to be made, and when those who take their yes back had done so."""

    def __init__(self, board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
        self.board, self.began, self.left_at = board, dict[str, float](), dict[str, float]()
        self.free = threading.Semaphore(0)
        take, write, multicast = sending.take, ledger.write_batch, type(board.line).multicast

        def watched_take(*given: Any, **more: Any) -> Any:
            at = time.monotonic()
            request = take(*given, **more)
            if isinstance(request, sending.Request):
                for one in request.recipients:
                    self.began.setdefault(one, at)
            return request

        def watched_write(*given: Any, **more: Any) -> bool:
            self.free.release()
            return write(*given, **more)

        def slow_multicast(line: Any, recipients: Any, messages: Rendered, **more: Any) -> Receipt:
            self.free.release()
            time.sleep(0.01)
            return multicast(line, recipients, messages, **more)

        monkeypatch.setattr(sending, "take", watched_take)
        monkeypatch.setattr(ledger, "write_batch", watched_write)
        monkeypatch.setattr(type(board.line), "multicast", slow_multicast)

    def withdraw(self, people_by_address: dict[str, int]) -> None:
        """One with each part of the ledger that is being written, and with each request under way."""
        for user_id, person_id in people_by_address.items():
            self.free.acquire(timeout=5)
            with self.board.office.database.transaction() as db:
                preferences.withdraw(db, person_id=person_id, now=self.board.now)
            self.left_at[user_id] = time.monotonic()

    def send(self) -> None:
        """As workers do, until nothing is due for a while."""
        idle = 0
        while idle < 30:
            idle = 0 if run_next(self.board.office.tools) else idle + 1
            time.sleep(0.005 if idle else 0)


def test_who_takes_the_yes_back_before_their_first_try_gets_nothing_and_nobody_else_is_missed(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "A_BATCH", 8)
    ids = board.people(40)
    by_address = {address(number): person_id for number, person_id in enumerate(ids, start=1)}
    leaving = dict(list(by_address.items())[::-3])
    watched = Watched(board, monkeypatch)
    notice_id = board.approve()
    board.look()
    with ThreadPoolExecutor(4) as pool:
        begun = [pool.submit(watched.withdraw, leaving), *(pool.submit(watched.send) for _ in range(3))]
        for one in begun:
            one.result(timeout=60)
    board.finish()

    delivered = Counter(board.line.delivered)
    assert set(delivered.values()) == {1}
    assert set(by_address) - set(leaving) <= set(delivered)
    assert [one for one in delivered if one in leaving and watched.left_at[one] < watched.began[one]] == []
    assert len(set(leaving) - set(delivered)) >= 3, "some were in time"
    assert (board.state(notice_id)[0], sum(board.progress(notice_id).left_out.values())) == (
        "finished", len(set(by_address) & set(notice_of(board, notice_id)) - set(delivered)),
    )  # fmt: skip


def notice_of(board: Board, notice_id: int) -> list[str]:
    """Who is in its ledger."""
    with board.office.database.reading() as db:
        statement = select(PersonRow.line_user_id).join(RecipientRow, RecipientRow.person_id == PersonRow.id)
        return list(db.scalars(statement.where(RecipientRow.notice_id == notice_id)))


def test_of_telling_and_taking_back_at_once_one_comes_first(database: Database, vault: Vault) -> None:
    for _ in range(3):
        with database.transaction() as db:
            db.execute(delete(QuestionRow))
            person_id = answered(db, vault)
            (news,) = hear_back.list_news(db, person_id=person_id, limit=9)
        told: list[bool] = []
        back: list[int] = []
        tell = [lambda db: told.append(hear_back.mark_told(db, news, told_in=7, now=NOON))]  # noqa: B023
        take = [lambda db: back.append(hear_back.withdraw(db, person_id=person_id, now=NOON))]  # noqa: B023
        at_once(database, 5 * [*tell, *take])
        assert sum(told) + sum(back) == 1
        with database.reading() as db:
            assert states_in(db) == ["told" if any(told) else "withdrawn"]


# Language and form of address


def test_of_many_changes_at_once_the_last_one_counts(database: Database, vault: Vault) -> None:
    person_id = somebody(database)
    order: list[tuple[str, str]] = []

    def language(value: str) -> Callable[[Session], object]:
        def change(db: Session) -> None:
            audience.set_language(db, person_id=person_id, language=value)
            order.append(("language", value))  # it holds the row now, until its end

        return change

    def called(value: str) -> Callable[[Session], object]:
        def change(db: Session) -> None:
            audience.set_called(db, vault, person_id=person_id, words=value)
            order.append(("called", value))

        return change

    at_once(
        database, [*(5 * [language("th"), language("en")]), *(called(f"ป้าคำ{'ก' * number}") for number in range(10))]
    )
    last = dict(order)
    with database.reading() as db:
        row = people.get(db, person_id)
        assert (row.language, audience.called_of(db, vault, person_id)) == (last["language"], last["called"])
