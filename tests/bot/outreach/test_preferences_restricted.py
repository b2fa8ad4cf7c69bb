"""People whose data may only be kept, and reminders that somebody objects to: on both databases."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.events import booking
from bot.notices import audience as groups
from bot.outreach import audience, preferences
from bot.outreach.preferences import Wishes
from bot.storage import people
from bot.storage.engine import Database
from bot.storage.people import PersonRow
from bot.vault import Vault
from tests.bot.notices.making import DAY, RULES, a_board, address, make_people
from tests.builders import NOON


def restrict(db: Session, person_id: int, *, lifted: bool = False) -> None:
    values = {"restricted_at": None if lifted else NOON}
    db.execute(update(PersonRow).where(PersonRow.id == person_id).values(**values))


def test_their_yes_to_notices_is_kept_and_nobody_counts_on_it(database: Database) -> None:
    with database.transaction() as db:
        _, kept = make_people(db, 1, 2)
        restrict(db, kept)
    with database.reading() as db:
        reach = groups.count(db, groups.everyone(), event_id=None, rules=RULES, now=NOON)
        assert (reach.reached, reach.left_out) == (1, {"paused": 1})
        assert preferences.state_of(db, kept).wants


def test_they_are_in_no_ledger(database: Database, vault: Vault) -> None:
    board = a_board(database, vault)
    _, kept = board.people(2)
    with database.transaction() as db:
        restrict(db, kept)
    board.begin()
    board.finish()
    assert board.line.delivered == [address(1)]


def test_whoever_asks_for_it_between_the_ledger_and_the_request_is_not_sent_it(
    database: Database, vault: Vault
) -> None:
    board = a_board(database, vault)
    _, kept = board.people(2)
    notice_id = board.begin()
    with database.transaction() as db:
        restrict(db, kept)
    board.finish()
    assert board.line.delivered == [address(1)]
    assert board.progress(notice_id).left_out == {"paused": 1}


def test_nothing_rides_along_with_what_they_are_answered(database: Database, vault: Vault) -> None:
    board = a_board(database, vault)
    kept, _ = board.people(2)
    board.begin(rides_until=NOON + DAY)
    with database.transaction() as db:
        restrict(db, kept)
    said = [str(board.office.say("เมนู", user_id=address(number))) for number in (1, 2)]
    assert ["เสาร์นี้มีเวที" in words for words in said] == [False, True]


def test_reminders_are_wanted_until_somebody_objects(database: Database) -> None:
    with database.transaction() as db:
        (person_id,) = make_people(db, 1, agreed=False)
        wanted = [booking.is_wanted(db, kind, person_id=person_id) for kind in ("reminder/120", "feedback", "changed")]
        assert (preferences.state_of(db, person_id), wanted) == (Wishes(), [True, True, True])
        for _ in range(2):
            assert not preferences.set_reminders(db, person_id=person_id, wanted=False).reminders
        wanted = [booking.is_wanted(db, kind, person_id=person_id) for kind in ("reminder/120", "feedback", "changed")]
        assert wanted == [False, True, True]
        assert preferences.set_reminders(db, person_id=person_id, wanted=True) == Wishes()


def test_of_whoever_may_only_be_kept_what_concerns_their_place_is_told(database: Database) -> None:
    with database.transaction() as db:
        (person_id,) = make_people(db, 1, agreed=False)
        restrict(db, person_id)
        kinds = ("reminder/1440", "feedback", "offer", "called_off")
        wanted = [booking.is_wanted(db, kind, person_id=person_id) for kind in kinds]
        assert wanted == [False, False, True, True]
        restrict(db, person_id, lifted=True)
        db.expire_all()
        assert booking.is_wanted(db, "reminder/1440", person_id=person_id)


def test_objecting_to_reminders_leaves_the_notices_as_they_are_and_the_other_way_round(database: Database) -> None:
    with database.transaction() as db:
        (person_id,) = make_people(db, 1)
        preferences.set_reminders(db, person_id=person_id, wanted=False)
        assert preferences.state_of(db, person_id).wants
        preferences.withdraw(db, person_id=person_id, now=NOON)
        wishes = preferences.state_of(db, person_id)
        assert (wishes.wants, wishes.reminders) == (False, False)


def test_a_form_of_address_goes_as_it_came(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (person_id,) = make_people(db, 1, agreed=False)
        assert audience.set_called(db, vault, person_id=person_id, words=" ป้า  คำ ") == "ป้า คำ"
        assert audience.called_of(db, vault, person_id) == "ป้า คำ"
        assert [audience.forget_called(db, person_id=person_id) for _ in range(2)] == [True, False]
        assert (audience.called_of(db, vault, person_id), people.get(db, person_id).called) == ("", None)
