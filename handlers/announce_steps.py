"""The announcement that is being made: what the dialogue keeps of it, and the notice that it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.conversation.memory import Memory
from bot.conversation.postback import read_number
from bot.conversation.turn import Turn
from bot.events import search
from bot.events.search import Door
from bot.notices import audience, checks, content, letters
from bot.notices.audience import Audience, Reach
from bot.notices.checks import Fault
from bot.notices.content import Content
from bot.notices.drafting import Plan
from bot.outreach import line_linking, permissions
from bot.outreach.permissions import Permission
from bot.outreach.staff import Account
from bot.storage import notice_audience, preferences
from bot.storage.events import EventRow
from bot.storage.notice_audience import Group
from handlers.desk import Desk
from knowledge.pack import Named

CHOOSE_STEP, WORDS_STEP = "announce:choose", "announce:words"
EVENTS, PREVIEW, AUDIENCE, SUMMARY = "events", "preview", "audience", "summary"
EVERYONE, PROGRAMME, DISTRICT, REGISTERED = "everyone", "programme", "district", "registered"
COUNTS_SEATS = frozenset({Door.OPEN, Door.LINE, Door.FULL})
SEAL_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Making:
    """`at` is what is being looked at. `seats` were free when the notice was written; `text` stands in place of what
    the notice says by itself."""

    mark: str
    at: str = EVENTS
    event_id: int = 0
    seats: int | None = None
    text: str = ""
    group: str = ""

    @property
    def data(self) -> dict[str, str]:
        """As the dialogue keeps it."""
        seats = "" if self.seats is None else str(self.seats)
        return {
            "mark": self.mark, "at": self.at, "event": str(self.event_id), "seats": seats, "text": self.text,
            "group": self.group,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The notice as it would be now."""

    making: Making
    event: EventRow
    content: Content
    groups: Mapping[str, Audience]

    @property
    def audience(self) -> Audience:
        """Raises KeyError where none was chosen, or the event has no such group any more."""
        return self.groups[self.making.group]

    @property
    def plan(self) -> Plan:
        return Plan(self.content, self.audience, title=self.event.title, event_id=self.event.id)

    @property
    def words_seal(self) -> str:
        """Nobody sends on what they have not seen."""
        return content.hash_of(self.content, {})[:SEAL_LETTERS]

    @property
    def seal(self) -> str:
        return content.hash_of(self.content, self.audience.to_json())[:SEAL_LETTERS]


def find_author(turn: Turn) -> Account | None:
    """Asked at every step: who was disabled or unlinked a moment ago is nobody here."""
    account = line_linking.find_by_person(turn.db, turn.speaker.person_id)
    allowed = account is not None and permissions.may(account.role, Permission.WRITE_NOTICES)
    return account if allowed else None


def find_making(memory: Memory) -> Making | None:
    data = memory.data
    if memory.step not in (CHOOSE_STEP, WORDS_STEP):
        return None
    return Making(
        mark=data["mark"], at=data.get("at", EVENTS), event_id=read_number(data.get("event")) or 0,
        seats=read_number(data.get("seats")), text=data.get("text", ""), group=data.get("group", ""),
    )  # fmt: skip


def keep(turn: Turn, making: Making) -> Turn:
    """The next button is waited for."""
    return replace(turn, memory=replace(turn.memory, step=CHOOSE_STEP, data=making.data))


def of_event(turn: Turn, making: Making, event: EventRow) -> Making:
    """A notice about this event; one's own words were about another."""
    seats = search.seats_of(turn.db, [event], now=turn.now)[event.id]
    left = seats.left if seats.door in COUNTS_SEATS else None
    return Making(making.mark, at=PREVIEW, event_id=event.id, seats=left)


def lay_out(turn: Turn, desk: Desk, making: Making) -> Sheet:
    """Raises the events' NoSuchEvent, CalledOff, EventOver."""
    event = search.get_shown(turn.db, making.event_id, now=turn.now)
    pack = turn.catalogue.pack
    written = letters.letter_for(
        event, district=_thai_name(pack.districts, event.district),
        programme=_thai_name(pack.programmes, event.programme), base_url=desk.base_url, seats_left=making.seats,
    )  # fmt: skip
    return Sheet(making, event, _in_own_words(written, making.text), groups_of(event))


def groups_of(event: EventRow) -> dict[str, Audience]:
    """Whom a notice about it may go to, the widest first."""
    groups = {EVERYONE: audience.everyone()}
    if event.programme:
        groups[PROGRAMME] = Audience((Group(preferences.PROGRAMME, event.programme),))
    if event.district:
        groups[DISTRICT] = Audience((Group(notice_audience.DISTRICT, event.district),))
    groups[REGISTERED] = Audience((Group(notice_audience.REGISTERED, str(event.id)),))
    return groups


def count(turn: Turn, desk: Desk, sheet: Sheet, whom: Audience) -> Reach:
    return audience.count(turn.db, whom, event_id=sheet.event.id, rules=desk.notice_rules, now=turn.now)


def find_faults(turn: Turn, desk: Desk, sheet: Sheet) -> Sequence[Fault]:
    domains = desk.notice_rules.link_domains
    return checks.find_faults(sheet.content, event=sheet.event, domains=domains, now=turn.now)


def argument(turn: Turn, name: str) -> str:
    return turn.pressed.arguments.get(name, "") if turn.pressed else ""


def _in_own_words(written: Content, text: str) -> Content:
    if not text or not written.bubbles:
        return written
    first, *others = written.bubbles
    return replace(written, bubbles=(replace(first, text=text), *others))


def _thai_name(things: Sequence[Named], wanted: str | None) -> str:
    """Notices are in Thai."""
    return next((thing.name["th"] for thing in things if thing.id == wanted), "")
