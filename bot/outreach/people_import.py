"""Friends whom a file or LINE's own list names: made known to us, without any consent. They are asked first; what the
file says of their interests is a proposal until they answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy.orm import Session

from bot.storage import imported_people, tombstones
from bot.storage.imported_people import Proposal, Standing
from bot.vault import Vault
from knowledge.pack import Named, Pack
from knowledge.place_names import AddressReader, sound, spellings
from knowledge.thai import normalise

BATCH = 1_000
LONGEST_CELL = 500
LONGEST_SHOWN = 60
CELLS_KEPT = 1_000
"""A file says the same few things again and again, and reading an address takes its time."""
NOTHING = Proposal()
_USER_ID = re.compile(r"U[0-9a-f]{32}")
_OF_MANY = re.compile(r"[CR][0-9a-f]{32}")
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]")
_BETWEEN = re.compile(r"[;,|\n]")
_DISTRICT = re.compile(r"^(?:อำเภอ|อ ?\.)\s*")


class Why(StrEnum):
    """Why a row is left out."""

    NO_ID = "no id"
    OF_MANY = "of many"
    """The id of a group or a room."""
    TWICE = "twice"
    """`detail` is the row with the same id."""
    PROGRAMME = "programme"
    DISTRICT = "district"
    TOO_LONG = "too long"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Row:
    """Of a file, its number as the person's program counts it."""

    number: int
    user_id: str
    programmes: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    row: int
    why: Why
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Friend:
    user_id: str
    proposal: Proposal = NOTHING


@dataclass(slots=True)
class Read:
    """What a file holds."""

    friends: list[Friend] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    withheld: Counter[str] = field(default_factory=Counter)
    """By sensitive programme, rows whose interest in it is not kept."""


