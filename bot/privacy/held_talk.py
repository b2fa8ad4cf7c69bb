"""What of a conversation is there: what it waits for, what is on its way in, and what is on its way out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from bot.conversation import memory
from bot.conversation.memory import Memory
from bot.privacy import erasing_work
from bot.privacy.held_tree import Part, Record, Row
from bot.privacy.held_words import Words
from bot.storage import dialogues, held_talk
from bot.storage.incoming import IncomingRow, QuarantinedRow
from bot.storage.outgoing import OutgoingRow

A_BATCH: Final = 500
OURS: Final = frozenset({"mark", "version", "page", "shown", "consent", "s", "m"})
"""What a dialogue keeps for itself: the marks of its buttons, where it stands."""
NOT_WORDS: Final = frozenset({"type", "layout", "size", "weight", "color", "margin", "align", "data", "uri", "action"})


def conversation(db: Session, words: Words, person_id: int, *, now: datetime) -> tuple[Part, ...]:
    found = dialogues.find(db, person_id)
    if found is None:
        return ()
    remembered = memory.load(db, words.vault, person_id=person_id, now=min(now, found[1]))
    gathered = [
        *_gathered(remembered.data), *_gathered(remembered.unfinished.data if remembered.unfinished else {})
    ]  # fmt: skip
    rows = (
        *words.row("earlier", "\n".join(remembered.earlier)),
        *words.row("gathered", "\n".join(dict.fromkeys(gathered))),
        *words.row("waits_for", remembered.step or ""),
        *words.row("subject", words.topic(remembered.subject) if remembered.subject else ""),
        *words.row("district", words.district(remembered.district) if remembered.district else ""),
        *words.at("wrote_at", remembered.wrote_at),
        *_standing(words, remembered),
        *words.at("changed_at", found[1]),
    )
    return words.part("conversation", [Record(words.say("said.conversation"), rows)])


def incoming(db: Session, words: Words, line_user_id: str, *, most: int) -> tuple[Part, ...]:
    whose = erasing_work.lanes_of(words.vault, line_user_id)
    records = [_arrived(words, row) for row in held_talk.list_unsettled_incoming(db, whose, limit=most + 1)]
    records += [
        Record(
            words.moment(row.received_at), (*words.row("odd", words.say("said.odd")), *words.row("as_it_came", said))
        )
        for row, said in _odd(db, words, line_user_id)
    ]
    records += [
        Record(words.say("said.work"), (*words.one_of("work", "work", kind), *words.at("since", since)))
        for kind, since in held_talk.list_jobs(db, whose, limit=most)
    ]
    return words.part("incoming", records, most=most)


def outgoing(db: Session, words: Words, person_id: int, *, most: int) -> tuple[Part, ...]:
    rows = held_talk.list_outgoing(db, person_id, limit=most + 1)
    return words.part("outgoing", [_answer(words, row) for row in rows], most=most)


def _odd(db: Session, words: Words, line_user_id: str) -> Iterator[tuple[QuarantinedRow, str]]:
    """What made no sense to us, and names them all the same."""
    last = 0
    while rows := held_talk.list_quarantined(db, after=last, limit=A_BATCH):
        last = rows[-1].id
        for row in rows:
            said = words.opened(row.body)
            if line_user_id in said:
                yield row, said


def _standing(words: Words, remembered: Memory) -> tuple[Row, ...]:
    return (
        *words.number("misses", remembered.misses or None),
        *(words.yes_no("quiet", so=remembered.quiet) if remembered.quiet else ()),
        *words.row("said_last", remembered.said),
    )


def _arrived(words: Words, row: IncomingRow) -> Record:
    said = words.opened(row.payload)
    found: Any = None
    with suppress(ValueError):
        found = json.loads(said)
        said = json.dumps(found, ensure_ascii=False, indent=1)
    text = "\n".join(_texts(found)) if isinstance(found, dict) else ""
    return Record(
        words.moment(row.received_at),
        (*words.one_of("incoming_kind", "incoming_kind", row.kind), *words.row("text", text),
         *words.at("occurred_at", row.occurred_at), *words.row("event_id", row.webhook_event_id),
         *words.row("as_it_came", said)),
    )  # fmt: skip


def _answer(words: Words, row: OutgoingRow) -> Record:
    text = ""
    if row.messages is not None:
        try:
            text = "\n".join(_texts(json.loads(words.opened(row.messages))))
        except ValueError:
            text = words.say("said.unreadable")
    return Record(
        words.moment(row.created_at),
        (*words.one_of("delivery", "delivery", row.status), *words.at("settled_at", row.settled_at),
         *words.row("text", text)),
    )  # fmt: skip


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """The words in a message: what people read, and not how it is laid out."""
    if isinstance(node, list):
        for one in node:
            yield from _texts(one)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"text", "altText", "title", "address", "label"} and isinstance(value, str):
                yield value
            elif key not in NOT_WORDS:
                yield from _texts(value)


def _gathered(data: Mapping[str, Any]) -> Iterator[str]:
    """What somebody has answered so far, whatever the dialogue keeps it in."""
    for name, value in data.items():
        if name in OURS:
            continue
        if isinstance(value, str) and value[:1] in {"{", "["}:
            with suppress(ValueError):
                value = json.loads(value)  # noqa: PLW2901 - the same, opened
        yield from _leaves(value)


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, Mapping):
        yield from _gathered(value)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _leaves(one)
    elif value not in (None, "", False, True):
        yield str(value)
