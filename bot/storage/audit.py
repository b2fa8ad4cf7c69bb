"""The audit log: a chain of lines, and the one row, the head, that says under our seal where it begins and ends.

Each line holds the hash of the line before. Both tables stand alone: no foreign key may change or remove a line when
something else goes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import JSON, CursorResult, Index, Row, String, Table, Text, delete, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage import locks
from bot.storage.base import Base, BigId
from bot.vault import Unreadable, Vault

BEGINNING = "0" * 64
"""What stands for the hash of the line before the first."""
BATCH = 1000
HEAD_UNPROVEN = "audit.head_unproven"
"""Written before the next line when the head was not as we left it. From then on the log is broken there."""
AFTER_EVERY_ACTION = "{"
"""Sorts behind every letter, digit, underscore and dot of an action's name."""


class AuditRow(Base):
    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    """Counts without a gap: a missing number is a missing line."""
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60).with_variant(String(60, collation="C"), "postgresql"))
    """Sorted by bytes on both databases, so that a prefix is a range of the index."""
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(120))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    address_hash: Mapped[str | None] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
    """The hash under our key. The chain of hashes needs no key, and so outlives a change of key."""

    __table_args__ = (
        Index(None, "actor_id", "id"),
        Index(None, "action", "id"),
        Index(None, "subject_kind", "subject_id", "id"),
    )


class AuditHeadRow(Base):
    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    last_id: Mapped[int] = mapped_column(BigId)
    hash: Mapped[str] = mapped_column(String(64))
    pruned_through: Mapped[int] = mapped_column(BigId)
    """The lines up to this one are gone by retention, and by nothing else."""
    seal: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Head:
    last_id: int
    hash: str
    pruned_through: int
    seal: str


_log = cast(Table, AuditRow.__table__)
_head = cast(Table, AuditHeadRow.__table__)
_ONLY = 1


def canonical(value: object) -> str:
    """One spelling for equal values. Raises TypeError or ValueError for what is not JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _digest(columns: dict[str, Any]) -> str:
    """The hash of a line: of every column but the hash itself and its seal."""
    covered = {name: value for name, value in columns.items() if name not in {"hash", "seal"}}
    covered["at"] = columns["at"].astimezone(UTC).isoformat()
    return hashlib.sha256(canonical(covered).encode()).hexdigest()


def _seal(vault: Vault, digest: str) -> str:
    return vault.mac("audit/line", digest.encode()).hex()


def is_whole(line: Row[Any]) -> bool:
    try:
        return bool(_digest(dict(line._mapping)) == line.hash)
    except (ValueError, TypeError, AttributeError):  # a value of another type than was written
        return False


def is_sealed(vault: Vault, line: Row[Any]) -> bool:
    return bool(_seal(vault, str(line.hash)) == line.seal)


def _content_of_head(head: Head) -> bytes:
    return f"civicbot/audit-head/1 {head.last_id} {head.hash} {head.pruned_through}".encode()


def is_proven(vault: Vault, head: Head) -> bool:
    try:
        return vault.open(str(head.seal).encode()) == _content_of_head(head)
    except Unreadable:
        return False


def hold_snapshot(db: Session) -> None:
    """Everything read from here on is of one moment. Call it before anything was read."""
    if db.get_bind().dialect.name != "sqlite":  # there a reading session is a snapshot by itself
        db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def hold_log(db: Session) -> None:
    """The log is one chain: who writes to it writes alone, until the end of the transaction."""
    locks.hold(db, ["audit"])


def append(db: Session, vault: Vault, head: Head, **columns: Any) -> Head:  # noqa: ANN401 - the columns of a line
    """Adds a line after the head and returns the head that follows, which `move_head` stores."""
    columns |= {"id": head.last_id + 1, "previous_hash": head.hash}
    digest = _digest(columns)
    db.execute(insert(_log), {**columns, "hash": digest, "seal": _seal(vault, digest)})
    return replace(head, last_id=head.last_id + 1, hash=digest)


def find_head(db: Session) -> Head | None:
    columns = (_head.c.last_id, _head.c.hash, _head.c.pruned_through, _head.c.seal)
    found = db.execute(select(*columns).where(_head.c.id == _ONLY)).first()
    return Head(*found) if found is not None else None


def move_head(db: Session, vault: Vault, *, seen: Head | None, to: Head) -> None:
    """Seals and stores the head. Raises RuntimeError when it is no longer the one that was seen."""
    seal = vault.seal(_content_of_head(to)).decode()
    values = {"last_id": to.last_id, "hash": to.hash, "pruned_through": to.pruned_through, "seal": seal}
    if seen is None:
        db.execute(insert(_head), {"id": _ONLY, **values})
        return
    moved = update(_head).where(_head.c.id == _ONLY, _head.c.last_id == seen.last_id, _head.c.seal == seen.seal)
    if db.execute(moved.values(values).returning(_head.c.id)).first() is None:
        raise RuntimeError("two transactions wrote to the audit log at once: one of them does not hold its lock")


def find_ends(db: Session) -> tuple[int, int, str] | None:
    """The numbers of the first and the last line, and the last one's hash: as the log has them, not the head."""
    last = db.execute(select(_log.c.id, _log.c.hash).order_by(_log.c.id.desc()).limit(1)).first()
    first = db.scalar(select(func.min(_log.c.id)))
    return (first, last[0], last[1]) if last is not None and first is not None else None


