"""What people send besides words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.house import CONTACT_PHONE, House
from tests.scenarios.phone import Phone, said
from tests.scenarios.test_staff import TO_STAFF

STICKER = {"packageId": "446", "stickerId": "1988"}
WHOLE_NOTICE = "http://127.0.0.1:8000/privacy"
MAE_CHAN = {"latitude": 20.1467, "longitude": 99.8525}
CHIANG_MAI = {"latitude": 18.7883, "longitude": 98.9853}


@pytest.mark.parametrize("kind", ["sticker", "image", "video", "audio", "file"])
def test_a_kind_is_answered_twice_with_other_words_and_then_no_more(known: Phone, kind: str) -> None:
    more = STICKER if kind == "sticker" else {}

    first, second = known.send(kind, **more), known.send(kind, **more)

    assert first.words.startswith(said(f"shared.{kind}"))
    assert second.words.startswith(said(f"shared.{kind}.again"))
    assert TO_STAFF in first.choices
    assert known.send_in_vain(kind, **more) == "shared"


def test_a_voice_message_is_told_the_telephone(known: Phone) -> None:
    assert said("shared.audio_phone", phone=CONTACT_PHONE) in known.send("audio").words


def test_several_pictures_at_once_get_one_answer(house: House, known: Phone) -> None:
    before = len(house.ledger(of=known.user_id))

    heard = known.picture(count=3)

    house.wait_until_idle()
    assert heard.words == said("shared.image")
    assert len(house.ledger(of=known.user_id)) == before + 1


def test_a_message_of_a_kind_that_nobody_knows_yet_is_answered(house: House, known: Phone) -> None:
    source = {"type": "user", "userId": known.user_id}
    before = len(known.bubbles())

    house.webhook({"source": source, "message": {"type": "hologram", "depth": {"of": [1]}}})

    assert known.wait_for_bubbles(before + 1)[-1]["text"] == said("shared.media")


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ({**MAE_CHAN, "address": "ต.แม่จัน อ.แม่จัน จ.เชียงราย 57110"}, "place.sure"),
        (MAE_CHAN, "place.sure"),
        ({**CHIANG_MAI, "address": "อ.เมืองเชียงใหม่ จ.เชียงใหม่"}, "place.outside"),
        (CHIANG_MAI, "place.outside"),
    ],
    ids=["address", "coordinates", "outside", "coordinates outside"],
)
def test_a_place_is_recognised(known: Phone, place: dict[str, Any], key: str) -> None:
    facts = {"district": "แม่จัน", "province": "เชียงราย"}

    first, second = known.send("location", **place), known.send("location", **place)

    assert (first.words, second.words) == (said(key, **facts), said(f"{key}.again", **facts))


def test_the_first_thing_an_existing_friend_sends_brings_the_notice(phone: Phone) -> None:
    heard = phone.sticker()

    greeting, answer = (message["text"] for message in heard.messages)
    assert greeting.startswith("สวัสดีค่ะ 🙏 นี่คือบอตของศูนย์")
    assert greeting.endswith(said("welcome.notice", url=WHOLE_NOTICE))
    assert answer == said("shared.sticker")
