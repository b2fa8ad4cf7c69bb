"""Following, blocking and coming back."""

from __future__ import annotations

from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import SENDING, Phone, said

MENU = ["ศูนย์คืออะไร", "กิจกรรม", "เวทีแลกเปลี่ยน", "โรงเรียน", "ชาติพันธุ์", "สื่ออาสา", "แก้จน ศตจ.ปชช.", "ติดต่อศูนย์",
        "คุยกับเจ้าหน้าที่", "บอตทำอะไรได้"]  # fmt: skip
NOTICE = "เรื่องข้อมูลของคุณ"
WHOLE_NOTICE = "http://127.0.0.1:8000/privacy"
HELLO = "สวัสดีค่ะ 🙏 นี่คือบอตของศูนย์พัฒนาการเมืองภาคพลเมือง"
REPLY = SENDING[0]


def test_a_new_friend_is_greeted_told_about_their_data_and_shown_the_menu(house: House) -> None:
    newcomer = Phone.of_somebody(house, following=False)

    heard = newcomer.follow()

    assert len(heard.messages) == 2
    notice = said("welcome.notice", url=WHOLE_NOTICE)
    assert [message["text"] for message in heard.messages] == [said("welcome.hello"), notice]
    heading, *sentences = heard.messages[1]["text"].splitlines()
    assert heading.startswith(NOTICE)
    assert len(sentences) == 3
    assert heard.choices == MENU
    assert [row["way"] for row in house.ledger(of=newcomer.user_id)] == ["reply"]


def test_a_friend_from_before_is_greeted_and_told_about_their_data_with_the_first_answer_only(phone: Phone) -> None:
    first = phone.say("ศูนย์เปิดกี่โมงคะ")
    second = phone.say("ศูนย์เปิดกี่โมงคะ")

    assert first.messages[0]["text"].startswith(HELLO)
    assert NOTICE in first.messages[0]["text"]
    assert first.messages[1:] and len(first.messages) == len(second.messages) + 1
    assert NOTICE not in second.words


def test_a_new_friend_is_not_told_again_with_the_first_answer(house: House) -> None:
    newcomer = Phone.of_somebody(house, following=False)
    newcomer.follow()

    assert NOTICE not in newcomer.say("ศูนย์เปิดกี่โมงคะ").words


def test_who_has_blocked_the_bot_is_left_alone(house: House, known: Phone) -> None:
    (written,) = house.webhook(known.event("ยังไม่ถึงบอต"), send=False)["events"]
    written["timestamp"] -= 1000
    known.block()
    since = house.mark()

    # What was written before the block, and reaches the bot after it.
    assert house.webhook(written)["status"] == 200

    assert house.wait_until_settled(written["webhookEventId"]) == "left"
    house.wait_until_idle()
    assert house.calls(after=since) == []
    assert house.outgoing(written["webhookEventId"]) is None


def test_an_answer_that_is_being_tried_again_is_called_off_by_a_block(house: House, known: Phone) -> None:
    since = house.mark()
    house.break_line(REPLY, status=429, headers={"Retry-After": "2"})
    event_id = known.write("ศูนย์เปิดกี่โมงคะ")
    wait_for(lambda: house.calls(after=since, path=REPLY), what="a first try of the answer")
    before = len(known.bubbles())

    known.block()

    wait_for(lambda: house.outgoing(event_id).status == "cancelled", what="the answer is called off")
    house.wait_until_idle()
    known.follow()
    assert [row["status"] for row in house.calls(after=since, path=REPLY)] == [429, 200], "the welcome is all that came"
    assert event_id not in [row["webhookEventId"] for row in house.ledger(of=known.user_id)]
    assert len(known.bubbles()) == before + 1


def test_who_comes_back_is_welcomed_shortly_and_answered_again(known: Phone) -> None:
    known.block()

    heard = known.follow()

    assert heard.words == said("welcome.back")
    assert heard.choices == MENU
    assert NOTICE not in heard.words
    assert "ตอบตรงไหมคะ" in known.say("ศูนย์เปิดกี่โมงคะ").words


def test_a_block_ends_a_dialogue(known: Phone) -> None:
    known.press("คุยกับเจ้าหน้าที่", on=known.say("เมนู"))
    known.block()
    known.follow()

    assert "ตอบตรงไหมคะ" in known.say("ศูนย์เปิดกี่โมงคะ").words, "it is a question again, not a word for staff"
