"""/me/<token>: everything that is held about somebody, for whoever has the link, for an hour."""

from __future__ import annotations

import csv
import io
import logging
from datetime import timedelta

import pytest

from bot.privacy import links
from bot.storage import people
from bot.web import quiet_logs
from bot.web.guesses import Guesses
from bot.web.my_data import STYLE
from tests.bot.privacy.holding import PICTURE, Somebody, use_everything
from tests.bot.web.visiting import BASE, Site
from tests.builders import MALEE, NOON

NOBODYS = "A" * 43


def somebody(site: Site) -> tuple[str, Somebody]:
    """With a link of theirs."""
    with site.database.transaction() as db:
        someone = use_everything(db, site.vault)
        return f"/me/{links.open_link(db, person_id=someone.person_id, now=site.now)}", someone


def test_page_shows_everything(site: Site) -> None:
    address, someone = somebody(site)
    page = site.read(address)
    assert {what: canary for what, canary in someone.canaries.items() if canary not in page} == {}
    assert "นี่คือข้อมูลทั้งหมดที่ศูนย์เก็บเกี่ยวกับคุณ เมื่อ 24 พฤศจิกายน 2569 เวลา 12:00 น." in page
    assert "เปิดได้ถึง 24 พฤศจิกายน 2569 เวลา 13:00 น." in page


def test_page_is_kept_by_nobody_and_loads_nothing_from_elsewhere(quick_site: Site) -> None:
    address, _ = somebody(quick_site)
    for path in (address, f"{address}/data.json", f"{address}/data.csv"):
        response = quick_site.client.get(path, base_url=BASE)
        headers = response.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert "Set-Cookie" not in headers
    page = quick_site.get(address)
    assert [part for part in ("<script", "style=", "http://", "https://") if part in page] == []


def test_page_speaks_english_when_asked(quick_site: Site) -> None:
    address, _ = somebody(quick_site)
    page = quick_site.read(f"{address}?lang=en")
    assert page.startswith("What the centre holds about you This is everything")
    assert f'href="{address}/data.csv?lang=en"' in quick_site.get(f"{address}?lang=en")


def test_files_can_be_taken_away(quick_site: Site) -> None:
    address, someone = somebody(quick_site)
    as_json = quick_site.client.get(f"{address}/data.json", base_url=BASE)
    table = quick_site.client.get(f"{address}/data.csv", base_url=BASE)
    assert as_json.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert table.headers["Content-Disposition"] == 'attachment; filename="my-data.csv"'
    parts = {part["name"] for part in as_json.get_json()["parts"]}
    assert {"person", "registrations", "cases", "consents"} <= parts
    rows = list(csv.reader(io.StringIO(table.get_data().decode("utf-8-sig"))))
    cells = "\n".join(cell for row in rows for cell in row)
    assert {what: canary for what, canary in someone.canaries.items() if canary not in cells} == {}


def test_picture_is_shown_to_its_sender_alone(quick_site: Site) -> None:
    address, someone = somebody(quick_site)
    assert f'src="{address}/picture-{someone.picture_id}.jpg"' in quick_site.get(address)
    picture = quick_site.client.get(f"{address}/picture-{someone.picture_id}.jpg", base_url=BASE)
    assert (picture.get_data(), picture.content_type) == (PICTURE, "image/jpeg")
    with quick_site.database.transaction() as db:
        other = people.find_or_create(db, line_user_id=MALEE, now=NOON)
        theirs = links.open_link(db, person_id=other.id, now=NOON)
    quick_site.get(f"/me/{theirs}/picture-{someone.picture_id}.jpg", 404)
    quick_site.get(f"{address}/picture-999999.jpg", 404)


def test_after_an_hour_it_says_kindly_how_to_get_a_new_one(quick_site: Site) -> None:
    address, someone = somebody(quick_site)
    quick_site.now += timedelta(hours=1)
    for path in (address, f"{address}/data.json", f"{address}/data.csv", f"{address}/picture-{someone.picture_id}.jpg"):
        said = quick_site.read(path, 410)
        assert said.startswith("ลิงก์นี้ใช้ไม่ได้แล้ว ลิงก์ดูข้อมูลเปิดได้ 1 ชั่วโมง")
        assert "พิมพ์ว่า “ข้อมูลของฉัน”" in said


@pytest.mark.parametrize("token", [NOBODYS, "x", "ก" * 43, "%00" * 5, "a'b"])
def test_unknown_link_says_so_kindly(quick_site: Site, token: str) -> None:
    assert quick_site.read(f"/me/{token}", 404).startswith("เปิดลิงก์นี้ไม่ได้")


def test_link_of_somebody_who_was_erased_leads_nowhere(quick_site: Site) -> None:
    with quick_site.database.transaction() as db:
        row = people.find_or_create(db, line_user_id=MALEE, now=NOON)
        address = f"/me/{links.open_link(db, person_id=row.id, now=NOON)}"
        db.flush()
        db.delete(row)
    quick_site.get(address, 404)


def test_who_is_erased_while_the_page_is_made_leads_nowhere_either(
    quick_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = links.Open(999, "th", NOON + timedelta(hours=1))
    monkeypatch.setattr(links, "find_by_token", lambda *_, **__: nobody)
    assert quick_site.read(f"/me/{NOBODYS}", 404).startswith("เปิดลิงก์นี้ไม่ได้")


def test_guesses_are_limited_and_cost_the_owner_nothing_for_long(quick_site: Site) -> None:
    clock = [0.0]
    quick_site.guesses = Guesses(most=3, clock=lambda: clock[0])
    quick_site.__post_init__()
    address, _ = somebody(quick_site)
    for _ in range(3):
        quick_site.get(f"/me/{NOBODYS}", 404)
    quick_site.get(address, 429)
    clock[0] += 61
    quick_site.get(address)


def test_nothing_is_changed_by_looking(quick_site: Site) -> None:
    address, _ = somebody(quick_site)
    quick_site.get(address)
    quick_site.client.post(address, base_url=BASE)
    assert quick_site.client.post(address, base_url=BASE).status_code == 405


def test_the_address_is_in_no_log(quick_site: Site, caplog: pytest.LogCaptureFixture) -> None:
    address, _ = somebody(quick_site)
    token = address.removeprefix("/me/")
    record = logging.LogRecord("werkzeug", logging.INFO, "", 1, '"GET %s/data.csv HTTP/1.1" 200', (address,), None)
    assert quick_site.get(address)
    assert quick_logs_hide(record) == '"GET /me/…/data.csv HTTP/1.1" 200'
    assert token not in caplog.text


def quick_logs_hide(record: logging.LogRecord) -> str:
    assert quiet_logs.HideTickets().filter(record)
    return record.getMessage()


def test_style_is_served_by_ourselves(quick_site: Site) -> None:
    address, _ = somebody(quick_site)
    assert f"/e/-/{STYLE}?v=" in quick_site.get(address)
    with quick_site.client.get(f"/e/-/{STYLE}", base_url=BASE) as style:
        assert (style.status_code, style.mimetype) == (200, "text/css")
