"""What the pages for writing notices say, in Thai, for staff and volunteers."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from bot import clock, thai_dates
from bot.console import event_words
from bot.console.event_words import unbroken
from bot.console.notice_forms import Fault as FormFault
from bot.console.notice_step_words import LEFT_OUT, STATES
from bot.notices import approval, checks, starting
from bot.notices.checks import Fault, Reason
from bot.notices.drafting import Plan
from bot.notices.links import Reason as LinkReason
from bot.notices.rules import Rules
from bot.storage import notice_audience as groups
from bot.storage import notice_trials
from bot.storage.events import EventRow
from bot.storage.notice_trials import TrialRow
from bot.storage.notices import APPROVED, SUBMITTED

__all__ = ["LEFT_OUT", "STATES", "unbroken"]

LISTS = {"waiting": "รออนุมัติ", "drafts": "ฉบับร่าง", "way": "รอส่งและกำลังส่ง", "over": "จบแล้ว"}
NOTHING_IN = {
    "waiting": "ไม่มีประกาศที่รออนุมัติค่ะ", "drafts": "ไม่มีฉบับร่างค่ะ", "way": "ไม่มีประกาศที่รอส่งหรือกำลังส่งค่ะ",
    "over": "ยังไม่มีประกาศที่ส่งจบค่ะ",
}  # fmt: skip
LETTERS = {
    "invitation": "ชวนมางาน", "seats": "บอกว่ายังมีที่ว่าง", "thanks": "ขอบคุณคนที่มา",
}  # fmt: skip
KINDS = {"text": "ข้อความ", "card": "การ์ด มีหัวข้อหรือรูป"}
REPEATS = {"": "ส่งครั้งเดียว", "weekly": "ทุกสัปดาห์ วันเดิม เวลาเดิม", "monthly": "ทุกเดือน วันที่เดิม เวลาเดิม"}
LABELS = {
    "title": "ชื่อไว้เรียกกันเอง", "event": "งาน", "event_button": "ปุ่มไปที่งาน", "repeats": "ส่งซ้ำ", "per_day": "ส่งวันละไม่เกิน",
    "at": "เริ่มส่งเมื่อไร", "repeats_until": "ส่งซ้ำถึงวันไหน", "rides_until": "แนบไปกับคำตอบถึงวันไหน", "bubbles": "กล่องข้อความ",
}  # fmt: skip
PARTS = {
    "kind": "แบบ", "title": "หัวข้อ", "text": "ข้อความ", "picture": "ที่อยู่ของรูป", "link": "ลิงก์", "label": "คำบนปุ่มลิงก์",
}  # fmt: skip

EVERYONE = "ทุกคนที่ตอบรับข่าว"
GROUPS = {
    groups.PROGRAMME: "คนที่รับข่าวโครงการ{name}", groups.DISTRICT: "อำเภอ{name}",
    groups.REGISTERED: "คนที่ลงทะเบียนงาน “{name}” ไว้", groups.WAITS: "คนที่รอคิวงาน “{name}”",
    groups.ATTENDED: "คนที่มางาน “{name}”", groups.ABSENT: "คนที่ลงทะเบียนงาน “{name}” แต่ไม่ได้มา",
    groups.UNCLEAR: "คนที่ไม่รู้ว่าได้ประกาศ “{name}” หรือยัง",
    groups.TOPIC: "คนที่เคยถามเรื่อง “{name}” และขอรับข่าวเรื่องนี้",
}  # fmt: skip
UNCLEAR = "คนที่ไม่รู้ผลของประกาศก่อน"
PROGRAMMES, DISTRICTS, TOPICS = "ตามโครงการที่เลือกรับข่าว", "ตามอำเภอ", "ตามเรื่องที่เคยถาม"

NOT_EDITABLE = "ประกาศนี้เริ่มส่งไปแล้วค่ะ แก้ไม่ได้ ถ้าจะส่งอีก ทำสำเนาแล้วแก้ได้นะคะ"
NOTHING_CHANGED = "ไม่มีอะไรเปลี่ยนค่ะ"
CREATED_FROM_EVENT = "เขียนให้จากงานแล้วค่ะ อ่านดู แก้ได้ทุกคำ แล้วเลือกว่าส่งถึงใคร"
CREATED = "สร้างฉบับร่างแล้วค่ะ ยังไม่มีใครเห็น"
COPIED = "ทำสำเนาแล้วค่ะ ยังไม่ได้ตั้งเวลา ดูอีกครั้งก่อนส่งขออนุมัติ"
CHANGED = "มีคนแก้ประกาศนี้ไปก่อนแล้วค่ะ ยังไม่ได้บันทึกของคุณ และไม่มีอะไรหาย"
CHANGED_SINCE = "ประกาศนี้เพิ่งมีคนแก้ค่ะ อ่านฉบับล่าสุดก่อน แล้วกดใหม่นะคะ"
SUBMITTED_WORDS = "ส่งขออนุมัติแล้วค่ะ ระหว่างนี้แก้ได้ แต่แก้แล้วต้องกดส่งขออนุมัติใหม่"
APPROVED_WORDS = "ประกาศนี้อนุมัติแล้ว รอส่งอยู่ค่ะ ถ้าบันทึกการแก้ การอนุมัติจะใช้ไม่ได้ทันที และต้องขออนุมัติใหม่"
SUBMITTED_NOW = "ส่งขออนุมัติแล้วค่ะ บอกคนที่อนุมัติได้ให้เปิดหน้าประกาศ ยังไม่มีใครได้รับจนกว่าจะอนุมัติ"
SUBMITTED_ALREADY = "ประกาศนี้ส่งขออนุมัติไปแล้วค่ะ"
NOBODY = "ตอนนี้ไม่มีใครในกลุ่มที่เลือกได้รับค่ะ เลือกกลุ่มใหม่ หรือรอให้มีคนตอบรับข่าวก่อน"
NOT_CHOSEN = "ยังไม่ได้เลือกว่าส่งถึงใครค่ะ เลือกอย่างน้อยหนึ่งกลุ่มก่อนนะคะ"
NOT_LINKED = "ยังไม่ได้เชื่อมบัญชีกับ LINE ค่ะ เชื่อมที่หน้าบัญชีของฉันก่อน แล้วลองใหม่"
NOBODY_LINKED = "ยังไม่มีใครในทีมเชื่อมบัญชีกับ LINE ค่ะ"
REMOVED = "ลบฉบับร่างแล้วค่ะ"
NOT_REMOVABLE = "ประกาศนี้อนุมัติหรือส่งไปแล้วค่ะ ลบไม่ได้ แต่ยกเลิกหรือเลิกส่งได้ที่หน้านี้"
NO_EVENT = "ไม่พบงานที่เลือกค่ะ เลือกใหม่อีกครั้งนะคะ"
NO_NOTICE = "ไม่พบประกาศที่จะทำสำเนาค่ะ"
SOMEBODY = "คนที่เลิกเชื่อม LINE แล้ว"
QUOTA_ASKED = "ถาม LINE แล้วค่ะ รอสักครู่ แล้วกดนับใหม่"
NO_WORDS = "ยังไม่มีข้อความ"

LINKS = {
    LinkReason.SCHEME: "ต้องขึ้นต้นด้วย https:// ค่ะ",
    LinkReason.USER_INFO: "ดูเหมือนไปที่หนึ่ง แต่พาไปอีกที่หนึ่ง ใช้ไม่ได้ค่ะ",
    LinkReason.LOOK_ALIKE: "ชื่อเว็บคล้ายเว็บอื่นจนแยกไม่ออก ใช้ไม่ได้ค่ะ ลอกจากเว็บจริงมาวางใหม่นะคะ",
    LinkReason.GLUED: "มีอักษรไทยติดท้ายลิงก์ค่ะ เว้นวรรคหลังลิงก์นะคะ",
    LinkReason.SHORTENER: "ลิงก์ย่อใช้ไม่ได้ค่ะ คนอ่านไม่รู้ว่าจะพาไปไหน เปิดลิงก์นั้นก่อน แล้วลอกที่อยู่ยาว ๆ มาใส่แทน",
    LinkReason.NOT_ALLOWED: "ไม่อยู่ในรายชื่อเว็บที่ศูนย์ใช้ค่ะ",
    LinkReason.PORT: "มีตัวเลขต่อท้ายชื่อเว็บหลังเครื่องหมาย : ลบออกค่ะ",
}
_REASONS = {
    Reason.NO_BUBBLES: "ยังไม่มีข้อความค่ะ พิมพ์อย่างน้อยหนึ่งกล่อง",
    Reason.TOO_MANY_BUBBLES: f"มีได้ไม่เกิน {checks.MOST_BUBBLES} กล่องค่ะ",
    Reason.EMPTY: "กล่องนี้ยังไม่มีข้อความค่ะ",
    Reason.TOO_MANY_MARKS: "มีสระหรือวรรณยุกต์ซ้อนกันมากผิดปกติค่ะ ลบแล้วพิมพ์ใหม่นะคะ",
    Reason.TOO_MANY_LINES: f"มากกว่า {checks.MOST_LINES} บรรทัดค่ะ รวมบรรทัดสั้น ๆ เข้าด้วยกันนะคะ",
    Reason.ONLY_IN_CARDS: "มีได้เฉพาะในการ์ดค่ะ",
    Reason.EVENT_DRAFT: "งานนี้ยังเป็นฉบับร่างค่ะ เผยแพร่งานก่อน",
    Reason.EVENT_CALLED_OFF: "งานนี้ยกเลิกแล้วค่ะ เลือกงานอื่น หรือไม่เลือกงาน",
    Reason.EVENT_OVER: "งานนี้จบแล้วค่ะ เลือกงานอื่น หรือเอาเครื่องหมายหน้าปุ่มไปที่งานออก",
}
_TRIALS = {
    notice_trials.QUEUED: "กำลังส่ง", notice_trials.SENT: "LINE รับไปแล้ว", notice_trials.FAILED: "ส่งไม่ได้",
    notice_trials.UNKNOWN: "ไม่รู้ผล LINE ไม่ได้ตอบ",
}  # fmt: skip
_TRIAL_FAILED = {
    "quota_spent": "โควตาเดือนนี้หมดแล้ว", "unauthorised": "LINE ไม่รับรหัสประจำบอต บอกคนดูแลเครื่องนะคะ",
    "refused": "LINE ไม่รับข้อความนี้ ดูที่อยู่ของรูปและลิงก์ หรือดูว่าเป็นเพื่อนกับบอตอยู่ไหม", "rate_limited": "ส่งเร็วเกินไป ลองใหม่อีกครั้ง",
    "unreachable": "ติดต่อ LINE ไม่ได้ ลองใหม่อีกครั้ง",
}  # fmt: skip


def label(name: str) -> str:
    """Of a field of the form; of the second bubble's text `b1_text`."""
    number, _, part = name.removeprefix("b").partition("_")
    if number.isdecimal() and part in PARTS:
        return f"กล่องที่ {int(number) + 1} · {PARTS[part]}"
    return LABELS.get(name, name)


