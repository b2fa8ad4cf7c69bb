"""Groups of an audience in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from bot.console import notice_words
from bot.console.event_editing import pack_of
from bot.console.premises import Premises
from bot.faq.library import NothingPublished
from bot.notices.audience import Audience
from bot.storage import events
from bot.storage.events import EventRow
from bot.storage.notice_audience import DISTRICT, EVERYONE, OF_AN_EVENT, PROGRAMME, TOPIC, Group
from knowledge.entries import SMALL_TALK


@dataclass(frozen=True, slots=True)
class Described:
    groups: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """Of what is gone meanwhile, its number or id stands for it."""

    programmes: Mapping[str, str]
    districts: Mapping[str, str]
    topics: Mapping[str, str]
    events: Mapping[str, str]

    @classmethod
    def look_up(
        cls, premises: Premises, db: Session, groups: Iterable[Group], known: Iterable[EventRow] = ()
    ) -> Names:  # fmt: skip
        pack = pack_of(premises)
        titles = {str(event.id): event.title for event in known}
        for group in groups:
            if group.kind in OF_AN_EVENT and group.value not in titles:
                event = events.find(db, int(group.value))
                titles[group.value] = event.title if event is not None else ""
        programmes, districts = (
            {one.id: one.name.get("th", one.id) for one in several} for several in (pack.programmes, pack.districts)
        )
        return cls(programmes, districts, cls.topics_of(premises), titles)

    @staticmethod
    def topics_of(premises: Premises) -> dict[str, str]:
        """Titles of the FAQ in force."""
        try:
            entries = premises.library.current().catalogue.entries
        except NothingPublished:
            return {}
        return {one.id: one.title.get("th") or one.id for one in entries.values() if one.id not in SMALL_TALK}

    def of(self, group: Group) -> str:
        if group.kind == EVERYONE:
            return notice_words.EVERYONE
        kept = {PROGRAMME: self.programmes, DISTRICT: self.districts, TOPIC: self.topics}.get(group.kind, self.events)
        return notice_words.GROUPS[group.kind].format(name=kept.get(group.value) or group.value)

    def describe(self, audience: Audience) -> Described:
        return Described(tuple(map(self.of, audience.groups)), tuple(map(self.of, audience.without)))


def describe(premises: Premises, db: Session, audience: Audience) -> Described:
    return Names.look_up(premises, db, (*audience.groups, *audience.without)).describe(audience)


def page_of(notice_id: int) -> str:
    return url_for("notices.show", notice_id=notice_id)


def write_group(group: Group) -> str:
    """As a form sends it."""
    return f"{group.kind}:{group.value}"
