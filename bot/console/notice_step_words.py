"""What the pages about approving and watching notices say, in Thai, for staff and volunteers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import clock, thai_dates
from bot.notices import budget, sending, starting
from bot.notices.budget import Budget
from bot.notices.refusals import (
    AudienceRefused,
    ChangedMeanwhile,
    NeedsSomebodyElse,
    NobodyToReach,
    NotInThatState,
    QuotaTooSmall,
    QuotaUnknown,
    Refused,
    SegmentTooSmall,
    SentAlready,
    TimeIsPast,
)
from bot.storage import notice_audience as groups
from bot.storage import notices

STATES = {
    notices.DRAFT: "ฉบับร่าง", notices.SUBMITTED: "รออนุมัติ", notices.APPROVED: "อนุมัติแล้ว รอเวลาส่ง",
    notices.PLANNING: "กำลังเตรียมรายชื่อ", notices.SENDING: "กำลังส่ง", notices.PAUSED: "หยุดพักอยู่",
    notices.HELD: "พักไว้ รอคนดู", notices.STOPPED: "เลิกส่งแล้ว", notices.FINISHED: "ส่งจบแล้ว",
}  # fmt: skip
UNTITLED = "ประกาศไม่มีชื่อ"
NOBODY = "ไม่มีบันทึกว่าใคร"
LEFT_OUT = {
    groups.BLOCKED: "บล็อกบอต หรือไม่ได้เป็นเพื่อนแล้ว", groups.UNREACHABLE: "LINE ไม่รู้จักบัญชีนี้แล้ว",
    groups.NOT_AGREED: "ยังไม่ได้ตกลงรับข่าว", groups.OPTED_OUT: "เลิกรับข่าวแล้ว", groups.PAUSED: "ขอพักรับข่าวอยู่",
    groups.OTHER_TOPICS: "เลือกรับเฉพาะเรื่องอื่น",
    groups.CAPPED: "สัปดาห์นี้ได้ข่าวครบจำนวนแล้ว",
}  # fmt: skip
OUTCOMES = {
    "accepted": "LINE รับไปแล้ว", "rode": "แนบไปกับคำตอบแล้ว", "refused": "LINE ไม่รับ", "unknown": "ไม่รู้ผล",
    "stopped": "เลิกส่งก่อน", "open": "ยังไม่ได้ส่ง", "waiting": "ยังไม่ได้ส่ง", "trying": "กำลังส่งหรือรอลองใหม่",
    "riding": "รอแนบไปกับคำตอบ", "left_out": "ไม่ส่งให้", "empty": "ไม่เหลือใครให้ส่ง",
}  # fmt: skip
REASONS = {
    "stopped": "มีคนกดเลิกส่ง", "too old": "LINE ไม่ได้ตอบ และเกิน 23 ชั่วโมงแล้ว ระบบจึงไม่ส่งซ้ำ",
    "somebody of it is gone": "LINE ไม่ได้ตอบ และมีคนในรอบนี้ลบข้อมูลตัวเองไปแล้ว", "rode": "LINE ไม่ได้ตอบ ตอนแนบไปกับคำตอบ",
    "ambiguous": "LINE ไม่ได้ตอบ", "unreachable": "ติดต่อ LINE ไม่ได้", "rate_limited": "ส่งเร็วเกินที่ LINE ให้",
    "quota_spent": "โควตาของเดือนหมด", "unauthorised": "LINE ไม่รับรหัสประจำบอต", "refused": "LINE ไม่รับข้อความหรือผู้รับ",
    "token_spent": "LINE ไม่รับข้อความหรือผู้รับ",
}  # fmt: skip
"""By what is stored: a word of ours, or of how a request to LINE failed, with LINE's own answer after the colon."""
REPEATS = {"weekly": "ส่งซ้ำทุกสัปดาห์", "monthly": "ส่งซ้ำทุกเดือน"}

