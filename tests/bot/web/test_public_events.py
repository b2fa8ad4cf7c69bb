from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from sqlalchemy import event as sqlalchemy_event

from bot.events import calling_off
from bot.storage import events
from bot.storage.events import EventQuestionRow, EventRow, EventSessionRow
from tests.bot.events.making import IN_A_WEEK, a_person, make_event, sign_up
from tests.bot.web.visiting import BASE, Site, days
from tests.builders import NOON

_META = re.compile(r'<meta property="([^"]+)" content="([^"]*)">')


def an_event(site: Site, **changes: Any) -> EventRow:
    with site.database.transaction() as db:
        return make_event(db, **changes)


def test_event_page_tells_all_of_it(site: Site) -> None:
    event = an_event(
        site, summary="คุยกันเรื่องน้ำ\nและป่า", district="phan", party_most=3, phone_rule="no", bring="แก้วน้ำ",
        contact="053-123-456", closes_at=IN_A_WEEK - days(1), gives_certificate=True,
    )  # fmt: skip

    assert site.read(f"/e/{event.public_id}") == (
        "เวที เวทีแลกเปลี่ยนเรียนรู้ คุยกันเรื่องน้ำ และป่า วันเวลา วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น. "
        "สถานที่ หอประชุมอำเภอแม่สาย · อำเภอพาน ที่นั่ง เหลือ 10 ที่ ลงทะเบียนได้ถึง 30 พฤศจิกายน 2569 เวลา 12:00 น. "
        "มาหลายคน ลงทะเบียนพร้อมกันได้ไม่เกิน 3 คน เกียรติบัตร มีให้คนที่มาร่วมจริงค่ะ นำมาด้วย แก้วน้ำ ติดต่อ 053-123-456 ใส่ปฏิทิน "
        "ลงทะเบียนอย่างไร ทักแชต LINE ของศูนย์ แล้วพิมพ์ว่า “กิจกรรม” เลือกงานนี้ บอตจะพาลงทะเบียนทีละขั้นค่ะ "
        "ไม่มี LINE ก็มาได้ค่ะ ให้คนรู้จักลงทะเบียนให้ หรือติดต่อเจ้าหน้าที่ของศูนย์ "
        "จะถามอะไรบ้าง เพราะอะไร ชื่อ ให้รู้ว่าใครมา และเรียกถูกตอนเช็กอิน "
        "ใช้ลงทะเบียน เตรียมงาน และติดต่อคุณเรื่องงานนี้เท่านั้นค่ะ เก็บไว้ 90 วันหลังจบงาน แล้วลบค่ะ "
        "มีอะไรสงสัย ทักแชต LINE ของศูนย์ได้เลยค่ะ ดูกิจกรรมทั้งหมด"
    )


def test_event_page_in_english(quick_site: Site) -> None:
    event = an_event(quick_site, district="phan")

    words = quick_site.read(f"/e/{event.public_id}?lang=en")

    assert "When Tuesday 1 December 2026, 12:00–15:00 Where หอประชุมอำเภอแม่สาย · Phan district Seats 10 left" in words


def test_event_page_says_all_that_is_asked_and_why(site: Site) -> None:
    event = an_event(
        site, phone_rule="required", asks_district=True, asks_companions=True, for_classes=True, minors="guardian",
        purpose="ใช้จัดรถรับส่ง", retention_days=30, gives_certificate=True,
    )  # fmt: skip
    with site.database.transaction() as db:
        for position, (label, required) in enumerate((("แพ้อาหารอะไร", False), ("ขึ้นรถที่ไหน", True))):
            question = EventQuestionRow(
                event_id=event.id, position=position, label=label, kind="text", required=required
            )
            events.add_question(db, question)

    words = site.read(f"/e/{event.public_id}").partition("เพราะอะไร ")[2]

    assert words.startswith(
        "ชื่อ ให้รู้ว่าใครมา และเรียกถูกตอนเช็กอิน เบอร์โทร ติดต่อคุณถ้างานเปลี่ยนกะทันหัน "
        "อำเภอที่อยู่ ให้รู้ว่าคนมาจากไหน เพื่อเตรียมงานนี้ ชื่อของคนที่มาด้วย ให้รู้ว่าใครมาบ้าง และพิมพ์ชื่อบนเกียรติบัตร "
        "โรงเรียนและชั้น (ถ้ามาทั้งห้อง) ให้รู้ว่าห้องไหนมา อายุครบ 20 ปีแล้วหรือยัง งานนี้เด็กและเยาวชนต้องให้ผู้ปกครองอนุญาตก่อน "
        "แพ้อาหารอะไร (ไม่ตอบก็ได้) ใช้เตรียมงานนี้ ขึ้นรถที่ไหน ใช้เตรียมงานนี้ ใช้จัดรถรับส่ง เก็บไว้ 30 วัน"
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"capacity": None}, "ไม่จำกัดที่นั่ง"),
        ({"capacity": 0}, "เต็มแล้ว ลงชื่อรอคิวได้"),
        ({"capacity": 0, "has_waiting_list": False}, "เต็มแล้ว"),
        ({"admits_each": True}, "ลงทะเบียนได้ เจ้าหน้าที่ยืนยันทีละคน"),
        ({"opens_at": NOON + days(1)}, "เปิดลงทะเบียนวันพุธที่ 25 พฤศจิกายน 2569"),
        ({"closes_at": NOON}, "ปิดรับลงทะเบียนแล้ว"),
        ({"starts_at": NOON, "ends_at": NOON + days(1)}, "เริ่มแล้ว"),
    ],
)
def test_seats_in_words(quick_site: Site, values: dict[str, Any], said: str) -> None:
    event = an_event(quick_site, **values)

    found = re.search("<dt>ที่นั่ง</dt>\\s*<dd>([^<]*)</dd>", quick_site.get(f"/e/{event.public_id}"))

    assert found is not None
    assert found[1] == said


