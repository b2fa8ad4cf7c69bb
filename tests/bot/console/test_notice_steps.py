"""What becomes of a notice: approved, sent back, called back, paused, gone on with, stopped."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.console import notice_facts
from bot.console import notice_step_words as words
from bot.console.access import SESSION_COOKIE
from bot.notices import starting
from bot.notices.audience import Audience
from bot.notices.content import Bubble, Content
from bot.outreach.permissions import Role
from bot.queue.kinds import JobKind
from bot.storage import notice_audience as table
from bot.storage import notices
from bot.storage.jobs import JobRow
from bot.storage.notice_audience import Group
from bot.storage.notices import APPROVED, DRAFT, FINISHED, HELD, PAUSED, SENDING, STOPPED, SUBMITTED
from tests.bot.console.notice_site import (
    HELLO,
    Crew,
    add_readers,
    an_approver,
    approve,
    code_now,
    code_of,
    hang_in,
    lines,
    make_notice,
    notice,
    tell_quota,
)
from tests.bot.console.visiting import NINE, Site, Visitor, text_of


@pytest.fixture(autouse=True)
def _notices(monkeypatch: pytest.MonkeyPatch) -> None:
    hang_in(monkeypatch)


@pytest.fixture
def ready(site: Site) -> Site:
    """Three people want notices, and LINE has said that there is room."""
    add_readers(site, 3)
    tell_quota(site, 500, used=100)
    return site


def page(visitor: Visitor, notice_id: int, part: str = "") -> str:
    return text_of(visitor.get(f"/console/notices/{notice_id}{part}"))


def post(visitor: Visitor, notice_id: int, part: str, **form: str) -> Any:
    return visitor.post(f"/console/notices/{notice_id}/{part}", form)


def open_jobs(site: Site) -> list[str]:
    with site.database.reading() as db:
        return list(db.scalars(select(JobRow.kind).order_by(JobRow.id)))


def test_approving_shows_what_goes_out_to_how_many_and_what_it_leaves(ready: Site) -> None:
    add_readers(ready, 2, first=50, wants_notices=False)
    content = Content((Bubble("card", "อ่านต่อที่นี่ค่ะ", title="น้ำประปา", link="https://www.phan.example.go.th/water"),))
    number = make_notice(ready, content)
    shown = page(an_approver(ready), number, "/approve")
    assert [one in shown for one in ("น้ำประปา", "อ่านต่อที่นี่ค่ะ", "www.phan.example.go.th/water")] == [True] * 3
    assert "คนในกลุ่มที่ไม่ส่งให้ ยังไม่ได้ตกลงรับข่าว 2 คน" in shown
    assert "เหลือให้ประกาศ 400 ประกาศนี้ใช้เดือนนี้ 3 หลังประกาศนี้เหลือ 397" in shown
    assert "เริ่มส่ง 30 พฤศจิกายน 2569 เวลา 09:05 น. หลังอนุมัติ ระบบรอประมาณ 5 นาที" in shown


def test_an_approval_is_bound_to_a_hash_and_may_be_called_back_before_it_begins(ready: Site) -> None:
    number = make_notice(ready)
    someone = an_approver(ready)
    done = approve(ready, someone, number)
    assert done.location == f"/console/notices/{number}"
    row = notice(ready, number)
    assert (row.state, row.approver_id, row.approved_count, row.begins_at) == (
        APPROVED, someone.account.id, 3, ready.now + timedelta(minutes=5),
    )  # fmt: skip
    assert open_jobs(ready) == [JobKind.NOTICES_DUE]
    shown = page(someone, number)
    assert "เหลือเวลาเปลี่ยนใจประมาณ 5 นาที ตอนนี้ยังไม่มีใครได้รับ" in shown
    writer = ready.visitor(Role.VOLUNTEER)
    assert "ยกเลิกการอนุมัติ" in page(writer, number)
    post(writer, number, "call-back")
    row = notice(ready, number)
    assert (row.state, row.approver_id, row.approved_hash) == (DRAFT, None, None)
    [approved, called_back] = lines(ready)
    assert (approved[0], approved[1], (approved[2] or {})["count"]) == ("notice.approved", {"state": SUBMITTED}, 3)
    assert len((approved[2] or {})["hash"]) == 64
    assert called_back == ("notice.called_back", {"state": APPROVED}, {"state": DRAFT})
    Crew(ready).work()
    assert notice(ready, number).state == DRAFT


def test_a_wrong_code_approves_nothing_and_is_counted(ready: Site) -> None:
    number, someone = make_notice(ready), an_approver(ready)
    assert post(someone, number, "approve", version="1").status_code == 422
    statuses = [post(someone, number, "approve", version="1", code="000000").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    assert "ขอให้รอถึง" in text_of(post(someone, number, "approve", version="1", code=code_of(ready, someone.account.id)))
    assert notice(ready, number).state == SUBMITTED


def test_a_code_counts_once_but_a_refusal_leaves_it_unspent(ready: Site) -> None:
    first, second = make_notice(ready), make_notice(ready, Content((Bubble("text", "อีกเรื่องหนึ่งค่ะ"),)))
    someone = an_approver(ready)
    code = code_of(ready, someone.account.id)
    refused = post(someone, first, "approve", version="7", code=code)
    assert (refused.status_code, "ฉบับล่าสุด" in text_of(refused)) == (409, True)
    assert post(someone, first, "approve", version="1", code=code).status_code == 302
    assert post(someone, second, "approve", version="1", code=code).status_code == 422
    assert [notice(ready, one).state for one in (first, second)] == [APPROVED, SUBMITTED]


def test_a_volunteer_approves_pauses_and_stops_nothing(ready: Site) -> None:
    number, writer = make_notice(ready), ready.visitor(Role.VOLUNTEER)
    parts = ("approve", "send-back", "pause", "stop", "go-on", "export", "approve/quota")
    assert [post(writer, number, part).status_code for part in parts] == [403] * 7
    shown = page(writer, number)
    assert [one in shown for one in ("ดูและอนุมัติ", "เลิกส่ง", "ดึงกลับมาแก้")] == [False, False, True]


def test_nobody_approves_their_own_for_many(ready: Site) -> None:
    add_readers(ready, 60, first=100)
    someone = an_approver(ready)
    mine = make_notice(ready, author=someone.account.id)
    assert "คุณเป็นคนเขียนประกาศนี้เอง และจะถึง 63 คน เกิน 50 คน" in page(someone, mine, "/approve")
    assert approve(ready, someone, mine).status_code == 422
    assert approve(ready, an_approver(ready, name="อื่น"), mine).status_code == 302


def test_for_few_one_person_is_enough(ready: Site) -> None:
    someone = an_approver(ready)
    assert approve(ready, someone, make_notice(ready, author=someone.account.id)).status_code == 302


@pytest.mark.parametrize(
    ("limit", "what"),
    [
        (
            102,
            (
                "ต้องใช้ 3 ข้อความ แต่เหลือ 2",
                "แบ่งส่งวันละไม่เกิน 2 คน",
                "ไปกับคำตอบ",
                "วันอังคารที่ 1 ธันวาคม 2569",
                "หลังประกาศนี้เหลือ ไม่พอ",
            ),
        ),
        (None, ("ไม่จำกัดจำนวนข้อความ",)),
    ],
)
def test_a_quota_that_is_too_small_offers_ways_out(site: Site, limit: int | None, what: tuple[str, ...]) -> None:
    add_readers(site, 3)
    tell_quota(site, limit, used=100)
    number, someone = make_notice(site), an_approver(site)
    shown = page(someone, number, "/approve")
    assert [one for one in what if one not in shown] == []
    assert approve(site, someone, number).status_code == (422 if limit else 302)


def test_without_a_word_from_line_somebody_asks(site: Site) -> None:
    add_readers(site, 3)
    number, someone = make_notice(site), an_approver(site)
    assert "ยังไม่รู้ว่าเดือนนี้ส่งได้อีกกี่ข้อความ" in page(someone, number, "/approve")
    for _ in range(2):
        assert post(someone, number, "approve/quota").location == f"/console/notices/{number}/approve"
    assert open_jobs(site) == [JobKind.QUOTA]
    tell_quota(site, 500)
    Crew(site).work()
    assert "ไม่จำกัดจำนวนข้อความ" in page(someone, number, "/approve")
    site.later(minutes=31)
    assert "ซึ่งนานแล้ว" in page(an_approver(site, name="อื่น"), number, "/approve")


def test_the_same_within_a_day_needs_a_tick(ready: Site) -> None:
    someone = an_approver(ready)
    first, second = make_notice(ready), make_notice(ready)
    approve(ready, someone, first)
    refused = approve(ready, someone, second)
    assert (refused.status_code, notice(ready, second).state) == (409, SUBMITTED)
    assert f"ดูประกาศที่ {first}" in text_of(refused)
    assert approve(ready, someone, second, again="yes").status_code == 302
    third = make_notice(ready)
    ready.later(days=2)
    tell_quota(ready, 500)
    assert approve(ready, someone, third).status_code == 302


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"audience": Audience((Group(table.PROGRAMME, "forum"),))}, "มีแค่ 3 คน ต้องมีอย่างน้อย 50 คน"),
    ({"audience": Audience((Group(table.DISTRICT, "phan"),))}, "ไม่มีใครได้รับประกาศนี้เลย"),
    ({"send_at": NINE - timedelta(hours=1)}, "เวลาที่ตั้งไว้ผ่านไปแล้วค่ะ คือ 30 พฤศจิกายน 2569 เวลา 08:00 น."),
    ({"content": Content(())}, "เนื้อหายังมีที่ต้องแก้ 1 ที่"),
    ({"content": Content((Bubble("text", "กดที่ https://bit.ly/x"),))}, "เนื้อหายังมีที่ต้องแก้ 1 ที่"),
)


def test_what_is_refused_says_what_to_do(ready: Site) -> None:
    someone = an_approver(ready)
    for made, what in REFUSED:
        number = make_notice(ready, **made)
        shown = page(someone, number, "/approve")
        assert (what in shown, "รหัสยืนยันจากแอป" in shown) == (True, False), what
        assert approve(ready, someone, number).status_code == 422
        assert notice(ready, number).state == SUBMITTED
    assert lines(ready) == []


def test_twenty_at_once_make_one_approval(site_on_each: Site) -> None:
    site = site_on_each
    add_readers(site, 3)
    tell_quota(site, 500)
    number = make_notice(site)
    approvers = [an_approver(site, name=f"staff{which}") for which in range(4)]
    site.later(seconds=31)
    codes = [code_now(site, one.account.id) for one in approvers]
    clicks = [_same_session(site, approvers[click % 4]) for click in range(20)]
    for one in clicks:
        one.get("/console/account")
    statuses: list[int] = []
    together = threading.Barrier(20)

    def click(which: int) -> None:
        together.wait()
        code = codes[which % 4]
        statuses.append(post(clicks[which], number, "approve", version="1", code=code).status_code)

    threads = [threading.Thread(target=click, args=(which,)) for which in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 20
    assert [line[0] for line in lines(site)] == ["notice.approved"]
    assert open_jobs(site) == [JobKind.NOTICES_DUE]


def _same_session(site: Site, approver: Visitor) -> Visitor:
    """Another window of the same browser."""
    window = Visitor(site.app)
    window.account = approver.account
    cookie = approver.client.get_cookie(SESSION_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    window.client.set_cookie(SESSION_COOKIE, cookie.value, domain="127.0.0.1", secure=True, httponly=True)
    return window


def test_sending_back_needs_words_which_the_author_reads(ready: Site) -> None:
    number, someone = make_notice(ready), an_approver(ready)
    assert words.NO_WORDS in text_of(post(someone, number, "send-back", words="  "))
    post(someone, number, "send-back", words="บอกที่จอดรถด้วยค่ะ <b>")
    assert notice(ready, number).state == DRAFT
    shown = page(ready.visitor(Role.VOLUNTEER), number)
    assert "คนอนุมัติส่งกลับมาให้แก้ บอกที่จอดรถด้วยค่ะ <b>" in shown
    assert lines(ready) == [("notice.sent_back", {"state": SUBMITTED}, {"state": DRAFT, "words": "บอกที่จอดรถด้วยค่ะ <b>"})]
    post(someone, number, "send-back", words="อีกที")
    assert words.STATES[DRAFT] in page(someone, number)
    assert len(lines(ready)) == 1


def test_pausing_going_on_and_stopping_on_its_way(ready: Site) -> None:
    number, someone = (
        make_notice(ready, state=SENDING, columns={"began_at": NINE, "touched_at": NINE}),
        an_approver(ready),
    )
    post(someone, number, "pause")
    assert "มีคนกดหยุดพักไว้" in page(someone, number)
    assert words.STATES[PAUSED] in text_of(someone.get(post(someone, number, "pause").location))
    post(someone, number, "go-on")
    assert notice(ready, number).state == "planning"
    with ready.database.transaction() as db:
        notices.change(db, number, state=SENDING)
    assert "ยังไม่ได้ส่ง 0 คน จะไม่ได้รับอีก" in page(someone, number, "/stop")
    post(someone, number, "stop")
    assert notice(ready, number).state == STOPPED
    assert lines(ready) == [
        ("notice.paused", {"state": SENDING}, {"state": PAUSED}),
        ("notice.resumed", {"state": PAUSED}, {"state": "planning", "why": "staff"}),
        ("notice.stopped", {"state": SENDING}, {"state": STOPPED}),
    ]
    assert someone.get(f"/console/notices/{number}/stop").status_code == 302


def test_what_is_held_goes_on_with_a_code_only(ready: Site) -> None:
    number = make_notice(ready, state=HELD, columns={"why": starting.LATE, "begins_at": NINE - timedelta(hours=3)})
    someone = an_approver(ready)
    shown = page(someone, number)
    assert ("เลยเวลาที่ตั้งไว้นานกว่า 2 ชั่วโมง" in shown, "อาจมีคนได้รับประกาศนี้สองครั้ง" in shown) == (True, True)
    assert text_of(post(someone, number, "go-on")).count(words.NO_CODE) == 1
    assert post(someone, number, "go-on", code="123456").status_code == 422
    assert notice(ready, number).state == HELD
    post(someone, number, "go-on", code=code_of(ready, someone.account.id))
    row = notice(ready, number)
    assert (row.state, row.approver_id, row.begins_at) == (
        APPROVED,
        someone.account.id,
        ready.now + timedelta(minutes=5),
    )
    assert lines(ready) == [("notice.resumed", {"state": HELD}, {"state": APPROVED, "why": starting.LATE})]


def test_nobody_alone_lets_their_own_go_on_that_has_grown(ready: Site) -> None:
    add_readers(ready, 60, first=100)
    someone = an_approver(ready)
    number = make_notice(ready, state=HELD, author=someone.account.id, columns={"why": starting.GROWN})
    refused = post(someone, number, "go-on", code=code_of(ready, someone.account.id))
    assert (refused.status_code, "ต้องให้คนอื่นอนุมัติ" in text_of(refused)) == (422, True)
    assert notice(ready, number).state == HELD


def test_every_reason_is_explained_with_what_to_do(ready: Site) -> None:
    number, someone = make_notice(ready, state=PAUSED, columns={"began_at": NINE}), an_approver(ready)
    for why in (*words.WHY, "never heard of"):
        with ready.database.transaction() as db:
            notices.change(db, number, why=why)
        shown, told = page(someone, number), words.why(why)
        then = told.then if why != "quota" else ()
        assert (why, [one for one in (told.what, *then) if one not in shown]) == (why, [])


def test_a_pause_for_the_quota_says_what_is_left_and_until_when(ready: Site) -> None:
    number = make_notice(ready, state=PAUSED, columns={"why": "quota", "began_at": NINE})
    shown = page(an_approver(ready), number)
    assert "ตอนนี้เหลือ 400 ข้อความ แต่ยังต้องส่งอีก 0 คน" in shown
    assert "LINE เริ่มนับใหม่วันอังคารที่ 1 ธันวาคม 2569" in shown


def test_from_approval_to_the_end(ready: Site) -> None:
    number, someone, crew = make_notice(ready), an_approver(ready), Crew(ready)
    approve(ready, someone, number)
    crew.work()
    assert crew.line.delivered == []
    ready.later(minutes=5)
    with ready.database.transaction() as db:
        notice_facts.wake(db, now=ready.now)
    crew.work()
    assert (sorted(crew.line.delivered), notice(ready, number).state) == (
        [f"U{one:032x}" for one in (1, 2, 3)],
        FINISHED,
    )
    assert "ส่งจบแล้ว" in page(someone, number)


def test_nothing_that_was_typed_is_taken_for_markup(ready: Site) -> None:
    evil = "<img src=x onerror=alert(1)> {{7187*7193}} %s"
    content = replace(HELLO, bubbles=(Bubble("text", evil),))
    number = make_notice(ready, content, title=evil, columns={"sent_back": evil}, state=DRAFT)
    drawn = an_approver(ready).get(f"/console/notices/{number}").get_data(as_text=True)
    assert ("<img src=x" in drawn, "{{7187*7193}}" in drawn, "51696091" in drawn) == (False, True, False)


def test_a_notice_that_is_none_is_not_found(ready: Site) -> None:
    someone = an_approver(ready)
    looked = ("9", "9/approve", "9/stop", "9/results", "9/progress")
    did = ("approve", "send-back", "call-back", "pause", "go-on", "stop")
    assert [someone.get(f"/console/notices/{part}").status_code for part in looked] == [404] * 5
    assert [post(someone, 9, part, words="x", code="1").status_code for part in did] == [404] * 6
