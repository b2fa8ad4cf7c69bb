"""Answering a case from LINE: the words, seen once with what they cost, sent once."""

from __future__ import annotations

import pytest

from bot.cases import canned
from bot.cases.kinds import CaseKind
from bot.outreach import audience, line_linking
from tests.builders import MALEE, an_event
from tests.handlers.test_case_desk import ANSWER, CLOSE, QUIETLY, READ, TAKE
from tests.handlers.working_on_cases import OTHER, Work, either_work, said, work
from tests.office import answers, data_of, labels, words_of

__all__ = ["either_work", "work"]
SEND, CANCEL = said("button.desk_send"), said("button.cancel")
WORDS = "มาที่ศูนย์ได้เลยค่ะ เปิดถึงสี่โมงครึ่ง"


def begin(work: Work, case_id: int, *, by: str | None = None) -> list[dict[str, object]]:
    more = {"by": by} if by else {}
    return work.tap(work.show(case_id, **more), ANSWER, **more)


def test_an_answer_is_seen_with_its_cost_and_sent_on_a_yes(either_work: Work) -> None:
    work = either_work
    account = work.link()
    case_id = work.open()
    assert words_of(begin(work, case_id)) == said("desk.ask_words", number=str(case_id))

    shown = work.say(WORDS)
    assert words_of(shown).startswith(f"{WORDS}\n")
    assert said("desk.ask_send", number=str(case_id)) in words_of(shown)
    assert said("desk.cost_one") in words_of(shown)
    assert work.from_staff(case_id) == []

    heard = work.tap(shown, SEND)
    assert said("desk.sent") in words_of(heard)
    assert (work.from_staff(case_id), work.case(case_id).taken_by) == ([WORDS], account.id)
    assert [WORDS in words_of(messages) for messages in work.pushed()] == [True]
    assert work.audited() == [("case.answered", account.name)]


def test_a_double_tap_sends_once_and_says_so(either_work: Work) -> None:
    work = either_work
    work.link()
    case_id = work.open()
    begin(work, case_id)
    data = data_of(work.say(WORDS), SEND)
    work.office.hear(*(an_event("postback", postback={"data": data}) for _ in range(2)))
    assert work.from_staff(case_id) == [WORDS]
    assert len(work.audited()) == 1
    replies = [words_of(messages) for way, _, messages in work.office.line.sent if way == "reply"]
    assert said("desk.sent_before") in replies[-1]


def test_a_yes_may_be_typed(work: Work) -> None:
    work.link()
    case_id = work.open()
    begin(work, case_id)
    work.say(WORDS)
    assert said("desk.sent") in words_of(work.say("ส่งเลยค่ะ"))
    assert work.from_staff(case_id) == [WORDS]


def test_words_written_anew_take_the_place_of_those_before(work: Work) -> None:
    work.link()
    case_id = work.open()
    begin(work, case_id)
    before = work.say("พรุ่งนี้ปิดค่ะ")
    after = work.say(WORDS)
    assert said("desk.other_words") in words_of(work.tap(before, SEND))
    assert work.from_staff(case_id) == []
    work.tap(after, SEND)
    assert work.from_staff(case_id) == [WORDS]


def test_what_is_given_up_is_not_sent_by_its_old_button(work: Work) -> None:
    work.link()
    case_id = work.open()
    begin(work, case_id)
    shown = work.say(WORDS)
    work.tap(shown, CANCEL)
    assert words_of(work.tap(shown, SEND)) == said("desk.over")
    assert (work.from_staff(case_id), work.pushed()) == ([], [])


def test_a_question_is_meant_for_the_citizen(work: Work) -> None:
    work.link()
    work.office.matcher.told = {"ศูนย์เปิดกี่โมงคะ": answers("center.hours")}
    begin(work, work.open())
    assert words_of(work.say("ศูนย์เปิดกี่โมงคะ")).startswith("ศูนย์เปิดกี่โมงคะ\n")
    assert work.office.questions() == []


def test_words_about_a_danger_are_meant_for_the_citizen(work: Work) -> None:
    work.link()
    urgent = "ถ้าคิดอยากตาย โทร 1323 ได้ทันทีนะคะ"
    work.office.matcher.told = {urgent: answers("general.crisis", urgent=True)}
    case_id = work.open(CaseKind.URGENT)
    begin(work, case_id)
    work.tap(work.say(urgent), SEND)
    assert work.from_staff(case_id) == [urgent]


@pytest.mark.parametrize("word", ["เมนู", "ยกเลิก", "เรื่อง"])
def test_a_command_is_a_command_all_the_same(work: Work, word: str) -> None:
    work.link()
    case_id = work.open()
    begin(work, case_id)
    work.say(word)
    work.say("คำถามทั่วไป")
    assert work.from_staff(case_id) == []
    assert [question.text for question in work.office.questions()] == ["คำถามทั่วไป"]


