"""Who works in the console: their accounts, and what lets them in once: links, recovery codes, codes for LINE."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Select, String, delete, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.storage.base import Base, BigId, insert_into
from bot.storage.people import PersonRow


class StaffRow(Base):
    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    login: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """None until the one-time link was followed, and again after a reset."""
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None]
    """The thirty seconds whose code was used last: no code of them, or of earlier ones, counts again."""
    person_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("people.id", ondelete="SET NULL"), unique=True)
    linked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id", ondelete="SET NULL"))
    disabled_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=1)
    """Sessions of an older generation are dead."""


class StaffInvitationRow(Base):
    __tablename__ = "staff_invitations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class StaffRecoveryCodeRow(Base):
    """Each is gone once it was used."""

    __tablename__ = "staff_recovery_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id", ondelete="CASCADE"), index=True)


class LineLinkCodeRow(Base):
    """One a person at most; gone once it was used."""

    __tablename__ = "line_link_codes"

    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


def add(db: Session, **values: Any) -> int | None:  # noqa: ANN401 - the columns of an account
    """The new account's id. None: the login is taken."""
    statement = insert_into(db, StaffRow).values(generation=1, **values)
    return db.scalar(statement.on_conflict_do_nothing(index_elements=["login"]).returning(StaffRow.id))


def find(db: Session, staff_id: int) -> StaffRow | None:
    return db.scalar(_fresh().where(StaffRow.id == staff_id))


def find_by_login(db: Session, login: str) -> StaffRow | None:
    return db.scalar(_fresh().where(StaffRow.login == login))


def find_by_person(db: Session, person_id: int) -> StaffRow | None:
    return db.scalar(_fresh().where(StaffRow.person_id == person_id))


def list_all(db: Session, *, limit: int) -> list[StaffRow]:
    """Those who may come in before those who may not, by login."""
    order = (StaffRow.disabled_at.isnot(None), StaffRow.login)
    return list(db.scalars(_fresh().order_by(*order).limit(limit)))


def list_linked_user_ids(db: Session, *, role: str, limit: int) -> list[str]:
    """LINE's ids of those of this role who may come in, have linked their account and have not left."""
    linked = (
        select(PersonRow.line_user_id)
        .join(StaffRow, StaffRow.person_id == PersonRow.id)
        .where(StaffRow.role == role, StaffRow.disabled_at.is_(None), PersonRow.following.is_(True))
    )
    return list(db.scalars(linked.order_by(StaffRow.id).limit(limit)))


def is_empty(db: Session) -> bool:
    return db.scalar(select(StaffRow.id).limit(1)) is None


def has_another(db: Session, *, role: str, besides: int) -> bool:
    """Whether somebody else of this role is able to come in: not disabled, with a password."""
    others = select(StaffRow.id).where(
        StaffRow.role == role,
        StaffRow.id != besides,
        StaffRow.disabled_at.is_(None),
        StaffRow.password_hash.isnot(None),
    )
    return db.scalar(others.limit(1)) is not None


def change(
    db: Session,
    staff_id: int,
    *,
    seen_generation: int | None = None,
    **values: Any,  # noqa: ANN401 - the columns of an account
) -> bool:
    """False: there is no such account, or its generation is not the one that was seen."""
    statement = update(StaffRow).where(StaffRow.id == staff_id)
    if seen_generation is not None:
        statement = statement.where(StaffRow.generation == seen_generation)
    return db.scalar(statement.values(**values).returning(StaffRow.id)) is not None


def take_step(db: Session, staff_id: int, *, step: int) -> bool:
    """False: a code of this step, or of a later one, was used already."""
    unused = or_(StaffRow.totp_last_step.is_(None), StaffRow.totp_last_step < step)
    statement = update(StaffRow).where(StaffRow.id == staff_id, StaffRow.totp_sealed.isnot(None), unused)
    return db.scalar(statement.values(totp_last_step=step).returning(StaffRow.id)) is not None


def add_invitation(db: Session, **values: Any) -> None:  # noqa: ANN401 - the columns of an invitation
    db.execute(insert(StaffInvitationRow).values(**values))


