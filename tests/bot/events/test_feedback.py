from __future__ import annotations

from datetime import timedelta

import pytest

from bot.events import check_in, feedback, refusals
from bot.storage import event_feedback
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up

AFTER = IN_A_WEEK + timedelta(hours=4)


def test_stars_are_kept_once_and_said_again_replaced(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, somchai = make_event(db), a_person(db, 1)
        row = sign_up(db, vault, event, somchai).registration
        given = {"registration_id": row.id, "person_id": somchai, "now": AFTER}
        for stars in (2, 5):
            feedback.give_stars(db, **given, stars=stars)
        assert event_feedback.count_by_stars(db, event.id) == {5: 1}


def test_a_word_is_masked_and_stays_when_stars_change(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event, somchai = make_event(db), a_person(db, 1)
        row = sign_up(db, vault, event, somchai).registration
        given = {"registration_id": row.id, "person_id": somchai, "now": AFTER}
        feedback.give_stars(db, **given, stars=3)
        feedback.add_word(db, **given, word="  โทร 081-234-5678 นะคะ ", message_id="m1")
        feedback.give_stars(db, **given, stars=4)
        assert event_feedback.list_words(db, event.id, limit=9) == [(4, "โทร <เบอร์โทร> นะคะ")]


def test_a_word_that_is_taken_back_goes_and_its_stars_stay(database: Database, vault: Vault) -> None:
    """The word that took the place of another has the message of its own."""
    with database.transaction() as db:
        event, somchai = make_event(db), a_person(db, 1)
        given = {"registration_id": sign_up(db, vault, event, somchai).registration.id, "person_id": somchai}
        feedback.give_stars(db, **given, stars=3, now=AFTER)
        for word, message_id in (("แย่", "m1"), ("ดี", "m2")):
            feedback.add_word(db, **given, word=word, message_id=message_id, now=AFTER)
        feedback.give_stars(db, **given, stars=4, now=AFTER)
        assert event_feedback.take_word_back(db, message_id="m1") == 0
        assert event_feedback.list_words(db, event.id, limit=9) == [(4, "ดี")]
        assert event_feedback.take_word_back(db, message_id="m2") == 1
        assert event_feedback.list_words(db, event.id, limit=9) == []
        assert event_feedback.count_by_stars(db, event.id) == {4: 1}


def test_a_word_without_stars_is_refused(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        somchai = a_person(db, 1)
        row = sign_up(db, vault, make_event(db), somchai).registration
        with pytest.raises(refusals.NoSuchRegistration):
            feedback.add_word(db, registration_id=row.id, person_id=somchai, word="ดี", message_id=None, now=AFTER)


@pytest.mark.parametrize(
    ("case", "refused"),
    [
        ("else", refusals.NoSuchRegistration), ("stars", refusals.NoSuchRegistration), ("early", feedback.NotOverYet),
        ("waits", refusals.NotInThatState),
    ],
)  # fmt: skip
def test_stars_are_refused(database: Database, vault: Vault, case: str, refused: type[refusals.Refused]) -> None:
    with database.transaction() as db:
        event, somchai, malee = make_event(db, capacity=0 if case == "waits" else 9), a_person(db, 1), a_person(db, 2)
        row = sign_up(db, vault, event, somchai).registration
        with pytest.raises(refused):
            feedback.give_stars(
                db, registration_id=row.id, person_id=malee if case == "else" else somchai,
                stars=6 if case == "stars" else 3, now=IN_A_WEEK if case == "early" else AFTER,
            )  # fmt: skip


def test_those_who_came_are_asked_or_all_where_nobody_was_checked_in(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        here, away = (sign_up(db, vault, event, a_person(db, number)).registration for number in (1, 2))
        assert [feedback.is_asked(db, event, row, now=AFTER) for row in (here, away)] == [True, True]
        check_in.check_in(
            db, registration_id=here.id, at=IN_A_WEEK, way="scan", staff_id=None, key="k", now=IN_A_WEEK
        )  # fmt: skip
        assert [feedback.is_asked(db, event, row, now=AFTER) for row in (here, away)] == [True, False]
        check_in.undo(db, registration_id=here.id, key="k2", now=IN_A_WEEK)
        assert [feedback.is_asked(db, event, row, now=AFTER) for row in (here, away)] == [True, True]
