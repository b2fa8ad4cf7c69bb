"""What somebody in an office wants to hear, and how that was agreed to."""

from __future__ import annotations

from bot.outreach import audience, preferences
from bot.outreach.preferences import Wishes
from bot.storage import consents, people
from bot.storage.engine import Database
from handlers import wording
from tests.builders import SOMCHAI
from tests.handlers.registered import Door
from tests.office import Office, shipped


def said(key: str, language: str = "th", **facts: str) -> str:
    return wording.load(language).say(key, centre=shipped().pack.centre["th"], **facts)


THIS, ALL, SOME, NO = (said(f"button.prefer_{name}") for name in ("this", "all", "some", "no"))


def _person(database: Database, user_id: str) -> int:
    with database.reading() as db:
        row = people.find(db, line_user_id=user_id)
        assert row is not None
        return row.id


def wishes_of(office: Office, user_id: str = SOMCHAI) -> Wishes:
    person_id = _person(office.database, user_id)
    with office.database.reading() as db:
        return preferences.state_of(db, person_id)


def consents_of(office: Office, user_id: str = SOMCHAI) -> list[tuple[str, str, str]]:
    """Purpose, words and way of those in force, oldest first."""
    person_id = _person(office.database, user_id)
    with office.database.reading() as db:
        rows = consents.list_of_person(db, person_id)
    return [(row.purpose, row.wording_hash, row.way) for row in rows if row.withdrawn_at is None]


def called_of(door: Door) -> str:
    person_id = _person(door.office.database, SOMCHAI)
    with door.office.database.reading() as db:
        return audience.called_of(db, door.office.vault, person_id)
