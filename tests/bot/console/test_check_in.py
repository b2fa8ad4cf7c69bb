"""The pages at the door, with and without scripts: what they say, what they write, and who may what."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.console import check_in_sentences
from bot.console.access import SESSION_COOKIE
from bot.events import check_in_finding as finding
from bot.events import registration, wall_codes
from bot.outreach.permissions import Role
from bot.storage import audit, consents, events, registrations
from bot.storage.check_ins import CheckInRow
from bot.storage.events import EventRow, EventSessionRow
from bot.storage.registrations import RegistrationRow
from tests.bot.console.visiting import BASE, NINE, Site, Visitor, counted_queries
from tests.bot.events.making import a_form, a_person, make_event, sign_up

BEGINS = NINE - timedelta(minutes=15)
NAMES = ("สมชาย ใจดี", "นางสาวสมหญิง ใจดี", "<b>ตาอิน</b>")
PHONE = "+66812345678"


def an_event_today(site: Site, **changes: Any) -> tuple[EventRow, list[RegistrationRow]]:
    """With parties of one, two and three."""
    with site.database.transaction() as db:
        values = {"starts_at": BEGINS, "ends_at": BEGINS + timedelta(hours=4), **changes}
        event = make_event(db, **values)
        before = BEGINS - timedelta(days=2)
        rows = [
            sign_up(db, site.vault, event, a_person(db, size), party=size, now=before, form=a_form(name, phone=PHONE))
            for size, name in enumerate(NAMES, 1)
        ]
        return event, [row.registration for row in rows]


def fields(do: str, key: str = "a key of a test", **more: Any) -> dict[str, Any]:
    return {"do": do, "key": key.replace(" ", "_"), "part": "0", **more}


def ask(visitor: Visitor, event: EventRow, do: str, key: str = "a key of a test", **more: Any) -> dict[str, Any]:
    """As the page's script sends it."""
    address = f"/console/check-in/{event.id}"
    token = re.search(r'data-token="([^"]+)"', visitor.get(address).get_data(as_text=True))
    assert token is not None
    response = visitor.client.post(
        f"{address}/send", base_url=BASE, data=fields(do, key, **more),
        headers={"Origin": BASE, "Accept": "application/json", "X-CSRFToken": token[1]},
    )  # fmt: skip
    assert response.status_code == 200, response.status_code
    told: dict[str, Any] = response.get_json()
    return told


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def lines(site: Site) -> list[tuple[int, int, str, datetime]]:
    with site.database.reading() as db:
        rows = db.scalars(select(CheckInRow).order_by(CheckInRow.id))
        return [(row.registration_id, row.people, row.way, row.at) for row in rows]


def logged(site: Site) -> list[tuple[str, str, str]]:
    with site.database.reading() as db:
        return [
            (line.action, line.subject_kind, line.subject_id)
            for line in audit.every_line(db)
            if not isinstance(line, int) and line.action.startswith(("registration.", "event."))
        ]


def test_code_typed_without_scripts(site: Site) -> None:
    event, (_, _, row) = an_event_today(site)
    visitor = site.visitor(Role.VOLUNTEER)
    typed = f"{row.code[:3]} {row.code[3:]}".lower()
    response = visitor.post(
        f"/console/check-in/{event.id}/send", fields("in", text=typed, way="code"), follow_redirects=True
    )
    assert "&lt;b&gt;ตาอิน&lt;/b&gt;: เช็กอินแล้วค่ะ 3 คน" in text_of(response)
    assert "<strong data-came>3</strong> จาก <strong data-expected>6</strong>" in text_of(response)
    assert lines(site) == [(row.id, 3, "code", site.now)]
    assert logged(site) == [("registration.checked_in", "registration", str(row.id))]


def test_ticket_scanned_later_than_it_happened(site: Site) -> None:
    event, (row, *_) = an_event_today(site)
    visitor = site.visitor(Role.VOLUNTEER)
    told = ask(visitor, event, "in", text=f"{BASE}/t/{row.ticket}", way="scan", ago="60000")
    assert (told["kind"], told["tone"], told["registration"], told["count"]) == (
        "new", "good", row.id, {"expected": 6, "came": {"0": 1}},
    )  # fmt: skip
    again = ask(visitor, event, "in", "another key", text=row.ticket, way="scan")
    assert (again["kind"], again["title"]) == ("already", "มาแล้ว 08:59")
    assert ask(visitor, event, "in", text=row.ticket, way="scan")["kind"] == "already"
    assert lines(site) == [(row.id, 1, "scan", site.now - timedelta(minutes=1))]
    assert len(logged(site)) == 1


