"""What staff write in a case reaches its citizen once, for free where it can; or they see that it did not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.cases import handling, saying
from bot.conversation.dispatcher import Route
from bot.messages import Failure
from bot.queue.jobs import LEASE, MOST_STRIKES
from bot.queue.kinds import JobKind
from bot.storage import holds, incoming, jobs, outgoing
from bot.storage.case_messages import FAILED, QUEUED, SENT, UNKNOWN
from bot.storage.cases import CaseRow
from bot.storage.incoming import IncomingRow
from bot.storage.outgoing import OutgoingRow
from bot.tasks import case_saying, delivering
from tests.bot.tasks.case_desk import WORDS, CaseDesk
from tests.bot.tasks.test_turn import die, killed
from tests.builders import a_text
from tests.office import Office

AFTER_ITS_LEASE = LEASE.total_seconds() + 1


@pytest.fixture
def desk(office: Office) -> CaseDesk:
    return CaseDesk(office)


def open_jobs(desk: CaseDesk) -> int:
    with desk.office.database.reading() as db:
        return jobs.count_open(db)


def tries(desk: CaseDesk) -> list[int]:
    with desk.office.database.reading() as db:
        return [row.tries for row in db.query(OutgoingRow)]


def test_a_fresh_answer_goes_out_by_the_citizens_own_reply_token(desk: CaseDesk) -> None:
    desk.citizen_writes()
    desk.office.wait(seconds=40)
    desk.answer()
    desk.office.work()
    assert [(way, token) for way, token, _ in desk.office.line.sent] == [("reply", "token-1")]
    assert (desk.said(), desk.told(), open_jobs(desk)) == ([("reply", WORDS)], [(SENT, False)], 0)


@pytest.mark.parametrize("seconds", [50, 3600])
def test_a_later_answer_is_one_push(desk: CaseDesk, seconds: int) -> None:
    desk.citizen_writes()
    desk.office.wait(seconds=seconds)
    desk.answer()
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("push", WORDS)], [(SENT, True)])


def test_who_has_not_written_in_the_case_gets_a_push(desk: CaseDesk) -> None:
    desk.answer()
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("push", WORDS)], [(SENT, True)])


def test_a_reply_token_is_used_once(desk: CaseDesk) -> None:
    desk.citizen_writes()
    desk.answer("หนึ่ง")
    desk.answer("สอง")
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("reply", "หนึ่ง"), ("push", "สอง")], [(SENT, False), (SENT, True)])


def test_a_token_that_line_does_not_take_any_more_costs_a_push(desk: CaseDesk) -> None:
    desk.citizen_writes()
    desk.answer()
    desk.office.line.failures = [Failure.TOKEN_SPENT]
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("push", WORDS)], [(SENT, True)])


def test_what_the_bot_says_of_the_end_goes_the_same_way(desk: CaseDesk) -> None:
    with desk.office.database.transaction() as db:
        saying.send_bot(db, desk.office.vault, handling.lock(db, desk.case_id, by=None), kind="closed", now=desk.now)
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("push", "closed")], [(SENT, True)])


def test_staffs_answers_are_outside_the_daily_cap_of_answers(desk: CaseDesk) -> None:
    object.__setattr__(desk.office.tools, "push_daily_cap", 0)
    desk.answer()
    desk.office.work()
    assert desk.told() == [(SENT, True)]


def test_what_staff_write_goes_out_while_sending_is_held(desk: CaseDesk) -> None:
    with desk.office.database.transaction() as db:
        holds.begin(db, holds.SENDING, why="restored", now=desk.now)
    desk.answer()
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("push", WORDS)], [(SENT, True)])


def test_it_stands_behind_what_the_citizen_wrote_before(desk: CaseDesk) -> None:
    desk.office.receive(a_text("เมนู"))
    desk.answer()
    desk.office.work()
    assert [way for way, _ in desk.said()] == ["reply", "push"]
    assert desk.said()[1][1] == WORDS


def test_what_the_citizen_wrote_just_before_it_lets_it_go_out_for_free(desk: CaseDesk) -> None:
    desk.office.receive(a_text("แล้วต้องทำอะไรต่อ"))
    desk.answer()
    desk.office.wait(seconds=2)
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("reply", WORDS)], [(SENT, False)])


@pytest.mark.parametrize("failure", [Failure.AMBIGUOUS, Failure.RATE_LIMITED, Failure.UNREACHABLE])
def test_while_line_is_away_it_is_tried_again_with_the_same_key(desk: CaseDesk, failure: Failure) -> None:
    desk.office.line.failures = [failure, failure]
    desk.office.line.takes_in_doubt = True
    desk.answer()
    for _ in range(3):
        desk.office.work()
        desk.office.wait(minutes=2)
    keys = {key for way, key, _ in desk.office.line.sent if way == "push"}
    assert (len(keys), desk.to(), desk.told()) == (1, desk.to()[:1], [(SENT, True)])


def test_killed_before_it_was_sent_it_is_sent_once(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.answer()
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering.delivery, "take_step", die)
        desk.office.work()
    assert (desk.said(), desk.told()) == ([], [(QUEUED, False)])
    desk.office.wait(seconds=AFTER_ITS_LEASE)
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("push", WORDS)], [(SENT, True)])


def test_killed_after_line_took_the_reply_it_is_not_said_again(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.citizen_writes()
    desk.answer()
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        desk.office.work()
    desk.office.line.failures = [Failure.TOKEN_SPENT]
    desk.office.wait(seconds=AFTER_ITS_LEASE)
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("reply", WORDS)], [(SENT, False)])


def test_a_reply_of_which_nobody_knows_is_seen_and_never_repeated(
    desk: CaseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.citizen_writes()
    desk.answer()
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        desk.office.work()
    desk.office.wait(minutes=2)
    desk.office.work()
    assert (len(desk.said()), desk.told(), desk.case().waits_for) == (1, [(UNKNOWN, False)], "staff")


def test_killed_after_line_took_the_push_line_recognises_the_repetition(
    desk: CaseDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.answer()
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        desk.office.work()
    desk.office.wait(seconds=AFTER_ITS_LEASE)
    desk.office.work()
    assert (len(desk.to()), desk.told()) == (1, [(SENT, True)])


@pytest.mark.parametrize("failure", [None, Failure.REFUSED])
def test_killed_before_the_end_was_written_down_it_is_written_down_a_minute_later(
    desk: CaseDesk, monkeypatch: pytest.MonkeyPatch, failure: Failure | None
) -> None:
    desk.office.line.failures = [failure]
    desk.answer()
    with monkeypatch.context() as patch, killed():
        patch.setattr(case_saying, "_account_for", die)
        desk.office.work()
    assert (desk.told(), open_jobs(desk)) == ([(QUEUED, False)], 0)
    desk.look_for_due(seconds=59)
    assert desk.told() == [(QUEUED, False)]
    desk.look_for_due(seconds=2)
    assert desk.told() == ([(SENT, True)] if failure is None else [(FAILED, False)])


def test_who_blocked_the_account_is_not_written_to_and_staff_see_it(desk: CaseDesk) -> None:
    desk.answer()
    desk.block()
    desk.office.work()
    case = desk.case()
    assert (desk.said(), desk.told(), case.waits_for, case.live_until) == ([], [(FAILED, False)], "staff", None)


def test_who_blocks_the_account_while_line_is_away_is_not_written_to_later(desk: CaseDesk) -> None:
    desk.office.line.failures = [Failure.UNREACHABLE]
    desk.answer()
    desk.office.work()
    desk.block()
    desk.office.wait(minutes=2)
    desk.office.work()
    assert (desk.said(), desk.told(), open_jobs(desk)) == ([], [(FAILED, False)], 0)


def test_who_was_erased_is_not_written_to(desk: CaseDesk) -> None:
    desk.answer()
    desk.forget()
    desk.office.work()
    assert (desk.said(), open_jobs(desk)) == ([], 0)


@pytest.mark.parametrize("failure", [Failure.REFUSED, Failure.QUOTA_SPENT])
def test_what_line_does_not_take_is_seen_by_staff_at_once(desk: CaseDesk, failure: Failure) -> None:
    desk.office.line.failures = [failure]
    desk.answer()
    desk.office.work()
    assert (desk.said(), desk.told(), desk.case().waits_for) == ([], [(FAILED, False)], "staff")
    with desk.office.database.reading() as db:
        assert [case.kind for case in db.query(CaseRow)] == ["wants_person"], "it is no case of its own"


@pytest.mark.parametrize(("failure", "end"), [(Failure.UNREACHABLE, FAILED), (Failure.AMBIGUOUS, UNKNOWN)])
def test_after_23_hours_it_is_not_tried_any_more(desk: CaseDesk, failure: Failure, end: str) -> None:
    desk.office.line.failures = [failure] * 60
    desk.answer()
    desk.office.work()
    for hour in range(1, 24):
        assert desk.told() == [(QUEUED, False)], hour
        desk.office.wait(hours=1)
        desk.office.work()
    desk.office.wait(minutes=2)
    desk.office.work()
    before = len(desk.office.line.failures)
    assert (desk.told(), open_jobs(desk)) == ([(end, False)], 0)
    desk.office.wait(hours=1)
    desk.office.work()
    assert len(desk.office.line.failures) == before


def test_what_was_not_looked_at_for_23_hours_is_not_sent(desk: CaseDesk) -> None:
    desk.answer()
    desk.office.wait(hours=23, seconds=1)
    desk.office.work()
    assert (desk.said(), desk.told()) == ([], [(FAILED, False)])


def test_what_the_citizen_writes_does_not_wait_for_long_behind_an_answer_in_trouble(desk: CaseDesk) -> None:
    desk.office.line.failures = [Failure.UNREACHABLE] * 7
    desk.answer()
    for _ in range(7):
        desk.office.work()
        desk.office.wait(minutes=2)
    with desk.office.database.reading() as db:
        (job,) = db.query(jobs.JobRow)
        assert (job.kind, job.lane) == (JobKind.CASE_SAY, None)
    desk.office.work()
    assert (desk.said(), desk.told()) == ([("push", WORDS)], [(SENT, True)])


def leave_the_lane(desk: CaseDesk) -> None:
    """LINE has been away for so long that the answer is tried beside what its citizen writes."""
    desk.office.line.failures = [Failure.UNREACHABLE] * 7
    desk.answer("หนึ่ง")
    for _ in range(7):
        desk.office.work()
        desk.office.wait(minutes=2)


def test_what_is_written_later_waits_for_an_answer_in_trouble(desk: CaseDesk) -> None:
    leave_the_lane(desk)
    desk.answer("สอง")
    with desk.office.database.transaction() as db:
        handling.close(db, desk.office.vault, desk.case_id, by=desk.staff_id, tell=True, now=desk.now)
    for _ in range(9):
        desk.office.work()
        desk.office.wait(seconds=30)
    assert desk.said() == [("push", "หนึ่ง"), ("push", "สอง"), ("push", "closed")]
    assert (desk.told(), open_jobs(desk)) == ([(SENT, True)] * 3, 0)


def test_what_waits_for_an_answer_in_trouble_does_not_keep_its_citizen_waiting(desk: CaseDesk) -> None:
    leave_the_lane(desk)
    desk.answer("สอง")
    desk.office.line.failures = [Failure.UNREACHABLE]
    desk.office.work()
    assert desk.said() == []
    desk.office.hear(a_text("เมนู"))
    assert [way for way, _ in desk.said()][:1] == ["reply"]


def test_one_that_was_given_up_keeps_nothing_waiting(desk: CaseDesk) -> None:
    first, second = desk.answer("หนึ่ง"), desk.answer("สอง")

    def fail(turn: Any) -> Any:
        if turn.pressed.arguments["m"] == str(first):
            raise RuntimeError
        return desk._say(turn)

    mine = Route("case_say", lambda turn: turn.pressed is not None and turn.pressed.action == "case_say", fail)
    object.__setattr__(desk.office.tools, "routes", (mine, *desk.office.tools.routes))
    for _ in range(MOST_STRIKES + 1):
        desk.office.work()
        desk.office.wait(minutes=2)
    assert (second > first, desk.said()) == (True, [("push", "สอง")])


def test_one_that_fails_every_time_is_given_up_and_seen(desk: CaseDesk) -> None:
    def fail(_: Any) -> Any:
        raise RuntimeError

    routes = (Route("case_say", lambda turn: turn.pressed is not None, fail), *desk.office.tools.routes)
    object.__setattr__(desk.office.tools, "routes", routes)
    message_id = desk.answer()
    for _ in range(MOST_STRIKES + 1):
        desk.office.work()
        desk.office.wait(minutes=2)
    desk.look_for_due(minutes=1)
    assert (desk.said(), desk.told()) == ([], [(FAILED, False)])
    with desk.office.database.reading() as db:
        (row,) = db.query(IncomingRow).where(IncomingRow.webhook_event_id == f"case/{message_id}")
        assert (row.payload, row.outcome) == (None, "given up")


def test_one_given_up_in_the_middle_of_sending_is_unknown(desk: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    desk.answer()
    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_account_for", fail)
        for _ in range(MOST_STRIKES + 1):
            desk.office.work()
            desk.office.wait(minutes=2)
    desk.look_for_due(minutes=1)
    assert (len(desk.to()), desk.told()) == (1, [(UNKNOWN, False)])
    assert desk.office.deliveries() == {"unknown": 1}


def test_what_is_on_its_way_is_not_taken_for_left_over(desk: CaseDesk) -> None:
    desk.office.line.failures = [Failure.UNREACHABLE] * 3
    desk.answer()
    desk.office.work()
    desk.office.wait(minutes=30)
    with desk.office.database.transaction() as db:
        db.execute(jobs.JobRow.__table__.update().values(due_at=desk.now + timedelta(hours=1)))  # type: ignore[attr-defined]
    assert case_saying.account_for_left_over(desk.office.tools) == 0
    assert desk.told() == [(QUEUED, False)]


def test_nothing_of_its_words_or_its_citizen_stays_in_what_sent_it(desk: CaseDesk) -> None:
    desk.answer()
    desk.office.work()
    with desk.office.database.reading() as db:
        (row,) = db.query(IncomingRow)
        answer = outgoing.find_for_incoming(db, row.id)
        assert (row.payload, row.lane, answer and answer.messages) == (None, None, None)
        assert incoming.get_for_turn(db, row.id).settled
