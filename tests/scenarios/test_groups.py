"""Groups and rooms: brief, only when called by name, nothing personal, nothing kept of what others say."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.group_chats import GroupChatRow
from bot.vault import Vault
from tests.scenarios.group import GroupChat
from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import SENDING, Phone, said

REPLY, PUSH = SENDING
QUESTION = "ศูนย์เปิดกี่โมงคะ"
OTHER_QUESTION = "ศูนย์นี้ตั้งมากี่ปีแล้ว"


@pytest.fixture
def group(house: House) -> GroupChat:
    return GroupChat.of_strangers(house)


def is_known(house: House, group: GroupChat) -> bool:
    key = Vault([house.environment["CIVICBOT_SECRET_KEY"]]).keyed_hash("group", group.group_id, length=32)
    with house.db.reading() as db:
        return db.scalar(select(GroupChatRow.key).where(GroupChatRow.key == key)) is not None


@pytest.mark.parametrize("kind", ["group", "room"])
def test_what_is_not_meant_for_the_bot_is_neither_answered_nor_kept(house: House, kind: str) -> None:
    group = GroupChat.of_strangers(house, kind=kind)
    since = house.mark()

    event_ids = [group.say(QUESTION, mention=False), group.say(QUESTION, mention="all")]

    house.wait_until_idle()
    assert [house.incoming(event_id).payload for event_id in event_ids] == [None, None]
    assert [house.question(event_id) for event_id in event_ids] == [None, None]
    assert house.calls(after=since) == []
    assert not is_known(house, group)


@pytest.mark.parametrize("kind", ["group", "room"])
def test_a_question_to_the_bot_is_answered_briefly_and_impersonally(house: House, kind: str) -> None:
    group = GroupChat.of_strangers(house, kind=kind)

    event_id = group.say(QUESTION)

    (answer,) = group.wait_for_bubbles(1)
    assert answer["type"] == "text"
    assert answer["text"].endswith(said("group.more"))
    assert "quickReply" not in answer
    question = house.question(event_id)
    assert (question.entry, question.text, question.asker) == ("center.hours", QUESTION, None)
    assert not any(house.knows(member.user_id) for member in group.members)
    house.wait_until_idle()
    assert [row["way"] for row in house.ledger(of=group.group_id)] == ["reply"]


def test_what_the_bot_does_not_know_is_said_in_one_sentence_every_time(house: House, group: GroupChat) -> None:
    group.say("พรุ่งนี้ฝนจะตกไหม")
    group.say("ราคาทองวันนี้เท่าไหร่")

    assert [bubble["text"] for bubble in group.wait_for_bubbles(2)] == [said("group.unsure")] * 2
    house.wait_until_idle()


def test_the_bot_s_name_alone_is_answered_with_how_to_ask(group: GroupChat) -> None:
    group.say(" ")

    assert group.wait_for_bubbles(1)[0]["text"] == said("group.called")


def test_an_answer_that_cannot_be_given_for_free_is_not_given(house: House, group: GroupChat) -> None:
    since, cases = house.mark(), house.all_cases()
    house.break_line(REPLY, status=400, body={"message": "Invalid reply token"})

    event_id = group.say(QUESTION)

    wait_for(lambda: house.calls(after=since, path=REPLY), what="the reply")
    house.wait_until_idle()
    assert [row["status"] for row in house.calls(after=since)] == [400]
    assert group.bubbles() == []
    assert house.all_cases() == cases
    assert house.outgoing(event_id).pushed is False


def test_the_bot_says_hello_when_it_is_asked_in(house: House) -> None:
    group = GroupChat.of_strangers(house, has_bot=False)

    group.invite()

    assert [bubble["text"] for bubble in group.wait_for_bubbles(1)] == [said("group.hello")]


def test_many_newcomers_are_welcomed_once(house: House, group: GroupChat) -> None:
    first = group.add(*(Phone.of_somebody(house) for _ in range(3)))
    assert house.wait_until_settled(first) == "group.member_joined"

    second = group.add(Phone.of_somebody(house))

    assert house.wait_until_settled(second) == "greeted before"
    house.wait_until_idle()
    assert [bubble["text"] for bubble in group.bubbles()] == [said("group.welcome")]


def test_a_group_that_sends_the_bot_away_is_forgotten(house: House, group: GroupChat) -> None:
    group.say(QUESTION)
    group.wait_for_bubbles(1)
    assert is_known(house, group)

    assert house.wait_until_settled(group.send_away()) == "left group"

    assert not is_known(house, group)


def test_a_question_that_is_worded_anew_is_answered_anew_and_the_old_words_go(house: House, group: GroupChat) -> None:
    first = group.say(QUESTION)
    group.wait_for_bubbles(1)

    second = group.edit(OTHER_QUESTION)

    group.wait_for_bubbles(2)
    assert (house.question(first).text, house.question(first).words) == (None, [])
    assert (house.question(second).text, house.question(second).entry) == (OTHER_QUESTION, "center.founded")


def test_an_edit_that_calls_the_bot_no_more_only_removes(house: House, group: GroupChat) -> None:
    first = group.say(QUESTION)
    group.wait_for_bubbles(1)

    second = group.edit("คุยกันเองดีกว่า", mention=False)

    assert house.wait_until_settled(second) == "edited"
    house.wait_until_idle()
    assert house.question(first).text is None
    assert (house.question(second), house.incoming(second).payload) == (None, None)
    assert len(group.bubbles()) == 1


def edited(group: GroupChat, text: str) -> dict[str, Any]:
    message = {"id": group.sent_message_id, "type": "text", "text": f"@ศูนย์ฯ {text}"}
    message["mention"] = {"mentionees": [{"type": "user", "isSelf": True, "index": 0, "length": 8}]}
    return {"type": "messageEdited", "source": group.source(), "message": message}


def test_of_two_edits_that_arrive_in_the_wrong_order_the_later_one_counts(house: House, group: GroupChat) -> None:
    group.say("เมนู")
    group.wait_for_bubbles(1)
    earlier, later = house.completed(edited(group, QUESTION), edited(group, OTHER_QUESTION))
    later["timestamp"] += 2000

    house.webhook(later)
    house.webhook(earlier)

    assert house.wait_until_settled(earlier["webhookEventId"]) == "taken back"
    house.wait_until_idle()
    assert house.kept_words(group.sent_message_id) == [None, OTHER_QUESTION]
    assert len(group.bubbles()) == 2


def test_what_is_taken_back_after_an_edit_loses_all_its_wordings(house: House, group: GroupChat) -> None:
    group.say(QUESTION)
    group.edit(OTHER_QUESTION)
    group.wait_for_bubbles(2)

    assert group.unsend() == "unsent"

    assert house.kept_words(group.sent_message_id) == [None, None]