def test_name_gives_a_choice_and_no_telephone_number(site: Site) -> None:
    event, (first, second, _) = an_event_today(site)
    visitor = site.visitor(Role.VOLUNTEER)
    told = ask(visitor, event, "in", text="ใจดี", way="name")
    assert told["kind"] == "choose"
    assert re.findall(r'name="registration" value="(\d+)"', told["html"]) == [str(second.id), str(first.id)]
    page = visitor.post(f"/console/check-in/{event.id}/send", fields("in", text="ใจดี"))
    for shown in (
        told["html"],
        text_of(page),
        visitor.get(f"/console/check-in/{event.id}/roster").get_data(as_text=True),
    ):
        assert "812345678" not in shown
        assert "81 234" not in shown
    assert lines(site) == []


def test_undone_and_corrected(site: Site) -> None:
    event, (_, row, _) = an_event_today(site)
    visitor = site.visitor(Role.VOLUNTEER)
    ask(visitor, event, "in", registration=row.id, people=1, way="name")
    assert ask(visitor, event, "correct", "second key", registration=row.id, people=2)["title"] == "แก้จำนวนแล้วค่ะ"
    undone = ask(visitor, event, "undo", "third key", registration=row.id)
    assert (undone["kind"], undone["count"]["came"]) == ("undone", {"0": 0})
    assert ask(visitor, event, "undo", "fourth key", registration=row.id)["kind"] == "nothing"
    assert ask(visitor, event, "in", "fifth key", registration=row.id, way="name")["kind"] == "new"
    assert [action for action, *_ in logged(site)] == [
        "registration.checked_in", "registration.check_in_corrected", "registration.check_in_undone",
        "registration.checked_in",
    ]  # fmt: skip
    assert [people for _, people, *_ in lines(site)] == [2]


def test_what_is_not_there_is_said(site: Site) -> None:
    event, (row, *_) = an_event_today(site)
    with site.database.transaction() as db:
        other = make_event(db, title="งานอื่น")
    visitor = site.visitor(Role.VOLUNTEER)
    said = {
        text: ask(visitor, other, "in", text=text)["title"]
        for text in ("234567", "ไม่มีใคร", row.ticket, " ")
    }  # fmt: skip
    assert said == {
        "234567": "ไม่พบในงานนี้ค่ะ", "ไม่มีใคร": "ไม่พบในงานนี้ค่ะ", row.ticket: "บัตรนี้เป็นของงานอื่นค่ะ", " ": "ยังไม่ได้พิมพ์อะไรค่ะ",
    }  # fmt: skip
    assert ask(visitor, other, "in", registration=row.id)["title"] == "ไม่พบรายการนี้แล้วค่ะ"
    assert ask(visitor, event, "in", registration=row.id, people=0)["title"] == "จำนวนคนไม่ถูกต้องค่ะ"
    assert ask(visitor, event, "in", registration=row.id, part="77")["title"] == "รอบนี้ถูกแก้ไปแล้วค่ะ"
    assert lines(site) == []


def test_cancelled_party_is_let_in_where_a_seat_is_free(site: Site) -> None:
    event, (row, *_) = an_event_today(site)
    with site.database.transaction() as db:
        registration.cancel(db, registration_id=row.id, by="person", now=BEGINS - timedelta(days=1))
    visitor = site.visitor(Role.VOLUNTEER)
    told = ask(visitor, event, "in", text=row.code)
    assert (told["kind"], "ยกเลิกไว้แล้ว" in told["html"], "ให้เข้า ใช้ที่ว่าง" in told["html"]) == ("no_place", True, True)
    assert ask(visitor, event, "let_in", registration=row.id, people=1)["kind"] == "new"
    assert lines(site) == [(row.id, 1, "code", site.now)]


def test_beyond_the_seats_staff_decide(site: Site) -> None:
    event, _ = an_event_today(site, capacity=6)
    with site.database.transaction() as db:
        row = sign_up(db, site.vault, event, a_person(db, 9), party=2, now=BEGINS - timedelta(days=1)).registration
    volunteer, staff = site.visitor(Role.VOLUNTEER), site.visitor(Role.STAFF)
    told = ask(volunteer, event, "in", text=row.code)
    assert ("เรื่องนี้ให้เจ้าหน้าที่ตัดสินใจค่ะ" in told["html"], "ให้เข้า แม้" in told["html"]) == (True, False)
    forced = volunteer.post(f"/console/check-in/{event.id}/send", fields("let_in", registration=row.id, over="yes"))
    assert forced.status_code == 403
    assert "ให้เข้า แม้ที่นั่งไม่พอ" in ask(staff, event, "in", text=row.code)["html"]
    assert ask(staff, event, "let_in", registration=row.id, over="yes")["count"] == {"expected": 8, "came": {"0": 2}}
    with site.database.reading() as db:
        assert registrations.count_seats(db, event.id) == 6


