"""Until when somebody is promised an answer from staff, in words."""

from __future__ import annotations

from datetime import datetime

from bot import clock, thai_dates
from bot.cases import office_hours
from bot.cases.kinds import CaseKind
from bot.conversation.turn import Scene
from bot.storage import cases
from bot.storage.cases import CaseRow
from handlers.desk import Desk

BY_ITS_NAME = 7
"""Within so many days the day of the week alone says which day is meant."""


def lines(turn: Scene, desk: Desk, due_at: datetime | None) -> list[str]:
    """When staff are back, where nobody is there now, and until when they will answer. Empty: nothing was promised, or
    its time is over."""
    if due_at is None or due_at <= turn.now:
        return []
    promise = desk.say(turn, "case.promise", day=day(turn, desk, due_at), time=_hour(turn, due_at))
    if office_hours.is_open(desk.case_rules, turn.now):
        return [promise]
    back = office_hours.next_opening(desk.case_rules, turn.now)
    return [desk.say(turn, "case.office_closed", day=day(turn, desk, back), time=_hour(turn, back)), promise]


def of_case(turn: Scene, desk: Desk, case: CaseRow) -> list[str]:
    """What whoever waits for staff is to know: of danger no hours, but whom to call instead of waiting."""
    if case.state == cases.CLOSED or case.waits_for != cases.STAFF:
        return []
    if case.kind == CaseKind.URGENT:
        return [desk.say(turn, "case.passed_on_urgent")]
    return lines(turn, desk, case.due_at)


def day(turn: Scene, desk: Desk, moment: datetime) -> str:
    """`วันนี้`, `วันพรุ่งนี้`, `วันจันทร์`, `วันที่ 7 ธันวาคม 2569`."""
    then = clock.bangkok_date(moment)
    english = turn.language == "en"
    match (then - clock.bangkok_date(turn.now)).days:
        case 0:
            return desk.say(turn, "case.day_today")
        case 1:
            return desk.say(turn, "case.day_tomorrow")
        case days if 0 < days < BY_ITS_NAME:
            names = thai_dates.ENGLISH_WEEKDAYS if english else thai_dates.WEEKDAYS
            return desk.say(turn, "case.day_weekday", day=names[then.weekday()])
    return desk.say(turn, "case.day_date", date=thai_dates.long_date(then, english=english))


def _hour(turn: Scene, moment: datetime) -> str:
    return thai_dates.time_of_day(moment, english=turn.language == "en")
