"""The people who chat with the bot, and the groups that it sits in."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from bot.simulator import identifiers
from bot.simulator.refusals import NotKnown, Refused

NON_FRIEND_SECONDS = 7 * 24 * 3600
"""A person who is no friend can be reached this long after writing."""


@dataclass(slots=True)
class Person:
    user_id: str
    display_name: str
    language: str | None = "th"
    picture_url: str | None = None
    following: bool = True
    blocked: bool = False
    wrote_at: float | None = None

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


@dataclass(slots=True)
class Group:
    group_id: str
    members: set[str] = field(default_factory=set)


class People:
    """Everybody whom the channel knows. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._people: dict[str, Person] = {}
        self._groups: dict[str, Group] = {}
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._people = {user_id: Person(user_id, name) for user_id, name in SEEDED}
            self._groups = {}

    def list_all(self) -> list[Person]:
        with self._lock:
            return list(self._people.values())

    def find(self, user_id: str) -> Person | None:
        return self._people.get(user_id)

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
            if person.user_id in self._people:
                raise Refused(f"{person.user_id} is here already")
            self._people[person.user_id] = person
        return person

    def follow(self, user_id: str) -> bool:
        """Returns whether the person had blocked the bot before."""
        with self._lock:
            person = self.get(user_id)
            unblocked, person.blocked, person.following = person.blocked, False, True
            return unblocked

    def block(self, user_id: str) -> None:
        with self._lock:
            person = self.get(user_id)
            person.following, person.blocked = False, True

    def note_source(self, source: dict[str, Any], *, wrote_at: float | None) -> None:
        """Whoever appears in an event is known from then on; `wrote_at` is when, if it was by writing."""
        user_id = source.get("userId")
        group_id = source.get("groupId") or source.get("roomId")
        with self._lock:
            if isinstance(user_id, str) and identifiers.USER_ID.fullmatch(user_id):
                person = self._people.setdefault(user_id, Person(user_id, "ผู้ใช้ใหม่"))
                if wrote_at is not None and not group_id:
                    person.wrote_at = wrote_at
            if isinstance(group_id, str):
                group = self._groups.setdefault(group_id, Group(group_id))
                if isinstance(user_id, str):
                    group.members.add(user_id)

    def list_reached(self, user_ids: list[str], now: float) -> list[str]:
        """Those of the ids whom a message reaches, as our own string objects."""
        found = (self._people.get(user_id) for user_id in user_ids)
        return [person.user_id for person in found if person is not None and person.is_reached(now)]

    def own_ids(self, user_ids: list[str]) -> tuple[str, ...]:
        """The same ids as our own string objects where we have them: journals keep a great many."""
        found = ((user_id, self._people.get(user_id)) for user_id in user_ids)
        return tuple(user_id if person is None else person.user_id for user_id, person in found)

    def find_group(self, group_id: str) -> Group | None:
        return self._groups.get(group_id)
