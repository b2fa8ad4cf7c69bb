"""The people who chat with the bot: a few kept one by one, and crowds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.simulator import identifiers
from bot.simulator.crowds import Crowd, Everyone, PackedIds, crowd_mark
from bot.simulator.groups import Group, Groups
from bot.simulator.refusals import NotKnown, Refused

NON_FRIEND_SECONDS = 7 * 24 * 3600
"""A person who is no friend can be reached this long after writing."""
LARGEST_CROWD = 5_000_000


@dataclass(slots=True)
class Person:
    user_id: str
    display_name: str
    language: str | None = "th"
    picture_url: str | None = None
    following: bool = True
    blocked: bool = False
    wrote_at: float | None = None
    status_message: str | None = None
    accepted_policy: bool = True
    """LINE's privacy policy of March 2022 or later. Who has not is left out of audiences, and tells no language."""
    consented: bool = True
    """To being told to bots. Who has not, on LINE for PC say, writes without a user id."""

    def as_json(self) -> dict[str, Any]:
        return {
            "userId": self.user_id,
            "displayName": self.display_name,
            "pictureUrl": self.picture_url,
            "language": self.language,
            "following": self.following,
        }

    def is_reached(self, now: float) -> bool:
        if self.blocked:
            return False
        return self.following or (self.wrote_at is not None and now - self.wrote_at <= NON_FRIEND_SECONDS)


SEEDED = (
    ("U5e1f0c3a9d7b4826a1c0e94f7b2d6835", "สมศรี ใจดี"),
    ("U8b27d4e6f1a04c59b3e8072d9c6a1f54", "ลุงคำ เมืองเทิง"),
    ("U2c90a7b5e3d84f16978d5b0ca4e1f362", "ครูแพรว วงค์คำ"),
    ("Ud41f68b20c9e47a5863b1fe0a795c2d8", "นภัสสร จันทร์ฟอง"),
)


