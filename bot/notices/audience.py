"""Whom a notice is for, as it is kept, and how many that are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.notices.refusals import AudienceRefused
from bot.notices.rules import WEEK, Rules
from bot.storage import notice_audience as table
from bot.storage import preferences
from bot.storage.notice_audience import Group, Selection

MOST_GROUPS = 20
OF_INTEREST = (preferences.PROGRAMME, preferences.TOPIC)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whoever is in one of `groups` and in none of `without`, and has agreed to notices."""

    groups: tuple[Group, ...]
    without: tuple[Group, ...] = ()

    def to_json(self) -> dict[str, list[list[str]]]:
        return {"groups": _pairs(self.groups), "without": _pairs(self.without)}

    @property
    def is_of_interest(self) -> bool:
        """Whether being in it says what somebody is interested in."""
        return any(group.kind in OF_INTEREST for group in (*self.groups, *self.without))


@dataclass(frozen=True, slots=True)
class Reach:
    """`left_out`: people of the groups by why they are not reached."""

    reached: int
    left_out: Mapping[str, int]


def from_json(kept: Mapping[str, Any]) -> Audience:
    """Raises AudienceRefused."""
    return Audience(_groups(kept.get("groups", ())), _groups(kept.get("without", ())))


def everyone() -> Audience:
    return Audience((Group(table.EVERYONE),))


def count(db: Session, audience: Audience, *, event_id: int | None, rules: Rules, now: datetime) -> Reach:
    """`event_id` is the event that the notice is about."""
    found = dict(table.count(db, selection_of(audience, event_id=event_id, rules=rules, now=now)))
    reached = found.pop(table.REACHED, 0)
    return Reach(reached, found)


def selection_of(
    audience: Audience, *, event_id: int | None, rules: Rules, now: datetime, but: int = 0
) -> Selection:  # fmt: skip
    """`but` is the notice itself, which is not held against anybody."""
    return Selection(
        audience.groups, audience.without, now=now, week_ago=now - WEEK, most=rules.weekly_cap, but=but,
        event_id=event_id,
    )  # fmt: skip


def _pairs(groups: Iterable[Group]) -> list[list[str]]:
    return [[group.kind, group.value] for group in sorted(set(groups), key=lambda one: (one.kind, one.value))]


def _groups(kept: Sequence[Sequence[str]]) -> tuple[Group, ...]:
    if len(kept) > MOST_GROUPS:
        raise AudienceRefused("too many")
    return tuple(_group(pair) for pair in kept)


def _group(pair: Sequence[str]) -> Group:
    match pair:
        case [str(kind), str(value)] if kind in table.KINDS:
            pass
        case _:
            raise AudienceRefused("unknown")
    if kind in (*table.OF_AN_EVENT, table.UNCLEAR) and not (value.isascii() and value.isdigit() and len(value) < 19):
        raise AudienceRefused("unknown")
    if kind != table.EVERYONE and not value:
        raise AudienceRefused("unknown")
    return Group(kind, "" if kind == table.EVERYONE else value)
