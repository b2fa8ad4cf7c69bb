"""Stickers, pictures, voice, files, places: answered kindly, differently the second time, then no more."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import a_follow, an_event
from tests.office import Office, answers, labels, words_of


@pytest.fixture
def friend(office: Office) -> Office:
    office.matcher.told["เปิดกี่โมง"] = answers("center.hours")
    office.hear(a_follow())
    return office


def sent(kind: str, **more: Any) -> dict[str, Any]:
    return an_event("message", message={"type": kind, "id": "9", **more})


@pytest.mark.parametrize("kind", ["sticker", "image", "video", "audio", "file", "hologram"])
def test_each_kind_is_answered_twice_in_different_words_and_then_no_more(friend: Office, kind: str) -> None:
    first, second, *rest = [words_of(friend.hear(sent(kind))) for _ in range(4)]
    assert first
    assert second
    assert first != second
    assert rest == ["", ""]


def test_words_in_between_begin_anew(friend: Office) -> None:
    first, *_ = (words_of(friend.hear(sent("sticker"))) for _ in range(3))
    friend.say("เปิดกี่โมง")
    assert words_of(friend.hear(sent("sticker"))) == first


def test_of_several_pictures_at_once_only_the_first_is_answered(friend: Office) -> None:
    def picture(index: int) -> dict[str, Any]:
        return sent("image", imageSet={"id": "s", "index": index, "total": 3})

    assert [bool(friend.hear(picture(index))) for index in (1, 2, 3)] == [True, False, False]


def test_a_voice_message_names_the_phone_where_there_is_one(friend: Office) -> None:
    assert "053 000 000" in words_of(friend.hear(sent("audio")))
    friend.facts.clear()
    assert "โทรหาศูนย์" not in words_of(friend.hear(sent("audio")))


def test_what_was_sent_while_the_bot_is_quiet_is_met_with_silence(friend: Office) -> None:
    for text in ("ก", "ข", "ค"):
        friend.say(text)
    assert friend.hear(sent("sticker")) == []


def test_a_place_without_an_address_far_away_is_outside(friend: Office) -> None:
    bangkok = {"latitude": 13.75, "longitude": 100.5, "address": ""}
    first, second = (words_of(friend.hear(sent("location", **bangkok))) for _ in range(2))
    assert "นอกจังหวัด" in first
    assert "นอกจังหวัด" in second
    assert first != second


def test_a_place_offers_what_is_near_and_a_district_s_name_corrects_it(friend: Office) -> None:
    district = friend.tools.library.current().catalogue.pack.districts[0].name["th"]
    friend.hear(sent("location", latitude=13.75, longitude=100.5, address=""))
    messages = friend.say(district)
    assert f"อำเภอ{district}" in words_of(messages)
    assert "กิจกรรมแถวนี้" in labels(messages)
    assert friend.questions() == [], "a correction is not a question"


def test_a_district_s_name_out_of_the_blue_is_a_question(friend: Office) -> None:
    friend.say(friend.tools.library.current().catalogue.pack.districts[0].name["th"])
    assert len(friend.questions()) == 1