APPROVED = "อนุมัติแล้วค่ะ ก่อนถึงเวลาส่ง ยังยกเลิกได้ที่หน้านี้"
SENT_BACK = "ส่งกลับให้คนเขียนแก้แล้วค่ะ"
CALLED_BACK = "เอากลับมาเป็นฉบับร่างแล้วค่ะ ยังไม่มีใครได้รับ"
PAUSED = "หยุดพักแล้วค่ะ รอบที่กำลังส่งอยู่พอดีอาจออกไปอีกเล็กน้อย"
RESUMED = "ส่งต่อแล้วค่ะ"
RESUMED_LATER = "รับทราบแล้วค่ะ จะเริ่มส่งหลังพักให้เปลี่ยนใจ ยังยกเลิกได้ที่หน้านี้"
STOPPED = "เลิกส่งแล้วค่ะ คนที่ยังไม่ได้รับ จะไม่ได้รับอีก"
QUOTA_ASKED = "ถาม LINE แล้วค่ะ รอสักครู่ แล้วกด “ดูใหม่”"
NO_WORDS = "เขียนบอกคนเขียนสักนิดว่าอยากให้แก้อะไรค่ะ"
NO_CODE = "ใส่รหัสยืนยันจากแอปในโทรศัพท์ก่อนค่ะ"
TICK_AGAIN = "ข้อความนี้เพิ่งส่งไป ถ้าตั้งใจส่งอีกครั้ง ติ๊กช่องข้างล่างก่อนนะคะ"


@dataclass(frozen=True, slots=True)
class Told:
    """What is in the way, and what can be done about it. Addresses are endpoints of pages about this notice."""

    what: str
    then: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


EDIT, AUDIENCE = ("notices.edit", "แก้ประกาศ"), ("notices.audience", "เลือกผู้รับใหม่")
_MAYBE_TWICE = (
    "บางคนอาจได้รับไปแล้ว ถ้ากดส่งต่อ คนที่ได้แล้วอาจได้ซ้ำอีกครั้ง",
    "ไม่แน่ใจ ให้ถามคนที่น่าจะได้รับสักสองสามคนก่อน หรือเลิกส่งแล้วเขียนประกาศใหม่",
)
_LOOK_AGAIN = "อ่านข้อความและดูผู้รับอีกครั้ง ถ้ายังใช้ได้ กดส่งต่อ ถ้าไม่ใช้แล้ว กดเลิกส่ง"
WHY = {
    sending.BY_STAFF: Told("มีคนกดหยุดพักไว้", ("กดส่งต่อเมื่อพร้อม คนที่ได้แล้วจะไม่ได้ซ้ำ",)),
    sending.QUOTA: Told("โควตาข้อความของเดือนนี้ไม่พอ"),
    sending.UNAUTHORISED: Told(
        "LINE ไม่รับรหัสประจำบอต (channel access token)",
        (
            "บอกคนดูแลเครื่องให้ออกรหัสใหม่ใน LINE Developers ใส่ใน LINE_CHANNEL_ACCESS_TOKEN แล้วเปิดโปรแกรมใหม่",
            "จากนั้นกดส่งต่อ คนที่ได้แล้วจะไม่ได้ซ้ำ",
        ),
    ),
    sending.FORBIDDEN: Told(
        "LINE ไม่ให้บัญชีนี้ส่งข้อความแบบนี้",
        ("ให้คนดูแลบัญชี LINE ของศูนย์ดูแพ็กเกจและสิทธิ์ใน LINE Official Account Manager", "แก้แล้วกดส่งต่อ คนที่ได้แล้วจะไม่ได้ซ้ำ"),
    ),
    sending.NOT_TAKEN: Told(
        "LINE ไม่รับเนื้อหาของประกาศนี้",
        ("มักเป็นเพราะที่อยู่ของรูปหรือลิงก์ใช้ไม่ได้", "กดเลิกส่ง แล้วทำสำเนาไปแก้ และขออนุมัติใหม่"),
    ),
    sending.INTERRUPTED: Told(
        "การส่งขาดช่วงไปนานกว่า 2 ชั่วโมง อาจเพราะเครื่องดับ",
        (
            "คนที่ระบบรู้ว่าได้แล้ว จะไม่ได้ซ้ำ ส่วนรอบที่ LINE ยังไม่ได้ตอบ อาจส่งถึงไปแล้ว",
            "ถ้าเพิ่งกู้ข้อมูลสำรองมา คนที่ได้หลังวันสำรองอาจได้ซ้ำอีกครั้งเมื่อกดส่งต่อ",
            "ดูว่าข้อความยังทันเวลาไหม ถ้าไม่ทันแล้ว กดเลิกส่ง",
        ),
    ),
    starting.LATE: Told(
        "เลยเวลาที่ตั้งไว้นานกว่า 2 ชั่วโมง อาจเพราะเครื่องดับ", ("ดูว่าข้อความยังทันเวลาไหม", *_MAYBE_TWICE),
    ),
    starting.SENT_BEFORE: Told(
        "LINE บอกว่าประกาศนี้เคยส่งไปแล้ว", ("มักเกิดหลังกู้ข้อมูลสำรอง ข้อมูลที่กู้มาจึงไม่รู้ว่าส่งไปแล้ว", *_MAYBE_TWICE),
    ),
    starting.CHANGED: Told("ข้อความหรือผู้รับไม่ตรงกับที่อนุมัติไว้", (_LOOK_AGAIN,)),
    starting.APPROVER_GONE: Told("คนที่อนุมัติไว้ ตอนนี้ไม่มีสิทธิ์อนุมัติแล้ว", (_LOOK_AGAIN,)),
    starting.EVENT_GONE: Told(
        "กิจกรรมในประกาศนี้ถูกยกเลิกหรือลบไปแล้ว", ("ส่วนใหญ่ควรกดเลิกส่ง", "ถ้าข้อความบอกเรื่องยกเลิกอยู่แล้ว กดส่งต่อได้"),
    ),
    starting.GROWN: Told("ตอนนี้มีผู้รับมากกว่าตอนอนุมัติมาก", ("ดูว่าตั้งใจส่งถึงทุกคนนี้จริงไหม", _LOOK_AGAIN)),
    "restored": Told("เพิ่งกู้ข้อมูลสำรอง ระบบจึงพักทุกประกาศไว้ก่อน", _MAYBE_TWICE),
}  # fmt: skip
MAY_BE_SENT_TWICE = frozenset({sending.INTERRUPTED, starting.LATE, starting.SENT_BEFORE, "restored"})


