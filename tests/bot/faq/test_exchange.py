"""The FAQ out to files and in again."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq import drafts, editing, exchange
from bot.faq.exchange_table import neutral, restored
from bot.faq.refusals import Stale
from bot.storage.engine import Database
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.entries import Action, Detail
from tests.builders import NOON
from tests.knowledge.content import HOURS

BY = {"by": 7, "now": NOON}
DANGEROUS = (
    *("=1+1", "+66 1", "-เปิดไหม", "@SUM(A1)", '=HYPERLINK("http://x","y")', "'=1", "''+1", "'เปิด", "|x", "%x", "＝1"),
    *(
        "a,b;c",
        'เขาว่า "เปิด"',
        "1300",
        "007",
        "1.50",
        "TRUE",
        "no",
        "null",
        "2555-02-28",
        "_x0041_",
        "<b>&amp;",
        "{{7*7}}",
    ),
    *("# ไม่ใช่หมายเหตุ", "- ไม่ใช่รายการ", "ก: ข", "http://example.org", "😀 เปิดไหม", "สองบรรทัด\nบรรทัดสอง"),
)


@pytest.fixture
def awkward(small: Catalogue) -> Catalogue:
    """Everything that a format may lose."""
    hours = replace(
        small.entries["center.hours"],
        answer={"th": "=เปิดค่ะ\n\n  เว้นวรรค\n+โทร {{}} {years_since:2555}", "en": "-Open"},
        actions=(Action("offer_person"), Action("list_events", "forum")),
        details=(
            Detail(("contact_hours", "contact_phone"), {"th": "เปิด {contact_hours}\n=โทร {contact_phone}"}),
            Detail(("contact_url",), {"th": "@เว็บ", "en": "Web"}),
        ),
        related=("forum.join", "general.crisis"),
        variants=(*HOURS, *DANGEROUS),
    )
    return replace(small, entries={**small.entries, "center.hours": hours})


@pytest.mark.parametrize("name", ["faq.csv", "faq.XLSX", "folder"])
def test_what_goes_out_comes_in_the_same(awkward: Catalogue, small: Catalogue, tmp_path: Path, name: str) -> None:
    exchange.export_to(tmp_path / name, awkward)
    assert exchange.read_path(tmp_path / name, base=small) == awkward


@pytest.mark.parametrize("name", ["faq.csv", "faq.xlsx", "folder"])
def test_the_shipped_content_comes_in_as_the_same_version(tmp_path: Path, name: str) -> None:
    shipped = load_catalogue(SHIPPED)
    exchange.export_to(tmp_path / name, shipped)
    assert exchange.read_path(tmp_path / name, base=shipped).version == shipped.version


def test_a_folder_that_holds_something_is_left_alone(small: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(exchange.FolderInUse):
        exchange.export_to(tmp_path, small)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_csv_opens_as_utf_8_and_no_cell_of_it_runs(awkward: Catalogue) -> None:
    data = exchange.write_csv(awkward)
    assert data.startswith("\ufeff".encode())
    cells = {cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row}
    assert {cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")} == set()
    assert "'=1+1" in cells


def test_a_workbook_holds_texts_only_and_no_cell_of_it_runs(awkward: Catalogue) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exchange.write_xlsx(awkward)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells if cell.value[:1] in ("=", "+", "-", "@", "\t", "\r")} == set()
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []


@given(st.text(alphabet="'=+-@\t\r\nก1", max_size=8))
def test_neutral_texts_do_not_run_and_are_restored(text: str) -> None:
    assert restored(neutral(text)) == text
    assert neutral(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}


def test_a_table_leaves_alone_what_it_does_not_hold(small: Catalogue) -> None:
    other = replace(
        small,
        lexicon=replace(small.lexicon, particles=("เน้อ",)),
        entries={**small.entries, "general.crisis": replace(small.entries["general.crisis"], phrases=("ฆ่าตัวตาย",))},
    )
    assert exchange.read_table("faq.csv", exchange.write_csv(small), base=other) == other


def test_an_import_goes_into_the_draft_as_one_edit(published: Database, small: Catalogue, awkward: Catalogue) -> None:
    with published.transaction() as db:
        done = exchange.import_content(db, catalogue=awkward, base=small, source="faq.csv", **BY)
    assert (done.revision, [change.entry for change in done.changes.entries]) == (2, ["center.hours"])
    with published.transaction() as db:
        found = drafts.find_draft(db)
        assert found is not None
        assert found.catalogue == awkward
        drafts.undo(db, revision=2, **BY)
    with published.reading() as db:
        found = drafts.find_draft(db)
    assert found is not None
    assert found.catalogue == small


def test_an_import_onto_a_draft_that_was_edited_meanwhile_is_refused(published: Database, small: Catalogue) -> None:
    with published.transaction() as db:
        drafts.open_draft(db, **BY)
        editing.add_variants(db, entry_id="center.hours", texts=["เปิดยัง"], **BY)
    with pytest.raises(Stale), published.transaction() as db:
        exchange.import_content(db, catalogue=small, base=small, source="faq.csv", **BY)
