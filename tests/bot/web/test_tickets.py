from __future__ import annotations

import logging
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import segno
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.events import calling_off
from bot.storage import events, registrations
from bot.storage.events import EventSessionRow
from bot.storage.registrations import OFFERED, PENDING, REFUSED, WAITING, RegistrationRow
from bot.web import guesses, quiet_logs
from bot.web.guesses import Guesses
from bot.web.tickets import draw_code
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.bot.web.visiting import BASE, Site, arrive, days
from tests.builders import NOON

ONLINE = "https://meet.example.org/abc"
NOBODYS = "A" * 32


def a_ticket(site: Site, *, party: int = 1, name: str = "นายสมชาย ใจดี", **changes: Any) -> RegistrationRow:
    with site.database.transaction() as db:
        event = make_event(db, **changes)
        return sign_up(db, site.vault, event, a_person(db, 1), party=party, form=a_form(name)).registration


def change(site: Site, row: RegistrationRow, **values: Any) -> None:
    with site.database.transaction() as db:
        registrations.change(db, db.merge(row, load=True), **values)


def of_event(site: Site, row: RegistrationRow) -> events.EventRow:
    with site.database.reading() as db:
        found = events.find(db, row.event_id)
    assert found is not None
    return found


def test_ticket_says_all_that_one_needs_at_the_door(site: Site) -> None:
    row = a_ticket(
        site, party=3, bring="บัตรประชาชน", contact="053-123-456", latitude=20.43, longitude=99.88, online_link=ONLINE
    )

    words = site.read(f"/t/{row.ticket}")

    spelt = " ".join(row.code)
    assert words == (
        "บัตรเข้างาน เวทีแลกเปลี่ยนเรียนรู้ ยืนยันแล้ว มีที่สำหรับ 3 คนค่ะ ยื่นหน้านี้ให้เจ้าหน้าที่ที่หน้างานได้เลยค่ะ รหัสบัตร "
        f"{row.code[:3]} {row.code[3:]} {spelt} ถ้าสแกนไม่ได้ อ่านรหัสนี้ให้เจ้าหน้าที่ฟังค่ะ "
        "วันเวลา วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น. สถานที่ หอประชุมอำเภอแม่สาย · ออนไลน์ ชื่อ นายสมชาย มากัน 3 คน "
        "นำมาด้วย บัตรประชาชน ติดต่อ 053-123-456 เข้าร่วมออนไลน์ ใส่ปฏิทิน ดูแผนที่ ดูหน้าของงาน "
        "อยากเปลี่ยนจำนวนคนหรือยกเลิก ทักแชต LINE ของศูนย์ แล้วพิมพ์ว่า “กิจกรรมของฉัน” ค่ะ "
        "ลิงก์นี้เป็นบัตรของคุณ อย่าส่งต่อให้คนที่ไม่ได้มาด้วยกันนะคะ"
    )


def test_ticket_page_links_to_its_picture_calendar_map_and_online_room(quick_site: Site) -> None:
    row = a_ticket(quick_site, latitude=20.43, longitude=99.88, online_link=ONLINE)

    page = quick_site.get(f"/t/{row.ticket}")

    public_id = of_event(quick_site, row).public_id
    for address in (
        f'src="/t/{row.ticket}/qr.png"',
        f'href="/e/{public_id}.ics"',
        'href="https://www.google.com/maps/search/?api=1&amp;query=20.43,99.88"',
        f'href="{ONLINE}"',
    ):
        assert address in page


