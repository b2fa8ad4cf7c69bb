"""The whole product for scenarios: the real processes on a database of their own, and a look into what they wrote."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func, insert, select

from bot import clock
from bot.faq import library
from bot.storage import channel, faq_versions, incoming, jobs, migrate
from bot.storage.cases import CaseRow
from bot.storage.engine import Database, open_database
from bot.storage.faq_versions import FaqModelRow, FaqVersionRow
from bot.storage.incoming import IncomingRow, QuarantinedRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.people import PersonRow
from bot.storage.questions import QuestionRow
from knowledge.model import RECIPE
from tests import servers
from tests.office import shipped
from tests.proof.stand import Stand, call

T = TypeVar("T")
LOOK_EVERY_SECONDS = 0.03
PATIENCE_SECONDS = 30.0
CONTACT_PHONE = "053 000 000"


def wait_for(look: Callable[[], T | None], *, what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """What `look` finds, as soon as that is something."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(LOOK_EVERY_SECONDS)


@dataclass
class House(Stand):
    """A stand that people chat with. `line` speaks to the simulator; the rest looks into the database."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """Those that differ from the other houses'."""
    db: Database = field(init=False)

    def __post_init__(self) -> None:
        self.db = open_database(self.database_url)

    @property
    def environment(self) -> dict[str, str]:
        """Talkative, so that what must not be logged has every chance to be."""
        talkative = {"CIVICBOT_LOG_LEVEL": "DEBUG", "CIVICBOT_CONTACT_PHONE": CONTACT_PHONE}
        return super().environment | talkative | self.settings

    def start(self) -> None:
        """Returns when the web process knows which channel is ours, too."""
        super().start()
        wait_for(self._knows_itself, what="the worker learns the bot's own id")

    def _knows_itself(self) -> str | None:
        with self.db.reading() as db:
            return channel.find_bot_user_id(db)

    def stop(self) -> None:
        super().stop()
        self.db.dispose()

    # What the simulator is told and tells.

    def line(self, path: str, body: object = None, *, method: str | None = None) -> Any:
        return call(f"{self.api}{path}", body, method=method)

    def webhook(self, *events: Any, **more: Any) -> dict[str, Any]:
        """Sends these events in one request; the answer holds LINE's view of it and the events as sent."""
        return self.line("/webhook", {"events": list(events), **more})

    def completed(self, *events: Any, seconds_apart: float = 0.0) -> list[dict[str, Any]]:
        """These events with whatever LINE fills in, not yet sent: one after another, the last of them now."""
        whole: list[dict[str, Any]] = self.webhook(*events, send=False)["events"]
        for place, event in enumerate(reversed(whole)):
            event["timestamp"] -= int(place * seconds_apart * 1000)
        return whole

    def raw_webhook(self, body: object, **more: Any) -> int:
        """Signs and sends exactly this; the bot's status."""
        raw = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        return self.line("/webhook", {"raw": raw, **more})["status"]

    def break_line(self, path: str, **fault: Any) -> None:
        """The next call of that endpoint, or the next `times` of them, go wrong as told."""
        self.line("/faults", {"path": path, **fault})

    def mend_line(self) -> None:
        self.line("/faults", method="DELETE")
        url = f"http://127.0.0.1:{self.web_port}/line/webhook"
        self.line("/config", {"quota": None, "redelivery": False, "webhookUrl": url})

    @contextmanager
    def line_later(self, *, seconds: float) -> Iterator[None]:
        """LINE's clock goes ahead of ours: its tokens grow old at once."""
        self.line("/clock", {"advance": seconds})
        try:
            yield
        finally:
            self.line("/clock", {"advance": -seconds})

    def mark(self) -> int:
        """A place in LINE's journal, to read on from."""
        return int(self.line("/journal?after=999999999")["last"])

    def calls(self, *, after: int, of: str | None = None, path: str = "/v2/bot/") -> list[dict[str, Any]]:
        """The bot's calls to LINE since the mark, those about one person where `of` says so."""
        rows = self.line(f"/journal?after={after}&kind=call")["rows"]
        return [row for row in rows if row["path"].startswith(path) and (of is None or of in row["userIds"])]

    def webhooks(self, *, after: int) -> list[dict[str, Any]]:
        return list(self.line(f"/journal?after={after}&kind=webhook")["rows"])

    def ledger(self, *, of: str | None = None) -> list[dict[str, Any]]:
        """What LINE accepted and delivered, to whom, in answer to what."""
        return [row for row in self.replies() if of is None or row["userId"] == of]

    # What the bot wrote down.

    def incoming(self, event_id: str) -> IncomingRow | None:
        with self.db.reading() as db:
            return db.scalar(select(IncomingRow).where(IncomingRow.webhook_event_id == event_id))

    def outgoing(self, event_id: str) -> OutgoingRow | None:
        with self.db.reading() as db:
            return db.scalar(
                select(OutgoingRow)
                .join(IncomingRow, IncomingRow.id == OutgoingRow.incoming_id)
                .where(IncomingRow.webhook_event_id == event_id)
            )

    def question(self, event_id: str) -> QuestionRow | None:
        with self.db.reading() as db:
            return db.scalar(
                select(QuestionRow)
                .join(IncomingRow, IncomingRow.id == QuestionRow.incoming_id)
                .where(IncomingRow.webhook_event_id == event_id)
            )

    def kept_words(self, message_id: str) -> list[str | None]:
        """The text of every question that was logged under this message, oldest first."""
        statement = select(QuestionRow.text).where(QuestionRow.message_id == message_id).order_by(QuestionRow.id)
        with self.db.reading() as db:
            return list(db.scalars(statement))

    def knows(self, user_id: str) -> bool:
        """Whether there is a record of this person."""
        with self.db.reading() as db:
            return db.scalar(select(PersonRow.id).where(PersonRow.line_user_id == user_id)) is not None

    def wait_until_settled(self, event_id: str) -> str:
        """What became of an event, once it has had its effect."""

        def look() -> str | None:
            row = self.incoming(event_id)
            return row.outcome if row is not None and row.settled_at is not None else None

        return wait_for(look, what=f"event {event_id} has its effect")

    def wait_until_idle(self) -> None:
        def look() -> bool:
            with self.db.reading() as db:
                return jobs.count_open(db) == 0

        wait_for(look, what="all jobs are done", seconds=60)

    # What staff see.

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            env=self.environment, check=True, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        return done.stdout

    def listed_cases(self) -> list[dict[str, Any]]:
        """`civicbot cases list --json`."""
        lines = self.command("cases", "list", "--json", "--limit", "10000").splitlines()
        return [json.loads(line) for line in lines]

    def case(self, number: int) -> tuple[str, str]:
        """Kind and detail of a case, from the table. Quicker than a command."""
        with self.db.reading() as db:
            row = db.get_one(CaseRow, number)
            return row.kind, row.detail

    def all_cases(self) -> list[tuple[str, str]]:
        """Kind and detail of every case, oldest first."""
        with self.db.reading() as db:
            return [(row.kind, row.detail) for row in db.scalars(select(CaseRow).order_by(CaseRow.id))]

    def case_kinds(self, *, of: str) -> list[str]:
        """The kinds of one person's cases, oldest first."""
        with self.db.reading() as db:
            return list(
                db.scalars(
                    select(CaseRow.kind)
                    .join(PersonRow, PersonRow.id == CaseRow.person_id)
                    .where(PersonRow.line_user_id == of)
                    .order_by(CaseRow.id)
                )
            )

    def quarantined(self, count: int = 1) -> list[str]:
        """Why the latest of what makes no sense was put aside, oldest first."""
        with self.db.reading() as db:
            return [row.reason for row in reversed(incoming.list_quarantined(db, limit=count))]

    def count_quarantined(self) -> int:
        with self.db.reading() as db:
            return db.scalar(select(func.count()).select_from(QuarantinedRow)) or 0

    # What may befall the bot.

    @contextmanager
    def frozen_door(self) -> Iterator[None]:
        """The web process stands still: requests are taken by the kernel, and answered by nobody."""
        master = self.processes[0].pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        _signal_all(children, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal_all(children, signal.SIGCONT)

    def logs(self) -> dict[str, str]:
        return {name: (self.folder / f"{name}.log").read_text(encoding="utf-8") for name in ("web", "work")}


def _signal_all(process_ids: list[str], number: signal.Signals) -> None:
    for process_id in process_ids:
        subprocess.run(["kill", f"-{int(number)}", process_id], check=True)


def prepare_knowledge(path: Path, *, model: bytes) -> None:
    """A migrated SQLite file with the FAQ and its model, which was trained before: once for all stands."""
    work = House(path.parent / "training", f"sqlite:///{path.parent / 'training' / 'civicbot.db'}")
    work.folder.mkdir(exist_ok=True)
    migrate.upgrade(work.db)
    library.load_first_version(work.db, now=clock.now())
    with work.db.transaction() as db:
        version, lesson = shipped().version, shipped().lesson
        faq_versions.save_model(db, version=version, recipe=RECIPE, arrays=model, lesson=lesson)
    subprocess.run([sys.executable, "-m", "bot.cli", "migrate"], env=work.environment, check=True, capture_output=True)
    with work.db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    work.db.dispose()
    shutil.move(work.folder / "civicbot.db", path)


def _copy_knowledge(path: Path, target: Database) -> None:
    """What `prepare_knowledge` made, into an empty database of another kind."""
    migrate.upgrade(target)
    source = open_database(f"sqlite:///{path}")
    with source.reading() as old, target.transaction() as new:
        for row in (FaqVersionRow, FaqModelRow):
            columns = [column for column in row.__table__.c if column.name != "id"]
            new.execute(insert(row), [dict(found._mapping) for found in old.execute(select(*columns))])
    source.dispose()


@contextmanager
def open_house(
    folder: Path,
    *,
    knowledge: Path,
    server_url: str | None = None,
    settings: Mapping[str, str] | None = None,
    account: Mapping[str, Any] | None = None,
) -> Iterator[House]:
    """A running house, on SQLite or on a PostgreSQL server. `account` is what LINE is told of before the bot starts."""
    folder.mkdir(parents=True, exist_ok=True)
    if server_url is None:
        shutil.copy(knowledge, folder / "civicbot.db")
        url = f"sqlite:///{folder / 'civicbot.db'}"
    else:
        url = servers.create_database(server_url, f"civicbot_{folder.name}".replace("-", "_"))
    house = House(folder, url, settings=settings or {})
    if server_url is not None:
        _copy_knowledge(knowledge, house.db)
    try:
        house.start_simulator()  # the database is prepared already
        if account:
            house.line("/config", account)
        house.start()
        yield house
    finally:
        with suppress(ProcessLookupError):
            house.stop()
