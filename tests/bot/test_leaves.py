"""The clock, Thai dates, the vault, and logs."""

from __future__ import annotations

import io
import json
import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock, logs, thai_dates
from bot.vault import Unreadable, Vault


def test_bangkok_is_seven_hours_ahead_all_year() -> None:
    for month in range(1, 13):
        moment = datetime(2026, month, 15, 18, 30, tzinfo=UTC)
        assert clock.in_bangkok(moment).utcoffset() == timedelta(hours=7)
        assert clock.bangkok_date(moment) == date(2026, month, 16)


def test_dates_are_written_in_the_buddhist_era() -> None:
    assert thai_dates.long_date(date(2024, 2, 29)) == "29 กุมภาพันธ์ 2567"
    moment = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert thai_dates.date_and_time(moment) == "1 มกราคม 2570 เวลา 00:05 น."


@given(st.binary(max_size=2000))
def test_what_is_sealed_comes_out_as_it_went_in(clear: bytes) -> None:
    vault = Vault(["a" * 40])
    sealed = vault.seal(clear)
    assert vault.open(sealed) == clear
    assert len(clear) < 8 or clear not in sealed


def test_an_old_key_still_opens_and_a_new_one_seals() -> None:
    old, both = Vault(["old" * 15]), Vault(["new" * 15, "old" * 15])
    assert both.open(old.seal(b"kept")) == b"kept"
    with pytest.raises(Unreadable):
        old.open(both.seal(b"fresh"))


def test_keyed_hashes_differ_by_purpose_and_by_key() -> None:
    one, other = Vault(["a" * 40]), Vault(["b" * 40])
    hashes = {one.keyed_hash("lane", "U1"), one.keyed_hash("asker", "U1"), other.keyed_hash("lane", "U1")}
    assert len(hashes) == 3
    assert one.keyed_hash("lane", "U1") == one.keyed_hash("lane", "U1")


REQUEST_ID = "4eca4cf0-0812-3456-7890-8cf9abcdef01"
"""As LINE makes them; some hold what looks like a telephone number."""


def test_a_log_line_is_one_json_object_without_personal_data(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers, root.level)
    try:
        logs.configure(level="INFO")
        monkeypatch.setattr(root.handlers[0], "stream", stream)
        said = {"name": "a\r\nb\u2028\x1b[31m", "phone": "081-234-5678", "who": "U" + "a" * 32}
        logs.get("test").warning("said", request_id=REQUEST_ID, note=REQUEST_ID, **said)
    finally:
        root.handlers, root.level = before
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert line["event"] == "said"
    assert line["phone"] == "<phone>"
    assert line["who"] == "<line-id>"
    assert line["request_id"] == REQUEST_ID
    assert line["note"] != REQUEST_ID, "elsewhere its digits are taken for a telephone number"
    assert "\x1b" not in lines[0]
