"""One trial: an event, a crowd that wants to come, and all that can happen to both at the same moment."""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.conversation import memory
from bot.conversation.postback import Buttons
from bot.events import planning
from bot.outreach import audience
from bot.queue.kinds import JobKind
from bot.storage import events, registrations
from bot.storage.engine import Database
from bot.storage.events import EventRow
from bot.storage.jobs import DEAD, JobRow
from bot.storage.outgoing import Delivery, OutgoingRow
from bot.storage.people import PersonRow
from bot.storage.registrations import OFFERED, OPEN, SEATED, WAITING, RegistrationRow
from bot.storage.service_messages import BOOKED, QUEUED, ServiceMessageRow
from bot.vault import Vault
from tests.proof.registering_counting import Figures, Sampler, as_it_is, look_at_lines
from tests.proof.registering_people import Phone, react, twice_at_times, walk
from tests.proof.registering_stand import Crew, Postman
from tests.proof.registering_words import Unread, last_told, outline, stands
from tests.proof.stand import call

PARTY_MOST = 4
FIRST_NAMES = ("สมชาย", "มาลี", "บุญมี", "คำแก้ว", "วันดี", "ประเสริฐ", "อรทัย", "จันทร์เพ็ญ")
LAST_NAMES = ("ใจดี", "เมืองเทิง", "วงค์คำ", "จันทร์ฟอง", "ศรีสุข", "แก้วมูล", "ธรรมวงค์")
SETTLED_WITHIN_SECONDS = 900
LOOK_EVERY_SECONDS = 0.25


@dataclass
class House:
    """What all trials of a run share."""

    crew: Crew
    database: Database
    vault: Vault
    buttons: Buttons
    postman: Postman
    sampler: Sampler


@dataclass(frozen=True)
class Size:
    """How much is done. `limit_seconds`: no trial is begun later."""

    trials: int
    people: tuple[int, int] = (60, 100)
    walkers: int = 3
    of_each: int = 2
    """Web processes, and worker processes, on PostgreSQL."""
    every: tuple[float, float] | None = (4.0, 9.0)
    """Seconds between two kills; None: nothing is killed."""
    most_kills: int = 1_000_000
    limit_seconds: float = 3600.0


