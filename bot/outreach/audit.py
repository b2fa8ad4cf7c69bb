"""The audit log: who changed what, when, from what to what. Who has the database alone cannot alter it unnoticed.

Each line holds the hash of the line before; the last one's stands in the head, sealed with our key, and so does where
the log begins. Not to be noticed from inside are: somebody who has the database and a key, and a log put back whole,
head and all, to how it once was. Against that, note `Verified.head` somewhere else and give it as `expect` later.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot.storage import audit
from bot.storage.audit import HEAD_UNPROVEN, Broken, Head, Walk, Why
from bot.storage.engine import Database
from bot.vault import Vault

log = structlog.get_logger(__name__)

LONGEST_TEXT = 2000
LONGEST_FIELD = 20_000
"""Of a whole list or table, written as JSON."""
LONGEST_NAME = 120
LONGEST_ACTION = 60
PRUNED = "audit.pruned"
_ACTION = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")


class Keeps(Enum):
    VALUES = "values"
    HASHES = "hashes"
    """About people: the names of the fields, and of each value a keyed hash that is another for each subject."""


SUBJECTS: Mapping[str, Keeps] = {
    **dict.fromkeys(
        (
            "audit", "backup", "canned_answer", "channel", "event", "export", "faq", "faq_draft", "faq_entry",
            "faq_test", "faq_version", "figures", "invitation", "lexicon", "menu", "notice", "review_group",
            "review_sample", "session", "setting", "staff",
        ),
        Keeps.VALUES,
    ),
    **dict.fromkeys(("case", "consent", "conversation", "person", "question", "registration"), Keeps.HASHES),
}  # fmt: skip
"""Every kind of thing that a line may be about. A new kind is refused until it stands here."""

PERSONAL_FIELDS = frozenset(
    {
        "address", "birth_date", "birth_year", "display_name", "email", "first_name", "guardian", "last_name",
        "line_id", "line_user_id", "login", "name", "national_id", "nickname", "person_id", "phone", "picture_url",
        "search", "telephone", "user_id",
    }
)  # fmt: skip
"""Hashed whatever the line is about, at any depth."""


class UnknownSubject(Exception):
    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind!r} is not in bot.outreach.audit.SUBJECTS: decide what is kept about it")
        self.kind = kind


class HeadUnproven(Exception):
    """The log's head is missing or not sealed by a key of ours."""


@dataclass(frozen=True, slots=True)
class Actor:
    id: int | None
    name: str


SYSTEM = Actor(None, "civicbot")
COMMAND_LINE = Actor(None, "command line")


