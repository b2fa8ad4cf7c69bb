from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from bot.console import notice_forms, notice_words
from bot.console.event_forms import NotANumber
from bot.console.notice_forms import Filled, blank, merge, of_json, of_plan, of_request, read, reshape
from bot.notices.audience import everyone
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.notices.rules import Rules
from bot.thai_date_reading import CannotRead
from bot.thai_date_reading import Fault as DateFault
from tests.builders import NOON

RULES = Rules()
CARD = Bubble("card", "มาคุยกันค่ะ", "น้ำ", "https://civic.example.org/a.png", "https://civic.example.org/a", "อ่านต่อ")
PLAN = Plan(Content((CARD, Bubble("text", "แล้วเจอกันนะคะ"))), everyone(), title="น้ำ")


def a_form(**typed: str) -> Filled:
    return of_request(MultiDict(typed))


def taken_in(filled: Filled, base: Plan = PLAN) -> notice_forms.Read:
    return read(filled, base=base, rules=RULES, now=NOON)


def test_what_a_form_was_drawn_from_is_read_back_unchanged() -> None:
    plan = replace(
        PLAN, event_id=7, send_at=NOON.replace(second=31) + timedelta(days=1), repeats="weekly", per_day=500,
        repeats_until=NOON + timedelta(days=40, seconds=59), rides_until=NOON + timedelta(days=3, seconds=1),
    )  # fmt: skip
    sent = MultiDict({name: text for name, text in of_plan(plan).flat().items() if text})
    found = taken_in(of_request(sent), plan)
    assert (found.plan, found.faults) == (plan, {})
    assert of_json(of_plan(plan).to_json()) == of_plan(plan)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("28 พ.ย. 69 9.00", datetime(2026, 11, 28, 2, 0, tzinfo=UTC)),
        ("พรุ่งนี้ บ่ายสอง", datetime(2026, 11, 25, 7, 0, tzinfo=UTC)),
        ("๒๘ พฤศจิกายน ๒๕๖๙ 18:30 น.", datetime(2026, 11, 28, 11, 30, tzinfo=UTC)),
        ("", None),
        ("ทันที", None),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, meant: datetime | None) -> None:
    assert taken_in(a_form(at=typed)).plan.send_at == meant


def test_a_deadline_may_be_a_day_alone_and_leaves_an_hour_of_daylight() -> None:
    plan = taken_in(a_form(rides_until="30 พ.ย. 69", repeats="weekly", repeats_until="31 ม.ค. 70")).plan
    assert plan.rides_until == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    assert plan.repeats_until == datetime(2027, 1, 31, 16, 59, tzinfo=UTC)


def test_what_cannot_be_read_is_told_and_changes_nothing() -> None:
    found = taken_in(a_form(at="28 พ.ย. 69", per_day="หลายคน", rides_until="เร็ว ๆ นี้"))
    faults = {
        name: fault.fault if isinstance(fault, CannotRead) else str(fault) for name, fault in found.faults.items()
    }
    assert faults == {"at": DateFault.NO_TIME, "per_day": "หลายคน", "rides_until": DateFault.UNREADABLE}
    assert (found.plan.send_at, found.plan.per_day) == (None, None)
    assert notice_words.cannot_read("per_day", NotANumber("0")) == ("“0” ไม่ใช่จำนวนคนค่ะ ใส่ตัวเลขตั้งแต่ 1 ขึ้นไป หรือเว้นว่าง")


@pytest.mark.parametrize("typed", ["0", "-5", "1.5", "99999999999", "๑๐๐ คน"])
def test_a_number_of_people_is_a_number(typed: str) -> None:
    assert list(taken_in(a_form(per_day=typed)).faults) == ["per_day"]


def test_of_a_text_what_only_a_card_has_is_left_out() -> None:
    filled = a_form(b0_kind="text", b0_text="ข้อความ", b0_title="หัวข้อ", b0_picture="https://x", b0_link="https://y")
    assert taken_in(filled).plan.content.bubbles == (Bubble("text", "ข้อความ", link="https://y"),)
    assert filled.bubbles[0]["title"] == "หัวข้อ"


def test_bubbles_are_added_removed_and_moved_up() -> None:
    filled = a_form(b0_text="หนึ่ง", b1_text="สอง", b2_kind="card")
    assert [row["text"] for row in filled.bubbles] == ["หนึ่ง", "สอง"]
    assert reshape(filled, "bubble_up:1")
    assert reshape(filled, "bubble_add")
    assert [row["text"] for row in filled.bubbles] == ["สอง", "หนึ่ง", ""]
    assert reshape(filled, "bubble_remove:0")
    assert reshape(filled, "bubble_remove:77")
    assert filled.bubbles == [{**blank(), "kind": "", "text": "หนึ่ง"}, blank()]
    assert not reshape(filled, "save")


def test_two_peoples_changes_are_brought_together() -> None:
    was, theirs = (
        of_plan(PLAN),
        of_plan(replace(PLAN, title="น้ำประปา", content=Content((replace(CARD, text="อีกแบบ"),)))),
    )
    mine = of_plan(PLAN)
    mine.bubbles[0]["text"], mine.bubbles[0]["label"] = "แบบของฉัน", "ดูเพิ่ม"
    merged = merge(was, mine, theirs)
    assert merged.theirs == {"b0_text": "อีกแบบ"}
    assert merged.taken == ("b1_kind", "b1_text", "title")
    assert (merged.filled.fields["title"], merged.filled.bubbles[0]["text"]) == ("น้ำประปา", "แบบของฉัน")
    assert (len(merged.filled.bubbles), merged.filled.bubbles[0]["label"]) == (1, "ดูเพิ่ม")


def test_without_the_form_as_it_was_every_difference_is_told() -> None:
    theirs = of_plan(replace(PLAN, title="น้ำประปา"))
    assert merge(None, of_plan(PLAN), theirs).theirs == {"title": "น้ำประปา"}
    assert of_json("[]") is None
    assert of_json("{") is None


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(list(of_plan(PLAN).flat())), st.text(max_size=60), max_size=8))
def test_whatever_is_typed_is_read_or_told(typed: dict[str, str]) -> None:
    filled = of_request(MultiDict(typed))
    found = taken_in(filled)
    assert set(found.faults) <= {*notice_forms.TIMES, "per_day"}
    assert all(notice_words.cannot_read(name, fault) for name, fault in found.faults.items())
    assert merge(filled, filled, filled).theirs == {}
