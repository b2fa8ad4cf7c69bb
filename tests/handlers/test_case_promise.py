"""Until when an answer is promised, in words that are said aloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from bot import clock
from bot.cases.kinds import CaseKind
from bot.cases.office_hours import due_at
from bot.cases.rules import CaseRules
from bot.conversation.postback import Buttons
from bot.settings.people import read_week
from bot.vault import Vault
from handlers import case_promise
from handlers.desk import Desk
from tests.office import shipped

RULES = CaseRules(week=read_week("mon-fri 08:30-12:00, mon-fri 13:00-16:30"), answer_hours=3)


@dataclass
class Asked:
    """What a desk looks at of a turn."""

    now: datetime
    language: str = "th"
    catalogue = shipped()


def promised(vault: Vault, at: str, *, language: str = "th", rules: CaseRules = RULES) -> list[str]:
    """To somebody who asks for a person at this moment, by the clock of Bangkok."""
    now = datetime.fromisoformat(at).replace(tzinfo=clock.BANGKOK)
    desk = Desk(buttons=Buttons(vault), vault=vault, facts={}, case_rules=rules)
    due = due_at(rules, CaseKind.WANTS_PERSON, now=now)
    return case_promise.lines(Asked(now, language), desk, due)


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-11-24T09:00", ["เจ้าหน้าที่จะตอบภายในวันนี้ ก่อน 12:00 น. ค่ะ"]),
        ("2026-11-24T15:30", ["เจ้าหน้าที่จะตอบภายในวันพรุ่งนี้ ก่อน 10:30 น. ค่ะ"]),
        ("2026-11-27T15:30", ["เจ้าหน้าที่จะตอบภายในวันจันทร์ ก่อน 10:30 น. ค่ะ"]),
        (
            "2026-11-24T12:30",
            ["ตอนนี้อยู่นอกเวลาทำงานค่ะ เจ้าหน้าที่จะกลับมาวันนี้ 13:00 น. นะคะ", "เจ้าหน้าที่จะตอบภายในวันนี้ ก่อน 16:00 น. ค่ะ"],
        ),
        (
            "2026-11-28T20:00",
            ["ตอนนี้อยู่นอกเวลาทำงานค่ะ เจ้าหน้าที่จะกลับมาวันจันทร์ 08:30 น. นะคะ", "เจ้าหน้าที่จะตอบภายในวันจันทร์ ก่อน 11:30 น. ค่ะ"],
        ),
        (
            "2026-11-24T22:00",
            ["ตอนนี้อยู่นอกเวลาทำงานค่ะ เจ้าหน้าที่จะกลับมาวันพรุ่งนี้ 08:30 น. นะคะ", "เจ้าหน้าที่จะตอบภายในวันพรุ่งนี้ ก่อน 11:30 น. ค่ะ"],
        ),
    ],
)  # fmt: skip
def test_a_promise_says_when_staff_are_back_and_until_when_they_answer(vault: Vault, at: str, told: list[str]) -> None:
    assert promised(vault, at) == told


def test_in_a_long_holiday_the_date_is_said(vault: Vault) -> None:
    away = CaseRules(
        week=RULES.week, days_off={date(2026, 12, 28) + timedelta(days=n) for n in range(7)}, answer_hours=3
    )
    assert promised(vault, "2026-12-25T17:00", rules=away) == [
        "ตอนนี้อยู่นอกเวลาทำงานค่ะ เจ้าหน้าที่จะกลับมาวันที่ 4 มกราคม 2570 08:30 น. นะคะ",
        "เจ้าหน้าที่จะตอบภายในวันที่ 4 มกราคม 2570 ก่อน 11:30 น. ค่ะ",
    ]


def test_in_english_the_day_is_english(vault: Vault) -> None:
    assert promised(vault, "2026-11-28T20:00", language="en") == [
        "Nobody is in the office just now. Our staff are back on Monday at 08:30.",
        "Our staff will answer on Monday before 11:30.",
    ]


def test_what_is_over_or_was_never_promised_is_not_said(vault: Vault) -> None:
    now = datetime(2026, 11, 24, 5, tzinfo=clock.BANGKOK)
    desk = Desk(buttons=Buttons(vault), vault=vault, facts={}, case_rules=RULES)
    asked = Asked(now)
    assert [case_promise.lines(asked, desk, due) for due in (None, now, now - timedelta(days=1))] == [[], [], []]
