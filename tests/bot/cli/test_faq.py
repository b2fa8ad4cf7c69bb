"""`civicbot faq` with files and the draft, as a deployer types it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import logs
from bot.cli.faq import faq
from bot.faq import drafts, editing, exchange
from bot.storage import faq_versions
from bot.storage.engine import Database, open_database
from knowledge.catalogue import Catalogue, load_catalogue
from knowledge.model import RECIPE
from tests.builders import NOON
from tests.knowledge.content import HOURS, write_content


@dataclass
class Desk:
    """A database with one version in force, and a terminal."""

    database: Database
    small: Catalogue

    def type(self, *arguments: str | Path, answer: str | None = None) -> Result:
        return CliRunner().invoke(faq, [str(argument) for argument in arguments], input=answer)

    def put_in_force(self, catalogue: Catalogue, *, hours: int) -> None:
        now = NOON + timedelta(hours=hours)
        with self.database.transaction() as db:
            version = catalogue.version
            faq_versions.add(db, version=version, content=catalogue.to_json(), source="a test", now=now)
            faq_versions.save_model(db, version=version, recipe=RECIPE, arrays=b"not looked into")
            faq_versions.publish(db, version=version, now=now)

    def in_force(self) -> str | None:
        with self.database.reading() as db:
            return faq_versions.find_published(db)

    def draft(self) -> drafts.Draft | None:
        with self.database.reading() as db:
            return drafts.find_draft(db)

    def add_variant(self, text: str) -> None:
        with self.database.transaction() as db:
            drafts.open_draft(db, by=None, now=NOON)
            editing.add_variants(db, entry_id="center.hours", texts=[text], by=None, now=NOON)


@pytest.fixture
def desk(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    path = tmp_path / "data" / "civicbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(path.parent))
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    database = open_database(f"sqlite:///{path}")
    desk = Desk(database, load_catalogue(write_content(tmp_path / "content")))
    desk.put_in_force(desk.small, hours=0)
    yield desk
    database.dispose()


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out"])
def test_what_is_exported_is_imported_without_a_difference(desk: Desk, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    assert desk.type("export", target).output == f"3 topics are in {target}.\n"
    assert desk.type("import", target).output == "no differences\nThe draft is at revision 1.\n"


def test_an_import_goes_into_the_draft_and_is_shown(desk: Desk, tmp_path: Path) -> None:
    desk.add_variant("เปิดยัง")
    target = tmp_path / "out.csv"
    assert desk.type("export", target, "--version", "draft").exit_code == 0
    target.write_bytes(target.read_bytes().replace("เปิดยัง".encode(), "ปิดยัง".encode()))
    shown = ["~ center.hours: changed", "    variants", "      - เปิดยัง", "      + ปิดยัง"]
    assert desk.type("import", target).output.splitlines() == [*shown, "The draft is at revision 3."]
    assert desk.in_force() == desk.small.version
    differences = ["~ center.hours: changed", "    variants", "      + ปิดยัง"]
    assert desk.type("diff").output.splitlines() == differences
    back = desk.type("diff", "draft", desk.small.version[:8]).output.splitlines()
    assert back == [*differences[:2], "      - ปิดยัง"]


def test_a_bad_file_changes_nothing_and_says_everything(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    exchange.export_to(target, desk.small)
    text = target.read_text("utf-8-sig").replace("list_events(forum)", "dance")
    target.write_text(text.replace(f",{HOURS[1]}", ","), "utf-8", newline="")
    refused = desk.type("import", target)
    assert refused.exit_code == 1
    assert [line.split(": ")[0] for line in refused.output.splitlines()] == [
        "entries:2:id",
        "entries:3:actions",
        "variants:7:text",
        "Error",
    ]
    assert desk.draft() is None


def test_a_folder_with_something_in_it_is_not_written_to(desk: Desk, tmp_path: Path) -> None:
    refused = desk.type("export", tmp_path)
    assert (refused.exit_code, "not empty" in refused.output) == (1, True)


def test_without_a_draft_there_is_nothing_to_compare(desk: Desk) -> None:
    refused = desk.type("diff")
    assert (refused.exit_code, refused.output) == (1, "Error: there is no draft\n")
    assert "no version begins with 'zz'" in desk.type("diff", "zz").output


def test_going_back_asks_first_and_does_it(desk: Desk) -> None:
    assert desk.type("rollback", "--yes").output == "Error: no other version was ever in force\n"
    desk.add_variant("เปิดยัง")
    draft = desk.draft()
    assert draft is not None
    desk.put_in_force(draft.catalogue, hours=1)
    assert desk.type("rollback", answer="n\n").exit_code == 1
    assert desk.in_force() == draft.catalogue.version
    assert desk.type("rollback", answer="y\n").output.endswith(f"{desk.small.version[:12]} is in force.\n")
    assert desk.in_force() == desk.small.version
    assert desk.type("rollback", "--yes").output == f"{draft.catalogue.version[:12]} is in force.\n"
