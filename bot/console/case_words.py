"""What the pages about cases call things, in Thai, for staff and volunteers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot import clock, thai_dates
from bot.cases.kinds import CaseKind
from bot.storage.case_messages import FAILED, QUEUED, SENT, UNKNOWN
from bot.storage.cases import CITIZEN, CLOSED, OPEN, TAKEN, CaseRow

KINDS = {
    CaseKind.URGENT: "อาจมีคนอยู่ในอันตราย",
    CaseKind.WANTS_PERSON: "อยากคุยกับเจ้าหน้าที่",
    CaseKind.COMPLAINT: "ร้องเรียน",
    CaseKind.PROPOSAL: "เสนอเรื่องเข้าเวที",
    CaseKind.STORY: "เล่าเรื่องชุมชน",
    CaseKind.PRIVACY: "ขอเรื่องข้อมูลส่วนตัว",
    CaseKind.UNDELIVERABLE: "ส่งคำตอบไม่ถึง",
    CaseKind.UNKNOWN_DELIVERY: "ไม่รู้ว่าคำตอบถึงไหม",
    CaseKind.MISSED: "บอตไม่เข้าใจหลายครั้ง",
    CaseKind.FLOOD: "เขียนมาถี่มาก",
    CaseKind.STORM: "มีคำถามที่บอตตอบไม่ได้เข้ามามาก",
    CaseKind.CHANNEL: "บัญชี LINE ของศูนย์",
    CaseKind.TELEPHONE: "ต้องโทรบอกผู้ลงทะเบียน",
    CaseKind.NOTICE: "ประกาศหยุดอยู่",
    CaseKind.STUCK: "ระบบทำข้อความหนึ่งไม่สำเร็จ",
}
STATES = {OPEN: "ยังไม่มีคนรับ", TAKEN: "มีคนดูแลแล้ว", CLOSED: "ปิดแล้ว"}
TABS = {
    "open": "รอคนรับ", "mine": "ของฉัน", "overdue": "เกินเวลา", "taken": "มีคนดูแล", "closed": "ปิดแล้ว",
}  # fmt: skip
"""Lists of the inbox, by what stands in their address."""
NOTHING_IN = {
    "open": "ไม่มีเรื่องที่รอคนรับค่ะ", "mine": "ยังไม่มีเรื่องที่คุณดูแลอยู่ค่ะ", "overdue": "ไม่มีเรื่องที่เกินเวลาค่ะ ดีมากเลย",
    "taken": "ไม่มีเรื่องที่มีคนดูแลอยู่ค่ะ", "closed": "ยังไม่มีเรื่องที่ปิดแล้วค่ะ",
}  # fmt: skip
NOTHING_FOUND = "ไม่มีเรื่องแบบที่เลือกค่ะ"
DELIVERIES = {
    QUEUED: "กำลังส่ง", SENT: "LINE รับไปแล้ว", FAILED: "ส่งไม่ถึง", UNKNOWN: "ไม่รู้ว่าถึงไหม",
}  # fmt: skip
SHARED = {
    "image": "ส่งรูปมา", "video": "ส่งวิดีโอมา", "audio": "ส่งเสียงมา", "file": "ส่งไฟล์มา", "sticker": "ส่งสติกเกอร์มา",
    "location": "ส่งตำแหน่งมา",
}  # fmt: skip
BOT_SAID = {"closed": "บอกว่าปิดเรื่องแล้ว และถามว่าช่วยได้ไหม", "resumed": "บอกว่าบอตกลับมาดูแลต่อแล้ว"}
SATISFIED = {"yes": "บอกว่าช่วยได้", "no": "บอกว่ายังช่วยไม่ได้"}
NO_WORDS = "(ไม่มีข้อความ)"
NOTHING_WRITTEN, IN_THE_CASE = "ยังไม่ได้เขียนว่าเรื่องอะไร", "เปิดดูข้อความในเรื่อง"
TAKEN_BACK = "ผู้เขียนยกเลิกข้อความนี้แล้ว"
WORDS_GONE = "ไม่มีข้อความนี้เก็บไว้แล้ว"
PICTURE_WAITS = "กำลังรับรูปจาก LINE"
PICTURE_GONE = "ดูรูปนี้ไม่ได้แล้ว"
CONTACT_HIDDEN = "ปิดไว้"

NO_CASE = ("ไม่พบเรื่องนี้ค่ะ", "เลขเรื่องอาจผิด หรือเป็นเรื่องที่คุณยังไม่มีสิทธิ์ดู กลับไปที่กล่องเรื่องนะคะ")
NO_TEXT = "ยังไม่ได้พิมพ์ข้อความค่ะ"
TOO_LONG = "ข้อความยาวเกินไปค่ะ LINE รับได้ข้อความละ 5,000 ตัวอักษร"
NO_COLLEAGUE = "เลือกก่อนว่าจะส่งให้ใครค่ะ"
COLLEAGUE_MAY_NOT = "คนนี้รับเรื่องนี้ไม่ได้ค่ะ บัญชีอาจปิดอยู่ หรือไม่มีสิทธิ์ดูเรื่องนี้"
NOBODY_TO_TELL = "เรื่องนี้ส่งข้อความกลับไม่ได้ค่ะ ไม่มีบัญชี LINE ของผู้เขียน หรือเขาบล็อกบอตไปแล้ว"
MAY_NOT = "เรื่องนี้ต้องให้เจ้าหน้าที่ที่ดูข้อมูลส่วนตัวได้เป็นคนตอบค่ะ"
IS_CLOSED = "เรื่องนี้ปิดไปแล้วค่ะ ถ้าต้องการตอบ กด “เปิดเรื่องนี้อีกครั้ง” ก่อนนะคะ"
GIVEN_BACK = "เรื่องนี้ถูกคืนกลับมาแล้วค่ะ ตอนนี้ยังไม่มีคนดูแล ยังไม่ได้บันทึกอะไร กดอีกครั้งได้เลยค่ะ"
CHANGED = "ระหว่างที่คุณเปิดหน้านี้อยู่ เรื่องนี้มีอะไรใหม่ค่ะ ยังไม่ได้บันทึกอะไร ดูก่อนแล้วกดอีกครั้งนะคะ"
CITIZEN_WROTE = "ผู้เขียนเพิ่งเขียนมาเพิ่มค่ะ ยังไม่ได้ส่งอะไร อ่านก่อนแล้วกดส่งอีกครั้งนะคะ"
KEPT = "ข้อความที่คุณพิมพ์ไว้ยังอยู่ครบค่ะ"

TOOK = "รับเรื่องแล้วค่ะ ตอนนี้คุณเป็นคนดูแล"
GAVE_BACK = "คืนเรื่องแล้วค่ะ คนอื่นรับต่อได้"
QUEUED_ANSWER = "กำลังส่งให้ทาง LINE ค่ะ"
NOTED = "จดบันทึกแล้วค่ะ ไม่ได้ส่งใน LINE"
CLOSED_QUIETLY = "ปิดเรื่องแล้วค่ะ ไม่ได้บอกผู้เขียน"
CLOSED_TOLD = "ปิดเรื่องแล้วค่ะ บอตกำลังบอกผู้เขียน และถามว่าช่วยได้ไหม"
REOPENED = "เปิดเรื่องนี้อีกครั้งแล้วค่ะ"

FIELDS = {
    "place": "ที่ไหน", "district": "อำเภอ", "who": "เกี่ยวกับใคร", "contact": "เบอร์โทรให้ติดต่อกลับ",
    "may_contact": "ให้ถามเพิ่มในแชต", "may_publish": "ให้เผยแพร่", "with_name": "ให้ใส่ชื่อ", "name": "ชื่อที่ให้ใส่",
    "pictures": "จำนวนรูป", "taken_back": "ผู้เขียนยกเลิกแล้ว",
}  # fmt: skip
"""Of what was asked when it was opened."""
CONTACTS = frozenset({"contact", "name"})
"""Of these, what says who somebody is: shown when asked for, and that is written down."""
YES_NO = {True: "ได้", False: "ไม่ได้"}
TAKEN_BACK_CONSENT = "ไม่ได้ (เคยให้ แต่เปลี่ยนใจแล้ว)"


def kind(case: CaseRow) -> str:
    return KINDS.get(CaseKind(case.kind), case.kind) if case.kind in set(CaseKind) else case.kind


def age(since: datetime, now: datetime) -> str:
    """`เมื่อสักครู่`, `12 นาทีก่อน`, `3 ชั่วโมงก่อน`, `เมื่อวาน 09:30 น.`, `4 วันก่อน`."""
    passed = now - since
    if passed < timedelta(minutes=1):
        return "เมื่อสักครู่"
    days = (clock.bangkok_date(now) - clock.bangkok_date(since)).days
    if days == 0 or passed < timedelta(hours=6):
        return f"{length(passed)}ก่อน"
    return f"เมื่อวาน {thai_dates.time_of_day(since)}" if days == 1 else f"{days} วันก่อน"


def length(passed: timedelta) -> str:
    """The largest unit alone: `12 นาที`, `3 ชั่วโมง`, `2 วัน`."""
    minutes = int(passed.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} นาที"
    if minutes < 24 * 60:
        return f"{minutes // 60} ชั่วโมง"
    return f"{minutes // (24 * 60)} วัน"


def when(moment: datetime, now: datetime) -> str:
    """`วันนี้ 16:30 น.`, `พรุ่งนี้ 10:00 น.`, `4 ธันวาคม 2569 เวลา 10:00 น.`"""
    days = (clock.bangkok_date(moment) - clock.bangkok_date(now)).days
    if abs(days) <= 1:
        day = {0: "วันนี้", 1: "พรุ่งนี้", -1: "เมื่อวาน"}[days]
        return f"{day} {thai_dates.time_of_day(moment)}"
    return thai_dates.date_and_time(moment)


def promised(case: CaseRow, now: datetime, *, overdue: bool) -> str:
    """Until when an answer is due, in words; empty where nobody waits for one."""
    if overdue and case.due_at is not None:
        return f"เกินเวลามา {length(now - case.due_at)}"
    if case.state == CLOSED:
        return ""
    if case.waits_for == CITIZEN:
        return "รอผู้เขียนตอบ"
    return f"ตอบภายใน {when(case.due_at, now)}" if case.due_at is not None else ""


def moment(at: datetime, now: datetime) -> str:
    """Beside a message: the hour alone where it is of today."""
    same = clock.bangkok_date(at) == clock.bangkok_date(now)
    return thai_dates.time_of_day(at) if same else thai_dates.short_date_and_time(at)


def taken_by_somebody_else(name: str, at: datetime | None, now: datetime) -> str:
    """What staff are told who were a moment later."""
    since = f"เมื่อ {moment(at, now)}" if at is not None else "ไปก่อน"
    return f"{name or 'คนอื่น'}รับเรื่องนี้{since} ค่ะ ไม่ต้องตอบซ้ำนะคะ ถ้าอยากช่วย ฝากไว้เป็นบันทึกภายใน หรือขอให้เขาส่งต่อให้คุณได้"


def closed_by(name: str, at: datetime | None, now: datetime) -> str:
    when_closed = f"เมื่อ {moment(at, now)}" if at is not None else "ไปแล้ว"
    return f"{name or 'มีคน'}ปิดเรื่องนี้{when_closed} ค่ะ ยังไม่ได้ส่งอะไร ถ้าต้องทำต่อ กด “เปิดเรื่องนี้อีกครั้ง” ก่อนนะคะ"


def cost(*, billed: bool, left: int | None, asked: bool) -> str:
    """What an answer sent now costs of the month's messages."""
    if not billed:
        return "ฟรี"
    if left is not None:
        return f"ใช้โควตา 1 ข้อความ เหลือประมาณ {left:,}"
    return "ใช้โควตา 1 ข้อความ (แพ็กเกจนี้ไม่จำกัดจำนวน)" if asked else "ใช้โควตา 1 ข้อความ"


