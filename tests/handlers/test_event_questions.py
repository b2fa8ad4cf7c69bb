"""Questions about what is on, in free text: which ones are taken over, and what is understood of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.storage.engine import Database
from bot.vault import Vault
from handlers.event_reading import Asked, read_question
from knowledge.decision import Candidate, Decision
from tests.bot.events.making import IN_A_WEEK, make_event
from tests.builders import a_follow, an_event
from tests.office import Office, answers, labels, shipped, words_of

TODAY = date(2026, 11, 24)
"""A Tuesday."""
TAKEN_OVER = (
    ("เดือนหน้ามีอะไรที่แม่สายบ้าง", "mae_sai 12-01..12-31"),
    ("เสาร์นี้มีงานไหม", "11-28..11-28"),
    ("กิจกรรมชาติพันธุ์เดือนธันวา", "ethnic 12-01..12-31"),
    ("วันที่ ๒๘ มีอะไร", "11-28..11-28"),
    ("วันพูกมีก๋านประชุมตี้ไหนก่อเจ้า", "11-25..11-25"),
    ("พรุ่งนี้มีอะไร", "11-25..11-25"),
    ("แม่สายมีงานมั้ย", "mae_sai"),
    ("มีกิจกรรมแถวอำเภอพานไหมครับ", "phan"),
    ("สุดสัปดาห์นี้มีกิจกรรมอะไรบ้างคะ", "11-28..11-29"),
    ("Any activities near Mae Sai this weekend?", "mae_sai 11-28..11-29"),
    ("เดือนนี้ศูนย์จัดอะไรบ้าง", "11-01..11-30"),
    ("28 พ.ย. นี้มีงานที่เชียงของไหม", "chiang_khong 11-28..11-28"),
    ("มะรืนมีอบรมที่ไหน", "11-26..11-26"),
    ("กิจกรรมเดือนธันวาคม 2569 ที่อำเภอแม่สาย", "mae_sai 12-01..12-31"),
    ("วันที่ 5 ธันวาคม 2569 มีเวทีไหมคะ", "forum 12-05..12-05"),
    ("ปีหน้ามีกิจกรรมอะไรบ้างครับ", "2027-01-01..2027-12-31"),
    ("อาทิตย์หน้ามีงานอะไรพ่องเจ้า", "11-30..12-06"),
    ("อบรมสื่ออาสาเดือนหน้ามีไหม", "media 12-01..12-31"),
    ("What events are there in December?", "12-01..12-31"),
    ("กิจกรรมใกล้บ้าน", "near"),
    ("มีกิจกรรมใกล้ฉันไหม", "near"),
    ("วันที่ 28-30 พ.ย. มีกิจกรรมอะไร", "11-28..11-30"),
    ("เดือนธันวามีเวทีแลกเปลี่ยนเรียนรู้ที่แม่จันไหม", "forum mae_chan 12-01..12-31"),
    ("ขอดูกิจกรรมเดือนหน้าหน่อยค่ะ", "12-01..12-31"),
    ("เดือนหน้ามีหยังพ่องตี้แม่สาย", "mae_sai 12-01..12-31"),
    ("ขอดูตารางกิจกรรมเดือนนี้ครับ", "11-01..11-30"),
    ("ต้นเดือนหน้ามีงานไหมคะ", "12-01..12-10"),
    ("งานวันที่ 28 กี่โมง", "11-28..11-28"),
)
NOT_TAKEN_OVER = (
    "เสาร์นี้มีงานแต่งที่แม่สาย",
    "เสาร์นี้มีงาน",
    "เสาร์นี้มีงาน ไปไม่ได้",
    "พรุ่งนี้มีประชุมผู้ปกครอง",
    "แม่สายมีงานทำไหม",
    "หางานที่แม่สาย",
    "เดือนหน้ามีเลือกตั้งไหม",
    "วันนี้มีอะไรกินบ้าง",
    "วันนี้มีอะไรให้ช่วยไหมคะ",
    "แม่สายมีอะไรน่าเที่ยว",
    "แม่สายมีอะไรบ้าง",
    "เดือนนี้เงินเข้าวันไหน",
    "ศูนย์เปิดวันเสาร์ไหม",
    "วันเสาร์เปิดไหม",
    "ยกเลิกกิจกรรมวันที่ 28",
    "ขอยกเลิกงานวันเสาร์นี้",
    "ลงทะเบียนกิจกรรมเดือนหน้าไปแล้ว บัตรอยู่ไหน",
    "กิจกรรมเดือนที่แล้วสนุกมาก",
    "กิจกรรมเมื่อวานดีมากเลยค่ะ",
    "เมื่อวานมีงานที่แม่สายคนเยอะไหม",
    "ปีที่แล้วมีกิจกรรมอะไรบ้าง",
    "งานศพวันเสาร์นี้ที่วัดไหน",
    "พรุ่งนี้มีงานบวชที่พาน",
    "วันนี้ประชุมสภา",
    "เดือนหน้ามีงานวัดไหม",
    "แม่สายน้ำท่วมไหมวันนี้",
    "วันนี้ฝนตกที่แม่สายไหม",
    "กิจกรรมแม่สายเสียเงินไหม",
    "งานวันเสาร์ฟรีไหม",
    "กิจกรรมวันที่ 28 เต็มหรือยัง",
    "กิจกรรมเสาร์นี้ต้องเอาอะไรไปบ้าง",
    "เสาร์นี้ไปงานยังไง",
    "งานแก้จนที่แม่สายทำอะไร",
    "งานของศูนย์ที่แม่สายใครดูแล",
    "บัตรคนจนเดือนนี้ได้เท่าไหร่",
    "เดือนหน้ามีเงินผู้สูงอายุไหม",
    "วันที่ 28 เงินออกไหม",
    "พรุ่งนี้หยุดไหม",
    "พรุ่งนี้ธนาคารเปิดไหม",
    "อาทิตย์หน้ามีรถรับส่งไหม",
    "เดือนหน้ามีงานกาชาดไหม",
    "มีงานพาร์ทไทม์ที่เชียงแสนไหม",
    "ตกงานที่แม่สาย ช่วยหน่อย",
    "งานเยอะมากวันนี้",
    "ทำงานวันเสาร์ไหม",
    "วันนี้งานเข้า",
    "สมัครงานที่เชียงรายเดือนหน้า",
    "เวทีมวยแม่สายวันเสาร์นี้",
    "ขอโทษเมื่อวานประชุมอยู่",
    "ประชุมหมู่บ้านพรุ่งนี้กี่โมง",
    "วันนี้ครูนัดประชุมที่โรงเรียน",
    "อยากจัดกิจกรรมที่แม่สายเดือนหน้า ขอวิทยากรได้ไหม",
    "ศูนย์ช่วยจัดอบรมที่บ้านเราเดือนหน้าได้ไหม",
    "ขอใช้สถานที่จัดงานวันเสาร์",
    "รูปกิจกรรมวันเสาร์ที่แล้วดูได้ที่ไหน",
    "กิจกรรมที่แม่สายทำไมไม่แจ้ง",
    "ผมอยู่แม่สาย",
    "พานมีอะไรใหม่",
    "พรุ่งนี้ไปไหนดี",
    "วันนี้วันอะไร",
    "วันนี้มีข่าวอะไรบ้าง",
    "แม่จันไปแม่สายกี่กิโล",
    "มีคนถูกทำร้ายในงานที่แม่สายวันนี้",
    "What is the weather in Mae Sai today?",
    "Is the office open this weekend?",
    "Any jobs in Mae Sai this month?",
    "ลูกมีกิจกรรมที่โรงเรียนพรุ่งนี้",
    "เดือนหน้ามีงานเข้าหลายงาน เหนื่อย",
    "งานวิจัยเดือนหน้าส่งที่ไหน",
    "เดือนนี้มีงานที่ต้องทำเยอะไหม",
    "สามีมีงานพรุ่งนี้",
    "พรุ่งนี้ประชุมกี่โมง",
    "ดูงานวันเสาร์",
)


def understood(asked: Asked) -> str:
    """`forum mae_sai 12-01..12-31`, days of another year than 2026 in full."""
    wanted = asked.wanted
    parts = [wanted.programme or "", *wanted.districts]
    if wanted.first and wanted.last:
        parts.append(f"{wanted.first}..{wanted.last}".replace("2026-", ""))
    return " ".join(filter(None, (*parts, "near" * asked.near)))


@pytest.mark.parametrize(("text", "meant"), TAKEN_OVER)
def test_what_asks_for_events_is_understood(text: str, meant: str) -> None:
    asked = read_question(text, shipped(), today=TODAY)
    assert (asked.only_that, understood(asked)) == (True, meant)


@pytest.mark.parametrize("text", NOT_TAKEN_OVER)
def test_what_asks_for_something_else_is_left_alone(text: str) -> None:
    assert not read_question(text, shipped(), today=TODAY).only_that


def test_sixty_and_more_sentences_are_left_alone() -> None:
    assert len(set(NOT_TAKEN_OVER)) >= 60


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("มีกิจกรรมแถวอำเภอพานไหมครับ ไปไกลไม่ไหว", "phan"),
        ("ปีที่แล้วพลาดงานไป ปีนี้เลยขอถามไว้ก่อนว่ามีงานอะไร", "01-01..12-31"),
        ("ช่วงนี้มีอบลมอะไรมั่งคะใกล้ๆแม่จัน", "mae_chan"),
        ("สมัครไว้ทั้งของแม่ลาวและเวียงชัย มีงานวันไหนบ้าง", "mae_lao wiang_chai"),
        ("กิจกรรมที่โรงเรียน มีเมื่อไร", ""),
        ("อยากพาลูกไปงาน", ""),
    ],
)
def test_what_a_longer_text_names_is_found_too(text: str, meant: str) -> None:
    """For what the matcher takes to ask for events."""
    asked = read_question(text, shipped(), today=TODAY)
    assert (asked.only_that, understood(asked)) == (False, meant)


@pytest.fixture
def friend(sqlite_database: Database, vault: Vault) -> Office:
    office = Office(sqlite_database, vault)
    office.hear(a_follow())
    with sqlite_database.transaction() as db:
        make_event(db, title="แม่สาย", latitude=20.43, longitude=99.88)
        make_event(db, title="พาน", district="phan", starts_at=IN_A_WEEK + timedelta(days=40))
    return office


def logged(office: Office) -> list[tuple[str | None, str, str | None]]:
    return [(row.text, row.decision, row.entry) for row in office.questions()]


def titles(messages: list[dict[str, Any]]) -> list[str]:
    contents = next(message["contents"] for message in messages if message["type"] == "flex")
    return [bubble["body"]["contents"][0]["text"] for bubble in contents.get("contents", [contents])]


def test_the_answer_says_what_was_understood(friend: Office) -> None:
    messages = friend.say("เดือนหน้ามีอะไรที่แม่สายบ้าง")
    assert messages[0]["text"] == "กิจกรรมเดือนธันวาคม 2569 ที่อำเภอแม่สาย มี 1 งานค่ะ"
    assert titles(messages) == ["แม่สาย"]
    assert logged(friend) == [("เดือนหน้ามีอะไรที่แม่สายบ้าง", "answer", "event.list")]


def test_whoever_meant_something_else_can_say_so(friend: Office) -> None:
    messages = friend.say("เดือนหน้ามีอะไรที่แม่สายบ้าง")
    friend.press(messages, "👎 ไม่ตรง")
    assert [row.feedback for row in friend.questions()] == ["no"]


def test_what_the_matcher_takes_for_it_is_narrowed_as_far_as_it_says(friend: Office) -> None:
    text = "มีกิจกรรมแถวอำเภอพานไหมครับ ไปไกลไม่ไหว"
    friend.matcher.told[text] = answers("event.list")
    assert titles(friend.say(text)) == ["พาน"]
    friend.matcher.told["มีอะไรให้ทำ"] = answers("event.list")
    assert titles(friend.say("มีอะไรให้ทำ")) == ["แม่สาย", "พาน"]


def test_a_second_need_is_offered_too(friend: Office) -> None:
    friend.matcher.told["มีงานไหม แล้วศูนย์เปิดกี่โมง"] = answers("event.list", also=("center.hours",))
    messages = friend.say("มีงานไหม แล้วศูนย์เปิดกี่โมง")
    assert [message["type"] for message in messages] == ["text", "flex", "flex"]
    assert labels(messages[-1:])[0] == shipped().entries["center.hours"].title["th"]
    assert "เลือกอำเภอ" in labels(messages[-1:])


@pytest.mark.parametrize("entry", ["event.cancel", "event.mine", "event.cost", "event.full"])
def test_a_question_about_one_s_own_place_stays_that(friend: Office, entry: str) -> None:
    friend.matcher.told["เสาร์นี้มีงานไหม"] = answers(entry)
    assert words_of(friend.say("เสาร์นี้มีงานไหม")).endswith("ตอบตรงไหมคะ")


def test_what_is_not_answered_at_all_is_not_answered_with_events(friend: Office) -> None:
    friend.matcher.told["เสาร์นี้มีเวทีไหม"] = Decision("fallback", None, (), refusal="political")
    assert "เป็นกลาง" in words_of(friend.say("เสาร์นี้มีเวทีไหม"))
    friend.matcher.told["เสาร์นี้มีงานไหม"] = answers("general.crisis", urgent=True)
    assert "191" in words_of(friend.say("เสาร์นี้มีงานไหม"))


def test_what_the_matcher_is_not_sure_of_is_answered_with_events(friend: Office) -> None:
    unsure = Decision("clarify", None, (Candidate("ethnic.join", 0.4), Candidate("event.list", 0.3)))
    friend.matcher.told["กิจกรรมชาติพันธุ์เดือนธันวา"] = unsure
    said = words_of(friend.say("กิจกรรมชาติพันธุ์เดือนธันวา"))
    assert said.startswith("กิจกรรมสานพลังชาติพันธุ์เจียงฮายเดือนธันวาคม 2569 ยังไม่มีค่ะ")


def test_near_needs_a_place_or_a_district_named_before(friend: Office) -> None:
    asked = friend.say("มีกิจกรรมใกล้ฉันไหม")
    assert "ส่งตำแหน่ง" in labels(asked)
    place = {"type": "location", "id": "9", "address": "", "latitude": 20.43, "longitude": 99.88}
    assert titles(friend.hear(an_event("message", message=place))) == ["แม่สาย", "พาน"]
    assert titles(friend.say("กิจกรรมใกล้บ้าน")) == ["แม่สาย"]


def test_a_question_that_names_a_district_is_no_correction_of_where_one_is(friend: Office) -> None:
    friend.say("มีกิจกรรมใกล้ฉันไหม")
    assert friend.say("เดือนหน้ามีอะไรที่พานบ้าง")[0]["text"].startswith("กิจกรรมเดือนธันวาคม 2569 ที่อำเภอพาน ยังไม่มีค่ะ")
