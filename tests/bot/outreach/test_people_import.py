"""Friends from a file: known from then on, agreed to nothing, and changed in nothing that they said themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.outreach import people_import
from bot.outreach.people_import import Counts, Friend, LeftOut, Row, Why, bring_in, read, weigh
from bot.privacy import erasing
from bot.storage import consents, imported_people, people, preferences
from bot.storage.engine import Database
from bot.storage.imported_people import Proposal
from bot.storage.preferences import PROGRAMME, PreferenceRow
from bot.vault import Vault
from knowledge.geography import Geography
from knowledge.pack import Named, Pack
from tests.builders import MALEE, NOON, SOMCHAI

LATER = NOON + timedelta(hours=1)
PACK = Pack(
    {"th": "ศูนย์"},
    {"th": "เชียงราย", "en": "Chiang Rai"},
    districts=(Named("mueang", {"th": "เมืองเชียงราย"}), Named("mae_sai", {"th": "แม่สาย", "en": "Mae Sai"})),
    programmes=(
        Named("forum", {"th": "เวทีแลกเปลี่ยนเรียนรู้"}),
        Named("school", {"th": "ประชาธิปไตยในโรงเรียน", "en": "Democracy in schools"}),
        Named("ethnic", {"th": "สานพลังชาติพันธุ์"}, sensitive=True),
    ),
    geography=Geography("57", {}, {}, elsewhere=("ตาก",)),
)
FORUM = Proposal(("forum",), "mae_sai")


def an_id(number: int) -> str:
    return f"U{number:032x}"


def person_of(db: Session, user_id: str = SOMCHAI) -> int:
    found = people.find(db, line_user_id=user_id)
    assert found is not None
    return found.id


def standing(db: Session, user_id: str = SOMCHAI) -> tuple[bool, bool, bool, str | None, list[str]]:
    """Of their preferences: wanted, imported, everything, the district, the programmes."""
    person_id = person_of(db, user_id)
    row = preferences.find(db, person_id)
    assert row is not None
    interests = preferences.list_interests(db, person_id, kind=PROGRAMME)
    return row.wants_notices, row.imported, row.everything, row.district, interests


# What a file says


def test_ids_programmes_and_districts_are_read_as_people_write_them() -> None:
    rows = [
        Row(2, an_id(1), "forum", "mae_sai"),
        Row(3, an_id(10).upper(), "เวทีแลกเปลี่ยนเรียนรู้ ; Democracy in Schools", "อ.แม่สาย"),
        Row(4, f"\u200b{an_id(12)} ", " , ", "ต.เวียงพางคำ อ.แม่สาย จ.เชียงราย"),
        Row(5, an_id(4), "", "อำเภอ เมืองเชียงราย"),
    ]
    result = read(rows, PACK)
    assert result.friends == [
        Friend(an_id(1), FORUM),
        Friend(an_id(10), Proposal(("forum", "school"), "mae_sai")),
        Friend(an_id(12), Proposal((), "mae_sai")),
        Friend(an_id(4), Proposal((), "mueang")),
    ]
    assert (result.left_out, result.withheld) == ([], {})


@pytest.mark.parametrize(
    ("row", "left_out"),
    [
        (Row(2, ""), LeftOut(2, Why.NO_ID)),
        (Row(2, "สมชาย"), LeftOut(2, Why.NO_ID)),
        (Row(2, an_id(1)[:-1]), LeftOut(2, Why.NO_ID)),
        (Row(2, an_id(1)[:-1] + "g"), LeftOut(2, Why.NO_ID)),
        (Row(2, an_id(1) + "0"), LeftOut(2, Why.NO_ID)),
        (Row(2, "C" + "0" * 32), LeftOut(2, Why.OF_MANY)),
        (Row(2, '=HYPERLINK("x")'), LeftOut(2, Why.FORMULA)),
        (Row(2, an_id(1), "forum;ดนตรี"), LeftOut(2, Why.PROGRAMME, "ดนตรี")),
        (Row(2, an_id(1), "", "แม่สอด"), LeftOut(2, Why.DISTRICT, "แม่สอด")),
        (Row(2, an_id(1), "", "อ.แม่สาย จ.ตาก"), LeftOut(2, Why.DISTRICT, "อ.แม่สาย จ.ตาก")),
        (Row(2, an_id(1), "ก" * 501), LeftOut(2, Why.TOO_LONG, "500")),
    ],
)
def test_a_bad_row_is_left_out_with_its_reason(row: Row, left_out: LeftOut) -> None:
    result = read([row, Row(3, an_id(9))], PACK)
    assert (result.left_out, result.friends) == ([left_out], [Friend(an_id(9))])


def test_the_same_id_again_is_left_out_unless_the_first_row_was() -> None:
    rows = [Row(2, an_id(1), "ดนตรี"), Row(3, an_id(1), "forum"), Row(4, an_id(1).upper())]
    result = read(rows, PACK)
    assert result.friends == [Friend(an_id(1), Proposal(("forum",)))]
    assert result.left_out == [LeftOut(2, Why.PROGRAMME, "ดนตรี"), LeftOut(4, Why.TWICE, "3")]


def test_interest_in_a_sensitive_programme_is_counted_and_kept_of_nobody() -> None:
    result = read([Row(2, an_id(1), "ethnic; forum"), Row(3, an_id(2), "สานพลังชาติพันธุ์")], PACK)
    assert result.friends == [Friend(an_id(1), Proposal(("forum",))), Friend(an_id(2))]
    assert result.withheld == {"ethnic": 2}


# What becomes of it


def test_new_people_are_friends_who_agreed_to_nothing(database: Database) -> None:
    with database.transaction() as db:
        done = bring_in(db, [Friend(SOMCHAI, FORUM), Friend(MALEE)], now=NOON)
        assert done == Counts(new=2, proposed=1)
    with database.reading() as db:
        assert standing(db) == (False, True, False, "mae_sai", ["forum"])
        assert standing(db, MALEE) == (False, True, True, None, [])
        person = people.get(db, person_of(db))
        assert (person.following, person.first_seen_at, person.notice_version) == (True, NOON, 0)
        assert consents.list_of_person(db, person.id) == []


def test_who_was_erased_is_left_out_and_comes_back_only_by_writing(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        bring_in(db, [Friend(SOMCHAI), Friend(MALEE)], now=NOON)
        erasing.erase(db, vault, person_id=person_of(db), way=erasing.LINE, now=NOON)
        both = [Friend(SOMCHAI, FORUM), Friend(MALEE)]
        assert weigh(db, both, vault=vault) == Counts(known=1, erased=1)
        assert bring_in(db, both, now=LATER, vault=vault, friends_since=LATER) == Counts(known=1, erased=1)
        assert people.find(db, line_user_id=SOMCHAI) is None
        people.find_or_create(db, line_user_id=SOMCHAI, now=LATER)
        assert bring_in(db, both, now=LATER, vault=vault) == Counts(known=2, proposed=1)


def test_only_a_sensitive_interest_leaves_no_trace(database: Database) -> None:
    with database.transaction() as db:
        bring_in(db, read([Row(2, SOMCHAI, "ethnic"), Row(3, MALEE)], PACK).friends, now=NOON)
        assert standing(db) == standing(db, MALEE)


def test_the_same_again_changes_nothing_and_another_proposal_replaces_the_first(database: Database) -> None:
    for first in (True, False):
        with database.transaction() as db:
            done = bring_in(db, [Friend(SOMCHAI, FORUM)], now=NOON)
            assert done == (Counts(new=1, proposed=1) if first else Counts(known=1, proposed=1))
            assert standing(db) == (False, True, False, "mae_sai", ["forum"])
    with database.transaction() as db:
        bring_in(db, [Friend(SOMCHAI, Proposal(("school",)))], now=LATER)
        assert standing(db) == (False, True, False, "mae_sai", ["school"])
        assert bring_in(db, [Friend(SOMCHAI)], now=LATER) == Counts(known=1)
        assert standing(db) == (False, True, False, "mae_sai", ["school"])
        assert people.get(db, person_of(db)).first_seen_at == NOON


def _asked(db: Session, person_id: int) -> None:
    preferences.note_asked(db, person_id, at=NOON)


def _agreed(db: Session, person_id: int) -> None:
    preferences.save(db, person_id, wants_notices=True)


def _withdrew(db: Session, person_id: int) -> None:
    consents.add(
        db, person_id=person_id, registration_id=None, purpose="notices", version=1, wording_hash="h", way="button",
        now=NOON,
    )  # fmt: skip
    consents.withdraw(db, person_id=person_id, purpose="notices", now=NOON)


def _chose(db: Session, person_id: int) -> None:
    preferences.save(db, person_id, district="mueang", everything=True)


@pytest.mark.parametrize("said", [_asked, _agreed, _withdrew, _chose])
def test_who_has_said_anything_is_left_as_they_are(database: Database, said: Callable[[Session, int], None]) -> None:
    with database.transaction() as db:
        person_id = people.find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        said(db, person_id)
        before = [(row.district, row.everything, row.imported) for row in [preferences.find(db, person_id)] if row]
    with database.transaction() as db:
        assert weigh(db, [Friend(SOMCHAI, FORUM)]) == Counts(known=1, answered=1)
        assert bring_in(db, [Friend(SOMCHAI, FORUM)], now=LATER) == Counts(known=1, answered=1)
    with database.reading() as db:
        after = [(row.district, row.everything, row.imported) for row in [preferences.find(db, person_id)] if row]
        assert (after, preferences.list_interests(db, person_id, kind=PROGRAMME)) == (before, [])


@pytest.mark.parametrize("said", [_asked, _agreed])
def test_who_answers_while_a_file_comes_in_is_left_as_they_are(
    database: Database, said: Callable[[Session, int], None]
) -> None:
    """Their answer was not there yet when it was looked for."""
    with database.transaction() as db:
        bring_in(db, [Friend(SOMCHAI), Friend(MALEE)], now=NOON)
        said(db, person_of(db))
        proposals = {person_of(db): FORUM, person_of(db, MALEE): FORUM}
        assert imported_people.propose(db, proposals) == {person_of(db, MALEE)}
        assert standing(db)[2:] == (True, None, [])
        assert standing(db, MALEE)[2:] == (False, "mae_sai", ["forum"])


def test_a_file_makes_no_friend_of_who_blocked_us_and_lines_own_list_does(database: Database) -> None:
    with database.transaction() as db:
        for number, user_id in enumerate((SOMCHAI, MALEE)):
            person_id = people.find_or_create(db, line_user_id=user_id, now=NOON).id
            people.set_following(db, person_id=person_id, following=False, at=NOON + timedelta(minutes=number * 10))
    both = [Friend(SOMCHAI), Friend(MALEE)]
    with database.transaction() as db:
        assert bring_in(db, both, now=LATER) == Counts(known=2)
        assert bring_in(db, both, now=LATER, friends_since=NOON + timedelta(minutes=5)) == Counts(known=2, back=1)
    with database.reading() as db:
        assert people.get(db, person_of(db)).following is True
        assert people.get(db, person_of(db, MALEE)).following is False, "they blocked us after LINE was asked"


def test_a_dry_run_says_what_would_come_of_it(database: Database) -> None:
    with database.transaction() as db:
        bring_in(db, [Friend(an_id(number)) for number in range(5)], now=NOON)
        preferences.note_asked(db, person_of(db, an_id(0)), at=NOON)
    batch = [Friend(an_id(number), FORUM) for number in range(8)]
    with database.reading() as db:
        before = weigh(db, batch)
    with database.transaction() as db:
        assert before == bring_in(db, batch, now=LATER) == Counts(new=3, known=5, answered=1, proposed=7)


def test_a_thousand_take_as_few_statements_as_one(database: Database) -> None:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    counts = []
    for size, start in ((1, 0), (1000, 10)):
        batch = [Friend(an_id(start + number), FORUM) for number in range(size)]
        with database.transaction() as db:
            db.connection()
            event.listen(database.engine, "before_cursor_execute", note)
            assert bring_in(db, batch, now=NOON) == Counts(new=size, proposed=size)
            event.remove(database.engine, "before_cursor_execute", note)
        counts.append(len(statements))
        statements.clear()
    assert counts[0] == 5
    assert counts[1] <= 6, "one by one is never"


def test_nobody_and_many_are_cut_into_batches() -> None:
    assert list(people_import.batches([])) == []
    friends = [Friend(an_id(number)) for number in range(2001)]
    assert [len(batch) for batch in people_import.batches(friends)] == [1000, 1000, 1]


def test_two_imports_at_once_know_everybody_once(database: Database) -> None:
    together, done, failures = threading.Barrier(2), [], []
    friends = [Friend(an_id(number), FORUM) for number in range(300)]

    def work(batch: list[Friend]) -> None:
        together.wait()
        try:
            with database.transaction() as db:
                done.append(bring_in(db, batch, now=NOON))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(batch,)) for batch in (friends, friends[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(counts.new for counts in done) == 300
    with database.reading() as db:
        rows = [db.get(PreferenceRow, person_of(db, friend.user_id)) for friend in friends]
    assert all(row is not None and row.imported for row in rows)
