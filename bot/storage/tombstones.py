"""Who was erased, as keyed hashes that tell nothing else, so that nothing brings them back; and the receipts."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, LargeBinary, String, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into
from bot.vault import Vault

KEY = "tombstones"
"""The name of the key under which LINE user ids are hashed."""
KEY_BYTES = 32


class TombstoneRow(Base):
    __tablename__ = "tombstones"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    """The number of the receipt."""
    key: Mapped[str] = mapped_column(String(64), index=True)
    """Of the LINE user id, or of a telephone number, under a key of its own: see KeptKeyRow. Whoever came
    back and left again has several."""
    erased_at: Mapped[datetime] = mapped_column(index=True)
    """What they did before this moment is not to have any effect."""
    way: Mapped[str] = mapped_column(String(12))
    """`line`, `staff`, `retention` or `restore`."""
    finished_at: Mapped[datetime | None]
    """When nothing of them was left in the live data, freed pages of the database file included."""
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    """How many rows of which kind went: the receipt."""


class KeptKeyRow(Base):
    """A key that has to stay the same when CIVICBOT_SECRET_KEY changes, sealed with that."""

    __tablename__ = "kept_keys"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


def key_of(secret: bytes, whose: str) -> str:
    """Of a LINE user id, or of what stands for a telephone number: equal for one person, and telling nothing to whoever
    has not the secret."""
    return hmac.new(secret, whose.encode(), hashlib.sha256).hexdigest()


def get_key(db: Session, vault: Vault) -> bytes:
    """Made when it is first asked for. Raises bot.vault.Unreadable where no key of ours opens it."""
    found = find_key(db, vault)
    if found is not None:
        return found
    new = insert_into(db, KeptKeyRow).values(name=KEY, sealed=vault.seal(secrets.token_bytes(KEY_BYTES)))
    db.execute(new.on_conflict_do_nothing())
    return vault.open(db.scalars(select(KeptKeyRow.sealed).where(KeptKeyRow.name == KEY)).one())


def find_key(db: Session, vault: Vault) -> bytes | None:
    """None: nobody was erased yet. Raises bot.vault.Unreadable."""
    sealed = db.scalar(select(KeptKeyRow.sealed).where(KeptKeyRow.name == KEY))
    return vault.open(sealed) if sealed is not None else None


def reseal_keys(db: Session, vault: Vault) -> int:
    """With the secret key in force; how many. Raises bot.vault.Unreadable."""
    rows = list(db.scalars(select(KeptKeyRow).with_for_update()))
    for row in rows:
        row.sealed = vault.seal(vault.open(row.sealed))
    db.flush()
    return len(rows)


def add(db: Session, *, key: str, way: str, erased_at: datetime, counts: Mapping[str, int]) -> int:
    row = TombstoneRow(key=key, way=way, erased_at=erased_at, counts=dict(counts))
    db.add(row)
    db.flush()
    return row.id


def find(db: Session, number: int) -> TombstoneRow | None:
    return db.scalar(select(TombstoneRow).where(TombstoneRow.id == number).execution_options(populate_existing=True))


def find_latest(db: Session, key: str) -> datetime | None:
    """When whoever has this key was erased last."""
    statement = select(TombstoneRow.erased_at).where(TombstoneRow.key == key)
    return db.scalar(statement.order_by(TombstoneRow.erased_at.desc()).limit(1))


def list_erased(db: Session, vault: Vault, line_user_ids: Collection[str]) -> set[str]:
    """Those of them who were erased at any time. Raises bot.vault.Unreadable."""
    secret = find_key(db, vault)
    if secret is None:
        return set()
    whose = {key_of(secret, user_id): user_id for user_id in line_user_ids}
    found = db.scalars(select(TombstoneRow.key).where(TombstoneRow.key.in_(whose.keys())))
    return {whose[key] for key in found}


def list_page(db: Session, *, after: int, limit: int) -> list[TombstoneRow]:
    """By number, those after `after`."""
    return list(db.scalars(select(TombstoneRow).where(TombstoneRow.id > after).order_by(TombstoneRow.id).limit(limit)))


def list_unfinished(db: Session, *, limit: int) -> Sequence[int]:
    statement = select(TombstoneRow.id).where(TombstoneRow.finished_at.is_(None))
    return db.scalars(statement.order_by(TombstoneRow.id).limit(limit)).all()


def count_unfinished(db: Session, *, erased_before: datetime) -> int:
    late = (TombstoneRow.finished_at.is_(None), TombstoneRow.erased_at < erased_before)
    return db.scalar(select(func.count()).where(*late)) or 0


def finish(db: Session, numbers: Collection[int], *, now: datetime) -> int:
    finished = update(TombstoneRow).where(TombstoneRow.id.in_(numbers), TombstoneRow.finished_at.is_(None))
    return len(db.execute(finished.values(finished_at=now).returning(TombstoneRow.id)).all())


def forget(db: Session, *, erased_before: datetime, limit: int) -> int:
    """The oldest of those that are finished."""
    old = select(TombstoneRow.id).where(TombstoneRow.erased_at < erased_before, TombstoneRow.finished_at.is_not(None))
    old = old.order_by(TombstoneRow.erased_at).limit(limit)
    return len(db.execute(delete(TombstoneRow).where(TombstoneRow.id.in_(old)).returning(TombstoneRow.id)).all())
