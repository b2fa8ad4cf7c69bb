"""A turn's life: in order, once, whatever dies or fails on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.messages import Failure
from bot.queue import jobs
from bot.queue.jobs import LEASE
from bot.storage import incoming
from bot.storage import jobs as jobs_table
from bot.storage.outgoing import Delivery
from bot.tasks import delivering, turn
from bot.tasks.running import run_next
from tests.builders import MALEE, NOON, SOMCHAI, a_follow, a_press, a_text, an_event, apart
from tests.office import Office, answers, words_of


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


@contextmanager
def killed() -> Iterator[None]:
    with pytest.raises(Killed):
        yield


def die(*_: Any, **__: Any) -> Any:
    raise Killed


@pytest.fixture
def told(office: Office) -> Office:
    office.matcher.told["ศูนย์คืออะไร"] = answers("center.what")
    office.matcher.told["เปิดกี่โมง"] = answers("center.hours")
    return office


def payloads_kept(office: Office) -> int:
    with office.database.reading() as db:
        return db.query(incoming.IncomingRow).where(incoming.IncomingRow.payload.isnot(None)).count()


def jobs_left(office: Office) -> int:
    with office.database.reading() as db:
        return jobs_table.count_open(db)


def test_a_question_is_answered_by_the_free_reply(told: Office) -> None:
    event = a_text("ศูนย์คืออะไร")
    told.hear(event)
    assert [(way, token) for way, token, _ in told.line.sent] == [("reply", event["replyToken"])]
    assert told.deliveries() == {Delivery.SENT: 1}
    assert (payloads_kept(told), jobs_left(told)) == (0, 0)
    (question,) = told.questions()
    assert (question.text, question.decision, question.entry) == ("ศูนย์คืออะไร", "answer", "center.what")
    assert question.candidates == [{"entry": "center.what", "score": 0.9}]
    assert question.words == ["คำ"]
    assert question.knowledge_version == told.tools.library.current().version


def test_repeated_and_redelivered_events_act_once(told: Office) -> None:
    event = a_text("ศูนย์คืออะไร")
    told.hear(event)
    told.hear(event)
    told.hear(event | {"deliveryContext": {"isRedelivery": True}})
    assert (len(told.line.sent), len(told.questions())) == (1, 1)


def test_without_the_dedupe_a_repeated_event_acts_twice(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof above means something: with the unique id taken out of play, the repetition has effects."""
    event = a_text("ศูนย์คืออะไร")
    told.hear(event)
    told.hear(event | {"webhookEventId": "another id for the same event"})
    assert (len(told.line.sent), len(told.questions())) == (2, 2)