def test_walk_in_after_the_notice(site: Site) -> None:
    event, _ = an_event_today(site, capacity=8)
    visitor = site.visitor(Role.VOLUNTEER)
    wording = check_in_sentences.notice_hash(event)
    walk: dict[str, Any] = {"name": "ยายคำ", "people": 2, "wording": wording}
    assert ask(visitor, event, "walk_in", **walk)["kind"] == "no_notice"
    assert ask(visitor, event, "walk_in", **{**walk, "name": " "}, told="yes")["kind"] == "no_name"
    told = ask(visitor, event, "walk_in", **walk, told="yes")
    assert (told["kind"], told["count"]) == ("new", {"expected": 8, "came": {"0": 2}})
    assert ask(visitor, event, "walk_in", **walk, told="yes")["kind"] == "already"
    with site.database.reading() as db:
        consent = consents.list_of_registration(db, told["registration"])
    assert [(one.wording_hash, one.way) for one in consent] == [(wording, "staff")]
    assert (
        visitor.get(f"/console/check-in/{event.id}").get_data(as_text=True).count(check_in_sentences.notice(event)) == 1
    )


def test_walk_in_beyond_the_seats(site: Site) -> None:
    event, _ = an_event_today(site, capacity=6)
    walk = {"name": "ยายคำ", "people": 1, "wording": check_in_sentences.notice_hash(event), "told": "yes"}
    volunteer, staff = site.visitor(Role.VOLUNTEER), site.visitor(Role.STAFF)
    assert ask(volunteer, event, "walk_in", **walk)["kind"] == "full"
    assert (
        volunteer.post(f"/console/check-in/{event.id}/send", fields("walk_in", **walk, over="yes")).status_code == 403
    )
    assert 'name="over" value="yes"' in ask(staff, event, "walk_in", **walk)["html"]
    assert ask(staff, event, "walk_in", "another key", **walk, over="yes")["kind"] == "new"


def test_paper_typed_back_in_one_go(site: Site) -> None:
    event, rows = an_event_today(site)
    visitor = site.visitor(Role.VOLUNTEER)
    ask(visitor, event, "in", registration=rows[0].id, way="name")
    address = f"/console/check-in/{event.id}/paper"
    page = text_of(visitor.get(address))
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    assert re.findall(r'name="came" value="(\d+)"', page) == [str(rows[2].id), str(rows[1].id)]
    sheet = {"key": key[1], "part": "0", "came": [row.id for row in rows[1:]], f"people_{rows[1].id}": 1}
    wrong = visitor.post(address, sheet)
    assert (wrong.status_code, "ใส่ได้ 1 ถึง 99 คน" in text_of(wrong), lines(site)[1:]) == (422, True, [])
    assert text_of(wrong).count("checked") == 2
    sheet[f"people_{rows[2].id}"] = 3
    assert "บันทึกแล้วค่ะ 2 รายการ 4 คน" in text_of(visitor.post(address, sheet, follow_redirects=True))
    assert "ไม่มีรายการใหม่ค่ะ อีก 2 รายการเช็กอินไว้แล้ว" in text_of(visitor.post(address, sheet, follow_redirects=True))
    assert sorted(lines(site)[1:]) == [(rows[1].id, 1, "paper", site.now), (rows[2].id, 3, "paper", site.now)]
    assert logged(site)[1:] == [("event.paper_typed_back", "event", str(event.id))]


def test_paper_of_a_past_event_counts_from_its_beginning(site: Site) -> None:
    event, rows = an_event_today(site)
    site.later(hours=6)
    visitor = site.visitor(Role.VOLUNTEER)
    sheet = {"key": "a_sheet", "part": "0", "came": rows[0].id, f"people_{rows[0].id}": 1}
    visitor.post(f"/console/check-in/{event.id}/paper", sheet)
    assert lines(site) == [(rows[0].id, 1, "paper", BEGINS)]
    assert "งานที่เพิ่งจบ" in text_of(visitor.get("/console/check-in/"))