def test_event_that_one_cannot_register_for_does_not_ask(quick_site: Site) -> None:
    event = an_event(quick_site, closes_at=NOON)

    words = quick_site.read(f"/e/{event.public_id}")

    assert "ตอนนี้ลงทะเบียนงานนี้ไม่ได้แล้วค่ะ" in words
    assert "จะถามอะไรบ้าง" not in words


def test_event_that_was_called_off_says_so_first(site: Site) -> None:
    event = an_event(site)
    with site.database.transaction() as db:
        calling_off.call_off(db, event_id=event.id, why="น้ำท่วม", now=NOON)

    words = site.read(f"/e/{event.public_id}")

    assert words.startswith(
        "เวที เวทีแลกเปลี่ยนเรียนรู้ งานนี้ยกเลิก ไม่จัดแล้วค่ะ ขออภัยด้วยนะคะ คนที่ลงทะเบียนไว้ไม่ต้องเดินทางมาค่ะ เหตุผล: น้ำท่วม วันเวลา"
    )
    assert "ลงทะเบียนอย่างไร" not in words
    assert dict(_META.findall(site.get(f"/e/{event.public_id}")))["og:title"].startswith("งานนี้ยกเลิก ไม่จัดแล้วค่ะ")


def test_event_that_is_over(quick_site: Site) -> None:
    event = an_event(quick_site)
    quick_site.now = event.ends_at

    assert quick_site.read(f"/e/{event.public_id}").startswith(
        "เวที เวทีแลกเปลี่ยนเรียนรู้ งานนี้จบแล้วค่ะ วันเวลา วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น. สถานที่ หอประชุมอำเภอแม่สาย "
        "มีอะไรสงสัย"
    )


def test_event_of_several_parts_lists_them(quick_site: Site) -> None:
    event = an_event(quick_site, ends_at=IN_A_WEEK + days(1.125))
    with quick_site.database.transaction() as db:
        parts = [
            EventSessionRow(
                event_id=event.id, position=one, title=("ทฤษฎี", "")[one], starts_at=IN_A_WEEK + days(one),
                ends_at=IN_A_WEEK + days(one) + timedelta(hours=3),
            )
            for one in (0, 1)
        ]  # fmt: skip
        events.replace_sessions(db, event.id, parts)

    assert (
        "วันเวลา 1–2 ธันวาคม 2569 เริ่ม 12:00 น. แต่ละช่วง ทฤษฎี วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น. "
        "ช่วงที่ 2 วันพุธที่ 2 ธันวาคม 2569 เวลา 12:00–15:00 น. สถานที่"
    ) in quick_site.read(f"/e/{event.public_id}")


def test_online_event_keeps_its_link_for_those_who_have_a_place(quick_site: Site) -> None:
    event = an_event(quick_site, place_name="", online_link="https://meet.example.org/abc")

    page, words = quick_site.get(f"/e/{event.public_id}"), quick_site.read(f"/e/{event.public_id}")

    assert "meet.example.org" not in page
    assert "สถานที่ ออนไลน์" in words
    assert "ลิงก์เข้าร่วมจะอยู่ในบัตร เมื่อได้ที่นั่งแล้วค่ะ" in words


def test_event_with_the_account_known_leads_to_it(quick_site: Site) -> None:
    event = an_event(quick_site, latitude=19.9, longitude=99.8)
    site = Site(quick_site.database, quick_site.vault, quick_site.catalogue, line_id="@civic")

    page = site.get(f"/e/{event.public_id}")

    assert 'href="https://line.me/R/ti/p/@civic"' in page
    assert 'href="https://www.google.com/maps/search/?api=1&amp;query=19.9,99.8"' in page
    assert "line.me" not in quick_site.get(f"/e/{event.public_id}")


