"""A whole office for tests: the real handlers, database and tasks; LINE and the matcher stand-ins that do as told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from bot import wiring
from bot.conversation.postback import Buttons
from bot.faq.library import Knowledge
from bot.line.webhook import read_webhook
from bot.messages import RememberingMessenger
from bot.notices.rules import Rules
from bot.queue import inbox
from bot.queue.inbox import Arrived, Delivery
from bot.storage import cases, outgoing, questions
from bot.storage.engine import Database
from bot.tasks.running import run_next
from bot.tasks.tools import Tools
from bot.vault import Vault
from bot.web.webhook import _arrived
from handlers.desk import Desk
from handlers.routes import build_routes, is_command
from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.decision import Candidate, Decision
from tests.builders import NOON, a_body, a_press, a_text

NOON_MS = int(NOON.timestamp() * 1000)
FACTS = {"contact_phone": "053 000 000"}


@cache
def shipped() -> Catalogue:
    return load_catalogue(SHIPPED)


@dataclass
class ToldMatcher:
    """Decides as told by the text; what it was not told of it does not know."""

    told: dict[str, Decision] = field(default_factory=dict)
    heard: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def decide(self, text: str, *, earlier: Sequence[str] = ()) -> Decision:
        self.heard.append((text, tuple(earlier)))
        return self.told.get(
            text, Decision("fallback", None, (Candidate("center.what", 0.1),), words=tuple(text.split()))
        )

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(text.split())


def answers(entry: str, **more: Any) -> Decision:
    return Decision("answer", entry, (Candidate(entry, 0.9),), words=("คำ",), **more)


@dataclass
class ToldLibrary:
    matcher: ToldMatcher

    def current(self) -> Knowledge:
        return Knowledge(shipped().version, shipped(), self.matcher)  # type: ignore[arg-type]


@dataclass
class Office:
    """Send it events as LINE does; read what it said and what it wrote down."""

    database: Database
    vault: Vault
    matcher: ToldMatcher = field(default_factory=ToldMatcher)
    line: RememberingMessenger = field(default_factory=RememberingMessenger)
    now: datetime = NOON
    facts: dict[str, str] = field(default_factory=lambda: dict(FACTS))
    push_daily_cap: int = 5
    person_pace: int = 30
    storm_misses: int = 1000
    notice_rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        buttons = Buttons(self.vault)
        self.desk = Desk(
            buttons=buttons,
            vault=self.vault,
            facts=self.facts,
            storm_misses=self.storm_misses,
            notice_rules=self.notice_rules,
        )
        self.tools = Tools(
            database=self.database,
            vault=self.vault,
            buttons=buttons,
            library=ToldLibrary(self.matcher),  # type: ignore[arg-type]
            messenger=self.line,
            routes=build_routes(self.desk),
            answer_in_group=partial(wiring.answer_in_group, self.desk),
            is_command=is_command,
            push_daily_cap=self.push_daily_cap,
            person_pace=self.person_pace,
            notice_rules=self.notice_rules,
            now=lambda: self.now,
        )

    def receive(self, *events: dict[str, Any]) -> int:
        """Stores events as the webhook does. Returns how many were new. Those that name no time happened just now."""
        events = tuple(self._now_if_timeless(event) for event in events)
        found = read_webhook(a_body(events), bot_user_id=None)
        arrived: list[Arrived] = [_arrived(event, self.vault) for event in found.events]
        with self.database.transaction() as db:
            return inbox.store(db, [Delivery(self.now, arrived)])[0]

    def _now_if_timeless(self, event: dict[str, Any]) -> dict[str, Any]:
        return event | {"timestamp": int(self.now.timestamp() * 1000)} if event["timestamp"] == NOON_MS else event

    def work(self) -> int:
        """Runs what is due. Returns how many jobs were run."""
        count = 0
        while run_next(self.tools):
            count += 1
        return count

    def hear(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        """Receives, works once nothing more can follow in the same breath, and returns the messages of the last
        answer."""
        before = len(self.line.sent)
        self.wait(seconds=1)
        self.receive(*events)
        self.wait(seconds=1)
        self.work()
        new = [messages for way, _, messages in self.line.sent[before:] if way != "loading"]
        return new[-1] if new else []

    def say(self, text: str, **more: Any) -> list[dict[str, Any]]:
        return self.hear(a_text(text, **more))

    def press(self, messages: Sequence[dict[str, Any]], label: str, **more: Any) -> list[dict[str, Any]]:
        """Presses the button with that label in these messages."""
        return self.hear(a_press(data_of(messages, label), **more))

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def cases(self) -> list[tuple[str, bool, str | None]]:
        with self.database.reading() as db:
            return [(case.kind, case.urgent, words) for case, words in cases.list_cases(db, state="open", limit=99)]

    def questions(self) -> list[questions.QuestionRow]:
        with self.database.reading() as db:
            return list(reversed(questions.list_latest(db, limit=999)))

    def deliveries(self) -> dict[str, int]:
        with self.database.reading() as db:
            return outgoing.count_by_status(db)


def _actions(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [action for part in node for action in _actions(part)]
    if not isinstance(node, dict):
        return []
    own = [node["action"]] if isinstance(node.get("action"), dict) else []
    return own + [action for value in node.values() for action in _actions(value)]


def labels(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [action["label"] for action in _actions(list(messages))]


def data_of(messages: Sequence[dict[str, Any]], label: str) -> str:
    for action in _actions(list(messages)):
        if action["label"] == label:
            return str(action["data"])
    raise AssertionError(f"no button {label!r} among {labels(messages)}")


def words_of(messages: Sequence[dict[str, Any]]) -> str:
    """All that can be read in these messages."""
    found: list[str] = []

    def look(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                look(part)
        elif isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            for key, value in node.items():
                if key not in {"action", "quickReply"}:
                    look(value)

    look(list(messages))
    return "\n".join(found)


def dump(messages: Sequence[dict[str, Any]]) -> str:
    return json.dumps(messages, ensure_ascii=False, indent=1)