@dataclass(frozen=True, slots=True)
class Counts:
    new: int = 0
    known: int = 0
    answered: int = 0
    """Of those known, who are left just as they are."""
    proposed: int = 0
    """Of both, for whom programmes or a district are proposed."""
    back: int = 0
    """Of those known, who had blocked us and are friends again."""
    erased: int = 0
    """Who had themselves erased, and are left out: they come back by writing, and by nothing else."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.new + other.new, self.known + other.known, self.answered + other.answered,
            self.proposed + other.proposed, self.back + other.back, self.erased + other.erased,
        )  # fmt: skip


def is_user_id(text: str) -> bool:
    return _USER_ID.fullmatch(text) is not None


def read_user_id(text: str) -> str:
    """As LINE writes it, whatever a spreadsheet program made of its capitals, and copying added."""
    text = _UNSEEN.sub("", text)
    return text[:1].upper() + text[1:].lower() if len(text) == 33 else text


def read(rows: Iterable[Row], pack: Pack) -> Read:
    return _Reader(pack).read(rows)


def batches(friends: Sequence[Friend]) -> Iterator[Sequence[Friend]]:
    return (friends[start : start + BATCH] for start in range(0, len(friends), BATCH))


def weigh(db: Session, batch: Sequence[Friend], *, vault: Vault | None = None) -> Counts:
    """What `bring_in` would do; nothing is written."""
    known = imported_people.find_standings(db, [friend.user_id for friend in batch])
    batch, erased = _without_erased(db, vault, batch, known)
    new = sum(friend.user_id not in known for friend in batch)
    open_to = [friend for friend in batch if friend.user_id not in known or not known[friend.user_id].has_answered]
    return Counts(
        new=new, known=len(batch) - new, answered=len(batch) - len(open_to), proposed=_count_proposals(open_to),
        erased=erased,
    )  # fmt: skip


def bring_in(
    db: Session, batch: Sequence[Friend], *, now: datetime, friends_since: datetime | None = None,
    vault: Vault | None = None,
) -> Counts:  # fmt: skip
    """A batch without doubles. Safe to repeat. `friends_since`: the moment at which LINE itself named them as friends,
    so that a block from before it is over. Nobody who has answered is changed. With the `vault`, whoever was erased is
    left out, unless they have come back by themselves. Raises bot.vault.Unreadable.
    """
    erased = 0
    if vault is not None:
        known = imported_people.find_standings(db, [friend.user_id for friend in batch])
        batch, erased = _without_erased(db, vault, batch, known)
    ids = [friend.user_id for friend in batch]
    new = imported_people.add_missing(db, ids, now=now)
    standings = imported_people.find_standings(db, ids)
    back = 0
    if friends_since is not None:
        blocked = [standing.person_id for standing in standings.values() if not standing.following]
        back = imported_people.note_friends(db, blocked, at=friends_since)
    written = _propose(db, batch, standings)
    return Counts(
        new=new, known=len(batch) - new, answered=len(batch) - len(written), proposed=_count_proposals(written),
        back=back, erased=erased,
    )  # fmt: skip


def _without_erased(
    db: Session, vault: Vault | None, batch: Sequence[Friend], known: Mapping[str, Standing]
) -> tuple[Sequence[Friend], int]:
    """The others, and how many were left out."""
    strangers = [friend.user_id for friend in batch if friend.user_id not in known]
    erased = tombstones.list_erased(db, vault, strangers) if vault is not None and strangers else set()
    return [friend for friend in batch if friend.user_id not in erased], len(erased)


def _propose(db: Session, batch: Sequence[Friend], standings: Mapping[str, Standing]) -> list[Friend]:
    open_to = {
        standings[friend.user_id].person_id: friend for friend in batch if not standings[friend.user_id].has_answered
    }
    written = imported_people.propose(db, {person_id: friend.proposal for person_id, friend in open_to.items()})
    return [open_to[person_id] for person_id in written]


def _count_proposals(friends: Iterable[Friend]) -> int:
    return sum(friend.proposal != NOTHING for friend in friends)


class _Reader:
    def __init__(self, pack: Pack) -> None:
        self._by_name = {
            normalise(form): programme
            for programme in pack.programmes
            for form in (programme.id, *programme.name.values())
        }
        self._districts = {sound(form): name for name, forms in spellings(pack).items() for form in (name, *forms)}
        self._addresses = AddressReader(pack)
        self._programmes = lru_cache(CELLS_KEPT)(self._find_programmes)
        self._district = lru_cache(CELLS_KEPT)(self._find_district)

    def read(self, rows: Iterable[Row]) -> Read:
        result, seen = Read(), dict[str, int]()
        for row in rows:
            user_id = read_user_id(row.user_id)
            wrong = self._wrong_id(row, user_id, seen) or self._take(row, user_id, result)
            if wrong is None:
                seen[user_id] = row.number
            else:
                result.left_out.append(wrong)
        return result

    def _wrong_id(self, row: Row, user_id: str, seen: Mapping[str, int]) -> LeftOut | None:
        if is_user_id(user_id):
            return LeftOut(row.number, Why.TWICE, str(seen[user_id])) if user_id in seen else None
        if row.user_id.startswith("="):
            return LeftOut(row.number, Why.FORMULA)
        return LeftOut(row.number, Why.OF_MANY if _OF_MANY.fullmatch(user_id) else Why.NO_ID)

    def _take(self, row: Row, user_id: str, result: Read) -> LeftOut | None:
        if max(len(row.programmes), len(row.district)) > LONGEST_CELL:
            return LeftOut(row.number, Why.TOO_LONG, str(LONGEST_CELL))
        named = self._programmes(row.programmes)
        if isinstance(named, str):
            return LeftOut(row.number, Why.PROGRAMME, named)
        district = self._district(row.district)
        if row.district and district is None:
            return LeftOut(row.number, Why.DISTRICT, row.district[:LONGEST_SHOWN])
        result.withheld.update(programme.id for programme in named if programme.sensitive)
        kept = sorted(programme.id for programme in named if not programme.sensitive)
        result.friends.append(Friend(user_id, Proposal(tuple(kept), district)))
        return None

    def _find_programmes(self, text: str) -> tuple[Named, ...] | str:
        """Each once; the first one that is not known, as it is written."""
        pieces = [piece for piece in map(str.strip, _BETWEEN.split(text)) if piece]
        found = {piece: self._by_name.get(normalise(piece)) for piece in pieces}
        unknown = next((piece for piece, programme in found.items() if programme is None), None)
        if unknown is not None:
            return unknown[:LONGEST_SHOWN]
        return tuple({programme.id: programme for programme in found.values() if programme is not None}.values())

    def _find_district(self, text: str) -> str | None:
        """By its id or a name, with or without อำเภอ before it; or as an address tells it."""
        exact = self._districts.get(sound(text)) or self._districts.get(sound(_DISTRICT.sub("", text)))
        if exact is not None or not text:
            return exact
        heard = self._addresses.read(text)
        return next(iter(heard.named)) if len(heard.named) == 1 and not heard.elsewhere else None
