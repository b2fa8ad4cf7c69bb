"""Files that are wrong: nothing of them is taken, and all that is wrong is told at once."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from bot.faq import exchange, exchange_table, exchange_xlsx
from bot.faq.exchange_csv import ALL
from bot.faq.exchange_faults import ImportFault, ImportRefused
from knowledge.catalogue import Catalogue
from tests.knowledge.content import HOURS, JOIN, OTHERS

Rows = list[list[str]]
Place = tuple[str, int | None, str | None, str]
HOURS_ROW, JOIN_ROW, CRISIS_ROW, DETAIL_ROW, FIRST_VARIANT = 2, 3, 4, 5, 6
FIRST_JOIN = FIRST_VARIANT + len(HOURS)


def places(refused: pytest.ExceptionInfo[ImportRefused]) -> list[Place]:
    return [(fault.sheet, fault.row, fault.column, fault.reason) for fault in refused.value.faults]


def rows_of(catalogue: Catalogue) -> Rows:
    return list(csv.reader(io.StringIO(exchange.write_csv(catalogue).decode("utf-8-sig"), newline="")))


def written(rows: Rows) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def put(row: int, column: str, text: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[row - 1][ALL.index(column)] = text

    return change


def drop(column: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for row in rows:
            del row[ALL.index(column)]

    return change


def repeat(row: int) -> Callable[[Rows], None]:
    return lambda rows: rows.insert(row, list(rows[row - 1]))


MALFORMED: dict[str, tuple[Callable[[Rows], None], list[Place]]] = {
    "missing column": (drop("text"), [("csv", 1, "text", "missing column")]),
    "unknown column": (put(1, "th", "thai"), [
        ("csv", 1, "th", "missing column"), ("csv", 1, "thai", "unknown column"),
    ]),
    "unknown sheet": (put(FIRST_VARIANT, "sheet", "varaints"), [
        ("csv", FIRST_VARIANT, "sheet", "unknown sheet"), ("entries", HOURS_ROW, "id", "content"),
    ]),
    "unknown id": (put(FIRST_VARIANT, "id", "center.huors"), [
        ("entries", HOURS_ROW, "id", "content"), ("variants", FIRST_VARIANT, "id", "unknown id"),
    ]),
    "unknown related": (put(HOURS_ROW, "related", "forum.jion"), [("entries", HOURS_ROW, "related", "content")]),
    "duplicate id": (repeat(JOIN_ROW), [("entries", JOIN_ROW + 1, "id", "duplicate id")]),
    "malformed id": (put(DETAIL_ROW, "id", ""), [
        ("details", DETAIL_ROW, "id", "empty"), ("entries", HOURS_ROW, "unavailable_th", "content"),
    ]),
    "duplicate variant": (put(FIRST_JOIN, "text", f" {HOURS[3]}!"), [("variants", FIRST_JOIN, "text", "content")]),
    "variant that is not ours": (put(FIRST_VARIANT, "text", OTHERS["far"][0]), [
        ("variants", FIRST_VARIANT, "text", "content"),
    ]),
    "too long title": (put(JOIN_ROW, "title_th", "ก" * 21), [("entries", JOIN_ROW, "title_th", "content")]),
    "empty title": (put(JOIN_ROW, "title_th", " "), [("entries", JOIN_ROW, "title_th", "empty")]),
    "empty answer": (put(JOIN_ROW, "answer_th", ""), [("entries", JOIN_ROW, "answer_th", "empty")]),
    "empty variant": (put(FIRST_JOIN, "text", ""), [
        ("entries", JOIN_ROW, "id", "content"), ("variants", FIRST_JOIN, "text", "empty"),
    ]),
    "unknown action": (put(JOIN_ROW, "actions", "dance"), [("entries", JOIN_ROW, "actions", "content")]),
    "malformed action": (put(JOIN_ROW, "actions", "list events(!)"), [("entries", JOIN_ROW, "actions", "malformed")]),
    "unknown placeholder": (put(JOIN_ROW, "answer_en", "{phone}"), [("entries", JOIN_ROW, "answer_th", "content")]),
    "unknown need": (put(DETAIL_ROW, "needs", "phone"), [("details", DETAIL_ROW, "th", "content")]),
    "too long text": (put(FIRST_JOIN, "text", "ก" * 6_001), [
        ("variants", FIRST_JOIN, "text", "too long"), ("variants", FIRST_JOIN, "text", "content"),
    ]),
    "letter that cannot be shown": (put(FIRST_JOIN, "text", "ไป\x07เวที"), [
        ("variants", FIRST_JOIN, "text", "unreadable letter"),
    ]),
    "too wide": (lambda rows: rows[JOIN_ROW - 1].append("x"), [("entries", JOIN_ROW, None, "too many columns")]),
    "only a heading": (lambda rows: rows.__delitem__(slice(1, None)), [("entries", None, None, "empty")]),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_table_is_refused_with_row_column_and_reason(small: Catalogue, name: str) -> None:
    spoil, expected = MALFORMED[name]
    rows = rows_of(small)
    spoil(rows)
    with pytest.raises(ImportRefused) as refused:
        exchange.read_table("faq.csv", written(rows), base=small)
    assert places(refused) == expected


BROKEN: dict[str, tuple[Callable[[bytes], bytes], Place]] = {
    "wrong encoding": (lambda data: data.decode("utf-8-sig").encode("tis-620"), ("csv", 2, None, "wrong encoding")),
    "UTF-16": (lambda data: data.decode("utf-8-sig").encode("utf-16"), ("csv", 1, None, "wrong encoding")),
    "mixed line ends": (lambda data: data.replace(b"\r\n", b"\n", 3), ("csv", 4, None, "mixed line ends")),
    "open quote": (lambda data: data + b'"', ("csv", None, None, "unreadable")),
    "empty": (lambda _: b"", ("csv", 1, "actions", "missing column")),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n", ("csv", 1, None, "wrong encoding")),
    "too large": (lambda _: b"x" * 5_000_001, ("csv", None, None, "too large")),
    "too many rows": (lambda data: data + b"entries\r\n" * 50_001, ("csv", 50_002, None, "too many rows")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused(small: Catalogue, name: str) -> None:
    spoil, expected = BROKEN[name]
    with pytest.raises(ImportRefused) as refused:
        exchange.read_table("faq.csv", spoil(exchange.write_csv(small)), base=small)
    found = places(refused)[0]
    assert (found if expected[1] is not None else (found[0], None, *found[2:])) == expected


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
def test_what_programs_of_other_countries_write_is_read(small: Catalogue, delimiter: str, line_end: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows(rows_of(small))
    assert exchange.read_table("faq.csv", stream.getvalue().encode(), base=small) == small


def test_everything_wrong_is_told_at_once_in_words(small: Catalogue) -> None:
    rows = rows_of(small)
    for spoil in (put(JOIN_ROW, "answer_th", ""), put(HOURS_ROW, "actions", "dance"), put(FIRST_JOIN, "id", "x")):
        spoil(rows)
    with pytest.raises(ImportRefused) as refused:
        exchange.read_table("faq.csv", written(rows), base=small)
    said = str(refused.value).splitlines()
    assert [line[:45] for line in said] == [
        "entries:2:actions: There is no action 'dance'",
        "entries:3:answer_th: empty",
        "entries:3:id: There are 11 variants. Write at",
        f"variants:{FIRST_JOIN}:id: unknown id x",
    ]


def workbook(small: Catalogue, spoil: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(exchange.write_xlsx(small)))
    spoil(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell(sheet: str, place: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet][place] = value

    return change


SPOILT: dict[str, tuple[Callable[[openpyxl.Workbook], None], list[Place]]] = {
    "formula": (cell("variants", "B3", "=1+1"), [("variants", 3, "text", "formula")]),
    "not text": (cell("variants", "B3", True), [("variants", 3, "text", "not text")]),
    "missing sheet": (lambda book: book.remove(book["details"]), [("details", None, None, "missing sheet")]),
    "unknown sheet": (lambda book: book.create_sheet("more"), [("more", None, None, "unknown sheet")]),
    "missing column": (cell("variants", "B1", None), [("variants", 1, "text", "missing column")]),
    "beside the table": (cell("variants", "D3", "note"), [("variants", 3, "#4", "unknown column")]),
    "too many rows": (cell("variants", "B60000", "x"), [("variants", 50_002, None, "too many rows")]),
    "empty answer": (cell("entries", "D2", None), [("entries", 2, "answer_th", "empty")]),
    "duplicate variant": (cell("variants", "B14", HOURS[0]), [("variants", 14, "text", "content")]),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_a_malformed_workbook_is_refused_with_sheet_row_and_column(small: Catalogue, name: str) -> None:
    spoil, expected = SPOILT[name]
    with pytest.raises(ImportRefused) as refused:
        exchange.read_table("faq.xlsx", workbook(small, spoil), base=small)
    assert places(refused) == expected


def test_a_number_in_a_workbook_is_the_text_that_was_typed(small: Catalogue) -> None:
    data = workbook(small, cell("variants", "B2", 1300))
    read = exchange.read_table("faq.xlsx", data, base=small)
    assert read.entries["center.hours"].variants == ("1300", *HOURS[1:])


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            new.writestr(name, content)
    return stream.getvalue()


STRINGS = "xl/sharedStrings.xml"
HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda data: data[: len(data) // 2],
    "not a workbook": lambda _: b"PK\x03\x04 nothing of the kind",
    "another archive": lambda _: repacked(b"PK\x05\x06" + b"\0" * 18, "readme.txt", b"hello"),
    "broken part": lambda data: repacked(data, STRINGS, b"<sst><si>"),
    "packed too tightly": lambda data: repacked(data, STRINGS, b" " * 20_000_000),
    "swells": lambda data: repacked(data, STRINGS, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'),
    "too many parts": lambda _: many_parts(),
    "too large": lambda _: b"PK" * 2_500_001,
}


def many_parts() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(300):
            archive.writestr(f"part{number}.xml", b"<x/>")
    return stream.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_before_it_is_read(small: Catalogue, name: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        exchange.read_table("faq.xlsx", HOSTILE[name](exchange.write_xlsx(small)), base=small)
    assert [(fault.sheet, fault.row) for fault in refused.value.faults] == [("xlsx", None)]


def test_a_workbook_that_lies_about_its_size_is_read_no_further_than_allowed(
    small: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_xlsx, "MOST_ROWS", 20)
    with pytest.raises(ImportRefused) as refused:
        exchange.read_table("faq.xlsx", exchange.write_xlsx(small), base=small)
    assert refused.value.faults == (ImportFault("variants", 22, None, "too many rows", "20"),)


def test_a_workbook_too_wide_is_refused(small: Catalogue) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name in exchange_table.COLUMNS:
            book.add_worksheet(name).write_row(0, 0, [*exchange_table.COLUMNS[name], *(f"c{n}" for n in range(40))])
    with pytest.raises(ImportRefused) as refused:
        exchange.read_table("faq.xlsx", stream.getvalue(), base=small)
    assert {fault.reason for fault in refused.value.faults} == {"unknown column", "too many columns"}


def test_a_folder_is_refused_by_file_and_line(small: Catalogue, tmp_path: Path) -> None:
    exchange.export_to(tmp_path / "content", small)
    topic = tmp_path / "content" / "faq" / "forum.join.yaml"
    topic.write_text(topic.read_text("utf-8").replace(JOIN[0], HOURS[0]), "utf-8")
    with pytest.raises(ImportRefused) as refused:
        exchange.read_path(tmp_path / "content", base=small)
    assert places(refused) == [("faq/forum.join.yaml", 13, None, "content")]
