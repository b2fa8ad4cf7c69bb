"""Every screen of events as people see it: found, filled in, waited for, given back, called off, and praised.

Through the real processes and a browser as wide as a telephone. With `CIVICBOT_TESTS_SHOTS` set to a folder, it keeps
a picture of each screen there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import update

from bot import clock
from bot.events import booking, calling_off, hours, registration
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import events, people, registrations
from bot.storage.events import EventQuestionRow, EventRow
from bot.storage.jobs import JobRow
from bot.storage.service_messages import ServiceMessageRow
from bot.vault import Vault
from tests.bot.events.making import make_event, sign_up
from tests.bot.simulator.phone_page import running_browser
from tests.scenarios.house import House
from tests.scenarios.phone import Phone
from tests.scenarios.screen import Screen, opened

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("scenarios-sqlite")]
FAMILY, FULL = "เวทีเยาวชนและครอบครัวร่วมออกแบบพื้นที่สาธารณะริมแม่น้ำโขง", "อบรมทำคลิปสั้นเล่าเรื่องชุมชน"
SUMMARY = "มาช่วยกันคิดว่าอยากเห็นริมโขงเป็นแบบไหน มีโต๊ะคุยสำหรับเด็ก ผู้ใหญ่ และผู้สูงอายุ มีล่ามภาษาอาข่าและลาหู่ ไม่ต้องมีพื้นฐาน มาแต่ตัวก็ได้"
QUESTIONS: tuple[tuple[str, str, list[str], bool], ...] = (
    ("แพ้อาหารหรือมีอะไรที่กินไม่ได้ไหมคะ", "text", [], False),
    ("เดินทางมาอย่างไรคะ", "choice", ["รถส่วนตัว", "รถรับส่งของศูนย์จากที่ว่าการอำเภอ", "เดินหรือจักรยาน"], True),
    ("ให้ถ่ายรูปลงเพจของศูนย์ได้ไหมคะ", "yes_no", [], True),
    ("เคยมางานของศูนย์กี่ครั้งแล้วคะ", "number", [], False),
)
OTHERS = "เด็กหญิงณัฐธยาน์ พงศ์พิพัฒน์เจริญสุข\nเด็กชายก้อง ใจดี"


@pytest.fixture
def house(house_on_sqlite: House) -> Iterator[House]:
    """Without any event but the test's own."""
    hide_events(house_on_sqlite)
    yield house_on_sqlite
    hide_events(house_on_sqlite)


def hide_events(house: House) -> None:
    with house.db.transaction() as db:
        db.execute(update(EventRow).values(state=events.DRAFT))


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def screen(house: House, browser: BrowserContext) -> Iterator[Screen]:
    with opened(browser, house) as screen:
        yield screen


def on(days: int, hour: int) -> datetime:
    return datetime.combine(clock.bangkok_date(clock.now()) + timedelta(days=days), time(hour), clock.BANGKOK)


def add_event(house: House, **values: Any) -> int:
    with house.db.transaction() as db:
        return make_event(db, created_at=clock.now(), **values).id


def person(house: House, phone: Phone) -> int:
    with house.db.reading() as db:
        found = people.find(db, line_user_id=phone.user_id)
        assert found is not None
        return found.id


def vault_of(house: House) -> Vault:
    return Vault([house.environment["CIVICBOT_SECRET_KEY"]])


def seat(house: House, event_id: int, phone: Phone, *, party: int = 1) -> int:
    number = person(house, phone)
    with house.db.transaction() as db:
        event = events.find(db, event_id)
        assert event is not None
        return sign_up(db, vault_of(house), event, number, party=party, now=clock.now()).registration.id


def tell_now(house: House, event_id: int, kind: str) -> None:
    """The time of what was booked has come, as far as the jobs can see."""
    with house.db.transaction() as db:
        this = (ServiceMessageRow.event_id == event_id, ServiceMessageRow.kind == kind)
        db.execute(update(ServiceMessageRow).where(*this).values(due_at=clock.now()))
        db.execute(update(JobRow).where(JobRow.lane == booking.LANE).values(due_at=clock.now()))
        jobs.enqueue(db, JobKind.SERVICE_DUE, now=clock.now(), subject_ids=[(None, booking.LANE)])


def move(house: House, event_id: int, *, starts_at: datetime) -> None:
    """Time goes by."""
    with house.db.transaction() as db:
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3)}
        db.execute(update(EventRow).where(EventRow.id == event_id).values(times))


@pytest.fixture
def family_event(house: House) -> int:
    """That asks all that an event can ask, among others."""
    add_event(
        house, title="สภานักเรียนคุยกับนายก อบต.", programme="school", district="mae_chan", starts_at=on(3, 13),
        place_name="โรงเรียนแม่จันวิทยาคม", for_classes=True,
    )  # fmt: skip
    add_event(
        house, title="วงคุยออนไลน์ สิทธิที่ดินบนดอย", programme="ethnic", district=None, place_name="", capacity=None,
        online_link="https://example.org/meet", starts_at=on(4, 18), admits_each=True,
    )  # fmt: skip
    number = add_event(
        house, title=FAMILY, summary=SUMMARY, programme="forum", district="chiang_khong", starts_at=on(5, 9),
        place_name="ศูนย์การเรียนรู้ชุมชนบ้านหาดไคร้", place_address="หมู่ 7 ตำบลเวียง อำเภอเชียงของ",
        latitude=20.26, longitude=100.41, bring="หมวก ขวดน้ำ และยาประจำตัว", contact="พี่มะลิ 053 000 000",
        phone_rule="required", asks_district=True, asks_companions=True, minors="guardian", capacity=40,
    )  # fmt: skip
    with house.db.transaction() as db:
        for position, (label, kind, choices, required) in enumerate(QUESTIONS):
            db.add(
                EventQuestionRow(
                    event_id=number, position=position, label=label, kind=kind, choices=choices, required=required
                )
            )
    return number


