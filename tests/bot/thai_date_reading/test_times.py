from __future__ import annotations

from datetime import time

import pytest

from bot.thai_date_reading.times import CannotRead, Fault, read_times

TIMES = {
    "9.00": time(9), "09:05 น.": time(9, 5), "9 น.": time(9), "๑๓.๓๐น.": time(13, 30), "0:00": time(0),
    "เวลา 9 นาฬิกา": time(9), "บ่ายโมง": time(13), "บ่าย 3": time(15), "บ่ายสองโมงครึ่ง": time(14, 30),
    "เที่ยง": time(12), "เที่ยงครึ่ง": time(12, 30), "เที่ยงคืน": time(0), "หกทุ่ม": time(0), "24:00": time(0),
    "ตีหนึ่ง": time(1), "ตีห้าครึ่ง": time(5, 30), "ทุ่มนึง": time(19), "สามทุ่ม": time(21), "5 ทุ่ม 15 นาที": time(23, 15),
    "สี่โมงเย็น": time(16), "หกโมงเย็น": time(18), "6 โมงเช้า": time(6), "สิบเอ็ดโมง": time(11), "สามโมง": time(15),
    "13 โมง": time(13), "9 โมงตรง": time(9), "เก้าโมงสี่สิบห้า": time(9, 45), "9 am": time(9), "12 am": time(0),
    "12:15 pm": time(12, 15), "noon": time(12), "9.00 น. เป็นต้นไป": time(9),
}  # fmt: skip
REFUSED_TIMES = {
    "": Fault.EMPTY,
    "25.00": Fault.NO_SUCH_TIME,
    "9.75": Fault.NO_SUCH_TIME,
    "24.01": Fault.NO_SUCH_TIME,
    "เก้าทุ่ม": Fault.NO_SUCH_TIME,
    "13 am": Fault.NO_SUCH_TIME,
    "6 โมง": Fault.AMBIGUOUS_TIME,
    "สามโมงเช้า": Fault.AMBIGUOUS_TIME,
    "9": Fault.UNREADABLE,
    "เช้า": Fault.UNREADABLE,
    "9.00 มั้ง": Fault.UNREADABLE,
    "9.00-10.00-11.00": Fault.UNREADABLE,
    "13.00-12.00": Fault.ENDS_BEFORE_START,
    "9.00-9.00": Fault.ENDS_BEFORE_START,
}


@pytest.mark.parametrize("text", TIMES)
def test_a_time_of_day_is_read_as_it_is_spoken(text: str) -> None:
    assert read_times(text) == (TIMES[text], None)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("10:30-12:00", (time(10, 30), time(12))),
        ("9-11 โมงเช้า", (time(9), time(11))),
        ("9-11.30", (time(9), time(11, 30))),
        ("0900–1200 น.", (time(9), time(12))),
        ("บ่าย 2 ถึง บ่าย 4", (time(14), time(16))),
        ("from 9 am to noon", (time(9), time(12))),
    ],
)
def test_two_times_are_read(text: str, times: tuple[time, time]) -> None:
    assert read_times(text) == times


@pytest.mark.parametrize("text", REFUSED_TIMES)
def test_a_time_that_is_none_is_refused_with_the_reason(text: str) -> None:
    read = read_times(text)
    assert isinstance(read, CannotRead)
    assert read.fault is REFUSED_TIMES[text]
