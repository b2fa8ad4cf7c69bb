"""What an event asks, and what of it is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.events import asking, refusals
from bot.events.asking import CLASS, NEIGHBOUR, SELF, Kind
from bot.events.forms import Form, School
from bot.storage import events
from bot.storage.events import EventQuestionRow, EventRow
from tests.builders import NOON


def an_event(**changes: Any) -> EventRow:
    values: dict[str, Any] = {
        "id": 1, "state": events.PUBLISHED, "starts_at": NOON + timedelta(days=7), "party_most": 5,
        "phone_rule": "no", "minors": "any", "asks_district": False, "asks_companions": False, "for_classes": False,
        "called_off_why": "",
    }  # fmt: skip
    return EventRow(**{**values, **changes})


def names(event: EventRow, *questions: EventQuestionRow, kind: str = SELF, **given: Any) -> list[str]:
    return [str(field.name) for field in asking.fields_of(event, questions, kind=kind, given=given)]


def a_question(number: int, kind: str = "text", **more: Any) -> EventQuestionRow:
    values: dict[str, Any] = {"label": "อยากฟังเรื่องอะไร", "choices": [], "required": False}
    return EventQuestionRow(id=number, kind=kind, **{**values, **more})


def test_the_least_is_a_name() -> None:
    assert names(an_event(party_most=1)) == ["name"]


def test_all_that_can_be_asked_comes_in_one_order() -> None:
    event = an_event(phone_rule="required", asks_district=True, asks_companions=True, minors="guardian")
    questions = (a_question(7), a_question(9, "number"))
    assert names(event, *questions, party=3, minor=True) == [
        "name", "phone", "district", "party", "companions", "minor", "guardian", "q7", "q9",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "asked"),
    [({}, False), ({"party": 1}, False), ({"party": 2}, True), ({"party": "?"}, False)],
)
def test_who_comes_alone_is_asked_for_nobody_s_name(given: dict[str, Any], asked: bool) -> None:
    assert ("companions" in names(an_event(asks_companions=True), **given)) is asked


def test_a_class_has_a_school_and_names_its_pupils_only_where_names_are_asked() -> None:
    event = an_event(for_classes=True, phone_rule="optional", minors="guardian")
    assert names(event, kind=CLASS, party=40) == ["school", "level", "name", "phone", "party", "guardian"]
    named = asking.fields_of(an_event(asks_companions=True), (), kind=CLASS, given={"party": 40})
    assert [(str(field.name), field.most) for field in named][-2:] == [("party", 60), ("companions", 40)]


def test_a_guardian_s_yes_is_asked_only_of_minors_and_adults_only_asks_of_everybody() -> None:
    event = an_event(minors="guardian", party_most=1)
    assert names(event, minor=False) == ["name", "minor"]
    assert names(event, minor=True) == ["name", "minor", "guardian"]
    assert names(an_event(minors="adults", party_most=1), kind=CLASS)[-1] == "minor"


def test_classes_register_only_where_the_event_is_for_them() -> None:
    assert asking.kinds_of(an_event()) == (SELF, NEIGHBOUR)
    assert asking.kinds_of(an_event(for_classes=True)) == (SELF, NEIGHBOUR, CLASS)


def first_missing(event: EventRow, *questions: EventQuestionRow, **given: Any) -> str | None:
    found = asking.first_missing(asking.fields_of(event, questions, kind=SELF, given=given), given)
    return str(found.name) if found else None


def test_what_is_missing_is_asked_in_order_and_then_nothing() -> None:
    event = an_event(phone_rule="optional", asks_companions=True)
    assert first_missing(event) == "name"
    assert first_missing(event, name="ก ข") == "phone"
    assert first_missing(event, name="ก ข", phone=None) == "party"
    assert first_missing(event, name="ก ข", phone=None, party=2) == "companions"
    assert first_missing(event, name="ก ข", phone=None, party=2, companions=["ค"]) is None


@pytest.mark.parametrize(
    ("changes", "given", "missing"),
    [
        ({"phone_rule": "required"}, {"phone": None}, "phone"),
        ({"party_most": 2}, {"party": 3}, "party"),
        ({"asks_companions": True}, {"party": 4, "companions": ["ค"]}, "companions"),
        ({"minors": "adults"}, {"party": 1, "minor": True}, "minor"),
        ({"minors": "guardian"}, {"party": 1, "minor": True, "guardian": False}, "guardian"),
    ],
)
def test_what_is_not_right_any_more_is_missing(changes: dict[str, Any], given: dict[str, Any], missing: str) -> None:
    assert first_missing(an_event(**changes), name="ก ข", **given) == missing


def test_a_choice_that_is_gone_is_missing_and_a_new_question_is_asked_though_it_may_be_skipped() -> None:
    event, question = an_event(party_most=1), a_question(3, "choice", choices=["ผัด", "ต้ม"], required=True)
    assert first_missing(event, question, name="ก ข", q3="ทอด") == "q3"
    assert first_missing(event, question, name="ก ข", q3="ต้ม") is None
    assert first_missing(event, question, a_question(4), name="ก ข", q3="ต้ม") == "q4"
    assert first_missing(event, question, a_question(4), name="ก ข", q3="ต้ม", q4=None) is None


def test_what_is_not_asked_any_more_is_not_kept() -> None:
    fields = asking.fields_of(an_event(), (), kind=SELF)
    assert asking.only_asked(fields, {"name": "ก", "phone": "+66812345678", "q3": "x"}) == {"name": "ก"}


def test_the_field_before() -> None:
    fields = asking.fields_of(an_event(phone_rule="required"), (), kind=SELF)
    found = [asking.before(fields, name) for name in ("name", "phone", "party", "")]
    assert [field and str(field.name) for field in found] == [None, "name", "phone", "party"]


def test_a_form_of_a_family() -> None:
    given = {
        "name": "ก ข", "phone": "+66812345678", "district": None, "party": 2, "companions": ["ค ง"], "minor": True,
        "guardian": True, "q7": "มังสวิรัติ", "q8": False, "q9": 3, "q10": None,
    }  # fmt: skip
    event = an_event(phone_rule="optional", asks_district=True, asks_companions=True, minors="guardian")
    questions = (a_question(7), a_question(8, "yes_no"), a_question(9, "number"), a_question(10))
    fields = asking.fields_of(event, questions, kind=SELF, given=given)
    assert asking.form_of(fields, given, kind=SELF) == Form(
        "ก ข", "+66812345678", None, ("ค ง",), {7: "มังสวิรัติ", 8: asking.NO, 9: "3"}, None, True, True
    )


def test_a_form_of_a_class() -> None:
    given = {"school": "บ้านป่าแดด", "level": "ป.6", "name": "ครูแก้ว", "party": 40, "guardian": True}
    fields = asking.fields_of(an_event(minors="guardian"), (), kind=CLASS, given=given)
    form = asking.form_of(fields, given, kind=CLASS)
    assert form == Form("ครูแก้ว", school=School("บ้านป่าแดด", "ป.6"), minor=True, guardian=True)
    assert asking.party_of(given) == 40


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"state": events.DRAFT}, refusals.NoSuchEvent),
        ({"state": events.CALLED_OFF}, refusals.CalledOff),
        ({"starts_at": NOON}, refusals.EventOver),
        ({"opens_at": NOON + timedelta(seconds=1)}, refusals.NotOpenYet),
        ({"closes_at": NOON}, refusals.RegistrationClosed),
    ],
)
def test_why_registration_is_not_open(changes: dict[str, Any], refusal: type[refusals.Refused]) -> None:
    with pytest.raises(refusal):
        asking.check_open(an_event(**changes), now=NOON)


def test_registration_is_open_between_its_hours() -> None:
    event = an_event(opens_at=NOON, closes_at=NOON + timedelta(seconds=1))
    assert asking.check_open(event, now=NOON) is event
    with pytest.raises(refusals.NoSuchEvent):
        asking.check_open(None, now=NOON)


def test_every_kind_of_question_that_events_have_can_be_asked() -> None:
    for kind in (Kind.TEXT, Kind.CHOICE, Kind.YES_NO, Kind.NUMBER):
        assert names(an_event(party_most=1), a_question(1, str(kind))) == ["name", "q1"]