HANDED_OVER = "ส่งต่อให้แล้วค่ะ"
IN_DRAFT = "ใส่ไว้ในฉบับร่างของคลังคำตอบแล้วค่ะ ตรวจที่นี่ บอตจะใช้เมื่อเผยแพร่"
NO_QUESTION = "ขอคำถามด้วยค่ะ"
NO_TOPIC = "ยังไม่ได้เลือกเรื่องค่ะ"
NO_TITLE_OR_ANSWER = "ถ้าจะเปิดเรื่องใหม่ ขอชื่อเรื่องและคำตอบด้วยค่ะ"
CANNED_SAVED = "บันทึกคำตอบสำเร็จรูปแล้วค่ะ"
CANNED_DELETED = "ลบคำตอบสำเร็จรูปแล้วค่ะ"
CANNED_CHANGED = "มีคนแก้คำตอบนี้ไปก่อนแล้วค่ะ ยังไม่มีอะไรถูกเขียนทับ ดูฉบับของเขาแล้วกดอีกครั้งถ้าต้องการใช้ของคุณ"
TITLE_TAKEN = "มีคำตอบชื่อนี้แล้วค่ะ"
TITLE_LENGTH = "ขอชื่อ 1 ถึง 80 ตัวอักษรค่ะ"
GAPS = (
    ("{ชื่อ}", "ชื่อที่ผู้เขียนอยากให้เรียก ถ้าไม่ได้บอกไว้ ใช้คำว่า “คุณ”"), ("{เลขเรื่อง}", "เลขของเรื่องนี้"),
    ("{เจ้าหน้าที่}", "ชื่อของคนที่กำลังตอบ"), ("{ศูนย์}", "ชื่อศูนย์"), ("{เวลาทำการ}", "วันและเวลาที่ศูนย์เปิด"),
)  # fmt: skip


def unknown_gaps(names: tuple[str, ...]) -> str:
    return f"ไม่รู้จัก {' '.join('{' + name + '}' for name in names)} ค่ะ ใช้ได้เฉพาะที่บอกไว้ด้านล่าง"


def hours(week: Iterable[tuple[int, time, time]]) -> str:
    """`วันจันทร์ถึงวันศุกร์ 08:30–16:30 น.`: days in a row that have the same hours are said together."""
    by_day: dict[int, list[str]] = {}
    for day, begins, ends in week:
        by_day.setdefault(day, []).append(f"{begins:%H:%M}–{ends:%H:%M}")
    runs: list[tuple[int, int, str]] = []
    for day, times in sorted(by_day.items()):
        said = " และ ".join(times)
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == said:
            runs[-1] = (runs[-1][0], day, said)
        else:
            runs.append((day, day, said))
    return ", ".join(
        f"วัน{_DAYS[first]}{f'ถึงวัน{_DAYS[last]}' if last > first else ''} {said} น." for first, last, said in runs
    )


_DAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
