"""What the pages about events say, in Thai, for staff and volunteers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot import thai_dates
from bot.console.event_forms import Fault as FormFault
from bot.console.event_forms import NotANumber
from bot.console.event_maps import MapFault
from bot.console.event_times import TwoEnds
from bot.events.event_checks import LONGEST, LONGEST_CHOICE, LONGEST_LABEL, LONGEST_PART, RANGES, Fault
from bot.events.event_draft import Plan
from bot.thai_date_reading import CannotRead
from bot.thai_date_reading import Fault as DateFault

LISTS = {"coming": "กำลังจะมาถึง", "drafts": "ฉบับร่าง", "past": "ผ่านไปแล้ว", "called_off": "ยกเลิก"}
NOTHING_IN = {
    "coming": "ยังไม่มีกิจกรรมที่เผยแพร่แล้วค่ะ", "drafts": "ไม่มีฉบับร่างค่ะ", "past": "ยังไม่มีกิจกรรมที่ผ่านไปแล้วค่ะ",
    "called_off": "ไม่มีกิจกรรมที่ยกเลิกค่ะ",
}  # fmt: skip
STATES = {"draft": "ฉบับร่าง ยังไม่มีใครเห็น", "published": "เผยแพร่แล้ว", "called_off": "ยกเลิกแล้ว"}
LABELS = {
    "title": "ชื่อกิจกรรม", "summary": "รายละเอียด", "programme": "โครงการ", "starts": "วันและเวลาเริ่ม", "ends": "เวลาเลิก",
    "sessions": "ช่วงย่อย", "place_name": "ชื่อสถานที่", "place_address": "ที่อยู่", "district": "อำเภอ",
    "map": "ตำแหน่งบนแผนที่", "online_link": "ลิงก์ออนไลน์", "bring": "สิ่งที่ต้องเตรียมมา", "contact": "ติดต่อสอบถาม",
    "capacity": "จำนวนที่นั่ง", "party_most": "มาด้วยกันได้ไม่เกินกี่คน", "opens": "เปิดรับลงทะเบียน", "closes": "ปิดรับลงทะเบียน",
    "has_waiting_list": "คิวรอ", "offer_minutes": "เวลาให้ตอบรับที่ว่าง", "admits_each": "เจ้าหน้าที่รับทีละราย",
    "phone_rule": "เบอร์โทร", "asks_district": "อำเภอของผู้ลงทะเบียน", "asks_companions": "ชื่อคนที่มาด้วย",
    "for_classes": "ครูลงทะเบียนทั้งห้อง", "questions": "คำถามของกิจกรรมนี้", "minors": "ผู้เข้าร่วมอายุไม่ถึง 20 ปี",
    "purpose": "ขอข้อมูลไปใช้ทำอะไร", "retention_days": "เก็บข้อมูลไว้กี่วันหลังจบ", "reminders": "เตือนก่อนถึงวัน",
    "asks_feedback": "ขอความเห็นหลังจบ", "gives_certificate": "เกียรติบัตร",
}  # fmt: skip
FIELD_OF = {
    "starts_at": "starts", "ends_at": "ends", "opens_at": "opens", "closes_at": "closes", "latitude": "map",
    "longitude": "map", "reminder_minutes": "reminders",
}  # fmt: skip
"""Where a field of the form is called otherwise than that of a plan."""
KINDS = {"text": "พิมพ์ตอบ", "choice": "เลือกหนึ่งข้อ", "yes_no": "ใช่ หรือ ไม่ใช่", "number": "ตัวเลข"}
PHONE_RULES = {"no": "ไม่ถาม", "optional": "ถาม แต่ข้ามได้", "required": "ต้องมี"}
MINORS = {
    "any": "ไม่ต้องถามอายุ", "guardian": "มาได้ เมื่อผู้ปกครองยินยอม", "adults": "รับเฉพาะอายุ 20 ปีขึ้นไป",
}  # fmt: skip
OFFERS = {
    0: "ให้ที่นั่งเลย แล้วแจ้งให้ทราบ", 60: "1 ชั่วโมง", 180: "3 ชั่วโมง", 360: "6 ชั่วโมง", 720: "1 วันเต็ม",
}  # fmt: skip
REMINDERS = {10080: "7 วันก่อน", 4320: "3 วันก่อน", 1440: "1 วันก่อน", 120: "2 ชั่วโมงก่อน", 60: "1 ชั่วโมงก่อน"}
WHY_ASKED = {
    "phone_rule": "ถามเมื่อจำเป็นต้องโทรตาม เช่น รถรับส่ง หรืองานที่อาจเลื่อนกะทันหัน คนที่ใช้ LINE เราแจ้งทาง LINE ได้อยู่แล้ว",
    "asks_district": "ถามเมื่อใช้จริง เช่น จัดรถรับส่ง หรือต้องรายงานว่าคนมาจากไหน",
    "asks_companions": "ถามเมื่อต้องใช้ชื่อทุกคน เช่น ทำป้ายชื่อหรือเกียรติบัตร ถ้าแค่นับหัว ไม่ต้องถาม",
    "for_classes": "ถามชื่อโรงเรียน ชั้น จำนวนนักเรียน และครูผู้ติดต่อ ไม่ถามชื่อนักเรียน เว้นแต่เลือกถามชื่อคนที่มาด้วย",
    "minors": "ถามเมื่อกิจกรรมต้องรู้จริง ๆ เช่น ค้างคืนหรือเดินทาง",
    "questions": "ถามเท่าที่ต้องใช้จัดงาน แต่ละข้อที่เพิ่ม ทำให้คนเลิกกรอกกลางทางมากขึ้น",
    "retention_days": "ครบแล้วระบบลบชื่อและคำตอบเอง เก็บสั้นที่สุดเท่าที่ต้องใช้",
}  # fmt: skip
SENSITIVE = (
    "บัตรประชาชน", "เลขบัตร", "ศาสนา", "เชื้อชาติ", "ชาติพันธุ์", "ชนเผ่า", "เผ่า", "สัญชาติ", "สุขภาพ", "โรค", "แพ้", "พิการ",
    "ตั้งครรภ์", "พรรค", "การเมือง", "เพศ", "ประวัติอาชญากรรม", "รายได้", "วันเกิด",
)  # fmt: skip
"""Words in a question of the event's own that call for a second thought."""

