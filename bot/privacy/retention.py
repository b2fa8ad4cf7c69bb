"""What is kept no longer than was said. Each step forgets a batch in a transaction of the caller's, and can be done
again; what goes is counted, and the counts are kept as the report of the night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot import clock
from bot.events import keeping as registrations
from bot.notices import keeping as notices
from bot.outreach import audit, proposals
from bot.privacy import erasing
from bot.settings.keeping import Keeping
from bot.storage import (
    alarms,
    data_links,
    data_requests,
    dialogues,
    incoming,
    jobs,
    retention,
    retention_reports,
    tombstones,
    withdrawn,
)
from bot.storage import audit as audit_table
from bot.storage import erasing as table
from bot.storage.retention_reports import RetentionReportRow
from bot.vault import Vault

PAYLOAD = timedelta(hours=24)
"""What LINE sent, word for word, when its turn was never settled. A settled turn removes it at once."""
DIALOGUES = timedelta(hours=24)
SLOTS = timedelta(days=7)
UNDER_WAY = timedelta(days=2)
"""Answers that are tried still. None is tried for as long as a day: what is older was given up on the way."""
WITHDRAWN = timedelta(days=30)
LINKS = timedelta(days=1)
"""Links to one's own data, after they have run out."""
ALARMS = timedelta(days=90)
BACKUPS = timedelta(days=365)
"""That a backup was made: the files themselves are rotated by the setting of their own."""
REPORTS = timedelta(days=730)
A_BATCH = 500
PEOPLE_AT_ONCE = 20
AUDIT_AT_ONCE = 5000
NIGHT_BEGINS = time(2)
"""In Bangkok: what is forgotten from then on until the next night is one report."""
NIGHT, COMMAND = "night", "command"
AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Keeper:
    """What steps work with."""

    db: Session
    vault: Vault
    keeping: Keeping
    now: datetime

    def before(self, days: int) -> datetime:
        return self.now - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Step:
    """`forget` gives how many went. A step that may go on, and has forgotten `most`, is done again: so many `rounds` at
    once, each in a transaction of its own, and then after whatever else waits."""

    name: str
    forget: Callable[[Keeper], int]
    most: int | None = None
    nightly: bool = False
    rounds: int = 1


def forget(steps: Sequence[Step], keeper: Keeper) -> tuple[Counter[str], bool]:
    """Each of the steps once, in one transaction: how many went by name, and whether there may be more."""
    counts = Counter({step.name: step.forget(keeper) for step in steps})
    return counts, any(step.most is not None and counts[step.name] >= step.most for step in steps)


def parts(*, nightly: bool) -> list[list[Step]]:
    """The steps, those that belong into one transaction together."""
    due = [step for step in STEPS if nightly or not step.nightly]
    together = [step for step in due if step.most is None]
    return [*([together] if together else []), *([step] for step in due if step.most is not None)]


def is_audit_due(db: Session, keeping: Keeping, *, now: datetime) -> bool:
    """There are lines to remove: see first that the log is whole, since that cannot be proven of them afterwards."""
    lines = audit_table.find_ends(db)
    first_kept = audit_table.find_first_since(db, now - timedelta(days=keeping.keep_audit_days))
    return lines is not None and (first_kept is None or first_kept > lines[0])


def night_of(now: datetime) -> datetime:
    """When the night began whose report is still open at that moment."""
    local = clock.in_bangkok(now)
    begins = datetime.combine(local.date(), NIGHT_BEGINS, clock.BANGKOK)
    return begins if local >= begins else begins - timedelta(days=1)


def find_report(db: Session, *, now: datetime) -> RetentionReportRow | None:
    """Of the night that is not over yet."""
    return retention_reports.find_since(db, way=NIGHT, since=night_of(now))


def report(db: Session, counts: Mapping[str, int], *, way: str, now: datetime) -> RetentionReportRow:
    """One a night; of each command another."""
    if way == NIGHT:
        return retention_reports.note(db, way=way, counts=counts, now=now, since=night_of(now))
    return retention_reports.add(db, way=way, counts=counts, now=now)


def _audit(keeper: Keeper) -> int:
    """The line about it stands in the log itself."""
    if not is_audit_due(keeper.db, keeper.keeping, now=keeper.now):
        return 0
    before = keeper.before(keeper.keeping.keep_audit_days)
    return audit.prune(keeper.db, keeper.vault, before=before, now=keeper.now, limit=AUDIT_AT_ONCE)


