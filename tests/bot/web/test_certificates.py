from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.events import certificate_drawing, certificates, check_in
from bot.events.certificate_drawing import Certificate
from bot.events.certificates import Numbered
from bot.events.forms import School
from bot.storage import events, registrations
from bot.storage.events import EventSessionRow
from bot.storage.registrations import RegistrationRow
from tests.bot.events.making import IN_A_WEEK, a_form, a_person, make_event, sign_up
from tests.bot.web.visiting import BASE, Site, arrive, days

AFTER = IN_A_WEEK + days(1)
PLACE_NAMES = ("สมชาย ใจดี", "มาลี ใจดี", "คำ แสนสุข")


def a_place(
    site: Site, *, names: tuple[str, ...] = PLACE_NAMES[:1], came: int | None = None, school: School | None = None,
    **changes: Any,
) -> RegistrationRow:  # fmt: skip
    """Registered, and there in full number unless told otherwise. The event is over by now."""
    site.now = AFTER
    with site.database.transaction() as db:
        event = make_event(db, **{"gives_certificate": True, **changes})
        form = a_form(names[0], companions=names[1:], school=school)
        row = sign_up(db, site.vault, event, a_person(db, 1), party=len(names), form=form).registration
        if came != 0:
            arrive(db, row, IN_A_WEEK, people=came)
    return row


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Certificate]:
    """What is put on pages; the drawing itself has tests of its own."""
    kept: list[Certificate] = []

    def draw(pages: list[Certificate], **_: Any) -> bytes:
        kept.extend(pages)
        return b"%PDF-"

    monkeypatch.setattr(certificate_drawing, "draw", draw)
    return kept


def number(site: Site, row: RegistrationRow, person: int = 0) -> str:
    return certificates.number_of(site.vault, Numbered(row.event_id, row.id, person))


def test_certificate_is_a_file_with_a_page_for_each_name(quick_site: Site) -> None:
    row = a_place(quick_site, names=PLACE_NAMES)

    response = quick_site.client.get(f"/t/{row.ticket}/certificate.pdf", base_url=BASE)

    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert re.findall(rb"/Count (\d+)", response.data) == [b"3"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"].startswith('inline; filename="certificate-')


def test_certificate_says_who_was_where_and_when(site: Site, drawn: list[Certificate]) -> None:
    row = a_place(site)

    site.get(f"/t/{row.ticket}/certificate.pdf")

    assert drawn == [
        Certificate(
            centre="ศูนย์", heading="เกียรติบัตร", given_to="ให้ไว้เพื่อแสดงว่า", name="สมชาย ใจดี", beside_name="",
            has_joined="ได้เข้าร่วมกิจกรรม", title="เวทีแลกเปลี่ยนเรียนรู้", when="เมื่อวันอังคารที่ 1 ธันวาคม 2569", hours="",
            number=f"เลขที่ {number(site, row)}", check="สแกน หรือเปิดที่อยู่นี้ เพื่อตรวจว่าเป็นของจริง",
            check_address=f"{BASE}/c/{number(site, row)}",
        )
    ]  # fmt: skip


def test_certificate_of_a_class_names_the_school(quick_site: Site, drawn: list[Certificate]) -> None:
    row = a_place(quick_site, names=PLACE_NAMES, school=School("โรงเรียนแม่สาย", "ม.5/2"))

    quick_site.get(f"/t/{row.ticket}/certificate.pdf")

    assert [(page.name, page.beside_name) for page in drawn] == [(name, "โรงเรียนแม่สาย ม.5/2") for name in PLACE_NAMES]


def test_certificate_of_several_days_has_the_hours_of_the_sessions(quick_site: Site, drawn: list[Certificate]) -> None:
    with quick_site.database.transaction() as db:
        event = make_event(db, gives_certificate=True, ends_at=IN_A_WEEK + days(1.125))
        parts = [
            EventSessionRow(
                event_id=event.id, position=one, title="", starts_at=IN_A_WEEK + days(one),
                ends_at=IN_A_WEEK + days(one) + timedelta(minutes=150),
            )
            for one in (0, 1)
        ]  # fmt: skip
        events.replace_sessions(db, event.id, parts)
        row = sign_up(db, quick_site.vault, event, a_person(db, 1)).registration
        arrive(db, row, IN_A_WEEK)
    quick_site.now = AFTER + days(1)

    for language in ("en", "th"):
        quick_site.get(f"/t/{row.ticket}/certificate.pdf?lang={language}")

    assert [(page.when, page.hours) for page in drawn] == [
        ("1–2 December 2026", "2.5 hours in all"), ("เมื่อวันที่ 1–2 ธันวาคม 2569", "รวม 2.5 ชั่วโมง"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"gives_certificate": False}, 404, "งานนี้ไม่มีเกียรติบัตรค่ะ"),
        (
            {"ends_at": AFTER + days(1)},
            403,
            "เกียรติบัตรจะเปิดได้หลังงานจบค่ะ (1–3 ธันวาคม 2569 เริ่ม 12:00 น.)",
        ),
        (
            {"came": 0},
            404,
            "ไม่พบการเช็กอินในวันงานค่ะ ถ้าคุณมาจริง ทักแชต LINE ของศูนย์ให้เจ้าหน้าที่ช่วยดูได้เลยนะคะ",
        ),
        (
            {"names": ("王小明",)},
            404,
            "ชื่อมีตัวอักษรที่พิมพ์ลงเกียรติบัตรไม่ได้ค่ะ ทักแชต LINE ของศูนย์ให้เจ้าหน้าที่ช่วยแก้ชื่อได้เลยนะคะ",
        ),
    ],
)
def test_no_certificate_is_said_kindly(quick_site: Site, values: dict[str, Any], status: int, said: str) -> None:
    row = a_place(quick_site, **values)

    words = quick_site.read(f"/t/{row.ticket}/certificate.pdf", status)

    assert words == f"ยังไม่มีเกียรติบัตร {said} ดูกิจกรรมทั้งหมด"