NO_TITLE = "(ยังไม่มีชื่อ)"
NO_DAY = "ยังไม่ได้กำหนดวัน"
NO_EVENT = ("ไม่พบกิจกรรมนี้ค่ะ", "อาจเป็นฉบับร่างที่ถูกลบไปแล้ว กลับไปที่หน้ากิจกรรมนะคะ")
CALLED_OFF = "กิจกรรมนี้ยกเลิกไปแล้วค่ะ แก้ไขไม่ได้ ถ้าจะจัดใหม่ กดทำสำเนานะคะ"
CHANGED = "มีคนแก้กิจกรรมนี้ไปก่อนแล้วค่ะ ยังไม่ได้บันทึกของคุณ และไม่มีอะไรหาย"
CHANGED_SINCE = "กิจกรรมนี้เพิ่งมีคนแก้ค่ะ ดูฉบับล่าสุดก่อน แล้วกดใหม่นะคะ"
SAVED_DRAFT = "บันทึกฉบับร่างแล้วค่ะ ยังไม่มีใครเห็น จนกว่าจะกดเผยแพร่"
NOTHING_CHANGED = "ไม่มีอะไรเปลี่ยนค่ะ"
PUBLISHED = "เผยแพร่แล้วค่ะ คนเห็นแล้ว และลงทะเบียนได้ตามเวลาที่ตั้งไว้"
COPIED = "ทำสำเนาแล้วค่ะ ใส่วันและเวลาใหม่ แล้วตรวจอีกครั้งก่อนเผยแพร่"
REMOVED = "ลบฉบับร่างแล้วค่ะ"
NOT_A_DRAFT = "กิจกรรมนี้เผยแพร่แล้วค่ะ ลบไม่ได้ ถ้าไม่จัดแล้ว ใช้ปุ่มยกเลิกกิจกรรมนะคะ"
OVER = "กิจกรรมนี้จบไปแล้วค่ะ ยกเลิกไม่ได้"
NO_REASON = "ขอเหตุผลสั้น ๆ ค่ะ คนที่ลงทะเบียนจะได้อ่านข้อความนี้"
REASON_TOO_LONG = "เหตุผลยาวเกินไปค่ะ ขอไม่เกิน 500 ตัวอักษร"
OFF_BEFORE = "กิจกรรมนี้ยกเลิกไปก่อนแล้วค่ะ ไม่มีใครได้รับข้อความซ้ำ"

