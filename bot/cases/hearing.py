"""What citizens write in a case, and the line: the time in which a person answers them and the bot keeps quiet."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.cases import answering, handling, office_hours
from bot.cases.kinds import OF_CITIZENS, CaseKind
from bot.cases.refusals import CaseClosed, NoSuchCase
from bot.cases.rules import CaseRules
from bot.incoming import SHARED, Incoming
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.storage import case_messages, case_pictures, cases
from bot.storage.case_messages import CITIZEN as BY_CITIZEN
from bot.storage.case_messages import CaseMessageRow
from bot.storage.case_pictures import CasePictureRow
from bot.storage.cases import CITIZEN, CLOSED, STAFF, CaseRow
from bot.vault import Vault

REOPENS_WITHIN = timedelta(days=7)
"""So long after its end the citizen's answer opens a case again, and after staff's last word belongs to it."""
OVER_IS_TOLD_WITHIN = timedelta(hours=24)
"""Later than that nobody wonders who is answering."""
LONGEST_HEARD = 50_000
"""Ten messages read together, each as long as LINE allows."""
IMAGE = "image"


def find_live(db: Session, person_id: int, *, now: datetime) -> CaseRow | None:
    """The case in which a person is on the line with this citizen."""
    return cases.find_live(db, person_id=person_id, now=now)


def find_over(db: Session, person_id: int, *, now: datetime) -> CaseRow | None:
    """A case whose line ended by time, without the citizen having been told. None while another one is on. Whoever
    tells it calls `end_live`."""
    if cases.find_live(db, person_id=person_id, now=now) is not None:
        return None
    return cases.find_over(db, person_id=person_id, since=now - OVER_IS_TOLD_WITHIN, now=now)


def find_waiting(db: Session, person_id: int, *, now: datetime) -> CaseRow | None:
    """An open case in which staff wrote last, within the last days: what the citizen writes may be the answer."""
    return cases.find_waiting(db, person_id=person_id, since=now - REOPENS_WITHIN)


def find_open(db: Session, person_id: int) -> CaseRow | None:
    """The latest case that the citizen knows of and that is not closed: whoever asks again is told of that one."""
    return cases.find_open_of_person(db, person_id=person_id, kinds=sorted(OF_CITIZENS))


def hear(
    db: Session, vault: Vault, case: CaseRow, incoming: Incoming, *, text: str, now: datetime, rules: CaseRules,
    answered: bool = False,
) -> CaseMessageRow:  # fmt: skip
    """Keeps what the citizen wrote, sealed and unmasked; the case waits for staff, and is opened again if it was closed
    a few days ago. The same message twice is kept once. `answered`: the turn's own answer uses the reply token up, so
    that staff's will cost a push. Raises NoSuchCase, CaseClosed."""
    locked = cases.lock(db, case.id)
    if locked is None or locked.person_id is None:
        raise NoSuchCase
    case = locked
    if case.state == CLOSED and (case.closed_at or case.changed_at) < now - REOPENS_WITHIN:
        raise CaseClosed(case.closed_by)
    message_id = incoming.message_id
    known = case_messages.find_by_message_id(db, case_id=case.id, message_id=message_id) if message_id else None
    if known is not None:
        return known
    row = case_messages.add(
        db, case_id=case.id, at=incoming.occurred_at, author=BY_CITIZEN, kind=_kind_of(incoming),
        text=_sealed(vault, _words_of(incoming, text)), message_id=message_id,
    )  # fmt: skip
    if row.kind == IMAGE and message_id:
        _want_picture(db, row, message_id, now)
    if case.state == CLOSED:
        case = handling.opened_by_citizen(db, case, now=now, rules=rules)
    _wait_for_staff(db, vault, case, incoming, now=now, rules=rules, answered=answered)
    return row


def take_token(db: Session, vault: Vault, case_id: int, *, now: datetime) -> tuple[str, datetime] | None:
    """The reply token of what the citizen wrote last, and from when it is: given out once, while it is young."""
    found = cases.take_token(db, case_id)
    if found is None or now - found[1] >= answering.TOKEN_LIFE:
        return None
    return vault.open(found[0]).decode(), found[1]


def end_live(db: Session, case_id: int) -> bool:
    """Nobody is on the line with this case's citizen any more, in whatever case. False: nobody was."""
    case = cases.find(db, case_id)
    return case is not None and case.person_id is not None and cases.end_lines(db, person_id=case.person_id) > 0


def _wait_for_staff(
    db: Session, vault: Vault, case: CaseRow, incoming: Incoming, *, now: datetime, rules: CaseRules, answered: bool
) -> None:
    """What was promised before holds; who had been answered is promised anew, and so is who has no promise, since an
    answer failed, and who may be in danger and writes again long after staff were told."""
    values: dict[str, object] = {"waits_for": STAFF}
    cries_again = case.urgent and case.alerted_at is not None and now - case.alerted_at >= rules.urgent_within
    if case.waits_for == CITIZEN or case.due_at is None or cries_again:
        values["due_at"] = office_hours.due_again(rules, CaseKind(case.kind), opened_at=case.opened_at, now=now)
        if case.urgent and (case.live_until is None or case.live_until <= now):
            jobs.enqueue(db, JobKind.CASE_ALERT, now=now, subject_ids=[(case.id, None)])
    if answered:
        values.update(reply_token=None, token_from=None)
    elif incoming.reply_token is not None:
        values.update(reply_token=vault.seal(incoming.reply_token.encode()), token_from=incoming.occurred_at)
    cases.change(db, case.id, now=now, **values)


def _want_picture(db: Session, row: CaseMessageRow, message_id: str, now: datetime) -> None:
    wanted = CasePictureRow(case_id=row.case_id, case_message_id=row.id, message_id=message_id, wanted_at=now)
    picture_id = case_pictures.add(db, wanted)
    if picture_id is not None:
        jobs.enqueue(db, JobKind.CASE_PICTURE, now=now, subject_ids=[(picture_id, None)])


def _kind_of(incoming: Incoming) -> str:
    if incoming.kind in SHARED:
        return incoming.kind
    return "file" if incoming.kind == "media" else "text"


def _words_of(incoming: Incoming, text: str) -> str:
    place = incoming.place
    if place is None:
        return text
    where = f"{place.latitude:.6f}, {place.longitude:.6f}"
    return "\n".join(filter(None, (text, place.title, place.address, where)))


def _sealed(vault: Vault, text: str) -> bytes | None:
    return vault.seal(text[:LONGEST_HEARD].encode(errors="replace")) if text else None