def test_todays_session_is_chosen(site: Site) -> None:
    event, rows = an_event_today(site)
    with site.database.transaction() as db:
        for number, start in enumerate((BEGINS - timedelta(days=1), BEGINS, BEGINS + timedelta(days=1))):
            ends = start + timedelta(hours=4)
            db.add(EventSessionRow(event_id=event.id, position=number, title="", starts_at=start, ends_at=ends))
        db.flush()
        parts = [one.id for one in events.list_sessions(db, event.id)]
    visitor = site.visitor(Role.VOLUNTEER)
    page = text_of(visitor.get(f"/console/check-in/{event.id}"))
    assert re.findall(r'<option value="(\d+)" selected>([^<]+)<', page) == [(str(parts[1]), "30 พ.ย. 69 08:45")]
    assert ask(visitor, event, "in", registration=rows[1].id, part=parts[0])["count"]["came"] == {str(parts[0]): 2}
    first = text_of(visitor.get(f"/console/check-in/{event.id}?part={parts[0]}"))
    assert "<strong data-came>2</strong>" in first
    assert "<strong data-came>0</strong>" in text_of(visitor.get(f"/console/check-in/{event.id}"))


def test_roster_holds_hashes_codes_names_and_parties_alone(site: Site) -> None:
    event, rows = an_event_today(site)
    response = site.visitor(Role.VOLUNTEER).get(f"/console/check-in/{event.id}/roster")
    assert response.get_json() == [
        [finding.ticket_hash(row.ticket), row.code, name, row.party_size]
        for row, name in zip(rows, NAMES, strict=True)
    ]  # fmt: skip
    assert response.headers["Cache-Control"] == "no-store"


def test_wall_shows_the_code_of_the_moment(site: Site) -> None:
    event, rows = an_event_today(site)
    visitor = site.visitor(Role.VOLUNTEER)
    ask(visitor, event, "in", registration=rows[2].id)
    code = wall_codes.code_at(site.vault, event.id, site.now)
    page = text_of(visitor.get(f"/console/check-in/{event.id}/wall"))
    assert f"เช็กอิน <strong data-code>{code}</strong>" in page
    now = visitor.get(f"/console/check-in/{event.id}/wall/now").get_json()
    assert now == {"code": code, "seconds": 120, "came": 3, "expected": 6}
    site.later(minutes=2)
    assert visitor.get(f"/console/check-in/{event.id}/wall/now").get_json()["code"] != code
    site.later(hours=5)
    assert site.visitor(Role.STAFF).get(f"/console/check-in/{event.id}/wall/now").get_json()["code"] == ""


def test_drafts_and_strangers_have_no_door(site: Site) -> None:
    event, _ = an_event_today(site)
    with site.database.transaction() as db:
        draft = make_event(db, state=events.DRAFT)
    visitor = site.visitor(Role.VOLUNTEER)
    for rest in ("", "/roster", "/count", "/paper", "/wall", "/wall/now"):
        assert visitor.get(f"/console/check-in/{draft.id}{rest}").status_code == 404, rest
        assert site.visitor().get(f"/console/check-in/{event.id}{rest}").status_code == 302, rest


def test_sending_needs_the_token_and_a_sign_in(site: Site) -> None:
    event, (row, *_) = an_event_today(site)
    visitor = site.visitor(Role.VOLUNTEER)
    visitor.get(f"/console/check-in/{event.id}")
    address, body = f"/console/check-in/{event.id}/send", fields("in", registration=row.id)
    headers = {"Origin": BASE, "Accept": "application/json"}
    assert visitor.client.post(address, base_url=BASE, data=body, headers=headers).status_code == 400
    token = visitor.get(f"/console/check-in/{event.id}/count").get_json()["token"]
    headers["X-CSRFToken"] = token
    for wrong in ({"do": "other"}, {"key": "short"}, {"key": "x" * 65}):
        assert visitor.client.post(address, base_url=BASE, data={**body, **wrong}, headers=headers).status_code == 400
    visitor.client.delete_cookie(SESSION_COOKIE, domain="127.0.0.1")
    response = visitor.client.post(address, base_url=BASE, data=body, headers=headers)
    assert (response.status_code, response.headers["Location"]) == (302, "/console/sign-in")
    assert lines(site) == []


def test_pages_ask_the_database_as_often_for_many_as_for_few(site: Site) -> None:
    event, rows = an_event_today(site, capacity=None)
    visitor = site.visitor(Role.VOLUNTEER)

    def queries(path: str) -> int:
        with counted_queries(site.database) as seen:
            assert visitor.get(path).status_code == 200
        return len(seen)

    paths = [f"/console/check-in/{event.id}{rest}" for rest in ("", "/paper", "/roster")] + ["/console/check-in/"]
    ask(visitor, event, "in", registration=rows[0].id)
    few = [queries(path) for path in paths]
    with site.database.transaction() as db:
        for number in range(20, 40):
            sign_up(db, site.vault, event, a_person(db, number), now=BEGINS - timedelta(days=2))
        make_event(db, starts_at=BEGINS)
    for number, row in enumerate(rows[1:]):
        ask(visitor, event, "in", f"more keys {number}", registration=row.id)
    assert [queries(path) for path in paths] == few
