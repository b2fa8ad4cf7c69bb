"""What the pages for reviewing questions call things, in Thai, for staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import thai_dates
from bot.console.faq_sentences import KINDS_OF_MESSAGES
from bot.outreach.review import DecisionKind

REASONS = {
    "missed": "บอตตอบไม่ได้", "near_tie": "บอตถามกลับ", "none_of_these": "ผู้ถามบอกว่าไม่ใช่สักเรื่อง",
    "thumbs_down": "ผู้ถามบอกว่าไม่ตรง", "answered_by_hand": "คนตอบให้แล้ว", "sample": "สุ่มตรวจแล้วพบว่าตอบผิด",
}  # fmt: skip
"""Why a question is here."""
ANSWERED = {"answer": "บอตตอบ", "clarify": "บอตถามกลับ", "fallback": "บอตตอบไม่ได้"}
VERDICTS = {"right": "ตอบถูก", "wrong": "ตอบผิด", "unsure": "ไม่แน่ใจ"}
TEST_KINDS = {"entry": "ต้องตอบ", "small_talk": "คุยเล่น", "out_of_scope": "ไม่ใช่เรื่องของเรา"}

UNSENT = "ผู้ถามยกเลิกข้อความแล้ว"
NO_GROUP = ("ไม่พบคำถามกลุ่มนี้ค่ะ", "อาจถูกรวมกับกลุ่มอื่นไปแล้ว กลับไปที่หน้าทบทวนคำถามนะคะ")
GONE = "คำถามกลุ่มนั้นถูกรวมกับกลุ่มอื่นไปแล้วค่ะ นี่คือกลุ่มถัดไป"
CHANGED = "คำถามกลุ่มนี้เพิ่งมีการเปลี่ยนแปลงค่ะ ยังไม่ได้บันทึกอะไร ดูอีกครั้งแล้วเลือกใหม่นะคะ"
NO_WORDING = "ไม่เหลือข้อความให้บอตจำค่ะ เลือกอย่างน้อยหนึ่งข้อความที่ไม่ใช่ข้อมูลส่วนตัวนะคะ"
NO_CHOICE = "ยังไม่ได้เลือกเรื่องค่ะ"
PLACE_GONE = "เรื่องที่เลือกไม่อยู่ในฉบับร่างแล้วค่ะ เลือกเรื่องอื่นนะคะ"
END = "ดูถึงท้ายรายการแล้วค่ะ"
PROPOSED = "ส่งข้อเสนอแล้วค่ะ เจ้าหน้าที่จะดูอีกครั้ง นี่คือกลุ่มถัดไป"
UNDONE = "ย้อนกลับแล้วค่ะ คำถามกลุ่มนี้รอการตัดสินใหม่"
NOTHING_TO_UNDO = "ย้อนไม่ได้ค่ะ เรื่องนี้ย้อนไปแล้ว หรือคุณตัดสินกลุ่มอื่นต่อไปแล้ว"
PUBLISHED_SINCE = "ย้อนไม่ได้แล้วค่ะ มีการเผยแพร่คลังคำตอบหลังจากนั้น แก้ที่หน้าคลังคำตอบแทนนะคะ"
EDITED_SINCE = "ย้อนไม่ได้ค่ะ มีคนแก้เรื่องนี้ต่อแล้ว ถ้าไม่ต้องการเรื่องนี้ ลบที่หน้าคลังคำตอบนะคะ"
MERGED = "รวมกลุ่มแล้วค่ะ"
PARTED = "แยกออกเป็นกลุ่มใหม่แล้วค่ะ นี่คือกลุ่มที่แยกออกมา"
CANNOT_PART = "แยกไม่ได้ค่ะ กลุ่มนี้เหลือข้อความแบบเดียว หรือข้อความนั้นไม่อยู่ในกลุ่มแล้ว"
WORD_FIELDS = "ขอทั้งคำที่คนพิมพ์และคำที่หมายถึง และสองคำนี้ต้องไม่เหมือนกันค่ะ"
TEST_RETIRED = "เลิกใช้ข้อทดสอบแล้วค่ะ การตรวจก่อนเผยแพร่จะไม่นับข้อนี้อีก"
TEST_GONE = "ข้อทดสอบนี้เลิกใช้ไปแล้วค่ะ"
TITLE_MISSING = "ขอชื่อเรื่องด้วยค่ะ"
NOTHING_PUBLISHED = ("ยังไม่มีคลังคำตอบค่ะ", "ผู้ดูแลเครื่องต้องโหลดคำตอบชุดแรกเข้าระบบก่อน จึงจะทบทวนคำถามได้")
NOT_IN_SAMPLE = "ไม่พบข้อนี้ในการสุ่มตรวจค่ะ"


def scope(kind: str | None) -> str:
    named = KINDS_OF_MESSAGES.get(kind or "")
    return named[0] if named else kind or ""


def decision(what: Mapping[str, Any] | None, titles: Mapping[str, str]) -> str:
    """A decision or a proposal as a phrase: what becomes of the questions."""
    kept = what or {}
    kind, entry = kept.get("kind"), kept.get("entry")
    title = titles.get(entry or "", kept.get("title") or entry or "")
    if kind == DecisionKind.ADD_TO:
        return f"เป็นวิธีถามของ “{title}”"
    if kind == DecisionKind.NEW_ENTRY:
        return f"เปิดเรื่องใหม่ “{kept['title']}”" if kept.get("title") else "เปิดเรื่องใหม่"
    if kind == DecisionKind.SMALL_TALK:
        return f"คุยเล่น ({title})" if entry else "คุยเล่น"
    if kind == DecisionKind.OUT_OF_SCOPE:
        return f"ไม่ใช่เรื่องของเรา ({scope(kept.get('scope'))})"
    return {"ignore": "ไม่ต้องทบทวนอีก", "needs_person": "ให้คนตอบเอง"}.get(kind or "", "")


def by_whom(by: str | None, *, me: str, names: Mapping[str, str]) -> str:
    """Before a verb: `คุณ`, or the name and a space."""
    return "คุณ" if by == me else f"{names.get(by or '', by or '')} "


def already_decided(by: str, at: datetime | None, what: str) -> str:
    when = f"เมื่อ {thai_dates.date_and_time(at)}" if at else ""
    return f"{by}ตัดสินกลุ่มนั้นไปแล้ว{when}: {what} ยังไม่มีอะไรถูกเขียนทับค่ะ นี่คือกลุ่มถัดไป"


def proposed_meanwhile(by: str) -> str:
    return f"{by} เพิ่งเสนอไว้ค่ะ ยังไม่ได้บันทึกอะไรทับ ดูข้อเสนอแล้วเลือกอีกครั้งนะคะ"


def already_judged(by: str, at: datetime | None, verdict: str | None) -> str:
    when = f" เมื่อ {thai_dates.date_and_time(at)}" if at else ""
    return f"{by}ตรวจข้อนั้นไปแล้วว่า “{VERDICTS.get(verdict or '', '-')}”{when} ยังไม่มีอะไรถูกเขียนทับค่ะ"
