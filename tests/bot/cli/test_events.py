"""`civicbot events`, as a deployer types it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import clock, logs, settings
from bot.cli import serve
from bot.cli.event_faults import in_words
from bot.cli.events import events as command
from bot.events import planning
from bot.events.event_checks import Fault
from bot.events.exchange_faults import ImportFault, Reason
from bot.faq import library
from bot.outreach import audit
from bot.storage import audit as audit_table
from bot.storage import events, faq_versions
from bot.storage.engine import Database, open_database
from bot.thai_date_reading import CannotRead
from bot.thai_date_reading import Fault as DateFault
from bot.vault import Vault
from knowledge.catalogue import Catalogue, load_catalogue
from tests.bot.events.making import a_person, make_event, sign_up
from tests.bot.events.test_samples import shipped_pack
from tests.builders import NOON
from tests.knowledge.content import write_content

KEY = "of a test of commands, long enough to pass"
TABLE = "id,title,start,programme\n1,เวทีแม่สาย,28 พ.ย. 2579 9.00-12.00,forum\n2,เวทีค่ำ,,\n"


@dataclass
class Desk:
    """A database with a small content in force, and a terminal."""

    database: Database
    folder: Path

    def type(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(command, [str(argument) for argument in arguments])

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def titles(self) -> list[tuple[str, str]]:
        with self.database.reading() as db:
            return sorted((event.title, event.state) for event in events.list_all(db, limit=99))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load_catalogue(write_content(tmp_path_factory.mktemp("small") / "content"))


@pytest.fixture
def empty(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    path = tmp_path / "data" / "civicbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(path.parent))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", KEY)
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    database = open_database(f"sqlite:///{path}")
    yield Desk(database, tmp_path)
    database.dispose()


@pytest.fixture
def desk(empty: Desk, small: Catalogue) -> Desk:
    with empty.database.transaction() as db:
        faq_versions.add(db, version=small.version, content=small.to_json(), source="a test", now=NOON)
        faq_versions.publish(db, version=small.version, now=NOON)
    return empty


def test_events_are_imported_as_drafts_and_changed_by_the_next_import(desk: Desk) -> None:
    table = desk.write("in.csv", TABLE)
    assert desk.type("import", table).output.splitlines() == [
        "+ เวทีแม่สาย: a new draft",
        "+ เวทีค่ำ: a new draft",
        "2 new, 0 changed, 0 left as they are.",
        "The new ones are drafts: look at them in the console, and publish them there.",
    ]
    desk.write("in.csv", TABLE.replace("เวทีค่ำ", "เวทียามค่ำ"))
    assert desk.type("import", table).output.splitlines() == [
        "= เวทีแม่สาย: same",
        "~ เวทียามค่ำ: ชื่อกิจกรรม",
        "0 new, 1 changed, 1 left as they are.",
    ]
    assert desk.titles() == [("เวทียามค่ำ", "draft"), ("เวทีแม่สาย", "draft")]


def test_an_import_is_in_the_audit_log(desk: Desk) -> None:
    desk.type("import", desk.write("in.csv", TABLE))
    desk.type("import", desk.write("in.csv", TABLE.replace("เวทีค่ำ", "เวทียามค่ำ")))
    with desk.database.reading() as db:
        lines = audit_table.list_entries(db, limit=9)
    assert sorted((line.action, line.actor) for line in lines) == [
        ("event.amended", "command line"), ("event.created", "command line"), ("event.created", "command line"),
    ]  # fmt: skip
    assert isinstance(audit.verify(desk.database, Vault([KEY])), audit.Verified)


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    said = desk.type("import", "--dry-run", desk.write("in.csv", TABLE))
    assert said.output.splitlines()[2:] == [
        "2 new, 0 changed, 0 left as they are.", "This was a dry run: nothing was written.",
    ]  # fmt: skip
    assert desk.titles() == []


def test_several_files_are_imported_together_or_not_at_all(desk: Desk) -> None:
    good = desk.write("good.csv", TABLE)
    lines = ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY:x", "RRULE:FREQ=DAILY", "END:VEVENT", "END:VCALENDAR")
    bad = desk.write("bad.ics", "\n".join(lines))
    repeats = "an event that repeats is not read. Write each day as an event of its own, or as a session"
    refused = desk.type("import", good, bad)
    assert (refused.exit_code, desk.titles()) == (1, [])
    assert refused.output.splitlines() == [
        f"bad.ics: row 2, RRULE: {repeats}",
        "Error: nothing was changed; mend the above and import again",
    ]
    assert desk.type("import", good, desk.write("more.csv", "title\nอีกงาน\n")).exit_code == 0
    assert len(desk.titles()) == 3


def test_everything_wrong_is_said_in_words(desk: Desk) -> None:
    table = "ชื่อกิจกรรม,วันและเวลาเริ่ม,จำนวนที่นั่ง,โครงการ\nก,31 พ.ย. 69 9.00,0,ดนตรี\nข,28 พ.ย. 69,สิบ,\n"
    refused = desk.type("import", desk.write("in.csv", table))
    unread = "วันเสาร์ที่ 28 พฤศจิกายน 2569 was understood, but there is no time"
    assert refused.output.splitlines() == [
        "row 2, วันและเวลาเริ่ม: there is no such day as '31 พ.ย. 69'",
        "row 2, จำนวนที่นั่ง: the number must be from 1 to 100,000",
        "row 2, โครงการ: nobody knows this one here",
        "row 3, จำนวนที่นั่ง: 'สิบ' is not a number that fits here",
        f"row 3, วันและเวลาเริ่ม: {unread}; write it like 28 พ.ย. 2569 09:00",
        "Error: nothing was changed; mend the above and import again",
    ]


def test_a_file_in_the_old_encoding_is_refused_with_what_to_do(desk: Desk) -> None:
    path = desk.folder / "old.csv"
    path.write_bytes("ชื่อกิจกรรม\nเวที\n".encode("tis-620"))
    assert "row 1: the file is in the old Thai encoding" in desk.type("import", path).output


def test_a_change_that_people_hear_of_is_said(desk: Desk) -> None:
    with desk.database.transaction() as db:
        now = clock.now()
        event = make_event(db, starts_at=now.replace(year=now.year + 1), created_at=now, published_at=now)
        sign_up(db, Vault([KEY]), event, a_person(db, 1), now=now)
    table = desk.write("in.csv", f"id,place\n{event.public_id},ที่ใหม่\n")
    assert "whoever has registered will hear of it" in desk.type("import", table, "--dry-run").output
    assert "registrations that hear of it: 1" in desk.type("import", table).output


@pytest.mark.parametrize("form", ["csv", "xlsx", "ics"])
def test_what_is_exported_is_imported_without_a_difference(desk: Desk, form: str) -> None:
    desk.type("import", desk.write("in.csv", TABLE))
    target = desk.folder / f"out.{form}"
    said = desk.type("export", target).output.splitlines()
    undated = ["Drafts without a day, which a calendar has no place for: 1."]
    count = 1 if form == "ics" else 2
    assert said == [f"{count} events are in {target}.", *(undated if form == "ics" else [])]
    assert desk.type("import", target).output.splitlines()[-1] == f"0 new, 0 changed, {count} left as they are."


def test_the_format_may_be_said(desk: Desk) -> None:
    desk.type("import", desk.write("in.csv", TABLE))
    assert desk.type("export", desk.folder / "out.txt").exit_code == 2
    assert desk.type("export", desk.folder / "out.txt", "--format", "ics").exit_code == 0
    assert (desk.folder / "out.txt").read_bytes().startswith(b"BEGIN:VCALENDAR")
    refused = desk.type("export", desk.folder / "no such folder" / "out.csv")
    assert (refused.exit_code, "cannot be written" in refused.output) == (1, True)


def test_without_content_in_force_there_are_no_programmes_to_read(empty: Desk) -> None:
    refused = empty.type("import", empty.write("in.csv", TABLE))
    assert (refused.exit_code, "`civicbot migrate`" in refused.output) == (1, True)


REASONS: list[Enum | CannotRead] = [*Reason, *Fault, *(CannotRead(fault, rest="x") for fault in DateFault)]


@pytest.mark.parametrize("reason", REASONS, ids=str)
def test_every_reason_has_words(reason: Reason | Fault | CannotRead) -> None:
    said = in_words(ImportFault(3, "เวลาเลิก", reason, "7", 2))
    assert said.startswith("row 3, เวลาเลิก, number 2: ")
    assert "{" not in said
    assert in_words(ImportFault(None, None, reason)).startswith("the file: ")


@dataclass
class Start:
    """A new machine, without the half a minute in which a model is trained."""

    desk: Desk

    def prepare(self, **more: bool) -> int:
        """How many events there are then."""
        serve.prepare_database(settings.read(), **more).dispose()
        return len(self.desk.titles())


@pytest.fixture
def start(empty: Desk, small: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    (tmp_path / "pack").mkdir()
    content = replace(small, pack=shipped_pack(tmp_path / "pack"))
    monkeypatch.setattr(library, "load_catalogue", lambda _: content)
    monkeypatch.setattr(library, "ensure_model", lambda *_: None)
    return Start(empty)


def test_a_new_installation_gets_the_sample_events_once(start: Start) -> None:
    count = start.prepare()
    assert (count > 0, {state for _, state in start.desk.titles()}) == (True, {"published"})
    with start.desk.database.transaction() as db:
        for event in events.list_all(db, limit=99):
            db.delete(event)
    assert start.prepare() == 0


def test_an_installation_of_parts_gets_no_sample_events(start: Start) -> None:
    assert [start.prepare(samples=False), start.prepare()] == [0, 0]


def test_where_there_is_an_event_no_samples_are_added(start: Start) -> None:
    with start.desk.database.transaction() as db:
        planning.create(db, planning.Plan(title="จริง"), created_by=None, now=NOON)
    assert start.prepare() == 1
