"""Messages of one breath are read as one: waited for, joined, acted upon once, whatever dies on the way."""

from __future__ import annotations

from typing import Any

import pytest

from bot.queue.jobs import LEASE
from bot.storage import incoming, withdrawn
from bot.storage import jobs as jobs_table
from bot.storage.outgoing import Delivery
from bot.tasks import case, delivering, turn
from bot.tasks.running import run_next
from tests.bot.tasks.test_turn import die, jobs_left, killed, payloads_kept
from tests.builders import SOMCHAI, a_press, a_text, an_event
from tests.office import Office, answers, words_of

WHOLE = "ศูนย์\nเปิดกี่โมง"


@pytest.fixture
def told(office: Office) -> Office:
    office.matcher.told = {
        WHOLE: answers("center.hours"),
        "เปิดกี่โมง": answers("center.hours"),
        "ติดต่อยังไง": answers("center.contact"),
        "สวัสดี": answers("general.greeting"),
        "อยากตาย": answers("general.crisis", urgent=True),
    }
    return office


def in_one_breath(office: Office, *texts: str, seconds: float = 0.5) -> None:
    for number, text in enumerate(texts, start=1):
        office.receive(a_text(text, message_id=str(number)))
        office.wait(seconds=seconds if number < len(texts) else 0)


def outcomes(office: Office) -> list[str | None]:
    with office.database.reading() as db:
        return [row.outcome for row in db.query(incoming.IncomingRow).order_by(incoming.IncomingRow.id)]


def asked(office: Office) -> list[str | None]:
    return [question.text for question in office.questions()]


def test_what_may_be_a_beginning_is_held_for_one_second(told: Office) -> None:
    told.receive(a_text("ศูนย์"))
    assert told.work() == 1
    assert (told.line.sent, told.questions()) == ([], [])
    told.wait(seconds=0.99)
    assert told.work() == 0
    told.wait(seconds=0.01)
    assert told.work() == 1
    assert len(told.line.sent) == 1


@pytest.mark.parametrize("text", ["เปิดกี่โมง", "อยากตาย"])
def test_what_is_clear_or_urgent_is_answered_at_once(told: Office, text: str) -> None:
    told.receive(a_text(text))
    told.work()
    assert len(told.line.sent) == 1


def test_a_greeting_is_held(told: Office) -> None:
    told.receive(a_text("สวัสดี"))
    told.work()
    assert told.line.sent == []


def test_parts_are_joined_and_answered_once_by_the_last_part_s_token(told: Office) -> None:
    first, last = a_text("ศูนย์", message_id="1"), a_text("เปิดกี่โมง", message_id="2")
    told.receive(first)
    told.wait(seconds=0.9)
    told.receive(last)
    told.work()
    assert told.line.sent == [], "who has begun to write in parts is likely to go on"
    told.wait(seconds=1)
    told.work()
    assert [(way, token) for way, token, _ in told.line.sent] == [("reply", last["replyToken"])]
    assert asked(told) == [WHOLE]
    assert outcomes(told) == ["question", "read together"]
    assert (jobs_left(told), payloads_kept(told)) == (0, 0)
    assert told.questions()[0].message_id == "2"


def test_what_follows_more_than_a_second_later_is_a_message_of_its_own(told: Office) -> None:
    in_one_breath(told, "ศูนย์", "เปิดกี่โมง", seconds=1.1)
    told.work()
    assert asked(told) == ["ศูนย์", "เปิดกี่โมง"]


def test_a_part_prolongs_the_wait_but_not_beyond_three_seconds(told: Office) -> None:
    in_one_breath(told, *"กขคงจ", seconds=0.7)  # the last one 2.8 seconds after the first
    told.work()
    assert told.line.sent == []
    told.wait(seconds=0.2)
    told.work()
    assert asked(told) == ["ก\nข\nค\nง\nจ"]


def test_a_tenth_part_ends_the_wait_and_an_eleventh_begins_anew(told: Office) -> None:
    parts = "กขคงจฉชซฌญฎ"
    in_one_breath(told, *parts, seconds=0.05)
    told.work()
    assert asked(told) == ["\n".join(parts[:10])]
    told.wait(seconds=1)
    told.work()
    assert asked(told) == ["\n".join(parts[:10]), parts[10]]


def test_nine_parts_still_wait(told: Office) -> None:
    in_one_breath(told, *"กขคงจฉชซฌ", seconds=0.05)
    told.work()
    assert told.questions() == []


def test_what_somebody_else_writes_is_not_joined(told: Office) -> None:
    told.receive(a_text("ศูนย์"), a_text("เปิดกี่โมง", user_id="U" + "8" * 32))
    told.wait(seconds=1)
    told.work()
    assert sorted(filter(None, asked(told))) == ["ศูนย์", "เปิดกี่โมง"]


@pytest.mark.parametrize(
    "between",
    [a_press("nonsense"), an_event("message", message={"type": "sticker", "id": "7"})],
    ids=["postback", "sticker"],
)
def test_something_else_between_two_texts_keeps_them_apart_and_in_order(told: Office, between: dict[str, Any]) -> None:
    told.receive(a_text("ศูนย์"), between, a_text("ติดต่อยังไง", message_id="2"))
    told.wait(seconds=1)
    told.work()
    assert asked(told) == ["ศูนย์", "ติดต่อยังไง"]
    assert len(told.line.sent) == 3
    assert len([outcome for outcome in outcomes(told) if outcome == "read together"]) == 0


