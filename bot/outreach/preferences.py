"""What people want to hear: their yes with its proof, what they chose, and their no, which takes all of it back."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.storage import consents, locks, people
from bot.storage import preferences as table
from bot.storage.preferences import PROGRAMME, TOPIC

PURPOSE = "notices"
EXPLICIT_PURPOSE = "notices_sensitive"
"""To remembering an interest that may tell something of a person that the law protects: it needs a yes of its own."""
ALWAYS_SENSITIVE = frozenset({"health", "disabled"})
"""Parts of a topic's name that ask for that yes whatever the programmes are."""
VERSION = 2
"""Raise it when what people agree to changes in substance, not only in words."""
BUTTON, TEXT = "button", "text"
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """How it stands with one person. `programmes` counts where it is not `everything`; `proposed`: what is chosen here
    came from a file, and they have not said yes to it."""

    wants: bool = False
    everything: bool = True
    programmes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    district: str | None = None
    quiet: tuple[int, int] | None = None
    paused_until: datetime | None = None
    asked_at: datetime | None = None
    proposed: bool = False
    reminders: bool = True
    """Of events that they registered for: part of registering, until they object."""

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now


@dataclass(frozen=True, slots=True)
class NotAgreed:
    """They have not said yes, so there is nothing to set."""


def state_of(db: Session, person_id: int) -> Wishes:
    row = table.find(db, person_id)
    if row is None:
        return Wishes()
    quiet = None if row.quiet_from is None or row.quiet_to is None else (row.quiet_from, row.quiet_to)
    return Wishes(
        wants=row.wants_notices, everything=row.everything,
        programmes=tuple(table.list_interests(db, person_id, kind=PROGRAMME)),
        topics=tuple(table.list_interests(db, person_id, kind=TOPIC)), district=row.district, quiet=quiet,
        paused_until=row.paused_until, asked_at=row.asked_at, proposed=row.imported and not row.wants_notices,
        reminders=row.wants_reminders,
    )  # fmt: skip


def may_ask(db: Session, *, person_id: int, now: datetime, on_first_day: bool = False) -> bool:
    """True for whoever was never asked, from the day after we met on. Whom a file made known to us has been met. Nobody
    is asked while their data may only be kept."""
    if people.is_restricted(db, person_id):
        return False
    row = table.find(db, person_id)
    if row is not None and (row.wants_notices or row.asked_at is not None):
        return False
    if on_first_day or (row is not None and row.imported):
        return True
    return clock.bangkok_date(people.get(db, person_id).first_seen_at) < clock.bangkok_date(now)


def note_asked(db: Session, *, person_id: int, now: datetime) -> bool:
    """True for the one who asks; False where they were asked before."""
    return table.note_asked(db, person_id, at=now)


def agree(
    db: Session, *, person_id: int, wording_hash: str, way: str, now: datetime, sensitive: Collection[str],
    programme: str | None = None, topic: str | None = None, as_proposed: bool = False,
) -> Wishes:  # fmt: skip
    """Safe to repeat. To everything, unless a programme or topic is named: then to that one, besides what they have
    chosen already. `as_proposed`: to what a file said of them; by any other yes that is forgotten. `sensitive` are the
    programmes that need an explicit yes, which this is where one of them, or a topic like them, is named."""
    before = _locked(db, person_id)
    table.note_asked(db, person_id, at=now)
    if not before.wants and not as_proposed:
        _forget_choices(db, person_id)
    narrow = programme is not None or topic is not None
    everything = before.everything if as_proposed or (before.wants and narrow) else not narrow
    table.save(db, person_id, wants_notices=True, everything=everything, paused_until=None, imported=False)
    if everything:
        table.set_interests(db, person_id, kind=PROGRAMME, values=())
    elif programme is not None:
        table.add_interest(db, person_id, kind=PROGRAMME, value=programme)
    if topic is not None:
        table.add_interest(db, person_id, kind=TOPIC, value=topic)
    _prove(db, person_id, PURPOSE, wording_hash=wording_hash, way=way, now=now)
    agreed_to = [value for value in (programme, topic) if value is not None]
    _settle_explicit(db, person_id, sensitive, agreed_to=agreed_to, wording_hash=wording_hash, way=way, now=now)
    return state_of(db, person_id)


def withdraw(db: Session, *, person_id: int, now: datetime) -> bool:
    """At once: nothing that they chose is needed any more, so nothing of it is kept. False where there was no yes to
    withdraw; a no is remembered all the same."""
    before = _locked(db, person_id)
    table.note_asked(db, person_id, at=now)
    table.save(db, person_id, wants_notices=False)
    _forget_choices(db, person_id)
    for purpose in (PURPOSE, EXPLICIT_PURPOSE):
        consents.withdraw(db, person_id=person_id, purpose=purpose, now=now)
    return before.wants


