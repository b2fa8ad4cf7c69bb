"""Single cells of a table of events: as they are written for people, and read back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.events.event_draft import Asked, Part
from bot.events.exchange_faults import Reason
from bot.events.exchange_table import alike
from bot.events.exchange_times import Unreadable, read_span, write_moment
from knowledge.pack import Named

PHONE_RULES = {"no": "ไม่ถาม", "optional": "ถาม แต่ข้ามได้", "required": "ต้องมี"}
MINORS = {"any": "ไม่ต้องถามอายุ", "guardian": "มาได้ เมื่อผู้ปกครองยินยอม", "adults": "รับเฉพาะอายุ 20 ปีขึ้นไป"}
KINDS = {"text": "พิมพ์ตอบ", "choice": "เลือกหนึ่งข้อ", "yes_no": "ใช่หรือไม่ใช่", "number": "ตัวเลข"}
STATES = {"draft": "ฉบับร่าง", "published": "เผยแพร่แล้ว", "called_off": "ยกเลิกแล้ว"}
YES, NO, REQUIRED, NONE, NO_LIMIT = "ใช่", "ไม่ใช่", "ต้องตอบ", "ไม่เตือน", "ไม่จำกัด"
_YES = {alike(word) for word in (YES, "มี", "ได้", "รับ", "y", "yes", "true", "x", "1", "✓", "✔")}
_NO = {alike(word) for word in (NO, "ไม่", "ไม่มี", "ไม่ได้", "ไม่รับ", "n", "no", "false", "0", "-")}
_REQUIRED = {alike(word) for word in (REQUIRED, "จำเป็น", "required")} | _YES
_NONE = {alike(word) for word in (NONE, "ไม่มี", "none", "no", "-")}
_NO_LIMIT = {alike(word) for word in (NO_LIMIT, "unlimited", "no limit")}
_WHOLE = re.compile(r"\d{1,9}")
_DECIMAL = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,20})?(?:e-\d{1,3})?")
_BEFORE = re.compile(r"(?P<number>\d{1,6}) ?(?P<unit>\D*)")
_UNITS = {
    "": 1, "นาที": 1, "minute": 1, "minutes": 1, "min": 1, "ชั่วโมง": 60, "ชม.": 60, "hour": 60, "hours": 60,
    "วัน": 1_440, "day": 1_440, "days": 1_440,
}  # fmt: skip
_ESCAPED = {"\\": "\\\\", "|": "\\|", ";": "\\;", "\n": "\\n"}
_DISTRICT = re.compile(r"^(?:อำเภอ|อ\.)\s*")


@dataclass(frozen=True)
class Unread:
    """Why a cell could not be read."""

    reason: Unreadable
    detail: str = ""
    part: int | None = None


def write_yes(value: bool) -> str:  # noqa: FBT001 - the value of a cell
    return YES if value else NO


def read_yes(text: str) -> bool | Unread:
    word = alike(text)
    return word in _YES if word in _YES | _NO else Unread(Reason.NOT_A_CHOICE, f"{YES}, {NO}")


def read_choice(text: str, names: Mapping[str, str]) -> str | Unread:
    """By its name, or by the word that is stored."""
    known = {alike(name): word for word, shown in names.items() for name in (word, shown)}
    return known.get(alike(text)) or Unread(Reason.NOT_A_CHOICE, ", ".join(names.values()))


def write_named(chosen: str | None, known: Sequence[Named]) -> str:
    """In Thai where that is one of them alone; else by its id."""
    name = next((one.name["th"] for one in known if one.id == chosen), None)
    return chosen or "" if name is None or read_named(name, known) != chosen else name


def read_named(text: str, known: Sequence[Named]) -> str:
    """Its id; of one that is not known, the text itself."""
    wanted = alike(_DISTRICT.sub("", text))
    for one in known:
        if wanted in {alike(name) for name in (one.id, *one.name.values())}:
            return one.id
    return text


def read_capacity(text: str) -> int | Unread | None:
    return None if alike(text) in _NO_LIMIT else read_whole(text)


def read_whole(text: str) -> int | Unread:
    plain = text.replace(",", "")
    return int(plain) if _WHOLE.fullmatch(plain) else Unread(Reason.NOT_A_NUMBER)


def read_decimal(text: str) -> float | Unread:
    return float(text) if _DECIMAL.fullmatch(text) else Unread(Reason.NOT_A_NUMBER)


def write_reminders(minutes: Sequence[int]) -> str:
    return ", ".join(_before(one) for one in minutes) or NONE


def read_reminders(text: str) -> tuple[int, ...] | Unread:
    if alike(text) in _NONE:
        return ()
    found = [_BEFORE.fullmatch(alike(piece).removesuffix("ก่อน").strip()) for piece in re.split(r"[,;\n]", text)]
    minutes = [int(one["number"]) * _UNITS.get(one["unit"].strip(), 0) for one in found if one]
    return tuple(minutes) if len(minutes) == len(found) and all(minutes) else Unread(Reason.MALFORMED)


def write_sessions(parts: Sequence[Part]) -> str:
    """One a line: start, end, title."""
    return "\n".join(_line([write_moment(one.starts_at)], [write_moment(one.ends_at)], [one.title]) for one in parts)


def read_sessions(text: str, *, today: date) -> tuple[Part, ...] | Unread:
    """Also with start and end in one: `28 พ.ย. 69 9.00-12.00 | ช่วงเช้า`."""
    parts = []
    for number, line in enumerate(_lines(text), 1):
        pieces = [";".join(piece).strip() for piece in _fields(line)]
        starts, ends, title = pieces if len(pieces) == 3 else (pieces[0], "", "".join(pieces[1:]))
        if len(pieces) > 3:
            return Unread(Reason.MALFORMED, part=number)
        start, end = read_span(starts, ends, today=today)
        for moment in (start, end):
            if moment is not None and not isinstance(moment, datetime):
                return Unread(moment, part=number)
        parts.append(Part(title, _moment(start), _moment(end)))
    return tuple(parts)


def write_questions(asked: Sequence[Asked]) -> str:
    """One a line: the question, its kind, the choices, whether it must be answered."""
    return "\n".join(
        _line([one.label], [KINDS[one.kind]], one.choices, [REQUIRED if one.required else ""]).rstrip("| ")
        for one in asked
    )


def read_questions(text: str) -> tuple[Asked, ...] | Unread:
    asked = []
    for number, line in enumerate(_lines(text), 1):
        fields = _fields(line)
        label, kind, choices, required = (*fields, *([[""]] * 4))[:4]
        named = "".join(kind).strip()
        chosen = read_choice(named, KINDS) if named else "text"
        must = alike("".join(required))
        if isinstance(chosen, Unread) or len(fields) > 4 or must not in _REQUIRED | _NO | {""}:
            return Unread(Reason.MALFORMED, part=number)
        given = tuple(filter(None, (choice.strip() for choice in choices)))
        asked.append(Asked(";".join(label).strip(), chosen, given, required=must in _REQUIRED))
    return tuple(asked)


def _moment(read: datetime | Unreadable | None) -> datetime | None:
    return read if isinstance(read, datetime) else None


def _before(minutes: int) -> str:
    for unit, size in (("วัน", 1_440), ("ชั่วโมง", 60)):
        if minutes % size == 0 and minutes:
            return f"{minutes // size} {unit}"
    return f"{minutes} นาที"


def _line(*fields: Sequence[str]) -> str:
    return " | ".join("; ".join(_escaped(piece) for piece in pieces) for pieces in fields)


def _escaped(text: str) -> str:
    return "".join(_ESCAPED.get(letter, letter) for letter in text)


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.split("\n") if line.strip())


def _fields(line: str) -> list[list[str]]:
    """What stands between the bars, and in each of those between the semicolons."""
    fields, letters = [[""]], iter(line)
    for letter in letters:
        if letter == "\\":
            escaped = next(letters, "\\")
            fields[-1][-1] += "\n" if escaped == "n" else escaped
        elif letter == "|":
            fields.append([""])
        elif letter == ";":
            fields[-1].append("")
        else:
            fields[-1][-1] += letter
    return fields
