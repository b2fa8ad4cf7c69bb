"""Who somebody is to us, what they chose and agreed to, and what they asked for by their right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.privacy.held_tree import Part, Record, Row
from bot.privacy.held_words import Words
from bot.storage import data_links, data_requests, preferences, staff, tombstones
from bot.storage.consents import ConsentRow
from bot.storage.people import PersonRow
from bot.storage.preferences import PROGRAMME, TOPIC, PreferenceRow
from bot.vault import Unreadable


def person(words: Words, row: PersonRow) -> tuple[Part, ...]:
    rows = (
        *words.row("line_user_id", row.line_user_id),
        *words.row("called", words.opened(row.called).partition("\n")[0]),
        *words.one_of("language", "language", row.language),
        *words.at("first_seen_at", row.first_seen_at),
        *words.yes_no("following", so=row.following),
        *words.at("following_changed_at", row.following_changed_at),
        *words.at("notice_shown_at", row.notice_shown_at),
        *(words.number("notice_version", row.notice_version) if row.notice_shown_at else ()),
        *words.at("unreachable_at", row.unreachable_at),
        *words.at("restricted_at", row.restricted_at),
    )
    return words.part("person", [Record(words.say("said.you"), rows)])


def wishes(db: Session, words: Words, person_id: int) -> tuple[Part, ...]:
    row = preferences.find(db, person_id)
    programmes = [words.programme(one) for one in preferences.list_interests(db, person_id, kind=PROGRAMME)]
    topics = [words.topic(one) for one in preferences.list_interests(db, person_id, kind=TOPIC)]
    if row is None and not programmes and not topics:
        return ()
    rows = (
        *(_preference(words, row) if row is not None else ()),
        *words.row("programmes", "\n".join(programmes)),
        *words.row("interest_topics", "\n".join(topics)),
    )
    return words.part("wishes", [Record(words.say("said.settings"), rows)])


def consents(words: Words, rows: list[ConsentRow]) -> tuple[Part, ...]:
    return words.part("consents", [_consent(words, row) for row in rows])


def staff_link(db: Session, words: Words, person_id: int) -> tuple[Part, ...]:
    row = staff.find_by_person(db, person_id)
    if row is None:
        return ()
    rows = (
        *words.row("staff_name", row.name), *words.row("staff_login", row.login),
        *words.one_of("staff_role", "role", row.role), *words.at("linked_at", row.linked_at),
        *words.at("disabled_at", row.disabled_at),
    )  # fmt: skip
    return words.part("staff", [Record(row.name, rows)])


def requests(db: Session, words: Words, person: PersonRow, *, most: int) -> tuple[Part, ...]:
    """And that they were erased before: of that time a keyed hash is left, and this moment."""
    records = [
        Record(
            words.moment(row.received_at),
            (
                *words.one_of("request_kind", "request_kind", row.kind), *words.one_of("request_way", "way", row.way),
                *words.at("settled_at", row.settled_at),
                *words.one_of("request_outcome", "request_outcome", row.outcome), *words.row("reason", row.reason),
            ),
        )
        for row in data_requests.list_of_person(db, person.id, limit=most + 1)
    ]  # fmt: skip
    erased_at = _find_erased_at(db, words, person.line_user_id)
    if erased_at is not None:
        records.append(Record(words.say("said.erased"), words.at("erased_at", erased_at)))
    return words.part("requests", records, most=most)


def links(db: Session, words: Words, person_id: int) -> tuple[Part, ...]:
    """Their addresses themselves are held by nobody: of each there is a hash."""
    records = [
        Record(words.moment(row.created_at), words.at("expires_at", row.expires_at))
        for row in data_links.list_of_person(db, person_id)
    ]
    return words.part("links", records)


def _find_erased_at(db: Session, words: Words, line_user_id: str) -> datetime | None:
    try:
        secret = tombstones.find_key(db, words.vault)
    except Unreadable:
        return None
    return tombstones.find_latest(db, tombstones.key_of(secret, line_user_id)) if secret is not None else None


def _preference(words: Words, row: PreferenceRow) -> tuple[Row, ...]:
    quiet = ""
    if row.quiet_from is not None and row.quiet_to is not None:
        begin, end = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (row.quiet_from, row.quiet_to))
        quiet = words.say("said.hours", begin=begin, end=end)
    return (
        *words.yes_no("wants_notices", so=row.wants_notices),
        *(words.yes_no("everything", so=row.everything) if row.wants_notices else ()),
        *words.row("district", words.district(row.district) if row.district else ""),
        *words.row("quiet_hours", quiet),
        *words.at("paused_until", row.paused_until),
        *words.at("asked_at", row.asked_at),
        *words.yes_no("wants_reminders", so=row.wants_reminders),
        *(words.row("imported", words.say("said.imported")) if row.imported else ()),
    )


def _consent(words: Words, row: ConsentRow) -> Record:
    return Record(
        words.choice("purpose", row.purpose),
        (
            *words.at("agreed_at", row.given_at), *words.one_of("way", "way", row.way),
            *words.at("withdrawn_at", row.withdrawn_at), *words.number("wording_version", row.version),
            *words.row("wording_hash", row.wording_hash),
        ),
    )  # fmt: skip
