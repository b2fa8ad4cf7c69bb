"""How a moment stands in the narrow column of a card."""

from __future__ import annotations

import pytest

from handlers.ticket_card import in_lines

MOMENTS = (
    ("วันอาทิตย์ที่ 6 ธันวาคม 2569 เวลา 09:00–12:00 น.", "วันอาทิตย์ที่ 6~ธันวาคม~2569\nเวลา 09:00–12:00~น."),
    ("วันเสาร์ที่ 5 ธันวาคม 2569 ทั้งวัน", "วันเสาร์ที่ 5~ธันวาคม~2569\nทั้งวัน"),
    ("28–30 พฤศจิกายน 2569 เริ่ม 09:00 น.", "28–30~พฤศจิกายน~2569\nเริ่ม 09:00~น."),
    ("28 ธันวาคม 2569 – 2 มกราคม 2570", "28~ธันวาคม~2569 – 2~มกราคม~2570"),
    ("Sunday 6 December 2026, 09:00–12:00", "Sunday 6~December~2026\n09:00–12:00"),
    ("28–30 November 2026, begins at 09:00", "28–30~November~2026\nbegins at 09:00"),
)


@pytest.mark.parametrize(("said", "expected"), MOMENTS)
def test_hours_stand_below_a_day_that_is_never_broken(said: str, expected: str) -> None:
    assert in_lines(said) == expected.replace("~", "\u00a0")
