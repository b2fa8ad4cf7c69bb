"""A citizen who signs up for an event, and a look at what the centre then has.

Their turns go straight to the handlers, each in a transaction of its own with its memory loaded and saved: what carries
turns is tested elsewhere, and a dialogue has many of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any

import pytest

from bot import masking
from bot.conversation import memory
from bot.conversation.dispatcher import Route, dispatch
from bot.conversation.memory import Memory
from bot.conversation.postback import Buttons, NotOurs, Pressed
from bot.conversation.turn import Speaker, Turn, Understanding
from bot.events import forms
from bot.events.forms import Form
from bot.incoming import Incoming, SharedPlace
from bot.line.render import render
from bot.outreach import audience
from bot.storage import consents, events, questions, registrations
from bot.storage.engine import Database
from bot.storage.events import EventQuestionRow, EventRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Vault
from handlers import wording
from handlers.desk import Desk
from handlers.routes import build_routes
from knowledge.decision import Candidate, Decision
from tests.bot.events import making
from tests.builders import NOON, SOMCHAI
from tests.office import data_of, labels, shipped, words_of

MAE_SAI = SharedPlace("", "", 20.4280, 99.8833)
UNKNOWN = Decision("fallback", None, (Candidate("center.what", 0.1),))


def said(key: str, **facts: str) -> str:
    return wording.load("th").say(key, centre=shipped().pack.centre["th"], **facts)


@dataclass
class Citizen:
    """Has been told about their data; presses buttons of the latest answer, or of an earlier one."""

    database: Database
    vault: Vault
    user_id: str = SOMCHAI
    now: datetime = NOON
    told: dict[str, Decision] = field(default_factory=dict)
    """What the matcher makes of a text; what it was not told of it does not know."""
    event_id: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)
    route: str = ""
    numbers: Any = field(default_factory=lambda: count(1))

    @cached_property
    def desk(self) -> Desk:
        return Desk(buttons=Buttons(self.vault), vault=self.vault, facts={})

    @cached_property
    def routes(self) -> Sequence[Route]:
        return build_routes(self.desk)

    def somebody_else(self) -> Citizen:
        return replace(self, user_id="U" + "5" * 32, heard=[])

    def make_event(self, *questions: EventQuestionRow, **changes: Any) -> int:
        with self.database.transaction() as db:
            event = making.make_event(db, **changes)
            self.event_id = event.id
        for position, question in enumerate(questions, start=1):
            self.add_question(question, position=position)
        return self.event_id

    def add_question(self, question: EventQuestionRow, *, position: int = 9) -> int:
        question.event_id, question.position = self.event_id, position
        with self.database.transaction() as db:
            return events.add_question(db, question)

    def amend(self, **changes: Any) -> None:
        """As staff amend an event."""
        with self.database.transaction() as db:
            event = db.get_one(EventRow, self.event_id)
            for name, value in changes.items():
                setattr(event, name, value)

    def data(self, action: str, **arguments: str) -> str:
        return self.desk.buttons.encode(action, now=self.now, **arguments)

    def open(self, kind: str = "") -> str:
        more = {"k": kind} if kind else {}
        return self.press_data(self.data("sign_up", i=str(self.event_id), **more))

    def press(self, label: str, *, on: list[dict[str, Any]] | None = None) -> str:
        return self.press_data(data_of(on or self.heard, label))

    def press_data(self, data: str) -> str:
        try:
            pressed = self.desk.buttons.decode(data)
        except NotOurs:
            pressed = None
        return self._hear("postback", data, pressed=pressed)

    def say(self, text: str) -> str:
        return self._hear("text", text)

    def send(self, kind: str) -> str:
        return self._hear(kind, "")

    def wait(self, **duration: float) -> None:
        self.now += timedelta(**duration)

    def _hear(self, kind: Any, text: str, *, pressed: Pressed | None = None) -> str:
        self.wait(seconds=1)
        number = next(self.numbers)
        decision = self.told.get(text, UNKNOWN)
        understanding = Understanding(decision, masking.mask(text), (), 1.0) if kind == "text" else None
        place = MAE_SAI if kind == "location" else None
        with self.database.transaction() as db:
            person = audience.meet(db, line_user_id=self.user_id, now=self.now)
            turn = Turn(
                db=db, now=self.now, incoming_id=number,
                speaker=Speaker(person.id, "th", True, audience.NOTICE_VERSION),
                incoming=Incoming(str(number), kind, self.now, False, self.user_id, text=text, place=place),
                memory=memory.load(db, self.vault, person_id=person.id, now=self.now), catalogue=shipped(),
                knowledge_version="v", understanding=understanding, pressed=pressed,
            )  # fmt: skip
            self.route, reply = dispatch(self.routes, turn)
            memory.save(db, self.vault, reply.memory, person_id=person.id, now=self.now)
        self.heard = render(reply.messages)
        return words_of(self.heard)

    def agree(self, kind: str = "self") -> str:
        self.open(kind)
        return self.press("ยินยอมและไปต่อ")

    @property
    def labels(self) -> list[str]:
        return labels(self.heard)

    @property
    def asked(self) -> str:
        """What is waited for: the last message's words."""
        return words_of(self.heard[-1:])

    @property
    def memory(self) -> Memory:
        with self.database.reading() as db:
            person = audience.find(db, line_user_id=self.user_id)
            assert person is not None
            return memory.load(db, self.vault, person_id=person.id, now=self.now)

    @property
    def filling(self) -> dict[str, Any]:
        """The form as it is kept."""
        return dict(json.loads(self.memory.data["form"]))

    def rows(self) -> list[RegistrationRow]:
        with self.database.reading() as db:
            return registrations.list_of_event(db, self.event_id, limit=99)

    def states(self) -> list[tuple[str, int]]:
        return [(row.state, row.seats) for row in self.rows()]

    def forms(self) -> list[Form]:
        return [forms.opened(self.vault, row) for row in self.rows()]

    def consents(self) -> list[tuple[str, str]]:
        with self.database.reading() as db:
            found = [consents.list_of_registration(db, row.id) for row in self.rows()]
        return [(one.way, one.wording_hash) for given in found for one in given]

    def logged(self) -> list[str | None]:
        with self.database.reading() as db:
            return [row.text for row in questions.list_latest(db, limit=99)]

    def take_seats(self, number: int, *, start: int = 900) -> None:
        """So many other people have registered, one seat each."""
        with self.database.transaction() as db:
            event = events.find(db, self.event_id)
            assert event is not None
            for place in range(number):
                making.sign_up(db, self.vault, event, making.a_person(db, start + place), now=self.now)


def a_question(label: str, kind: str = "text", *, choices: tuple[str, ...] = (), required: bool = False) -> Any:
    return EventQuestionRow(label=label, kind=kind, choices=list(choices), required=required)


@pytest.fixture
def chat(sqlite_database: Database, vault: Vault) -> Citizen:
    return Citizen(sqlite_database, vault)