_FAULTS: Mapping[tuple[str, Fault], str] = {
    ("title", Fault.MISSING): "ขอชื่อกิจกรรมค่ะ",
    ("place_name", Fault.MISSING): "ขอชื่อสถานที่ หรือลิงก์ออนไลน์ อย่างน้อยหนึ่งอย่างค่ะ",
    ("starts", Fault.MISSING): "ขอวันและเวลาเริ่มค่ะ",
    ("ends", Fault.MISSING): "ขอเวลาเลิกค่ะ",
    ("ends", Fault.HALF): "มีเวลาเริ่มแล้ว ขอเวลาเลิกด้วยค่ะ",
    ("starts", Fault.HALF): "มีเวลาเลิกแล้ว ขอเวลาเริ่มด้วยค่ะ",
    ("starts", Fault.PAST): "เวลาเริ่มผ่านไปแล้วค่ะ ขอเวลาที่ยังมาไม่ถึง",
    ("ends", Fault.PAST): "เวลาเลิกผ่านไปแล้วค่ะ ขอเวลาที่ยังมาไม่ถึง",
    ("ends", Fault.TOO_LONG): "กิจกรรมยาวเกินหนึ่งปีค่ะ ดูวันที่อีกครั้งนะคะ",
    ("opens", Fault.OUTSIDE): "ต้องเปิดรับก่อนกิจกรรมเริ่มค่ะ",
    ("closes", Fault.OUTSIDE): "ต้องปิดรับก่อนกิจกรรมเริ่ม หรือพร้อมกันค่ะ ถ้าเว้นว่างไว้ จะปิดรับตอนกิจกรรมเริ่ม",
    ("closes", Fault.ENDS_BEFORE_START): "เวลาปิดรับอยู่ก่อนเวลาเปิดรับค่ะ",
    ("closes", Fault.PAST): "เวลาปิดรับผ่านไปแล้วค่ะ ถ้าเผยแพร่ตอนนี้จะไม่มีใครลงทะเบียนได้",
    ("for_classes", Fault.CONTRADICTS): "รับทั้งห้องเรียนไม่ได้ค่ะ เพราะเลือกไว้ว่ารับเฉพาะอายุ 20 ปีขึ้นไป",
    ("retention_days", Fault.PROMISED): "เพิ่มไม่ได้แล้วค่ะ เพราะบอกคนที่ลงทะเบียนไว้แล้วว่าเก็บสั้นกว่านี้ แต่ลดได้ค่ะ",
    ("sessions", Fault.CHECKED_IN): "ลบช่วงที่มีคนเช็กอินแล้วไม่ได้ค่ะ",
    ("reminders", Fault.TOO_MANY): "เตือนได้ไม่เกิน 5 ครั้งค่ะ",
    ("sessions", Fault.TOO_MANY): "มีได้ไม่เกิน 20 ช่วงค่ะ",
    ("questions", Fault.TOO_MANY): "ถามได้ไม่เกิน 10 ข้อค่ะ",
    ("choices", Fault.TOO_MANY): "ตัวเลือกมีได้ไม่เกิน 10 ข้อค่ะ",
    ("choices", Fault.TOO_FEW): "ขอตัวเลือกอย่างน้อย 2 ข้อ บรรทัดละข้อค่ะ",
    ("choices", Fault.TWICE): "มีตัวเลือกที่ซ้ำกันค่ะ",
    ("choices", Fault.TOO_LONG): f"ตัวเลือกยาวเกินไปค่ะ ขอข้อละไม่เกิน {LONGEST_CHOICE} ตัวอักษร",
    ("session", Fault.MISSING): "ขอวันและเวลาของช่วงนี้ค่ะ",
    ("session", Fault.HALF): "ขอทั้งเวลาเริ่มและเวลาเลิกค่ะ",
    ("session", Fault.OUTSIDE): "ช่วงนี้อยู่นอกเวลาของกิจกรรมค่ะ แก้ช่วงนี้ หรือแก้เวลาเริ่มเวลาเลิกของกิจกรรม",
    ("session", Fault.TOO_LONG): f"ชื่อช่วงยาวเกินไปค่ะ ขอไม่เกิน {LONGEST_PART} ตัวอักษร",
    ("question", Fault.MISSING): "มีตัวเลือกแล้ว แต่ยังไม่มีคำถามค่ะ",
    ("question", Fault.TWICE): "ถามซ้ำกับข้อก่อนหน้าค่ะ",
    ("question", Fault.TOO_LONG): f"คำถามยาวเกินไปค่ะ ขอไม่เกิน {LONGEST_LABEL} ตัวอักษร",
}
_ANYWHERE: Mapping[Fault, str] = {
    Fault.MISSING: "ยังไม่ได้กรอกค่ะ", Fault.UNKNOWN: "เลือกจากรายการอีกครั้งค่ะ", Fault.HALF: "ยังไม่ครบค่ะ",
    Fault.NOT_HTTPS: "ขอลิงก์ที่ขึ้นต้นด้วย https:// ค่ะ ลอกมาจากแอปประชุมได้เลย", Fault.PAST: "เวลานี้ผ่านไปแล้วค่ะ",
    Fault.OVER: "กิจกรรมนี้จบไปแล้วค่ะ เปลี่ยนเวลาไม่ได้ ถ้าจะจัดอีก กดทำสำเนานะคะ",
    Fault.ENDS_BEFORE_START: "เวลาเลิกต้องอยู่หลังเวลาเริ่มค่ะ",
    Fault.OUTSIDE: "อยู่นอกช่วงเวลาของกิจกรรมค่ะ", Fault.TOO_MANY: "มากเกินไปค่ะ", Fault.TOO_FEW: "น้อยเกินไปค่ะ",
    Fault.TWICE: "ซ้ำกันค่ะ", Fault.OUT_OF_RANGE: "ค่านี้ใช้ไม่ได้ค่ะ", Fault.TOO_LONG: "ยาวเกินไปค่ะ",
    Fault.CONTRADICTS: "ขัดกับอีกช่องหนึ่งค่ะ", Fault.PROMISED: "เปลี่ยนไม่ได้แล้วค่ะ", Fault.CHECKED_IN: "มีคนเช็กอินแล้วค่ะ",
}  # fmt: skip
_MAPS = {
    MapFault.SHORT_LINK: "ลิงก์ย่อไม่มีพิกัดอยู่ในตัวค่ะ เปิดลิงก์นั้นก่อน แล้วลอกที่อยู่ยาว ๆ จากช่องที่อยู่เว็บ หรือกดค้างบนแผนที่แล้วลอกตัวเลขสองตัวมา",
    MapFault.UNREADABLE: "หาพิกัดในข้อความนี้ไม่พบค่ะ ใส่แบบ 19.9072, 99.8310 ก็ได้",
    MapFault.SWAPPED: "ตัวเลขสองตัวน่าจะสลับกันค่ะ ตัวแรกของไทยอยู่ราว 6–20 ตัวหลังราว 98–105",
    MapFault.ABROAD: "ตำแหน่งนี้อยู่นอกประเทศไทยค่ะ ดูตัวเลขอีกครั้งนะคะ",
}
_EXAMPLE = "เขียนแบบนี้ได้ค่ะ: 28 พ.ย. 69 9.00"


