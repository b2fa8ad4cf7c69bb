"""What is on, in the chat: the carousel, its filters, what is near, and one event's details."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.line import limits
from bot.storage import events
from bot.storage.engine import Database
from bot.storage.events import EventQuestionRow, EventSessionRow
from bot.storage.people import find_or_create
from bot.vault import Vault
from tests.bot.events.making import IN_A_WEEK, make_event, sign_up
from tests.builders import MALEE, NOON, SOMCHAI, a_follow, a_press, an_event
from tests.office import Office, data_of, labels, words_of

MAE_SAI = {"latitude": 20.4333, "longitude": 99.8767}
PHAN = {"latitude": 19.5544, "longitude": 99.7406}
DAY = timedelta(days=1)


@pytest.fixture
def friend(sqlite_database: Database, vault: Vault) -> Office:
    """On one database: what is asked of it is tried on both in tests/bot/events/test_search.py."""
    office = Office(sqlite_database, vault)
    office.hear(a_follow())
    return office


def hold(office: Office, **values: Any) -> int:
    with office.database.transaction() as db:
        return make_event(db, **values).id


def press(office: Office, action: str, **arguments: str) -> list[dict[str, Any]]:
    return office.hear(a_press(office.desk.buttons.encode(action, now=office.now, **arguments)))


def list_all(office: Office) -> list[dict[str, Any]]:
    return press(office, "do", a="list_events")


def bubbles(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    contents = next(message["contents"] for message in messages if message["type"] == "flex")
    return list(contents["contents"]) if contents["type"] == "carousel" else [contents]


def titles(messages: list[dict[str, Any]]) -> list[str]:
    return [bubble["body"]["contents"][0]["text"] for bubble in bubbles(messages)]


def send_place(office: Office, **place: Any) -> list[dict[str, Any]]:
    return office.hear(an_event("message", message={"type": "location", "id": "9", "address": "", **place}))


def test_nothing_is_said_plainly_where_there_is_nothing(friend: Office) -> None:
    assert "ยังไม่มีกิจกรรมที่ประกาศ" in words_of(list_all(friend))


def test_a_card_says_when_where_and_how_many_seats_are_left(friend: Office) -> None:
    hold(friend, capacity=3)
    messages = list_all(friend)
    assert messages[0]["text"] == "กิจกรรมที่กำลังจะมาถึง มี 1 งานค่ะ"
    assert words_of(messages[1:]).splitlines() == [
        "เวทีแลกเปลี่ยนเรียนรู้",
        "วันเวลา", "วันอังคารที่ 1\u00a0ธันวาคม\u00a02569", "เวลา 12:00–15:00\u00a0น.",
        "สถานที่", "หอประชุมอำเภอแม่สาย",
        "ที่นั่ง", "เหลือ 3 ที่",
    ]  # fmt: skip
    assert labels(bubbles(messages)) == ["รายละเอียด", "ลงทะเบียน"]


STANDINGS: tuple[tuple[dict[str, Any], str, list[str]], ...] = (
    ({"starts_at": NOON - timedelta(hours=1)}, "เริ่มแล้ว", []),
    ({"capacity": None}, "ไม่จำกัดที่นั่ง", ["ลงทะเบียน"]),
    ({"capacity": 0}, "เต็ม รอคิวได้", ["ลงชื่อรอคิว"]),
    ({"capacity": 0, "has_waiting_list": False}, "เต็มแล้ว", []),
    ({"opens_at": NOON + 7 * DAY}, "เปิดลงทะเบียน 1 ธ.ค. 69", []),
    ({"opens_at": NOON + DAY}, "เปิดลงทะเบียน พรุ่งนี้ 12:00 น.", []),
    ({"closes_at": NOON - DAY}, "ปิดรับลงทะเบียนแล้ว", []),
    ({"admits_each": True}, "ลงทะเบียนได้ เจ้าหน้าที่ยืนยันทีละคน", ["ลงทะเบียน"]),
)


def test_seats_in_words(friend: Office) -> None:
    for values, _, _ in STANDINGS:
        hold(friend, **values)
    cards = bubbles(list_all(friend))
    shown = [(words_of([card]).splitlines()[-1], labels([card])[1:]) for card in cards]
    assert shown == [(said, way_in) for _, said, way_in in STANDINGS]


def test_who_has_a_place_is_led_to_their_ticket(friend: Office) -> None:
    with friend.database.transaction() as db:
        event = make_event(db)
        person = find_or_create(db, line_user_id=SOMCHAI, now=NOON).id
        row = sign_up(db, friend.vault, event, person).registration
        number = row.id
    mine = list_all(friend)
    assert labels(bubbles(mine)) == ["รายละเอียด", "ดูบัตรของฉัน"]
    pressed = friend.desk.buttons.decode(data_of(mine, "ดูบัตรของฉัน"))
    assert (pressed.action, dict(pressed.arguments)) == ("booked", {"r": str(number)})
    friend.hear(a_follow(user_id=MALEE))
    hers = friend.hear(a_press(friend.desk.buttons.encode("events", now=friend.now), user_id=MALEE))
    assert labels(bubbles(hers)) == ["รายละเอียด", "ลงทะเบียน"]


def test_more_than_ten_are_leafed_through(friend: Office) -> None:
    for number in range(23):
        hold(friend, title=f"งานที่ {number}", starts_at=IN_A_WEEK + number * DAY)
    first = list_all(friend)
    assert "มี 23 งานค่ะ ตอนนี้แสดงงานที่ 1–10" in first[0]["text"]
    assert titles(first) == [*(f"งานที่ {number}" for number in range(10)), "ยังมีอีกค่ะ"]
    second = friend.press(first, "ดูเพิ่มเติม")
    assert titles(second)[:10] == [f"งานที่ {number}" for number in range(10, 20)]
    third = friend.press(second, "ดูเพิ่มเติม")
    assert titles(third) == ["งานที่ 20", "งานที่ 21", "งานที่ 22"]


def test_what_was_leafed_to_and_is_no_more_begins_anew(friend: Office) -> None:
    hold(friend)
    assert len(bubbles(press(friend, "events", o="10"))) == 1
    assert len(bubbles(press(friend, "events", o="nonsense", d="nowhere", p="none", f="2026"))) == 1


def test_filters_are_combined_and_taken_back(friend: Office) -> None:
    hold(friend, title="ก")
    hold(friend, title="ข", programme="media")
    hold(friend, title="ค", starts_at=NOON + 2 * DAY)
    month = press(friend, "events", f="2026-12-01", l="2026-12-31")
    assert titles(month) == ["ก", "ข"]
    kinds = friend.press(month, "เลือกเรื่อง")
    both = friend.press(kinds, "เวทีแลกเปลี่ยนเรียนรู้")
    assert both[0]["text"] == "กิจกรรมเวทีแลกเปลี่ยนเรียนรู้เดือนธันวาคม 2569 มี 1 งานค่ะ"
    assert titles(both) == ["ก"]
    assert titles(friend.press(both, "เรื่องไหนก็ได้")) == ["ก", "ข"]
    assert titles(friend.press(both, "วันไหนก็ได้")) == ["ค", "ก"]
    assert titles(friend.press(both, "ดูทั้งหมด")) == ["ค", "ก", "ข"]


def test_districts_that_have_something_are_offered_with_how_many(friend: Office) -> None:
    for district in ("phan", "mae_sai", "phan"):
        hold(friend, district=district)
    messages = friend.press(list_all(friend), "เลือกอำเภอ")
    assert labels(messages)[:2] == ["พาน (2 งาน)", "แม่สาย (1 งาน)"]
    assert friend.press(messages, "พาน (2 งาน)")[0]["text"] == "กิจกรรมที่อำเภอพาน มี 2 งานค่ะ เลื่อนดูได้เลยนะคะ"


def test_a_day_is_picked(friend: Office) -> None:
    hold(friend, title="วันนั้น")
    hold(friend, title="วันอื่น", starts_at=IN_A_WEEK + DAY)
    data = data_of(list_all(friend), "เลือกวัน")
    messages = friend.hear(an_event("postback", postback={"data": data, "params": {"date": "2026-12-01"}}))
    assert messages[0]["text"] == "กิจกรรมวันอังคารที่ 1 ธันวาคม 2569 มี 1 งานค่ะ"
    assert titles(messages) == ["วันนั้น"]


def test_nothing_found_names_what_is_nearest(friend: Office) -> None:
    hold(friend, title="งานแม่สาย")
    hold(friend, title="งานแม่จัน", district="mae_chan", starts_at=IN_A_WEEK + 31 * DAY)
    messages = press(friend, "events", d="mae_sai", f="2027-01-01", l="2027-01-31")
    assert messages[0]["text"].splitlines() == [
        "กิจกรรมเดือนมกราคม 2570 ที่อำเภอแม่สาย ยังไม่มีค่ะ",
        'วันอื่นมี "งานแม่สาย" วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น.',
        "ใกล้ ๆ มีงานที่อำเภอแม่จัน",
        "กิจกรรมทั้งหมดตอนนี้มี 2 งานค่ะ",
    ]
    assert titles(friend.press(messages, "ดูวันอื่น")) == ["งานแม่สาย"]
    assert titles(friend.press(messages, "แม่จัน")) == ["งานแม่จัน"]
    assert titles(friend.press(messages, "ดูทั้งหมด")) == ["งานแม่สาย", "งานแม่จัน"]


def test_a_period_that_has_passed_is_said_to_have(friend: Office) -> None:
    hold(friend)
    data = data_of(list_all(friend), "สัปดาห์นี้")
    friend.wait(days=6)
    messages = friend.hear(a_press(data))
    assert messages[0]["text"].splitlines()[0] == "กิจกรรมวันที่ 23–29 พฤศจิกายน 2569 ผ่านไปแล้วค่ะ"


def test_a_place_sent_after_the_list_sorts_by_distance(friend: Office) -> None:
    hold(friend, title="ไกล", district="phan", **PHAN)
    hold(friend, title="ใกล้", starts_at=IN_A_WEEK + DAY, **MAE_SAI)
    hold(friend, title="เรื่องอื่น", programme="media", **MAE_SAI)
    list_all(friend)
    press(friend, "events", p="forum")
    messages = send_place(friend, **MAE_SAI)
    assert titles(messages) == ["ใกล้", "ไกล"]
    assert "ไม่ถึง 1 กม." in words_of(messages)
    assert "ประมาณ 98 กม." in words_of(messages)
    assert titles(friend.press(messages, "เรียงตามวัน")) == ["ไกล", "ใกล้"]


def test_a_place_out_of_the_blue_leads_to_what_is_near(friend: Office) -> None:
    hold(friend, title="ใกล้", **MAE_SAI)
    recognised = send_place(friend, **MAE_SAI)
    assert "แม่สาย" in words_of(recognised)
    assert titles(friend.press(recognised, "กิจกรรมแถวนี้")) == ["ใกล้"]


def test_where_somebody_is_is_forgotten_with_the_conversation(friend: Office) -> None:
    hold(friend, **MAE_SAI)
    messages = friend.press(send_place(friend, **MAE_SAI), "กิจกรรมแถวนี้")
    later = data_of(messages, "เดือนนี้")
    friend.wait(minutes=31)
    asked = friend.hear(a_press(later))
    assert "ส่งตำแหน่ง" in labels(asked)


def test_the_place_that_was_asked_for_may_be_a_district_s_name(friend: Office) -> None:
    hold(friend, title="พาน", district="phan")
    press(friend, "events", n="")
    assert titles(friend.say("อำเภอพาน")) == ["พาน"]
    assert friend.questions() == []


def test_the_offer_under_an_answer_names_a_programme_or_a_district(friend: Office) -> None:
    hold(friend, title="สื่อ", programme="media")
    hold(friend, title="เวที", district="phan")
    assert titles(press(friend, "do", a="list_events", g="media")) == ["สื่อ"]
    assert titles(press(friend, "do", a="list_events", g="phan")) == ["เวที"]


def test_what_is_open_for_registration(friend: Office) -> None:
    assert "ยังไม่มีงานที่เปิดรับ" in words_of(press(friend, "do", a="start_registration"))
    hold(friend, title="เปิด", retention_days=77)
    hold(friend, title="ยังไม่เปิด", opens_at=NOON + DAY)
    assert "77 วัน" in words_of(press(friend, "do", a="start_registration")), "straight to what it is asked for"
    hold(friend, title="เปิดด้วย", starts_at=IN_A_WEEK + DAY)
    assert titles(press(friend, "do", a="start_registration")) == ["เปิด", "เปิดด้วย"]


def test_details_tell_everything_and_show_the_map(friend: Office) -> None:
    number = hold(
        friend, public_id="abc123", summary="คุยกันเรื่องน้ำ", place_address="ถนนพหลโยธิน", bring="ขวดน้ำ", contact="ครูแดง",
        phone_rule="required", asks_district=True, for_classes=True, closes_at=NOON + DAY, minors="guardian",
        ends_at=IN_A_WEEK + DAY, **MAE_SAI,
    )  # fmt: skip
    with friend.database.transaction() as db:
        events.add_question(db, EventQuestionRow(event_id=number, position=1, label="กินเจไหม", kind="yes_no"))
        morning = EventSessionRow(
            event_id=number, position=1, title="เปิดงาน", starts_at=IN_A_WEEK, ends_at=IN_A_WEEK + timedelta(hours=2)
        )  # fmt: skip
        events.replace_sessions(db, number, [morning])
    messages = press(friend, "event", i=str(number))
    said = words_of(messages).splitlines()
    for words in (
        "คุยกันเรื่องน้ำ", "เปิดงาน", "วันอังคารที่ 1\u00a0ธันวาคม\u00a02569", "เวลา 12:00–14:00\u00a0น.", "ขวดน้ำ", "ครูแดง",
        "เหลือ 10 ที่", "พรุ่งนี้ 12:00 น.", "ชื่อ, เบอร์โทร, อำเภอ, คำถามของงาน\u00a01\u00a0ข้อ",
        "เด็กและเยาวชน ต้องให้ผู้ปกครองอนุญาต",
    ):  # fmt: skip
        assert words in said
    links = {action["label"]: action["uri"] for action in actions(messages) if action["type"] == "uri"}
    assert sorted(links.values()) == [
        "http://127.0.0.1:8000/e/abc123",
        "http://127.0.0.1:8000/e/abc123.ics",
        "https://www.google.com/maps/search/?api=1&query=20.4333,99.8767",
    ]
    assert messages[-1]["type"] == "location"
    assert {"ลงทะเบียน", "ลงทะเบียนให้คนอื่น", "ลงทะเบียนทั้งห้อง", "ดูงานอื่น"} <= set(labels(messages))


def test_an_online_event_keeps_its_link_for_those_who_come(friend: Office) -> None:
    number = hold(friend, place_name="", district=None, online_link="https://meet.example/secret")
    messages = press(friend, "event", i=str(number))
    assert "ลิงก์เข้าร่วมจะอยู่ในบัตร เมื่อได้ที่นั่งแล้วค่ะ" in words_of(messages)
    assert "จัดทางออนไลน์" in words_of(list_all(friend))
    assert "secret" not in json.dumps(messages)


GONE: tuple[tuple[dict[str, Any], str], ...] = (
    ({"state": events.DRAFT}, "งานนี้ไม่มีในรายการแล้วค่ะ"),
    ({"state": events.CALLED_OFF, "called_off_why": "ฝนตกหนัก"}, "เหตุผล: ฝนตกหนัก"),
    ({"starts_at": NOON - DAY}, "งานนี้จบไปแล้วค่ะ"),
)


def test_a_dialogue_goes_on_after_looking_at_events(friend: Office) -> None:
    number = hold(friend)
    press(friend, "staff")
    for action, more in (("events", {}), ("event", {"i": str(number)})):
        assert "ยังไม่ได้ส่ง" in press(friend, action, **more)[-1]["text"]
    friend.say("อยากให้มีไฟถนน")
    assert [kind for kind, _, _ in friend.cases()] == ["wants_person"]


def test_an_old_button_of_what_is_no_more_is_answered_kindly(friend: Office) -> None:
    for values, said in GONE:
        messages = press(friend, "event", i=str(hold(friend, **values)))
        assert said in words_of(messages)
        assert "ดูงานอื่น" in labels(messages)
    assert words_of(press(friend, "event", i="nonsense")).startswith("งานนี้ไม่มีในรายการแล้วค่ะ")


def test_every_list_keeps_to_line_s_limits(friend: Office) -> None:
    for number in range(12):
        hold(friend, title="ชื่อที่ยาวมาก" * 15, place_name="ห้องใหญ่" * 24, starts_at=IN_A_WEEK + number * DAY)
    arguments = {"p": "forum", "d": "mae_sai", "f": "2026-12-01", "l": "2026-12-31"}
    for more in ({}, {"n": "20.43,99.88"}):
        messages = press(friend, "events", **arguments, **more)
        assert len(messages[-1]["quickReply"]["items"]) <= limits.QUICK_REPLIES
        assert len(bubbles(messages)) == 11


def test_in_english(friend: Office) -> None:
    hold(friend, **MAE_SAI)
    messages = friend.say("What events are there in December?")
    assert messages[0]["text"] == "Events in December 2026: there is one."
    assert "10 left" in words_of(messages)
    assert labels(bubbles(messages)) == ["Details", "Register"]


def actions(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for part in node for found in actions(part)]
    if not isinstance(node, dict):
        return []
    own = [node["action"]] if isinstance(node.get("action"), dict) else []
    return own + [found for value in node.values() for found in actions(value)]
