"""Events out to a file and in again, on each database."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.events import calling_off, exchange, planning
from bot.events.event_draft import Asked, Part, Plan
from bot.events.exchange import Format
from bot.events.exchange_faults import ImportRefused
from bot.events.exchange_rows import Batch
from bot.events.exchange_table import WRITTEN
from bot.events.exchange_weighing import Step
from bot.storage import events, registrations, service_messages
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.vault import Vault
from knowledge.pack import Named, Pack
from tests.bot.events.making import a_person, make_event, sign_up
from tests.builders import NOON

PACK = Pack(
    {"th": "ศูนย์"}, {"th": "เชียงราย"},
    districts=(Named("mae_sai", {"th": "แม่สาย", "en": "Mae Sai"}), Named("phan", {"th": "พาน", "en": "Phan"})),
    programmes=(Named("forum", {"th": "เวที", "en": "Forums"}), Named("school", {"th": "โรงเรียน", "en": "Schools"})),
)  # fmt: skip
MORNING = datetime(2026, 11, 28, 2, tzinfo=UTC)
AFTERNOON = (MORNING + timedelta(hours=4), MORNING + timedelta(hours=6))
FULL = Plan(
    title="=เวที; \"ก\", ข", summary="- บรรทัดแรก\n\nบรรทัดที่สอง", programme="forum", district="mae_sai",
    place_name="@หอประชุม", place_address="1 หมู่ 2", latitude=20.4331, longitude=-99.88,
    online_link="https://example.org/x?a=1", bring="'=น้ำ", contact="+66 53 000 000",
    starts_at=MORNING, ends_at=MORNING + timedelta(hours=30), capacity=40, party_most=4,
    opens_at=MORNING - timedelta(days=9), closes_at=MORNING - timedelta(minutes=1), has_waiting_list=False,
    offer_minutes=0, admits_each=True, phone_rule="required", asks_district=True, asks_companions=True,
    for_classes=True, minors="guardian", purpose="จัดรถ", retention_days=30, reminder_minutes=(2880, 90, 60),
    asks_feedback=False, gives_certificate=True,
    sessions=(
        Part("เช้า | ก\\ข", MORNING, MORNING + timedelta(hours=3)),
        Part("", MORNING, MORNING + timedelta(hours=30)),
    ),
    questions=(
        Asked("มาอย่างไร; รถ|เดิน", "choice", ("รถ;ยนต์", "เดิน|วิ่ง", "a\\b"), required=True),
        Asked("กี่คน", "number"),
    ),
)  # fmt: skip
FORMS: tuple[Format, ...] = ("csv", "xlsx")


def create(db: Session, plan: Plan = FULL, **more: Any) -> EventRow:
    return planning.create(db, plan, created_by=None, now=NOON, pack=PACK, **more)


def exported(db: Session, form: Format) -> bytes:
    return exchange.export_events(db, form, pack=PACK, base_url="https://bot.example.org", now=NOON).data


def read(data: bytes, form: str = "csv") -> Batch:
    return exchange.read_file(f"events.{form}", data, pack=PACK, now=NOON)


def bring_in(db: Session, data: bytes, form: str = "csv") -> tuple[Step, ...]:
    return exchange.import_events(db, read(data, form), pack=PACK, created_by=None, now=NOON)


def a_table(*rows: dict[str, str]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def a_workbook(*rows: list[object]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def plan_of(db: Session, event: EventRow) -> Plan:
    plan = planning.read_plan(db, event)
    return replace(
        plan,
        sessions=tuple(replace(one, id=None) for one in plan.sessions),
        questions=tuple(replace(one, id=None) for one in plan.questions),
    )


def outcomes(steps: tuple[Step, ...]) -> list[str]:
    return [step.outcome for step in steps]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_exported_is_imported_without_a_difference(database: Database, form: Format) -> None:
    with database.transaction() as db:
        first, second, third = create(db), create(db, Plan(title="ยังไม่มีวัน")), create(db, source_key="row 7")
        calling_off.call_off(db, event_id=make_event(db).id, why="ฝน", now=NOON)
        data = exported(db, form)
        steps = bring_in(db, data, form)
        assert sorted(outcomes(steps)) == ["called off", "same", "same", "same"]
        assert [event.version for event in (first, second, third)] == [1, 1, 1]
        assert exported(db, form)[:200] == data[:200]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_exported_makes_the_same_events_elsewhere(sqlite_database: Database, form: Format) -> None:
    with sqlite_database.transaction() as db:
        event = create(db)
        data, was = exported(db, form), event.public_id
        db.delete(event)
        db.flush()
        assert outcomes(bring_in(db, data, form)) == ["new"]
        made = events.find_by_source(db, was)
        assert made is not None
        assert (made.state, plan_of(db, made)) == (events.DRAFT, FULL)
        assert outcomes(bring_in(db, data, form)) == ["same"]
        assert events.count(db) == 1


WORDS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \\|;,\"'=+-@%"), max_size=30).map(
    lambda text: " ".join(text.split())
)
LINES = st.lists(WORDS, max_size=3).map(lambda lines: "\n".join(lines).strip())
MINUTES = st.integers(0, 500_000).map(lambda minutes: MORNING + timedelta(minutes=minutes))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """As the console makes them: texts without space around them, times to the minute."""
    start = draw(MINUTES)
    end = start + timedelta(minutes=draw(st.integers(1, 5_000)))
    parts = st.builds(Part, WORDS, st.just(start), st.just(end)) | st.builds(Part, WORDS, st.none(), st.none())
    choices = st.lists(WORDS.filter(bool), min_size=2, max_size=4, unique=True).map(tuple)
    asked = st.builds(Asked, WORDS.filter(bool), st.sampled_from(["text", "yes_no", "number"]), required=st.booleans())
    chosen = st.builds(Asked, WORDS.filter(bool), st.just("choice"), choices, st.booleans())
    checks = {name: draw(st.booleans()) for name in ("has_waiting_list", "admits_each", "asks_district", "for_classes")}
    return Plan(
        title=draw(WORDS.filter(bool)), summary=draw(LINES), bring=draw(LINES), purpose=draw(LINES),
        contact=draw(WORDS), place_name=draw(WORDS), place_address=draw(WORDS),
        programme=draw(st.sampled_from([None, "forum", "school"])),
        district=draw(st.sampled_from([None, "mae_sai", "phan"])), starts_at=start, ends_at=end,
        capacity=draw(st.none() | st.integers(1, 1000)), party_most=draw(st.integers(1, 20)),
        latitude=draw(st.floats(-90, 90)), longitude=draw(st.floats(-90, 90)),
        offer_minutes=draw(st.integers(0, 4_320)), retention_days=draw(st.integers(1, 730)),
        reminder_minutes=tuple(draw(st.lists(st.integers(10, 43_200), max_size=5, unique=True))),
        phone_rule=draw(st.sampled_from(["no", "optional", "required"])),
        minors=draw(st.sampled_from(["any", "guardian"])), sessions=tuple(draw(st.lists(parts, max_size=3))),
        questions=tuple(draw(st.lists(asked | chosen, max_size=3, unique_by=lambda one: one.label.lower()))), **checks,
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=plans())
def test_any_plan_survives_a_table(sqlite_database: Database, plan: Plan) -> None:
    with sqlite_database.transaction() as db:
        create(db, plan, source_key="x")
        for form in FORMS if len(plan.summary) % 5 == 0 else FORMS[:1]:
            batch = read(exported(db, form), form)
            assert batch.faults == ()
            assert Plan(**batch.events[0].values) == plan
        db.rollback()


def test_a_table_as_people_write_it_is_read(database: Database) -> None:
    rows = a_table(
        {
            "ชื่อกิจกรรม": "เวทีแม่สาย", "วันที่": "28 พ.ย. 69", "เวลา": "9.00-12.00", "อำเภอ": "อ.แม่สาย", "โครงการ": "forums",
            "จำนวนที่นั่ง": "๓๐", "เบอร์โทร": "ต้องมี", "รายชื่อสำรอง": "ไม่มี", "เตือนก่อนถึงวัน": "1 วัน, 2 ชม.",
            "ช่วงย่อย": "28 พ.ย. 69 9.00-10.30 | ช่วงแรก", "คำถามของกิจกรรมนี้": "มาอย่างไร | เลือกหนึ่งข้อ | รถ; เดิน | ต้องตอบ",
            "ปิดรับลงทะเบียน": "27 พ.ย. 69",
        },
        {"ชื่อกิจกรรม": "เวทีค่ำ", "วันที่": "เสาร์ที่ 28 พฤศจิกายน 2569", "เวลา": "บ่ายสองโมง", "สิ้นสุด": "สี่โมงเย็น"},
        {"ชื่อกิจกรรม": "ยังไม่มีวัน"},
    )  # fmt: skip
    with database.transaction() as db:
        steps = bring_in(db, rows)
        assert outcomes(steps) == ["new", "new", "new"]
        morning, evening, undated = (plan_of(db, an_event(db, step)) for step in steps)
    assert morning == Plan(
        title="เวทีแม่สาย", starts_at=MORNING, ends_at=MORNING + timedelta(hours=3), district="mae_sai",
        programme="forum", capacity=30, phone_rule="required", has_waiting_list=False, reminder_minutes=(1440, 120),
        closes_at=datetime(2026, 11, 27, 16, 59, tzinfo=UTC),
        sessions=(Part("ช่วงแรก", MORNING, MORNING + timedelta(minutes=90)),),
        questions=(Asked("มาอย่างไร", "choice", ("รถ", "เดิน"), required=True),),
    )  # fmt: skip
    assert (evening.starts_at, evening.ends_at) == (MORNING + timedelta(hours=5), MORNING + timedelta(hours=7))
    assert undated == Plan(title="ยังไม่มีวัน")


def an_event(db: Session, step: Step) -> EventRow:
    event = events.find(db, step.event_id or 0)
    assert event is not None
    return event


def typed(text: str) -> datetime:
    """As a spreadsheet program has it, without a zone."""
    return datetime.fromisoformat(text)


CELLS: list[tuple[list[object], datetime, datetime]] = [
    ([typed("2026-11-28 09:00"), typed("2026-11-28 12:00")], MORNING, MORNING + timedelta(hours=3)),
    ([typed("2569-11-28 09:00"), time(12)], MORNING, MORNING + timedelta(hours=3)),
    ([typed("2026-11-28 09:59:59.999"), "11.00"], MORNING + timedelta(hours=1), MORNING + timedelta(hours=2)),
    (["28 พ.ย. 69 22.00", time(1)], MORNING + timedelta(hours=13), MORNING + timedelta(hours=16)),
    ([typed("2026-11-28 09:00"), typed("2026-11-29 00:00")], MORNING, MORNING + timedelta(hours=15)),
]


@pytest.mark.parametrize(("cells", "starts_at", "ends_at"), CELLS)
def test_days_and_times_of_a_workbook_are_read_in_both_eras(
    cells: list[object], starts_at: datetime, ends_at: datetime
) -> None:
    batch = read(a_workbook(["title", "start", "end"], ["เวที", *cells]), "xlsx")
    assert batch.faults == ()
    assert (batch.events[0].values["starts_at"], batch.events[0].values["ends_at"]) == (starts_at, ends_at)


def test_a_day_of_a_workbook_in_a_column_of_its_own_is_read() -> None:
    row: list[object] = ["เวที", date(2569, 11, 28), time(9), time(12)]
    values = read(a_workbook(["ชื่อกิจกรรม", "วันที่", "เวลาเริ่ม", "เวลาเลิก"], row), "xlsx").events[0].values
    assert (values["starts_at"], values["ends_at"]) == (MORNING, MORNING + timedelta(hours=3))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_other_programs_is_read(encoding: str, delimiter: str) -> None:
    text = delimiter.join(("Title", "Party_Most")) + "\n" + delimiter.join(('"เวที\nใหญ่"', "3")) + "\n"
    assert read(text.encode(encoding)).events[0].values == {"title": "เวที ใหญ่", "party_most": 3}


def test_what_a_table_does_not_say_stays(database: Database) -> None:
    with database.transaction() as db:
        event = create(db)
        steps = bring_in(db, a_table({"id": event.public_id, "bring": "ร่ม", "summary": "", "party_most": ""}))
        assert [(step.outcome, step.changed) for step in steps] == [("changed", ("summary", "bring"))]
        assert plan_of(db, event) == replace(FULL, bring="ร่ม", summary="")


def test_the_same_file_again_changes_what_it_made(database: Database) -> None:
    first = a_table({"id": "7", "title": "เวที", "start": "28 พ.ย. 69 9.00-12.00"}, {"id": "", "title": "อีกงาน"})
    later = a_table({"id": "7", "title": "เวทีใหญ่", "start": "28 พ.ย. 69 9.00-12.00"}, {"id": "", "title": "อีกงาน"})
    with database.transaction() as db:
        assert outcomes(bring_in(db, first)) == ["new", "new"]
        assert outcomes(bring_in(db, first)) == ["same", "same"]
        assert [(step.outcome, step.changed) for step in bring_in(db, later)] == [("changed", ("title",)), ("same", ())]
        assert sorted(event.title for event in events.list_all(db, limit=9)) == ["อีกงาน", "เวทีใหญ่"]


def test_sessions_and_questions_that_stay_keep_their_numbers(database: Database) -> None:
    with database.transaction() as db:
        event = create(db)
        before = planning.read_plan(db, event)
        sessions = "28 พ.ย. 69 9.00-12.00 | เช้า \\| ก\\\\ข\n28 พ.ย. 69 13.00-15.00 | บ่าย"
        bring_in(db, a_table({"id": event.public_id, "sessions": sessions, "questions": "กี่คน | number | | yes"}))
        after = planning.read_plan(db, event)
        assert after.sessions == (before.sessions[0], Part("บ่าย", *AFTERNOON, before.sessions[1].id))
        assert after.questions == (replace(before.questions[1], required=True),)


def test_people_hear_of_another_time_of_a_published_event(database: Database, vault: Vault) -> None:
    with database.transaction() as db:
        event = make_event(db)
        sign_up(db, vault, event, a_person(db, 1))
        rows = a_table({"id": event.public_id, "start": "5 ธ.ค. 69 13.00-15.00"})
        steps = bring_in(db, rows)
        assert [(step.outcome, step.told, step.consequences.told) for step in steps] == [("changed", True, 1)]
        assert (event.state, event.schedule_version) == (events.PUBLISHED, 2)
        assert service_messages.count_by_state(db, event.id)["changed", "booked"] == 1


def test_what_would_happen_is_told_without_doing_it(database: Database) -> None:
    with database.transaction() as db:
        event = make_event(db)
        rows = a_table({"id": event.public_id, "title": "ใหม่", "start": "5 ธ.ค. 69 13.00-15.00"}, {"title": "ร่าง"})
    with database.reading() as db:
        steps = exchange.weigh(db, read(rows), pack=PACK, now=NOON)
        assert [(step.outcome, step.changed, step.told) for step in steps] == [
            ("changed", ("title", "starts_at", "ends_at"), True), ("new", (), False),
        ]  # fmt: skip
        assert events.count(db) == 1


def test_nothing_is_written_when_anything_is_wrong(database: Database) -> None:
    rows = a_table({"title": "ดี"}, {"title": "ไม่ดี", "programme": "ไม่มีโครงการนี้"})
    with pytest.raises(ImportRefused), database.transaction() as db:
        bring_in(db, rows)
    with database.reading() as db:
        assert events.count(db) == 0


@pytest.mark.parametrize("form", ["csv", "xlsx", "ics"])
def test_an_export_holds_nothing_of_those_who_registered(sqlite_database: Database, vault: Vault, form: Format) -> None:
    with sqlite_database.transaction() as db:
        event = make_event(db)
        before = exported(db, form)
        sign_up(db, vault, event, a_person(db, 1))
        assert registrations.count_by_state(db, event.id) == {"confirmed": (1, 1)}
        assert contents(exported(db, form), form) == contents(before, form)


def contents(data: bytes, form: str) -> object:
    if form != "xlsx":
        return data
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.values) for sheet in book.worksheets}


@pytest.mark.parametrize("form", FORMS)
def test_no_cell_of_an_export_is_run(sqlite_database: Database, form: Format) -> None:
    with sqlite_database.transaction() as db:
        create(db)
        data = exported(db, form)
    if form == "csv":
        row = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
        assert {cell.data_type for cells in sheet for cell in cells} <= {"s", "n"}
        row = dict(zip(*([str(cell.value or "") for cell in cells] for cells in sheet), strict=True))
    shown = [row[WRITTEN[name]] for name in ("title", "summary", "place_name", "bring", "contact", "longitude")]
    assert [text[:2] for text in shown] == ["'=", "'-", "'@", "''", "'+", "'-"]