def test_what_the_citizen_wrote_meanwhile_is_read_before_the_answer_goes(work: Work) -> None:
    work.link()
    case_id = work.open()
    begin(work, case_id)
    shown = work.say(WORDS)
    work.writes(case_id, "ไม่เป็นไรแล้วค่ะ")
    heard = work.tap(shown, SEND)
    assert "ไม่เป็นไรแล้วค่ะ" in words_of(heard)
    assert said("desk.refused_changed") in words_of(heard)
    assert work.from_staff(case_id) == []
    work.tap(heard, SEND)
    assert work.from_staff(case_id) == [WORDS]


def test_while_the_token_is_fresh_it_is_said_to_be_free(work: Work) -> None:
    work.link()
    case_id = work.open()
    begin(work, case_id)
    work.writes(case_id, "อยู่ไหมคะ")
    assert said("desk.cost_free") in words_of(work.say(WORDS))


def test_who_comes_second_is_told_who_has_it(work: Work) -> None:
    work.link()
    other = work.link(OTHER, login="other")
    case_id = work.open()
    begin(work, case_id)
    shown = work.say(WORDS)
    work.tap(work.show(case_id, by=OTHER), TAKE, by=OTHER)
    assert said("desk.refused_taken", name=other.name) in words_of(work.tap(shown, SEND))
    assert said("desk.refused_taken", name=other.name) in words_of(work.press(d="answer", c=case_id))
    assert (work.from_staff(case_id), work.audited()) == ([], [("case.taken", other.name)])


def test_a_case_that_was_closed_meanwhile_is_not_answered(work: Work) -> None:
    work.link()
    other = work.link(OTHER, login="other")
    case_id = work.open()
    begin(work, case_id)
    shown = work.say(WORDS)
    work.tap(work.tap(work.show(case_id, by=OTHER), CLOSE, by=OTHER), QUIETLY, by=OTHER)
    assert said("desk.refused_closed", name=other.name) in words_of(work.tap(shown, SEND))
    assert work.from_staff(case_id) == []


def test_whoever_is_unlinked_while_writing_writes_like_anybody(work: Work) -> None:
    account = work.link()
    case_id = work.open()
    begin(work, case_id)
    with work.office.database.transaction() as db:
        line_linking.unlink(db, staff_id=account.id)
    work.say(WORDS)
    assert [question.text for question in work.office.questions()] == [WORDS]
    assert work.from_staff(case_id) == []


def test_a_ready_answer_is_filled_in_and_seen_first(work: Work) -> None:
    account = work.link()
    case_id = work.open()
    with work.office.database.transaction() as db:
        text = "{ชื่อ}คะ เรื่องที่ {เลขเรื่อง} เรียบร้อยแล้วค่ะ จาก {เจ้าหน้าที่}"
        canned.save(db, answer_id=None, title="เสร็จแล้ว", text=text, by=account.id, now=work.office.now)
        person = audience.meet(db, line_user_id=MALEE, now=work.office.now)
        audience.set_called(db, work.office.vault, person_id=person.id, words="ป้ามาลี")
    shown = work.tap(begin(work, case_id), "เสร็จแล้ว")
    filled = f"ป้ามาลีคะ เรื่องที่ {case_id} เรียบร้อยแล้วค่ะ จาก {account.name}"
    assert words_of(shown).startswith(filled)
    work.tap(shown, SEND)
    assert work.from_staff(case_id) == [filled]


def test_a_ready_answer_that_is_gone_leaves_the_question(work: Work) -> None:
    account = work.link()
    case_id = work.open()
    with work.office.database.transaction() as db:
        row = canned.save(db, answer_id=None, title="เสร็จแล้ว", text="เสร็จค่ะ", by=account.id, now=work.office.now)
    asked = begin(work, case_id)
    with work.office.database.transaction() as db:
        canned.delete(db, row.id)
    assert said("desk.canned_gone", number=str(case_id)) in words_of(work.tap(asked, "เสร็จแล้ว"))


def test_reading_beside_it_keeps_what_was_written(work: Work) -> None:
    work.link()
    case_id = work.open()
    card = work.show(case_id)
    work.tap(card, ANSWER)
    work.say(WORDS)
    heard = work.tap(card, READ)
    assert f"“{WORDS}”" in words_of(heard)
    work.tap(heard, SEND)
    assert work.from_staff(case_id) == [WORDS]


def test_in_english_it_stays_english(work: Work) -> None:
    work.link()
    work.say("english")
    case_id = work.open()
    asked = work.press(d="answer", c=case_id)
    assert words_of(asked) == said("desk.ask_words", "en", number=str(case_id))
    assert said("desk.ask_send", "en", number=str(case_id)) in words_of(work.say(WORDS))
    assert labels(work.say("That is fine for us"))[0] == said("button.desk_send", "en")