def test_certificate_of_fewer_than_are_named_asks_who_came(quick_site: Site, drawn: list[Certificate]) -> None:
    row = a_place(quick_site, names=PLACE_NAMES, came=2)
    path = f"/t/{row.ticket}/certificate.pdf"

    asked = quick_site.read(path)
    none, too_many = quick_site.read(f"{path}?who=", 422), quick_site.read(f"{path}?who=0&who=1&who=2&who=3&who=x", 422)
    quick_site.get(f"{path}?who=&who=0&who=2&who=2")

    assert asked == (
        "เกียรติบัตร เวทีแลกเปลี่ยนเรียนรู้ ใครมาบ้าง วันงานเช็กอินไว้ 2 คน จากที่ลงชื่อไว้ 3 คน เลือกชื่อคนที่มาจริง ไม่เกิน 2 คนค่ะ "
        "สมชาย ใจดี มาลี ใจดี คำ แสนสุข เปิดเกียรติบัตร"
    )
    assert ["เลือกอย่างน้อย 1 ชื่อ และไม่เกิน 2 คนนะคะ" in page for page in (none, too_many)] == [True, True]
    assert [(page.name, page.number.split()[1]) for page in drawn] == [
        ("สมชาย ใจดี", number(quick_site, row, 0)), ("คำ แสนสุข", number(quick_site, row, 2)),
    ]  # fmt: skip


def test_certificate_outlives_its_ticket(quick_site: Site, drawn: list[Certificate]) -> None:
    row = a_place(quick_site)
    quick_site.now = AFTER + days(60)

    quick_site.get(f"/t/{row.ticket}", 410)
    quick_site.get(f"/t/{row.ticket}/certificate.pdf")

    assert len(drawn) == 1


