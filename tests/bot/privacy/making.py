"""Somebody who has used everything, with words of their own in every field; and looking for those words everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import LargeBinary, insert, select, update
from sqlalchemy.orm import Session

from bot.cases import hearing, opening
from bot.cases.kinds import CaseKind
from bot.cases.rules import CaseRules
from bot.events import registrants
from bot.events.forms import Form, School
from bot.incoming import Incoming
from bot.outreach import hear_back, questions
from bot.privacy import links
from bot.privacy.erasing_work import lanes_of
from bot.storage import (
    case_pictures,
    consents,
    event_feedback,
    incoming,
    notices,
    people,
    preferences,
    sign_in_tries,
    staff,
    withdrawn,
)
from bot.storage.case_pictures import CasePictureRow
from bot.storage.engine import Database
from bot.storage.notice_chunks import ChunkRow
from bot.storage.notice_recipients import RecipientRow
from bot.storage.notice_trials import TrialRow
from bot.storage.notices import NoticeRow
from bot.storage.outgoing import OutgoingRow
from bot.storage.tables import METADATA
from bot.vault import Unreadable, Vault
from knowledge.decision import Decision
from tests.bot.events.making import make_event, sign_up
from tests.builders import NOON

USER = "U" + "c0ffee42" * 4
NAMES = (
    "question", "message", "name", "phone", "companion", "answer", "school", "note", "district", "word", "called",
    "interest", "picture", "form", "detail", "caseMessage", "memory", "told", "token", "waiting", "odd",
    "body", "joined", "wish", "push",
)  # fmt: skip
CANARIES = {name: f"Kanary{name.capitalize()}Zq" for name in NAMES}
C = CANARIES
Q = C["question"]


def live_through_everything(db: Session, vault: Vault) -> int:
    """Returns the person's id. What the words of a question, and of a case, are masked to is for other tests."""
    person = people.find_or_create(db, line_user_id=USER, now=NOON - timedelta(days=40))
    person.called = vault.seal(C["called"].encode())
    _ask(db, vault, person.id)
    _register(db, vault, person.id)
    _open_case(db, vault, person.id)
    _be_told_of_notices(db, vault, person.id)
    _leave_work_behind(db, vault, person.id)
    preferences.save(db, person.id, wants_notices=True, district=C["wish"], asked_at=NOON)
    preferences.add_interest(db, person.id, kind=preferences.PROGRAMME, value=C["interest"])
    consents.add(
        db, person_id=person.id, registration_id=None, purpose="notices", version=1, wording_hash="0" * 64,
        way="button", now=NOON,
    )  # fmt: skip
    links.open_link(db, person_id=person.id, now=NOON)
    number = staff.add(db, name="นก", login="nok", role="volunteer", created_at=NOON)
    staff.change(db, number or 0, person_id=person.id, linked_at=NOON)
    sign_in_tries.add(db, key=vault.keyed_hash("line-link/person", str(person.id)), at=NOON)
    db.flush()
    return person.id


def _ask(db: Session, vault: Vault, person_id: int) -> None:
    for days in (0, 35):
        at = NOON - timedelta(days=days)
        question_id = questions.log_question(
            db, vault, incoming_id=900 + days, person_id=person_id, message_id=f"{C['message']}{days}",
            masked=f"{Q} {days}", words=[Q], decision=Decision("fallback", None, ()), knowledge_version="1",
            milliseconds=1.0, now=at,
        )  # fmt: skip
    found = hear_back.agree(
        db, vault, person_id=person_id, question_id=question_id, wording_hash="0" * 64, way="button", now=NOON
    )
    assert isinstance(found, hear_back.Agreed)
    withdrawn.note_joined(db, [C["joined"]], lead_id=f"{C['message']}0", now=NOON)
    withdrawn.note_unsent(db, message_id=C["joined"], now=NOON)


def _register(db: Session, vault: Vault, person_id: int) -> None:
    form = Form(
        name=C["name"], phone=C["phone"], district=C["district"], companions=(C["companion"],),
        answers={1: C["answer"]}, school=School(C["school"], "ป.5"),
    )  # fmt: skip
    for event in (make_event(db, party_most=5), make_event(db, starts_at=NOON - timedelta(days=2))):
        at = event.starts_at - timedelta(days=3)
        row = sign_up(db, vault, event, person_id, party=2, form=form, now=at).registration
        registrants.add_note(db, vault, registration_id=row.id, text=C["note"], by="นก", now=NOON)
        event_feedback.save(
            db, registration_id=row.id, event_id=event.id, stars=5, word=C["word"], message_id=C["message"], now=NOON
        )