def changed(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The fields that differ. Where one side is None, all of the other."""
    if before is None or after is None:
        return (dict(before) if before is not None else None), (dict(after) if after is not None else None)
    fields = {
        name
        for name in before.keys() | after.keys()
        if (name in before) is not (name in after) or audit.canonical(before[name]) != audit.canonical(after[name])
    }
    return (
        {name: value for name, value in before.items() if name in fields},
        {name: value for name, value in after.items() if name in fields},
    )


def _hashed(vault: Vault, purpose: str, value: object) -> str:
    return "hash:" + vault.keyed_hash(purpose, audit.canonical(value))


def _kept_value(vault: Vault, purpose: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {
            name: (_hashed if name.lower() in PERSONAL_FIELDS else _kept_value)(vault, f"{purpose}/{name}", inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_kept_value(vault, purpose, inner) for inner in value]
    return _cut(value, LONGEST_TEXT) if isinstance(value, str) else value


def _cut(words: str, longest: int) -> str | dict[str, Any]:
    if len(words) <= longest:
        return words
    digest = hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()
    return {"cut": words[:LONGEST_TEXT], "letters": len(words), "sha256": digest}


def _kept(vault: Vault, subject: tuple[str, str], values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    plain = json.loads(audit.canonical(dict(values)))
    purpose = f"audit/value/{subject[0]}/{subject[1]}"
    if SUBJECTS[subject[0]] is Keeps.HASHES:
        return {name: _hashed(vault, f"{purpose}/{name}", value) for name, value in plain.items()}
    kept = _kept_value(vault, purpose, plain)
    long = {name: _cut(json.dumps(value, ensure_ascii=False), LONGEST_FIELD) for name, value in kept.items()}
    return {name: long[name] if isinstance(long[name], dict) else value for name, value in kept.items()}


def _subject(vault: Vault, kind: str, subject_id: int | str) -> tuple[str, str]:
    """Of a person only our own number is kept as it is: any other name may be one that others know them by."""
    if kind not in SUBJECTS:
        raise UnknownSubject(kind)
    if SUBJECTS[kind] is Keeps.HASHES and isinstance(subject_id, str):
        return kind, _hashed(vault, f"audit/subject/{kind}", subject_id)
    return kind, str(subject_id)


def _continue(db: Session, vault: Vault, found: Head | None, *, now: datetime) -> Head:
    """Where the next line goes. A head that is not ours is never built upon without saying so in the chain: otherwise
    our next seal would make good what somebody had cut off."""
    if found is not None and audit.is_proven(vault, found):
        return found
    ends = audit.find_ends(db)
    if found is None and ends is None:
        return Head(last_id=0, hash=audit.BEGINNING, pruned_through=0, seal="")
    log.error("audit.head_unproven", missing=found is None)
    first, last, digest = ends or (1, 0, audit.BEGINNING)
    return audit.append(
        db, vault, Head(last_id=last, hash=digest, pruned_through=first - 1, seal=""),
        at=now, actor_id=None, actor=SYSTEM.name, action=HEAD_UNPROVEN, subject_kind="audit", subject_id="log",
        before=None, after={"last_id": found.last_id} if found is not None else None, address_hash=None,
    )  # fmt: skip


def record(
    db: Session,
    vault: Vault,
    *,
    actor: Actor,
    action: str,
    subject: tuple[str, int | str],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    now: datetime,
    address_hash: str | None = None,
) -> int:
    """Writes a line in the caller's transaction and returns its number.

    Call it last: it holds the log's lock until the transaction ends. Raises UnknownSubject; TypeError for values that
    are not JSON.
    """
    if not _ACTION.fullmatch(action) or len(action) > LONGEST_ACTION:
        raise ValueError(f"{action!r} is no name of an action: write it like `staff.disabled`")
    about = _subject(vault, *subject)
    if len(about[1]) > LONGEST_NAME:
        raise ValueError(f"the id of a {about[0]} is too long for the audit log")
    earlier, later = changed(before, after)
    kept = {"before": _kept(vault, about, earlier), "after": _kept(vault, about, later)}
    audit.hold_log(db)
    seen = audit.find_head(db)
    head = audit.append(
        db, vault, _continue(db, vault, seen, now=now),
        at=now, actor_id=actor.id, actor=actor.name[:LONGEST_NAME], action=action, subject_kind=about[0],
        subject_id=about[1], address_hash=address_hash, **kept,
    )  # fmt: skip
    audit.move_head(db, vault, seen=seen, to=head)
    return head.last_id


def prune(db: Session, vault: Vault, *, before: datetime, now: datetime, limit: int = 10_000) -> int:
    """Removes the oldest lines, those before `before`, and returns how many. The last line always stays.

    What is removed cannot be verified afterwards: call `verify` first. Raises HeadUnproven.
    """
    audit.hold_log(db)
    head = audit.find_head(db)
    if head is None or not audit.is_proven(vault, head):
        raise HeadUnproven
    first_kept = audit.find_first_since(db, before) or head.last_id
    through = min(first_kept - 1, head.last_id - 1, head.pruned_through + limit)
    if through <= head.pruned_through:
        return 0
    facts = {"through": through, "hash": audit.find_hash(db, through), "lines": through - head.pruned_through}
    record(db, vault, actor=SYSTEM, action=PRUNED, subject=("audit", "log"), after=facts, now=now)
    seen = audit.find_head(db)
    assert seen is not None  # noqa: S101 - a line was just written
    audit.move_head(db, vault, seen=seen, to=replace(seen, pruned_through=through))
    return audit.delete_through(db, through)


@dataclass(frozen=True, slots=True)
class Verified:
    count: int
    last_id: int
    head: str


def verify(
    database: Database,
    vault: Vault,
    *,
    expect: tuple[int, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verified | Broken:
    """Reads the whole log, as it is at this moment. `expect` is a line's number and hash, noted at an earlier time
    somewhere else; `progress` is told after each line how many were read, and of how many."""
    with database.reading() as db:
        audit.hold_snapshot(db)
        head, ends = audit.find_head(db), audit.find_ends(db)
        if head is None and ends is None:
            return Broken(expect[0], Why.MISSING) if expect is not None else Verified(0, 0, audit.BEGINNING)
        proven = head if head is not None and audit.is_proven(vault, head) else None
        begins_after = proven.pruned_through if proven is not None else ends[0] - 1 if ends is not None else 0
        walk = Walk(vault, begins_after=begins_after)
        for line in audit.every_line(db):
            fault = Broken(line, Why.ALTERED) if isinstance(line, int) else walk.step(line)
            if fault is not None:
                return fault
            if progress is not None and ends is not None:
                progress(walk.last_id - begins_after, ends[1] - begins_after)
        noted = audit.find_hash(db, expect[0]) if expect is not None else None
    if expect is not None and noted != expect[1]:
        return Broken(expect[0], Why.MISSING if noted is None else Why.UNEXPECTED)
    fault = _compared(walk, proven)
    return fault or Verified(walk.last_id - begins_after, walk.last_id, walk.last_hash or audit.BEGINNING)


def _compared(walk: Walk, head: Head | None) -> Broken | None:
    """Lines that follow one another may still not be all, or be others than the head says."""
    if head is None:
        return Broken(walk.last_id, Why.HEAD)
    if walk.last_id < head.last_id:
        return Broken(walk.last_id + 1, Why.MISSING)
    if walk.last_id > head.last_id:
        return Broken(head.last_id + 1, Why.EXTRA)
    return Broken(walk.last_id, Why.FORGED) if walk.last_hash != head.hash else None
