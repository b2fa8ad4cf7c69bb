"""The tables behind the review: what each question asked of them does at its edges."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.storage import reviews
from bot.storage.engine import Database
from bot.storage.reviews import ReviewItemRow
from tests.bot.outreach.reviewing import (
    HOUR,
    ask,
    gather,
    groups,
    publish,
)
from tests.builders import NOON


def item(question_id: int | None, reason: str, *, group_id: int | None = None, key: str = "k") -> dict[str, object]:
    return {"question_id": question_id, "reason": reason, "group_id": group_id, "key": key, "at": NOON}


def test_a_question_enters_once_for_a_reason_and_keeps_what_it_had(database: Database) -> None:
    with database.transaction() as db:
        ask(db, 1, "ก")
        reviews.add_items(db, [item(1, "missed"), item(1, "near_tie")])
        reviews.add_items(db, [item(1, "missed", key="other"), item(1, "sample")])
        rows = db.execute(select(ReviewItemRow.reason, ReviewItemRow.key).order_by(ReviewItemRow.reason))
        assert [tuple(row) for row in rows] == [("missed", "k"), ("near_tie", "k"), ("sample", "k")]


def test_the_label_is_the_wording_most_used_and_of_those_the_first(database: Database) -> None:
    with database.transaction() as db:
        group_id = reviews.open_group(db, asked_at=NOON)
        for number, key in enumerate("abbcc", 1):
            ask(db, number, key, asker=None if key == "a" else "one")
            reviews.add_items(
                db, [item(number, reason, group_id=group_id, key=key) for reason in ("missed", "thumbs_down")]
            )
        reviews.recount(db, [group_id])
        (group,) = groups(db)
    assert (group.label_id, group.questions, group.people) == (2, 5, 1)
    assert group.reasons == {"missed": 5, "thumbs_down": 5}


def test_a_change_needs_the_version_and_the_state_that_were_seen(database: Database) -> None:
    with database.transaction() as db:
        group_id = reviews.open_group(db, asked_at=NOON)
        seen = [(2, "open"), (1, "decided"), (1, "open"), (1, "open"), (2, "open")]
        changed = [
            reviews.change_group(db, group_id, seen_version=version, state=state, values={}) for version, state in seen
        ]
        assert (changed, groups(db)[0].version) == ([False, False, True, False, True], 3)


def test_only_versions_that_were_in_force_count(database: Database) -> None:
    with database.transaction() as db:
        publish(db, "v1", now=NOON)
        publish(db, "v2", now=NOON + HOUR)
        publish(db, "v1", now=NOON + 2 * HOUR)
        assert reviews.list_published(db, ["v1", "v2", "v3"]) == {"v1": NOON, "v2": NOON + HOUR}


def test_thumbs_down_are_read_on_from_the_last_of_the_same_moment(database: Database) -> None:
    with database.transaction() as db:
        for number in range(1, 5):
            ask(db, number, "ก", feedback="no", feedback_at=NOON)
        ask(db, 5, "ก", feedback="yes", feedback_at=NOON)
        ask(db, 6, "ก", feedback="no", feedback_at=NOON + timedelta(seconds=2))
        long_ago = (NOON - HOUR, 0)
        first = reviews.list_thumbs_down(db, after=long_ago, through=NOON, limit=3)
        rest = reviews.list_thumbs_down(db, after=(NOON, first[-1].id), through=NOON, limit=3)
        assert ([row.id for row in first], [row.id for row in rest]) == ([1, 2, 3], [4])


def test_all_open_groups_are_led_by_a_question(database: Database) -> None:
    with database.transaction() as db:
        for number, text in enumerate(("เรื่องกก", "เหตุขข", "เหตุขข!", "ปัญหาคค"), 1):
            ask(db, number, text)
        gather(db)
        first = reviews.list_leading(db, after=(0, 0), limit=2)
        rest = reviews.list_leading(db, after=first[-1][:2], limit=2)
        assert [question.id for _, _, question in (*first, *rest)] == [1, 2, 4]
        assert reviews.find_groups_led(db, [1, 2, 3, 4]) == {1: 1, 2: 2, 4: 3}


def test_the_number_of_a_group_that_is_another_s_now_is_not_given_again(database: Database) -> None:
    """A card that a reviewer still has on the phone names it, and the version that it had."""
    with database.transaction() as db:
        first, second = (reviews.open_group(db, asked_at=NOON) for _ in range(2))
        reviews.remove_group(db, second)
        third = reviews.open_group(db, asked_at=NOON)
        assert second < third
        assert reviews.find_group(db, second) is None
        assert not reviews.change_group(db, second, seen_version=1, state="open", values={})
        reviews.remove_group(db, first)
        assert [group.id for group in groups(db)] == [third]