def _open_case(db: Session, vault: Vault, person_id: int) -> None:
    sealed = vault.seal(json.dumps({"issue": C["form"]}).encode())
    opening.open_case(
        db, CaseKind.PROPOSAL, now=NOON, person_id=person_id, message_id=C["message"], detail=C["detail"], form=sealed
    )
    case = hearing.find_open(db, person_id)
    assert case is not None
    said = Incoming("x", "text", NOON, standby=False, user_id=USER, reply_token=C["token"], message_id="m1")
    row = hearing.hear(db, vault, case, said, text=C["caseMessage"], now=NOON, rules=CaseRules())
    case_pictures.add(
        db, CasePictureRow(case_id=case.id, case_message_id=row.id, message_id=C["picture"], wanted_at=NOON)
    )
    db.execute(update(CasePictureRow).values(state=case_pictures.KEPT, body=vault.seal(C["picture"].encode())))


def _be_told_of_notices(db: Session, vault: Vault, person_id: int) -> None:
    """Of one with their name in it, that LINE may have taken."""
    row = NoticeRow(uid="n" * 24, state=notices.PAUSED, personal=True, created_at=NOON, changed_at=NOON)
    db.add(row)
    db.flush()
    db.add(RecipientRow(notice_id=row.id, person_id=person_id))
    db.add(
        ChunkRow(
            notice_id=row.id,
            portion=0,
            first=1,
            last=person_id + 10,
            people=1,
            state="trying",
            due_at=NOON,
            retry_key="k1",
            doubtful=True,
            why="HTTP 500",
            body=vault.seal(C["body"].encode()),
        )
    )
    db.add(TrialRow(notice_id=row.id, person_id=person_id, retry_key="k2", created_at=NOON))


def _leave_work_behind(db: Session, vault: Vault, person_id: int) -> None:
    """A conversation, an answer under way, and things that wait: in their lane, in none, in a group, and not read."""
    lane = lanes_of(vault, USER)[0]
    db.execute(
        insert(METADATA.tables["dialogues"]).values(
            person_id=person_id, memory=vault.seal(C["memory"].encode()), updated_at=NOON
        )
    )
    waiting = {
        "w1": ("message", lane, "waiting"),
        "w2": ("hear_back", None, "push"),
        "w3": ("message", "g" * 32, "told"),
    }
    ids = incoming.insert_new(
        db,
        [
            {
                "webhook_event_id": event_id, "kind": kind, "lane": where_it_waits, "occurred_at": NOON,
                "received_at": NOON, "payload": vault.seal(f"{USER} {C[name]}".encode()), "settled_at": None,
                "outcome": None,
            }
            for event_id, (kind, where_it_waits, name) in waiting.items()
        ],
    )  # fmt: skip
    db.execute(
        insert(METADATA.tables["jobs"]),
        [
            {"kind": "turn", "lane": lane, "subject_id": ids["w1"], "priority": 0, "status": status, "attempt": 0,
             "strikes": 0, "due_at": NOON + timedelta(days=99), "created_at": NOON}
            for status in ("ready", "dead")
        ],
    )  # fmt: skip
    incoming.quarantine(db, reason="odd", size=1, body=vault.seal(f"{USER} {C['odd']}".encode()), now=NOON)
    db.add(
        OutgoingRow(
            incoming_id=ids["w3"],
            person_id=person_id,
            messages=vault.seal(C["told"].encode()),
            reply_token=vault.seal(C["token"].encode()),
            token_from=NOON,
            retry_key="k3",
            created_at=NOON,
        )
    )


def where(database: Database, vault: Vault, wanted: dict[str, str]) -> dict[str, set[str]]:
    """In which columns each of these is, sealed ones opened."""
    found: dict[str, set[str]] = {}
    with database.reading() as db:
        for table in METADATA.sorted_tables:
            for row in db.execute(select(table)).mappings():
                for column in table.columns:
                    for shown in _readings(row[column.name], vault, sealed=isinstance(column.type, LargeBinary)):
                        for name, text in wanted.items():
                            if any(spelt in shown for spelt in _spellings(text)):
                                found.setdefault(name, set()).add(f"{table.name}.{column.name}")
    return found


def _spellings(text: str) -> tuple[str, str, str]:
    """As it is; in JSON; and in JSON within JSON."""
    once = json.dumps(text)[1:-1]
    return text, once, json.dumps(once)[1:-1]


def _readings(value: object, vault: Vault, *, sealed: bool) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, bytes) and sealed:
        try:
            yield vault.open(value).decode(errors="replace")
        except Unreadable:
            yield value.decode(errors="replace")
    else:
        yield str(value)


def marks_of(vault: Vault) -> dict[str, str]:
    """What would say who it was: LINE's id, and the hashes of their lanes."""
    return {"line_user_id": USER, **{f"lane{number}": lane for number, lane in enumerate(lanes_of(vault, USER))}}


def raw_files(database: Database) -> bytes:
    """All bytes of an SQLite database, its log and the log's index."""
    path = Path(database.engine.url.database or "")
    return b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*") if one.is_file())