def test_certificate_of_an_unknown_ticket(quick_site: Site) -> None:
    assert quick_site.read(f"/t/{'A' * 32}/certificate.pdf", 404).startswith("ไม่พบบัตรนี้")


def test_ticket_offers_the_certificate_once_there_is_one(quick_site: Site) -> None:
    row = a_place(quick_site)

    after = quick_site.get(f"/t/{row.ticket}")
    quick_site.now = IN_A_WEEK
    before = quick_site.get(f"/t/{row.ticket}")

    assert [f"/t/{row.ticket}/certificate.pdf" in page for page in (before, after)] == [False, True]


def test_number_is_genuine_and_tells_part_of_the_name(site: Site) -> None:
    row = a_place(site, names=PLACE_NAMES)

    words = site.read(f"/c/{number(site, row, 1)}")

    assert words == (
        "เกียรติบัตร เป็นของจริงค่ะ ศูนย์ ออกเกียรติบัตรเลขที่นี้ กิจกรรม เวทีแลกเปลี่ยนเรียนรู้ วันเวลา วันอังคารที่ 1 ธันวาคม 2569 "
        f"ชื่อ มาลี ใ… เลขที่ {number(site, row, 1)} แสดงชื่อบางส่วน เพื่อรักษาความเป็นส่วนตัว เทียบกับชื่อบนเกียรติบัตรได้เลยค่ะ"
    )


def test_number_is_genuine_still_when_the_registration_is_emptied_or_deleted(site: Site) -> None:
    row, deleted = a_place(site), a_place(site, came=0)
    with site.database.transaction() as db:
        registrations.empty(db, row.event_id)
        db.delete(db.merge(deleted))

    words = site.read(f"/c/{number(site, row)}")

    assert site.read(f"/c/{number(site, deleted)}").startswith("เกียรติบัตร เป็นของจริงค่ะ")
    assert words.startswith("เกียรติบัตร เป็นของจริงค่ะ")
    assert words.endswith("ลบข้อมูลชื่อแล้วตามกำหนด จึงเทียบชื่อให้ไม่ได้ค่ะ")
    assert "สมชาย" not in words


def test_number_of_a_check_in_that_was_undone_is_not_genuine(quick_site: Site) -> None:
    row = a_place(quick_site)
    with quick_site.database.transaction() as db:
        check_in.undo(db, registration_id=row.id, key="undo", now=AFTER)

    assert quick_site.read(f"/c/{number(quick_site, row)}", 404).startswith("ตรวจเกียรติบัตร ไม่พบเลขที่นี้")


def test_number_that_we_never_gave(site: Site) -> None:
    words = site.read("/c/7K3M-Q2WX-ABCD-EFGH-JKMN", 404)

    assert words == (
        "ตรวจเกียรติบัตร ไม่พบเลขที่นี้ เราไม่เคยออกเกียรติบัตรเลขที่นี้ค่ะ ลองดูอีกครั้งว่าพิมพ์ครบ 20 ตัวไหมนะคะ "
        "เลขที่เกียรติบัตร พิมพ์เลขที่บนเกียรติบัตร 20 ตัว (มีขีดหรือไม่มีก็ได้) ตรวจ"
    )


def test_number_can_be_typed_as_it_stands_on_paper(quick_site: Site) -> None:
    row = a_place(quick_site)
    typed = number(quick_site, row).lower().replace("-", " ")

    response = quick_site.client.get(
        "/c/", query_string={"number": typed, "lang": "en"}, base_url=BASE, follow_redirects=True
    )

    assert response.request.path == f"/c/{typed}"
    assert "It is genuine" in response.get_data(as_text=True)
    assert "Check a certificate" in quick_site.get("/c/?lang=en")


def test_wrong_numbers_from_one_place_are_refused_for_a_minute(quick_site: Site) -> None:
    row = a_place(quick_site)
    for _ in range(30):
        quick_site.guesses.note("127.0.0.1")

    refused = quick_site.client.get(f"/c/{number(quick_site, row)}", base_url=BASE)

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
