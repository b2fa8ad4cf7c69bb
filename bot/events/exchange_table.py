"""Events as a table: which columns there are and what they may be called, and how large a file may be.

A spreadsheet program takes a text that begins with certain letters for a formula and runs it. Such a text goes out with
an apostrophe before it, and comes back without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from unicodedata import category

from bot.events.exchange_faults import ImportFault, Reason

LARGEST_FILE = 5_000_000
MOST_EVENTS = 2_000
MOST_ROWS = 5_000
"""Empty ones among them."""
MOST_COLUMNS = 60
LONGEST_CELL = 20_000
LONGEST_SHOWN = 60
SHEET = "กิจกรรม"
SHEETS = (SHEET, "events")
ID, STATE, DAY = "id", "state", "day"
_NAMES = {
    ID: ("รหัส", "uid", "source key"),
    STATE: ("สถานะ", "status"),
    "title": ("ชื่อกิจกรรม", "ชื่อ", "name", "event"),
    "summary": ("รายละเอียด", "description", "details"),
    "programme": ("โครงการ", "program", "project"),
    "district": ("อำเภอ",),
    "place_name": ("ชื่อสถานที่", "สถานที่", "place", "venue", "location"),
    "place_address": ("ที่อยู่", "address"),
    "latitude": ("ละติจูด", "lat"),
    "longitude": ("ลองจิจูด", "lng", "lon", "long"),
    "online_link": ("ลิงก์ออนไลน์", "ลิงค์ออนไลน์", "link"),
    "bring": ("สิ่งที่ต้องเตรียมมา", "what to bring"),
    "contact": ("ติดต่อสอบถาม", "ติดต่อ", "ผู้ติดต่อ"),
    DAY: ("วันที่", "date"),
    "starts_at": ("วันและเวลาเริ่ม", "เวลาเริ่ม", "เริ่ม", "เวลา", "start", "starts", "start time", "time"),
    "ends_at": ("วันและเวลาเลิก", "เวลาเลิก", "สิ้นสุด", "เวลาสิ้นสุด", "end", "ends", "end time"),
    "sessions": ("ช่วงย่อย", "parts"),
    "capacity": ("จำนวนที่นั่ง", "ที่นั่ง", "จำนวนที่รับ", "seats"),
    "party_most": ("มาด้วยกันได้ไม่เกินกี่คน", "party", "most in a party"),
    "opens_at": ("เปิดรับลงทะเบียน", "opens", "registration opens"),
    "closes_at": ("ปิดรับลงทะเบียน", "closes", "registration closes"),
    "has_waiting_list": ("คิวรอ", "รายชื่อสำรอง", "waiting list"),
    "offer_minutes": ("เวลาให้ตอบรับที่ว่าง (นาที)",),
    "admits_each": ("เจ้าหน้าที่รับทีละราย", "staff admit each"),
    "phone_rule": ("เบอร์โทร", "phone"),
    "asks_district": ("อำเภอของผู้ลงทะเบียน",),
    "asks_companions": ("ชื่อคนที่มาด้วย", "companions"),
    "for_classes": ("ครูลงทะเบียนทั้งห้อง", "classes"),
    "minors": ("ผู้เข้าร่วมอายุไม่ถึง 20 ปี",),
    "questions": ("คำถามของกิจกรรมนี้", "คำถาม"),
    "purpose": ("ขอข้อมูลไปใช้ทำอะไร",),
    "retention_days": ("เก็บข้อมูลไว้กี่วันหลังจบ", "retention"),
    "reminder_minutes": ("เตือนก่อนถึงวัน", "reminders"),
    "asks_feedback": ("ขอความเห็นหลังจบ", "feedback"),
    "gives_certificate": ("เกียรติบัตร", "certificate"),
}
"""By field: the name that an export writes, and others that are read as well, beside that of the field itself."""
WRITTEN: Mapping[str, str] = {name: names[0] for name, names in _NAMES.items() if name != DAY}
_RUNNABLE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠|%]")
_NEUTRAL = re.compile(r"'+[=+\-@\t\r\n＝＋－＠|%]")
_SPACES = re.compile(r"[\s_]+")


@dataclass(frozen=True)
class Row:
    number: int
    """As the person's program counts them."""
    cells: Mapping[str, str]
    """By field; those that the table has no column for are not there."""


@dataclass(frozen=True)
class Sheet:
    headings: Mapping[str, str]
    """What each field is called in the file."""
    rows: tuple[Row, ...]
    faults: tuple[ImportFault, ...] = field(default=())
    """Of single cells."""


def alike(text: str) -> str:
    """Equal for names that differ in case, spaces and underscores only."""
    return _SPACES.sub(" ", text).strip().lower()


_FIELDS = {alike(name): field for field, names in _NAMES.items() for name in (field, *names)}


def field_of(heading: str) -> str | None:
    return _FIELDS.get(alike(heading))


def header_faults(header: Sequence[str]) -> Iterator[ImportFault]:
    """A column that nobody knows is refused: a slip of the pen must not lose what stands in it."""
    found = [field_of(heading) for heading in header]
    for place, (heading, name) in enumerate(zip(header, found, strict=True)):
        if heading and name is None:
            yield ImportFault(1, heading[:LONGEST_SHOWN], Reason.UNKNOWN_COLUMN)
        elif name is not None and name in found[:place]:
            yield ImportFault(1, heading[:LONGEST_SHOWN], Reason.COLUMN_TWICE)
    if "title" not in found and ID not in found:
        yield ImportFault(1, WRITTEN["title"], Reason.MISSING_COLUMN)
    if len(header) > MOST_COLUMNS:
        yield ImportFault(1, None, Reason.TOO_MANY_COLUMNS, str(MOST_COLUMNS))


def neutral(text: str) -> str:
    """A text that no spreadsheet program runs. `restored` is the inverse."""
    return f"'{text}" if _RUNNABLE.match(text) else text


def restored(cell: str) -> str:
    return cell[1:] if _NEUTRAL.match(cell) else cell


def text_of(cell: str) -> str:
    """What was meant by the text of a cell: one kind of line end, no space around it, no apostrophe of ours."""
    return restored(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()


def cell_fault(row: int, column: str, text: str) -> ImportFault | None:
    if len(text) > LONGEST_CELL:
        return ImportFault(row, column, Reason.TOO_LONG, str(LONGEST_CELL))
    if any(category(letter) in {"Cc", "Cs", "Co", "Cn"} and letter not in "\n\t" for letter in text):
        return ImportFault(row, column, Reason.UNREADABLE_LETTER)
    return None
