"""What staff do with a case from its page, and what happens when two do so at the same moment."""

from __future__ import annotations

import threading

import pytest

from bot.cases.kinds import CaseKind
from bot.outreach import staff as accounts
from bot.outreach.permissions import Role
from bot.storage.case_messages import BOT, CITIZEN, NOTE, QUEUED, STAFF
from bot.storage.cases import CLOSED, OPEN, TAKEN
from tests.bot.console.case_site import Office, do, office
from tests.bot.console.visiting import Site, Visitor, text_of

__all__ = ["office"]


def answer(visitor: Visitor, office: Office, case: int, text: str, **more: str) -> int:
    return visitor.post(f"/console/cases/{case}/answer", office.form(case, text=text, do="send") | more).status_code


def test_a_case_is_taken_given_back_and_taken_again(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    assert do(staff, office, case, "take") == 302
    assert (office.row(case).state, office.row(case).taken_by) == (TAKEN, staff.account.id)
    assert "คุณดูแลเรื่องนี้" in text_of(staff.get(f"/console/cases/{case}"))
    assert do(staff, office, case, "give_back") == 302
    assert (office.row(case).state, office.row(case).taken_by) == (OPEN, None)
    assert [action for action, _ in office.logged()] == ["case.taken", "case.given_back"]


def test_an_answer_is_queued_once_and_takes_the_case(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    form = office.form(case, text="  สวัสดีค่ะ\r\nมาได้เลยนะคะ ", do="send", key="k1")
    for _ in range(2):
        assert staff.post(f"/console/cases/{case}/answer", form).status_code == 302
    assert office.words(case) == [(STAFF, "สวัสดีค่ะ\nมาได้เลยนะคะ")]
    assert office.said(case)[0].delivery == QUEUED
    assert office.row(case).taken_by == staff.account.id
    page = text_of(staff.get(f"/console/cases/{case}"))
    assert "กำลังส่ง" in page
    assert "บอตเงียบไว้ให้ถึง" in page


@pytest.mark.parametrize(("text", "why"), [("  ", "ยังไม่ได้พิมพ์ข้อความค่ะ"), ("ก" * 5001, "ข้อความยาวเกินไปค่ะ")])
def test_an_answer_that_cannot_be_sent_stays_in_the_form(office: Office, text: str, why: str) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    page = staff.post(f"/console/cases/{case}/answer", office.form(case, text=text, do="send"))
    assert page.status_code == 422
    assert why in text_of(page)
    assert office.words(case) == []
    assert text.strip() in page.get_data(as_text=True)


def test_whoever_is_a_moment_later_is_told_kindly_and_keeps_the_text(office: Office) -> None:
    case = office.opened()
    first, second = office.site.visitor(Role.STAFF, name="มาลี"), office.site.visitor(Role.VOLUNTEER, name="สมชาย")
    late = office.form(case, text="ช่วยได้ค่ะ", do="send")
    do(first, office, case, "take")
    page = second.post(f"/console/cases/{case}/answer", late)
    assert page.status_code == 409
    assert "มาลีรับเรื่องนี้เมื่อ 09:00 น. ค่ะ ไม่ต้องตอบซ้ำนะคะ" in text_of(page)
    assert ">ช่วยได้ค่ะ</textarea>" in page.get_data(as_text=True)
    assert "ฝากเป็นบันทึกภายใน" in text_of(page)
    assert "ย้ายมาให้ฉัน" not in text_of(page)
    assert answer(second, office, case, "ช่วยได้ค่ะ", do="note") == 302
    assert office.words(case) == [(NOTE, "ช่วยได้ค่ะ")]


def test_staff_may_move_what_a_colleague_has_and_answer_at_once(office: Office) -> None:
    case = office.opened()
    do(office.site.visitor(Role.VOLUNTEER, name="มาลี"), office, case, "take")
    staff = office.site.visitor(Role.STAFF, name="สมศรี")
    assert "ย้ายมาให้ฉัน แล้วส่ง" in text_of(staff.get(f"/console/cases/{case}"))
    assert answer(staff, office, case, "ดิฉันช่วยต่อค่ะ", do="move") == 302
    assert office.words(case) == [(STAFF, "ดิฉันช่วยต่อค่ะ")]
    assert office.row(case).taken_by == staff.account.id


def test_what_the_citizen_wrote_meanwhile_is_read_first(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    seen = office.form(case, text="ได้เลยค่ะ", do="send")
    office.hears(case, "ไม่เป็นไรแล้วค่ะ")
    page = staff.post(f"/console/cases/{case}/answer", seen)
    assert page.status_code == 409
    assert "ผู้เขียนเพิ่งเขียนมาเพิ่มค่ะ" in text_of(page)
    assert "ไม่เป็นไรแล้วค่ะ" in text_of(page)
    assert office.words(case) == [(CITIZEN, "ไม่เป็นไรแล้วค่ะ")]
    assert answer(staff, office, case, "ได้เลยค่ะ") == 302


def test_a_case_is_handed_over_to_those_only_who_may_have_it(office: Office) -> None:
    case = office.opened(CaseKind.PRIVACY)
    staff = office.site.visitor(Role.STAFF, name="มาลี")
    colleague = office.site.add_account(Role.ADMINISTRATOR, name="สมศรี")
    volunteer = office.site.add_account(Role.VOLUNTEER, name="สมชาย")
    gone = office.site.add_account(Role.STAFF, name="ลาออก")
    with office.site.database.transaction() as db:
        accounts.disable(db, staff_id=gone.id, by=None, now=office.site.now)
    page = staff.get(f"/console/cases/{case}").get_data(as_text=True)
    assert [f'<option value="{one.id}">' in page for one in (colleague, volunteer, gone)] == [True, False, False]
    for nobody in (volunteer.id, gone.id, 999):
        assert do(staff, office, case, "hand_over", to=str(nobody)) == 422
    assert do(staff, office, case, "hand_over") == 422
    assert do(staff, office, case, "hand_over", to=str(colleague.id)) == 302
    assert office.row(case).taken_by == colleague.id


@pytest.mark.parametrize(("tell", "said"), [("yes", [(BOT, None)]), ("no", [])])
def test_a_case_is_closed_with_or_without_telling(
    office: Office, tell: str, said: list[tuple[str, str | None]]
) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    assert do(staff, office, case, "close", tell=tell) == 302
    assert office.row(case).state == CLOSED
    assert office.words(case) == said
    page = text_of(staff.get(f"/console/cases/{case}"))
    assert ("และถามว่าช่วยได้ไหม" in page) is bool(said)
    assert answer(staff, office, case, "อีกเรื่องค่ะ") == 409
    assert do(staff, office, case, "reopen") == 302
    assert office.row(case).state == OPEN


@pytest.mark.parametrize(("first", "then"), [("no", "yes"), ("yes", "no")])
def test_an_old_form_says_what_happened_when_it_was_closed(office: Office, first: str, then: str) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    seen = office.form(case, do="close")
    for tell in (first, then):
        assert staff.post(f"/console/cases/{case}/do", {**seen, "tell": tell}).status_code == 302
        page = text_of(staff.get(f"/console/cases/{case}"))
        assert ("บอตกำลังบอกผู้เขียน" in page) is (first == "yes"), tell
    assert [action for action, _ in office.logged()] == ["case.closed"]


@pytest.mark.parametrize("what", ["take", "give_back", "hand_over", "note", "reopen", "send"])
def test_a_form_that_is_sent_twice_is_one_line_in_the_audit_log(office: Office, what: str) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    if what in ("give_back", "hand_over"):
        do(staff, office, case, "take")
    if what == "reopen":
        do(staff, office, case, "close", tell="no")
    before = len(office.logged())
    to = str(office.site.add_account(Role.STAFF, name="สมศรี").id)
    seen = office.form(case, do=what, text="ได้ค่ะ", note="โทรแล้ว", key="k1", to=to)
    for _ in range(2):
        assert staff.post(f"/console/cases/{case}/{'answer' if what == 'send' else 'do'}", seen).status_code == 302
    assert len(office.logged()) == before + 1


def test_a_note_is_written_whatever_happened_meanwhile(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.VOLUNTEER)
    seen = office.form(case, do="note", note="โทรแล้ว ไม่รับสาย", key="n1")
    do(office.site.visitor(Role.STAFF), office, case, "take")
    for _ in range(2):
        assert staff.post(f"/console/cases/{case}/do", seen).status_code == 302
    assert office.words(case) == [(NOTE, "โทรแล้ว ไม่รับสาย")]


def test_what_the_page_does_not_offer(office: Office) -> None:
    case, staff = office.opened(), office.site.visitor(Role.STAFF)
    assert do(staff, office, case, "burn") == 400
    assert staff.post(f"/console/cases/{case}/do", {"do": "take"}).status_code == 400
    assert staff.post(f"/console/cases/{case}/answer", {"text": "x", "do": "burn"}).status_code == 400
    assert office.row(case).state == OPEN


def press_at_once(visitors: list[Visitor], case: int, form: dict[str, str]) -> list[int]:
    together = threading.Barrier(len(visitors))
    statuses: list[int] = []

    def press(visitor: Visitor) -> None:
        together.wait()
        statuses.append(visitor.post(f"/console/cases/{case}/do", form).status_code)

    threads = [threading.Thread(target=press, args=(visitor,)) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_two_at_the_same_moment_one_of_whom_has_it(site_on_each: Site) -> None:
    office = Office(site_on_each)
    visitors = [office.site.visitor(Role.STAFF, name=f"staff{number}") for number in range(2)]
    for visitor in visitors:
        visitor.get("/console/account")
    for number in range(3):
        case = office.opened(user_id=f"U{number:032x}")
        assert sorted(press_at_once(visitors, case, office.form(case, do="take"))) == [302, 409]
    assert [action for action, _ in office.logged()].count("case.taken") == 3
