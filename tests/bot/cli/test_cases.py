from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from bot import clock
from bot.cases import handling
from bot.cases.kinds import CaseKind
from bot.cli.main import civicbot
from bot.storage.engine import Database
from tests.bot.cases.making import a_case, staff_of
from tests.builders import NOON


def type_(*words: str) -> str:
    return CliRunner().invoke(civicbot, ["cases", "list", *words]).output


@pytest.fixture
def here(at_a_terminal: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    return at_a_terminal


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
