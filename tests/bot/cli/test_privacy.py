"""`civicbot privacy` and `civicbot breach-report`, as a deployer types them."""

from __future__ import annotations

import csv
import stat
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import clock
from bot.cli.main import civicbot
from bot.outreach import audit
from bot.storage import audit as audit_table
from bot.storage import faq_versions, preferences, registrations
from bot.storage.engine import Database
from bot.vault import Vault
from knowledge.catalogue import load_catalogue
from tests.bot.cli.conftest import KEY
from tests.bot.events.making import a_form, a_person, make_event, sign_up
from tests.builders import NOON
from tests.knowledge.content import write_content

A_DAY = timedelta(days=1)


@dataclass
class Desk:
    database: Database
    vault: Vault
    folder: Path

    def type(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(civicbot, [*map(str, arguments)])

    def report(self, *more: str, name: str = "out") -> Result:
        since = (clock.now() - A_DAY).isoformat()
        return self.type("breach-report", "--since", since, "--out", self.folder / name, *more)

    def subjects(self) -> list[dict[str, str]]:
        with (self.folder / "out" / "subjects.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def desk(tmp_path: Path, at_a_terminal: Database) -> Desk:
    small = load_catalogue(write_content(tmp_path / "content"))
    with at_a_terminal.transaction() as db:
        faq_versions.add(db, version=small.version, content=small.to_json(), source="a test", now=NOON)
        faq_versions.publish(db, version=small.version, now=NOON)
    return Desk(at_a_terminal, Vault([KEY]), tmp_path)


def test_a_report_lists_who_is_concerned_and_how_to_reach_them(desk: Desk) -> None:
    with desk.database.transaction() as db:
        event = make_event(db)
        sign_up(db, desk.vault, event, a_person(db, 1), form=a_form(phone="+66812345678"))
        left = a_person(db, 2, following=False)
        preferences.save(db, left, wants_notices=True)
        sign_up(db, desk.vault, event, None, way="staff", form=a_form("มาลี ใจดี", phone="+66898765432"))
        forgotten = sign_up(db, desk.vault, event, None, way="walk_in", form=a_form("คำ แสนสุข")).registration
        registrations.change(db, forgotten, forgotten=True)
    said = desk.report()
    assert said.exit_code == 0, said.output
    assert "3 people are concerned" in said.output
    assert [(row["line_user_id"], row["on_line"], row["telephone"], row["data"]) for row in desk.subjects()] == [
        (f"U{1:032x}", "yes", "'+66812345678", "account, registrations, phones"),
        (f"U{2:032x}", "no", "", "account, notices"),
        ("", "no", "'+66898765432", "by_staff, phones"),
    ]
    report = (desk.folder / "out" / "report.md").read_text(encoding="utf-8")
    assert "LINE ได้ 1 คน ทางโทรศัพท์ 2 คน ติดต่อไม่ได้เลย 1 คน" in report
    assert "| เบอร์โทรศัพท์ | 2 | ไม่ใช่ |" in report
    assert "สมชาย" not in report


def test_what_it_writes_is_for_its_owner_only(desk: Desk) -> None:
    desk.report()
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (desk.folder / "out", *(desk.folder / "out").iterdir())
    }
    assert modes == {"out": 0o700, "report.md": 0o600, "subjects.csv": 0o600}


def test_it_is_written_down_that_a_report_was_made(desk: Desk) -> None:
    desk.report()
    with desk.database.reading() as db:
        lines = [(line.action, line.after) for line in audit_table.every_line(db) if not isinstance(line, int)]
    assert lines == [("data.breach_report", {"people": 0})]
    assert audit.verify(desk.database, desk.vault).__class__.__name__ == "Verified"


def test_the_deadline_counts_from_when_it_was_found(desk: Desk) -> None:
    said = desk.report("--found", "2026-11-24T21:30+07:00", "--language", "en")
    assert "72 hours of 2026-11-24 21:30" in said.output


@pytest.mark.parametrize(
    ("since", "wrong"),
    [("yesterday", "is not a time"), ("2569-11-24", "Buddhist era"), ("2100-01-01", "has to be before")],
)
def test_times_that_make_no_sense_are_refused(desk: Desk, since: str, wrong: str) -> None:
    said = desk.type("breach-report", "--since", since, "--out", desk.folder / "out")
    assert said.exit_code == 2
    assert wrong in said.output
    assert not (desk.folder / "out").exists()


def test_a_folder_that_is_there_is_not_written_into(desk: Desk) -> None:
    (desk.folder / "out").mkdir()
    said = desk.report()
    assert (said.exit_code, list((desk.folder / "out").iterdir())) == (1, [])


def test_another_key_is_told_and_nothing_half_is_left_unsaid(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.database.transaction() as db:
        sign_up(db, Vault(["a key that nobody has any more, really"]), make_event(db), a_person(db, 1))
    said = desk.report()
    assert said.exit_code == 1
    assert "CIVICBOT_SECRET_KEY_PREVIOUS" in said.output


@pytest.mark.parametrize("what", ["register", "notice"])
def test_register_and_notice_come_from_the_map_in_both_languages(desk: Desk, what: str) -> None:
    thai, english = desk.type("privacy", what), desk.type("privacy", what, "--language", "en")
    assert (thai.exit_code, english.exit_code) == (0, 0)
    assert "ตอบคำถามใน LINE" in thai.output
    assert "Answering questions on LINE" in english.output
