"""Words that mean one thing, however politely or between what marks they are typed."""

from __future__ import annotations

import pytest

from handlers import (
    announce,
    case_desk,
    case_line,
    case_status,
    hear_back,
    menu,
    my_data,
    my_events,
    notice_ask,
    preference_more,
    preferences,
    review_taps,
    routes,
)
from handlers.typed import plain_words

KNOWN = (
    menu.LEAVE_WORDS | menu.MENU_WORDS | menu.HELP_WORDS | hear_back.WITHDRAW_WORDS | my_events.WORDS
    | my_events.LEAVE_WORDS | my_data.SHOW_WORDS | announce.WORDS | case_desk.WORDS | review_taps.WORDS
    | case_line.END_WORDS | case_status.MINE_WORDS | preferences.SHOW_WORDS | preferences.NEWS_WORDS
    | preferences.ON_WORDS | preferences.OFF_WORDS | preferences.STOP_WORDS | preference_more.LANGUAGE_WORDS
    | notice_ask.YES_WORDS | notice_ask.ALL_WORDS | notice_ask.THIS_WORDS | notice_ask.NO_WORDS
    | hear_back.YES_WORDS | hear_back.NO_WORDS
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        *("ไม่ต้องแจ้ง", "ไม่ต้องแจ้งค่ะ", "ไม่ต้องแจ้งนะ", "ไม่ต้องแจ้งนะครับ", "ไม่ต้องเเจ้ง", " ไม่ต้องแจ้ง… "),
        *('"ไม่ต้องแจ้ง"', "“ไม่ต้องแจ้ง”", "“ไม่ต้องแจ้งค่ะ”", '"ไม่ต้องแจ้ง" ครับ', "‘ไม่ต้องแจ้ง’!", "ไม่ต้อง\u200bแจ้ง"),
    ],
)
def test_politeness_and_marks_change_nothing(text: str) -> None:
    assert plain_words(text) == "ไม่ต้องแจ้ง"


@pytest.mark.parametrize("text", ["นะ", "ค่ะ", "ครับ"])
def test_what_is_nothing_but_polite_stays(text: str) -> None:
    assert plain_words(text) == text


def test_every_word_that_is_known_is_found_however_it_is_put() -> None:
    for put in ("{}", "{}ค่ะ", "“{}”", "{} ครับ"):
        assert [word for word in KNOWN if plain_words(put.format(word)) != plain_words(word)] == []
    assert [word for word in KNOWN if plain_words(word) != word] == []


@pytest.mark.parametrize("text", ["เมนูค่ะ", "“ข้อมูลของฉัน”", "ยกเลิกครับ", '"คุยกับบอต"', "“ตั้งค่า”ค่ะ", "เรื่องของฉันนะคะ"])
def test_they_are_commands(text: str) -> None:
    assert routes.is_command(text)
