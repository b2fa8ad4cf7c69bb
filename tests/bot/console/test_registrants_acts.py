"""What is done with registrations by hand: admitted, cancelled, moved, added, told by telephone."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from bot.events import calling_off, forms, moving, registrants
from bot.outreach.permissions import Role
from bot.storage import consents, events, service_messages
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import ServiceMessageRow
from tests.bot.console.registrant_site import Hall, a_hall, logged
from tests.bot.console.visiting import NINE, Site, Visitor, text_of
from tests.bot.events.making import a_person

CALLS = "/console/events/telephone"
_HASH = re.compile(r'name="wording" value="([0-9a-f]{64})"')


def act(visitor: Visitor, hall: Hall, one: int, do: str, **more: str) -> str:
    """What the page says that it leads to."""
    done = visitor.post(f"{hall.address}/{one}/do", data={"do": do, **more}, follow_redirects=True)
    found = re.findall(r'role="status">([^<]+)<', done.get_data(as_text=True))
    return found[0] if found else str(done.status_code)


def booked(site: Site, one: int) -> list[tuple[str, str, str]]:
    with site.database.reading() as db:
        return [
            (row.kind, row.state, row.why)
            for row in registrants.list_messages(db, one)
            if not row.kind.startswith("reminder") and row.kind != "feedback"
        ]


def notes(site: Site, hall: Hall, one: int) -> list[str]:
    return [note.text for note in registrants.read_notes(site.vault, hall.row(one))]


def actions(site: Site) -> list[tuple[str, str]]:
    return [(action, subject) for action, subject, _, _ in logged(site)]


def test_staff_admit_and_refuse_once(site: Site) -> None:
    hall = a_hall(site, admits_each=True)
    one, other = hall.enter(1), hall.enter(2)
    staff = site.visitor(Role.STAFF)
    assert act(staff, hall, one, "admit") == "รับแล้วค่ะ ได้ที่นั่งแล้ว"
    assert act(staff, hall, one, "admit") == "ทำไม่ได้แล้วค่ะ ตอนนี้รายนี้ “ยืนยันแล้ว”"
    assert act(staff, hall, other, "refuse", why="มาซ้ำ") == "ไม่รับรายนี้แล้วค่ะ กำลังแจ้งทาง LINE"
    assert [hall.row(row).state for row in (one, other)] == ["confirmed", "refused"]
    assert (booked(site, one), booked(site, other)) == ([("admitted", "booked", "")], [("refused", "booked", "")])
    assert notes(site, hall, other) == ["ไม่รับ: มาซ้ำ"]
    assert actions(site) == [
        ("registration.admitted", f"registration/{one}"), ("registration.refused", f"registration/{other}"),
    ]  # fmt: skip


def test_several_are_admitted_in_the_order_in_which_they_asked(site: Site) -> None:
    hall = a_hall(site, admits_each=True, capacity=1)
    first, second, third = (hall.enter(number) for number in range(3))
    staff = site.visitor(Role.STAFF)
    data = {"who": [str(second), str(first), "77", "no"]}
    said = text_of(staff.post(f"{hall.address}/admit", data=data, follow_redirects=True))
    assert "รับแล้ว 2 รายค่ะ ได้ที่นั่ง 1 ราย อยู่ในคิว 1 ราย" in said
    assert [hall.row(one).state for one in (first, second, third)] == ["confirmed", "waiting", "pending"]
    after = {"registrations": [first, second], "confirmed": 1}
    assert logged(site) == [("event.admitted_several", f"event/{hall.event_id}", None, after)]
    assert "ยังไม่ได้เลือกใครค่ะ" in text_of(staff.post(f"{hall.address}/admit", follow_redirects=True))


def test_a_cancellation_keeps_its_reason_and_is_told(site: Site) -> None:
    hall = a_hall(site, capacity=2)
    one, other, waiting = hall.enter(1), hall.enter(2, person=False, way="staff"), hall.enter(3)
    staff = site.visitor(Role.STAFF)
    assert act(staff, hall, one, "cancel", why=" ") == "422"
    assert act(staff, hall, one, "cancel", why="โทรมาขอยกเลิก") == "ยกเลิกให้แล้วค่ะ กำลังแจ้งทาง LINE"
    assert act(staff, hall, one, "cancel", why="อีกครั้ง") == "ทำไม่ได้แล้วค่ะ ตอนนี้รายนี้ “ยกเลิก”"
    act(staff, hall, other, "cancel", why="ซ้ำ")
    assert [hall.row(row).state for row in (one, other, waiting)] == ["cancelled", "cancelled", "offered"]
    assert booked(site, one) == [("staff_cancelled", "booked", "")]
    assert booked(site, other) == [("staff_cancelled", "failed", "no_line")]
    assert notes(site, hall, one) == ["ยกเลิก: โทรมาขอยกเลิก"]
    [(_, _, _, after), _] = logged(site)
    assert [name for name, value in after.items() if value.startswith("hash:")] == ["why"]


def test_a_party_changes_as_far_as_there_are_seats(site: Site) -> None:
    hall = a_hall(site, capacity=3, asks_companions=False)
    one = hall.enter(1)
    staff = site.visitor(Role.STAFF)
    assert act(staff, hall, one, "party", people="๓ คน") == "ตอนนี้มา 3 คนค่ะ ได้ที่นั่งแล้ว"
    assert act(staff, hall, one, "party", people="4") == "ไม่มีที่ว่างให้เพิ่มแล้วค่ะ"
    assert act(staff, hall, one, "party", people="9") == "งานนี้ลงได้ครั้งละ 1 ถึง 5 คนค่ะ"
    assert act(staff, hall, one, "party", people="หลายคน") == "422"
    assert (hall.row(one).party_size, hall.row(one).seats) == (3, 3)


def test_an_offer_is_answered_for_somebody_who_was_telephoned(site: Site) -> None:
    hall = a_hall(site, capacity=1)
    first, second, third = (hall.enter(number) for number in range(3))
    staff = site.visitor(Role.STAFF)
    act(staff, hall, first, "cancel", why="ไม่มา")
    assert act(staff, hall, second, "decline") == "สละที่ว่างให้คนถัดไปแล้วค่ะ"
    assert act(staff, hall, third, "take") == "ตอบรับให้แล้วค่ะ ได้ที่นั่งแล้ว"
    assert act(staff, hall, second, "take") == "หมดเวลาตอบรับแล้วค่ะ ที่นั่งเปิดให้คนอื่นแล้ว"
    assert [hall.row(row).state for row in (first, second, third)] == ["cancelled", "cancelled", "confirmed"]


def test_moving_takes_the_notes_along(site: Site) -> None:
    here, there = a_hall(site, title="งานเก่า"), a_hall(site, title="งานใหม่")
    one = here.enter(1)
    staff = site.visitor(Role.STAFF)
    act(staff, here, one, "note", note="มารถเข็น")
    assert act(staff, here, one, "move", to="") == "422"
    assert act(staff, here, one, "move", to=str(there.event_id)) == "ย้ายแล้วค่ะ ได้ที่นั่งแล้ว"
    assert act(staff, here, one, "move", to=str(there.event_id)) == "ไม่พบรายนี้แล้วค่ะ"
    with site.database.reading() as db:
        moved = db.scalars(select(RegistrationRow).where(RegistrationRow.event_id == there.event_id)).one().id
    assert (here.row(one).state, there.row(moved).state) == ("cancelled", "confirmed")
    assert notes(site, there, moved) == ["มารถเข็น", "ย้ายมาจากงาน “งานเก่า”"]
    assert booked(site, moved) == [("moved", "booked", "")]


def test_moving_to_a_full_event_changes_nothing(site: Site) -> None:
    here, there = a_hall(site), a_hall(site, capacity=0, has_waiting_list=False)
    one = here.enter(1)
    assert act(site.visitor(Role.STAFF), here, one, "move", to=str(there.event_id)) == ("ที่นั่งเต็มแล้วค่ะ และงานนี้ไม่มีคิวรอ")
    assert (here.row(one).state, logged(site)) == ("confirmed", [])


def test_a_code_for_a_new_account_is_shown_once(site: Site) -> None:
    hall = a_hall(site)
    one = hall.enter(1)
    staff = site.visitor(Role.STAFF)
    page = staff.post(f"{hall.address}/{one}/claim")
    code = re.findall(r'id="claim">([^<]+)<', page.get_data(as_text=True))[0].replace(" ", "")
    assert code not in staff.get(f"{hall.address}/{one}").get_data(as_text=True)
    with site.database.transaction() as db:
        new = a_person(db, 50)
        moving.claim(db, site.vault, code=code, person_id=new, now=NINE)
    assert (hall.row(one).person_id, actions(site)) == (new, [("registration.claim_made", f"registration/{one}")])


def test_volunteers_change_nothing_and_take_nothing(site: Site) -> None:
    hall = a_hall(site)
    one = hall.enter(1)
    volunteer = site.visitor(Role.VOLUNTEER)
    posts = (f"{one}/do", f"{one}/claim", "admit", "add", "download", "roster")
    assert [volunteer.post(f"{hall.address}/{path}").status_code for path in posts] == [403] * 6
    assert [volunteer.get(path).status_code for path in (CALLS, f"{hall.address}/add")] == [403, 403]
    assert [volunteer.post(f"{CALLS}/{path}").status_code for path in ("told", "held")] == [403, 403]
    assert logged(site) == []


def filled(visitor: Visitor, hall: Hall, **more: str) -> dict[str, Any]:
    page = visitor.get(f"{hall.address}/add").get_data(as_text=True)
    version = re.findall(r'name="form_version" value="(\d+)"', page)[0]
    return {
        "name": "ยายคำ ปินตา", "phone": "081 234 5678", "party": "2", "way": "paper", "told": "yes", "kind": "self",
        "wording": _HASH.findall(page)[0], "form_version": version, **more,
    }  # fmt: skip


def add(visitor: Visitor, hall: Hall, **more: str) -> tuple[int, str]:
    done = visitor.post(f"{hall.address}/add", data=filled(visitor, hall, **more), follow_redirects=True)
    return done.status_code, text_of(done)


def test_somebody_is_added_by_hand_and_only_once(site: Site) -> None:
    hall = a_hall(site)
    staff = site.visitor(Role.STAFF, name="มาลี")
    question = f"q{hall.question_id}"
    status, said = add(staff, hall, companions="ตาแก้ว\n\n", district="phan", note="นั่งแถวหน้า", **{question: "yes"})
    assert (status, "เพิ่ม ยายคำ ปินตา แล้วค่ะ ได้ที่นั่งแล้ว" in said) == (200, True)
    assert "ยายคำ ปินตา มีชื่ออยู่ก่อนแล้วค่ะ จึงไม่ได้เพิ่มซ้ำ" in add(staff, hall, phone="+66812345678")[1]
    with site.database.reading() as db:
        [row] = db.scalars(select(RegistrationRow))
        [consent] = consents.list_of_registration(db, row.id)
        form = forms.opened(site.vault, row)
    assert (row.way, row.state, row.party_size, row.person_id) == ("paper", "confirmed", 2, None)
    assert (form.name, form.phone, form.companions) == ("ยายคำ ปินตา", "+66812345678", ("ตาแก้ว",))
    assert form.answers == {hall.question_id: "yes"}
    assert (consent.way, len(consent.wording_hash), consent.purpose) == ("paper", 64, "events")
    assert notes(site, hall, row.id) == ["ตกลงให้จดชื่อในใบลงทะเบียน (มาลี เป็นผู้รับข้อมูล)", "นั่งแถวหน้า"]
    assert actions(site) == [("registration.added", f"registration/{row.id}")]


def test_a_form_with_faults_comes_back_filled_in(site: Site) -> None:
    hall = a_hall(site)
    staff = site.visitor(Role.STAFF)
    bad = {"name": "", "phone": "12", "party": "มาก", "told": "", "companions": "ตาแก้ว"}
    page = staff.post(f"{hall.address}/add", data=filled(staff, hall, **bad))
    said = page.get_data(as_text=True)
    wrong = re.findall(r'class="reg-wrong" id="([a-z]+)-wrong"', said)
    assert (page.status_code, wrong, "ตาแก้ว" in said) == (422, ["told", "name", "phone", "party"], True)
    assert add(staff, hall, wording="0" * 64)[0] == 422
    assert add(staff, hall, party="9")[0] == 422
    guessed = staff.post(f"{hall.address}/add", data=filled(staff, hall, phone="812345678"))
    assert (guessed.status_code, 'value="081-234-5678"' in guessed.get_data(as_text=True)) == (422, True)
    assert logged(site) == []


def test_a_form_that_changed_meanwhile_is_shown_again(site: Site) -> None:
    hall = a_hall(site)
    staff = site.visitor(Role.STAFF)
    status, said = add(staff, hall, form_version="0")
    assert (status, "คำถามของงานเพิ่งเปลี่ยนค่ะ" in said, "ใช้รถรับส่งไหม" in said) == (409, True, True)


def test_a_class_is_added_with_its_teacher(site: Site) -> None:
    hall = a_hall(site, for_classes=True, minors="guardian", capacity=60)
    staff = site.visitor(Role.STAFF)
    assert add(staff, hall, kind="class")[0] == 422
    assert add(staff, hall, kind="class", school="บ้านดู่", level="ป.6", party="40")[0] == 200
    with site.database.reading() as db:
        [row] = db.scalars(select(RegistrationRow))
        form = forms.opened(site.vault, row)
    assert (row.kind, row.party_size, form.school) == ("class", 40, forms.School("บ้านดู่", "ป.6"))


def call_off(site: Site, hall: Hall) -> None:
    with site.database.transaction() as db:
        calling_off.call_off(db, event_id=hall.event_id, why="ฝนตกหนัก", now=NINE)


def message_of(site: Site, one: int, kind: str) -> ServiceMessageRow:
    with site.database.reading() as db:
        return next(row for row in registrants.list_messages(db, one) if row.kind == kind)


def test_whom_line_does_not_reach_is_telephoned(site: Site) -> None:
    hall = a_hall(site)
    one = hall.enter(1, person=False, way="staff")
    call_off(site, hall)
    staff = site.visitor(Role.STAFF)
    said = text_of(staff.get(CALLS))
    assert [word in said for word in ("โทร 081-234-0001", "งานนี้ยกเลิกแล้ว เพราะฝนตกหนัก", "ไม่มี LINE")] == [True] * 3
    message = message_of(site, one, "called_off").id
    assert "จดไว้แล้วค่ะว่าโทรแล้ว" in text_of(staff.post(f"{CALLS}/told", data={"message": message}, follow_redirects=True))
    assert "ไม่มีใครต้องโทรบอกค่ะ" in text_of(staff.get(CALLS))
    staff.post(f"{CALLS}/told", data={"message": message})
    staff.post(f"{CALLS}/told", data={"message": message, "do": "undo", "event": hall.event_id})
    assert message_of(site, one, "called_off").telephoned_by is None
    assert [action for action, _ in actions(site)] == ["registration.telephoned", "registration.telephone_undone"]
    assert staff.post(f"{CALLS}/told", data={"message": "999"}).status_code == 404


def test_what_was_held_is_sent_or_dropped(site: Site) -> None:
    hall = a_hall(site)
    one = hall.enter(1)
    with site.database.transaction() as db:
        service_messages.hold_all(db, why="late", now=NINE)
    staff = site.visitor(Role.STAFF)
    assert "เลยเวลาส่งไปเกิน 2 ชั่วโมง" in text_of(staff.get(f"{CALLS}?event={hall.event_id}"))
    reminder, feedback = (message_of(site, one, kind).id for kind in ("reminder/1440", "feedback"))
    asked: tuple[dict[str, object], ...] = (
        {"message": reminder, "do": "release"}, {"message": reminder, "do": "release"},
        {"message": feedback, "do": "drop"}, {"of": hall.event_id, "do": "release"},
        {"of": hall.event_id, "do": "drop"},
    )  # fmt: skip
    assert [staff.post(f"{CALLS}/held", data=data).status_code for data in asked] == [302] * 5
    with site.database.reading() as db:
        found = {row.kind: row.state for row in registrants.list_messages(db, one)}
    assert found == {"reminder/1440": "booked", "reminder/120": "booked", "feedback": "dropped"}
    assert [(action, after) for action, subject, _, after in logged(site) if subject.startswith("event/")] == [
        ("event.messages_released", {"messages": 1, "reminder/120": 1})
    ]
    assert actions(site)[:2] == [
        ("registration.message_released", f"registration/{one}"),
        ("registration.message_dropped", f"registration/{one}"),
    ]  # fmt: skip
    wrong: tuple[dict[str, object], ...] = (
        {"do": "release"},
        {"do": "other", "of": 1},
        {"do": "drop", "of": 1, "message": 1},
    )
    assert [staff.post(f"{CALLS}/held", data=data).status_code for data in wrong] == [400] * 3


def test_an_event_that_was_called_off_takes_nobody(site: Site) -> None:
    hall = a_hall(site)
    call_off(site, hall)
    staff = site.visitor(Role.STAFF)
    assert "งานนี้ยกเลิกแล้วค่ะ" in text_of(staff.get(f"{hall.address}/add", follow_redirects=True))
    with site.database.reading() as db:
        assert events.find(db, hall.event_id).state == "called_off"  # type: ignore[union-attr]
