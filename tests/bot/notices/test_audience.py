"""Who is reached, who is left out, and why: on both databases."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.notices import audience, drafting
from bot.notices.audience import Audience, Reach
from bot.notices.refusals import AudienceRefused
from bot.storage import check_ins, consents, notice_audience, notices, preferences, registrations
from bot.storage.engine import Database
from bot.storage.notice_audience import Group
from bot.storage.notice_recipients import RecipientRow
from bot.storage.notices import FINISHED, PAUSED, SENDING
from bot.storage.people import PersonRow
from bot.storage.preferences import InterestRow
from bot.vault import Vault
from tests.bot.events.making import make_event, sign_up
from tests.bot.notices.making import DAY, RULES, a_plan, block, make_people
from tests.builders import NOON

EVERYONE = Group("everyone")
FORUM, SCHOOL = Group("programme", "forum"), Group("programme", "school")
MAE_SAI = Group("district", "mae_sai")


def reach(db: Session, *groups: Group, without: tuple[Group, ...] = ()) -> Reach:
    return audience.count(db, Audience(groups, without), event_id=None, rules=RULES, now=NOON)


def reached(db: Session, *groups: Group, without: tuple[Group, ...] = ()) -> set[int]:
    selection = audience.selection_of(Audience(groups, without), event_id=None, rules=RULES, now=NOON)
    return set(db.scalars(notice_audience.people_after(db, selection, after=0, upto=10**9)))


def in_ledger(
    db: Session, person_ids: list[int], *, state: str = FINISHED, left_out: str | None = None, **times: object
) -> int:
    values = {"began_at": NOON - DAY, "touched_at": NOON - DAY, "state": state, **times}
    row = drafting.create(db, a_plan(), author_id=None, now=NOON)
    notices.change(db, row.id, **values)
    db.execute(
        insert(RecipientRow),
        [{"notice_id": row.id, "person_id": one, "portion": 0, "left_out": left_out} for one in person_ids],
    )
    return row.id


def test_everyone_is_who_agreed_and_the_others_are_left_out_by_why(database: Database) -> None:
    with database.transaction() as db:
        (good,) = make_people(db, 1)
        make_people(db, 2, agreed=False)
        (left,) = make_people(db, 3, wants_notices=False)
        consents.add(
            db, person_id=left, registration_id=None, purpose="notices", version=1, wording_hash="0" * 64,
            way="button", now=NOON,
        )  # fmt: skip
        make_people(db, 4, wants_notices=False, asked_at=None)
        make_people(db, 5, paused_until=NOON + DAY)
        (was_paused,) = make_people(db, 6, paused_until=NOON)
        (gone,) = make_people(db, 7)
        block(db, gone)
        (refused,) = make_people(db, 8)
        db.get_one(PersonRow, refused).unreachable_at = NOON
        (full,) = make_people(db, 9)
        for _ in range(4):
            in_ledger(db, [full])
        db.flush()
        left_out = {"not_agreed": 2, "opted_out": 1, "paused": 1, "blocked": 1, "unreachable": 1, "capped": 1}
        assert reach(db, EVERYONE) == Reach(2, left_out)
        assert reached(db, EVERYONE) == {good, was_paused}


def test_who_left_for_several_reasons_is_counted_once(database: Database) -> None:
    with database.transaction() as db:
        (one,) = make_people(db, 1, wants_notices=False, paused_until=NOON + DAY)
        block(db, one)
        assert reach(db, EVERYONE, FORUM) == Reach(0, {"blocked": 1})


def test_a_programme_is_for_who_chose_it_and_who_chose_everything(database: Database) -> None:
    with database.transaction() as db:
        (every,) = make_people(db, 1)
        forum, school = make_people(db, 2, 3, everything=False)
        preferences.add_interest(db, forum, kind="programme", value="forum")
        preferences.add_interest(db, school, kind="programme", value="school")
        make_people(db, 4, agreed=False)
        assert reached(db, FORUM) == {every, forum}
        assert reached(db, FORUM, SCHOOL) == {every, forum, school}
        assert reached(db, FORUM, without=(SCHOOL,)) == {forum}
        assert reach(db, FORUM).left_out == {}


def test_who_chose_some_programmes_hears_of_these_and_not_of_what_concerns_all(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        (every,) = make_people(db, 1, district="mae_sai")
        (forum,) = make_people(db, 2, everything=False, district="mae_sai")
        preferences.add_interest(db, forum, kind="programme", value="forum")
        event = make_event(db, programme="forum")
        sign_up(db, vault, event, forum)
        for group in (EVERYONE, MAE_SAI):
            assert reach(db, group) == Reach(1, {"other_topics": 1})
            assert reached(db, group) == {every}
            about = audience.selection_of(Audience((group,)), event_id=event.id, rules=RULES, now=NOON)
            assert set(db.scalars(notice_audience.people_after(db, about, after=0, upto=10**9))) == {every, forum}
        assert reached(db, EVERYONE, Group("registered", str(event.id))) == {every, forum}


def test_a_topic_is_for_who_asked_for_that_very_topic(database: Database) -> None:
    with database.transaction() as db:
        make_people(db, 1)
        (asked,) = make_people(db, 2)
        preferences.add_interest(db, asked, kind="topic", value="forum.what")
        assert reached(db, Group("topic", "forum.what")) == {asked}
        assert reached(db, Group("topic", "forum.when")) == set()


def test_a_district_leaves_out_who_named_none_and_is_left_out_without_them(database: Database) -> None:
    with database.transaction() as db:
        (there,) = make_people(db, 1, district="mae_sai")
        nowhere, elsewhere = make_people(db, 2), make_people(db, 3, district="mae_chan")
        assert reached(db, MAE_SAI) == {there}
        assert reached(db, EVERYONE, without=(MAE_SAI,)) == {*nowhere, *elsewhere}


def test_an_events_people_by_what_became_of_them(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        came, absent, waits, cancelled, wiped, _ = make_people(db, *range(1, 7))
        event = make_event(db, capacity=4)
        value = str(event.id)
        rows = {one: sign_up(db, vault, event, one).registration for one in (came, absent, cancelled, wiped)}
        sign_up(db, vault, event, waits)
        db.get_one(registrations.RegistrationRow, rows[cancelled].id).state = registrations.CANCELLED
        for one, people in ((came, 1), (wiped, 0)):
            check_ins.insert_once(
                db, registration_id=rows[one].id, event_id=event.id, part=0, people=people, at=NOON, now=NOON,
                way="scan", staff_id=None, key="",
            )  # fmt: skip
        db.flush()
        groups = {kind: reached(db, Group(kind, value)) for kind in notice_audience.OF_AN_EVENT}
        assert groups == {
            "registered": {came, absent, wiped}, "waits": {waits}, "attended": {came}, "absent": {absent, wiped},
        }  # fmt: skip
        assert reached(db, Group("registered", value), without=(Group("attended", value),)) == {absent, wiped}


@pytest.mark.parametrize(
    ("times", "counts"),
    [
        ({"began_at": NOON - 6 * DAY, "touched_at": NOON - 6 * DAY}, True),
        ({"began_at": NOON - 8 * DAY, "touched_at": NOON - 8 * DAY}, False),
        (
            {"began_at": NOON - 9 * DAY, "touched_at": NOON - DAY},
            True,
        ),  # spread over days: the last ones got it yesterday
        ({"began_at": NOON - 9 * DAY, "touched_at": NOON - 9 * DAY, "state": SENDING}, True),  # and get it tomorrow
        ({"began_at": NOON - 9 * DAY, "touched_at": NOON - 9 * DAY, "state": PAUSED}, False),
        ({"began_at": None, "touched_at": None, "state": "approved"}, False),
    ],
)
def test_the_weekly_cap_counts_what_may_have_come_within_the_week(
    sqlite_database: Database, times: dict[str, object], counts: bool
) -> None:
    with sqlite_database.transaction() as db:
        (one,) = make_people(db, 1)
        for _ in range(3):
            in_ledger(db, [one])
        in_ledger(db, [one], **times)
        assert reach(db, EVERYONE) == (Reach(0, {"capped": 1}) if counts else Reach(1, {}))


@pytest.mark.parametrize(("left_out", "counts"), [("rode", True), ("opted_out", False), ("blocked", False)])
def test_the_weekly_cap_counts_what_rode_and_not_what_was_left_out(
    sqlite_database: Database, left_out: str, counts: bool
) -> None:
    with sqlite_database.transaction() as db:
        (one,) = make_people(db, 1)
        for _ in range(4):
            in_ledger(db, [one], left_out=left_out)
        assert (reach(db, EVERYONE).reached == 0) is counts


def test_what_is_kept_is_the_same_in_any_order_and_each_group_once() -> None:
    mixed = Audience((MAE_SAI, FORUM, MAE_SAI), (SCHOOL,))
    kept = {"groups": [["district", "mae_sai"], ["programme", "forum"]], "without": [["programme", "school"]]}
    assert mixed.to_json() == kept
    assert audience.from_json(kept).to_json() == kept


@pytest.mark.parametrize(
    "pair",
    [
        ["opinion", "angry"], ["programme", ""], ["registered", "x"], ["registered", "١٢"], ["registered", "9" * 19],
        ["registered", ""], ["district"], [1, 2], ["topic", "a", "b"], "everyone",
    ],
)  # fmt: skip
def test_a_group_that_is_none_is_refused(pair: object) -> None:
    with pytest.raises(AudienceRefused):
        audience.from_json({"groups": [pair]})


def test_more_groups_than_anybody_chooses_are_refused() -> None:
    with pytest.raises(AudienceRefused):
        audience.from_json({"groups": [["district", f"d{number}"] for number in range(21)]})


def test_only_interests_say_something_of_a_person() -> None:
    assert [Audience((group,)).is_of_interest for group in (EVERYONE, MAE_SAI, FORUM, Group("topic", "x"))] == [
        False, False, True, True,
    ]  # fmt: skip
    assert Audience((EVERYONE,), (SCHOOL,)).is_of_interest


OWN = ("programme", "topic")
GROUPS = (EVERYONE, FORUM, SCHOOL, MAE_SAI, Group("district", "mae_chan"), Group("topic", "t"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    groups=st.lists(st.sampled_from(GROUPS), max_size=3), without=st.lists(st.sampled_from(GROUPS[1:]), max_size=2),
    seed=st.integers(0, 10_000),
)  # fmt: skip
def test_random_audiences_are_as_a_list_comprehension_has_them(
    sqlite_database: Database, groups: list[Group], without: list[Group], seed: int
) -> None:
    chance = random.Random(seed)
    people = [_random_person(chance) for _ in range(12)]
    expected = {
        number
        for number, (wants, following, everything, district, interests) in enumerate(people)
        if wants and following and any(_is_in(group, everything, district, interests) for group in groups)
        and (everything or any(_is_in(group, False, district, interests) for group in groups if group.kind in OWN))
        and not any(_is_in(group, everything, district, interests) for group in without)
    }  # fmt: skip
    with sqlite_database.transaction() as db:
        ids = []
        for number, (wants, following, everything, district, interests) in enumerate(people):
            (one,) = make_people(db, number, wants_notices=wants, everything=everything, district=district)
            ids.append(one)
            if not following:
                block(db, one)
            db.add_all(InterestRow(person_id=one, kind=kind, value=value) for kind, value in interests)
        db.flush()
        found = reached(db, *groups, without=tuple(without))
        counted = reach(db, *groups, without=tuple(without)).reached
        db.rollback()
    assert (found, counted) == ({ids[number] for number in expected}, len(expected))


def _random_person(chance: random.Random) -> tuple[bool, bool, bool, str | None, set[tuple[str, str]]]:
    interests = {("programme", "forum"), ("programme", "school"), ("topic", "t")}
    return (
        chance.random() < 0.8, chance.random() < 0.9, chance.random() < 0.4,
        chance.choice([None, "mae_sai", "mae_chan"]), {one for one in interests if chance.random() < 0.4},
    )  # fmt: skip


def _is_in(group: Group, everything: bool, district: str | None, interests: set[tuple[str, str]]) -> bool:
    match group.kind:
        case "everyone":
            return True
        case "district":
            return district == group.value
        case "programme":
            return everything or (group.kind, group.value) in interests
        case _:
            return (group.kind, group.value) in interests
