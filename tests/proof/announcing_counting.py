"""What a notice came to, by the simulator's own books: who was given it, how often, and how fast it was asked."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from bot import clock
from bot.conversation.postback import Buttons
from bot.storage import notice_chunks
from bot.storage.engine import Database
from bot.storage.notice_chunks import ACCEPTED, UNKNOWN, ChunkRow
from bot.storage.people import PersonRow
from bot.storage.preferences import PreferenceRow
from bot.vault import Vault
from tests.proof.announcing_making import Crowded
from tests.proof.announcing_stand import Newsroom
from tests.proof.stand import call

ROWS_AT_ONCE = 1_000
ID_DIGITS = 32
LEAVE_EVERY_SECONDS = 0.25
GONE_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Given:
    """One request that LINE took."""

    retry_key: str
    at: datetime
    user_ids: Sequence[str]


@dataclass(frozen=True)
class Called:
    """One request that reached LINE, whatever came of it. `status` None: the connection was cut."""

    at: datetime
    status: int | None


@dataclass
class Books:
    """The simulator's, read from where they were left off."""

    api: str
    sendings: int = 0
    calls: int = 0

    def skip(self) -> None:
        """What was written up to now."""
        self.sendings = call(f"{self.api}/replies?limit=0")["last"]
        self.calls = call(f"{self.api}/journal?limit=0")["last"]

    def read_given(self) -> list[Given]:
        found: list[Given] = []
        while rows := call(f"{self.api}/sendings?after={self.sendings}&limit={ROWS_AT_ONCE}")["rows"]:
            self.sendings = rows[-1]["first"]
            found += [_given(row) for row in rows if row["way"] == "multicast"]
        return found

    def read_calls(self) -> list[Called]:
        """To send to many."""
        found: list[Called] = []
        while True:
            rows = call(f"{self.api}/journal?kind=call&slim&after={self.calls}&limit={ROWS_AT_ONCE * 10}")["rows"]
            if not rows:
                return found
            self.calls = rows[-1]["n"]
            found += [
                Called(datetime.fromisoformat(row["at"]), row["status"])
                for row in rows
                if row["path"].endswith("/message/multicast")
            ]


def _given(row: Mapping[str, Any]) -> Given:
    ids = row["ids"]
    people = [f"U{ids[at : at + ID_DIGITS]}" for at in range(0, len(ids), ID_DIGITS)]
    return Given(row["retryKey"], datetime.fromisoformat(row["at"]), people)


def busiest_second(calls: Sequence[Called]) -> int:
    """The most calls within any second, wherever it begins."""
    recent: deque[datetime] = deque()
    most = 0
    for moment in sorted(one.at for one in calls):
        recent.append(moment)
        while moment - recent[0] >= timedelta(seconds=1):
            recent.popleft()
        most = max(most, len(recent))
    return most


@dataclass
class Leavers:
    """People who change their minds while the notice is on its way: every other one presses its way out, the others
    block the bot. LINE tells the bot of both by webhooks. The next leave when it has understood: it does everything of
    that kind before it sends on. `left`: by when that was certainly in the database."""

    built: Newsroom
    database: Database
    notice_id: int
    crowd: Crowded
    at_once: int
    left: dict[int, datetime] = field(default_factory=dict)

    def work(self, stopping: threading.Event) -> None:
        chance = random.Random(3)
        staying = chance.sample(sorted(self.crowd.wanting), len(self.crowd.wanting) // 2)
        buttons = Buttons(Vault([self.built.environment["CIVICBOT_SECRET_KEY"]]))
        out = buttons.encode("notice_off", now=clock.now(), n=str(self.notice_id))
        leaving: set[int] = set()
        while not stopping.wait(LEAVE_EVERY_SECONDS) and staying:
            self._note_gone(leaving)
            if leaving - self.left.keys():
                continue
            some, staying = staying[: self.at_once], staying[self.at_once :]
            made = [_leaves(self.crowd.wanting[one], None if number % 2 else out) for number, one in enumerate(some)]
            self.built.send(made, chance)
            leaving |= set(some)
        deadline = time.monotonic() + GONE_WITHIN_SECONDS
        while leaving - self.left.keys():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(leaving - self.left.keys())} people have left, and nobody has noted it")
            time.sleep(LEAVE_EVERY_SECONDS)
            self._note_gone(leaving)

    def _note_gone(self, leaving: set[int]) -> None:
        gone = select(PersonRow.id).join(PreferenceRow, PreferenceRow.person_id == PersonRow.id)
        gone = gone.where(PersonRow.id.in_(leaving - self.left.keys()))
        gone = gone.where(or_(~PersonRow.following, ~PreferenceRow.wants_notices))
        with self.database.reading() as db:
            found = db.scalars(gone).all()
        self.left |= dict.fromkeys(found, clock.now())


def _leaves(user_id: str, button: str | None) -> dict[str, Any]:
    source = {"type": "user", "userId": user_id}
    if button is None:
        return {"type": "unfollow", "source": source}
    return {"type": "postback", "source": source, "postback": {"data": button}}


@dataclass(frozen=True, kw_only=True)
class Count:
    requests: int
    answered_otherwise: int
    """Requests that were not answered 200 or, to one that LINE had taken before, 409."""
    taken_before: int
    """Requests to which LINE answered 409: it had taken them before, and we had not heard so."""
    busiest_second: int
    given: int
    """People whom LINE gave the notice."""
    missed: int
    twice: int
    to_others: int
    """People who never agreed, or had blocked the bot before it began, and were given it nevertheless."""
    left_in_time: int
    """People who left on the way, and were not given it."""
    after_leaving: int
    """People who had left before their request was first made, and were given it nevertheless."""
    unknown: int
    other_than_our_books: int
    """Requests that LINE took and we know nothing of, or the reverse."""


def count(
    database: Database, notice_id: int, crowd: Crowded, left: Mapping[int, datetime], given: Sequence[Given],
    calls: Sequence[Called],
) -> Count:  # fmt: skip
    with database.reading() as db:
        unknown = notice_chunks.count(db, notice_id).get(UNKNOWN, (0, 0))[1]
        taken = select(ChunkRow.retry_key).where(ChunkRow.notice_id == notice_id, ChunkRow.state == ACCEPTED)
        ours = set(db.scalars(taken))
        tried = select(ChunkRow.retry_key, ChunkRow.first_tried_at).where(ChunkRow.notice_id == notice_id)
        first_tried = dict(db.execute(tried).all())
    times = Counter(user_id for one in given for user_id in one.user_ids)
    left_at = {crowd.wanting[person_id]: at for person_id, at in left.items()}
    too_late = {
        user_id
        for one in given
        for user_id in one.user_ids
        if user_id in left_at and left_at[user_id] < (first_tried.get(one.retry_key) or one.at)
    }
    statuses = Counter(one.status for one in calls)
    return Count(
        requests=len(calls),
        answered_otherwise=len(calls) - statuses[200] - statuses[409],
        taken_before=statuses[409],
        busiest_second=busiest_second(calls),
        given=len(times),
        missed=sum(1 for user_id in crowd.wanting.values() if user_id not in times and user_id not in left_at),
        twice=sum(1 for found in times.values() if found > 1),
        to_others=sum(1 for user_id in crowd.others if user_id in times),
        left_in_time=sum(1 for user_id in left_at if user_id not in times),
        after_leaving=len(too_late),
        unknown=unknown,
        other_than_our_books=len(ours ^ {one.retry_key for one in given}),
    )