def field_of(name: str) -> tuple[str, str]:
    """The field of the form, and the kind of field, of one of a plan's."""
    whole, _, rest = name.partition(".")
    if not rest:
        field = FIELD_OF.get(name, name)
        return field, field
    number, _, part = rest.partition(".")
    return f"{whole[0]}{number}", part or whole.removesuffix("s")


def fault(name: str, reason: Fault) -> str:
    """`name` is a plan's field."""
    _, kind = field_of(name)
    if (kind, reason) in _FAULTS:
        return _FAULTS[kind, reason]
    if reason is Fault.TOO_LONG and kind in LONGEST:
        return f"ยาวเกินไปค่ะ ขอไม่เกิน {LONGEST[kind]:,} ตัวอักษร"
    if reason is Fault.OUT_OF_RANGE and kind in RANGES:
        least, most = RANGES[kind]
        return f"ขอตัวเลข {least:,} ถึง {most:,} ค่ะ"
    return _ANYWHERE[reason]


def form_fault(reason: FormFault) -> str:
    if isinstance(reason, MapFault):
        return _MAPS[reason]
    if isinstance(reason, NotANumber):
        return f"“{reason}” ไม่ใช่ตัวเลขค่ะ"
    if isinstance(reason, TwoEnds):
        first, second = thai_dates.date_and_time(reason.first), thai_dates.date_and_time(reason.second)
        return f"มีเวลาเลิกสองที่ค่ะ ช่องเริ่มบอกว่า {first} ช่องเลิกบอกว่า {second} ลบออกที่หนึ่งนะคะ"
    return _cannot_read(reason)


