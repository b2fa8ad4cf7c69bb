"""Events that are changed, copied, called off or removed, by one person and by two."""

from __future__ import annotations

import pytest

from bot.console import event_words
from bot.faq.library import NothingPublished
from bot.outreach.permissions import Role
from bot.storage import events, registrations, service_messages
from bot.storage.events import EventRow
from tests.bot.console.test_events import (
    NEW,
    SAID,
    WHOLE,
    create,
    crowd,
    form_of,
    hidden_of,
    lines,
    publish,
    save,
    staff,
    the_event,
)  # fmt: skip
from tests.bot.console.visiting import Site, text_of
from tests.bot.events.making import a_person, sign_up


def told(site: Site, event: EventRow) -> dict[str, int]:
    with site.database.reading() as db:
        found = service_messages.count_by_state(db, event.id)
    return {state: number for (kind, state), number in found.items() if kind == "changed"}


def test_another_time_is_confirmed_with_whom_it_is_told_to(site: Site) -> None:
    visitor = staff(site)
    create(visitor)
    event = publish(site, visitor)
    crowd(site, event)
    address = f"/console/events/{event.id}/edit"
    asked = visitor.post(address, data=form_of(visitor, event, starts="12 ธ.ค. 69 บ่ายสอง", ends="16.00"))
    said = text_of(asked)
    assert "วันเสาร์ที่ 12 ธันวาคม 2569 เวลา 14:00–16:00 น." in said
    assert "แจ้งผู้ลงทะเบียน บอกเวลา สถานที่ และลิงก์ล่าสุด ทาง LINE 1 ราย อีก 2 รายต้องโทรบอกเอง" in said
    visitor.post(address, data={**hidden_of(asked), "tells": "1", "do": "save"})
    assert the_event(site).schedule_version == 2
    assert told(site, event) == {"booked": 2, "failed": 1}
    action, before, after = lines(site)[-1]
    assert (action, before, after) == (
        "event.amended",
        {"starts_at": "2026-12-12T02:00:00+00:00", "ends_at": "2026-12-12T05:00:00+00:00"},
        {
            "starts_at": "2026-12-12T07:00:00+00:00", "ends_at": "2026-12-12T09:00:00+00:00", "told": 3,
            "by_telephone": 2,
        },
    )  # fmt: skip


def test_who_unticks_it_tells_nobody(site: Site) -> None:
    visitor = staff(site)
    create(visitor)
    event = publish(site, visitor)
    crowd(site, event)
    address = f"/console/events/{event.id}/edit"
    asked = visitor.post(address, data=form_of(visitor, event, place_name="วัดกลาง"))
    assert "คุณหมายถึง" not in text_of(asked)
    visitor.post(address, data={**hidden_of(asked), "do": "save"})
    assert the_event(site).place_name == "วัดกลาง"
    assert told(site, event) == {}


def test_fewer_seats_than_people_are_said_so_with_the_number(site: Site) -> None:
    visitor = staff(site)
    create(visitor)
    event = publish(site, visitor)
    crowd(site, event)
    address = f"/console/events/{event.id}/edit"
    asked = visitor.post(address, data=form_of(visitor, event, capacity="1"))
    assert "ที่นั่งน้อยกว่าคนที่ได้ที่แล้ว 3 ที่ค่ะ ไม่มีใครถูกตัดชื่อ" in text_of(asked)
    done = visitor.post(address, data={**hidden_of(asked), "do": "save"})
    assert "ตอนนี้มีคนมากกว่าที่นั่ง 3 คนค่ะ" in text_of(visitor.get(done.location))
    with site.database.reading() as db:
        assert registrations.count_seats(db, event.id) == 4


def test_two_editors_lose_nothing(site: Site) -> None:
    one, other = staff(site), site.visitor(Role.ADMINISTRATOR)
    create(one)
    event = the_event(site)
    address = f"/console/events/{event.id}/edit"
    mine = form_of(one, event, title="เวทีของฉัน", bring="หมวก")
    save(other, address, form_of(other, event, title="เวทีของเขา", contact="ป้าคำ", q0_label="มาอย่างไร", q0_kind="text"))
    conflict = one.post(address, data=mine)
    shown, said = conflict.get_data(as_text=True), text_of(conflict)
    assert conflict.status_code == 409
    assert event_words.CHANGED in said
    for value in ("เวทีของฉัน", "ป้าคำ", "มาอย่างไร"):
        assert f'value="{value}"' in shown
    assert "อีกคนใส่ว่า เวทีของเขา" in said
    assert the_event(site).title == "เวทีของเขา"
    found = hidden_of(conflict)
    again = {
        **mine,
        "contact": "ป้าคำ",
        "version": found["version"],
        "was": found["was"],
        "q0_label": "มาอย่างไร",
        "q0_kind": "text",
        "q0_id": found["q0_id"],
    }
    assert one.post(address, data=again).status_code == 302
    event = the_event(site)
    assert (event.title, event.bring, event.contact, event.version) == ("เวทีของฉัน", "หมวก", "ป้าคำ", 3)


