"""One person who writes faster than anybody can read."""

from __future__ import annotations

import pytest

from tests.builders import MALEE, a_follow, a_text, an_event, apart
from tests.office import Office, answers, words_of


@pytest.fixture
def busy(office: Office) -> Office:
    office.matcher.told = {"เปิดกี่โมง": answers("center.hours"), "อยากตาย": answers("general.crisis", urgent=True)}
    office.person_pace = 5
    office.__post_init__()
    office.hear(a_follow())
    return office


def flood(office: Office, count: int) -> list[str]:
    before = len(office.line.sent)
    office.receive(*apart(*(a_text("เปิดกี่โมง", message_id=str(number)) for number in range(count))))
    office.work()
    return [words_of(messages) for _, _, messages in office.line.sent[before:]]


def test_it_is_said_once_and_staff_are_told_once(busy: Office) -> None:
    words = flood(busy, 15)
    assert len(words) == 6
    assert [("อ่านไม่ทัน" in one) for one in words] == [False] * 5 + [True]
    assert "191" in words[-1]
    assert [kind for kind, _, _ in busy.cases()] == ["flood"]


def test_a_second_flood_is_told_again_in_the_same_case(busy: Office) -> None:
    flood(busy, 10)
    busy.wait(minutes=5)
    assert "อ่านไม่ทัน" in flood(busy, 10)[-1]
    assert [kind for kind, _, _ in busy.cases()] == ["flood"]


def test_an_urgent_message_passes(busy: Office) -> None:
    flood(busy, 10)
    assert "1323" in words_of(busy.say("อยากตาย"))
    assert "urgent" in [kind for kind, _, _ in busy.cases()]


def test_others_are_not_kept_waiting(busy: Office) -> None:
    flood(busy, 10)
    assert words_of(busy.say("เปิดกี่โมง", user_id=MALEE))


def test_stickers_count_and_an_unsend_does_not(busy: Office) -> None:
    for number in range(20):
        busy.hear(an_event("unsend", unsend={"messageId": f"x{number}"}))
    assert busy.cases() == []
    busy.receive(*(an_event("message", message={"type": "sticker", "id": str(number)}) for number in range(10)))
    busy.work()
    assert [kind for kind, _, _ in busy.cases()] == ["flood"]


def test_the_request_to_pause_is_not_worth_a_push(busy: Office) -> None:
    before = len(busy.line.sent)
    busy.receive(*apart(*(a_text("เปิดกี่โมง", message_id=str(number)) for number in range(6))))
    busy.wait(seconds=56)
    busy.work()
    assert not any("อ่านไม่ทัน" in words_of(messages) for _, _, messages in busy.line.sent[before:])
    assert [kind for kind, _, _ in busy.cases()] == ["flood"]
