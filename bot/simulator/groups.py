"""The groups and rooms that the bot sits in, or could be asked into."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from bot.simulator import identifiers
from bot.simulator.refusals import NotKnown, Refused


@dataclass(slots=True)
class Group:
    """A room is a group whose id begins with R, and which has no name."""

    group_id: str
    name: str = "กลุ่มใหม่"
    members: set[str] = field(default_factory=set)
    has_bot: bool = True

    @property
    def is_room(self) -> bool:
        return self.group_id.startswith("R")

    def as_json(self) -> dict[str, Any]:
        return {
            "groupId": self.group_id,
            "kind": "room" if self.is_room else "group",
            "name": self.name,
            "members": sorted(self.members),
            "hasBot": self.has_bot,
        }

    def source(self, user_id: str | None = None) -> dict[str, Any]:
        """As an event tells it. LINE names the person for messages only."""
        kind, key = ("room", "roomId") if self.is_room else ("group", "groupId")
        return {"type": kind, key: self.group_id, **({"userId": user_id} if user_id else {})}


class Groups:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._groups: dict[str, Group] = {}

    def reset(self) -> None:
        with self._lock:
            self._groups = {}

    def list_all(self) -> list[Group]:
        with self._lock:
            return list(self._groups.values())

    def find(self, group_id: str) -> Group | None:
        return self._groups.get(group_id)

    def get(self, group_id: str) -> Group:
        group = self.find(group_id)
        if group is None:
            raise NotKnown(f"there is no group {group_id}")
        return group

    def add(self, group: Group) -> Group:
        """Raises Refused for an id of another shape, or one that is taken."""
        if not identifiers.GROUP_OR_ROOM_ID.fullmatch(group.group_id):
            raise Refused(f"a group's id is C (a room's R) and 32 hexadecimal digits, not {group.group_id!r}")
        with self._lock:
            if group.group_id in self._groups:
                raise Refused(f"{group.group_id} is here already")
            self._groups[group.group_id] = group
        return group

    def note_source(self, group_id: str, user_id: str | None) -> None:
        """A group in an event is known from then on, with whoever spoke in it."""
        with self._lock:
            group = self._groups.setdefault(group_id, Group(group_id))
            if user_id is not None:
                group.members.add(user_id)
