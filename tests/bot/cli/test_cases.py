from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import clock, logs
from bot.cases import handling
from bot.cases.kinds import CaseKind
from bot.cli.main import civicbot
from bot.storage.engine import Database, open_database
from tests.bot.cases.making import a_case, staff_of
from tests.builders import NOON

KEY = "of a test of commands, long enough to pass"


def type_(*words: str) -> str:
    return CliRunner().invoke(civicbot, ["cases", "list", *words]).output


@pytest.fixture
def here(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    path = tmp_path / "data" / "civicbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(path.parent))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", KEY)
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    return open_database(f"sqlite:///{path}")


def test_a_line_says_until_when_and_who_has_it(here: Database) -> None:
    with here.transaction() as db:
        malee = staff_of(db, "malee")[0]
        taken, settled = a_case(db, detail="ขอถามหน่อย"), a_case(db, CaseKind.STORM, person_id=None)
        a_case(db, CaseKind.URGENT, detail="ช่วยด้วย")
        handling.take(db, taken.id, by=malee, now=NOON)
        handling.close(db, None, settled.id, by=malee, tell=False, now=NOON)  # type: ignore[arg-type]
    here.dispose()
    told = [line.split("  ")[2:] for line in type_("--all").splitlines()]
    assert [line[-2] for line in told] == ["URGENT urgent", "wants_person", "storm"]
    assert told[0][-3] == "[OVERDUE since 24 พฤศจิกายน 2569 เวลา 12:30 น.]"
    assert told[1][-3].startswith("[due 25 พฤศจิกายน 2569 เวลา 12:00 น., taken by ")
    assert told[2][-3] == "[closed]"
    assert len(type_().splitlines()) == 2
    assert type_("--limit", "1").count("\n") == 1


def test_a_program_is_told_the_same(here: Database) -> None:
    with here.transaction() as db:
        a_case(db, detail="ขอถามหน่อย", topic="center.hours")
    here.dispose()
    row = json.loads(type_("--json"))
    assert (row["question"], row["topic"], row["state"], row["waits_for"]) == (
        "ขอถามหน่อย",
        "center.hours",
        "open",
        "staff",
    )
    assert (row["due_at"], row["overdue"], row["taken_by"]) == ("2026-11-25T05:00:00+00:00", False, None)