def test_ticket_in_english(quick_site: Site) -> None:
    row = a_ticket(quick_site, party=2)

    page, words = quick_site.get(f"/t/{row.ticket}?lang=en"), quick_site.read(f"/t/{row.ticket}?lang=en")

    assert '<html lang="en">' in page
    assert "Confirmed You have seats for 2 people." in words
    assert "When Tuesday 1 December 2026, 12:00–15:00" in words
    assert 'href="?lang=th"' in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"state": PENDING}, "รอเจ้าหน้าที่ยืนยัน งานนี้เจ้าหน้าที่ดูให้ทีละคนค่ะ ได้คำตอบแล้วบอตจะบอกนะคะ"),
        ({"state": WAITING, "seats": 0}, "รอคิว คุณอยู่คิวที่ 1 ค่ะ ถ้ามีที่ว่าง บอตจะบอกในแชต LINE"),
        (
            {"state": OFFERED, "seats": 1, "offer_until": NOON + timedelta(hours=3)},
            "มีที่ว่างให้คุณแล้ว 1 ที่ ตอบภายใน 24 พฤศจิกายน 2569 เวลา 15:00 น. ในแชต LINE ของศูนย์นะคะ ถ้าไม่ตอบ ที่นั่งจะไปถึงคนถัดไปค่ะ",
        ),
        (
            {"state": OFFERED, "seats": 1, "offer_until": NOON},
            "หมดเวลาตอบรับแล้ว ถ้ายังอยากมา ทักแชต LINE ของศูนย์ได้เลยค่ะ",
        ),
        (
            {"state": REFUSED, "seats": 0, "ended_by": "staff"},
            "ครั้งนี้ยังรับไม่ได้ ขอโทษด้วยนะคะ ถ้าอยากถามเหตุผล ทักแชต LINE ของศูนย์ได้เลยค่ะ",
        ),
        (
            {"state": "cancelled", "seats": 0, "ended_by": "person"},
            "ยกเลิกแล้ว คุณยกเลิกไว้ค่ะ ถ้าอยากมาอีก ลงทะเบียนใหม่ได้นะคะ",
        ),
        (
            {"state": "cancelled", "seats": 0, "ended_by": "staff"},
            "ยกเลิกแล้ว เจ้าหน้าที่ยกเลิกให้แล้วค่ะ ถ้าสงสัย ทักแชต LINE ของศูนย์ได้เลยนะคะ",
        ),
        (
            {"state": "cancelled", "seats": 0, "ended_by": "offer"},
            "หมดเวลาตอบรับแล้ว ถ้ายังอยากมา ทักแชต LINE ของศูนย์ได้เลยค่ะ",
        ),
    ],
)
def test_ticket_without_a_seat_says_how_it_stands_and_shows_neither_code_picture_nor_room(
    quick_site: Site, values: dict[str, Any], said: str
) -> None:
    row = a_ticket(quick_site, online_link=ONLINE)
    change(quick_site, row, **values)

    page, words = quick_site.get(f"/t/{row.ticket}"), quick_site.read(f"/t/{row.ticket}")

    assert words.startswith(f"บัตรเข้างาน เวทีแลกเปลี่ยนเรียนรู้ {said} วันเวลา")
    assert "qr.png" not in page
    assert ONLINE not in page


def test_ticket_of_somebody_in_the_line_says_which_place(site: Site) -> None:
    with site.database.transaction() as db:
        event = make_event(db, capacity=1)
        rows = [sign_up(db, site.vault, event, a_person(db, one)).registration for one in (1, 2, 3)]

    assert "คุณอยู่คิวที่ 2 ค่ะ" in site.read(f"/t/{rows[2].ticket}")


def test_ticket_of_an_event_that_was_called_off(site: Site) -> None:
    row = a_ticket(site)
    with site.database.transaction() as db:
        calling_off.call_off(db, event_id=row.event_id, why="น้ำท่วม", now=NOON)

    words = site.read(f"/t/{row.ticket}")

    assert words.startswith(
        "บัตรเข้างาน เวทีแลกเปลี่ยนเรียนรู้ งานนี้ยกเลิก ไม่จัดแล้ว ขออภัยด้วยนะคะ ไม่ต้องเดินทางมาค่ะ เหตุผล: น้ำท่วม วันเวลา"
    )
    assert "ใส่ปฏิทิน" not in words


def test_ticket_that_was_checked_in(quick_site: Site) -> None:
    row = a_ticket(quick_site, party=3)
    quick_site.now = IN_A_WEEK + timedelta(minutes=5)
    with quick_site.database.transaction() as db:
        arrive(db, row, IN_A_WEEK - timedelta(minutes=20), people=2)

    assert "เช็กอินแล้ว มากัน 2 คน ตอน 11:40 น. ค่ะ" in quick_site.read(f"/t/{row.ticket}")


