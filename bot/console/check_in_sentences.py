"""What the pages at the door say, in Thai, for volunteers."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot import thai_dates
from bot.storage.events import EventRow, EventSessionRow

STATES = {
    "pending": "รอเจ้าหน้าที่ตอบรับ ยังไม่มีที่นั่ง", "waiting": "รอคิวอยู่ ยังไม่มีที่นั่ง", "offered": "มีที่ว่างให้ แต่ยังไม่ได้ตอบรับ",
    "confirmed": "มีที่นั่งแล้ว", "cancelled": "ยกเลิกไว้แล้ว", "refused": "เจ้าหน้าที่ไม่ได้รับไว้",
}  # fmt: skip
NAMELESS = "(ไม่มีชื่อ)"
NOT_FOUND = ("ไม่พบในงานนี้ค่ะ", "ลองดูรหัสอีกครั้ง หรือพิมพ์ชื่อบางส่วน ถ้ายังไม่ได้ลงทะเบียน ใช้ “คนที่ไม่ได้ลงทะเบียน” ด้านล่างนะคะ")
EMPTY = ("ยังไม่ได้พิมพ์อะไรค่ะ", "พิมพ์รหัสบนบัตร หรือชื่อบางส่วน")
CHOOSE = ("คนไหนคะ", "แตะคนที่มาถึง")
NO_PLACE = ("ยังเช็กอินไม่ได้ค่ะ", "คนนี้ยังไม่มีที่นั่ง ดูด้านล่างว่าให้เข้าได้ไหม")
UNDONE = ("เลิกการเช็กอินแล้วค่ะ", "ถ้ามาจริง เช็กอินใหม่ได้เลย")
NOTHING_TO_UNDO = ("ไม่มีอะไรให้เลิกค่ะ", "คนนี้ไม่ได้เช็กอินอยู่")
SENT_BEFORE = ("รายการนี้ส่งมาแล้วค่ะ", "และมีคนเลิกไปแล้วภายหลัง ถ้ามาจริง เช็กอินใหม่นะคะ")
NO_PART = ("รอบนี้ถูกแก้ไปแล้วค่ะ", "โหลดหน้านี้ใหม่ เลือกรอบอีกครั้ง แล้วเช็กอินใหม่นะคะ")
CALLED_OFF = ("งานนี้ยกเลิกแล้วค่ะ", "จึงเช็กอินไม่ได้")
GONE = ("ไม่พบรายการนี้แล้วค่ะ", "อาจถูกลบไปแล้ว ลองค้นใหม่นะคะ")
STAFF_DECIDE = "เรื่องนี้ให้เจ้าหน้าที่ตัดสินใจค่ะ"
NO_NAME = ("ขอชื่อด้วยค่ะ", "ชื่อเล่นก็ได้")
NO_NOTICE = ("ยังไม่ได้บอกเขาค่ะ", "อ่านข้อความให้เขาฟังก่อน แล้วติ๊กว่าบอกแล้วนะคะ")


def came(people: int) -> tuple[str, str]:
    return "เช็กอินแล้วค่ะ", f"{people} คน"


def came_before(people: int, at: datetime) -> tuple[str, str]:
    return f"มาแล้ว {thai_dates.hour(at)}", f"นับไว้ {people} คน ไม่ได้นับซ้ำค่ะ"


def corrected(people: int) -> tuple[str, str]:
    return "แก้จำนวนแล้วค่ะ", f"นับเป็น {people} คน"


def elsewhere(title: str) -> tuple[str, str]:
    return "บัตรนี้เป็นของงานอื่นค่ะ", f"บัตรของงาน “{title}”"


def full(left: int) -> tuple[str, str]:
    return "ที่นั่งไม่พอค่ะ", f"ตอนนี้ว่าง {left} ที่" if left else "ตอนนี้ไม่มีที่ว่างเลย"


def too_many(most: int) -> tuple[str, str]:
    return "จำนวนคนไม่ถูกต้องค่ะ", f"ใส่ได้ 1 ถึง {most} คน"


def when(event: EventRow) -> str:
    place = f" · {event.place_name}" if event.place_name else ""
    return f"{thai_dates.span(event.starts_at, event.ends_at)}{place}"


def part(session: EventSessionRow) -> str:
    title = f" {session.title}" if session.title else ""
    return f"{thai_dates.short_date_and_time(session.starts_at)}{title}"


def paper(new: int, people: int, already: int) -> str:
    before = f" อีก {already} รายการเช็กอินไว้แล้ว ไม่ได้นับซ้ำ" if already else ""
    if not new:
        return f"ไม่มีรายการใหม่ค่ะ{before}"
    return f"บันทึกแล้วค่ะ {new} รายการ {people} คน{before}"


def notice(event: EventRow) -> str:
    """What somebody who walks in is told before their name is written down."""
    return f"เราขอจดชื่อและจำนวนคนไว้ เพื่อรู้ว่าใครมาร่วมงานนี้ แล้วจะลบหลังจบงาน {event.retention_days} วัน ตกลงไหมคะ"


def notice_hash(event: EventRow) -> str:
    return hashlib.sha256(notice(event).encode()).hexdigest()
