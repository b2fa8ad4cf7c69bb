"""What citizens write in a case, and the time in which a person is on the line with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import answering, handling, hearing, office_hours, satisfaction, thread
from bot.cases.kinds import CaseKind
from bot.cases.refusals import CaseClosed, NoSuchCase
from bot.incoming import SharedPlace
from bot.outreach import unsending
from bot.queue.kinds import JobKind
from bot.storage import cases, dialogues, people
from bot.storage.case_messages import FAILED, CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.cases import CITIZEN, OPEN, STAFF, TAKEN, CaseRow
from bot.storage.engine import Database
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, a_citizen, get, staff_of, wrote
from tests.bot.cases.test_answering import jobs_of
from tests.builders import MALEE, NOON

LATER = NOON + timedelta(minutes=5)
QUIET = RULES.quiet_for
WEEK = timedelta(days=7)


def hear(
    db: Session, vault: Vault, case: CaseRow, text: str = "ขอบคุณค่ะ", *, message_id: str = "m1", **more: object
) -> int:
    now = more.pop("now", LATER)
    incoming = wrote(text, message_id=message_id, at=now)  # type: ignore[arg-type]
    return hearing.hear(db, vault, case, incoming, text=text, now=now, rules=RULES, **more).id  # type: ignore[arg-type]


def answered(db: Session, vault: Vault, case: CaseRow, login: str = "malee") -> int:
    (who,) = staff_of(db, login)
    answering.answer(db, vault, case.id, by=who, text="ได้ค่ะ", rules=RULES, now=NOON)
    return who


def test_what_the_citizen_writes_is_kept_whole_and_sealed(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        hear(db, vault, case, "โทร 081 234 5678 นะคะ", message_id="m1")
        hear(db, vault, case, "โทร 081 234 5678 นะคะ", message_id="m1")
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.author, one.text, one.kind) for one in said] == [("citizen", "โทร 081 234 5678 นะคะ", "text")]
        sealed = db.scalars(select(CaseMessageRow.text)).one()
        assert b"081" not in (sealed or b"")


def test_an_answer_to_staff_waits_for_staff_with_a_promise_of_its_own(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        first_promise = case.due_at
        hear(db, vault, case, message_id="m1", now=LATER)
        assert get(db, case.id).due_at == first_promise, "adding something does not put the answer off"
        answered(db, vault, case)
        assert get(db, case.id).due_at is None
        hear(db, vault, case, message_id="m2", now=LATER)
        case = get(db, case.id)
        expected = office_hours.add_office_hours(RULES, LATER, RULES.answer_hours)
        assert (case.waits_for, case.due_at) == (STAFF, expected)
        assert case.live_until == NOON + QUIET, "only staff prolong the line"


def test_an_urgent_case_alerts_staff_anew_when_nobody_is_on_the_line(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db, CaseKind.URGENT)
        hear(db, vault, case, message_id="m1")
        answered(db, vault, case)
        hear(db, vault, case, message_id="m2")
        assert len(jobs_of(db, JobKind.CASE_ALERT)) == 1, "somebody is there"
        cases.change(db, case.id, now=LATER, waits_for=CITIZEN)
        hear(db, vault, case, message_id="m3", now=NOON + QUIET)
        assert jobs_of(db, JobKind.CASE_ALERT) == [(case.id, None, 0)] * 2
        assert get(db, case.id).due_at == NOON + QUIET + RULES.urgent_within


def test_who_may_be_in_danger_and_writes_again_long_after_staff_were_told_is_not_left_alone(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        case = a_case(db, CaseKind.URGENT)
        cases.note_alerted(db, case.id, now=NOON)
        hear(db, vault, case, message_id="m1", now=NOON + RULES.urgent_within - timedelta(seconds=1))
        assert len(jobs_of(db, JobKind.CASE_ALERT)) == 1
        again = NOON + RULES.urgent_within
        hear(db, vault, case, message_id="m2", now=again)
        assert len(jobs_of(db, JobKind.CASE_ALERT)) == 2
        assert get(db, case.id).due_at == again + RULES.urgent_within, "a promise of its own, of which staff are told"


@pytest.mark.parametrize("by", ["words", "button"])
def test_an_urgent_case_that_its_citizen_opens_again_alerts_staff_anew(
    database: Database, vault: Vault, by: str
) -> None:
    """Also within the half hour in which staff were told of it before."""
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db, CaseKind.URGENT)
        cases.note_alerted(db, case.id, now=NOON)
        handling.close(db, vault, case.id, by=malee, tell=True, now=NOON)
        if by == "words":
            hear(db, vault, case)
        else:
            person_id = case.person_id or 0
            assert satisfaction.say(db, case.id, person_id=person_id, satisfied=False, now=LATER, rules=RULES)
        assert get(db, case.id).due_at == LATER + RULES.urgent_within
        assert jobs_of(db, JobKind.CASE_ALERT) == [(case.id, None, 0)] * 2
        hear(db, vault, case, message_id="m2")
        assert len(jobs_of(db, JobKind.CASE_ALERT)) == 2, "it is in hand"


def test_pictures_are_fetched_and_other_things_are_named(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        place = SharedPlace("วัดร่องขุ่น", "เชียงราย", 19.824, 99.763)
        shared = [
            wrote("", kind="image", message_id="p1"),
            wrote("", kind="image", message_id="p1"),
            wrote("", kind="location", message_id="l1", place=place),
            wrote("สู้ ๆ", kind="sticker", message_id="s1"),
            wrote("", kind="audio", message_id="a1"),
            wrote("memo", kind="media", message_id="x1"),
        ]
        for incoming in shared:
            hearing.hear(db, vault, case, incoming, text=incoming.text, now=NOON, rules=RULES)
        pictures = {row.id: row for row in db.scalars(select(CasePictureRow))}
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.kind, one.text, one.picture_id) for one in said] == [
            ("image", None, *pictures),
            ("location", "วัดร่องขุ่น\nเชียงราย\n19.824000, 99.763000", None),
            ("sticker", "สู้ ๆ", None),
            ("audio", None, None),
            ("file", "memo", None),
        ]
        assert [(row.message_id, row.state) for row in pictures.values()] == [("p1", "wanted")]
        assert [subject for subject, _, _ in jobs_of(db, JobKind.CASE_PICTURE)] == [*pictures]


def test_the_reply_token_is_given_out_once_and_only_while_it_is_young(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        assert hearing.take_token(db, vault, case.id, now=NOON) is None
        hear(db, vault, case, now=NOON)
        soon = NOON + timedelta(seconds=40)
        assert hearing.take_token(db, vault, case.id, now=soon) == ("token-1", NOON)
        assert hearing.take_token(db, vault, case.id, now=soon) is None
        hear(db, vault, case, message_id="m2", now=NOON)
        assert hearing.take_token(db, vault, case.id, now=NOON + answering.TOKEN_LIFE) is None
        assert get(db, case.id).reply_token is None, "and it does not lie about"


def test_a_token_that_the_bot_s_own_answer_uses_up_is_not_kept(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        hear(db, vault, case, message_id="m1", now=NOON)
        hear(db, vault, case, message_id="m2", now=NOON, answered=True)
        assert answering.costs(get(db, case.id), now=NOON)


def test_a_line_ends_by_time_and_its_end_is_found_until_it_was_told(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        person = case.person_id or 0
        assert (hearing.find_live(db, person, now=NOON), hearing.find_over(db, person, now=NOON)) == (None, None)
        answered(db, vault, case)
        end = NOON + QUIET
        live = hearing.find_live(db, person, now=end - timedelta(seconds=1))
        assert live is not None
        assert live.id == case.id
        assert hearing.find_over(db, person, now=end - timedelta(seconds=1)) is None
        assert hearing.find_live(db, person, now=end) is None
        over = hearing.find_over(db, person, now=end)
        assert over is not None
        assert over.id == case.id
        assert hearing.find_over(db, person, now=end + timedelta(days=1)) is None, "nobody wonders any more"
        assert hearing.end_live(db, case.id)
        assert not hearing.end_live(db, case.id)
        assert hearing.find_over(db, person, now=end) is None


def test_a_line_is_one_citizen_s_and_ends_in_all_of_their_cases(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        first, second, other = a_case(db), a_case(db), a_case(db, person_id=a_citizen(db, MALEE))
        for number, case in enumerate((first, second, other)):
            answered(db, vault, case, login=f"staff{number}")
        live = hearing.find_live(db, first.person_id or 0, now=LATER)
        assert live is not None
        assert live.id == second.id, "the later one"
        assert hearing.end_live(db, first.id)
        assert hearing.find_live(db, first.person_id or 0, now=LATER) is None
        assert hearing.find_live(db, other.person_id or 0, now=LATER) is not None


def test_an_answer_within_a_week_opens_a_closed_case_again(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        malee = answered(db, vault, case)
        handling.close(db, vault, case.id, by=malee, tell=True, now=NOON)
        hear(db, vault, case, now=NOON + WEEK)
        again = get(db, case.id)
        assert (again.state, again.taken_by, again.waits_for, again.closed_at) == (TAKEN, malee, STAFF, None)
        handling.close(db, vault, case.id, by=malee, tell=True, now=NOON)
        with pytest.raises(CaseClosed):
            hear(db, vault, case, message_id="m2", now=NOON + WEEK + timedelta(seconds=1))


def test_the_case_that_waits_for_its_citizen_is_found_for_a_week(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        person = case.person_id or 0
        assert hearing.find_waiting(db, person, now=NOON) is None, "nobody has written yet"
        malee = answered(db, vault, case)
        found = hearing.find_waiting(db, person, now=NOON + WEEK)
        assert found is not None
        assert found.id == case.id
        handling.note(db, vault, case.id, by=malee, text="รอ", now=NOON + WEEK)
        assert hearing.find_waiting(db, person, now=NOON + WEEK + timedelta(seconds=1)) is None
        hear(db, vault, case, now=LATER)
        assert hearing.find_waiting(db, person, now=LATER) is None, "it waits for staff"
        handling.close(db, vault, case.id, by=malee, tell=True, now=LATER)
        assert hearing.find_waiting(db, person, now=LATER) is None, "nobody waits for an answer any more"


def test_a_case_that_was_closed_later_does_not_hide_the_open_one(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        asked, over = a_case(db, CaseKind.COMPLAINT), a_case(db)
        for case in (over, asked):
            answering.answer(db, vault, case.id, by=malee, text="วันไหนคะ", rules=RULES, now=NOON)
        handling.close(db, vault, over.id, by=malee, tell=True, now=LATER)
        found = hearing.find_waiting(db, asked.person_id or 0, now=LATER)
        assert found is not None
        assert found.id == asked.id


def test_who_was_not_reached_and_writes_again_is_promised_an_answer(database: Database, vault: Vault) -> None:
    """They had left when the answer failed, and nobody hurried for them."""
    with database.transaction() as db:
        case = a_case(db)
        answered(db, vault, case)
        (row,) = thread.read(db, vault, case.id, limit=9)
        people.set_following(db, person_id=case.person_id or 0, following=False, at=NOON)
        answering.note_said(db, row.id, status=FAILED, pushed=False)
        assert get(db, case.id).due_at is None
        people.set_following(db, person_id=case.person_id or 0, following=True, at=LATER)
        hear(db, vault, case)
        promised = office_hours.due_again(RULES, CaseKind.WANTS_PERSON, opened_at=case.opened_at, now=LATER)
        assert get(db, case.id).due_at == promised


def test_a_case_that_was_closed_without_a_word_to_its_citizen_is_not_answered_into(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db, CaseKind.MISSED)
        handling.close(db, vault, case.id, by=malee, tell=False, now=NOON)
        assert hearing.find_waiting(db, case.person_id or 0, now=LATER) is None


def test_who_gives_a_case_back_is_not_on_the_line_any_more(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        malee = answered(db, vault, case)
        handling.give_back(db, case.id, by=malee, now=LATER)
        assert hearing.find_live(db, case.person_id or 0, now=LATER) is None
        assert hearing.find_over(db, case.person_id or 0, now=LATER) is not None, "and the bot says so"


def test_who_asks_again_is_told_of_the_case_that_is_open(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        person = case.person_id or 0
        a_case(db, CaseKind.FLOOD)
        found = hearing.find_open(db, person)
        assert found is not None
        assert found.id == case.id, "of a flood people were told nothing"
        handling.close(db, vault, case.id, by=malee, tell=False, now=NOON)
        assert hearing.find_open(db, person) is None


def test_nothing_is_heard_in_a_case_without_a_person(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        db.delete(people.get(db, case.person_id or 0))
        db.flush()
        with pytest.raises(NoSuchCase):
            hear(db, vault, case)
        assert get(db, case.id).state == OPEN


@pytest.mark.parametrize("unsent", ["m1", "m2"])
def test_what_was_taken_back_is_gone_from_the_case_with_its_picture(
    database: Database, vault: Vault, unsent: str
) -> None:
    """m1 was read together with m2, under whose id both are kept."""
    with database.transaction() as db:
        case = a_case(db)
        hear(db, vault, case, "ความลับ", message_id="m2")
        hearing.hear(db, vault, case, wrote("", kind="image", message_id="p1"), text="", now=NOON, rules=RULES)
        hear(db, vault, case, "ไม่ลับ", message_id="m3")
        unsending.note_joined(db, ["m1", "m2"], lead_id="m2", now=NOON)
        for message_id in (unsent, "p1"):
            unsending.take_back(db, vault, person_id=case.person_id, message_id=message_id, now=LATER)
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.text, one.taken_back) for one in said] == [(None, True), (None, True), ("ไม่ลับ", False)]
        assert [row.state for row in db.scalars(select(CasePictureRow))] == ["gone"]
        assert dialogues.find(db, case.person_id or 0) is None