def _questions(keeper: Keeper) -> int:
    before = keeper.before(keeper.keeping.keep_questions_days)
    found = table.list_old_questions(keeper.db, asked_before=before, after=0, limit=A_BATCH)
    emptied = table.empty_questions_by_id(keeper.db, found)
    proposals.forget(keeper.db, found)
    return emptied


def _cases(keeper: Keeper) -> int:
    before = keeper.before(keeper.keeping.keep_cases_days)
    found = table.list_old_cases(keeper.db, closed_before=before, after=0, limit=A_BATCH)
    return table.empty_cases(keeper.db, found, now=keeper.now)["cases"]


def _people(keeper: Keeper) -> int:
    """Who blocked the account long ago: one in a transaction, since other people's seats may be locked for it."""
    before = keeper.before(keeper.keeping.keep_gone_people_days)
    found = table.list_gone(keeper.db, gone_before=before, limit=1)
    for person_id in found:
        erasing.erase(keeper.db, keeper.vault, person_id=person_id, way=erasing.RETENTION, now=keeper.now)
    return len(found)


STEPS: tuple[Step, ...] = (
    Step("payloads", lambda at: incoming.forget_payloads(at.db, received_before=at.now - PAYLOAD, now=at.now)),
    Step("dialogues", lambda at: dialogues.forget_older(at.db, before=at.now - DIALOGUES)),
    Step("slots", lambda at: jobs.forget_slots(at.db, before=at.now - SLOTS)),
    Step("withdrawn", lambda at: withdrawn.forget(at.db, before=at.now - WITHDRAWN)),
    Step("links", lambda at: data_links.forget_expired(at.db, before=at.now - LINKS)),
    Step("registrations", lambda at: registrations.forget_past(at.db, now=at.now)),
    Step(
        "notice_ledger",
        lambda at: notices.forget_past(at.db, now=at.now, kept=timedelta(days=at.keeping.keep_notice_ledger_days)),
        most=1,
    ),
    Step(
        "incoming",
        lambda at: incoming.forget_events(at.db, received_before=at.before(at.keeping.keep_event_ids_days)),
    ),
    Step(
        "quarantine",
        lambda at: incoming.forget_quarantined(at.db, received_before=at.before(at.keeping.keep_quarantine_days)),
    ),
    Step(
        "jobs",
        lambda at: jobs.forget_dead(at.db, created_before=at.before(at.keeping.keep_event_ids_days)),
        nightly=True,
    ),
    Step(
        "given_up",
        lambda at: retention.give_up_answers(at.db, begun_before=at.now - UNDER_WAY, now=at.now, limit=AUDIT_AT_ONCE),
        most=AUDIT_AT_ONCE,
        nightly=True,
    ),
    Step(
        "answers",
        lambda at: retention.unname_answers(
            at.db, settled_before=at.before(at.keeping.keep_event_ids_days), limit=AUDIT_AT_ONCE
        ),
        most=AUDIT_AT_ONCE,
        nightly=True,
    ),
    Step("questions", _questions, most=A_BATCH, nightly=True),
    Step("cases", _cases, most=A_BATCH, nightly=True),
    Step("people", _people, most=1, nightly=True, rounds=PEOPLE_AT_ONCE),
    Step(
        "consents",
        lambda at: retention.forget_withdrawn_consents(
            at.db, withdrawn_before=at.before(at.keeping.keep_requests_days), limit=A_BATCH
        ),
        most=A_BATCH,
        nightly=True,
    ),
    Step(
        "data_requests",
        lambda at: data_requests.forget(at.db, received_before=at.before(at.keeping.keep_requests_days)),
        nightly=True,
    ),
    Step(AUDIT, _audit, most=AUDIT_AT_ONCE, nightly=True),
    Step(
        "tombstones",
        lambda at: tombstones.forget(at.db, erased_before=at.before(at.keeping.keep_tombstones_days), limit=A_BATCH),
        most=A_BATCH,
        nightly=True,
    ),
    Step("backups", lambda at: retention.forget_backups(at.db, began_before=at.now - BACKUPS), nightly=True),
    Step("alarms", lambda at: alarms.forget(at.db, over_before=at.now - ALARMS), nightly=True),
    Step("reports", lambda at: retention_reports.forget(at.db, before=at.now - REPORTS), nightly=True),
)
