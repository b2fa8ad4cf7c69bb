"""Dates and times as people in Thailand write them, read: a period in a question, one moment in a form."""

from bot.thai_date_reading.reading import Period, Read, find_period, read_date, read_moment
from bot.thai_date_reading.times import CannotRead, Fault, read_times

__all__ = ["CannotRead", "Fault", "Period", "Read", "find_period", "read_date", "read_moment", "read_times"]