def fault(found: Fault, *, domains: Collection[str]) -> str:
    reason = found.reason
    if reason in _REASONS:
        return _REASONS[reason]
    if reason is Reason.TOO_LONG:
        return _too_long(found)
    if reason is Reason.CONTROL_CHARACTER:
        return f"มีอักขระที่มองไม่เห็นปนมา ({found.detail}) มักติดมาตอนลอกข้อความค่ะ ลบทั้งช่องแล้วพิมพ์ใหม่นะคะ"
    if reason is Reason.PLACEHOLDER:
        where = "" if found.field in ("text", "title") else " ช่องนี้ใส่ชื่อคนไม่ได้"
        return f"ไม่มีใครเติมคำแทน “{found.detail}” ให้ค่ะ ใช้ได้แค่ {{ชื่อ}} ในหัวข้อและข้อความ{where}"
    link = LinkReason(reason.removeprefix("link_"))
    return f"“{found.detail[:80]}” {LINKS[link]}{_instead(link, found, domains)}"


def _too_long(found: Fault) -> str:
    if found.field in ("link", "picture"):
        return "ที่อยู่นี้ยาวเกินไปค่ะ LINE ไม่รับ"
    letters, _, most = found.detail.partition("/")
    return f"ยาว {int(letters):,} ตัวอักษรค่ะ ขอไม่เกิน {int(most):,} คนอ่านในโทรศัพท์นะคะ"


