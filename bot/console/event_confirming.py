"""What a change of an event means, said before it is saved: days and times in words, and whom it touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import clock, thai_dates
from bot.console import event_words
from bot.console.premises import Premises
from bot.events import event_consequences, event_lists, planning
from bot.events.event_draft import Plan, differences
from bot.events.event_lists import Reach
from bot.events.planning import Amended
from bot.storage import events
from bot.storage.events import EventRow

DATES = ("starts_at", "ends_at", "opens_at", "closes_at", "sessions")


@dataclass(frozen=True, slots=True)
class ToConfirm:
    token: str
    """Of everything that is shown to be confirmed: a yes counts for this alone. Empty where there is nothing."""
    when: str
    lines: tuple[tuple[str, str], ...]
    """Further times, each with what it is."""
    past: bool
    reach: Reach | None
    """Whom the change is told to, where anybody is registered."""
    over: int
    new_form: bool


def look(premises: Premises, event: EventRow | None, before: Plan, after: Plan) -> ToConfirm:
    changed = set(differences(before, after))
    published = event is not None and event.state == events.PUBLISHED
    reach, over, registered = None, 0, False
    if event is not None and published:
        with premises.database.reading() as db:
            found = event_lists.count_reach(db, event.id)
            registered = bool(found.by_line or found.by_telephone)
            if registered and event_consequences.is_told(changed) and event.ends_at > premises.now():
                reach = found
            if "capacity" in changed and after.capacity is not None:
                over = event_consequences.seats_over(db, event, capacity=after.capacity)
    dated = bool(changed & set(DATES)) and any(_dates(after))
    new_form = registered and planning.asks_otherwise(before, after)
    token = f"{'/'.join(_dates(after)) if dated else ''}|{'told' if reach else ''}|{over or ''}|{new_form or ''}"
    start, end = after.starts_at, after.ends_at
    return ToConfirm(
        token=token if token.strip("|") else "",
        when=event_words.when(start, end) if dated and start and end else "",
        lines=tuple(_lines(after)) if dated else (),
        past=dated and start is not None and start <= premises.now() and "starts_at" in changed,
        reach=reach,
        over=over,
        new_form=new_form,
    )


def after(done: Amended) -> str:
    """What has become of it, for whoever has saved."""
    said = ["บันทึกแล้วค่ะ"]
    follows = done.consequences
    if follows.told:
        by_telephone = f" ต้องโทรบอกเอง {follows.by_telephone:,} ราย" if follows.by_telephone else ""
        said.append(f"กำลังแจ้งผู้ลงทะเบียนทาง LINE {follows.told - follows.by_telephone:,} ราย{by_telephone}ค่ะ")
    if follows.given:
        said.append(f"คนที่รออยู่ได้ที่นั่งหรือกำลังถูกถาม {follows.given:,} รายค่ะ")
    if follows.over:
        said.append(f"ตอนนี้มีคนมากกว่าที่นั่ง {follows.over:,} คนค่ะ ไม่มีใครถูกตัดชื่อ")
    return " ".join(said)


def _dates(plan: Plan) -> list[str]:
    moments = [plan.starts_at, plan.ends_at, plan.opens_at, plan.closes_at]
    for part in plan.sessions:
        moments += [part.starts_at, part.ends_at]
    written = [moment.isoformat() if moment else "" for moment in moments]
    return written if any(written) else []


def _lines(plan: Plan) -> list[tuple[str, str]]:
    lines = []
    start, end = plan.starts_at, plan.ends_at
    if start is not None and end is not None and clock.bangkok_date(start) != clock.bangkok_date(end):
        lines += [("เริ่ม", _moment(start)), ("เลิก", _moment(end))]
    lines += [
        (named, _moment(moment))
        for named, moment in (("เปิดรับลงทะเบียน", plan.opens_at), ("ปิดรับลงทะเบียน", plan.closes_at))
        if moment is not None
    ]
    for number, part in enumerate(plan.sessions, start=1):
        if part.starts_at is not None and part.ends_at is not None:
            lines.append((part.title or f"ช่วงที่ {number}", event_words.when(part.starts_at, part.ends_at)))
    return lines


def _moment(moment: datetime) -> str:
    day, time = thai_dates.weekday_date(clock.bangkok_date(moment)), thai_dates.time_of_day(moment)
    return event_words.unbroken(f"{day} เวลา {time}")
