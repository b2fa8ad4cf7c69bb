"""`civicbot notices`, as a deployer types it."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select

from bot import clock, logs
from bot.cli import notice_watching, notices
from bot.cli.notice_watching import WHY, Glance
from bot.notices import drafting, results
from bot.notices.audience import everyone
from bot.notices.content import Bubble, Content
from bot.notices.drafting import Plan
from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.queue.kinds import JobKind
from bot.storage import notices as table
from bot.storage.audit import AuditRow
from bot.storage.engine import Database, open_database
from bot.storage.jobs import JobRow
from bot.storage.notice_chunks import ChunkRow
from bot.storage.notices import APPROVED, DRAFT, FINISHED, HELD, PAUSED, SENDING, STOPPED, NoticeRow
from tests.builders import NOON


@dataclass
class Desk:
    database: Database

    def type(self, *arguments: str | int, **more: Any) -> Result:
        return CliRunner().invoke(notices.notices, [str(argument) for argument in arguments], **more)

    def add(self, *, people: int = 0, author: int | None = None, **columns: Any) -> int:
        """`people`: in chunks of one hundred that are still open."""
        with self.database.transaction() as db:
            plan = Plan(Content((Bubble("text", "ชวนคุยค่ะ"),)), everyone(), title="ชวนคุยเรื่องน้ำ")
            row = drafting.create(db, plan, author_id=author, now=NOON)
            table.change(db, row.id, **{"state": SENDING, "began_at": NOON, "touched_at": clock.now(), **columns})
            for first in range(0, people, 100):
                chunk = {"notice_id": row.id, "first": first, "last": first + 99, "people": 100, "state": "waiting"}
                fixed = {"portion": 0, "due_at": NOON, "tries": 0, "why": "", "retry_key": f"{row.id}/{first}"}
                db.execute(insert(ChunkRow), [chunk | fixed])
            return row.id

    def get(self, number: int) -> NoticeRow:
        with self.database.reading() as db:
            return drafting.get(db, number)

    def change(self, number: int, **columns: Any) -> None:
        with self.database.transaction() as db:
            table.change(db, number, **columns)

    def accept(self, chunks: int) -> None:
        with self.database.transaction() as db:
            open_ones = list(db.scalars(select(ChunkRow).where(ChunkRow.state == "waiting").limit(chunks)))
            for chunk in open_ones:
                chunk.state, chunk.settled_at = "accepted", clock.now()

    def add_account(self, login: str, role: Role) -> int:
        with self.database.transaction() as db:
            return staff.add_account(db, name=login, login=login, role=role, by=None, now=NOON).staff_id

    def lines(self) -> list[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]]:
        with self.database.reading() as db:
            return [(row.actor, row.action, row.before, row.after) for row in db.scalars(select(AuditRow))]


@pytest.fixture
def desk(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    path = tmp_path / "data" / "civicbot.db"
    path.parent.mkdir()
    shutil.copy(migrated_sqlite, path)
    monkeypatch.setenv("CIVICBOT_DATA_DIR", str(path.parent))
    monkeypatch.setenv("CIVICBOT_SECRET_KEY", "of a test of commands, long enough to pass")
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    database = open_database(f"sqlite:///{path}")
    yield Desk(database)
    database.dispose()


def happening(monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], object]) -> None:
    """Between two looks, one step each."""
    following = iter(steps)
    monkeypatch.setattr(notices, "_rest", lambda: next(following)())


def test_notices_are_listed_and_shown(desk: Desk) -> None:
    assert desk.type("list").output.startswith("no notices are waiting")
    number = desk.add(people=300, state=PAUSED, why="quota", approved_count=300)
    draft = desk.add(state=DRAFT, began_at=None)
    [line] = desk.type("list").output.splitlines()
    assert line.split()[:3] == [str(number), PAUSED, "(quota)"]
    assert ("300  ชวนคุยเรื่องน้ำ" in line, len(desk.type("list", "--all").output.splitlines())) == (True, 2)
    rows = [json.loads(line) for line in desk.type("list", "--all", "--json").output.splitlines()]
    assert sorted((row["notice"], row["state"]) for row in rows) == [(number, PAUSED), (draft, DRAFT)]
    shown = desk.type("show", number).output
    assert [f"state: paused: {WHY['quota']}" in shown, "open: 300" in shown, "refused: 0" in shown] == [True] * 3
    assert desk.type("show", 99).output == "Error: there is no notice 99; `civicbot notices list --all` lists them\n"


def test_pausing_going_on_and_stopping_are_noted(desk: Desk) -> None:
    number, malee = desk.add(people=200, rendered=b"x"), desk.add_account("malee", Role.ADMINISTRATOR)
    assert desk.type("pause", number).exit_code == 0
    assert desk.type("pause", number).output == f"Error: notice {number} is paused: that cannot be done to it now\n"
    assert desk.type("resume", number, "--as", "malee").output == f"Notice {number} goes on.\n"
    with desk.database.reading() as db:
        assert list(db.scalars(select(JobRow.kind))) == [JobKind.NOTICES_DUE]
    asked = desk.type("stop", number, input="n\n")
    assert ("200 people of 200" in asked.output, asked.exit_code, desk.get(number).state) == (True, 1, SENDING)
    assert desk.type("stop", number, "--yes").exit_code == 0
    assert desk.type("stop", number, "--yes").exit_code == 1
    assert desk.get(number).state == STOPPED
    assert desk.lines() == [
        ("command line", "notice.paused", {"state": SENDING}, {"state": PAUSED}),
        ("command line", "notice.resumed", {"state": PAUSED}, {"state": SENDING, "by": malee}),
        ("command line", "notice.stopped", {"state": SENDING}, {"state": STOPPED}),
    ]


def test_what_is_held_needs_a_yes_and_an_administrator(desk: Desk) -> None:
    number = desk.add(state=HELD, why="sent_before", began_at=None)
    malee = desk.add_account("malee", Role.ADMINISTRATOR)
    desk.add_account("somsri", Role.STAFF)
    refused = desk.type("resume", number, "--as", "malee")
    assert (refused.exit_code, "may send it a second time" in refused.output) == (1, True)
    for login in ("somsri", "nobody"):
        assert "is no administrator's account" in desk.type("resume", number, "--as", login, "--yes").output
    assert desk.type("resume", number).exit_code == 2
    assert desk.type("resume", number, "--as", "malee", "--yes").output.endswith("begins in 5 minutes.\n")
    assert (desk.get(number).state, desk.get(number).approver_id) == (APPROVED, malee)


def test_watching_writes_lines_where_nobody_looks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.add(people=300)
    happening(
        monkeypatch, lambda: desk.accept(1), lambda: None, lambda: desk.change(number, state=PAUSED, why="quota"),
        lambda: desk.change(number, state=SENDING, why=""), lambda: desk.accept(2),
        lambda: desk.change(number, state=FINISHED),
    )  # fmt: skip
    watched = desk.type("watch")
    assert watched.output.splitlines() == [
        "sending, 0 of 300", "sending, 100 of 300", f"paused: {WHY['quota']}, 100 of 300", "sending, 100 of 300",
        "sending, 300 of 300", "finished, 300 of 300", f"Notice {number} is finished: 300 of 300 people sent.",
    ]  # fmt: skip
    assert watched.exit_code == 0


def test_watching_what_is_stopped_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.add(people=100)
    happening(monkeypatch, lambda: desk.type("stop", number, "--yes"))
    watched = desk.type("watch", number)
    assert (watched.exit_code, watched.output.splitlines()[-1]) == (
        1, f"Notice {number} is stopped: 0 of 100 people sent, 100 stopped.",
    )  # fmt: skip


def test_ctrl_c_leaves_the_notice_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.add(people=100)

    def interrupt() -> None:
        raise KeyboardInterrupt

    happening(monkeypatch, interrupt)
    watched = desk.type("watch")
    assert (watched.exit_code, "goes on without you" in watched.output) == (130, True)
    assert desk.get(number).state == SENDING


def test_watching_needs_something_to_watch(desk: Desk) -> None:
    assert desk.type("watch").output == "Error: no notice is on its way\n"
    desk.add()
    desk.add()
    assert "several notices are on their way" in desk.type("watch").output
    assert desk.type("watch", 99).exit_code == 1


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_watching_draws_a_bar_on_a_terminal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.add(people=400)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    steps: Iterator[Callable[[], object]] = iter(
        [
            lambda: desk.accept(1), lambda: desk.change(number, state=PAUSED, why="unauthorised"),
            lambda: desk.change(number, state=FINISHED),
        ]
    )  # fmt: skip

    def look() -> Glance:
        with desk.database.reading() as db:
            row = drafting.get(db, number)
            return Glance(row, results.progress_of(db, row, now=clock.now()))

    def wait() -> None:
        next(steps)()

    assert notice_watching.follow(look, wait=wait).row.state == FINISHED
    drawn = terminal.getvalue()
    assert [" 25%" in drawn, "300 a minute" in drawn, WHY["unauthorised"] in drawn] == [True] * 3
