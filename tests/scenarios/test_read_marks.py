"""Where the account leaves it to the bot, what was answered is marked as read."""

from __future__ import annotations

from tests.scenarios.house import House, wait_for
from tests.scenarios.phone import Phone

QUESTION = "ศูนย์เปิดกี่โมงคะ"
MARK = "/v2/bot/chat/markAsRead"


def read_up_to(phone: Phone) -> str | None:
    found: str | None = phone.house.line(f"/people/{phone.user_id}/chat?after=0&wait=0")["readUpTo"]
    return found


def test_what_was_answered_is_marked_as_read(stormy_house: House) -> None:
    phone = Phone.of_somebody(stormy_house)

    phone.say(QUESTION)

    wait_for(lambda: read_up_to(phone) == phone.sent_message_id, what="the mark")


def test_what_is_not_answered_is_not_marked_as_read(stormy_house: House) -> None:
    phone = Phone.of_somebody(stormy_house)
    for _ in range(2):
        phone.sticker()
    answered = phone.sent_message_id
    wait_for(lambda: read_up_to(phone) == answered, what="the mark of the last that was answered")

    assert phone.send_in_vain("sticker", packageId="446", stickerId="1988") == "shared"

    stormy_house.wait_until_idle()
    assert read_up_to(phone) == answered != phone.sent_message_id


def test_where_line_marks_by_itself_the_bot_does_not(house: House, known: Phone) -> None:
    since = house.mark()

    known.say(QUESTION)

    house.wait_until_idle()
    assert house.calls(after=since, path=MARK) == []