def find_invitation(db: Session, token_hash: str, *, now: datetime) -> tuple[StaffInvitationRow, StaffRow] | None:
    """An invitation that can still be accepted, and whose it is."""
    statement = (
        select(StaffInvitationRow, StaffRow)
        .join(StaffRow, StaffRow.id == StaffInvitationRow.staff_id)
        .where(
            StaffInvitationRow.token_hash == token_hash,
            StaffInvitationRow.used_at.is_(None),
            StaffInvitationRow.expires_at > now,
            StaffRow.disabled_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )
    found = db.execute(statement).first()
    return (found[0], found[1]) if found else None


def use_invitation(db: Session, token_hash: str, *, now: datetime) -> bool:
    """False: it was used, withdrawn or has expired in the meantime."""
    statement = update(StaffInvitationRow).where(
        StaffInvitationRow.token_hash == token_hash,
        StaffInvitationRow.used_at.is_(None),
        StaffInvitationRow.expires_at > now,
    )
    return db.scalar(statement.values(used_at=now).returning(StaffInvitationRow.id)) is not None


def withdraw_invitations(db: Session, *, staff_id: int) -> None:
    unused = StaffInvitationRow.used_at.is_(None)
    db.execute(delete(StaffInvitationRow).where(StaffInvitationRow.staff_id == staff_id, unused))


def replace_recovery_codes(db: Session, *, staff_id: int, hashes: Sequence[str]) -> None:
    db.execute(delete(StaffRecoveryCodeRow).where(StaffRecoveryCodeRow.staff_id == staff_id))
    if hashes:
        db.execute(insert(StaffRecoveryCodeRow), [{"staff_id": staff_id, "code_hash": one} for one in hashes])


def use_recovery_code(db: Session, *, staff_id: int, code_hash: str) -> bool:
    statement = delete(StaffRecoveryCodeRow).where(
        StaffRecoveryCodeRow.staff_id == staff_id, StaffRecoveryCodeRow.code_hash == code_hash
    )
    return db.scalar(statement.returning(StaffRecoveryCodeRow.staff_id)) is not None


def count_recovery_codes(db: Session, *, staff_id: int) -> int:
    counted = select(func.count()).select_from(StaffRecoveryCodeRow).where(StaffRecoveryCodeRow.staff_id == staff_id)
    return db.scalar(counted) or 0


def has_link_code(db: Session, code_hash: str) -> bool:
    return db.scalar(select(LineLinkCodeRow.staff_id).where(LineLinkCodeRow.code_hash == code_hash)) is not None


def save_link_code(db: Session, *, staff_id: int, code_hash: str, expires_at: datetime) -> None:
    """In place of the one that was open."""
    values = {"code_hash": code_hash, "expires_at": expires_at}
    statement = insert_into(db, LineLinkCodeRow).values(staff_id=staff_id, **values)
    db.execute(statement.on_conflict_do_update(index_elements=["staff_id"], set_=values))


def use_link_code(db: Session, code_hash: str, *, now: datetime) -> int | None:
    """Whose it was, once."""
    statement = delete(LineLinkCodeRow).where(LineLinkCodeRow.code_hash == code_hash, LineLinkCodeRow.expires_at > now)
    return db.scalar(statement.returning(LineLinkCodeRow.staff_id))


def forget_link_codes(db: Session, *, staff_id: int) -> None:
    db.execute(delete(LineLinkCodeRow).where(LineLinkCodeRow.staff_id == staff_id))


def forget_expired(db: Session, *, before: datetime) -> int:
    """Links and codes for LINE that ran out before that moment. Returns how many."""
    codes = delete(LineLinkCodeRow).where(LineLinkCodeRow.expires_at < before).returning(LineLinkCodeRow.staff_id)
    links = delete(StaffInvitationRow).where(StaffInvitationRow.expires_at < before).returning(StaffInvitationRow.id)
    return sum(len(db.execute(statement).all()) for statement in (codes, links))


def _fresh() -> Select[StaffRow]:
    """Read anew also where the session has read it before: after waiting for a lock, what it knew may be old."""
    return select(StaffRow).execution_options(populate_existing=True)


def list_with_totp(db: Session) -> list[StaffRow]:
    """And nobody else's to change before the transaction ends."""
    return list(db.scalars(select(StaffRow).where(StaffRow.totp_sealed.isnot(None)).with_for_update()))
