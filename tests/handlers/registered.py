"""People with places at events, in an office: what they see, press and are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversation.dispatcher import dispatch
from bot.conversation.memory import Memory
from bot.conversation.postback import Pressed
from bot.conversation.turn import Speaker, Turn
from bot.events.forms import Form
from bot.incoming import Incoming
from bot.line.render import render
from bot.outreach import audience
from bot.storage import events, people, registrations
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import ServiceMessageRow
from bot.vault import Vault
from handlers import wording
from tests.bot.events.making import make_event, sign_up
from tests.builders import SOMCHAI, a_press, a_text
from tests.office import Office, data_of, shipped

TITLE = "เวทีแลกเปลี่ยนเรียนรู้"
WHEN = "วันอังคารที่ 1 ธันวาคม 2569 เวลา 12:00–15:00 น."
WHEN_IN_LINES = ("วันอังคารที่ 1\u00a0ธันวาคม\u00a02569", "เวลา 12:00–15:00\u00a0น.")
"""As it stands on cards."""
THIRD = "U" + "3" * 32


def said(key: str, language: str = "th", **facts: str) -> str:
    return wording.load(language).say(key, centre=shipped().pack.centre["th"], **facts)


@dataclass
class Door:
    """An office whose people have been told about their data, and the events that they can come to."""

    office: Office

    def person(self, user_id: str = SOMCHAI) -> int:
        with self.office.database.transaction() as db:
            row = people.find_or_create(db, line_user_id=user_id, now=self.office.now)
            people.set_notice_shown(db, person_id=row.id, version=audience.NOTICE_VERSION, at=self.office.now)
            return row.id

    def event(self, **changes: Any) -> int:
        with self.office.database.transaction() as db:
            return make_event(db, **{"title": TITLE, **changes}).id

    def place(
        self, event_id: int, user_id: str = SOMCHAI, *, party: int = 1, kind: str = "self", form: Form | None = None
    ) -> int:
        person_id = self.person(user_id)
        with self.office.database.transaction() as db:
            event = events.find(db, event_id)
            assert event is not None
            outcome = sign_up(
                db, self.office.vault, event, person_id, party=party, now=self.office.now, form=form, kind=kind
            )
            return outcome.registration.id

    def registration(self, registration_id: int) -> RegistrationRow:
        with self.office.database.reading() as db:
            row = registrations.find(db, registration_id)
            assert row is not None
            db.expunge(row)
            return row

    def change(self, registration_id: int, **values: Any) -> None:
        with self.office.database.transaction() as db:
            row = registrations.find(db, registration_id)
            assert row is not None
            registrations.change(db, row, **values)

    def amend(self, event_id: int, **values: Any) -> None:
        with self.office.database.transaction() as db:
            row: EventRow | None = events.lock(db, event_id)
            assert row is not None
            for name, value in values.items():
                setattr(row, name, value)

    def press(self, action: str, *, by: str = SOMCHAI, **arguments: object) -> list[dict[str, Any]]:
        """A button of ours, whoever it was made for."""
        given = {name: str(value) for name, value in arguments.items()}
        data = self.office.desk.buttons.encode(action, now=self.office.now, **given)
        return self.hear(a_press(data, user_id=by))

    def tap(self, messages: list[dict[str, Any]], label: str, *, by: str = SOMCHAI) -> list[dict[str, Any]]:
        """Presses the button with that label in these messages."""
        return self.hear(a_press(data_of(messages, label), user_id=by))

    def say(self, text: str, *, by: str = SOMCHAI) -> list[dict[str, Any]]:
        return self.hear(a_text(text, user_id=by))

    def hear(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """The answer alone: what others, or this person, are told besides is left out."""
        before = len(self.office.line.sent)
        self.office.hear(event)
        replies = [messages for way, _, messages in self.office.line.sent[before:] if way == "reply"]
        return replies[-1] if replies else []

    def booked(self, registration_id: int) -> list[tuple[str, int]]:
        """Kinds and ids of what was booked, in the order of booking."""
        with self.office.database.reading() as db:
            statement = select(ServiceMessageRow.kind, ServiceMessageRow.id).where(
                ServiceMessageRow.registration_id == registration_id
            )
            return [(kind, number) for kind, number in db.execute(statement.order_by(ServiceMessageRow.id))]

    def tell(self, registration_id: int, kind: str, *, to: str = SOMCHAI, language: str = "th") -> list[dict[str, Any]]:
        """What the latest booked message of that kind says now; nothing when it is not true any more."""
        numbers = [number for booked, number in self.booked(registration_id) if booked == kind]
        assert numbers, f"no {kind} among {self.booked(registration_id)}"
        person_id = self.person(to)
        with self.office.database.transaction() as db:
            turn = Turn(
                db=db, now=self.office.now, incoming=Incoming("1", "postback", self.office.now, standby=False),
                incoming_id=1, speaker=Speaker(person_id, language, following=True, notice_version=9),
                memory=Memory(), catalogue=shipped(), knowledge_version="v",
                pressed=Pressed("service", {"m": str(numbers[-1])}, self.office.now),
            )  # fmt: skip
            return render(dispatch(self.office.tools.routes, turn)[1].messages)


@pytest.fixture
def door(sqlite_database: Database, vault: Vault) -> Door:
    """On SQLite alone: what the services do is tested on each database."""
    return Door(Office(sqlite_database, vault))


@pytest.fixture
def either_door(office: Office) -> Door:
    return Door(office)