def set_programmes(
    db: Session, *, person_id: int, programmes: Collection[str] | None, now: datetime, sensitive: Collection[str],
    wording_hash: str = "", way: str = BUTTON,
) -> Wishes | NotAgreed:  # fmt: skip
    """These and no others; None: everything. Where a sensitive one is new among them, `wording_hash` is of the words
    that said so: without them it is not remembered."""
    if not _locked(db, person_id).wants:
        return NotAgreed()
    table.save(db, person_id, everything=programmes is None)
    table.set_interests(db, person_id, kind=PROGRAMME, values=programmes or ())
    agreed_to = programmes or () if wording_hash else ()
    _settle_explicit(db, person_id, sensitive, agreed_to=agreed_to, wording_hash=wording_hash, way=way, now=now)
    return state_of(db, person_id)


def drop_topic(
    db: Session, *, person_id: int, topic: str, now: datetime, sensitive: Collection[str]
) -> Wishes | NotAgreed:
    if not _locked(db, person_id).wants:
        return NotAgreed()
    table.remove_interest(db, person_id, kind=TOPIC, value=topic)
    _settle_explicit(db, person_id, sensitive, now=now)
    return state_of(db, person_id)


def set_district(db: Session, *, person_id: int, district: str | None) -> Wishes | NotAgreed:
    return _set(db, person_id, district=district)


def set_quiet_hours(db: Session, *, person_id: int, hours: tuple[int, int] | None) -> Wishes | NotAgreed:
    """In minutes after midnight in Bangkok; the second may be on the next day. Raises ValueError for no such time."""
    begin, end = hours or (None, None)
    if hours is not None and (hours[0] == hours[1] or not all(0 <= minute < MINUTES_A_DAY for minute in hours)):
        raise ValueError(hours)
    return _set(db, person_id, quiet_from=begin, quiet_to=end)


def pause(db: Session, *, person_id: int, days: int, now: datetime) -> Wishes | NotAgreed:
    return _set(db, person_id, paused_until=now + timedelta(days=days))


def resume(db: Session, *, person_id: int) -> Wishes | NotAgreed:
    return _set(db, person_id, paused_until=None)


def set_reminders(db: Session, *, person_id: int, wanted: bool) -> Wishes:
    """Whether somebody is reminded of what they registered for. Safe to repeat; no is an objection, and needs no
    reason."""
    _locked(db, person_id)
    table.save(db, person_id, wants_reminders=wanted)
    return state_of(db, person_id)


def is_sensitive(interest: str, sensitive: Collection[str]) -> bool:
    """True for such a programme, and for a topic that names one: `ethnic`, `ethnic.what`, `issue.ethnic`; and for what
    is about health or disability."""
    parts = {*interest.split("."), *re.split(r"[._]", interest)}
    return not parts.isdisjoint({*sensitive, *ALWAYS_SENSITIVE})


def _locked(db: Session, person_id: int) -> Wishes:
    """How it stands; nobody else says yes or no for this person before the transaction ends."""
    locks.hold(db, [f"preferences:{person_id}"])
    return state_of(db, person_id)


def _set(db: Session, person_id: int, **values: object) -> Wishes | NotAgreed:
    if not _locked(db, person_id).wants:
        return NotAgreed()
    table.save(db, person_id, **values)
    return state_of(db, person_id)


def _forget_choices(db: Session, person_id: int) -> None:
    table.save(
        db, person_id, everything=True, district=None, quiet_from=None, quiet_to=None, paused_until=None, imported=False
    )
    table.forget_interests(db, person_id)


def _prove(db: Session, person_id: int, purpose: str, *, wording_hash: str, way: str, now: datetime) -> None:
    """One consent for each version of what is agreed to, however often the button is pressed."""
    found = consents.find_in_force(db, person_id=person_id, purpose=purpose)
    if found is None or found.version != VERSION:
        consents.add(
            db, person_id=person_id, registration_id=None, purpose=purpose, version=VERSION, wording_hash=wording_hash,
            way=way, now=now,
        )  # fmt: skip


def _settle_explicit(
    db: Session, person_id: int, sensitive: Collection[str], *, now: datetime, agreed_to: Collection[str] = (),
    wording_hash: str = "", way: str = BUTTON,
) -> None:  # fmt: skip
    """An explicit yes is in force as long as such an interest is remembered, and not longer; an interest without one is
    forgotten. The words that were shown speak of what is `agreed_to`, and of nothing that was stored before."""
    if any(is_sensitive(value, sensitive) for value in agreed_to):
        _prove(db, person_id, EXPLICIT_PURPOSE, wording_hash=wording_hash, way=way, now=now)
    has_yes = consents.find_in_force(db, person_id=person_id, purpose=EXPLICIT_PURPOSE) is not None
    interests = [
        (kind, value) for kind in (PROGRAMME, TOPIC) for value in table.list_interests(db, person_id, kind=kind)
    ]
    found = [(kind, value) for kind, value in interests if is_sensitive(value, sensitive)]
    if not has_yes:
        for kind, value in found:
            table.remove_interest(db, person_id, kind=kind, value=value)
    elif not found:
        consents.withdraw(db, person_id=person_id, purpose=EXPLICIT_PURPOSE, now=now)
