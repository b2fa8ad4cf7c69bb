"""What the pages about registrants say, in Thai, for staff and volunteers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from bot import thai_dates
from bot.console import event_words
from bot.events import booking, refusals
from bot.events.by_hand import ByHand
from bot.events.refusals import Refused
from bot.storage.events import EventRow
from bot.storage.registrations import CANCELLED, CONFIRMED, OFFERED, PENDING, REFUSED, WAITING, RegistrationRow
from bot.storage.service_messages import ServiceMessageRow
from bot.thai_phones import Phone, PhoneFault, masked, read_phone

STATES = {
    PENDING: "รอเจ้าหน้าที่รับ", CONFIRMED: "ยืนยันแล้ว", OFFERED: "เสนอที่ว่างให้ รอตอบ", WAITING: "รอคิว", CANCELLED: "ยกเลิก",
    REFUSED: "ไม่ได้รับ",
}  # fmt: skip
TABS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "open": ("ทั้งหมด", (PENDING, CONFIRMED, OFFERED, WAITING)),
    "pending": ("รอรับ", (PENDING,)),
    "confirmed": ("ยืนยันแล้ว", (CONFIRMED,)),
    "offered": ("เสนอที่ว่าง", (OFFERED,)),
    "waiting": ("รอคิว", (WAITING,)),
    "ended": ("ยกเลิก", (CANCELLED, REFUSED)),
}
ENDED_BY = {
    "person": "เจ้าตัวยกเลิก", "staff": "เจ้าหน้าที่ยกเลิก", "offer": "ไม่ได้ตอบรับที่ว่างในเวลา", "event": "งานยกเลิก",
}  # fmt: skip
WAYS = {"line": "LINE", "staff": "เจ้าหน้าที่เพิ่ม", "walk_in": "มาหน้างาน", "paper": "ใบลงทะเบียน"}
KINDS = {"self": "มาเอง", "neighbour": "คนอื่นลงทะเบียนให้", "class": "ทั้งห้องเรียน"}
CONSENT_WAYS = {
    "button": "กดยินยอมใน LINE", "text": "พิมพ์ยินยอมใน LINE", "staff": "บอกเจ้าหน้าที่", "paper": "ในใบลงทะเบียน",
    "moved": "ย้ายมาจากงานอื่น", "walk_in": "บอกที่หน้างาน",
}  # fmt: skip
CHECK_IN_WAYS = {
    "scan": "สแกนบัตร", "code": "พิมพ์รหัส", "name": "ค้นจากชื่อ", "paper": "จากกระดาษ", "self": "เช็กอินเอง",
    "walk_in": "มาหน้างาน",
}  # fmt: skip
MESSAGES = {
    booking.OFFER: "มีที่ว่างให้", booking.PROMOTED: "ได้ที่นั่งแล้ว", booking.OFFER_OVER: "หมดเวลาตอบรับ",
    booking.ADMITTED: "เจ้าหน้าที่รับแล้ว", booking.WAITLISTED: "ได้เข้าคิว",
    booking.BACK_IN_LINE: "กลับไปรอคิว", booking.REFUSED: "ไม่ได้รับ", booking.MOVED: "ย้ายงาน",
    booking.CHANGED: "งานมีการเปลี่ยนแปลง", booking.CALLED_OFF: "งานยกเลิก", booking.FEEDBACK: "ขอความเห็นหลังงาน",
    booking.STAFF_CANCELLED: "เจ้าหน้าที่ยกเลิกให้",
}  # fmt: skip
MESSAGE_STATES = {
    "booked": "รอส่ง", "queued": "กำลังส่ง", "sent": "ส่งแล้ว", "dropped": "ไม่ต้องส่งแล้ว", "held": "พักไว้ ยังไม่ส่ง",
    "failed": "ส่งทาง LINE ไม่ได้",
}  # fmt: skip
WHY_FAILED = {
    "no_line": "ไม่มี LINE", "left": "บล็อกบอต หรือเลิกติดตามแล้ว", "quota_spent": "โควตาข้อความเดือนนี้หมด",
    "unknown": "ไม่รู้ว่าไปถึงหรือเปล่า", "undeliverable": "LINE ไม่รับข้อความนี้", "late": "LINE ไม่รับจนเลยเวลา",
}  # fmt: skip
WHY_HELD = {
    "late": "เลยเวลาส่งไปเกิน 2 ชั่วโมง", "restored": "เพิ่งกู้ข้อมูลคืน อาจส่งไปแล้ว", "restore": "เพิ่งกู้ข้อมูลคืน อาจส่งไปแล้ว",
}  # fmt: skip
HELD = "พักไว้ก่อน"

YES_NO = {"yes": "ใช่", "no": "ไม่ใช่"}
NOT_ANSWERED = "–"
NAMELESS = "(เปิดอ่านชื่อไม่ได้)"
NOT_READABLE = "เปิดอ่านข้อมูลของรายนี้ไม่ได้ค่ะ กุญแจของระบบอาจเปลี่ยนไป บอกผู้ดูแลระบบนะคะ"
REMOVED = "(เลิกถามแล้ว)"
OF_ANOTHER = "คำถามของอีกงานหนึ่ง"
NO_PHONE = "ไม่มีเบอร์"
NOT_FOUND = "ไม่พบใครเลยค่ะ ลองพิมพ์ชื่อแค่บางส่วน เบอร์ให้ครบทุกตัว หรือรหัส 6 ตัวบนบัตร"
NOTE_SAVED = "บันทึกแล้วค่ะ"
NO_NOTE = "ยังไม่ได้พิมพ์อะไรค่ะ"
NO_REASON = "ขอเหตุผลสั้น ๆ ค่ะ คนอื่นจะได้รู้ว่าทำไม"
TOO_LONG = "ยาวเกินไปค่ะ ขอไม่เกิน 1,000 ตัวอักษร"
NOT_A_NUMBER = "ขอจำนวนคนเป็นตัวเลขค่ะ"
NO_EVENT = "เลือกงานที่จะย้ายไปด้วยค่ะ"
NOBODY_CHOSEN = "ยังไม่ได้เลือกใครค่ะ"
NAME_MISSING = "ขอชื่อค่ะ"
NAME_TOO_LONG = "ชื่อยาวเกินไปค่ะ ขอไม่เกิน 120 ตัวอักษร"
ANSWER_TOO_LONG = "ยาวเกินไปค่ะ ขอไม่เกิน 500 ตัวอักษร"
NUMBER_WANTED = "ขอเป็นตัวเลขค่ะ"
NO_CONSENT = "อ่านข้อความให้เขาฟังก่อน แล้วติ๊กว่าเขาตกลงนะคะ"
NOTICE_CHANGED = "ข้อความข้างบนเพิ่งเปลี่ยนค่ะ อ่านใหม่อีกครั้ง แล้วติ๊กนะคะ"
PHONE_GUESSED = "เติม 0 ข้างหน้าให้แล้วค่ะ ดูว่าถูกไหม แล้วกดบันทึกอีกครั้ง"
SCHOOL_MISSING = "ขอชื่อโรงเรียนและชั้นค่ะ"
GONE = "รายการนี้มีคนทำไปแล้วค่ะ"
TELEPHONED = "จดไว้แล้วค่ะว่าโทรแล้ว"
NOT_TELEPHONED = "เอากลับมาไว้ในรายการต้องโทรแล้วค่ะ"
UNTRUE = "ไม่ตรงกับความจริงแล้ว หรือเลยเวลาไปแล้ว จึงส่งไม่ได้ค่ะ"
NOT_TRUE = "ข้อความนี้ไม่ตรงกับความจริงแล้วค่ะ จึงไม่ได้ส่ง"
"""For the audit log."""

_PHONE_FAULTS = {
    PhoneFault.TOO_SHORT: "เบอร์ไม่ครบค่ะ เบอร์มือถือมี 10 ตัว", PhoneFault.TOO_LONG: "เบอร์ยาวเกินไปค่ะ ขอเบอร์เดียวนะคะ",
    PhoneFault.HOTLINE: "เบอร์นี้เป็นสายด่วน ไม่ใช่เบอร์ของใครค่ะ",
}  # fmt: skip
_NO_SUCH_PHONE = "ไม่มีเบอร์แบบนี้ค่ะ ดูอีกครั้งนะคะ"


def message(kind: str) -> str:
    if kind.startswith(booking.REMINDER):
        return f"เตือน {event_words.minutes(int(kind.removeprefix(booking.REMINDER)))}ก่อนงาน"
    return MESSAGES.get(kind, kind)


def why(row: ServiceMessageRow) -> str:
    """Nothing for one that goes its way."""
    if row.state == "failed":
        return WHY_FAILED.get(row.why, row.why)
    return WHY_HELD.get(row.why, HELD) if row.state == "held" else ""


def to_tell(one: ByHand) -> str:
    """What somebody says on the telephone, in one sentence."""
    event, row, kind = one.event, one.registration, one.message.kind
    when = event_words.when(event.starts_at, event.ends_at)
    if kind.startswith(booking.REMINDER):
        return f"งานจัด {when} ที่{event.place_name or 'ห้องประชุมออนไลน์'} ยังมาได้ไหมคะ"
    if kind == booking.OFFER:
        until = thai_dates.date_and_time(row.offer_until) if row.offer_until is not None else ""
        return f"มีที่ว่างให้ {row.seats} ที่ จะรับไหมคะ ถ้ารับ ต้องตอบภายใน {until}"
    return {
        booking.PROMOTED: f"ได้ที่นั่งแล้ว {row.seats} ที่ งานจัด {when} ยังมาได้ไหมคะ ถ้ามาไม่ได้ เราจะให้คนที่รอคิวอยู่",
        booking.OFFER_OVER: "หมดเวลาตอบรับที่ว่างแล้ว ที่นั่งจึงเปิดให้คนอื่น ถ้ายังอยากมา ลงทะเบียนใหม่ได้ค่ะ",
        booking.ADMITTED: f"เราจองที่ไว้ให้แล้ว {row.party_size} ที่ งานจัด {when} ค่ะ",
        booking.BACK_IN_LINE: "ที่ว่างที่เสนอไว้หมดเวลาแล้ว แต่ยังอยู่ในคิวเดิม ถ้ามีที่ว่างถึงคิว เราจะบอกค่ะ",
        booking.WAITLISTED: "เรารับชื่อไว้แล้ว แต่ที่เต็มอยู่ จึงอยู่ในคิว ถ้ามีที่ว่างถึงคิว เราจะบอกค่ะ",
        booking.REFUSED: "ครั้งนี้เรารับไว้ไม่ได้ ขอโทษด้วยนะคะ",
        booking.MOVED: f"เราย้ายชื่อมาที่งานนี้ งานจัด {when} ค่ะ",
        booking.CHANGED: f"งานมีการเปลี่ยนแปลง ตอนนี้จัด {when} ที่{event.place_name or 'ห้องประชุมออนไลน์'}",
        booking.CALLED_OFF: f"งานนี้ยกเลิกแล้ว เพราะ{event.called_off_why}" if event.called_off_why else "งานนี้ยกเลิกแล้วค่ะ",
        booking.STAFF_CANCELLED: "เรายกเลิกการลงทะเบียนในงานนี้ให้แล้วค่ะ",
    }.get(kind, message(kind))


def notice(event: EventRow) -> str:
    """What is read to somebody before what they say is written down."""
    purpose = event.purpose or "จัดที่นั่งและติดต่อเรื่องงานนี้"
    return (
        f"เราขอจดชื่อและข้อมูลที่ถามต่อไปนี้ไว้ เพื่อ{purpose} เจ้าหน้าที่และอาสาสมัครที่ดูแลงานนี้เห็นได้ แล้วจะลบหลังจบงาน"
        f" {event.retention_days} วัน ขอดู ขอแก้ หรือขอให้ลบเมื่อไรก็ได้ ตกลงไหมคะ"
    )


def notice_hash(event: EventRow) -> str:
    return hashlib.sha256(notice(event).encode()).hexdigest()


def moment(at: datetime) -> str:
    """`24 พ.ย. 69 09:05`."""
    return thai_dates.short_date_and_time(at)


def phone(e164: str | None, *, whole: bool) -> str:
    if e164 is None:
        return NO_PHONE
    return local_number(e164) if whole else masked(e164)


def local_number(e164: str) -> str:
    read = read_phone(e164)
    return read.national if isinstance(read, Phone) else e164


def phone_fault(fault: PhoneFault) -> str:
    return _PHONE_FAULTS.get(fault, _NO_SUCH_PHONE)


def answer(text: str, kind: str) -> str:
    """To one of the event's own questions."""
    return YES_NO.get(text, text) if kind == "yes_no" else text


