from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.events import calling_off, certificates, check_in
from bot.events.certificates import Attended, NotEarned, Numbered, Why
from bot.events.forms import Form
from bot.events.name_parts import first_name, partly
from bot.storage import events, registrations
from bot.storage.engine import Database
from bot.storage.events import EventRow, EventSessionRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.builders import NOON

AFTER = IN_A_WEEK + timedelta(days=5)
VAULT = Vault(["a secret for tests, long enough to pass"])
ONE = Numbered(7, 4321, 2)
numbered = st.builds(
    Numbered, st.integers(0, 2**28 - 1), st.integers(0, 2**33 - 1), st.integers(0, certificates.MOST_NAMES - 1)
)


def a_place(db: Session, vault: Vault, *, parts: int = 0, party: int = 1, **changes: Any) -> tuple[Any, Any]:
    event = make_event(db, **{"gives_certificate": True, **changes})
    rows = [
        EventSessionRow(
            event_id=event.id, position=one, title="", starts_at=IN_A_WEEK + timedelta(days=one),
            ends_at=IN_A_WEEK + timedelta(days=one, hours=3),
        )
        for one in range(parts)
    ]  # fmt: skip
    events.replace_sessions(db, event.id, rows)
    return event, sign_up(db, vault, event, a_person(db, event.id), party=party).registration


def scan(db: Session, row: RegistrationRow, *, people: int, part: int | None = None) -> None:
    check_in.check_in(
        db, registration_id=row.id, people=people, at=IN_A_WEEK, way=check_in.SCAN, staff_id=None,
        key=secrets.token_hex(4), now=IN_A_WEEK, part=part,
    )  # fmt: skip


def attendance(db: Session, event: EventRow, row: RegistrationRow, now: datetime = AFTER) -> Attended | NotEarned:
    return certificates.attendance(db, event, row, now=now)


def test_certificate_is_earned_by_those_who_came_once_it_is_over(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, row = a_place(db, vault, party=3)
        scan(db, row, people=2)

        earned, early = attendance(db, event, row), attendance(db, event, row, event.ends_at - timedelta(seconds=1))

    assert earned == Attended(people=2, parts=1, of=1)
    assert early == NotEarned(Why.NOT_OVER)


def test_certificate_is_not_earned(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        without = a_place(db, vault, gives_certificate=False)
        called_off = a_place(db, vault)
        calling_off.call_off(db, event_id=called_off[0].id, why="", now=NOON)
        waiting = a_place(db, vault, capacity=0)
        absent = a_place(db, vault)
        undone = a_place(db, vault)
        scan(db, undone[1], people=1)
        check_in.undo(db, registration_id=undone[1].id, key="undo", now=IN_A_WEEK)
        called_off = (events.lock(db, called_off[0].id), registrations.find(db, called_off[1].id))

        found = [attendance(db, *one) for one in (without, called_off, waiting, absent, undone)]

    assert found == [
        NotEarned(Why.NOT_GIVEN), NotEarned(Why.CALLED_OFF), NotEarned(Why.NO_PLACE), NotEarned(Why.NOT_THERE, 0, 1),
        NotEarned(Why.NOT_THERE, 0, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ((), NotEarned(Why.NOT_THERE, 0, 3)),
        ((2,), NotEarned(Why.TOO_LITTLE, 1, 3)),
        ((2, 1), Attended(1, 2, 3, timedelta(hours=6))),
        ((1, 2, 2), Attended(2, 3, 3, timedelta(hours=9))),
    ],
)
def test_certificate_needs_half_of_the_parts(
    sqlite_database: Database, vault: Vault, came: tuple[int, ...], expected: Attended | NotEarned
) -> None:
    """So many people as came to that many of them."""
    with sqlite_database.transaction() as db:
        event, row = a_place(db, vault, parts=3, party=2)
        for people, part in zip(came, events.list_sessions(db, event.id), strict=False):
            scan(db, row, people=people, part=part.id)

        assert attendance(db, event, row) == expected


def test_certificate_after_the_only_part_was_taken_out(sqlite_database: Database, vault: Vault) -> None:
    with sqlite_database.transaction() as db:
        event, row = a_place(db, vault, parts=1)
        scan(db, row, people=1)
        events.replace_sessions(db, event.id, [])

        assert attendance(db, event, row) == Attended(people=1, parts=1, of=1)


@given(one=numbered)
def test_number_is_read_back_however_it_is_typed(one: Numbered) -> None:
    number = certificates.number_of(VAULT, one)

    typed = (number, number.lower(), number.replace("-", ""), number.replace("-", " "), number.replace("0", "o"))
    assert [certificates.read_number(VAULT, text) for text in typed] == [one] * 5
    assert [len(group) for group in number.split("-")] == [4, 4, 4, 4, 4]


@given(one=numbered, place=st.integers(0, 19), by=st.integers(1, 31))
def test_number_with_one_letter_changed_is_not_ours(one: Numbered, place: int, by: int) -> None:
    letters = list(certificates.number_of(VAULT, one).replace("-", ""))
    known = certificates.LETTERS
    letters[place] = known[(known.index(letters[place]) + by) % len(known)]

    assert certificates.read_number(VAULT, "".join(letters)) is None


@given(text=st.text(max_size=30))
def test_number_that_is_none(text: str) -> None:
    assert certificates.read_number(VAULT, text) is None


def test_number_of_another_instance_is_not_ours() -> None:
    number = certificates.number_of(Vault(["another secret, long enough to pass too"]), ONE)

    assert certificates.read_number(VAULT, number) is None


def test_number_of_before_a_change_of_keys_is_recognised_while_the_former_key_is_set() -> None:
    former, present = "the former secret, long enough to pass", "the secret in force, long enough to pass"
    number = certificates.number_of(Vault([former]), Numbered(7, 4321, 2))
    assert certificates.read_number(Vault([present, former]), number) == Numbered(7, 4321, 2)
    assert certificates.read_number(Vault([present]), number) is None


def test_number_hides_which_registration_it_is() -> None:
    first, second = (certificates.number_of(VAULT, Numbered(7, one, 0)) for one in (4321, 4322))

    assert sum(one == other for one, other in zip(first, second, strict=True) if one != "-") < 10


@pytest.mark.parametrize("one", [Numbered(2**28, 1, 0), Numbered(1, 2**33, 0), Numbered(1, 1, 2**7)])
def test_number_has_room_for_so_many(one: Numbered) -> None:
    with pytest.raises(OverflowError):
        certificates.number_of(VAULT, one)


def test_names_are_those_of_the_party_that_are_known() -> None:
    assert certificates.names_of(Form("สมชาย ใจดี", companions=("มาลี ใจดี", ""))) == ("สมชาย ใจดี", "มาลี ใจดี")


@pytest.mark.parametrize(
    ("name", "first", "part"),
    [
        ("สมชาย ใจดี", "สมชาย", "สมชาย ใ…"),
        ("นายสมชาย  ใจดี", "นายสมชาย", "นายสมชาย ใ…"),
        ("นาย สมชาย ใจดี", "นาย สมชาย", "นาย สมชาย ใ…"),
        ("Mr. John Smith", "Mr. John", "Mr. John S…"),
        ("ด.ญ. คำ", "ด.ญ. คำ", "ด.ญ. ค…"),
        ("สมชาย", "สมชาย", "สมช…"),
        ("", "", "…"),
    ],
)
def test_names_are_shown_in_part(name: str, first: str, part: str) -> None:
    assert (first_name(name), partly(name)) == (first, part)
