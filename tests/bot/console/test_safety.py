from __future__ import annotations

from datetime import timedelta

import pytest

from bot import thai_dates
from bot.console import safety
from bot.outreach.permissions import Role
from bot.storage import audit, backups, holds, service_messages
from tests.bot.console.visiting import Site, Visitor, text_of
from tests.bot.events.making import a_person, make_event, sign_up

HOUR = timedelta(hours=1)


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor(Role.ADMINISTRATOR, name="malee")


def hold(site: Site, why: str = "restored") -> None:
    with site.database.transaction() as db:
        holds.begin(db, holds.SENDING, why=why, now=site.now)


def is_held(site: Site) -> bool:
    with site.database.reading() as db:
        return holds.is_sending_held(db)


def note(site: Site, *, hours: int, error: str = "", places: tuple[str, ...] = ("here",), fails: bool = False) -> None:
    at = site.now - hours * HOUR
    with site.database.transaction() as db:
        name = f"civicbot-{at:%Y%m%dT%H%M%SZ}.tar"
        row_id = backups.begin(db, name=name, encrypted=False, now=at)
        if fails:
            backups.fail(db, row_id, error=error)
        else:
            backups.finish(db, row_id, size=1_500_000, sha256="0" * 64, places=places, error=error, now=at)


def test_before_the_first_it_says_that_there_is_none(visitor: Visitor) -> None:
    page = text_of(visitor.get("/console/safety"))
    assert "ยังไม่มีข้อมูลสำรองที่ใช้ได้ค่ะ" in page
    assert "มีที่เดียว ถ้าเครื่องนี้เสียข้อมูลจะหายหมดค่ะ" in page
    assert "ต้องเก็บแยกไว้ที่อื่น" in page


def test_each_stands_there_with_what_became_of_it(site: Site, visitor: Visitor) -> None:
    note(site, hours=72)
    note(site, hours=48, error="/mnt/second: No space left on device")
    note(site, hours=30, error="not_written: No space left on device", fails=True)
    note(site, hours=3, places=("here", "s3"))
    page = text_of(visitor.get("/console/safety"))
    assert "3 ชั่วโมงก่อน (30 พฤศจิกายน 2569 เวลา 06:00 น.)" in page
    assert "เก่าเกินหนึ่งวัน" not in page
    states = [word for word in page.split() if word in {"ครบ", "ขาดที่เก็บที่สอง", "ไม่สำเร็จ"}]
    assert states == ["ครบ", "ไม่สำเร็จ", "ขาดที่เก็บที่สอง", "ครบ"]
    assert "เครื่องนี้ · ที่เก็บ S3 · 1.5 MB" in page


def test_one_that_is_more_than_a_day_old_is_complained_of(site: Site, visitor: Visitor) -> None:
    note(site, hours=50)
    assert "2 วันก่อน (28 พฤศจิกายน 2569 เวลา 07:00 น.) เก่าเกินหนึ่งวันแล้วค่ะ" in text_of(visitor.get("/console/safety"))


def test_what_waits_is_shown_and_one_word_lets_it_go_on(site: Site, visitor: Visitor) -> None:
    with site.database.transaction() as db:
        sign_up(db, site.vault, make_event(db), a_person(db, 1))
        held = service_messages.hold_all(db, why="restored", now=site.now)
    hold(site)
    page = text_of(visitor.get("/console/safety"))
    assert f"ข้อความถึงผู้ลงทะเบียน {held} ข้อความ" in page
    answer = visitor.post("/console/safety/confirm", {"since": site.now.isoformat(), "seen": "1"})
    assert answer.status_code == 302
    assert not is_held(site)
    assert safety.GOES_ON in text_of(visitor.get("/console/safety"))
    with site.database.reading() as db:
        assert next(line.action for line in audit.list_entries(db)) == "sending.confirmed"


def test_who_said_no_since_the_copy_is_said_to_be_unknown(site: Site, visitor: Visitor) -> None:
    with site.database.transaction() as db:
        backups.begin(db, name="a", encrypted=False, now=site.now - HOUR)
    hold(site)
    moment = thai_dates.date_and_time(site.now - HOUR)
    assert f"คนที่บอกไม่รับข่าว ถอนความยินยอม หรือขอให้เก็บข้อมูลไว้เฉย ๆ หลัง {moment} ข้อมูลชุดนี้ไม่รู้" in text_of(
        visitor.get("/console/safety")
    )


@pytest.mark.parametrize(
    ("data", "why", "says"),
    [
        ({"seen": "1"}, "restored", safety.CHANGED),
        ({"since": "2026-01-01T00:00:00+00:00", "seen": "1"}, "restored", safety.CHANGED),
        ({"since": "now"}, "restored", safety.SEEN_TICK),
        ({"since": "now", "seen": "1"}, "unfinished", safety.NOT_THROUGH),
    ],
)
def test_without_having_looked_nothing_goes_on(
    site: Site, visitor: Visitor, data: dict[str, str], why: str, says: str
) -> None:
    hold(site, why)
    filled = {name: site.now.isoformat() if value == "now" else value for name, value in data.items()}
    answer = visitor.post("/console/safety/confirm", filled)
    assert answer.status_code == 409
    assert says in text_of(answer)
    assert is_held(site)


def test_twice_is_as_good_as_once(site: Site, visitor: Visitor) -> None:
    hold(site)
    for _ in range(2):
        answer = visitor.post("/console/safety/confirm", {"since": site.now.isoformat(), "seen": "1"})
        assert answer.status_code == 302


@pytest.mark.parametrize("role", [Role.STAFF, Role.VOLUNTEER])
def test_nobody_else_sees_it_or_lets_it_go_on(site: Site, role: Role) -> None:
    hold(site)
    other = site.visitor(role)
    assert other.get("/console/safety").status_code == 403
    assert other.post("/console/safety/confirm", {"since": site.now.isoformat(), "seen": "1"}).status_code == 403
    assert is_held(site)
