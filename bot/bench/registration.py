"""`bench registration`: our rate of registrations beside bare guarded inserts, on the same database in the same run.

One event with room for all, and eight threads that register as fast as they are let. The least that could be done for
that is to raise a number unless it has reached the capacity, and to insert one row. Both take turns, three times over;
the median round counts.
"""

from __future__ import annotations

import secrets
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, insert, make_url, select, text

from bot import clock
from bot.events import registration
from bot.events.forms import Form
from bot.events.registration import Applicant, Consent
from bot.storage import events, migrate
from bot.storage.engine import Database, open_database
from bot.storage.events import EventRow
from bot.storage.people import PersonRow
from bot.vault import Vault

THREADS = 8
ROUNDS = 3
KINDS = ("civicbot", "guarded inserts")
CONSENT = Consent(1, "0" * 64, "button")
Register = Callable[[int, int], None]
"""Of the event and the person with these numbers."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Registrations a second, the median of the rounds; `ratio` is ours beside the bare ones."""

    database: str
    civicbot: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.civicbot / self.bare


def run(*, registrations: int, postgresql: str | None) -> list[Figure]:
    """On SQLite, and on PostgreSQL where a server is named: a database of its own is made there, and removed again."""
    with tempfile.TemporaryDirectory(prefix="civicbot-bench-") as folder:
        figures = [measure(f"sqlite:///{Path(folder) / 'bench.db'}", name="SQLite", registrations=registrations)]
    if postgresql is not None:
        with _scratch_database(postgresql) as url:
            figures.append(measure(url, name="PostgreSQL", registrations=registrations))
    return figures


def measure(url: str, *, name: str, registrations: int) -> Figure:
    database, vault = open_database(url), Vault(["of a benchmark, long enough to be accepted"])
    migrate.upgrade(database)
    people = _prepare(database, count=registrations)
    rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
    ways: dict[str, Register] = {
        "civicbot": lambda event_id, person_id: _register(database, vault, event_id, person_id),
        "guarded inserts": lambda event_id, person_id: _insert(database, event_id, person_id),
    }
    for _ in range(ROUNDS):
        event_id = _open_event(database, seats=registrations)
        for kind, register in ways.items():
            rates[kind].append(_rate(register, event_id, people))
    _check(database, expected=ROUNDS * registrations)
    database.dispose()
    return Figure(name, *(statistics.median(rates[kind]) for kind in KINDS))


def _prepare(database: Database, *, count: int) -> Sequence[int]:
    """The people, by their numbers, and the two bare tables."""
    now = clock.now()
    rows = [
        {"line_user_id": f"U{number:032x}", "following": True, "following_changed_at": now, "first_seen_at": now}
        for number in range(count)
    ]
    with database.transaction() as db:
        db.execute(insert(PersonRow), rows)
        db.execute(text("CREATE TABLE bare_events (id BIGINT PRIMARY KEY, capacity INTEGER, taken INTEGER)"))
        db.execute(text("CREATE TABLE bare_places (event_id BIGINT, person_id BIGINT, UNIQUE (event_id, person_id))"))
        return list(db.scalars(select(PersonRow.id)))


def _open_event(database: Database, *, seats: int) -> int:
    now = clock.now()
    with database.transaction() as db:
        event = events.add(
            db,
            EventRow(
                public_id=secrets.token_hex(8), state=events.PUBLISHED, title="bench", capacity=seats, created_at=now,
                starts_at=now + timedelta(days=7), ends_at=now + timedelta(days=7, hours=3),
            ),
        )  # fmt: skip
        db.execute(text("INSERT INTO bare_events VALUES (:id, :seats, 0)"), {"id": event.id, "seats": seats})
        return event.id


def _register(database: Database, vault: Vault, event_id: int, person_id: int) -> None:
    form = Form(name="สมชาย ใจดี", phone=f"+668{person_id:08d}")
    with database.transaction() as db:
        registration.register(
            db, vault, event_id=event_id, applicant=Applicant(person_id), form=form, party_size=1, form_version=1,
            consent=CONSENT, now=clock.now(),
        )  # fmt: skip


_TAKE = text("UPDATE bare_events SET taken = taken + 1 WHERE id = :event AND taken < capacity")
_PLACE = text("INSERT INTO bare_places VALUES (:event, :person)")


def _insert(database: Database, event_id: int, person_id: int) -> None:
    with database.transaction() as db:
        db.execute(_TAKE, {"event": event_id})
        db.execute(_PLACE, {"event": event_id, "person": person_id})


def _rate(register: Register, event_id: int, people: Sequence[int]) -> float:
    """All of the people, a second."""
    waiting, lock, faults = iter(people), threading.Lock(), list[BaseException]()

    def take_next() -> int | None:
        with lock:
            return next(waiting, None)

    def work() -> None:
        try:
            while (person_id := take_next()) is not None:
                register(event_id, person_id)
        except BaseException as fault:  # noqa: BLE001 - raised again below
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return len(people) / (time.perf_counter() - began)


def _check(database: Database, *, expected: int) -> None:
    """Both have done what they were measured at. Raises RuntimeError."""
    with database.reading() as db:
        places = db.scalar(text("SELECT count(*) FROM bare_places"))
        seats = db.scalar(text("SELECT sum(seats) FROM registrations WHERE state = 'confirmed'"))
        taken = db.scalar(text("SELECT sum(taken) FROM bare_events"))
    if (places, taken, seats) != (expected, expected, expected):
        raise RuntimeError(f"of {expected} there are {seats} seats, and {places} and {taken} of the bare ones")


@contextmanager
def _scratch_database(server: str) -> Iterator[str]:
    """A new database beside the one that is named."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    name = f"civicbot_bench_{secrets.token_hex(4)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield url.set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