def why(reason: str) -> Told:
    return WHY.get(reason, Told("ระบบพักประกาศนี้ไว้ให้คนดูก่อน", (_LOOK_AGAIN,)))


def quota_paused(found: Budget | None, *, still_open: int, now: datetime) -> Told:
    left = found.left if found is not None else None
    known = f"ตอนนี้เหลือ {left:,} ข้อความ แต่ยังต้องส่งอีก {still_open:,} คน" if left is not None else ""
    return Told(
        WHY[sending.QUOTA].what,
        (
            *((known,) if known else ()),
            f"LINE เริ่มนับใหม่{_month_ends(now)} ถึงวันนั้นแล้วกดส่งต่อได้",
            "จะส่งต่อก่อนนั้น ให้เพิ่มแพ็กเกจข้อความใน LINE Official Account Manager ก่อน",
            "คนที่ได้แล้วจะไม่ได้ซ้ำ ถ้าไม่ต้องส่งที่เหลือแล้ว กดเลิกส่ง",
        ),
    )


def refused(fault: Refused, *, now: datetime) -> Told:
    """Why it cannot be approved, or go on, and what to do."""
    if isinstance(fault, QuotaTooSmall):
        return _quota_too_small(fault, now)
    if isinstance(fault, NotInThatState):
        return Told(f"ประกาศนี้{STATES.get(fault.state, fault.state)} มีคนทำไปก่อนแล้วค่ะ")
    if isinstance(fault, SegmentTooSmall | NeedsSomebodyElse | TimeIsPast):
        return _with_facts(fault)
    return _PLAIN.get(type(fault), Told("ประกาศนี้ยังส่งไม่ได้ค่ะ", ("แก้ให้ครบก่อน",), (EDIT,)))


_PLAIN: Mapping[type[Refused], Told] = {
    ChangedMeanwhile: Told(
        "มีคนแก้ประกาศนี้หลังจากที่คุณเปิดหน้านี้ ข้างล่างเป็นฉบับล่าสุดค่ะ", ("อ่านอีกครั้งก่อนอนุมัตินะคะ",),
    ),
    NobodyToReach: Told(
        "ตอนนี้ไม่มีใครได้รับประกาศนี้เลยค่ะ", ("เลือกกลุ่มผู้รับใหม่ หรือรอให้มีคนตอบรับข่าวก่อน",), (AUDIENCE,),
    ),
    QuotaUnknown: Told("ยังไม่รู้ว่าเดือนนี้ส่งได้อีกกี่ข้อความค่ะ", ("กด “ถาม LINE” ข้างล่าง รอสักครู่ แล้วดูใหม่",)),
    SentAlready: Told("ข้อความเดียวกันถึงผู้รับกลุ่มเดียวกัน เพิ่งอนุมัติหรือส่งไปไม่ถึง 1 วันค่ะ", (TICK_AGAIN,)),
    AudienceRefused: Told("อ่านกลุ่มผู้รับของประกาศนี้ไม่ได้ค่ะ", ("เลือกใหม่ก่อนอนุมัติ",), (AUDIENCE,)),
}  # fmt: skip


