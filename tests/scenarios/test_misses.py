"""What the bot does not understand, or will not talk about: each time other words, then a person, then a rest."""

from __future__ import annotations

from itertools import pairwise

from tests.scenarios.house import CONTACT_PHONE, House
from tests.scenarios.phone import Heard, Phone, all_at_once, said
from tests.scenarios.test_arriving import MENU
from tests.scenarios.test_asking import FITS, HEAR_BACK, NONE
from tests.scenarios.test_staff import TO_STAFF, number_in

UNKNOWN = ("พรุ่งนี้ฝนจะตกไหม", "ราคาทองวันนี้เท่าไหร่", "บอลเมื่อคืนใครชนะ")
AWAY = ["เมนู", TO_STAFF]


def miss_three_times(phone: Phone) -> list[Heard]:
    return [phone.say(text) for text in UNKNOWN]


def topics_of(heard: Heard) -> list[str]:
    return [label for label in heard.labels if label not in {*heard.choices, NONE}]


def test_misses_lead_from_the_nearest_topics_to_the_menu_to_a_person_to_silence(house: House, known: Phone) -> None:
    first, second, third = miss_three_times(known)

    assert NONE in first.labels
    assert 1 <= len(topics_of(first)) <= 3
    assert first.choices == [*AWAY, HEAR_BACK]
    assert said("fallback.first") in first.words
    assert second.labels == [*MENU, HEAR_BACK]
    assert said("fallback.second") in second.words
    (case,) = (case for case in house.listed_cases() if case["case"] == number_in(third))
    assert (case["kind"], case["question"], case["state"]) == ("missed", UNKNOWN[2], "open")
    assert CONTACT_PHONE in third.words
    assert said("fallback.quiet_heard") in third.words
    assert [known.send_in_vain("text", text=text) for text in UNKNOWN[:2]] == ["question", "question"]
    assert house.case_kinds(of=known.user_id) == ["missed"]


def test_the_silence_ends_with_the_first_thing_that_is_understood(house: House) -> None:
    def hear_again(by: str) -> None:
        phone = Phone.of_a_friend(house)
        first, *_ = miss_three_times(phone)
        match by:
            case "button":
                assert FITS in phone.press(topics_of(first)[0], on=first).words
            case "menu":
                assert said("menu.text") in phone.say("เมนู").words
            case _:
                assert FITS in phone.say("ศูนย์เปิดกี่โมงคะ").words
        assert said("fallback.first") in phone.say(UNKNOWN[1]).words, "and one begins on the lowest rung"

    all_at_once(hear_again, ("question",), ("menu",), ("button",))


def test_none_of_the_topics_leads_one_rung_on(house: House, known: Phone) -> None:
    first = known.say(UNKNOWN[0])

    second = known.press(NONE, on=first)
    third = known.press(NONE, on=first)

    assert said("fallback.second") in second.words
    assert number_in(third) > 0
    assert house.question(first.event_id).chosen == "none"
    assert house.case_kinds(of=known.user_id) == ["missed"]


def test_nobody_is_told_the_same_twice_running(known: Phone) -> None:
    def stale() -> Heard:
        return known.send_data("menu?~zz~")

    answers = [
        stale(), stale(), stale(), known.say(UNKNOWN[0]), known.sticker(), known.sticker(), known.say(UNKNOWN[1]),
        stale(), known.picture(), known.picture(), known.say("ควรกาเบอร์ไหนดี"),
    ]  # fmt: skip

    words = [answer.words for answer in answers]
    assert [one for one, next_one in pairwise(words) if one == next_one] == []


def test_what_is_declined_is_declined_in_two_ways_and_then_rested(house: House) -> None:
    def be_declined(text: str, refusal: str) -> None:
        phone = Phone.of_a_friend(house)
        heard = [phone.say(text) for _ in range(3)]
        ways = [said(f"fallback.{refusal}"), said(f"fallback.{refusal}.again"), said("fallback.rest")]
        assert [answer.words for answer in heard] == ways
        assert heard[0].choices == MENU
        assert house.question(heard[0].event_id).refusal == refusal
        assert phone.send_in_vain("text", text=text) == "question"
        assert house.case_kinds(of=phone.user_id) == [], "there is nothing that staff could add"

    all_at_once(be_declined, ("ควรกาเบอร์ไหนดี", "political"), ("บอทปัญญาอ่อน", "abuse"))
