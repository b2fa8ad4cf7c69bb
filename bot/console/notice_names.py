"""Groups of an audience in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from bot.console import notice_step_words as words
from bot.console import notice_words
from bot.console.event_editing import pack_of
from bot.console.premises import Premises
from bot.faq.library import NothingPublished
from bot.notices.audience import Audience
from bot.notices.drafting import Plan, plan_of
from bot.storage import events, notices
from bot.storage.events import EventRow
from bot.storage.notice_audience import DISTRICT, EVERYONE, OF_AN_EVENT, PROGRAMME, TOPIC, UNCLEAR, Group
from bot.storage.notices import NoticeRow
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
    notices: Mapping[str, str]

    @classmethod
    def look_up(
        cls, premises: Premises, db: Session, groups: Iterable[Group], known: Iterable[EventRow] = ()
    ) -> Names:  # fmt: skip
        pack = pack_of(premises)
        titles = {str(event.id): event.title for event in known}
        announced = {}
        for group in groups:
            if group.kind == UNCLEAR and group.value not in announced:
                notice = notices.find(db, int(group.value))
                announced[group.value] = title_of(notice, plan_of(notice)) if notice is not None else ""
            if group.kind in OF_AN_EVENT and group.value not in titles:
                event = events.find(db, int(group.value))
                titles[group.value] = event.title if event is not None else ""
        programmes, districts = (
            {one.id: one.name.get("th", one.id) for one in several} for several in (pack.programmes, pack.districts)
        )
        return cls(programmes, districts, cls.topics_of(premises), titles, announced)

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
        known = {PROGRAMME: self.programmes, DISTRICT: self.districts, TOPIC: self.topics, UNCLEAR: self.notices}
        kept = known.get(group.kind, self.events)
        return notice_words.GROUPS[group.kind].format(name=kept.get(group.value) or group.value)

    def describe(self, audience: Audience) -> Described:
        return Described(tuple(map(self.of, audience.groups)), tuple(map(self.of, audience.without)))


def describe(premises: Premises, db: Session, audience: Audience) -> Described:
    return Names.look_up(premises, db, (*audience.groups, *audience.without)).describe(audience)


def title_of(row: NoticeRow, plan: Plan) -> str:
    """Its own, or its first words."""
    said = next((part for bubble in plan.content.bubbles for part in (bubble.title, bubble.text) if part.strip()), "")
    first = said.strip().splitlines()[0] if said else ""
    return row.title or (f"{first[:60]}…" if len(first) > 60 else first) or words.UNTITLED


def page_of(notice_id: int) -> str:
    return url_for("notices.show", notice_id=notice_id)


def write_group(group: Group) -> str:
    """As a form sends it."""
    return f"{group.kind}:{group.value}"
