"""Crowds: people by the million who take no room, because each is worked out from a number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_HALF = 1 << 64
_SPREAD = 0x9E3779B97F4A7C15
_BACK = pow(_SPREAD, -1, _HALF)
_MARK_SPREAD = 0xD1B54A32D192ED03


@dataclass(frozen=True, slots=True)
class Crowd:
    number: int
    count: int
    prefix: str

    @property
    def mark(self) -> str:
        return crowd_mark(self.number)

    def user_id(self, position: int) -> str:
        return f"U{self.mark}{_second_half(position)}"

    def name(self, position: int) -> str:
        return f"{self.prefix} {position + 1}"

    def find_position(self, user_id: str) -> int | None:
        """Where in this crowd the person stands; None for somebody else. The mark is the caller's to compare."""
        try:
            position = int(user_id[17:], 16) * _BACK % _HALF - 1
        except ValueError:
            return None
        is_here = 0 <= position < self.count and user_id[:1] == "U"
        return position if is_here and user_id[17:] == _second_half(position) else None

    def list_ids(self, start: int, stop: int) -> list[str]:
        return [self.user_id(position) for position in range(start, min(stop, self.count))]


def _second_half(position: int) -> str:
    return f"{(position + 1) * _SPREAD % _HALF:016x}"


def crowd_mark(number: int) -> str:
    """The first half of the ids of a crowd, behind the U."""
    return f"{number * _MARK_SPREAD % _HALF:016x}"


class PackedIds:
    """User ids in sixteen bytes each. Ids of another shape, groups say, are kept as they are."""

    __slots__ = ("_ids", "_packed")

    def __init__(self, ids: list[str]) -> None:
        self._packed, self._ids = b"", tuple(ids)
        if all(len(user_id) == 33 and user_id[0] == "U" for user_id in ids):
            try:
                self._packed, self._ids = bytes.fromhex("".join([user_id[1:] for user_id in ids])), ()
            except ValueError:
                return

    def __len__(self) -> int:
        return len(self._packed) // 16 + len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return self.between(0, len(self))

    def __contains__(self, user_id: str) -> bool:
        if not self._packed:
            return user_id in self._ids
        try:
            wanted = bytes.fromhex(user_id[1:])
        except ValueError:
            return False
        at = self._packed.find(wanted)
        while at % 16 and at > 0:
            at = self._packed.find(wanted, at + 1)
        return at >= 0 and len(wanted) == 16

    def between(self, start: int, stop: int) -> Iterator[str]:
        if not self._packed:
            yield from self._ids[start:stop]
            return
        for at in range(start * 16, min(stop * 16, len(self._packed)), 16):
            yield "U" + self._packed[at : at + 16].hex()

    def hex(self) -> str | None:
        """All ids without their U, one after the other; None where one has another shape."""
        return self._packed.hex() if self._packed or not self._ids else None

    @property
    def weight(self) -> int:
        return len(self._packed) + 90 * len(self._ids)


@dataclass(frozen=True, slots=True)
class Everyone:
    """All friends at one moment: some one by one, the others as crowds without those who stand apart."""

    singles: PackedIds
    crowds: tuple[tuple[Crowd, frozenset[int]], ...] = ()
    weight: int = 100

    def __len__(self) -> int:
        return len(self.singles) + sum(crowd.count - len(apart) for crowd, apart in self.crowds)

    def __iter__(self) -> Iterator[str]:
        return self.between(0, len(self))

    def __contains__(self, user_id: str) -> bool:
        if user_id in self.singles:
            return True
        for crowd, apart in self.crowds:
            if user_id[1:17] == crowd.mark and (position := crowd.find_position(user_id)) is not None:
                return position not in apart
        return False

    def between(self, start: int, stop: int) -> Iterator[str]:
        yield from self.singles.between(start, stop)
        start, stop = start - len(self.singles), stop - len(self.singles)
        for crowd, apart in self.crowds:
            if stop <= 0:
                return
            if start < (here := crowd.count - len(apart)):
                positions = range(crowd.count) if not apart else [p for p in range(crowd.count) if p not in apart]
                yield from map(crowd.user_id, islice(positions, max(start, 0), stop))
            start, stop = start - here, stop - here


Recipients = PackedIds | Everyone