def _with_facts(fault: SegmentTooSmall | NeedsSomebodyElse | TimeIsPast) -> Told:
    if isinstance(fault, SegmentTooSmall):
        return Told(
            f"กลุ่มที่เลือกตามความสนใจมีแค่ {fault.reached:,} คน ต้องมีอย่างน้อย {fault.smallest:,} คนค่ะ",
            ("คนน้อยขนาดนี้ คนอื่นอาจเดาได้ว่าใครสนใจเรื่องอะไร เลือกกลุ่มให้กว้างขึ้นนะคะ",), (AUDIENCE,),
        )  # fmt: skip
    if isinstance(fault, NeedsSomebodyElse):
        return Told(
            f"คุณเป็นคนเขียนประกาศนี้เอง และจะถึง {fault.reached:,} คน เกิน {fault.above:,} คน ต้องให้คนอื่นอนุมัติค่ะ",
            ("ส่งขออนุมัติจากหน้าแก้ประกาศ แล้วบอกเจ้าหน้าที่อีกคนให้มาดู",), (EDIT,),
        )  # fmt: skip
    return Told(f"เวลาที่ตั้งไว้ผ่านไปแล้วค่ะ คือ {thai_dates.date_and_time(fault.send_at)}", ("ตั้งเวลาใหม่ก่อนอนุมัติ",), (EDIT,))


def _quota_too_small(fault: QuotaTooSmall, now: datetime) -> Told:
    ways = ["เลือกผู้รับให้แคบลง"]
    a_day = fault.left // max(1, -(-(budget.month_ends(now) - now) // timedelta(days=1)))
    if a_day:
        ways.append(f"แบ่งส่งวันละไม่เกิน {a_day:,} คน ส่วนที่เหลือไปต่อเดือนหน้า")
    ways.append("ถ้าไม่รีบ ให้แนบไปกับคำตอบตอนที่คนทักเข้ามา ซึ่งไม่เสียโควตา")
    ways.append(f"หรือรอถึง{_month_ends(now)} ที่ LINE เริ่มนับใหม่")
    return Told(f"โควตาเดือนนี้ไม่พอค่ะ ต้องใช้ {fault.needed:,} ข้อความ แต่เหลือ {fault.left:,}", tuple(ways), (AUDIENCE, EDIT))


def _month_ends(now: datetime) -> str:
    return thai_dates.weekday_date(clock.bangkok_date(budget.month_ends(now)))


def content_faults(number: int) -> Told:
    return Told(f"เนื้อหายังมีที่ต้องแก้ {number} ที่ค่ะ", ("หน้าแก้ประกาศบอกไว้ข้างช่องที่ต้องแก้",), (EDIT,))


def how_long(left: timedelta) -> str:
    """Rounded up, as nobody minds when it is over earlier."""
    seconds = max(0, int(left.total_seconds()))
    if seconds < 60:
        return "ไม่ถึง 1 นาที"
    minutes = -(-seconds // 60)
    if minutes < 60:
        return f"ประมาณ {minutes} นาที"
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"ประมาณ {hours // 24:,} วัน"
    return f"ประมาณ {hours:,} ชั่วโมง" + (f" {rest} นาที" if rest else "")


def outcome(state: str) -> str:
    return OUTCOMES.get(state, state)


def reason(state: str, kept: str) -> str:
    """With what LINE itself said, for whoever has to look into it."""
    if state == "left_out":
        return LEFT_OUT.get(kept, kept)
    kind, _, said = kept.partition(": ")
    known = REASONS.get(kept) or REASONS.get(kind)
    if known is None:
        return kept
    return f"{known} ({said})" if said else known


def counted(found: Mapping[str, int]) -> list[tuple[str, int]]:
    """Reasons with how many people, most of them first."""
    named = [(LEFT_OUT.get(reason, reason), number) for reason, number in found.items() if number]
    return sorted(named, key=lambda one: -one[1])
