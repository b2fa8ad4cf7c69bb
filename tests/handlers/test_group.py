"""In groups: brief, only when called by name, nothing personal, nothing remembered."""

from __future__ import annotations

from typing import Any

import pytest

from bot.storage import cases
from bot.storage.dialogues import DialogueRow
from bot.storage.group_chats import GroupChatRow
from bot.storage.people import PersonRow
from knowledge.decision import Decision
from tests.builders import GROUP, IN_GROUP, SOMCHAI, a_press, called, in_group
from tests.handlers.working_on_cases import OTHER, Work
from tests.office import Office, answers, labels, words_of


@pytest.fixture
def group(office: Office) -> Office:
    office.matcher.told = {
        "เปิดกี่โมง": answers("center.hours"),
        "สวัสดี": answers("general.greeting"),
        "อยากตาย": answers("general.crisis", urgent=True),
        "เลือกพรรคไหนดี": Decision("fallback", None, (), refusal="political"),
        "ไอ้บอตโง่": Decision("fallback", None, (), refusal="abuse"),
        "อบรม": Decision("clarify", None, ()),
    }
    return office


def rows(office: Office, table: Any) -> int:
    with office.database.reading() as db:
        return db.query(table).count()


def test_an_answer_is_its_first_paragraph_and_the_way_to_a_private_chat_without_buttons(group: Office) -> None:
    messages = group.hear(called("เปิดกี่โมง"))
    assert [message["type"] for message in messages] == ["text"]
    opening, more = messages[0]["text"].split("\n\n")
    assert opening
    assert "ทักมาคุยส่วนตัว" in more
    assert labels(messages) == []


def test_small_talk_is_not_followed_by_an_invitation(group: Office) -> None:
    words = words_of(group.hear(called("สวัสดี")))
    assert words
    assert "ทักมาคุยส่วนตัว" not in words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ไม่รู้จัก", "ยังไม่แน่ใจ"),
        ("อบรม", "ยังไม่แน่ใจ"),
        ("เลือกพรรคไหนดี", "เป็นกลาง"),
        ("ไอ้บอตโง่", "อาจตอบไม่ถูกใจ"),
    ],
)
def test_what_it_does_not_know_or_may_not_say(group: Office, text: str, expected: str) -> None:
    messages = group.hear(called(text))
    assert expected in words_of(messages)
    assert (len(messages), labels(messages), group.cases()) == (1, [], [])


def test_its_name_alone_is_answered_with_how_to_ask_and_is_no_question(group: Office) -> None:
    assert "อยากถามอะไร" in words_of(group.hear(called("")))
    assert group.questions() == []


def test_something_urgent_gets_the_hotlines_and_a_case_without_a_person(group: Office) -> None:
    messages = group.hear(called("อยากตาย"))
    assert "1323" in words_of(messages)
    assert "เลขเรื่อง" not in words_of(messages)
    assert group.cases() == [("urgent", True, "อยากตาย")]


def test_of_one_group_urgent_messages_are_one_case_and_one_alert(group: Office) -> None:
    """Each its own would let one joker empty the month's quota; their words all reach staff."""
    work = Work(group)
    for user_id, login in ((SOMCHAI, "somchai"), (OTHER, "other")):
        work.link(user_id, login=login)
    group.wait(hours=1)
    before = len(work.pushed())
    told = [words_of(work.hear(called("อยากตาย", message_id=str(number)))) for number in range(5)]
    assert all("1323" in one for one in told)
    assert group.cases() == [("urgent", True, "อยากตาย")]
    assert len(work.pushed()) - before == 2
    assert [one.text for one in work.thread(number_of(group))] == ["อยากตาย"] * 4


def test_another_group_and_a_later_time_are_cases_of_their_own(group: Office) -> None:
    group.hear(called("อยากตาย"))
    group.hear({**called("อยากตาย", message_id="2"), "source": {**IN_GROUP, "groupId": "C" + "4" * 32}})
    group.wait(minutes=31)
    group.hear(called("อยากตาย", message_id="3"))
    assert [kind for kind, _, _ in group.cases()] == ["urgent"] * 3


def test_once_staff_have_closed_it_the_next_is_a_case_again(group: Office) -> None:
    group.hear(called("อยากตาย"))
    with group.database.transaction() as db:
        cases.close(db, 1, now=group.now)
    group.hear(called("อยากตาย", message_id="2"))
    assert len(group.cases()) == 1


def test_what_was_added_of_a_group_is_masked_and_can_be_taken_back(group: Office) -> None:
    words = "อยากตาย โทร 081 234 5678"
    group.matcher.told[words] = group.matcher.told["อยากตาย โทร <เบอร์โทร>"] = answers("general.crisis", urgent=True)
    group.hear(called("อยากตาย"))
    group.hear(called(words, message_id="2"))
    added = [one.text for one in Work(group).thread(number_of(group))]
    group.hear(in_group("unsend", unsend={"messageId": "2"}))
    assert added == ["อยากตาย โทร <เบอร์โทร>"]
    assert [one.text for one in Work(group).thread(number_of(group))] == [None]


