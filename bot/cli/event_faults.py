"""What is wrong with a file of events, said in words: for whoever brings it in by a command."""

from __future__ import annotations

from collections.abc import Mapping

from bot import thai_dates
from bot.events.event_checks import (
    FEWEST_CHOICES,
    LONGEST,
    LONGEST_CHOICE,
    LONGEST_LABEL,
    LONGEST_PART,
    MOST_CHOICES,
    MOST_QUESTIONS,
    MOST_REMINDERS,
    MOST_SESSIONS,
    RANGES,
    Fault,
)
from bot.events.exchange_faults import ImportFault, Reason
from bot.events.exchange_ics import HEADINGS
from bot.events.exchange_table import field_of
from bot.thai_date_reading import CannotRead
from bot.thai_date_reading import Fault as DateFault

_EXAMPLE = "write it like 28 พ.ย. 2569 09:00"
_TIS_620 = (
    "the file is in the old Thai encoding (TIS-620, Windows-874). Save it again: in Excel as 'CSV UTF-8' or as an"
    " Excel workbook (.xlsx)"
)
_REASONS: Mapping[Reason, str] = {
    Reason.TOO_LARGE: "the file is larger than {detail} bytes, packed or unpacked",
    Reason.UNREADABLE: "the file is broken, or of another kind than its name says ({detail})",
    Reason.MISSING_COLUMN: "there is no such column. The first row must hold the names of the columns",
    Reason.UNKNOWN_COLUMN: "nobody knows a column of this name. Correct it, or remove the column",
    Reason.COLUMN_TWICE: "this column is there twice. Keep one",
    Reason.MISSING_SHEET: "the workbook has several sheets. Name the one with the events {detail!r}",
    Reason.TOO_MANY_ROWS: "there are more rows than {detail}. Split the file",
    Reason.TOO_MANY_COLUMNS: "something stands beyond the last of the {detail} columns",
    Reason.TOO_LONG: "the text is longer than {detail} letters",
    Reason.FORMULA: "this is a formula. Paste it as a value",
    Reason.NOT_TEXT: "this is neither a text nor a number nor a day",
    Reason.UNREADABLE_LETTER: "the text holds a letter that cannot be shown",
    Reason.MACROS: "the workbook holds macros. Save it as .xlsx, without them",
    Reason.EXTERNAL_LINKS: "the workbook is linked to other files. Paste the values, and save it again",
    Reason.EMPTY: "there is no event in the file",
    Reason.TWICE: "this is the same event as in row {detail}. Keep one, or give them different ids",
    Reason.NOT_A_NUMBER: "{detail!r} is not a number that fits here",
    Reason.NOT_A_CHOICE: "it may be one of: {detail}",
    Reason.MALFORMED: "it is not written as it should be",
    Reason.TWO_ENDS: "one end stands beside the start, another in the column for the end. Keep one",
    Reason.REPEATS: "an event that repeats is not read. Write each day as an event of its own, or as a session",
    Reason.UNKNOWN_ZONE: "nobody knows the time zone {detail!r}. Use Asia/Bangkok",
    Reason.CALLED_OFF: "this event has been called off here, and cannot be changed any more",
    Reason.CALLS_OFF: "the file says that this event is called off. People must be told: do it in the console",
}
_RULES: Mapping[Fault, str] = {
    Fault.MISSING: "it is empty",
    Fault.UNKNOWN: "nobody knows this one here",
    Fault.NOT_HTTPS: "the link must begin with https://",
    Fault.HALF: "start and end, or latitude and longitude, belong together: one of the two is missing",
    Fault.PAST: "the time is past, and the event is published",
    Fault.OVER: "the event is over, and its times stand",
    Fault.ENDS_BEFORE_START: "the end is not after the start",
    Fault.OUTSIDE: "it is not within the time of the event",
    Fault.TOO_FEW: f"there must be at least {FEWEST_CHOICES} choices",
    Fault.TWICE: "the same stands there twice",
    Fault.CONTRADICTS: "classes of pupils cannot come to an event for adults",
    Fault.PROMISED: "it cannot be kept longer than those who have registered were told",
    Fault.CHECKED_IN: "a session at which people were checked in cannot be removed",
}
_MOST = {"sessions": MOST_SESSIONS, "questions": MOST_QUESTIONS, "reminder_minutes": MOST_REMINDERS}
_LONGEST = {**LONGEST, "sessions": LONGEST_PART, "questions": LONGEST_LABEL}


def in_words(fault: ImportFault) -> str:
    """`row 3, เวลาเลิก: …`"""
    place = [] if fault.row is None else [f"row {fault.row}"]
    place += [fault.column] if fault.column else []
    place += [f"number {fault.part}"] if fault.part else []
    return f"{', '.join(place) or 'the file'}: {_said(fault)}"


def _said(fault: ImportFault) -> str:
    if isinstance(fault.reason, CannotRead):
        return _date(fault.reason)
    if isinstance(fault.reason, Fault):
        return _rule(fault, fault.reason)
    if fault.reason is Reason.WRONG_ENCODING:
        return _TIS_620 if fault.detail == "TIS-620" else "the file is not UTF-8 text. Save it as 'CSV UTF-8'"
    return _REASONS[fault.reason].format(detail=fault.detail).replace(" ()", "")


def _rule(fault: ImportFault, rule: Fault) -> str:
    column = fault.column or ""
    name = field_of(column) or next((name for name, heading in HEADINGS.items() if heading == column), "")
    if rule is Fault.OUT_OF_RANGE and name in RANGES:
        least, most = RANGES[name]
        return f"the number must be from {least:,} to {most:,}"
    if rule is Fault.TOO_LONG and name in _LONGEST:
        choices = f" (a choice: {LONGEST_CHOICE})" if name == "questions" else ""
        return f"the text is longer than {_LONGEST[name]:,} letters{choices}"
    if rule is Fault.TOO_MANY:
        choices = f", or {MOST_CHOICES} choices" if name == "questions" else ""
        return f"there may be {_MOST.get(name, MOST_CHOICES)} at most{choices}"
    others = {Fault.OUT_OF_RANGE: "the value cannot be right", Fault.TOO_LONG: "it lasts too long"}
    return others.get(rule) or _RULES[rule]


def _date(fault: CannotRead) -> str:
    """What was understood, and what was not."""
    day = f"{thai_dates.weekday_date(fault.day)} was understood, but " if fault.day else ""
    if fault.fault is DateFault.OTHER_WEEKDAY and fault.day is not None:
        return f"{thai_dates.long_date(fault.day)} is a วัน{thai_dates.WEEKDAYS[fault.day.weekday()]}"
    return {
        DateFault.NO_DATE: f"there is no day; {_EXAMPLE}",
        DateFault.NO_TIME: f"{day}there is no time; {_EXAMPLE}",
        DateFault.NO_SUCH_DATE: f"there is no such day as {fault.rest!r}",
        DateFault.NO_SUCH_YEAR: f"the year {fault.rest!r} cannot be right; write it in full, as 2569",
        DateFault.AMBIGUOUS_YEAR: f"of the year {fault.rest!r} nobody knows the era; write it in full, as 2569",
        DateFault.NO_SUCH_TIME: f"{day}there is no such time as {fault.rest!r}",
        DateFault.AMBIGUOUS_TIME: f"{day}{fault.rest!r} may be several times of day; write 06:00 or 18:00",
        DateFault.ENDS_BEFORE_START: "the end is not after the start",
    }.get(fault.fault, f"{day}{fault.rest!r} cannot be read; {_EXAMPLE}")