def test_ticket_of_several_parts_looks_at_the_one_that_is_on(quick_site: Site) -> None:
    with quick_site.database.transaction() as db:
        event = make_event(db, ends_at=IN_A_WEEK + days(1.125))
        parts = [
            EventSessionRow(
                event_id=event.id, position=one, title=f"วันที่{one + 1}", starts_at=IN_A_WEEK + days(one),
                ends_at=IN_A_WEEK + days(one + 0.125),
            )
            for one in (0, 1)
        ]  # fmt: skip
        events.replace_sessions(db, event.id, parts)
        row = sign_up(db, quick_site.vault, event, a_person(db, 1)).registration
        arrive(db, row, IN_A_WEEK)

    quick_site.now = IN_A_WEEK + timedelta(hours=1)
    first = quick_site.read(f"/t/{row.ticket}")
    quick_site.now = IN_A_WEEK + days(1)
    second = quick_site.read(f"/t/{row.ticket}")

    assert "เช็กอินแล้ว วันที่1: มากัน 1 คน ตอน 12:00 น. ค่ะ" in first
    assert "แต่ละช่วง วันที่1 วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น. วันที่2 วันพุธที่ 2" in first
    assert "ยืนยันแล้ว มีที่สำหรับ 1 คนค่ะ" in second


def test_ticket_after_the_event_thanks_those_who_came(quick_site: Site) -> None:
    row = a_ticket(quick_site)
    with quick_site.database.transaction() as db:
        arrive(db, row, IN_A_WEEK)
    quick_site.now = IN_A_WEEK + days(2)

    page, words = quick_site.get(f"/t/{row.ticket}"), quick_site.read(f"/t/{row.ticket}")

    assert "ขอบคุณที่มา งานนี้จบแล้ว แล้วเจอกันใหม่นะคะ" in words
    assert "qr.png" not in page


def test_ticket_expires_a_month_after_the_event(site: Site) -> None:
    row = a_ticket(site)
    ends_at = of_event(site, row).ends_at

    site.now = ends_at + days(30)
    still = site.read(f"/t/{row.ticket}")
    site.now += timedelta(seconds=1)
    gone = site.read(f"/t/{row.ticket}", 410)

    assert "งานนี้จบแล้ว" in still
    assert gone == "บัตรนี้หมดอายุแล้ว งานจบไปเกิน 30 วันแล้วค่ะ ขอบคุณที่สนใจนะคะ ดูกิจกรรมทั้งหมด"
    site.get(f"/t/{row.ticket}/qr.png", 410)


@pytest.mark.parametrize("path", [f"/t/{NOBODYS}", "/t/x", "/t/%00", "/t/ก", "/t/" + "a" * 900, f"/t/{NOBODYS}/qr.png"])
def test_unknown_ticket_is_told_kindly(site: Site, path: str) -> None:
    assert site.read(path, 404) == (
        "ไม่พบบัตรนี้ ลิงก์อาจพิมพ์ไม่ครบ หรือบัตรถูกลบไปแล้วค่ะ ทักแชต LINE ของศูนย์ แล้วพิมพ์ว่า “กิจกรรมของฉัน” "
        "เพื่อดูบัตรที่มีอยู่นะคะ ดูกิจกรรมทั้งหมด"
    )


@pytest.mark.parametrize("ticket", [NOBODYS, "x", "%00"])
def test_unknown_ticket_is_looked_up_once_in_the_index_however_it_is_written(quick_site: Site, ticket: str) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement.partition("WHERE ")[2])

    sqlalchemy_event.listen(quick_site.database.engine, "before_cursor_execute", note)
    try:
        quick_site.get(f"/t/{ticket}", 404)
    finally:
        sqlalchemy_event.remove(quick_site.database.engine, "before_cursor_execute", note)

    assert [one for one in asked if one] == ["registrations.ticket = ?"]


def test_ticket_of_a_registration_that_was_erased(site: Site) -> None:
    row = a_ticket(site)
    with site.database.transaction() as db:
        registrations.empty(db, row.event_id)
    emptied = site.read(f"/t/{row.ticket}", 404)
    with site.database.transaction() as db:
        db.delete(db.merge(row))

    assert site.read(f"/t/{row.ticket}", 404) == emptied


