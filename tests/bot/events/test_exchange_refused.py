"""Files of events that are wrong: nothing of them is taken, and all that is wrong is told at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter

from bot.events import exchange, exchange_xlsx
from bot.events.event_checks import Fault
from bot.events.exchange_faults import ImportRefused, Reason
from bot.events.exchange_table import MOST_EVENTS, MOST_ROWS, WRITTEN
from bot.storage import events
from bot.storage.engine import Database
from bot.thai_date_reading import CannotRead
from bot.thai_date_reading import Fault as DateFault
from tests.bot.events.making import make_event
from tests.bot.events.test_exchange import FULL, PACK, a_table, a_workbook, bring_in, create, read
from tests.builders import NOON

Place = tuple[int | None, str | None, str, int | None]


def places(refused: ImportRefused) -> list[Place]:
    """An unread day by why it was not read."""
    found = []
    for fault in refused.faults:
        reason = fault.reason.fault if isinstance(fault.reason, CannotRead) else fault.reason
        found.append((fault.row, fault.column, str(reason.value), fault.part))
    return found


CELLS: dict[str, tuple[dict[str, str], list[Place]]] = {
    "no title": ({"title": "", "bring": "x"}, [(2, "title", Fault.MISSING, None)]),
    "too long title": ({"title": "ก" * 201}, [(2, "title", Fault.TOO_LONG, None)]),
    "too long cell": ({"title": "ก", "summary": "ก" * 20_001}, [
        (2, "summary", Reason.TOO_LONG, None), (2, "summary", Fault.TOO_LONG, None),
    ]),
    "too long id": ({"title": "ก", "id": "x" * 201}, [(2, "id", Reason.TOO_LONG, None)]),
    "letter that cannot be shown": ({"title": "ก\x07"}, [(2, "title", Reason.UNREADABLE_LETTER, None)]),
    "no such programme": ({"title": "ก", "โครงการ": "ดนตรี"}, [(2, "โครงการ", Fault.UNKNOWN, None)]),
    "no such district": ({"title": "ก", "district": "ปาย"}, [(2, "district", Fault.UNKNOWN, None)]),
    "no number": ({"title": "ก", "capacity": "สามสิบ"}, [(2, "capacity", Reason.NOT_A_NUMBER, None)]),
    "number too high": ({"title": "ก", "party": "21"}, [(2, "party", Fault.OUT_OF_RANGE, None)]),
    "half a place": ({"title": "ก", "lat": "19.9"}, [(2, "lat", Fault.HALF, None)]),
    "no yes": ({"title": "ก", "waiting list": "บางที"}, [(2, "waiting list", Reason.NOT_A_CHOICE, None)]),
    "no rule": ({"title": "ก", "phone": "อาจจะ"}, [(2, "phone", Reason.NOT_A_CHOICE, None)]),
    "no reminder": ({"title": "ก", "reminders": "2 ปี"}, [(2, "reminders", Reason.MALFORMED, None)]),
    "no state": ({"title": "ก", "state": "ลับ"}, [(2, "state", Reason.NOT_A_CHOICE, None)]),
    "no link": ({"title": "ก", "link": "http://x.org"}, [(2, "link", Fault.NOT_HTTPS, None)]),
    "no day": ({"title": "ก", "start": "9.00"}, [(2, "start", DateFault.NO_DATE.value, None)]),
    "no time": ({"title": "ก", "start": "28 พ.ย. 69"}, [(2, "start", DateFault.NO_TIME.value, None)]),
    "no such day": ({"title": "ก", "start": "31 พ.ย. 69 9.00"}, [(2, "start", DateFault.NO_SUCH_DATE.value, None)]),
    "other weekday": (
        {"title": "ก", "start": "วันศุกร์ที่ 28 พ.ย. 69 9.00"}, [(2, "start", DateFault.OTHER_WEEKDAY.value, None)],
    ),
    "no end": ({"title": "ก", "start": "28 พ.ย. 69 9.00", "end": ""}, [(2, "end", Fault.HALF, None)]),
    "end only": ({"title": "ก", "start": "", "end": "28 พ.ย. 69 9.00"}, [(2, "start", DateFault.EMPTY.value, None)]),
    "two ends": ({"title": "ก", "start": "28 พ.ย. 69 9.00-12.00", "end": "13.00"}, [(2, "end", Reason.TWO_ENDS, None)]),
    "end before start": ({"title": "ก", "start": "28 พ.ย. 69 9.00", "end": "8.00"}, [
        (2, "end", DateFault.ENDS_BEFORE_START.value, None),
    ]),
    "session outside": ({"title": "ก", "start": "28 พ.ย. 69 9.00-12.00", "sessions": "29 พ.ย. 69 9.00-10.00 | x"}, [
        (2, "sessions", Fault.OUTSIDE, 1),
    ]),
    "session unread": ({"title": "ก", "sessions": "28 พ.ย. 69 9.00-10.00|ก\n9.00-10.00|ข"}, [
        (2, "sessions", DateFault.NO_DATE.value, 2),
    ]),
    "question of no kind": ({"title": "ก", "questions": "ถามดี\nกี่คน|เลข"}, [(2, "questions", Reason.MALFORMED, 2)]),
    "choice of nothing": ({"title": "ก", "questions": "มาไง|choice|รถ"}, [(2, "questions", Fault.TOO_FEW, 1)]),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_row_is_refused_with_row_column_and_reason(sqlite_database: Database, name: str) -> None:
    cells, expected = CELLS[name]
    with pytest.raises(ImportRefused) as refused, sqlite_database.transaction() as db:
        bring_in(db, a_table(cells))
    assert places(refused.value) == expected


def test_everything_wrong_is_told_at_once(sqlite_database: Database) -> None:
    rows = a_table(
        {"id": "1", "title": "ก", "start": "9.00", "party": "99"},
        {"id": "2", "title": "", "district": "ปาย"},
        {"id": "1", "title": "ข"},
    )
    with pytest.raises(ImportRefused) as refused, sqlite_database.transaction() as db:
        bring_in(db, rows)
    assert places(refused.value) == [
        (2, "start", "no_date", None), (2, "party", "out_of_range", None), (3, "title", "missing", None),
        (3, "district", "unknown", None), (4, None, "twice", None),
    ]  # fmt: skip


def test_an_event_that_is_called_off_is_neither_changed_nor_called_off_by_a_file(database: Database) -> None:
    with database.transaction() as db:
        off = make_event(db, state=events.CALLED_OFF, called_off_why="ฝน", called_off_at=NOON)
        on = make_event(db)
        rows = a_table({"id": off.public_id, "title": "ใหม่"}, {"id": on.public_id, "state": "ยกเลิกแล้ว"})
        with pytest.raises(ImportRefused) as refused:
            bring_in(db, rows)
    assert places(refused.value) == [(2, None, "called off", None), (3, None, "calls off", None)]


HEADERS: dict[str, tuple[list[str], list[Place]]] = {
    "unknown": (["title", "naem"], [(1, "naem", "unknown column", None)]),
    "twice": (["title", "ชื่อกิจกรรม"], [(1, "ชื่อกิจกรรม", "column twice", None)]),
    "no title": (["bring"], [(1, WRITTEN["title"], "missing column", None)]),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_heading_that_nobody_knows_is_refused(name: str) -> None:
    header, expected = HEADERS[name]
    for form, data in (("csv", ",".join(header).encode()), ("xlsx", a_workbook([*header]))):
        with pytest.raises(ImportRefused) as refused:
            read(data, form)
        assert places(refused.value) == expected


THAI = "ชื่อกิจกรรม\r\nเวที\r\n"
BROKEN: dict[str, tuple[bytes, Reason, str]] = {
    "TIS-620": (THAI.encode("tis-620"), Reason.WRONG_ENCODING, "TIS-620"),
    "UTF-16": (THAI.encode("utf-16"), Reason.WRONG_ENCODING, "UTF-16"),
    "a picture": (b"\x89PNG\r\n\x1a\n", Reason.WRONG_ENCODING, ""),
    "open quote": (b'title\n"x', Reason.UNREADABLE, "unexpected end of data"),
    "empty": (b"", Reason.MISSING_COLUMN, ""),
    "only a heading": (b"title\n", Reason.EMPTY, ""),
    "too large": (b"x" * 5_000_001, Reason.TOO_LARGE, "5000000"),
    "too many rows": (b"title\n" + b"\n" * (MOST_ROWS + 2), Reason.TOO_MANY_ROWS, str(MOST_ROWS)),
    "too many events": (b"title\n" + b"x\n" * (MOST_EVENTS + 1), Reason.TOO_MANY_ROWS, str(MOST_EVENTS)),
    "too wide": (b"title\nx,y\n", Reason.TOO_MANY_COLUMNS, "1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_table_is_refused(sqlite_database: Database, name: str) -> None:
    data, reason, detail = BROKEN[name]
    with pytest.raises(ImportRefused) as refused, sqlite_database.transaction() as db:
        bring_in(db, data)
    found = refused.value.faults[0]
    assert (found.reason, found.detail) == (reason, detail)


def spoilt(spoil: Callable[[openpyxl.Workbook], object]) -> bytes:
    book, stream = openpyxl.load_workbook(io.BytesIO(a_workbook(["title", "bring"], ["เวที", "น้ำ"]))), io.BytesIO()
    spoil(book)
    book.save(stream)
    return stream.getvalue()


def put(place: str, value: object) -> Callable[[openpyxl.Workbook], object]:
    return lambda book: book.worksheets[0].__setitem__(place, value)


SPOILT: dict[str, tuple[Callable[[openpyxl.Workbook], object], list[Place]]] = {
    "formula": (put("B2", "=HYPERLINK(1)"), [(2, "bring", "formula", None)]),
    "beyond the heading": (put("D2", "x"), [(2, None, "too many columns", None)]),
    "two sheets": (lambda book: book.create_sheet("more"), [(None, None, "missing sheet", None)]),
    "a million rows": (put("A1000000", "x"), [(MOST_ROWS + 2, None, "too many rows", None)]),
    "letter that cannot be shown": (put("B2", "\ue000"), [(2, "bring", "unreadable letter", None)]),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_workbook_is_refused(sqlite_database: Database, name: str) -> None:
    spoil, expected = SPOILT[name]
    with pytest.raises(ImportRefused) as refused, sqlite_database.transaction() as db:
        bring_in(db, spoilt(spoil), "xlsx")
    assert places(refused.value) == expected


def test_of_several_sheets_the_one_with_the_events_is_read() -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        book.worksheets[0].title = "Events"
        book.create_sheet("notes", 0)

    assert [event.values["title"] for event in read(spoilt(spoil), "xlsx").events] == ["เวที"]


def repacked(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(spoilt(lambda _: None))) as old,
        zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return stream.getvalue()


def many_parts() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(300):
            archive.writestr(f"part{number}.xml", b"<x/>")
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE: dict[str, tuple[Callable[[], bytes], Reason]] = {
    "macros": (lambda: repacked("xl/vbaProject.bin", b"x"), Reason.MACROS),
    "external links": (lambda: repacked("xl/externalLinks/externalLink1.xml", b"<x/>"), Reason.EXTERNAL_LINKS),
    "cut short": (lambda: spoilt(lambda _: None)[:900], Reason.UNREADABLE),
    "not a workbook": (lambda: b"PK\x03\x04 nothing of the kind", Reason.UNREADABLE),
    "broken part": (lambda: repacked(SHEET, b"<worksheet><sheetData>"), Reason.UNREADABLE),
    "packed too tightly": (lambda: repacked(SHEET, b" " * 20_000_000), Reason.TOO_LARGE),
    "swells": (lambda: repacked(SHEET, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), Reason.UNREADABLE),
    "too many parts": (many_parts, Reason.TOO_LARGE),
    "too large": (lambda: b"PK" * 2_500_001, Reason.TOO_LARGE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_before_it_is_read(name: str) -> None:
    make, reason = HOSTILE[name]
    with pytest.raises(ImportRefused) as refused:
        read(make(), "xlsx")
    assert [(fault.row, fault.reason) for fault in refused.value.faults] == [(None, reason)]


def test_a_workbook_that_lies_about_its_size_is_read_no_further_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_xlsx, "MOST_ROWS", 20)
    with pytest.raises(ImportRefused) as refused:
        read(a_workbook(["title"], *(["เวที"] for _ in range(30))), "xlsx")
    assert places(refused.value) == [(22, None, "too many rows", None)]


def test_a_workbook_too_wide_is_refused() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet().write_row(0, 0, [*WRITTEN.values(), *(f"c{number}" for number in range(70))])
    with pytest.raises(ImportRefused) as refused:
        read(stream.getvalue(), "xlsx")
    assert {fault.reason for fault in refused.value.faults} == {Reason.UNKNOWN_COLUMN, Reason.TOO_MANY_COLUMNS}


def test_more_events_than_a_file_holds_are_said_to_be_more(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "MOST_EVENTS", 2)
    with sqlite_database.transaction() as db:
        for number in range(3):
            create(db, FULL, source_key=str(number))
        done = exchange.export_events(db, "csv", pack=PACK, base_url="https://x.org", now=NOON)
    assert (done.count, done.more) == (2, True)
