"""Somebody's registrations, with all that was answered, counted, booked and said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import thai_dates
from bot.events import forms
from bot.events.forms import Form
from bot.privacy.held_tree import Part, Record, Row
from bot.privacy.held_words import ENGLISH, Words
from bot.storage import held_events
from bot.storage.check_ins import CheckInRow
from bot.storage.event_feedback import EventFeedbackRow
from bot.storage.events import EventRow, EventSessionRow
from bot.storage.held_events import WithEvent
from bot.storage.registrations import RegistrationRow
from bot.storage.service_messages import ServiceMessageRow
from bot.thai_phones import Phone, read_phone
from bot.vault import Unreadable


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands in other tables, by registration; `questions` and `parts` by their own numbers."""

    questions: Mapping[int, str]
    parts: Mapping[int, EventSessionRow]
    check_ins: Mapping[int, list[CheckInRow]]
    feedback: Mapping[int, EventFeedbackRow]
    told: Mapping[int, list[ServiceMessageRow]]


def registrations(db: Session, words: Words, found: Sequence[WithEvent], *, most: int) -> tuple[Part, ...]:
    beside = _beside(db, found)
    return words.part("registrations", [_registration(words, row, event, beside) for row, event in found], most=most)


def _beside(db: Session, found: Sequence[WithEvent]) -> Beside:
    ids, event_ids = [row.id for row, _ in found], [event.id for _, event in found]
    check_ins: dict[int, list[CheckInRow]] = defaultdict(list)
    for arrival in held_events.list_check_ins(db, ids):
        check_ins[arrival.registration_id].append(arrival)
    told: dict[int, list[ServiceMessageRow]] = defaultdict(list)
    for message in held_events.list_service_messages(db, ids):
        told[message.registration_id].append(message)
    feedback = {row.registration_id: row for row in held_events.list_feedback(db, ids)}
    questions, parts = held_events.list_questions(db, event_ids), held_events.list_parts(db, event_ids)
    return Beside(questions, parts, check_ins, feedback, told)


def _registration(words: Words, row: RegistrationRow, event: EventRow, beside: Beside) -> Record:
    when = thai_dates.span(event.starts_at, event.ends_at, english=words.language == ENGLISH)
    return Record(
        event.title,
        (
            *words.row("event_when", when),
            *words.one_of("registration_state", "registration_state", row.state),
            *_form(words, row, beside.questions),
            *words.number("party_size", row.party_size),
            *words.number("seats", row.seats),
            *words.one_of("registration_kind", "registration_kind", row.kind),
            *words.one_of("registration_way", "way", row.way),
            *words.row("code", row.code),
            *words.row("ticket", row.ticket),
            *words.at("joined_at", row.joined_at),
            *words.at("registered_at", row.created_at),
            *words.at("confirmed_at", row.confirmed_at),
            *words.at("offer_until", row.offer_until),
            *(words.yes_no("whole_only", so=row.whole_only) if row.whole_only else ()),
            *words.yes_no("coming", so=row.coming),
            *words.at("ended_at", row.ended_at),
            *words.one_of("ended_by", "ended_by", row.ended_by),
            *words.at("claim_until", row.claim_until),
            *_all(words, "check_in", (_check_in(words, one, beside.parts) for one in beside.check_ins.get(row.id, ()))),
            *_feedback(words, beside.feedback.get(row.id)),
            *_all(words, "told", (_told(words, one) for one in beside.told.get(row.id, ()))),
        ),
    )


def _form(words: Words, row: RegistrationRow, questions: Mapping[int, str]) -> tuple[Row, ...]:
    if row.forgotten:
        return words.row("name", words.say("said.words_gone"))
    try:
        form = forms.opened(words.vault, row)
    except Unreadable:
        return words.row("name", words.say("said.unreadable"))
    school = f"{form.school.name} {form.school.level}".strip() if form.school is not None else ""
    return (
        *words.row("name", form.name),
        *_phone(words, form.phone),
        *words.row("district", words.district(form.district) if form.district else ""),
        *words.row("companions", "\n".join(form.companions)),
        *words.row("school", school),
        *words.yes_no("minor", so=form.minor),
        *words.yes_no("guardian", so=form.guardian),
        *_answers(words, form, questions),
        *words.row("staff_notes", words.opened(row.notes)),
    )


def _phone(words: Words, e164: str | None) -> tuple[Row, ...]:
    if not e164:
        return ()
    read = read_phone(e164)
    return (Row("phone", words.say("row.phone"), read.national if isinstance(read, Phone) else e164, e164),)


def _answers(words: Words, form: Form, questions: Mapping[int, str]) -> Iterator[Row]:
    for number, answer in form.answers.items():
        label = questions.get(number) or words.say("row.answer")
        yield Row("answer", label, words.choice("yes_no", str(answer)), number)


def _check_in(words: Words, row: CheckInRow, parts: Mapping[int, EventSessionRow]) -> str:
    part = parts.get(row.part)
    return words.say(
        "said.check_in", at=words.moment(row.at), people=f"{row.people:,}",
        way=words.choice("check_in_way", row.way), part=f" {part.title}" if part is not None and part.title else "",
    )  # fmt: skip


def _feedback(words: Words, row: EventFeedbackRow | None) -> tuple[Row, ...]:
    if row is None:
        return ()
    return (
        *words.number("stars", row.stars), *words.row("word", row.word), *words.at("said_at", row.said_at)
    )  # fmt: skip


def _told(words: Words, row: ServiceMessageRow) -> str:
    kind = "reminder" if row.kind.startswith("reminder") else row.kind
    return words.say(
        "said.told", at=words.moment(row.due_at), what=words.choice("service_kind", kind),
        state=words.choice("service_state", row.state),
    )  # fmt: skip


def _all(words: Words, name: str, said: Iterable[str]) -> tuple[Row, ...]:
    return words.row(name, "\n".join(said))