def refused(why_not: Refused) -> str:  # noqa: PLR0911 - a list of sentences
    match why_not:
        case refusals.NotEnoughSeats(left=left):
            return f"ที่นั่งไม่พอค่ะ เพิ่มได้อีก {left:,} คน" if left else "ไม่มีที่ว่างให้เพิ่มแล้วค่ะ"
        case refusals.EventFull(left=left):
            return f"ที่นั่งไม่พอค่ะ ตอนนี้ว่าง {left:,} ที่" if left else "ที่นั่งเต็มแล้วค่ะ และงานนี้ไม่มีคิวรอ"
        case refusals.PartyTooLarge(most=most):
            return f"งานนี้ลงได้ครั้งละ 1 ถึง {most} คนค่ะ"
        case refusals.NotInThatState(state=state):
            return f"ทำไม่ได้แล้วค่ะ ตอนนี้รายนี้ “{STATES.get(state, state)}”"
        case refusals.OfferOver():
            return "หมดเวลาตอบรับแล้วค่ะ ที่นั่งเปิดให้คนอื่นแล้ว"
        case refusals.CalledOff():
            return "งานนี้ยกเลิกแล้วค่ะ"
        case refusals.FormChanged():
            return "คำถามของงานเพิ่งเปลี่ยนค่ะ ดูช่องด้านล่างอีกครั้ง แล้วกดบันทึก"
        case refusals.AdultsOnly():
            return "งานนี้รับเฉพาะอายุ 20 ปีขึ้นไปค่ะ"
        case refusals.NeedsGuardian():
            return "อายุไม่ถึง 20 ปี ต้องให้ผู้ปกครองยินยอมก่อนค่ะ"
        case refusals.NoSuchEvent():
            return "ไม่พบงานนั้นแล้วค่ะ"
    return "ไม่พบรายนี้แล้วค่ะ"


def place_of(row: RegistrationRow, place: int | None) -> str:
    """How it stands, in a few words."""
    if row.state == WAITING and place is not None:
        return f"คิวที่ {place}"
    if row.state == OFFERED and row.offer_until is not None:
        return f"เสนอ {row.seats} ที่ ถึง {moment(row.offer_until)}"
    if row.state == CANCELLED:
        return ENDED_BY.get(row.ended_by or "", STATES[CANCELLED])
    return STATES.get(row.state, row.state)