def number_of(office: Office) -> int:
    with office.database.reading() as db:
        ((case, _),) = cases.list_cases(db, state="open", limit=9)
        return case.id


def test_nothing_of_a_group_is_kept_of_people_or_conversations(group: Office) -> None:
    for event in (called("เปิดกี่โมง"), called("ไม่รู้จัก"), called("อยากตาย"), in_group("join")):
        group.hear(event)
    assert (rows(group, PersonRow), rows(group, DialogueRow)) == (0, 0)
    assert [question.asker for question in group.questions()] == [None] * 3
    with group.database.reading() as db:
        (kept,) = db.query(GroupChatRow).all()
    assert GROUP not in kept.key


def test_a_question_in_a_group_does_not_see_what_was_said_before(group: Office) -> None:
    group.hear(called("ไม่รู้จัก"))
    group.hear(called("เปิดกี่โมง"))
    assert [earlier for _, earlier in group.matcher.heard] == [(), ()]


def test_a_question_in_a_group_is_not_held_back(group: Office) -> None:
    group.receive(called("ไม่รู้จัก"))
    group.work()
    assert len(group.line.sent) == 1


def test_it_greets_when_it_is_asked_in_and_newcomers_not_at_once_again(group: Office) -> None:
    joined = {"members": [{"type": "user", "userId": SOMCHAI}]}
    assert "บอตของ" in words_of(group.hear(in_group("join")))
    assert group.hear(in_group("memberJoined", joined=joined)) == []
    group.wait(minutes=31)
    assert "ยินดีต้อนรับ" in words_of(group.hear(in_group("memberJoined", joined=joined)))
    assert group.hear(in_group("memberJoined", joined=joined)) == []


def test_it_forgets_a_group_that_it_has_left(group: Office) -> None:
    group.hear(called("เปิดกี่โมง"))
    assert rows(group, GroupChatRow) == 1
    group.hear(in_group("leave"))
    assert rows(group, GroupChatRow) == 0


def test_a_button_pressed_in_a_group_is_not_answered(group: Office) -> None:
    data = group.desk.buttons.encode("topic", now=group.now, e="center.what")
    assert group.hear(a_press(data, source=IN_GROUP)) == []


def test_a_picture_that_does_not_call_it_is_not_answered(group: Office) -> None:
    assert group.hear(in_group("message", message={"type": "image", "id": "5"})) == []


def test_in_a_flood_it_keeps_quiet_without_a_word_about_it(group: Office) -> None:
    group.receive(*(called("เปิดกี่โมง", message_id=str(number)) for number in range(group.person_pace + 20)))
    group.wait(seconds=1)
    group.work()
    words = [words_of(messages) for _, _, messages in group.line.sent]
    assert len(words) == group.person_pace
    assert len(set(words)) == 1
    assert group.cases() == []
    group.wait(minutes=2)
    assert group.hear(called("เปิดกี่โมง"))


def test_an_answer_in_a_group_is_never_pushed_and_not_missed(group: Office) -> None:
    group.receive(called("เปิดกี่โมง"))
    group.wait(seconds=58)
    group.work()
    assert (group.line.sent, group.cases()) == ([], [])


def test_an_edit_is_answered_anew_and_the_old_words_go(group: Office) -> None:
    group.hear(called("ไม่รู้จัก"))
    assert group.hear(called("เปิดกี่โมง", kind="messageEdited"))
    assert [question.text for question in group.questions()] == [None, "เปิดกี่โมง"]


def test_an_edit_that_no_longer_calls_it_only_removes(group: Office) -> None:
    group.hear(called("ไม่รู้จัก"))
    bare = {"type": "text", "id": "1", "text": "คุยกันเอง"}
    assert group.hear(in_group("messageEdited", message=bare)) == []
    (question,) = group.questions()
    assert (question.text, question.words) == (None, [])


def test_unsent_words_of_a_group_go_from_questions_and_cases(group: Office) -> None:
    group.hear(called("อยากตาย"))
    group.hear(in_group("unsend", unsend={"messageId": "1"}))
    assert group.cases() == [("urgent", True, None)]
    assert [question.text for question in group.questions()] == [None]


def test_an_edit_that_arrives_after_the_unsend_is_not_read(group: Office) -> None:
    group.hear(in_group("unsend", unsend={"messageId": "1"}))
    assert group.hear(called("เปิดกี่โมง", kind="messageEdited")) == []
    assert group.questions() == []