def find_hash(db: Session, line_id: int) -> str | None:
    return db.scalar(select(_log.c.hash).where(_log.c.id == line_id))


def _lines_after(db: Session, line_id: int | None, *, limit: int) -> Sequence[Row[Any]]:
    statement = select(_log).order_by(_log.c.id).limit(limit)
    return db.execute(statement if line_id is None else statement.where(_log.c.id > line_id)).all()


def every_line(db: Session) -> Iterator[Row[Any] | int]:
    """All lines in order. In place of one that cannot even be read, its number, and then no more."""
    last_id: int | None = None
    size = BATCH
    while True:
        try:
            lines = _lines_after(db, last_id, limit=size)
        except (ValueError, TypeError):  # a value that is not of its column's type: find the line
            if size == 1:
                following = select(func.min(_log.c.id))
                yield db.scalars(following if last_id is None else following.where(_log.c.id > last_id)).one()
                return
            size = 1
            continue
        if not lines:
            return
        yield from lines
        last_id = lines[-1].id


class Why(StrEnum):
    ALTERED = "altered"
    """The line is not the one that its hash was taken of."""
    MISSING = "missing"
    FORGED = "forged"
    """The hashes fit, the seal does not: written without our key."""
    NOT_LINKED = "not_linked"
    """It follows another line than the one before it."""
    EXTRA = "extra"
    """It stands where the head says that no line is."""
    HEAD = "head"
    """The head is missing, or not sealed by us."""
    HEAD_UNPROVEN = "head_unproven"
    """At this line the head was once not as we left it: what is before it is not proven."""
    UNEXPECTED = "unexpected"
    """The line has not the hash that was noted for it elsewhere."""


@dataclass(frozen=True, slots=True)
class Broken:
    id: int
    """The first bad line: its number, or the number of a line that is not there."""
    why: Why


class Walk:
    """Follows the chain. Lines whose seal does not fit may stand at its beginning only: a key of earlier sealed them,
    and the chain alone vouches for them."""

    def __init__(self, vault: Vault, *, begins_after: int) -> None:
        self._vault = vault
        self._begins_after = begins_after
        self._sealed = False
        self.last_id = begins_after
        self.last_hash = BEGINNING if begins_after == 0 else None

    def step(self, line: Row[Any]) -> Broken | None:
        first, sealed = line.id == self._begins_after + 1, is_sealed(self._vault, line)
        linked = self.last_hash in {None, line.previous_hash}
        faults = (
            (line.id <= self.last_id, line.id, Why.EXTRA),
            (line.id > self.last_id + 1, self.last_id + 1, Why.MISSING),
            (not is_whole(line), line.id, Why.ALTERED),
            (self._sealed and not sealed, line.id, Why.FORGED),
            (not linked and not self._sealed and not first, self.last_id, Why.FORGED),
            (not linked, line.id, Why.NOT_LINKED),
            (line.action == HEAD_UNPROVEN, line.id, Why.HEAD_UNPROVEN),
        )
        self._sealed = self._sealed or sealed
        self.last_id, self.last_hash = line.id, line.hash
        return next((Broken(line_id, why) for holds, line_id, why in faults if holds), None)


def find_first_since(db: Session, moment: datetime) -> int | None:
    return db.scalar(select(_log.c.id).where(_log.c.at >= moment).order_by(_log.c.id).limit(1))


def delete_through(db: Session, line_id: int) -> int:
    """The database refuses this for lines that the head does not call pruned."""
    result = cast(CursorResult[Any], db.execute(delete(_log).where(_log.c.id <= line_id)))
    return result.rowcount


def list_entries(
    db: Session,
    *,
    actor: int | str | None = None,
    action_prefix: str = "",
    subject: tuple[str, str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[AuditRow]:
    """The newest lines first; `before_id` of the last one seen gives the next page. `actor` is the number of one of the
    staff, or the name of what acts without an account."""
    statement = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if isinstance(actor, int):
        statement = statement.where(AuditRow.actor_id == actor)
    elif actor is not None:
        statement = statement.where(AuditRow.actor_id.is_(None), AuditRow.actor == actor)
    if action_prefix:
        statement = statement.where(
            AuditRow.action >= action_prefix, AuditRow.action < action_prefix + AFTER_EVERY_ACTION
        )
    if subject is not None:
        statement = statement.where(AuditRow.subject_kind == subject[0], AuditRow.subject_id == subject[1])
    if since is not None:
        statement = statement.where(AuditRow.at >= since)
    if until is not None:
        statement = statement.where(AuditRow.at < until)
    if before_id is not None:
        statement = statement.where(AuditRow.id < before_id)
    return list(db.scalars(statement))
