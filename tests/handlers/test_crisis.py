"""A cry for help, and the next one: by words or by a button it reaches staff."""

from __future__ import annotations

import pytest

from bot.storage.engine import Database
from handlers import crisis
from knowledge.decision import Candidate, Decision
from tests.builders import a_press
from tests.handlers.casework import TO_STAFF, befriended, case_of, cases_of, kept, said, staff_writes
from tests.handlers.working_on_cases import OTHER, Work
from tests.office import Office, answers, data_of, shipped, words_of

CRY = shipped().entries[crisis.TOPIC].title["th"]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def chat(office: Office) -> Office:
    """Somchai has cried for help, and staff have written since; somebody else of them has linked LINE."""
    Work(office).link(OTHER)
    choices = (Candidate(crisis.TOPIC, 0.4), Candidate("school.who", 0.3))
    office.matcher.told |= {
        "อยากตาย": answers(crisis.TOPIC, urgent=True), "มันไม่ไหวแล้ว": Decision("clarify", None, choices),
    }  # fmt: skip
    befriended(office, ติดต่อยังไง="center.contact")
    office.say("อยากตาย")
    staff_writes(office, case_of(office).id, "อยู่ไหมคะ")
    return office


def alerts(office: Office) -> int:
    return sum("เรื่องด่วน" in words_of(messages) for way, _, messages in office.line.sent if way == "push")


def pressed(office: Office, action: str, **arguments: str) -> str:
    return words_of(Work(office).hear(a_press(office.desk.buttons.encode(action, now=office.now, **arguments))))


def test_a_cry_by_a_question_back_puts_its_words_into_the_case_and_alerts_staff(chat: Office) -> None:
    chat.wait(hours=2)
    chat.say("เมนู")  # nobody is on the line any more
    before = alerts(chat)
    told = words_of(Work(chat).hear(a_press(data_of(chat.say("มันไม่ไหวแล้ว"), CRY))))

    case = case_of(chat)
    assert said("crisis.told", number=str(case.id)) in told
    assert kept(chat, case.id)[-1] == ("citizen", "text", "มันไม่ไหวแล้ว")
    assert (case.waits_for, case.due_at is not None, alerts(chat) - before) == ("staff", True, 1)


@pytest.mark.parametrize(
    ("action", "arguments"),
    [("topic", {"e": crisis.TOPIC}), ("do", {"a": "handover_urgent", "e": crisis.TOPIC})],
)
def test_a_cry_by_a_button_alone_is_heard_as_what_it_says(chat: Office, action: str, arguments: dict[str, str]) -> None:
    chat.wait(hours=2)
    before = alerts(chat)
    told = pressed(chat, action, **arguments)

    case = case_of(chat)
    assert kept(chat, case.id)[-1] == ("citizen", "text", CRY)
    assert (case.waits_for, alerts(chat) - before, "191" in told) == ("staff", 1, True)


def test_the_first_cry_by_a_button_is_heard_by_whoever_is_on_the_line(office: Office) -> None:
    befriended(office)
    office.press(office.say("เมนู"), TO_STAFF)
    office.say("อยากปรึกษา")
    staff_writes(office, case_of(office).id, "สวัสดีค่ะ")
    pressed(office, "topic", e=crisis.TOPIC)

    person, urgent = cases_of(office)
    assert urgent.kind == "urgent"
    assert kept(office, person.id)[-1] == ("citizen", "text", CRY)