class People:
    """Everybody whom the channel knows. Safe to share between threads.

    A person of a crowd is kept one by one only from the first gesture that changes something about them.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._people: dict[str, Person] = {}
        self._crowds: dict[str, Crowd] = {}
        self._apart: dict[str, set[int]] = {}
        self.groups = Groups()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._people = {user_id: Person(user_id, name) for user_id, name in SEEDED}
            self._crowds, self._apart = {}, {}
            self.groups.reset()

    def list_all(self, *, of_each_crowd: int = 100) -> list[Person]:
        """Everyone who is kept one by one, and the first few of each crowd."""
        with self._lock:
            first = (crowd.user_id(place) for crowd in self._crowds.values()
                     for place in range(min(of_each_crowd, crowd.count)))  # fmt: skip
            return [*self._people.values(), *(self.get(user_id) for user_id in first if user_id not in self._people)]

    def find(self, user_id: str) -> Person | None:
        return self._people.get(user_id) or self._from_crowd(user_id)

    def _from_crowd(self, user_id: str) -> Person | None:
        crowd = self._crowds.get(user_id[1:17]) if self._crowds else None
        position = crowd.find_position(user_id) if crowd is not None else None
        return None if crowd is None or position is None else Person(user_id, crowd.name(position))

    def get(self, user_id: str) -> Person:
        person = self.find(user_id)
        if person is None:
            raise NotKnown(f"nobody here is {user_id}")
        return person

    def add(self, person: Person) -> Person:
        """Adds a person, silently. Raises Refused for an id of another shape, or one that is taken."""
        if not identifiers.USER_ID.fullmatch(person.user_id):
            raise Refused(f"a user id is U and 32 hexadecimal digits, not {person.user_id!r}")
        with self._lock:
            if self.find(person.user_id) is not None:
                raise Refused(f"{person.user_id} is here already")
            self._people[person.user_id] = person
        return person

    def add_crowd(self, *, count: int, prefix: str) -> Crowd:
        """A number of friends at once, silently."""
        if isinstance(count, bool) or not 1 <= count <= LARGEST_CROWD:
            raise Refused(f'"count" is a number from 1 to {LARGEST_CROWD}')
        with self._lock:
            crowd = Crowd(len(self._crowds) + 1, count, prefix)
            self._crowds[crowd.mark], self._apart[crowd.mark] = crowd, set()
            return crowd

    def get_crowd(self, number: int) -> Crowd:
        crowd = self._crowds.get(crowd_mark(number))
        if crowd is None:
            raise NotKnown(f"there is no crowd {number}")
        return crowd

    def get_writer(self, user_id: str) -> Person:
        """Raises Refused for somebody who has blocked the bot, and cannot write to it."""
        person = self.get(user_id)
        if person.blocked:
            raise Refused(f"{user_id} has blocked the bot: follow first")
        return person

    def follow(self, user_id: str) -> bool:
        """Returns whether the person had blocked the bot before."""
        with self._lock:
            person = self._kept(user_id)
            unblocked, person.blocked, person.following = person.blocked, False, True
            return unblocked

    def block(self, user_id: str) -> None:
        with self._lock:
            person = self._kept(user_id)
            person.following, person.blocked = False, True

    def _kept(self, user_id: str) -> Person:
        person = self._people.get(user_id)
        if person is None:
            person = self._people[user_id] = self.get(user_id)
            crowd = self._crowds[user_id[1:17]]
            position = crowd.find_position(user_id)
            if position is not None:
                self._apart[crowd.mark].add(position)
        return person

    def note_source(self, source: dict[str, Any], *, wrote_at: float | None) -> None:
        """Whoever appears in an event is known from then on; `wrote_at` is when, if it was by writing."""
        user_id = source.get("userId")
        group_id = source.get("groupId") or source.get("roomId")
        with self._lock:
            if isinstance(user_id, str) and identifiers.USER_ID.fullmatch(user_id):
                if self.find(user_id) is None:
                    self._people[user_id] = Person(user_id, "ผู้ใช้ใหม่")
                if wrote_at is not None and not group_id:
                    self._kept(user_id).wrote_at = wrote_at
            if isinstance(group_id, str):
                self.groups.note_source(group_id, user_id if isinstance(user_id, str) else None)

    def list_reached(self, user_ids: list[str], now: float) -> list[str]:
        """Those of the ids whom a message reaches. Who is still a part of a crowd is a friend."""
        people, crowds = self._people, self._crowds
        reached = []
        for user_id in user_ids:
            person = people.get(user_id)
            if person is not None:
                if person.is_reached(now):
                    reached.append(user_id)
            elif (crowd := crowds.get(user_id[1:17])) is not None and crowd.find_position(user_id) is not None:
                reached.append(user_id)
        return reached

    def all_friends(self) -> Everyone:
        with self._lock:
            singles = [person.user_id for person in self._people.values() if person.following and not person.blocked]
            crowds = tuple((crowd, frozenset(self._apart[mark])) for mark, crowd in self._crowds.items())
        return Everyone(PackedIds(singles), crowds)

    def list_hidden(self) -> set[str]:
        """Those who never agreed to be told to bots."""
        with self._lock:
            return {person.user_id for person in self._people.values() if not person.consented}

    def list_without_policy(self) -> set[str]:
        with self._lock:
            return {person.user_id for person in self._people.values() if not person.accepted_policy}

    def count(self) -> dict[str, int]:
        """How many friends there are, and how many have blocked the bot."""
        with self._lock:
            blocked = sum(person.blocked for person in self._people.values())
        return {"friends": len(self.all_friends()), "blocked": blocked}

    def find_group(self, group_id: str) -> Group | None:
        return self.groups.find(group_id)

    def list_members(self, group: Group) -> Iterator[Person]:
        return (person for person in map(self.find, sorted(group.members)) if person is not None)