@pytest.mark.parametrize(
    "point",
    [
        (turn, "understood"),
        (turn, "_waits_for_more"),
        (turn, "_take_effect"),
        (turn.jobs, "absorb"),
        (turn, "_run"),
        (turn.unsending, "note_joined"),
        (turn.inbox_table, "settle"),
        (delivering, "deliver"),
        (delivering, "_account_for"),
    ],
    ids=lambda point: point[1],
)
def test_killed_at_any_point_the_effects_come_once_and_the_answer_is_the_whole_one(
    told: Office, monkeypatch: pytest.MonkeyPatch, point: tuple[Any, str]
) -> None:
    in_one_breath(told, "ศูนย์", "เปิดกี่โมง")
    told.wait(seconds=1)
    with monkeypatch.context() as patch, killed():
        patch.setattr(*point, die)
        run_next(told.tools)
    told.wait(seconds=LEASE.total_seconds() + 1)
    told.work()
    assert asked(told) == [WHOLE]
    assert outcomes(told) == ["question", "read together"]
    assert (jobs_left(told), payloads_kept(told)) == (0, 0)
    assert told.deliveries() == {Delivery.SENT: 1}
    assert len({token for _, token, _ in told.line.sent}) == 1


def test_killed_while_it_waits_for_more_nothing_is_lost(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told.receive(a_text("ศูนย์", message_id="1"))
    with monkeypatch.context() as patch, killed():
        patch.setattr(turn.jobs, "try_later", die)
        run_next(told.tools)
    told.wait(seconds=0.5)
    told.receive(a_text("เปิดกี่โมง", message_id="2"))
    told.wait(seconds=LEASE.total_seconds() + 1)
    told.work()
    assert asked(told) == [WHOLE]


def test_a_lease_lost_in_between_leaves_the_work_to_the_other(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    in_one_breath(told, "ศูนย์", "เปิดกี่โมง")
    real, overtaken = turn.understood, []

    def overtaking(given: case.Case) -> case.Case:
        if not overtaken:
            overtaken.append(True)
            told.wait(seconds=LEASE.total_seconds() + 1)
            run_next(told.tools)
        return real(given)

    monkeypatch.setattr(turn, "understood", overtaking)
    told.work()
    assert overtaken
    assert asked(told) == [WHOLE]
    assert told.deliveries() == {Delivery.SENT: 1}
    assert jobs_left(told) == 0


def test_parts_that_are_gone_undo_the_whole_turn(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    in_one_breath(told, "ศูนย์", "เปิดกี่โมง")
    real = turn.understood

    def losing_a_part(given: case.Case) -> case.Case:
        with told.database.transaction() as db:
            jobs_table.drop(db, [part.job_id for part in given.parts], lane=lane_of(told))
        return real(given)

    monkeypatch.setattr(turn, "understood", losing_a_part)
    run_next(told.tools)
    assert (told.questions(), told.line.sent) == ([], [])


def lane_of(office: Office) -> str:
    with office.database.reading() as db:
        return str(db.query(jobs_table.JobRow).first().lane)  # type: ignore[union-attr]


@pytest.mark.parametrize("message_id", ["1", "2", "3"])
def test_a_part_that_was_withdrawn_before_it_is_read_is_left_out(told: Office, message_id: str) -> None:
    with told.database.transaction() as db:
        withdrawn.note_unsent(db, message_id=message_id, now=told.now)
    in_one_breath(told, "ก", "ข", "ค", seconds=0.3)
    told.wait(seconds=2)
    told.work()
    withdrawn_text = "กขค"[int(message_id) - 1]
    assert asked(told), "the others are answered"
    assert all(withdrawn_text not in (text or "") for text in asked(told))
    assert jobs_left(told) == 0


def test_a_part_after_a_final_answer_that_adds_nothing_is_met_with_silence(told: Office) -> None:
    told.matcher.told["เปิดกี่โมง\nคะ"] = answers("center.hours")
    told.receive(a_text("เปิดกี่โมง", message_id="1"))
    told.work()
    told.wait(seconds=0.5)
    told.receive(a_text("คะ", message_id="2"))
    told.wait(seconds=1)
    told.work()
    assert len(told.line.sent) == 1
    assert told.cases() == []


def test_a_part_after_a_final_answer_that_changes_it_is_answered_for_the_whole(told: Office) -> None:
    told.matcher.told["เปิดกี่โมง\nที่ไหนด้วย"] = answers("center.location")
    told.receive(a_text("เปิดกี่โมง", message_id="1"))
    told.work()
    told.wait(seconds=0.5)
    told.receive(a_text("ที่ไหนด้วย", message_id="2"))
    told.wait(seconds=1)
    told.work()
    assert len(told.line.sent) == 2
    assert [question.entry for question in told.questions()] == ["center.hours", "center.location"]


def test_a_part_after_a_final_answer_that_is_clear_itself_is_answered_for_itself(told: Office) -> None:
    told.receive(a_text("เปิดกี่โมง", message_id="1"))
    told.work()
    told.receive(a_text("ติดต่อยังไง", message_id="2"))
    told.work()
    assert [question.entry for question in told.questions()] == ["center.hours", "center.contact"]


def test_a_second_later_it_is_not_a_continuation_any_more(told: Office) -> None:
    told.matcher.told["เปิดกี่โมง\nคะ"] = answers("center.hours")
    told.receive(a_text("เปิดกี่โมง", message_id="1"))
    told.work()
    told.wait(seconds=1.1)
    told.receive(a_text("คะ", message_id="2"))
    told.wait(seconds=1)
    told.work()
    assert len(told.line.sent) == 2


def test_each_part_counts_against_the_pace(told: Office) -> None:
    told.person_pace = 5
    told.__post_init__()
    in_one_breath(told, *"กขคงจฉ", seconds=0.05)
    told.wait(seconds=1)
    told.work()
    assert "อ่านไม่ทัน" in words_of(told.line.sent[-1][2])
    assert SOMCHAI not in str(told.cases())
    assert [kind for kind, _, _ in told.cases()] == ["flood"]
