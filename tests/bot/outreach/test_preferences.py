"""What people want to hear: a yes with its proof, what was chosen, and a no that leaves nothing of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.outreach import audience, preferences
from bot.outreach.preferences import EXPLICIT_PURPOSE, PURPOSE, NotAgreed, Wishes
from bot.storage import consents, locks
from bot.storage import preferences as table
from bot.storage.consents import ConsentRow
from bot.storage.engine import Database
from bot.storage.preferences import PROGRAMME, TOPIC
from tests.builders import MALEE, NOON, SOMCHAI

HASH, OTHER_HASH = "a" * 64, "b" * 64
SENSITIVE = frozenset({"ethnic"})
LATER = NOON + timedelta(days=3)
ON = Wishes(wants=True, asked_at=NOON)


def a_person(db: Session, user_id: str = SOMCHAI) -> int:
    return audience.meet(db, line_user_id=user_id, now=NOON).id


def agree(db: Session, person_id: int, **more: Any) -> Wishes:
    given = {"wording_hash": HASH, "way": preferences.BUTTON, "now": NOON, "sensitive": SENSITIVE}
    return preferences.agree(db, person_id=person_id, **{**given, **more})


def choose(db: Session, person_id: int, *programmes: str, **more: Any) -> Wishes | NotAgreed:
    given = {"programmes": programmes, "now": NOON, "sensitive": SENSITIVE}
    return preferences.set_programmes(db, person_id=person_id, **{**given, **more})


def kept(db: Session, person_id: int, purpose: str = PURPOSE) -> list[tuple[str, bool]]:
    """The words agreed to, and whether the yes is in force."""
    db.expire_all()
    found = consents.list_of_person(db, person_id)
    return [(row.wording_hash, row.withdrawn_at is None) for row in found if row.purpose == purpose]


def propose(db: Session, person_id: int) -> None:
    """As a file does."""
    table.save(db, person_id, imported=True, everything=False, district="phan")
    table.add_interest(db, person_id, kind=PROGRAMME, value="school")


def test_nobody_wants_anything_without_a_yes(database: Database) -> None:
    with database.transaction() as db:
        assert preferences.state_of(db, a_person(db)) == Wishes()


def test_a_yes_is_to_everything_and_its_proof_is_kept(database: Database) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        assert agree(db, person_id) == ON
        (row,) = consents.list_of_person(db, person_id)
        proof = (row.purpose, row.version, row.wording_hash, row.way, row.given_at, row.withdrawn_at)
        assert proof == ("notices", preferences.VERSION, HASH, "button", NOON, None)


def test_a_second_yes_adds_nothing_while_the_version_is_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id)
        assert agree(db, person_id, wording_hash=OTHER_HASH, now=LATER) == ON
        assert kept(db, person_id) == [(HASH, True)]

        monkeypatch.setattr(preferences, "VERSION", preferences.VERSION + 1)
        agree(db, person_id, wording_hash=OTHER_HASH, now=LATER)
        assert kept(db, person_id) == [(HASH, True), (OTHER_HASH, True)]


@pytest.mark.parametrize(
    ("yes", "expected"),
    [
        ({"programme": "forum"}, {"everything": False, "programmes": ("forum",)}),
        (
            {"programme": "forum", "topic": "forum.what"},
            {"everything": False, "programmes": ("forum",), "topics": ("forum.what",)},
        ),
        ({"topic": "poverty.what"}, {"everything": False, "topics": ("poverty.what",)}),
    ],
    ids=["programme", "both", "topic"],
)
def test_a_yes_to_one_thing_is_to_that_alone(
    sqlite_database: Database, yes: dict[str, Any], expected: dict[str, Any]
) -> None:
    with sqlite_database.transaction() as db:
        assert agree(db, a_person(db), **yes) == Wishes(wants=True, asked_at=NOON, **expected)


def test_who_hears_everything_already_goes_on_hearing_it(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id)
        wishes = agree(db, person_id, programme="forum", topic="forum.what")
        assert (wishes.everything, wishes.programmes, wishes.topics) == (True, (), ("forum.what",))


def test_a_second_programme_is_added_to_the_first_and_everything_replaces_both(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, programme="forum")
        assert agree(db, person_id, programme="media").programmes == ("forum", "media")
        assert agree(db, person_id) == ON


def test_a_no_leaves_nothing_but_that_it_was_said(database: Database) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, programme="forum", topic="forum.what")
        preferences.set_district(db, person_id=person_id, district="mae_sai")
        preferences.set_quiet_hours(db, person_id=person_id, hours=(1080, 480))
        preferences.pause(db, person_id=person_id, days=30, now=NOON)

        assert preferences.withdraw(db, person_id=person_id, now=LATER)

        assert preferences.state_of(db, person_id) == Wishes(asked_at=NOON)
        (row,) = consents.list_of_person(db, person_id)
        assert row.withdrawn_at == LATER
        assert not preferences.withdraw(db, person_id=person_id, now=LATER)


def test_a_no_of_somebody_who_was_never_asked_is_remembered(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        assert not preferences.withdraw(db, person_id=person_id, now=NOON)
        assert preferences.state_of(db, person_id) == Wishes(asked_at=NOON)
        assert not preferences.may_ask(db, person_id=person_id, now=LATER)


def test_after_a_no_a_yes_begins_anew(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, programme="forum")
        preferences.withdraw(db, person_id=person_id, now=NOON)
        assert agree(db, person_id, programme="media", wording_hash=OTHER_HASH).programmes == ("media",)
        assert kept(db, person_id) == [(HASH, False), (OTHER_HASH, True)]


def test_nothing_can_be_set_without_a_yes(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        assert [
            choose(db, person_id, "forum"),
            preferences.drop_topic(db, person_id=person_id, topic="forum.what", now=NOON, sensitive=SENSITIVE),
            preferences.set_district(db, person_id=person_id, district="mae_sai"),
            preferences.set_quiet_hours(db, person_id=person_id, hours=(0, 60)),
            preferences.pause(db, person_id=person_id, days=30, now=NOON),
            preferences.resume(db, person_id=person_id),
        ] == [NotAgreed()] * 6
        assert preferences.state_of(db, person_id) == Wishes()


def test_what_is_chosen_is_kept_and_can_be_taken_back(database: Database) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, topic="poverty.what")
        choose(db, person_id, "media", "forum")
        preferences.set_district(db, person_id=person_id, district="mae_sai")
        preferences.set_quiet_hours(db, person_id=person_id, hours=(1080, 480))
        assert preferences.pause(db, person_id=person_id, days=30, now=NOON) == Wishes(
            wants=True, everything=False, programmes=("forum", "media"), topics=("poverty.what",), district="mae_sai",
            quiet=(1080, 480), paused_until=NOON + timedelta(days=30), asked_at=NOON,
        )  # fmt: skip

        preferences.drop_topic(db, person_id=person_id, topic="poverty.what", now=NOON, sensitive=SENSITIVE)
        preferences.set_district(db, person_id=person_id, district=None)
        preferences.set_quiet_hours(db, person_id=person_id, hours=None)
        preferences.resume(db, person_id=person_id)
        assert choose(db, person_id, programmes=None) == ON


def test_a_pause_ends_by_itself(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id)
        wishes = preferences.pause(db, person_id=person_id, days=30, now=NOON)
        assert isinstance(wishes, Wishes)
        ends = NOON + timedelta(days=30)
        assert (wishes.is_paused(ends - timedelta(seconds=1)), wishes.is_paused(ends)) == (True, False)


@pytest.mark.parametrize("hours", [(0, 0), (-1, 60), (60, 1440)])
def test_hours_that_are_no_hours_are_a_fault_of_ours(sqlite_database: Database, hours: tuple[int, int]) -> None:
    with sqlite_database.transaction() as db, pytest.raises(ValueError, match=str(hours[1])):
        preferences.set_quiet_hours(db, person_id=a_person(db), hours=hours)


# Interests that need an explicit yes.


@pytest.mark.parametrize("yes", [{"programme": "ethnic"}, {"programme": "forum", "topic": "issue.ethnic"}])
def test_a_sensitive_interest_has_a_yes_of_its_own_for_as_long_as_it_is_remembered(
    database: Database, yes: dict[str, Any]
) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, **yes)
        assert kept(db, person_id, EXPLICIT_PURPOSE) == [(HASH, True)]
        preferences.withdraw(db, person_id=person_id, now=LATER)
        assert kept(db, person_id, EXPLICIT_PURPOSE) == [(HASH, False)]


def test_other_interests_need_no_explicit_yes(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, programme="forum", topic="forum.what")
        assert kept(db, person_id, EXPLICIT_PURPOSE) == []


def test_a_sensitive_programme_is_chosen_with_its_words_and_its_yes_ends_with_it(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id)
        choose(db, person_id, "ethnic", "forum", wording_hash=OTHER_HASH)
        choose(db, person_id, "ethnic")
        assert kept(db, person_id, EXPLICIT_PURPOSE) == [(OTHER_HASH, True)]
        choose(db, person_id, programmes=None)
        assert kept(db, person_id, EXPLICIT_PURPOSE) == [(OTHER_HASH, False)]
        assert choose(db, person_id, "ethnic", "forum") == Wishes(
            wants=True, everything=False, programmes=("forum",), asked_at=NOON
        )


@pytest.mark.parametrize("topic", ["issue.health", "issue.children_women_disabled"])
def test_health_and_disability_need_an_explicit_yes_whatever_the_programmes_are(database: Database, topic: str) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, topic=topic, sensitive=frozenset())
        assert kept(db, person_id, EXPLICIT_PURPOSE) == [(HASH, True)]
        preferences.drop_topic(db, person_id=person_id, topic=topic, now=LATER, sensitive=frozenset())
        assert kept(db, person_id, EXPLICIT_PURPOSE) == [(HASH, False)]


@pytest.mark.parametrize("topic", ["issue.elderly", "issue.welfare_rights", "poverty.help"])
def test_other_topics_are_not_taken_for_sensitive_ones(topic: str) -> None:
    assert not preferences.is_sensitive(topic, SENSITIVE)


@pytest.mark.parametrize("change", ["programmes", "yes", "topic"])
def test_what_was_stored_without_its_yes_is_forgotten_with_the_next_change(database: Database, change: str) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        agree(db, person_id, programme="media")
        table.add_interest(db, person_id, kind=TOPIC, value="issue.health")
        if change == "programmes":
            choose(db, person_id, "media")
        elif change == "yes":
            agree(db, person_id, programme="media")
        else:
            preferences.drop_topic(db, person_id=person_id, topic="forum.what", now=NOON, sensitive=SENSITIVE)
        assert preferences.state_of(db, person_id) == Wishes(
            wants=True, everything=False, programmes=("media",), asked_at=NOON
        )
        assert kept(db, person_id, EXPLICIT_PURPOSE) == []


# What a file proposed.


def test_what_a_file_proposed_is_worth_nothing_before_a_yes(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        propose(db, person_id)
        wishes = preferences.state_of(db, person_id)
        assert (wishes.wants, wishes.proposed, wishes.programmes) == (False, True, ("school",))
        assert choose(db, person_id, "school") == NotAgreed()


def test_a_yes_to_what_was_proposed_keeps_it(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        propose(db, person_id)
        assert agree(db, person_id, as_proposed=True) == Wishes(
            wants=True, everything=False, programmes=("school",), district="phan", asked_at=NOON
        )


@pytest.mark.parametrize(("yes", "programmes"), [({}, ()), ({"programme": "forum"}, ("forum",))])
def test_any_other_answer_forgets_what_was_proposed(
    sqlite_database: Database, yes: dict[str, Any], programmes: tuple[str, ...]
) -> None:
    with sqlite_database.transaction() as db:
        person_id, other = a_person(db), a_person(db, MALEE)
        propose(db, person_id)
        propose(db, other)
        wishes = agree(db, person_id, **yes)
        assert (wishes.programmes, wishes.district, wishes.proposed) == (programmes, None, False)
        preferences.withdraw(db, person_id=other, now=NOON)
        assert preferences.state_of(db, other) == Wishes(asked_at=NOON)


# Who may be asked.


def test_people_are_asked_from_the_day_after_their_first_and_once(database: Database) -> None:
    with database.transaction() as db:
        person_id = a_person(db)
        same_day, next_day = NOON + timedelta(hours=11), NOON + timedelta(hours=13)  # in Bangkok

        def may(now: Any = next_day, **more: Any) -> bool:
            return preferences.may_ask(db, person_id=person_id, now=now, **more)

        assert [may(same_day), may(), may(same_day, on_first_day=True)] == [False, True, True]
        assert [preferences.note_asked(db, person_id=person_id, now=next_day) for _ in range(2)] == [True, False]
        assert [may(), may(on_first_day=True)] == [False, False]


def test_whom_a_file_made_known_may_be_asked_at_once(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as db:
        person_id = a_person(db)
        propose(db, person_id)
        assert preferences.may_ask(db, person_id=person_id, now=NOON)


# Two at once.


def at_once(database: Database, person_id: int, *acts: Callable[[Session], object]) -> list[ConsentRow]:
    """The first holds its transaction open until the second has had every chance to overtake it."""
    first, second = acts

    def follow() -> None:
        with database.transaction() as db:
            second(db)

    other = threading.Thread(target=follow)
    with database.transaction() as db:
        first(db)
        other.start()
        other.join(timeout=0.4)  # where there is a lock it waits for us
    other.join(timeout=10)
    with database.reading() as db:
        wants = preferences.state_of(db, person_id).wants
        found = consents.list_of_person(db, person_id)
    assert any(row.withdrawn_at is None for row in found) == wants
    return found


def somebody(database: Database) -> int:
    with database.transaction() as db:
        return a_person(db)


def yes_of(person_id: int) -> Callable[[Session], object]:
    return lambda db: agree(db, person_id)


def no_of(person_id: int) -> Callable[[Session], object]:
    return lambda db: preferences.withdraw(db, person_id=person_id, now=LATER)


def test_of_a_yes_and_a_no_at_once_the_last_one_counts(database: Database) -> None:
    person_id = somebody(database)
    yes, no = yes_of(person_id), no_of(person_id)
    assert [row.withdrawn_at for row in at_once(database, person_id, yes, no)] == [LATER]
    assert [row.withdrawn_at for row in at_once(database, person_id, no, yes)] == [LATER, None]


def test_two_at_once_are_one_yes(database: Database) -> None:
    person_id = somebody(database)
    assert len(at_once(database, person_id, yes_of(person_id), yes_of(person_id))) == 1


def hears_everything_after_a_no_and_a_narrow_yes(database: Database) -> bool:
    """The yes begins while the no, to a yes to everything, is not yet over."""
    person_id = somebody(database)
    with database.transaction() as db:
        agree(db, person_id)
    at_once(database, person_id, no_of(person_id), lambda db: agree(db, person_id, programme="forum"))
    with database.reading() as db:
        return preferences.state_of(db, person_id).everything


def test_a_yes_that_waited_for_a_no_begins_anew(database: Database) -> None:
    assert not hears_everything_after_a_no_and_a_narrow_yes(database)


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_without_the_lock_it_would_believe_in_choices_that_are_gone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "hold", lambda db, names: None)
    assert hears_everything_after_a_no_and_a_narrow_yes(database)
