"""What staff write to a citizen: once, into the citizen's lane, and accounted for."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import answering, handling, hearing, inbox, saying, thread
from bot.cases.kinds import CaseKind
from bot.cases.refusals import NobodyToTell, TakenBySomebodyElse, TextRefused
from bot.conversation import delivery
from bot.queue.kinds import INTERACTIVE, JobKind
from bot.storage import people
from bot.storage.case_messages import FAILED, SENT, UNKNOWN
from bot.storage.cases import CITIZEN, STAFF, TAKEN
from bot.storage.engine import Database
from bot.storage.incoming import IncomingRow
from bot.storage.jobs import JobRow
from bot.vault import Vault
from tests.bot.cases.making import RULES, a_case, a_citizen, get, staff_of, wrote
from tests.builders import MALEE, NOON, SOMCHAI

LATER = NOON + timedelta(minutes=5)


def jobs_of(db: Session, kind: JobKind) -> list[tuple[int | None, str | None, int]]:
    rows = db.scalars(select(JobRow).where(JobRow.kind == kind).order_by(JobRow.id))
    return [(row.subject_id, row.lane, row.priority) for row in rows]


def test_an_answer_takes_the_case_and_puts_a_person_on_the_line(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        row = answering.answer(db, vault, case.id, by=malee, text=" สวัสดีค่ะ\r\nได้ค่ะ ", rules=RULES, now=LATER)
        case = get(db, case.id)
        assert (case.state, case.taken_by, case.taken_at, case.answered_at) == (TAKEN, malee, LATER, LATER)
        assert (case.waits_for, case.due_at, case.live_until) == (CITIZEN, None, LATER + RULES.quiet_for)
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.id, one.author, one.staff_id, one.text, one.delivery) for one in said] == [
            (row.id, "staff", malee, "สวัสดีค่ะ\nได้ค่ะ", "queued")
        ]
        answering.answer(db, vault, case.id, by=malee, text="อีกข้อนะคะ", rules=RULES, now=LATER + timedelta(minutes=1))
        assert get(db, case.id).answered_at == LATER, "the first one counts"


def test_an_answer_waits_in_the_citizen_s_lane_and_is_readable_nowhere(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        row = answering.answer(db, vault, a_case(db).id, by=malee, text="ความลับ", rules=RULES, now=NOON)
        event = db.get_one(IncomingRow, row.incoming_id)
        assert (event.webhook_event_id, event.kind, event.settled_at) == (f"case/{row.id}", "case", None)
        assert json.loads(vault.open(event.payload or b"")) == {"user": SOMCHAI, "message": row.id}
        lane = vault.keyed_hash("lane", SOMCHAI, length=32)
        assert jobs_of(db, JobKind.CASE_SAY) == [(event.id, lane, INTERACTIVE)]
        for sealed in (row.text, event.payload):
            assert sealed is not None
            assert "ความลับ".encode() not in sealed
            assert SOMCHAI.encode() not in sealed


def test_one_form_is_one_message_however_often_it_is_sent(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        malee, somchai = staff_of(db, "malee", "somchai")
        case, other = a_case(db), a_case(db)

        def send(case_id: int, key: str) -> int:
            return answering.answer(
                db, vault, case_id, by=malee, text="ได้ค่ะ", rules=RULES, now=NOON, version=1, key=key
            ).id

        first = send(case.id, "form 1")
        assert send(case.id, "form 1") == first, "although the case has changed since"
        assert send(other.id, "form 1") != first, "a key counts within its case"
        handling.hand_over(db, case.id, by=malee, to=somchai, now=NOON)
        assert send(case.id, "form 1") == first
        handling.close(db, vault, case.id, by=malee, tell=False, now=NOON)
        assert send(case.id, "form 1") == first
        assert len(jobs_of(db, JobKind.CASE_SAY)) == 2


def test_somebody_else_s_case_is_not_answered(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        malee, somchai = staff_of(db, "malee", "somchai")
        case = a_case(db)
        handling.take(db, case.id, by=somchai, now=NOON)
        with pytest.raises(TakenBySomebodyElse) as refused:
            answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON)
        assert refused.value.by == somchai
        assert jobs_of(db, JobKind.CASE_SAY) == []


@pytest.mark.parametrize(
    ("text", "units"), [("", 0), (" \n\0", 0), ("ก" * 5001, 5001), ("🙂" * 2501, 5002), ("\ud800" * 5001, 5001)]
)
def test_what_line_would_not_take_is_refused(sqlite_database: Database, vault: Vault, text: str, units: int) -> None:
    with sqlite_database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        with pytest.raises(TextRefused) as refused:
            answering.answer(db, vault, case.id, by=malee, text=text, rules=RULES, now=NOON)
        assert (refused.value.units, refused.value.most) == (units, 5000)
        answering.answer(db, vault, case.id, by=malee, text="🙂" * 2500, rules=RULES, now=NOON)
        answering.answer(db, vault, case.id, by=malee, text="ก\ud83dข", rules=RULES, now=NOON)
        assert [one.text for one in thread.read(db, vault, case.id, limit=9)] == ["🙂" * 2500, "ก\ufffdข"]


def test_who_left_or_is_unknown_to_line_or_was_erased_cannot_be_told(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        gone = a_case(db, person_id=a_citizen(db, MALEE, following=False))
        unknown = a_case(db)
        people.set_unreachable(db, unknown.person_id or 0, at=NOON)
        erased = a_case(db, CaseKind.STORY, person_id=a_citizen(db, "U" + "7" * 32))
        db.delete(people.get(db, erased.person_id or 0))
        db.flush()
        for case in (gone, unknown, erased):
            assert not answering.can_be_told(db, get(db, case.id))
            with pytest.raises(NobodyToTell):
                answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON)
            with pytest.raises(NobodyToTell):
                saying.send_bot(db, vault, handling.lock(db, case.id, by=None), kind="closed", now=NOON)
        assert jobs_of(db, JobKind.CASE_SAY) == []


def test_an_answer_is_free_while_the_citizen_s_reply_token_is_fresh(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        assert answering.costs(case, now=NOON)
        hearing.hear(db, vault, case, wrote(at=NOON), text="ก", now=NOON, rules=RULES)
        case = get(db, case.id)
        assert answering.free_until(case, now=NOON) == NOON + answering.TOKEN_LIFE
        assert not answering.costs(case, now=NOON + timedelta(seconds=49))
        assert answering.costs(case, now=NOON + timedelta(seconds=50))
    assert answering.TOKEN_LIFE == delivery.TOKEN_LIFE


@pytest.mark.parametrize(
    ("status", "waits_for", "live"), [(SENT, CITIZEN, True), (UNKNOWN, STAFF, True), (FAILED, STAFF, False)]
)
def test_what_became_of_an_answer_is_written_down_once(
    database: Database, vault: Vault, status: str, waits_for: str, live: bool
) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        row = answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON)
        assert answering.note_said(db, row.id, status=status, pushed=True)
        assert not answering.note_said(db, row.id, status=SENT, pushed=False)
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.delivery, one.pushed) for one in said] == [(status, True)]
        case = get(db, case.id)
        assert (case.waits_for, case.live_until is not None) == (waits_for, live)


def test_who_was_not_reached_is_late_until_staff_write_again(database: Database, vault: Vault) -> None:
    """The citizen knows of no answer: the case must not lie below all others for ever."""
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        row = answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON)
        answering.note_said(db, row.id, status=FAILED, pushed=False)
        assert inbox.is_overdue(get(db, case.id), now=NOON + timedelta(seconds=1))
        answering.answer(db, vault, case.id, by=malee, text="ข", rules=RULES, now=NOON + timedelta(hours=1))
        assert get(db, case.id).due_at is None


@pytest.mark.parametrize("left", [True, False])
def test_who_cannot_be_reached_is_nobody_to_hurry_for(database: Database, vault: Vault, left: bool) -> None:
    """Nor does a failure shorten what was promised for what they wrote since."""
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        row = answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON)
        promised = None
        if left:
            people.set_following(db, person_id=case.person_id or 0, following=False, at=NOON)
        else:
            hearing.hear(db, vault, case, wrote(), text="ว่าไงคะ", now=NOON, rules=RULES)
            promised = get(db, case.id).due_at
            assert promised is not None
        answering.note_said(db, row.id, status=FAILED, pushed=False)
        assert get(db, case.id).due_at == promised


def test_what_the_bot_says_changes_nothing_in_the_case(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        case = a_case(db)
        row = saying.send_bot(db, vault, handling.lock(db, case.id, by=None), kind="resumed", now=NOON)
        answering.note_said(db, row.id, status=FAILED, pushed=False)
        after = get(db, case.id)
        assert (after.version, after.waits_for, after.live_until) == (1, STAFF, None)
        said = thread.read(db, vault, case.id, limit=9)
        assert [(one.author, one.kind, one.text, one.delivery) for one in said] == [("bot", "resumed", None, "failed")]


@pytest.mark.parametrize("status", [FAILED, UNKNOWN])
def test_an_answer_that_fails_after_the_end_opens_the_case_again(database: Database, vault: Vault, status: str) -> None:
    """Nobody looks into a closed case, and its citizen would read that it is done. Whether it is late depends on
    whether they may know the answer."""
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db)
        row = answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=NOON)
        handling.close(db, vault, case.id, by=malee, tell=True, now=LATER)
        assert answering.note_said(db, row.id, status=status, pushed=False)
        case = get(db, case.id)
        assert (case.state, case.taken_by, case.waits_for, case.closed_at) == (TAKEN, malee, STAFF, None)
        assert (case.due_at, case.live_until) == (NOON if status == FAILED else None, None)


def test_a_closed_case_stays_so_where_the_answer_arrived_or_nobody_is_left_or_only_the_question_failed(
    database: Database, vault: Vault
) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case, erased = a_case(db), a_case(db, CaseKind.STORY, person_id=a_citizen(db, MALEE))
        row, lost = (
            answering.answer(db, vault, one.id, by=malee, text="ก", rules=RULES, now=NOON) for one in (case, erased)
        )
        for one in (case, erased):
            handling.close(db, vault, one.id, by=malee, tell=True, now=LATER)
        asked = next(one for one in thread.read(db, vault, case.id, limit=9) if one.author == "bot")
        db.delete(people.get(db, erased.person_id or 0))
        db.flush()
        for message_id, status in ((row.id, SENT), (asked.id, FAILED), (lost.id, FAILED)):
            assert answering.note_said(db, message_id, status=status, pushed=False)
        assert [get(db, one.id).state for one in (case, erased)] == ["closed", "closed"]


def test_what_became_of_a_message_is_written_down_of_those_that_exist(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        row = answering.answer(db, vault, a_case(db).id, by=malee, text="ก", rules=RULES, now=NOON)
        assert not answering.note_said(db, 999, status=SENT, pushed=False)
        with pytest.raises(ValueError, match="trying"):
            answering.note_said(db, row.id, status="trying", pushed=False)


def test_a_request_about_data_is_not_late_for_an_answer_that_failed(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        (malee,) = staff_of(db, "malee")
        case = a_case(db, CaseKind.PRIVACY)
        promised = case.due_at
        row = answering.answer(db, vault, case.id, by=malee, text="ก", rules=RULES, now=LATER)
        answering.note_said(db, row.id, status=FAILED, pushed=False)
        assert get(db, case.id).due_at == promised == NOON + timedelta(days=30)