def test_ticket_is_kept_from_caches_search_engines_and_other_pages(quick_site: Site) -> None:
    row = a_ticket(quick_site)

    headers = quick_site.client.get(f"/t/{row.ticket}", base_url=BASE).headers

    assert {
        name: headers[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy", "X-Frame-Options")
    } == {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
    assert headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    ]  # fmt: skip
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_picture_can_be_drawn_by_a_chat_and_kept_by_one_telephone(quick_site: Site) -> None:
    row = a_ticket(quick_site)

    response = quick_site.client.get(f"/t/{row.ticket}/qr.png", base_url=BASE)

    width, height = Image.open(BytesIO(response.data)).size
    assert response.mimetype == "image/png"
    assert 600 <= width == height <= 1024
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cache-Control"] == "private, max-age=86400"
    assert response.data == draw_code(f"{BASE}/t/{row.ticket}")


@pytest.mark.parametrize("host", ["a.th", "a-centre-with-a-very-long-name.somewhere.example.org:8000/under/a/path" * 3])
def test_picture_fits_and_has_a_quiet_zone_whatever_our_address(host: str) -> None:
    address = f"https://{host}/t/{NOBODYS}"
    picture = Image.open(BytesIO(draw_code(address))).convert("L")

    modules = segno.make(address, error="m", micro=False).symbol_size(border=4)[0]
    scale = picture.width // modules
    dark = picture.point(lambda value: 255 - value).getbbox()

    assert 600 <= picture.width <= 1024
    assert picture.size == (modules * scale, modules * scale)
    assert dark == (4 * scale, 4 * scale, picture.width - 4 * scale, picture.height - 4 * scale)


def test_wrong_tickets_from_one_place_are_refused_for_a_minute(quick_site: Site) -> None:
    clock = [0.0]
    site = Site(
        quick_site.database, quick_site.vault, quick_site.catalogue, guesses=Guesses(most=3, clock=lambda: clock[0])
    )
    row = a_ticket(site)

    statuses = [site.client.get(f"/t/{NOBODYS}", base_url=BASE).status_code for _ in range(4)]
    refused = site.client.get(f"/t/{row.ticket}", base_url=BASE)
    elsewhere = site.client.get(f"/t/{row.ticket}", base_url=BASE, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    clock[0] = 60.0

    assert statuses == [404, 404, 404, 429]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert elsewhere.status_code == 200
    site.get(f"/t/{row.ticket}")


def test_guesses_of_more_places_than_there_is_room_for_are_not_counted() -> None:
    known = Guesses(most=1, places=2, clock=lambda: 0.0)

    for address in ("192.0.2.1", "2001:db8::1", "192.0.2.3"):
        known.note(address)

    places = ("192.0.2.1", "2001:db8::ffff", "2001:db8:0:1::1", "192.0.2.3")
    assert [known.are_too_many(address) for address in places] == [True, True, False, False]
    assert guesses.MOST_PLACES == 10_000


def test_no_log_holds_a_ticket_when_the_database_is_away(quick_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("SELECT", {"ticket": NOBODYS}, Exception("gone"))

    monkeypatch.setattr(registrations, "find_by_ticket", away)
    with capture_logs() as logged:
        words = quick_site.read(f"/t/{NOBODYS}", 503)

    assert words.startswith("ตอนนี้เปิดไม่ได้")
    assert logged == [{"event": "public.database", "log_level": "error", "error": "OperationalError"}]


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.mark.parametrize("name", quiet_logs.LOGGERS)
def test_the_servers_own_logs_hide_tickets(name: str) -> None:
    quiet_logs.install()
    logger, kept = logging.getLogger(name), Kept()
    logger.addHandler(kept)
    try:
        logger.warning('%(h)s "%(r)s" %(s)s', {"h": "192.0.2.1", "r": f"GET /t/{NOBODYS}/qr.png?x HTTP/1.1", "s": 200})
        logger.warning("Error handling request %s", f"/t/{NOBODYS}")
        logger.warning("Nothing of %d", 1)
    finally:
        logger.removeHandler(kept)

    assert kept.lines == [
        '192.0.2.1 "GET /t/…/qr.png?x HTTP/1.1" 200', "Error handling request /t/…", "Nothing of 1",
    ]  # fmt: skip


def test_only_looking_is_allowed(quick_site: Site) -> None:
    row = a_ticket(quick_site)
    client: FlaskClient = quick_site.client

    response = client.post(f"/t/{row.ticket}", base_url=BASE)

    assert response.status_code == 405
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "ไม่พบหน้านี้" in response.get_data(as_text=True)
