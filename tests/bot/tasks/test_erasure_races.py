"""Somebody is erased at the very moment at which they, or staff, do something else: nothing of them is left, or
somebody new who has only what came after."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.cases import answering
from bot.cases.refusals import CaseRefused
from bot.events import registration
from bot.events.forms import Form
from bot.privacy import erasing
from bot.privacy.erasing import NobodyToErase
from bot.privacy.erasing_work import lanes_of
from bot.storage import erasing as erasing_table
from bot.storage import incoming, people, registrations, tombstones
from bot.storage.cases import CaseRow
from bot.storage.people import PersonRow
from bot.storage.tables import METADATA
from bot.tasks.running import run_next
from tests.bot.events.making import a_form, a_person, make_event, sign_up
from tests.bot.privacy.making import where
from tests.bot.privacy.test_erasing_under_way import go_on
from tests.bot.tasks.case_desk import CaseDesk
from tests.builders import SOMCHAI, a_press
from tests.office import Office, data_of, words_of

NAME = "นกขมิ้นเหลืองอ่อน"
PHONE = "+66897776655"
HELD_FOR = 0.15
"""Seconds in which somebody else has every chance to overtake whoever is held up."""
REFERENCES = [
    column
    for table in METADATA.sorted_tables
    for column in table.columns
    if any(key.column.table.name == "people" for key in column.foreign_keys)
]


class Act:
    """What is done at the same moment: `do` does it, and calls `hold` inside of its transaction."""

    def __init__(self, office: Office) -> None:
        self.office = office
        with office.database.transaction() as db:
            self.person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=office.now).id
        self.prepare()
        office.wait(seconds=2)

    def prepare(self) -> None:
        """What has to be there before."""

    def do(self, hold: Callable[[], None]) -> None:
        raise NotImplementedError


class Pressing(Act):
    """A turn of theirs, run by a worker; what its first run leaves undone is done by the next."""

    def do(self, hold: Callable[[], None]) -> None:
        real = incoming.settle

        def settle(*given: Any, **more: Any) -> None:
            real(*given, **more)
            hold()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(incoming, "settle", settle)
            run_next(self.office.tools)


class Agreeing(Pressing):
    def prepare(self) -> None:
        asked = self.office.say("รับข่าว")
        self.office.receive(a_press(data_of(asked, "รับทุกเรื่อง")))


class ErasingThemselves(Pressing):
    def prepare(self) -> None:
        asked = self.office.say("ลบข้อมูลของฉัน")
        self.office.receive(*(a_press(data_of(asked, "ลบเลย")) for _ in range(2)))


class Accepting(Pressing):
    """A seat that was offered to them."""

    def prepare(self) -> None:
        with self.office.database.transaction() as db:
            event = make_event(db, capacity=1)
            first = sign_up(db, self.office.vault, event, a_person(db, 7)).registration
            row = sign_up(db, self.office.vault, event, self.person_id, form=a_form(NAME)).registration
            registration.cancel(db, registration_id=first.id, by="staff", now=self.office.now)
            offered = registrations.find(db, row.id)
            assert offered is not None and offered.state == registrations.OFFERED
        about = {"r": str(row.id), "t": str(offered.turn)}
        self.office.receive(a_press(self.office.desk.buttons.encode("offer_yes", now=self.office.now, **about)))


class Registering(Act):
    def prepare(self) -> None:
        with self.office.database.transaction() as db:
            self.event = make_event(db)

    def do(self, hold: Callable[[], None]) -> None:
        form = Form(name=NAME, phone=PHONE)
        with self.office.database.transaction() as db:
            sign_up(db, self.office.vault, self.event, self.person_id, form=form, now=self.office.now)
            hold()


class BeingAnswered(Act):
    """By staff, in their case."""

    def prepare(self) -> None:
        self.desk = CaseDesk(self.office)

    def do(self, hold: Callable[[], None]) -> None:
        with self.office.database.transaction() as db:
            answering.answer(
                db, self.office.vault, self.desk.case_id, by=self.desk.staff_id, text=NAME,
                rules=self.office.tools.case_rules, now=self.office.now,
            )  # fmt: skip
            hold()


class Overtaken:
    """The second begins while the first, all but done, is held up in its transaction."""

    def __init__(
        self, first: Callable[[Callable[[], None]], None], second: Callable[[Callable[[], None]], None]
    ) -> None:
        self.refused: list[str] = []
        self._begun, self._second = threading.Event(), second
        self._other = threading.Thread(target=self._follow)
        self._other.start()
        first(self._hold)
        self._begun.set()
        self._other.join(timeout=30)
        assert not self._other.is_alive()

    def _hold(self) -> None:
        self._begun.set()
        self._other.join(timeout=HELD_FOR)

    def _follow(self) -> None:
        self._begun.wait(20)
        try:
            self._second(lambda: None)
        except (IntegrityError, CaseRefused, NobodyToErase) as refused:
            self.refused.append(type(refused).__name__)


def erasing_of(act: Act) -> Callable[[Callable[[], None]], None]:
    """By staff, on a written request."""

    def erase(hold: Callable[[], None]) -> None:
        with act.office.database.transaction() as db:
            erasing.erase(db, act.office.vault, person_id=act.person_id, way=erasing.STAFF, now=act.office.now)
            hold()

    return erase


def left_over(office: Office, person_id: int) -> dict[str, Any]:
    """Whatever names them, or was said or filled in by or to them; sealed or not, in any table."""
    marks = {"line_user_id": SOMCHAI, "name": NAME, "phone": PHONE}
    marks |= {f"lane{number}": lane for number, lane in enumerate(lanes_of(office.vault, SOMCHAI))}
    found: dict[str, Any] = where(office.database, office.vault, marks)
    return found | {name: number for name, number in held_of(office, person_id).items() if number}


def held_of(office: Office, person_id: int) -> dict[str, int]:
    """How many rows of each table refer to that person."""
    with office.database.reading() as db:
        return {
            f"{column.table.name}.{column.name}": db.scalar(
                select(func.count()).select_from(column.table).where(column == person_id)
            )
            or 0
            for column in REFERENCES
        }


def tombstones_of(office: Office) -> int:
    with office.database.reading() as db:
        return len(tombstones.list_page(db, after=0, limit=9))


def is_somebody_new(office: Office) -> bool:
    """Who writes afterwards has what they wrote, and nothing of before."""
    office.wait(minutes=1)
    since = office.now
    office.say("เมนู", message_id="99")
    with office.database.reading() as db:
        person = people.find(db, line_user_id=SOMCHAI)
    assert person is not None
    held = {name for name, number in held_of(office, person.id).items() if number}
    return person.first_seen_at >= since and held == {"dialogues.person_id", "outgoing.person_id"}


@pytest.mark.parametrize("erased_first", [True, False])
@pytest.mark.parametrize("kind", [Agreeing, Accepting, Registering, BeingAnswered, ErasingThemselves])
def test_nothing_is_left_whoever_comes_first(office: Office, kind: type[Act], *, erased_first: bool) -> None:
    act = kind(office)
    erase = erasing_of(act)
    overtaken = Overtaken(*((erase, act.do) if erased_first else (act.do, erase)))
    go_on(office)
    assert left_over(office, act.person_id) == {}
    assert (tombstones_of(office), is_somebody_new(office)) == (1, True)
    if kind is BeingAnswered and erased_first:
        assert overtaken.refused == ["NobodyToTell"] or overtaken.refused == ["CaseClosed"]


def test_pressed_twice_at_once_it_is_one_erasure(office: Office) -> None:
    act = ErasingThemselves(office)
    Overtaken(act.do, act.do)
    go_on(office)
    replies = [words_of(messages) for way, _, messages in office.line.sent if way == "reply"]
    assert (left_over(office, act.person_id), tombstones_of(office), len(replies)) == ({}, 1, 2)
    assert is_somebody_new(office)


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize(
    ("kind", "guard", "left"),
    [
        (Registering, "lock_person", {"name", "phone"}),
        (BeingAnswered, "list_cases", {"name"}),
    ],
)
def test_without_the_lock_something_is_left(
    office: Office, monkeypatch: pytest.MonkeyPatch, kind: type[Act], guard: str, left: set[str]
) -> None:
    """The proof above means something."""
    unlocked: dict[str, Callable[[Session, int], Any]] = {
        "lock_person": lambda db, one: db.get(PersonRow, one),
        "list_cases": lambda db, one: list(db.scalars(select(CaseRow.id).where(CaseRow.person_id == one))),
    }
    act = kind(office)
    monkeypatch.setattr(erasing_table, guard, unlocked[guard])
    Overtaken(act.do, erasing_of(act))
    assert set(left_over(office, act.person_id)) & left == left