def test_calling_off_takes_a_reason_and_one_step_more(site: Site) -> None:
    visitor = staff(site)
    create(visitor)
    event = publish(site, visitor)
    crowd(site, event)
    address = f"/console/events/{event.id}/call-off"
    assert visitor.post(address, data={"do": "yes", "why": " "}).status_code == 422
    assert visitor.post(address, data={"do": "yes", "why": "ก" * 501}).status_code == 422
    asked = visitor.post(address, data={"do": "look", "why": "ฝนตกหนัก <ถนนขาด>"})
    said = text_of(asked)
    assert "แจ้งทาง LINE 1 ราย" in said
    assert "ต้องโทรบอกเอง 2 ราย" in said
    assert the_event(site).state == "published"
    done = visitor.post(address, data={**hidden_of(asked), "do": "yes"})
    event = the_event(site)
    assert (event.state, event.called_off_why) == ("called_off", "ฝนตกหนัก <ถนนขาด>")
    assert "กำลังแจ้งทาง LINE 1 ราย อีก 2 รายต้องโทรบอกเอง" in text_of(visitor.get(done.location))
    assert lines(site)[-1][0] == "event.called_off"
    assert visitor.post(address, data={"do": "yes", "why": "อีกครั้ง"}).status_code == 302
    assert [action for action, _, _ in lines(site)].count("event.called_off") == 1
    assert visitor.get(f"/console/events/{event.id}/edit").status_code == 302


def test_a_copy_asks_for_new_days(site: Site) -> None:
    visitor = staff(site)
    create(visitor)
    first = publish(site, visitor)
    made = visitor.post(f"/console/events/{first.id}/copy")
    event = the_event(site)
    assert made.location == f"/console/events/{event.id}/edit"
    assert 'id="starts" name="starts" value=""' in visitor.get(made.location).get_data(as_text=True)
    assert (event.state, event.title, lines(site)[-1][0]) == ("draft", first.title, "event.copied")


def test_only_a_draft_is_removed(site: Site) -> None:
    visitor = staff(site)
    create(visitor)
    event = the_event(site)
    address = f"/console/events/{event.id}/remove"
    assert visitor.post(address, data={"version": "9"}).location == f"/console/events/{event.id}"
    visitor.post(address, data={"version": "1"})
    assert (visitor.get(f"/console/events/{event.id}").status_code, lines(site)[-1][0]) == (404, "event.removed")
    create(visitor)
    published = publish(site, visitor)
    visitor.post(f"/console/events/{published.id}/remove", data={"version": str(published.version)})
    assert the_event(site).id == published.id


def test_volunteers_look_and_do_not_touch(site: Site) -> None:
    visitor = staff(site)
    create(visitor, online_link="https://meet.example.org/secret")
    event = publish(site, visitor)
    volunteer = site.visitor(Role.VOLUNTEER)
    answer = volunteer.get(f"/console/events/{event.id}")
    page = answer.get_data(as_text=True)
    assert SAID in text_of(answer)
    assert "meet.example.org" not in page
    assert "/edit" not in page
    assert volunteer.get(NEW).status_code == 403
    for step in ("edit", "publish", "call-off", "copy", "remove"):
        assert volunteer.post(f"/console/events/{event.id}/{step}", data={"version": "1"}).status_code == 403
    assert the_event(site).state == "published"


def test_more_seats_go_to_those_who_wait(site: Site) -> None:
    visitor = staff(site)
    create(visitor, capacity="2")
    event = publish(site, visitor)
    with site.database.transaction() as db:
        row = events.find(db, event.id)
        assert row is not None
        for number in range(2):
            sign_up(db, site.vault, row, a_person(db, number), party=2, now=site.now)
    done = visitor.post(f"/console/events/{event.id}/edit", data=form_of(visitor, event, capacity="10"))
    assert done.status_code == 302
    assert "คนที่รออยู่ได้ที่นั่งหรือกำลังถูกถาม 1 รายค่ะ" in text_of(visitor.get(done.location))


def test_without_published_content_events_are_planned_all_the_same(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = staff(site)

    def nothing() -> None:
        raise NothingPublished

    monkeypatch.setattr(site.premises.library, "current", nothing)
    create(visitor, programme="", district="")
    event = publish(site, visitor)
    assert visitor.get(f"/console/events/{event.id}").status_code == 200
    assert save(visitor, NEW, {**WHOLE, "district": "phan"}).status_code == 422
