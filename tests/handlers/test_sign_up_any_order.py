"""Whatever is pressed, typed and edited, in whatever order: a form that registers, or a refusal. Never a dead end."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.events import asking
from bot.storage import events
from tests.handlers.signing_up import Citizen, a_question, chat
from tests.office import _actions

__all__ = ["chat"]
ANSWERS = {
    "name": "มาลี สุขใจ", "phone": "0812345678", "district": "แม่สาย", "school": "บ้านป่าแดด", "level": "ป.6",
    "party": "2", "companions": "แดง ใจดี", "minor": "ใช่", "guardian": "ใช่", "text": "น้ำ", "choice": "ก",
    "yes_no": "ใช่", "number": "3",
}  # fmt: skip
TEXTS = (
    *ANSWERS.values(), "แก้ชื่อ", "แก้เบอร์", "ไม่ใช่ ชื่อ สมหญิง", "แก้จำนวนคนเป็น 1", "แก้จำนวนคน", "ย้อนกลับ", "ข้าม", "ไม่", "ใช่",
    "เหมือนเดิม", "อะไรนะ", "3", "แดง, ดำ", "แก้รายชื่อ", "ยังไม่ครบ",
)  # fmt: skip
EVENTS = st.fixed_dictionaries(
    {
        "phone_rule": st.sampled_from(["no", "optional", "required"]), "party_most": st.integers(1, 4),
        "asks_district": st.booleans(), "asks_companions": st.booleans(), "for_classes": st.booleans(),
        "minors": st.sampled_from(["any", "guardian", "adults"]), "admits_each": st.booleans(),
        "capacity": st.sampled_from([None, 1, 3, 100]), "has_waiting_list": st.booleans(),
    }
)  # fmt: skip
CHANGES = EVENTS.map(lambda changes: {**changes, "form_version": 2})
MOST_TURNS_TO_THE_END = 30


def press_something(chat: Citizen, chance: random.Random) -> None:
    """Any button of the dialogue but those that end it."""
    buttons = [action["data"] for action in _actions(chat.heard) if action.get("data", "").startswith("sign_up")]
    safe = [data for data in buttons if not data.startswith(("sign_up_yes", "sign_up_no"))]
    if safe:
        chat.press_data(chance.choice(safe))


def go_to_the_end(chat: Citizen) -> None:
    """Answers whatever is asked, as a patient person would."""
    for _ in range(MOST_TURNS_TO_THE_END):
        field = asked(chat)
        for label in ("ยืนยัน", "ยินยอมและไปต่อ", "ตัวฉันเอง", "ทำต่อจากเมื่อกี้", "แก้ไข"):
            if label in chat.labels:
                chat.press(label)
                break
        else:
            if field is None:
                return
            chat.say(answer_to(chat, field))


def answer_to(chat: Citizen, field: asking.Field) -> str:
    if field.kind is asking.Kind.COMPANIONS:
        given = len(chat.filling["names"])
        return ", ".join(["แดง ใจดี"] * (field.most - given))
    if field.kind is asking.Kind.PARTY:
        return "1"
    return ANSWERS[field.kind]


def asked(chat: Citizen) -> asking.Field | None:
    if chat.memory.step is None:
        return None
    filling = chat.filling
    with chat.database.reading() as db:
        event = events.find(db, chat.event_id)
        assert event is not None
        questions = events.list_questions(db, event.id)
        fields = asking.fields_of(event, questions, kind=filling["kind"], given=filling["given"])
    return next((field for field in fields if field.name == filling["asked"]), fields[0])


def questions() -> tuple[Any, ...]:
    choice = a_question("ไหน", "choice", choices=("ก", "ข"), required=True)
    return (a_question("อะไร"), choice, a_question("กี่", "number"))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.generate),  # each example is a whole conversation: shrinking takes minutes
)  # fmt: skip
@given(EVENTS, st.none() | CHANGES, st.sampled_from(["self", "neighbour", "class"]), st.integers(0, 2**32))
def test_any_order_of_edits_ends_in_a_form_that_registers_or_in_a_refusal(
    chat: Citizen, event: dict[str, Any], changes: dict[str, Any] | None, kind: str, seed: int
) -> None:
    chance = random.Random(seed)
    chat.user_id = f"U{seed:032x}"
    chat.make_event(*questions(), **event)
    chat.open(kind)
    for turn in range(chance.randint(0, 12)):
        if chat.memory.step is None:
            break  # the notice was not agreed to, or the event cannot be had
        if turn == 5 and changes is not None:
            chat.amend(**changes)
        if chance.random() < 0.5:
            chat.say(chance.choice(TEXTS))
        else:
            press_something(chat, chance)

    go_to_the_end(chat)

    assert chat.memory.step is None, "the dialogue is over"
    rows = chat.rows()
    refused = "ดูกิจกรรม" in chat.labels
    assert (len(rows), refused) in {(1, False), (0, True)}
    for row, form in zip(rows, chat.forms(), strict=True):
        check(chat, row, form)


def check(chat: Citizen, row: Any, form: Any) -> None:
    """What was kept is what the event asks for, no more and no less."""
    with chat.database.reading() as db:
        event = events.find(db, chat.event_id)
    assert event is not None
    assert form.name
    assert (form.phone is None) or event.phone_rule != "no"
    assert form.phone is not None or event.phone_rule != "required"
    assert form.district is None or event.asks_district
    assert (form.school is not None) == (row.kind == "class")
    others = row.party_size - (0 if row.kind == "class" else 1)
    assert len(form.companions) == (others if event.asks_companions else 0)
    assert not form.minor or (event.minors == "guardian" and form.guardian)
    assert (form.minor is None) == (event.minors == "any")
    assert set(form.answers.values()) & {"ก", "ข"}