def test_killed_before_the_effects_the_turn_runs_again(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    with monkeypatch.context() as patch, killed():
        patch.setattr(turn, "_take_effect", die)
        run_next(told.tools)
    assert told.work() == 0, "the lease still protects it"
    told.wait(seconds=LEASE.total_seconds() + 1)
    assert told.work() == 1
    assert (len(told.line.sent), len(told.questions())) == (1, 1)


def test_killed_between_effects_and_sending_the_answer_still_goes_out(
    told: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering.delivery, "take_step", die)
        run_next(told.tools)
    assert (len(told.line.sent), len(told.questions())) == (0, 1)
    told.wait(seconds=LEASE.total_seconds() + 1)
    told.work()
    assert (len(told.line.sent), len(told.questions())) == (1, 1)
    assert told.deliveries() == {Delivery.SENT: 1}


def test_killed_after_line_took_the_reply_nothing_is_said_twice(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        run_next(told.tools)
    assert len(told.line.sent) == 1
    told.line.failures = [Failure.TOKEN_SPENT]  # what LINE says to a used token
    told.wait(seconds=LEASE.total_seconds() + 1)
    told.work()
    assert len(told.line.sent) == 1
    assert told.deliveries() == {Delivery.SENT: 1}


def test_a_reply_that_nobody_can_know_of_goes_to_staff(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        run_next(told.tools)
    told.wait(seconds=61)
    told.work()
    assert len(told.line.sent) == 1, "it is never sent again by itself"
    assert told.deliveries() == {Delivery.UNKNOWN: 1}
    assert told.cases() == [("unknown_delivery", False, None)]


def test_a_worker_that_lost_its_lease_changes_nothing(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    real = delivering.delivery.take_step

    def slow(*arguments: Any, **more: Any) -> Any:
        step = real(*arguments, **more)
        told.wait(seconds=LEASE.total_seconds() + 1)
        monkeypatch.setattr(delivering.delivery, "take_step", real)
        told.line.failures = [Failure.TOKEN_SPENT]
        assert run_next(told.tools), "a second worker takes over"
        return step

    monkeypatch.setattr(delivering.delivery, "take_step", slow)
    assert run_next(told.tools)
    assert told.deliveries() == {Delivery.SENT: 1}
    assert (len(told.questions()), jobs_left(told), told.cases()) == (1, 0, [])


def test_a_late_answer_is_one_push_with_a_key_stored_beforehand(told: Office) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    told.wait(seconds=55)
    told.work()
    assert [way for way, _, _ in told.line.sent] == ["push"]
    assert told.deliveries() == {Delivery.SENT: 1}


def test_a_push_cut_off_is_repeated_with_the_same_key(told: Office) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    told.wait(seconds=55)
    told.line.failures = [Failure.AMBIGUOUS, Failure.AMBIGUOUS]
    for _ in range(3):
        told.work()
        told.wait(seconds=5)
    assert [way for way, _, _ in told.line.sent] == ["push"]
    assert told.deliveries() == {Delivery.SENT: 1}


def test_a_push_killed_after_acceptance_is_repeated_with_the_same_key(
    told: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    told.wait(seconds=55)
    with monkeypatch.context() as patch, killed():
        patch.setattr(delivering, "_account_for", die)
        run_next(told.tools)
    told.wait(seconds=LEASE.total_seconds() + 1)
    told.work()
    assert len({key for way, key, _ in told.line.sent if way == "push"}) == 1, "LINE tells the second from the first"
    assert told.deliveries() == {Delivery.SENT: 1}


def test_billed_answers_stop_at_their_daily_number(told: Office) -> None:
    for number in range(7):
        told.receive(a_text("ศูนย์คืออะไร", user_id=f"U{number:032x}"))
    told.wait(seconds=55)
    told.work()
    assert len(told.line.sent) == 5
    assert told.deliveries() == {Delivery.SENT: 5, Delivery.UNDELIVERABLE: 2}
    assert [kind for kind, _, _ in told.cases()] == ["undeliverable"] * 2


def test_line_away_for_a_while_costs_time_only(told: Office) -> None:
    told.receive(*apart(a_text("ศูนย์คืออะไร"), a_text("เปิดกี่โมง")))
    told.line.failures = [Failure.UNREACHABLE] * 4
    for _ in range(25):
        told.work()
        told.wait(seconds=1)
    assert [way for way, _, _ in told.line.sent] == ["reply", "reply"]
    assert told.deliveries() == {Delivery.SENT: 2}


def test_line_away_for_a_quarter_of_an_hour_ends_with_staff(told: Office) -> None:
    told.receive(a_text("ศูนย์คืออะไร"))
    told.line.failures = [Failure.UNREACHABLE] * 100
    for _ in range(30):
        told.work()
        told.wait(seconds=30)
    assert told.line.sent == []
    assert told.cases() == [("undeliverable", False, None)]
    assert jobs_left(told) == 0


def test_one_person_s_turns_keep_their_order_while_others_go_on(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    told.receive(*apart(a_text("หนึ่ง"), a_text("สอง"), a_text("อื่น", user_id=MALEE)))
    told.wait(seconds=1)
    with monkeypatch.context() as patch, killed():
        patch.setattr(turn, "_take_effect", die)
        run_next(told.tools)
    told.work()
    assert [question.text for question in told.questions()] == ["อื่น"]
    told.wait(seconds=LEASE.total_seconds() + 1)
    told.work()
    assert [question.text for question in told.questions()] == ["อื่น", "หนึ่ง", "สอง"]


def test_many_workers_run_each_person_s_turns_in_order_once(office: Office) -> None:
    people = [f"U{number:032x}" for number in range(12)]
    office.matcher.told |= {str(number): answers("center.hours") for number in range(10)}
    for number in range(10):
        at = int((NOON - timedelta(minutes=10 - number)).timestamp() * 1000)
        office.receive(*(a_text(f"{number}", user_id=person, timestamp=at) for person in people))
    office.wait(seconds=1)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            idle = 0
            while idle < 10:
                idle = 0 if run_next(office.tools) else idle + 1
                if idle:
                    threading.Event().wait(0.02)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    by_asker: dict[str | None, list[str | None]] = {}
    for question in office.questions():
        by_asker.setdefault(question.asker, []).append(question.text)
    assert list(by_asker.values()) == [[str(number) for number in range(10)]] * 12
    assert len(office.line.sent) == 120


def test_a_handler_that_raises_is_given_up_and_told_to_staff_and_neighbours_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = turn.dispatch

    def fragile(routes: Any, given: Any) -> Any:
        if given.incoming.text == "boom":
            raise RuntimeError("a fault of ours")
        return real(routes, given)

    monkeypatch.setattr(turn, "dispatch", fragile)
    office.receive(*apart(a_text("boom"), a_text("ต่อไป")))
    office.wait(seconds=1)
    for _ in range(jobs.MOST_STRIKES + 1):
        office.work()
        office.wait(minutes=2)
    assert [question.text for question in office.questions()] == ["ต่อไป"]
    assert office.cases() == [("stuck", False, None)] or ("stuck", False, None) in office.cases()


def test_standby_groups_and_unknown_kinds_are_kept_and_answered_with_silence(office: Office) -> None:
    standby = a_text("x", mode="standby", replyToken=None)
    group = a_text("x", source={"type": "group", "groupId": "C" + "1" * 32, "userId": SOMCHAI})
    nobody = an_event("message", user_id=None, message={"type": "text", "id": "1", "text": "x"})
    assert office.receive(standby, group, nobody, an_event("zzz"), an_event("videoPlayComplete")) == 5
    assert office.work() == 0
    assert (office.line.sent, office.questions()) == ([], [])
    with office.database.reading() as db:
        rows = db.query(incoming.IncomingRow).order_by(incoming.IncomingRow.id).all()
    assert [row.outcome for row in rows] == ["kept"] * 5
    assert rows[1].payload is None, "nothing of a group's messages is kept"


def test_unfollow_stops_everything(told: Office) -> None:
    told.receive(a_follow())
    told.work()
    told.line.failures = [Failure.UNREACHABLE] * 10
    told.receive(*apart(a_text("ศูนย์คืออะไร"), a_text("เปิดกี่โมง")))
    told.work()
    before = len(told.line.sent)
    told.receive(an_event("unfollow", timestamp=int((told.now + timedelta(seconds=1)).timestamp() * 1000)))
    told.line.failures = []
    for _ in range(5):
        told.work()
        told.wait(seconds=10)
    assert len(told.line.sent) == before, "nothing goes out to somebody who left"
    assert told.deliveries()[Delivery.CANCELLED] == 1
    assert jobs_left(told) == 0


def test_somebody_who_writes_after_a_block_is_answered(told: Office) -> None:
    told.hear(a_follow())
    told.hear(an_event("unfollow"))
    later = int((told.now + timedelta(minutes=1)).timestamp() * 1000)
    assert told.hear(a_text("ศูนย์คืออะไร", timestamp=later))


def test_unsent_words_disappear(told: Office) -> None:
    told.hear(a_text("ศูนย์คืออะไร", message_id="77"))
    told.hear(an_event("unsend", unsend={"messageId": "77"}))
    (question,) = told.questions()
    assert (question.text, question.words) == (None, [])


def test_questions_are_masked_before_they_are_stored(office: Office) -> None:
    office.hear(a_text("โทรหาผมที่ 081-234-5678"))
    (question,) = office.questions()
    assert question.text == "โทรหาผมที่ <เบอร์โทร>"
    assert "081" not in str(question.words)
    assert question.asker and SOMCHAI not in question.asker


def test_earlier_messages_are_remembered_for_a_while_and_masked(office: Office) -> None:
    office.hear(a_text("เรื่องแรก 0812345678"))
    office.hear(a_text("เรื่องสอง"))
    office.wait(minutes=31)
    office.hear(a_text("เรื่องสาม"))
    assert office.matcher.heard == [
        ("เรื่องแรก 0812345678", ()),
        ("เรื่องสอง", ("เรื่องแรก <เบอร์โทร>",)),
        ("เรื่องสาม", ()),
    ]


def test_a_tampered_or_foreign_button_gets_a_kind_word(office: Office) -> None:
    messages = office.hear(a_press("topic?e=center.what~abc~AAAAAAAAAAAA"))
    assert "ปุ่มนี้ใช้ไม่ได้แล้ว" in words_of(messages)


def test_the_loading_animation_shows_when_an_answer_takes_long(told: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "LOADING_AFTER_SECONDS", 0.05)
    real = delivering.delivery.take_step

    def slow(*arguments: Any, **more: Any) -> Any:
        threading.Event().wait(0.3)
        return real(*arguments, **more)

    monkeypatch.setattr(delivering.delivery, "take_step", slow)
    told.hear(a_text("ศูนย์คืออะไร"))
    assert [way for way, _, _ in told.line.sent] == ["loading", "reply"]
