"""What people type, in the middle of a form, to change what they gave before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.events.asking import Kind
from bot.events.names import tidy

BACK_WORDS = frozenset({"ย้อนกลับ", "ย้อน", "กลับ", "ก่อนหน้า", "ข้อก่อนหน้า", "ย้อนไป", "ถอยกลับ", "back", "go back"})
KEEP_WORDS = frozenset({"เหมือนเดิม", "ตามเดิม", "ใช้ตามเดิม", "ใช้ของเดิม", "อันเดิม", "same", "keep"})

_NAMES = {
    Kind.COMPANIONS: r"รายชื่อ|ชื่อ(?:เพื่อน|คนอื่น|คนที่มาด้วย|ผู้ร่วม\S*|นักเรียน)|companions?",
    Kind.SCHOOL: r"(?:ชื่อ)?โรงเรียน|school",
    Kind.LEVEL: r"ชั้นเรียน|ระดับชั้น|ชั้น|class level|grade",
    Kind.NAME: r"ชื่อ(?:\s*[-–และ]*\s*(?:นาม)?สกุล)?|นามสกุล|name",
    Kind.PHONE: r"(?:เบอร์|หมายเลข)(?:โทร(?:ศัพท์)?|มือถือ)?|โทรศัพท์|phone(?: number)?|number",
    Kind.DISTRICT: r"อำเภอ|district",
    Kind.PARTY: r"จำนวน(?:คน|ผู้\S*?|นักเรียน)?|how many|party(?: size)?",
    Kind.MINOR: r"อายุ|age",
    Kind.GUARDIAN: r"(?:เรื่อง)?ผู้ปกครอง|guardian",
}
_FIELDS = "|".join(f"(?P<{kind}>{words})" for kind, words in _NAMES.items())
_POLITE = r"(?:\s*(?:นะ)?(?:ครับ|คับ|ค่ะ|คะ|จ้า))?"
_CORRECTION = re.compile(
    rf"^(?:(?P<no>ไม่ใช่|ผิด(?:แล้ว)?|ไม่ถูก|no)\s*{_POLITE}[\s,.]*)?"
    rf"(?P<change>(?:ขอ|อยาก|ช่วย|จะ)*\s*(?:แก้ไข|แก้|เปลี่ยน|change|edit|correct))?\s*(?:the |my )?(?:{_FIELDS})"
    rf"(?:\s*(?:ผิด|ใหม่|ด้วย|หน่อย|ให้)){{0,2}}\s*(?:เป็น|คือ|ว่า|to|is|=|:)?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """`rest` is the new value as it was typed; empty: it is to be asked for. `flat`: it began by saying no."""

    kind: Kind
    rest: str
    flat: bool


def read_correction(text: str) -> Correction | None:
    """`แก้เบอร์`, `เปลี่ยนชื่อเป็น สมหญิง`, `ไม่ใช่ ชื่อ สมหญิง`. Only what says that something is to be changed."""
    found = _CORRECTION.match(tidy(text))
    if found is None or not (found["no"] or found["change"]):
        return None
    kind = next(kind for kind in _NAMES if found[kind] is not None)
    rest = re.sub(rf"^{_POLITE}$", "", found["rest"]).strip()
    return Correction(kind, rest, flat=found["no"] is not None)