@dataclass
class Trial:
    """One event, and a crowd that wants to come."""

    house: House
    chance: random.Random
    size: Size
    phones: list[Phone] = field(default_factory=list)
    event_id: int = 0
    title: str = ""
    figures: Figures = field(default_factory=lambda: Figures(trials=1))

    def run(self) -> Figures:
        self._make_event()
        self._make_people()
        watched = self.house.sampler.watch(self.event_id)
        self._bring_to_the_last_step()
        self._let_them_loose()
        self._count()
        self.figures.oversold = int(watched.oversold)
        self._take_away()
        return self.figures

    def _make_event(self) -> None:
        now = clock.now()
        starts_at = now + timedelta(hours=self.chance.choice([20, 60, 100, 200, 300]))
        self.title = f"เวทีที่ {secrets.token_hex(4)}"
        with self.house.database.transaction() as db:
            event = events.add(
                db,
                EventRow(
                    public_id=secrets.token_hex(8), state=events.PUBLISHED, title=self.title, place_name="หอประชุม",
                    starts_at=starts_at, ends_at=starts_at + timedelta(hours=3), created_at=now, published_at=now,
                    capacity=self.chance.randint(10, 100), party_most=PARTY_MOST, phone_rule="no",
                    has_waiting_list=self.chance.random() < 0.85, offer_minutes=self.chance.choice([0, 180, 180]),
                ),
            )  # fmt: skip
            self.event_id = event.id

    def _make_people(self) -> None:
        count = self.chance.randint(*self.size.people)
        user_ids = [f"U{secrets.token_hex(16)}" for _ in range(count)]
        call(
            f"{self.house.crew.api}/people",
            [{"userId": user_id, "displayName": f"คนที่ {number}"} for number, user_id in enumerate(user_ids)],
        )
        with self.house.database.transaction() as db:
            for number, user_id in enumerate(user_ids):
                person = audience.meet(db, line_user_id=user_id, now=clock.now())
                audience.note_notice_shown(db, person_id=person.id, now=clock.now())
                self.phones.append(self._make_phone(user_id, person.id, walker=number < self.size.walkers))
        self.figures.people = count

    def _make_phone(self, user_id: str, person_id: int, *, walker: bool) -> Phone:
        name = f"{self.chance.choice(FIRST_NAMES)} {self.chance.choice(LAST_NAMES)}"
        box, party = self.house.postman.keep_box(user_id), self.chance.randint(1, PARTY_MOST)
        return Phone(user_id, person_id, name, party, box, walker=walker, patience=self.chance.randint(0, 6))

    @property
    def _walkers(self) -> list[Phone]:
        return [phone for phone in self.phones if phone.walker]

    def _bring_to_the_last_step(self) -> None:
        """Some go through the whole dialogue; the others find themselves where one of those is, with a number of
        people and a form of their own."""
        opening = self.house.buttons.encode("event", now=clock.now(), i=str(self.event_id))
        self._send([phone.press(opening) for phone in self._walkers])
        deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
        while not all(phone.confirm for phone in self._walkers):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the dialogue came to no end: {[phone.box[-2:] for phone in self._walkers]}")
            self.house.crew.require_alive()
            time.sleep(LOOK_EVERY_SECONDS)
            self._send([step for phone in self._walkers for step in walk(phone)])
        self.figures.through_the_whole_dialogue = len(self._walkers)
        self._copy_the_form(self._walkers[0])

    def _copy_the_form(self, model: Phone) -> None:
        vault, now = self.house.vault, clock.now()
        with self.house.database.transaction() as db:
            known = memory.load(db, vault, person_id=model.person_id, now=now)
            about = dict(self.house.buttons.decode(model.confirm).arguments)
            for phone in self.phones:
                if phone.walker:
                    continue
                form, mark = json.loads(known.data["form"]), secrets.token_hex(3)
                form["mark"], form["given"] = mark, {**form["given"], "name": phone.name, "party": phone.party}
                data = {**known.data, "form": json.dumps(form), "mark": mark}
                memory.save(db, vault, replace(known, data=data), person_id=phone.person_id, now=now)
                phone.confirm = self.house.buttons.encode("sign_up_yes", now=now, **{**about, "m": mark})

    def _let_them_loose(self) -> None:
        """Everybody confirms at once; and then it goes on until nobody presses anything any more."""
        began = time.monotonic()
        disturbances = sorted(
            (self.chance.uniform(0.2, 9.0), act) for act in self.chance.choices([0, 1, 2], k=self.chance.randint(2, 5))
        )
        acts = (self._change_capacity, self._let_offers_run_out, self._somebody_blocks)
        rush = twice_at_times([phone.press(phone.confirm) for phone in self.phones], self.chance)
        self.chance.shuffle(rush)
        self._send(rush)
        deadline = time.monotonic() + SETTLED_WITHIN_SECONDS
        while True:
            while disturbances and time.monotonic() - began > disturbances[0][0]:
                acts[disturbances.pop(0)[1]]()
            if not self._answer_phones() and not disturbances and self._is_settled() and not self._answer_phones():
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"event {self.event_id} does not come to rest")
            time.sleep(LOOK_EVERY_SECONDS)

    def _answer_phones(self) -> bool:
        presses = [
            press for phone in self.phones if not phone.blocked for press in react(phone, self.chance, title=self.title)
        ]
        self._send(twice_at_times(presses, self.chance))
        return bool(presses)

    def _send(self, made: Sequence[dict[str, object]]) -> None:
        if made:
            self.figures.presses += len(made)
            self.figures.sent_once_more += self.house.crew.send(made, self.chance)

    def _is_settled(self) -> bool:
        """Nothing is left to do for any of these people, and all that was said has arrived."""
        self.house.crew.require_alive()
        lanes = [self.house.vault.keyed_hash("lane", phone.user_id, length=32) for phone in self.phones]
        with self.house.database.reading() as db:
            open_jobs = select(func.count()).where(JobRow.lane.in_(lanes), JobRow.status != DEAD)
            untold = select(func.count()).where(
                ServiceMessageRow.event_id == self.event_id,
                (ServiceMessageRow.state == QUEUED)
                | ((ServiceMessageRow.state == BOOKED) & (ServiceMessageRow.due_at <= clock.now())),
            )
            looks = select(func.count()).where(JobRow.kind == JobKind.WAITING_LISTS, JobRow.status != DEAD)
            if any(db.scalar(left) for left in (open_jobs, untold, looks)):
                return False
        self.house.postman.catch_up()
        return True

    def _change_capacity(self) -> None:
        """As staff do, by the same service."""
        wanted = self.chance.randint(5, 140)
        with self.house.database.transaction() as db:
            event = events.lock(db, self.event_id)
            assert event is not None
            assert event.capacity is not None
            lowered = wanted < event.capacity
            planning.amend(
                db, event_id=event.id, seen=event.version, changes={"capacity": wanted}, now=clock.now(), tells=False
            )
            if lowered:
                taken = registrations.count_seats(db, self.event_id)
                self.house.sampler.note_lowered(self.event_id, capacity=wanted, taken=taken)
        self.figures.capacity_changes += 1

    def _let_offers_run_out(self) -> None:
        """The time of some of the offers ends now, and the bot takes the look that it takes every minute."""
        with self.house.database.transaction() as db:
            now = clock.now()
            if events.lock(db, self.event_id) is None:
                return
            for row in registrations.list_of_event(db, self.event_id, states=(OFFERED,), limit=100):
                if self.chance.random() < 0.5:
                    registrations.change(db, row, offer_until=now - timedelta(seconds=1))
                    self.figures.offers_run_out += 1
            look_at_lines(db, now)

    def _somebody_blocks(self) -> None:
        phone = self.chance.choice([phone for phone in self.phones if not phone.walker])
        self._send([phone.block()])

    def _count(self) -> None:
        if self._list_stranded():
            with self.house.database.transaction() as db:
                self.figures.given_by_the_minutes_look = len(self._list_stranded())
                look_at_lines(db, clock.now())
            while not self._is_settled() or self._answer_phones():
                time.sleep(LOOK_EVERY_SECONDS)
        self.figures.blocked = sum(phone.blocked for phone in self.phones)
        self.figures.stranded = len(self._list_stranded())
        with self.house.database.reading() as db:
            of_event = select(RegistrationRow).where(RegistrationRow.event_id == self.event_id)
            rows = list(db.scalars(of_event))
            unknown = self._list_unknown(db)
        by_person = {row.person_id: row for row in rows}
        held = [row.person_id for row in rows if row.state in OPEN]
        self.figures.with_two_places = len(held) - len(set(held))
        self.figures.seats_taken = sum(row.seats for row in rows if row.state in SEATED)
        self.figures.waiting_at_the_end = sum(row.state == WAITING for row in rows)
        self.figures.answers_unknown = len(unknown)
        for phone in self.phones:
            if not phone.blocked and phone.person_id not in unknown:
                self.figures.told_otherwise += not self._was_told(phone, by_person.get(phone.person_id))

    def _was_told(self, phone: Phone, row: RegistrationRow | None) -> bool:
        try:
            told = last_told(phone.box, title=self.title)
        except Unread as unread:
            print(f"{self.title}: nobody has taught this proof what it means: {unread}", flush=True)
            return False
        right = stands(row.state if row else None, whole_only=bool(row and row.whole_only), told=told)
        people_right = told is None or told.people is None or row is None or told.people == row.party_size
        if not (right and people_right):
            print(f"{self.title}: told {told}; {as_it_is(row)}; they got, the last ones last:")
            print(*(f"  {outline(messages)}" for messages in phone.box[-8:]), sep="\n", flush=True)
        return right and people_right

    def _list_stranded(self) -> list[int]:
        """By a count of this proof's own."""
        with self.house.database.reading() as db:
            event = db.get_one(EventRow, self.event_id)
            free = (event.capacity or 0) - registrations.count_seats(db, self.event_id)
            waiting = db.scalars(
                select(RegistrationRow)
                .join(PersonRow, PersonRow.id == RegistrationRow.person_id)
                .where(RegistrationRow.event_id == self.event_id, RegistrationRow.state == WAITING, PersonRow.following)
            )
            return [row.id for row in waiting if free >= row.party_size or (free > 0 and not row.whole_only)]

    def _list_unknown(self, db: Session) -> set[int | None]:
        statement = select(OutgoingRow.person_id).where(
            OutgoingRow.person_id.in_([phone.person_id for phone in self.phones]),
            OutgoingRow.status.in_([Delivery.UNKNOWN, Delivery.UNDELIVERABLE]),
        )
        return set(db.scalars(statement))

    def _take_away(self) -> None:
        """So that the next trials are not slower than the first."""
        self.house.sampler.leave(self.event_id)
        self.house.postman.take_away([phone.user_id for phone in self.phones])
        with self.house.database.transaction() as db:
            db.delete(db.get_one(EventRow, self.event_id))