def _cannot_read(reason: CannotRead) -> str:
    """What was understood, and what was not."""
    day = f"เข้าใจว่าเป็น{thai_dates.weekday_date(reason.day)} " if reason.day else ""
    start = f"{reason.starts_at:%H:%M} น." if reason.starts_at else ""
    end = f"{reason.ends_at:%H:%M} น." if reason.ends_at else ""
    if reason.fault is DateFault.NO_SUCH_DATE:
        return f"{_no_such_date(reason)} ดูปฏิทินอีกครั้งนะคะ"
    if reason.fault is DateFault.OTHER_WEEKDAY and reason.day is not None and reason.weekday is not None:
        typed = thai_dates.WEEKDAYS[reason.weekday]
        return f"{thai_dates.long_date(reason.day)} เป็นวัน{thai_dates.WEEKDAYS[reason.day.weekday()]} ไม่ใช่วัน{typed}ค่ะ"
    return {
        DateFault.EMPTY: f"ยังไม่ได้กรอกค่ะ {_EXAMPLE}",
        DateFault.UNREADABLE: f"{day}{'แต่' if day else ''}อ่าน “{reason.rest}” ไม่ออกค่ะ {_EXAMPLE}",
        DateFault.NO_DATE: f"เข้าใจเวลาว่า {start} แต่ยังไม่มีวันที่ค่ะ {_EXAMPLE}" if start else f"ยังไม่มีวันที่ค่ะ {_EXAMPLE}",
        DateFault.NO_TIME: f"{day}แต่ยังไม่มีเวลาค่ะ เติมต่อท้าย เช่น 9.00 หรือ บ่ายสอง",
        DateFault.NO_SUCH_YEAR: f"ปี “{reason.rest}” ไม่น่าใช่ค่ะ เขียนปี พ.ศ. ให้ครบ เช่น 2569",
        DateFault.AMBIGUOUS_YEAR: f"ปี “{reason.rest}” บอกไม่ได้ว่าเป็น พ.ศ. หรือ ค.ศ. ค่ะ เขียนให้ครบสี่ตัวนะคะ",
        DateFault.NO_SUCH_TIME: f"{day}{'แต่' if day else ''}ไม่มีเวลา “{reason.rest}” ค่ะ",
        DateFault.AMBIGUOUS_TIME: f"{day}แต่เวลา “{reason.rest}” อาจเป็นได้หลายเวลาค่ะ เขียนแบบ 06:00 หรือ 18:00 นะคะ",
        DateFault.ENDS_BEFORE_START: f"เวลาเลิก {end} อยู่ก่อนหรือตรงกับเวลาเริ่ม {start} ค่ะ",
    }.get(reason.fault, f"อ่านไม่ออกค่ะ {_EXAMPLE}")  # fmt: skip


def _no_such_date(reason: CannotRead) -> str:
    if reason.parts is None or not 1 <= reason.parts[1] <= len(thai_dates.MONTHS):
        return f"ไม่มีวันที่ “{reason.rest}” ค่ะ"
    day, month, year = reason.parts
    named = f" {year + thai_dates.BUDDHIST_ERA_OFFSET}" if year else ""
    return f"เดือน{thai_dates.MONTHS[month - 1]}{named} ไม่มีวันที่ {day} ค่ะ"


def minutes(number: int) -> str:
    """Before something, in the largest unit that fits."""
    for size, unit in ((1440, "วัน"), (60, "ชั่วโมง")):
        if number >= size and number % size == 0:
            return f"{number // size} {unit}"
    return f"{number} นาที"


def when(starts_at: datetime | None, ends_at: datetime | None) -> str:
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        return NO_DAY
    return unbroken(thai_dates.span(starts_at, ends_at))


def unbroken(words: str) -> str:
    """No line begins with `น.` alone."""
    return words.replace(" น.", "\N{NO-BREAK SPACE}น.")


def asked_of_people(plan: Plan) -> list[tuple[str, str]]:
    """Everything that a registration asks, with how."""
    asked = [("ชื่อ", "ทุกคนที่ลงทะเบียน")]
    if plan.phone_rule != "no":
        asked.append(("เบอร์โทร", PHONE_RULES[plan.phone_rule]))
    if plan.party_most > 1:
        asked.append(("มากันกี่คน", f"ไม่เกิน {plan.party_most} คน"))
    if plan.asks_companions:
        asked.append(("ชื่อคนที่มาด้วย", "ทุกคน"))
    if plan.asks_district:
        asked.append(("อำเภอ", "เลือกจากรายการ"))
    if plan.minors != "any":
        asked.append(("อายุถึง 20 ปีไหม", MINORS[plan.minors]))
    if plan.for_classes:
        asked.append(("โรงเรียน ชั้น จำนวนนักเรียน", "เมื่อครูลงทะเบียนทั้งห้อง"))
    for one in plan.questions:
        how = "ต้องตอบ" if one.required else "ข้ามได้"
        asked.append((one.label, f"{KINDS.get(one.kind, one.kind)} · {how}"))
    return asked


def sensitive(labels: Sequence[str]) -> list[str]:
    """Those of the questions that may ask for what the law protects most."""
    return [label for label in labels if any(word in label for word in SENSITIVE)]