def _instead(reason: LinkReason, found: Fault, domains: Collection[str]) -> str:
    if reason is LinkReason.NOT_ALLOWED and domains:
        return f" ใช้ได้คือ {', '.join(sorted(domains)[:6])} ถ้าจำเป็น ให้คนดูแลเครื่องเพิ่มใน CIVICBOT_LINK_DOMAINS"
    if reason is LinkReason.SCHEME and found.field == "text":
        return " ถ้าเป็นเบอร์โทร พิมพ์แค่ตัวเลข"
    if reason is LinkReason.SCHEME and found.field == "link":
        return " ถ้าเป็นเบอร์โทร ใส่ tel: นำหน้า"
    return ""


def cannot_read(name: str, found: FormFault) -> str:
    if name == "per_day":
        return f"“{found}” ไม่ใช่จำนวนคนค่ะ ใส่ตัวเลขตั้งแต่ 1 ขึ้นไป หรือเว้นว่าง"
    return event_words.form_fault(found)


def timing(plan: Plan, *, rules: Rules, now: datetime) -> list[str]:
    """When it goes out, confirmed back in words."""
    begins = approval.begins_at(plan, rules=rules, now=now)
    wanted = plan.send_at or now + rules.cooling
    minutes = int(rules.cooling.total_seconds() // 60)
    if plan.send_at is not None:
        said = [f"เริ่มส่ง{moment(begins)}"]
    elif begins == wanted:
        said = [f"เริ่มส่งหลังอนุมัติ {minutes} นาที เผื่อเปลี่ยนใจ" if minutes else "เริ่มส่งทันทีที่อนุมัติ"]
    else:
        said = [f"ถ้าอนุมัติตอนนี้ จะเริ่มส่ง{moment(begins)}"]
    if begins - wanted > timedelta(minutes=1) and begins > now + rules.cooling:
        said.append(f"เพราะส่งได้เฉพาะ {rules.day[0]:%H:%M}–{rules.day[1]:%H:%M} น. ไม่ให้รบกวนคนตอนกลางคืน")
    if plan.repeats:
        following = moment(starting.next_time(plan.send_at or begins, plan.repeats))
        until = f" จนถึง{day(plan.repeats_until)}" if plan.repeats_until else " ไปเรื่อย ๆ จนกว่าจะมีคนเลิก"
        said.append(f"ส่งซ้ำ{REPEATS[plan.repeats].split()[0]} ครั้งต่อไป{following}{until}")
    if plan.rides_until is not None:
        said.append(f"แนบไปกับคำตอบของบอตจนถึง{moment(plan.rides_until)} แล้วจึงส่งให้คนที่ยังไม่ได้รับ")
    if plan.per_day is not None:
        said.append(f"ส่งวันละไม่เกิน {plan.per_day:,} คน")
    return [unbroken(words) for words in said]


def timing_faults(plan: Plan, *, now: datetime) -> Iterator[tuple[str, str]]:
    """By the names of the form: times that make no sense, or not any more."""
    begins = max(plan.send_at or now, now)
    if plan.send_at is not None and plan.send_at <= now:
        yield "at", f"{moment(plan.send_at)} ผ่านไปแล้วค่ะ ใส่เวลาที่ยังมาไม่ถึง หรือเว้นว่าง"
    if plan.repeats and plan.repeats_until is not None and plan.repeats_until <= begins:
        yield "repeats_until", f"{day(plan.repeats_until)} อยู่ก่อนวันที่เริ่มส่งค่ะ"
    if plan.rides_until is not None and plan.rides_until <= begins:
        yield "rides_until", f"{moment(plan.rides_until)} อยู่ก่อนเวลาที่เริ่มส่งค่ะ"


def moment(at: datetime) -> str:
    return f"{thai_dates.weekday_date(clock.bangkok_date(at))} เวลา {thai_dates.time_of_day(at)}"


def day(at: datetime) -> str:
    return thai_dates.weekday_date(clock.bangkok_date(at))


def saved(state: str, *, faults: int = 0) -> str:
    """`state`: in which it was before."""
    said = {
        APPROVED: "บันทึกแล้วค่ะ การอนุมัติเดิมใช้ไม่ได้แล้ว ยังไม่มีใครได้รับ ต้องส่งขออนุมัติใหม่",
        SUBMITTED: "บันทึกแล้วค่ะ ประกาศกลับเป็นฉบับร่าง ต้องส่งขออนุมัติใหม่",
    }.get(state, "บันทึกแล้วค่ะ")
    return f"{said} ยังมีที่ต้องแก้ {faults} จุดก่อนส่ง ดูข้างช่องนั้น ๆ นะคะ" if faults else said


def not_yet(do: str, faults: int) -> str:
    what = "ส่งขออนุมัติ" if do == "submit" else "ลองส่ง"
    return f"บันทึกแล้วค่ะ แต่ยัง{what}ไม่ได้ ขอแก้ {faults} จุดก่อน"


def too_small(reached: int, smallest: int) -> str:
    return (
        f"กลุ่มที่เลือกตามความสนใจมีแค่ {reached:,} คนค่ะ ต้องมีอย่างน้อย {smallest:,} คน "
        "เพราะคนน้อยขนาดนี้ คนอื่นอาจเดาได้ว่าใครสนใจเรื่องอะไร เลือกกลุ่มให้กว้างขึ้นนะคะ"
    )


def audience_refused(why: str) -> str:
    if why == "too many":
        return "เลือกได้ไม่เกิน 20 กลุ่มค่ะ ถ้าเกือบทุกกลุ่ม เลือกทุกคนที่ตอบรับข่าวแทน แล้วยกเว้นบางกลุ่ม"
    return "มีกลุ่มที่ระบบไม่รู้จักค่ะ เลือกใหม่อีกครั้งนะคะ"


def picture_refused(why: str) -> str:
    return {
        "too_large": "รูปนี้ใหญ่เกินไปค่ะ ย่อก่อนแล้วเลือกใหม่นะคะ",
        "too_many": "ใส่รูปถี่เกินไปค่ะ รอสักพักแล้วเลือกใหม่นะคะ",
    }.get(why, "เปิดไฟล์นี้เป็นรูปไม่ได้ค่ะ ใช้รูป JPG, PNG หรือ WebP นะคะ")


def too_many_trials(left: int, most: int) -> str:
    rest = f"ตอนนี้ลองได้อีก {left} คน" if left else "รอสักพักแล้วลองใหม่"
    return f"ประกาศหนึ่งลองส่งได้ชั่วโมงละ {most} คนค่ะ {rest}"


def trial_asked(people: int, *, everybody: bool) -> str:
    if not people:
        return "กำลังส่งให้อยู่แล้วค่ะ รอสักครู่นะคะ"
    return f"กำลังส่งให้กลุ่มทดลอง {people} คนค่ะ ดูใน LINE ได้เลย" if everybody else "กำลังส่งให้คุณค่ะ ดูใน LINE ได้เลย"


def trial(row: TrialRow) -> str:
    why = _TRIAL_FAILED.get(row.why.partition(":")[0], "") if row.state == notice_trials.FAILED else ""
    return f"{_TRIALS.get(row.state, row.state)}{': ' if why else ''}{why}"


def event_choice(event: EventRow) -> str:
    return f"{event.title} · {thai_dates.short_date(clock.bangkok_date(event.starts_at))}"


def event_section(event: EventRow) -> str:
    return f"คนของงาน “{event.title}”"