def test_a_family_finds_an_event_signs_up_changes_and_gives_it_back(screen: Screen, family_event: int) -> None:
    screen.write("มีกิจกรรมอะไรบ้างคะ", "01-list")
    expect(screen.last.locator(".flex-bubble")).to_have_count(3)
    screen.choose("เลือกอำเภอ", "02-districts")
    screen.press("เชียงของ (1 งาน)", "03-filtered")
    screen.press("รายละเอียด", "04-details")

    screen.press("ลงทะเบียน", "05-notice")
    screen.press("ยินยอมและไปต่อ", "06-name")
    screen.write("สมหญิง ใจดี", "07-phone")
    screen.write("081-234-567", "08-phone-again")
    screen.write("081-234-5678", "09-district")
    screen.choose("เชียงของ", "10-party")
    screen.choose("4 คน", "11-companions")
    screen.write("คำปัน ใจดี", "12-companions-missing")
    screen.write(OTHERS, "13-age")
    screen.choose("มีคนยังไม่ครบ", "14-guardian")
    screen.choose("ผู้ปกครองอนุญาตแล้ว", "15-own-text")
    screen.write("แพ้ถั่วลิสงค่ะ", "16-own-choice")
    screen.choose(re.compile(r"^2\. "), "17-own-yes-no")
    screen.choose("ใช่", "18-own-number")
    screen.write("3", "19-summary")
    screen.press("แก้ไข", "20-edits")
    screen.press("แก้เบอร์โทร", "21-edit-phone")
    screen.choose("ใช้ตามเดิม", "22-summary-again")
    screen.press("ยืนยัน", "23-ticket")
    picture = screen.bots.locator(".flex-hero img").last
    assert picture.evaluate("image => image.naturalWidth") > 0, "the QR has come"

    screen.choose("กิจกรรมของฉัน", "24-mine")
    screen.press("ดูบัตร", "25-ticket-again")
    screen.press("เปลี่ยนจำนวนคน", "26-size")
    screen.choose("5 คน", "27-size-changed")
    screen.write("มีกิจกรรมอะไรบ้างคะ", "28-list-with-own")
    screen.write("ยกเลิกการลงทะเบียน", "30-leave")
    screen.choose("ใช่ ยกเลิกเลย", "31-left")


@pytest.fixture
def full_event(house: House) -> int:
    """With one seat, and one who has it."""
    return add_event(
        house, title=FULL, programme="media", district="mae_sai", starts_at=on(6, 9), capacity=1, phone_rule="no",
        latitude=20.43, longitude=99.88, bring="โทรศัพท์มือถือและสายชาร์จ",
    )  # fmt: skip


def test_somebody_waits_gets_a_seat_is_reminded_and_gives_stars(screen: Screen, full_event: int) -> None:
    house = screen.house
    taken = seat(house, full_event, Phone.of_a_friend(house))

    screen.write("มีกิจกรรมอะไรบ้างคะ", "40-full")
    screen.press("รายละเอียด", "41-full-details")
    screen.press("ลงชื่อรอคิว", "42-notice")
    screen.press("ยินยอมและไปต่อ", "43-name")
    screen.write("สมชาย ใจดี", "44-party")
    screen.choose("1 คน", "45-summary")
    screen.press("ยืนยัน", "46-in-line")
    screen.choose("กิจกรรมของฉัน", "47-mine-in-line")

    with house.db.transaction() as db:
        by_day = hours.next_day_begins(clock.now())  # offers are made by day
        registration.cancel(db, registration_id=taken, by="person", now=by_day)
    tell_now(house, full_event, booking.OFFER)
    screen.look("48-offer")
    screen.press("รับที่นั่ง", "49-taken")

    move(house, full_event, starts_at=on(1, 9))
    tell_now(house, full_event, f"{booking.REMINDER}1440")
    screen.look("50-reminder")
    screen.press("ไป", "51-coming")
    screen.press("ไม่ไป", "52-not-coming")
    screen.choose("ยังไปเหมือนเดิม", "53-coming-after-all")

    move(house, full_event, starts_at=clock.now() - timedelta(hours=5))
    tell_now(house, full_event, booking.FEEDBACK)
    screen.look("54-stars")
    screen.press("⭐⭐⭐⭐⭐", "55-word")
    screen.write("สนุกมาก ได้ทำคลิปเองจริง ๆ ค่ะ", "56-thanks")


def test_an_event_is_changed_and_then_called_off(screen: Screen, full_event: int) -> None:
    house = screen.house
    place = seat(house, full_event, screen.phone)
    with house.db.transaction() as db:
        row = registrations.find(db, place)
        assert row is not None
        booking.tell_all(db, [row], booking.CHANGED, occurrence=2, now=clock.now())
    screen.look("59-changed")
    with house.db.transaction() as db:
        calling_off.call_off(db, event_id=full_event, why="น้ำท่วมทางเข้า รถเข้าไม่ได้", now=clock.now())
    screen.look("60-called-off")
    screen.choose("ดูกิจกรรม", "61-none")
