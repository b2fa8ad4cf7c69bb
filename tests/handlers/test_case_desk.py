"""Cases in LINE: what waits, one case, taking it, giving it back, closing it; and that nobody else learns of any."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.cases import handling
from bot.cases.kinds import CaseKind
from bot.outreach import audience, line_linking, staff
from bot.outreach.permissions import Role
from bot.storage.cases import CaseRow
from bot.storage.people import PersonRow
from bot.storage.staff import StaffRow
from tests.bot.outreach.accounts import an_account
from tests.builders import MALEE, SOMCHAI, a_press, called
from tests.handlers.registered import Door
from tests.handlers.working_on_cases import OTHER, Work, either_work, said, work
from tests.office import data_of, labels, words_of

__all__ = ["either_work", "work"]
TAKE, ANSWER, READ, CLOSE, GIVE_BACK = (
    said(f"button.desk_{name}") for name in ("take", "answer", "read", "close", "give_back")
)
TELL, QUIETLY = said("button.desk_close_told"), said("button.desk_close_quietly")


def row(number: int, kind: str, due: str, *, key: str = "desk.row") -> str:
    return said(key, number=str(number), what=said(f"desk.kind_{kind}"), due=due)


def numbers_on(messages: list[dict[str, Any]]) -> list[int]:
    """Of the cases that a list leads to."""
    found = (label.split()[-1].removeprefix("เรื่องที่") for label in labels(messages))
    return [int(number) for number in found if number.isdigit()]


# The list


@pytest.mark.parametrize("word", ["เรื่อง", "เคส", "กล่องเรื่อง", "Cases"])
def test_the_words_that_show_what_waits(work: Work, word: str) -> None:
    work.link()
    work.open()
    assert said("desk.counts", open="1", mine="0", overdue="0") in words_of(work.say(word))


def test_the_urgent_come_first_and_what_is_late_is_marked(work: Work) -> None:
    work.link()
    late = work.open()
    work.office.wait(days=2)
    urgent, fresh = work.open(CaseKind.URGENT), work.open(CaseKind.COMPLAINT)
    shown = work.say("เรื่อง")
    assert [line for line in words_of(shown).splitlines() if "· " in line] == [
        row(urgent, "urgent", "วันนี้ 12:30 น.", key="desk.row_urgent"),
        row(late, "person", said("desk.due_over"), key="desk.row_overdue"),
        row(fresh, "complaint", "วันพรุ่งนี้ 12:00 น."),
    ]
    assert numbers_on(shown) == [urgent, late, fresh]


def test_what_a_colleague_has_is_not_in_the_list_before_it_is_late(work: Work) -> None:
    work.link()
    work.link(OTHER, login="other")
    mine, theirs = work.open(), work.open()
    work.tap(work.show(theirs, by=OTHER), TAKE, by=OTHER)
    assert numbers_on(work.say("เรื่อง")) == [mine]
    work.office.wait(days=5)
    assert numbers_on(work.say("เรื่อง")) == [mine, theirs]


def test_many_are_shown_a_few_at_a_time(work: Work) -> None:
    work.link()
    numbers = [work.open(detail=f"เรื่อง {count}") for count in range(10)]
    first = work.say("เรื่อง")
    assert labels(first)[8] == said("button.desk_more")
    second = work.tap(first, said("button.desk_more"))
    assert [*numbers_on(first), *numbers_on(second)] == numbers


def test_nothing_waits(work: Work) -> None:
    work.link()
    assert words_of(work.say("เรื่อง")) == said("desk.nothing")


def test_to_everybody_else_the_word_is_a_question_like_any_other(work: Work) -> None:
    Door(work.office).person()
    work.open()
    work.say("เรื่อง")
    assert work.office.questions()[-1].text == "เรื่อง"


def test_in_a_group_nothing_is_told_of_cases(work: Work) -> None:
    work.link()
    case_id = work.open(detail="เรื่องลับ")
    data = work.office.desk.buttons.encode("case_desk", now=work.office.now, d="show", c=str(case_id))
    heard = [*work.office.hear(called("เรื่อง")), *work.office.hear(a_press(data) | {"source": called("x")["source"]})]
    assert "เรื่องลับ" not in words_of(heard)
    assert said("desk.title") not in words_of(heard)


# About people's data


def test_volunteers_learn_nothing_of_requests_about_data(work: Work) -> None:
    work.link(role=Role.VOLUNTEER)
    work.link(OTHER, login="other")
    private = work.open(CaseKind.PRIVACY)
    assert words_of(work.say("เรื่อง")) == said("desk.nothing")
    assert words_of(work.show(private)) == said("desk.gone")
    assert words_of(work.press(d="take", c=private)) == said("desk.gone")
    assert said("desk.kind_privacy") in words_of(work.show(private, by=OTHER))


def test_what_was_said_is_masked_and_nothing_of_it_stands_in_the_audit_log(work: Work) -> None:
    work.link()
    case_id = work.open()
    work.writes(case_id, "โทรหาหน่อยค่ะ 081 234 5678")
    heard = words_of(work.tap(work.show(case_id), READ))
    assert "โทรหาหน่อยค่ะ <เบอร์โทร>" in heard
    assert "081" not in heard


# One case


def test_the_card_says_what_it_is_about_and_who_they_are_called(work: Work) -> None:
    work.link()
    case_id = work.open(detail="อยากถามเรื่องบัตร")
    with work.office.database.transaction() as db:
        person = audience.meet(db, line_user_id=MALEE, now=work.office.now)
        audience.set_called(db, work.office.vault, person_id=person.id, words="ป้ามาลี")
    heard = work.show(case_id)
    for words in ("“อยากถามเรื่องบัตร”", "ป้ามาลี", said("desk.state_open"), "วันพรุ่งนี้ 12:00 น."):
        assert words in words_of(heard)
    assert labels(heard)[:4] == [TAKE, ANSWER, READ, CLOSE]


def test_of_two_at_once_one_takes_it_and_the_other_is_told_who(either_work: Work) -> None:
    work = either_work
    first, second = work.link(), work.link(OTHER, login="other")
    case_id = work.open()
    mine, theirs = work.show(case_id), work.show(case_id, by=OTHER)
    heard = work.tap(theirs, TAKE, by=OTHER)
    assert said("desk.took") in words_of(heard)
    assert labels(heard)[:4] == [ANSWER, READ, CLOSE, GIVE_BACK]

    heard = work.tap(mine, TAKE)

    assert said("desk.refused_taken", name=second.name) in words_of(heard)
    assert (work.case(case_id).taken_by, labels(heard)[:2]) == (second.id, [READ, said("button.desk_list")])
    assert [actor for _, actor in work.audited()] == [second.name]
    assert first.id != second.id


def test_given_back_it_is_anybodys(work: Work) -> None:
    account = work.link()
    case_id = work.open()
    taken = work.tap(work.show(case_id), TAKE)
    heard = work.tap(taken, GIVE_BACK)
    assert said("desk.gave_back") in words_of(heard)
    work.tap(taken, GIVE_BACK)
    assert (work.case(case_id).state, work.case(case_id).taken_by) == ("open", None)
    assert work.audited() == [("case.taken", account.name), ("case.given_back", account.name)]


def test_a_second_press_on_take_changes_nothing(work: Work) -> None:
    work.link()
    card = work.show(work.open())
    for _ in range(2):
        assert said("desk.took") in words_of(work.tap(card, TAKE))
    assert len(work.audited()) == 1


@pytest.mark.parametrize(("label", "told"), [(TELL, True), (QUIETLY, False)])
def test_it_is_closed_with_or_without_a_word(work: Work, label: str, told: bool) -> None:
    account = work.link()
    case_id = work.open()
    asked = work.tap(work.show(case_id), CLOSE)
    assert said("desk.ask_close", number=str(case_id)) in words_of(asked)
    assert work.case(case_id).state == "open"
    for _ in range(2):
        heard = work.tap(asked, label)
        assert said("desk.closed_told" if told else "desk.closed_quietly") in words_of(heard)
    assert (work.case(case_id).state, work.case(case_id).closed_by) == ("closed", account.id)
    assert (work.audited(), len(work.pushed())) == ([("case.closed", account.name)], int(told))


@pytest.mark.parametrize(("first", "then"), [(QUIETLY, TELL), (TELL, QUIETLY)])
def test_closed_once_the_other_button_says_what_happened_then(work: Work, first: str, then: str) -> None:
    work.link()
    asked = work.tap(work.show(work.open()), CLOSE)
    work.tap(asked, first)
    happened = said("desk.closed_told" if first == TELL else "desk.closed_quietly")
    assert happened in words_of(work.tap(asked, then))
    assert ([action for action, _ in work.audited()], len(work.pushed())) == (["case.closed"], int(first == TELL))


def test_nobody_to_tell_can_only_be_closed_quietly_and_not_answered(work: Work) -> None:
    work.link()
    case_id = work.open(CaseKind.STORM, whose=None, detail="มีคำถามมาก")
    card = work.show(case_id)
    assert labels(card)[:3] == [TAKE, READ, CLOSE]
    assert TELL not in labels(work.tap(card, CLOSE))
    assert said("desk.refused_nobody_to_tell") in words_of(work.press(d="answer", c=case_id))


def test_what_was_written_meanwhile_is_seen_before_it_is_closed(work: Work) -> None:
    work.link()
    case_id = work.open()
    asked = work.tap(work.show(case_id), CLOSE)
    work.writes(case_id, "ขอถามต่อค่ะ")
    assert said("desk.refused_changed") in words_of(work.tap(asked, QUIETLY))
    assert work.case(case_id).state == "open"


def test_a_closed_case_can_only_be_read(work: Work) -> None:
    account = work.link()
    case_id = work.open()
    card = work.show(case_id)
    work.tap(work.tap(card, CLOSE), QUIETLY)
    assert labels(work.show(case_id))[:2] == [READ, said("button.desk_list")]
    refused = said("desk.refused_closed", name=said("desk.who_me"))
    for label in (TAKE, ANSWER, CLOSE):
        assert refused in words_of(work.tap(card, label))
    assert account.id == work.case(case_id).closed_by


# Who may


@pytest.mark.parametrize("way", ["unlinked", "disabled"])
def test_whoever_lost_the_right_has_buttons_that_mean_nothing(work: Work, way: str) -> None:
    account = work.link()
    case_id = work.open()
    card = work.show(case_id)
    with work.office.database.transaction() as db:
        if way == "disabled":
            db.execute(update(StaffRow).where(StaffRow.id == account.id).values(disabled_at=work.office.now))
        else:
            line_linking.unlink(db, staff_id=account.id)
    assert words_of(work.tap(card, TAKE)) == said("stale.button")
    assert work.case(case_id).state == "open"


def test_somebody_elses_press_means_nothing(work: Work) -> None:
    work.link()
    case_id = work.open()
    data = data_of(work.show(case_id), TAKE)
    Door(work.office).person(OTHER)
    assert words_of(work.hear(a_press(data, user_id=OTHER))) == said("stale.button")
    assert work.case(case_id).state == "open"


def test_a_case_of_an_account_that_is_disabled_can_be_taken(work: Work) -> None:
    account = work.link()
    other = work.link(OTHER, login="other")
    case_id = work.open()
    work.tap(work.show(case_id, by=OTHER), TAKE, by=OTHER)
    with work.office.database.transaction() as db:
        staff.disable(db, staff_id=other.id, by=None, now=work.office.now)
    assert said("desk.took") in words_of(work.tap(work.show(case_id), TAKE))
    assert work.case(case_id).taken_by == account.id


# Told by itself


def alert(work: Work) -> list[list[dict[str, Any]]]:
    """What is pushed."""
    work.office.work()
    return work.pushed()


def test_an_urgent_case_tells_linked_staff_what_it_is_about_and_what_to_do(work: Work) -> None:
    work.link()
    case_id = work.open(CaseKind.URGENT, detail="พ่อตีแม่อยู่")
    (heard,) = alert(work)
    for words in (said("desk.alert_title", number=str(case_id)), "“พ่อตีแม่อยู่”", *said("desk.alert_todo").split("\n")):
        assert words in words_of(heard)
    assert labels(heard)[:3] == [TAKE, ANSWER, READ]
    assert said("desk.took") in words_of(work.tap(heard, TAKE))


def test_an_urgent_case_that_is_taken_already_says_by_whom(work: Work) -> None:
    work.link()
    with work.office.database.transaction() as db:
        at_the_console = an_account(db, "console")
    case_id = work.open(CaseKind.URGENT)
    with work.office.database.transaction() as db:
        handling.take(db, case_id, by=at_the_console.id, now=work.office.now)
    (heard,) = alert(work)
    assert said("desk.alert_taken", name=at_the_console.name) in words_of(heard)
    assert labels(heard)[:2] == [READ, said("button.desk_list")]


def test_a_closed_case_and_whoever_is_no_more_of_the_staff_are_told_nothing(work: Work) -> None:
    account = work.link()
    closed = work.open(CaseKind.URGENT)
    with work.office.database.transaction() as db:
        db.execute(update(CaseRow).where(CaseRow.id == closed).values(state="closed"))
    assert alert(work) == []
    work.open(CaseKind.URGENT)
    with work.office.database.transaction() as db:
        line_linking.unlink(db, staff_id=account.id)
    assert alert(work) == []


def test_staff_who_blocked_the_account_are_told_nothing(work: Work) -> None:
    work.link()
    work.open(CaseKind.URGENT)
    with work.office.database.transaction() as db:
        gone = {"following": False, "following_changed_at": work.office.now + timedelta(seconds=1)}
        db.execute(update(PersonRow).where(PersonRow.line_user_id == SOMCHAI).values(**gone))
    assert alert(work) == []
