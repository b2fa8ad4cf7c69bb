"""Somebody who has used everything, and of whom every text that is held is a canary: unlike anything else."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.cases import opening, thread
from bot.cases.kinds import CaseKind
from bot.conversation import memory
from bot.conversation.memory import Memory, Unfinished
from bot.events import check_in
from bot.events.forms import Form
from bot.outreach import audit, hear_back, preferences
from bot.outreach.questions import log_question
from bot.privacy import links
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import consents, event_feedback, events, incoming, notice_trials, notices, outgoing, people, staff
from bot.storage import questions as question_table
from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import KEPT, CasePictureRow
from bot.storage.events import EventQuestionRow
from bot.storage.notice_recipients import RecipientRow
from bot.storage.notice_trials import TrialRow
from bot.storage.notices import NoticeRow
from bot.storage.preferences import PROGRAMME, TOPIC, add_interest, save
from bot.storage.registrations import change
from bot.vault import Vault
from knowledge.decision import Decision
from tests.bot.events.making import make_event, sign_up
from tests.builders import NOON, SOMCHAI

PHONE = "+66897776655"
TITLE = "เวทีนกฮูก"
PICTURE = b"\xff\xd8 a picture of an owl"


@dataclass
class Somebody:
    """`canaries` by what they are: each has to be in whatever shows all that is held."""

    person_id: int
    canaries: dict[str, str] = field(default_factory=dict)
    registration_id: int = 0
    case_id: int = 0
    picture_id: int = 0

    def canary(self, what: str) -> str:
        """Thai letters and digits: nothing masks them, and JSON leaves them as they are."""
        return self.canaries.setdefault(what, f"นกขมิ้น{len(self.canaries)}ที่{what.replace('_', '')}")


def use_everything(db: Session, vault: Vault, *, user_id: str = SOMCHAI, now: datetime = NOON) -> Somebody:
    row = people.find_or_create(db, line_user_id=user_id, now=now - timedelta(days=40))
    someone = Somebody(row.id, {"line_user_id": user_id})
    people.set_notice_shown(db, person_id=row.id, version=1, at=now)
    row.called = vault.seal(someone.canary("called").encode())
    _wishes(db, someone, now)
    _events(db, vault, someone, now)
    _questions(db, vault, someone, now)
    _cases(db, vault, someone, now)
    _notices(db, someone, now)
    _conversation(db, vault, someone, user_id, now)
    _rights(db, vault, someone, now)
    db.flush()
    return someone


def _wishes(db: Session, someone: Somebody, now: datetime) -> None:
    preferences.agree(
        db, person_id=someone.person_id, wording_hash=secrets.token_hex(32), way="button", now=now, sensitive=()
    )
    save(db, someone.person_id, everything=False, district="mae_sai", quiet_from=480, quiet_to=1020)
    add_interest(db, someone.person_id, kind=PROGRAMME, value="forum")
    add_interest(db, someone.person_id, kind=TOPIC, value=someone.canary("interest"))
    consents.add(
        db, person_id=someone.person_id, registration_id=None, purpose=someone.canary("purpose"), version=7,
        wording_hash=someone.canary("wording_hash"), way="text", now=now,
    )  # fmt: skip


def _events(db: Session, vault: Vault, someone: Somebody, now: datetime) -> None:
    event = make_event(db, title=TITLE, asks_companions=True, phone_rule="required")
    asked = EventQuestionRow(event_id=event.id, position=1, label="แพ้อาหารอะไร", kind="text", choices=[])
    events.add_question(db, asked)
    form = Form(
        name=someone.canary("name"), phone=PHONE, district="mae_sai", companions=(someone.canary("companion"), "มาลี"),
        answers={asked.id: someone.canary("answer")}, minor=False,
    )  # fmt: skip
    someone.canaries["phone"] = "089-777-6655"
    place = sign_up(db, vault, event, someone.person_id, party=3, form=form, now=now).registration
    change(db, place, notes=vault.seal(someone.canary("staff_notes").encode()))
    someone.registration_id = place.id
    someone.canaries |= {"code": place.code, "ticket": place.ticket}
    check_in.check_in(
        db, registration_id=place.id, people=2, at=event.starts_at, way=check_in.SCAN, staff_id=None,
        now=event.starts_at, part=None, key="1",
    )  # fmt: skip
    event_feedback.save(
        db, registration_id=place.id, event_id=event.id, stars=4, word=someone.canary("feedback"), now=now
    )


def _questions(db: Session, vault: Vault, someone: Somebody, now: datetime) -> None:
    """One this month, and one the month before."""
    for number, (what, at) in enumerate((("question", now), ("earlier_question", now - timedelta(days=35)))):
        question_id = log_question(
            db, vault, incoming_id=7_000 + number, person_id=someone.person_id, message_id=f"q{number}",
            masked=someone.canary(what), words=[someone.canary(f"{what}_word")],
            decision=Decision("fallback", None, ()), knowledge_version="v", milliseconds=1.0, now=at,
        )  # fmt: skip
    question_table.set_chosen(db, question_id=question_id, chosen="none")
    hear_back.agree(
        db, vault, person_id=someone.person_id, question_id=question_id, wording_hash=someone.canary("hear_hash"),
        way="button", now=now,
    )  # fmt: skip


def _cases(db: Session, vault: Vault, someone: Somebody, now: datetime) -> None:
    form = {"place": someone.canary("form_place"), "contact": someone.canary("form_contact"), "may_contact": True}
    someone.case_id = opening.open_case(
        db, CaseKind.PROPOSAL, now=now, person_id=someone.person_id, detail=someone.canary("detail"),
        form=thread.seal_form(vault, form),
    )  # fmt: skip
    for author in ("citizen", "staff", "note"):
        said = CaseMessageRow(
            case_id=someone.case_id,
            at=now,
            author=author,
            text=vault.seal(someone.canary(f"said_by_{author}").encode()),
        )
        db.add(said)
    picture_of = CaseMessageRow(case_id=someone.case_id, at=now, author="citizen", kind="image", message_id="p1")
    db.add(picture_of)
    db.flush()
    picture = CasePictureRow(
        case_id=someone.case_id, case_message_id=picture_of.id, message_id="p1", state=KEPT, body=vault.seal(PICTURE),
        width=1, height=1, wanted_at=now,
    )  # fmt: skip
    db.add(picture)
    db.flush()
    someone.picture_id = picture.id


def _notices(db: Session, someone: Somebody, now: datetime) -> None:
    for what in ("notice", "trial"):
        row = notices.add(
            db,
            NoticeRow(
                uid=secrets.token_hex(8), title=someone.canary(what), created_at=now, changed_at=now, begins_at=now,
                content={}, audience={},
            ),
        )  # fmt: skip
        if what == "notice":
            db.add(RecipientRow(notice_id=row.id, person_id=someone.person_id))
        else:
            trial = TrialRow(notice_id=row.id, person_id=someone.person_id, retry_key="k", created_at=now)
            notice_trials.add(db, trial)


def _conversation(db: Session, vault: Vault, someone: Somebody, user_id: str, now: datetime) -> None:
    form = json.dumps({"given": {"name": someone.canary("given_name"), "companions": [someone.canary("given_other")]}})
    remembered = Memory(
        step="sign_up:field", data={"form": form, "held": someone.canary("held"), "mark": "abc"},
        earlier=(someone.canary("earlier"),), unfinished=Unfinished("x", {"word": someone.canary("unfinished")}, now),
    )  # fmt: skip
    memory.save(db, vault, remembered, person_id=someone.person_id, now=now)
    lane = vault.keyed_hash("lane", user_id, length=32)
    arrived = {"type": "message", "message": {"type": "text", "id": "1", "text": someone.canary("incoming")}}
    found = incoming.insert_new(
        db,
        [
            {"webhook_event_id": someone.canary("event_id"), "kind": "message", "lane": lane, "occurred_at": now,
             "received_at": now, "payload": vault.seal(json.dumps(arrived).encode()), "settled_at": None,
             "outcome": None},
        ],
    )  # fmt: skip
    (incoming_id,) = found.values()
    jobs.enqueue(db, JobKind.TURN, now=now, subject_ids=[(incoming_id, lane)])
    answer = [{"type": "flex", "altText": "x", "contents": {"type": "text", "text": someone.canary("outgoing")}}]
    outgoing.add(
        db, incoming_id=incoming_id, person_id=someone.person_id, messages=vault.seal(json.dumps(answer).encode()),
        reply_token=None, token_from=now, token_doubtful=False, retry_key="k", push_doubtful=False, may_push=True,
        good_until=None, capped=True, tries=0, created_at=now,
    )  # fmt: skip


def _rights(db: Session, vault: Vault, someone: Somebody, now: datetime) -> None:
    links.open_link(db, person_id=someone.person_id, now=now)
    odd = json.dumps(
        {"userId": someone.canaries["line_user_id"], "odd": someone.canary("quarantined")}, ensure_ascii=False
    )
    incoming.quarantine(db, reason="odd", size=len(odd), body=vault.seal(odd.encode()), now=now)
    incoming.quarantine(db, reason="odd", size=9, body=vault.seal(b"of others"), now=now)
    staff_id = staff.add(
        db, name=someone.canary("staff_name"), login=someone.canary("login"), role="volunteer", created_at=now
    )
    assert staff_id is not None
    staff.change(db, staff_id, person_id=someone.person_id, linked_at=now)
    audit.record(
        db, vault, actor=audit.SYSTEM, action="registration.phone_shown",
        subject=("registration", someone.registration_id), now=now,
    )  # fmt: skip
