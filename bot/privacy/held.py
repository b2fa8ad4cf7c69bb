"""Everything that is held about one person, across all rooms, in words for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy.orm import Session

from bot.events import forms
from bot.privacy import held_cases, held_events, held_notices, held_person, held_talk
from bot.privacy import held_questions as questions
from bot.privacy.held_tree import Held
from bot.privacy.held_words import LANGUAGES, THAI, Words
from bot.storage import held_cases as case_table
from bot.storage import held_events as event_table
from bot.storage import held_notices as notice_table
from bot.storage import held_talk as talk_table
from bot.storage import people
from bot.storage.held_events import WithEvent
from bot.storage.people import PersonRow
from bot.vault import Vault
from knowledge.catalogue import Catalogue

MOST: Final = 2_000
"""Things of one kind that are shown. Nobody comes near it by hand."""

COVERED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "people": "person", "preferences": "wishes", "interests": "wishes", "consents": "consents",
        "registrations": "registrations", "check_ins": "registrations", "event_feedback": "registrations",
        "service_messages": "registrations", "event_questions": "registrations", "questions": "questions",
        "review_items": "questions", "hear_back": "hear_back", "cases": "cases", "case_messages": "cases",
        "case_pictures": "cases", "notice_recipients": "notices", "notice_chunks": "notices",
        "notice_trials": "notices", "dialogues": "conversation", "incoming": "incoming", "jobs": "incoming",
        "quarantine": "incoming",
        "outgoing": "outgoing", "staff": "staff", "data_requests": "requests",
        "tombstones": "requests", "data_links": "links",
        "audit_log": "log",
    }
)  # fmt: skip
"""Which part shows what a table holds about somebody. A test holds both of these against the schema."""
NOT_PERSONAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "alarms": "what is wrong with the running of things",
        "audit_head": "where the log ends",
        "backups": "copies of everything: when, how large, where",
        "canned_answers": "answers that staff keep ready for anybody",
        "channel": "the LINE account itself",
        "event_sessions": "the parts of an event",
        "events": "what is on, for everybody",
        "faq_draft": "content for everybody", "faq_draft_edits": "content for everybody",
        "faq_gate_reports": "content for everybody", "faq_models": "content for everybody",
        "faq_origins": "content for everybody",
        "faq_tests": "wordings that staff reviewed, free of identity", "faq_versions": "content for everybody",
        "group_chats": "groups, by a keyed hash; nobody in them",
        "holds": "that sending is held",
        "joined_messages": "LINE's numbers of messages, that lead to nobody, for a month",
        "kept_keys": "keys of ours",
        "line_link_codes": "of a staff account: a hash of a code that lives ten minutes",
        "notice_pictures": "pictures of notices, for everybody",
        "notices": "notices, for everybody in their audience",
        "rates": "how fast we may send",
        "retention_reports": "numbers of what was deleted",
        "review_groups": "wordings without whose they were", "review_marks": "how far the review has come",
        "review_samples": "weeks of the review",
        "sign_in_tries": "keyed hashes of who tried a code or a password, for a day at the most",
        "slots": "routines that have run",
        "staff_devices": "of a staff account: browsers that it knows",
        "staff_invitations": "of a staff account: hashes of links",
        "staff_recovery_codes": "of a staff account: hashes of codes",
        "staff_sessions": "of a staff account: that it is signed in",
        "withdrawn": "LINE's numbers of messages that were taken back, that lead to nobody, for a month",
    }
)  # fmt: skip
"""Tables that hold nothing which could be shown to one person as theirs, and why."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The whole in a few numbers."""

    questions: int
    registrations: int
    cases: int
    notices: int


def collect(
    db: Session, vault: Vault, person_id: int, *, catalogue: Catalogue | None, now: datetime,
    language: str | None = None, most: int = MOST,
) -> Held:  # fmt: skip
    """In the person's language, unless another is named. It only reads. Raises sqlalchemy.exc.NoResultFound where there
    is no such person."""
    person = people.get(db, person_id)
    words = _words(vault, catalogue, language or person.language)
    places = event_table.list_of_person(db, person_id, limit=most + 1)
    given = event_table.list_consents(db, person_id=person_id, registration_ids=[row.id for row, _ in places])
    askers = _askers(vault, person, now)
    parts = (
        *held_person.person(words, person),
        *held_person.wishes(db, words, person_id),
        *held_person.consents(words, given),
        *held_events.registrations(db, words, places, most=most),
        *questions.questions(db, words, askers, most=most),
        *questions.waiting_answers(db, words, person_id, most=most),
        *held_cases.cases(db, words, person_id, most=most),
        *held_notices.notices(db, words, person_id, most=most),
        *held_talk.conversation(db, words, person_id, now=now),
        *held_talk.incoming(db, words, person.line_user_id, most=most),
        *held_talk.outgoing(db, words, person_id, most=most),
        *held_person.staff_link(db, words, person_id),
        *held_person.requests(db, words, person, most=most),
        *held_person.links(db, words, person_id),
        *held_notices.what_staff_did(
            db, words, _subjects(db, person_id, places, most=most), known_since=person.first_seen_at, most=most
        ),
    )
    return Held(words.language, now, words.say("title"), parts)


def collect_registrations(
    db: Session, vault: Vault, found: list[WithEvent], *, catalogue: Catalogue | None, now: datetime,
    language: str = THAI,
) -> Held:  # fmt: skip
    """Of somebody who is known by a telephone number alone: these registrations, and what goes with them."""
    words = _words(vault, catalogue, language)
    ids = [row.id for row, _ in found]
    parts = (
        *held_person.consents(words, event_table.list_consents(db, person_id=None, registration_ids=ids)),
        *held_events.registrations(db, words, found, most=MOST),
        *held_notices.what_staff_did(
            db, words, {("registration", str(number)) for number in ids}, known_since=None, most=MOST
        ),
    )
    return Held(words.language, now, words.say("title"), parts)


def list_by_phone(db: Session, vault: Vault, e164: str) -> list[WithEvent]:
    """Registrations with this telephone number, whoever made them; also where a key has been changed since."""
    hashes = [forms.phone_hash(one, e164) for one in vault.each()]
    return event_table.list_by_phone(db, hashes, limit=MOST)


def count(db: Session, vault: Vault, person_id: int, *, now: datetime) -> Counts:
    askers = _askers(vault, people.get(db, person_id), now)
    return Counts(
        questions=talk_table.count_questions(db, askers),
        registrations=event_table.count_of_person(db, person_id),
        cases=case_table.count_of_person(db, person_id),
        notices=notice_table.count_of_person(db, person_id),
    )


def _words(vault: Vault, catalogue: Catalogue | None, language: str) -> Words:
    return Words(language if language in LANGUAGES else THAI, catalogue, vault)


def _askers(vault: Vault, person: PersonRow, now: datetime) -> list[str]:
    return questions.asker_hashes(vault, person_id=person.id, since=person.first_seen_at, now=now)


def _subjects(db: Session, person_id: int, places: list[WithEvent], *, most: int) -> set[tuple[str, str]]:
    cases = case_table.list_of_person(db, person_id, limit=most)
    return {
        ("person", str(person_id)),
        *(("registration", str(row.id)) for row, _ in places),
        *(("case", str(case.id)) for case, _ in cases),
    }
