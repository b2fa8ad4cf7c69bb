"""The way out under every notice: one tap, at once, for everybody and at any time."""

from __future__ import annotations

from typing import Any

import pytest

from bot.outreach import preferences
from bot.outreach.preferences import Wishes
from bot.storage.engine import Database
from bot.vault import Vault
from tests.builders import MALEE, SOMCHAI, a_press, in_group
from tests.handlers.registered import Door
from tests.handlers.wishes import ALL, NO, consents_of, said, wishes_of
from tests.office import Office, labels, shipped, words_of

SOME, UNDO, ON = (said(f"button.prefer_{name}") for name in ("only_some", "undo", "on"))


@pytest.fixture
def door(sqlite_database: Database, vault: Vault) -> Door:
    return agreed(Door(Office(sqlite_database, vault)))


@pytest.fixture
def either(office: Office) -> Door:
    return agreed(Door(office))


def agreed(door: Door) -> Door:
    """Somchai hears of the forums in his district."""
    person_id = door.person()
    with door.office.database.transaction() as db:
        preferences.agree(
            db, person_id=person_id, wording_hash="0" * 64, way="button", now=door.office.now, programme="forum",
            sensitive=frozenset(),
        )  # fmt: skip
        preferences.set_district(db, person_id=person_id, district="mae_sai")
    return door


def leave(door: Door, *, by: str = SOMCHAI, number: object = 7) -> list[dict[str, Any]]:
    return door.press("notice_off", by=by, n=number)


def test_one_tap_ends_it_at_once_and_leaves_nothing(either: Door) -> None:
    heard = leave(either)
    assert words_of(heard) == said("preferences.withdrawn")
    assert labels(heard)[:2] == [SOME, UNDO]
    assert wishes_of(either.office) == Wishes(asked_at=wishes_of(either.office).asked_at)
    assert consents_of(either.office) == []


def test_a_second_tap_is_answered_kindly(door: Door) -> None:
    leave(door)
    heard = leave(door)
    assert (words_of(heard), labels(heard)[:1]) == (said("preferences.off_already"), [ON])


def test_who_never_agreed_is_answered_and_not_asked_any_more(door: Door) -> None:
    door.person(MALEE)
    assert words_of(leave(door, by=MALEE)) == said("preferences.off_already")
    assert (wishes_of(door.office).wants, wishes_of(door.office, MALEE).wants) == (True, False)
    assert wishes_of(door.office, MALEE).asked_at is not None


@pytest.mark.parametrize("number", ["", "x", "99999999999999999999"])
def test_whichever_notice_it_stood_under(door: Door, number: str) -> None:
    assert words_of(leave(door, number=number)) == said("preferences.withdrawn")


def test_it_works_years_later(door: Door) -> None:
    data = door.office.desk.buttons.encode("notice_off", now=door.office.now, n="7")
    door.office.wait(days=2000)
    assert words_of(door.hear(a_press(data))) == said("preferences.withdrawn")


def test_a_dialogue_that_waits_goes_on(door: Door) -> None:
    door.press("staff")
    heard = words_of(leave(door))
    assert heard.startswith(said("preferences.withdrawn"))
    assert heard.endswith(said("leave.waiting"))
    assert not wishes_of(door.office).wants


def test_a_change_of_mind_needs_a_yes_to_the_words(door: Door) -> None:
    asked = door.tap(leave(door), UNDO)
    assert (said("preferences.ask", most="4") in words_of(asked), wishes_of(door.office).wants) == (True, False)
    door.tap(asked, ALL)
    assert wishes_of(door.office).wants


def test_some_topics_instead_are_a_yes_to_those(door: Door) -> None:
    asked = door.tap(leave(door), SOME)
    media = shipped().pack.programmes[3].name["th"]
    assert {media, NO} <= set(labels(asked))
    door.tap(asked, media)
    wishes = wishes_of(door.office)
    assert (wishes.wants, wishes.everything, wishes.programmes) == (True, False, ("media",))


def test_in_a_group_nobody_s_wishes_are_touched(door: Door) -> None:
    """What is pressed there everybody could read the answer to."""
    data = door.office.desk.buttons.encode("notice_off", now=door.office.now, n="7")
    assert door.hear(in_group("postback", postback={"data": data})) == []
    assert wishes_of(door.office).wants
