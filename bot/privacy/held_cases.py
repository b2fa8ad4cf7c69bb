"""What somebody brought to staff, what was said in it by both sides, and the pictures they sent."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from bot.cases.taking_back import TAKEN_BACK
from bot.cases.thread import MESSAGE_IDS
from bot.privacy.held_tree import Part, Record, Row
from bot.privacy.held_words import Words
from bot.storage import held_cases
from bot.storage.case_messages import CITIZEN, CaseMessageRow
from bot.storage.case_pictures import KEPT, CasePictureRow
from bot.storage.cases import CaseRow

MOST_MESSAGES = 5_000


def cases(db: Session, words: Words, person_id: int, *, most: int) -> tuple[Part, ...]:
    """A case, then each of its pictures as a thing of its own."""
    found = held_cases.list_of_person(db, person_id, limit=most + 1)
    ids = [case.id for case, _ in found]
    most_messages = max(MOST_MESSAGES, most)
    messages, cut = _messages(db, ids, most_messages)
    pictures = _pictures(db, ids, most_messages)
    names = held_cases.list_staff_names(db, _staff_ids(found, messages))
    records: list[Record] = []
    for case, question in found[:most]:
        records.append(_case(words, case, question, messages.get(case.id, []), names))
        records += [_picture(words, case, one) for one in pictures.get(case.id, [])]
    (part,) = words.part("cases", records) or (None,)
    if part is None:
        return ()
    more = words.say("said.more", most=f"{most:,}") if len(found) > most else ""
    if cut and not more:
        more = words.say("said.more", most=f"{most_messages:,}")
    return (Part(part.name, part.title, part.about, part.records, more),)


def _messages(db: Session, case_ids: list[int], most: int) -> tuple[dict[int, list[CaseMessageRow]], bool]:
    """The latest, and whether there are more."""
    found: dict[int, list[CaseMessageRow]] = defaultdict(list)
    rows = held_cases.list_messages(db, case_ids, limit=most + 1)
    for row in rows[-most:]:
        found[row.case_id].append(row)
    return found, len(rows) > most


def _pictures(db: Session, case_ids: list[int], most: int) -> dict[int, list[CasePictureRow]]:
    found: dict[int, list[CasePictureRow]] = defaultdict(list)
    for row in held_cases.list_pictures(db, case_ids, limit=most):
        found[row.case_id].append(row)
    return found


def _staff_ids(found: list[tuple[CaseRow, str | None]], messages: dict[int, list[CaseMessageRow]]) -> set[int]:
    said = {one.staff_id for some in messages.values() for one in some}
    took = {number for case, _ in found for number in (case.taken_by, case.closed_by)}
    return {number for number in said | took if number is not None}


def _case(
    words: Words, case: CaseRow, question: str | None, messages: list[CaseMessageRow], names: dict[int, str]
) -> Record:
    return Record(
        words.say("said.case", number=case.id),
        (
            *words.one_of("case_kind", "case_kind", case.kind),
            *words.one_of("case_state", "case_state", case.state),
            *words.row("topics", words.topic(case.topic) if case.topic else ""),
            *words.row("question", question),
            *words.row("detail", case.detail),
            *_form(words, case.form),
            *words.at("opened_at", case.opened_at),
            *words.at("due_at", case.due_at),
            *words.row("taken_by", names.get(case.taken_by or 0)),
            *words.at("taken_at", case.taken_at),
            *words.at("answered_at", case.answered_at),
            *words.at("closed_at", case.closed_at),
            *words.row("closed_by", names.get(case.closed_by or 0)),
            *words.one_of("satisfied", "yes_no", case.satisfied),
            *(_said(words, one, names) for one in messages),
        ),
    )


def _said(words: Words, row: CaseMessageRow, names: dict[int, str]) -> Row:
    who = words.choice("author", row.author)
    if row.author != CITIZEN and row.staff_id in names:
        who = f"{who} ({names[row.staff_id]})"
    text = words.opened(row.text)
    if row.taken_back_at is not None:
        text = words.say("said.taken_back")
    if not text:
        text = words.choice("message_kind", row.kind) if row.kind != "text" else words.say("said.words_gone")
    return Row("message", words.say("said.who_when", who=who, at=words.moment(row.at)), text, row.at.isoformat())


def _picture(words: Words, case: CaseRow, row: CasePictureRow) -> Record:
    return Record(
        words.say("said.picture", number=case.id),
        (*words.one_of("picture_state", "picture_state", row.state), *words.at("sent_at", row.wanted_at)),
        picture=row.id if row.state == KEPT and row.body is not None else None,
    )


def _form(words: Words, sealed: bytes | None) -> tuple[Row, ...]:
    """What was asked for when the case was opened: a proposal's or a story's answers."""
    if sealed is None:
        return ()
    said = words.opened(sealed)
    try:
        found = json.loads(said)
    except ValueError:
        return words.row("form", said)
    return tuple(_answers(words, found)) if isinstance(found, dict) else words.row("form", said)


def _answers(words: Words, found: dict[str, Any]) -> Iterator[Row]:
    for name, value in found.items():
        if value in (None, "", [], {}) or name == MESSAGE_IDS:
            continue
        if name == TAKEN_BACK:
            fields = ", ".join(words.choice("form", str(one)) for one in value)
            yield Row(f"form.{name}", words.choice("form", name), fields)
            continue
        said = words.choice("yes_no", "yes" if value else "no") if isinstance(value, bool) else _plain(value)
        yield Row(f"form.{name}", words.choice("form", name), words.district(said) if name == "district" else said)


def _plain(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return "\n".join(_plain(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