def test_event_is_shared_with_its_title_time_and_place(quick_site: Site) -> None:
    event = an_event(quick_site, title='เวที "น้ำ" <b>')

    page = quick_site.get(f"/e/{event.public_id}")

    assert dict(_META.findall(page)) == {
        "og:type": "website",
        "og:site_name": "ศูนย์",
        "og:title": "เวที &#34;น้ำ&#34; &lt;b&gt;",
        "og:description": "วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น. · หอประชุมอำเภอแม่สาย",
        "og:url": f"{BASE}/e/{event.public_id}",
        "og:locale": "th_TH",
    }


@pytest.mark.parametrize("ending", ["", ".ics"])
def test_draft_and_what_does_not_exist_are_not_found(site: Site, ending: str) -> None:
    draft = an_event(site, state=events.DRAFT, published_at=None)
    dropped = an_event(site, state=events.CALLED_OFF, published_at=None)

    for name in (draft.public_id, dropped.public_id, "nothing", "%00", "ก"):
        assert site.read(f"/e/{name}{ending}", 404) == ("ไม่พบงานนี้ ลิงก์อาจพิมพ์ไม่ครบ หรืองานนี้ยังไม่เปิดให้ดูค่ะ ดูกิจกรรมทั้งหมด")


def test_calendar_file_of_one_event(site: Site) -> None:
    event = an_event(site)

    response = site.client.get(f"/e/{event.public_id}.ics", base_url=BASE)

    (entry,) = icalendar.Calendar.from_ical(response.data).walk("VEVENT")
    assert (entry["SUMMARY"], entry["DTSTART"].dt) == ("เวทีแลกเปลี่ยนเรียนรู้", IN_A_WEEK)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{event.public_id}.ics"'


def test_list_has_what_is_coming_the_next_one_first(site: Site) -> None:
    an_event(site, title="สอง", starts_at=IN_A_WEEK + days(1), ends_at=IN_A_WEEK + days(1.1), programme=None)
    an_event(site, title="หนึ่ง", capacity=0)
    an_event(site, title="ผ่านไปแล้ว", starts_at=NOON - days(2), ends_at=NOON - days(1))
    an_event(site, title="ร่าง", state=events.DRAFT)

    assert site.read("/e/") == (
        "กิจกรรมที่กำลังจะมาถึง เลือกงานที่สนใจ แล้วลงทะเบียนในแชต LINE ของศูนย์ค่ะ "
        "เวที หนึ่ง วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น. หอประชุมอำเภอแม่สาย เต็มแล้ว ลงชื่อรอคิวได้ "
        "สอง วันพุธที่ 2 ธันวาคม 2569 เวลา 12:00–14:24 น. หอประชุมอำเภอแม่สาย เหลือ 10 ที่ "
        "มีอะไรสงสัย ทักแชต LINE ของศูนย์ได้เลยค่ะ"
    )


def test_list_of_nothing(quick_site: Site) -> None:
    assert quick_site.read("/e/").startswith("กิจกรรมที่กำลังจะมาถึง ตอนนี้ยังไม่มีกิจกรรมที่ประกาศค่ะ")


def test_list_asks_no_more_of_the_database_for_many_than_for_one(quick_site: Site) -> None:
    asked: list[str] = []
    an_event(quick_site)

    def note(*given: Any) -> None:
        asked.append(given[2])

    sqlalchemy_event.listen(quick_site.database.engine, "before_cursor_execute", note)
    try:
        quick_site.get("/e/")
        for_one = len(asked)
        for _ in range(3):
            an_event(quick_site)
        asked.clear()
        quick_site.get("/e/")
    finally:
        sqlalchemy_event.remove(quick_site.database.engine, "before_cursor_execute", note)

    assert len(asked) == for_one


def test_public_pages_may_be_kept_for_a_minute_and_found(quick_site: Site) -> None:
    event = an_event(quick_site)
    with quick_site.database.transaction() as db:
        sign_up(db, quick_site.vault, event, a_person(db, 1))

    headers = quick_site.client.get(f"/e/{event.public_id}", base_url=BASE).headers

    assert headers["Cache-Control"] == "public, max-age=60"
    assert "X-Robots-Tag" not in headers
    assert "Set-Cookie" not in headers
    assert "เหลือ 9 ที่" in quick_site.read(f"/e/{event.public_id}")


def test_address_that_leads_nowhere_is_told_in_our_words(quick_site: Site) -> None:
    response = quick_site.client.get("/e/a/b/c", base_url=BASE)

    assert response.status_code == 404
    assert "ไม่พบหน้านี้" in response.get_data(as_text=True)
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")


def test_style_is_ours_and_kept_for_a_day(quick_site: Site) -> None:
    found = re.search('href="(/e/-/public.css[^"]*)"', quick_site.get("/e/"))

    assert found is not None
    with quick_site.client.get(found[1], base_url=BASE) as response:
        assert (response.mimetype, response.headers["Cache-Control"]) == ("text/css", "public, max-age=86400")
