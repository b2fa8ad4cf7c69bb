"""Coming in to the console: passwords, slowing guesses down, and sessions.

A try is written down before the password is looked at, and taken back when it was right: tries made at the same moment
cannot all pass the same count. A browser that has signed in to an account before holds a device token, and is counted
by itself: whoever guesses from elsewhere slows down everybody but the people themselves. An address would not do for
that: telephones change theirs all day, and share them with thousands.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from bot.outreach.permissions import Permission, may, must_have_second_factor
from bot.outreach.staff import Account, AccountChanged, FieldRefused, PasswordHash, account_of, login_of, token_hash
from bot.storage import locks, sign_in_tries, staff, staff_sessions
from bot.vault import Vault

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
MOST_TRIES_ACCOUNT = 10
MOST_TRIES_ADDRESS = 50
IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)
DEVICES_TRUSTED = timedelta(days=180)

_HASHER = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MMHzeiTSiXQOOegEt/xWOQ$iNmYq1bszfETOCyQDFHY51wEG1iMjHqO2PWNZt2DwHc"
"""Nobody's password: looking at it takes as long as looking at somebody's."""
_AT_ONCE = threading.BoundedSemaphore(2)
_IN_THE_QUEUE = threading.BoundedSemaphore(8)
_ROWS = tuple(
    unicodedata.normalize("NFKC", row)
    for row in (
        "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
        "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
        "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ", "ๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝ",
    )
)  # fmt: skip
_COMMONEST = frozenset(
    {
        "password", "passwordpassword", "qwerty", "asdfgh", "admin", "adminadmin", "administrator", "welcome", "lineoa",
        "letmein", "iloveyou", "changeme", "secret", "login", "master", "superman", "batman", "dragon", "monkey",
        "football", "liverpool", "princess", "sunshine", "thailand", "bangkok", "chiangrai", "civicbot", "สวัสดี",
        "รหัสผ่าน", "เชียงราย", "ประเทศไทย", "1234512345", "1234554321", "1234567891", "12345678910", "123456789123",
        "1122334455", "1472583690", "1597534862", "0812345678", "0987654321", "1029384756",
    }
)  # fmt: skip
"""By the letters in the middle, or by the whole where there are only digits."""
_LEET = str.maketrans("@4031$5!7", "aaoelssit")


class PasswordFault(StrEnum):
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LIKE_ACCOUNT = "like_account"
    REPEATED = "repeated"
    SEQUENCE = "sequence"
    COMMON = "common"


@dataclass(eq=False)
class PasswordRefused(Exception):
    fault: PasswordFault


class TooBusy(Exception):
    """Too many passwords wait to be looked at in this process."""


@dataclass(eq=False)
class TooManyTries(Exception):
    until: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """Somebody who says that they are this account: known or not, they are treated alike."""

    staff_id: int | None
    generation: int
    password_hash: str
    key: str
    tries: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    token: str
    """For the session's cookie. Known here only: what is stored is its hash."""
    device: str | None
    """For a cookie that lasts for months. None: leave the one that is there."""


class Missing(StrEnum):
    CODE = "code"
    """There is a second factor, and this session has not passed it."""
    ENROLMENT = "enrolment"
    """The role needs a second factor, and the account has none."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    session_id: int
    account: Account
    opened_at: datetime
    seen_at: datetime
    second_factor_at: datetime | None

    @property
    def missing(self) -> Missing | None:
        if self.account.has_second_factor:
            return Missing.CODE if self.second_factor_at is None else None
        return Missing.ENROLMENT if must_have_second_factor(self.account.role) else None

    def may(self, permission: Permission) -> bool:
        """The one question in front of every page: nothing before the code, one's own account before enrolment."""
        if self.missing is Missing.CODE or (self.missing and permission is not Permission.OWN_ACCOUNT):
            return False
        return may(self.account.role, permission)


def check_password(password: str, *, login: str, name: str) -> None:
    """Raises PasswordRefused."""
    if len(password) > LONGEST_PASSWORD:
        raise PasswordRefused(PasswordFault.TOO_LONG)
    folded = _as_hashed(password).casefold()
    core = _without_ends(folded)
    mine = [
        _as_hashed(one).casefold() for one in (login, login.partition("@")[0], *name.split(), "".join(name.split()))
    ]
    rests = [_without_ends(folded.replace(one, "")) for one in mine if len(one) >= 3 and one in folded]
    faults = {
        PasswordFault.TOO_SHORT: len(_as_hashed(password)) < SHORTEST_PASSWORD,
        PasswordFault.LIKE_ACCOUNT: any(len(rest) < 4 for rest in rests),
        PasswordFault.SEQUENCE: any(_in_a_row(one) for one in (folded, core) if len(one) >= 5),
        PasswordFault.REPEATED: len(set(folded)) < 5,
        PasswordFault.COMMON: core.translate(_LEET) in _COMMONEST or folded in _COMMONEST,
    }
    for fault, found in faults.items():
        if found:
            raise PasswordRefused(fault)


def hash_password(password: str, *, login: str, name: str) -> PasswordHash:
    """Takes long: call it outside a transaction. Raises PasswordRefused, TooBusy."""
    check_password(password, login=login, name=name)
    with _turn():
        return PasswordHash(_HASHER.hash(_as_hashed(password)))


def verify(candidate: Candidate, password: str) -> bool:
    """Takes long, and as long for nobody: call it outside a transaction. Raises TooBusy."""
    with _turn():
        try:
            _HASHER.verify(candidate.password_hash, _as_hashed(password[:LONGEST_PASSWORD]))
        except (VerificationError, InvalidHashError):
            return False
    return candidate.staff_id is not None and len(password) <= LONGEST_PASSWORD


def take_try(db: Session, most: Mapping[str, int], *, now: datetime) -> tuple[int, ...]:
    """Notes a try under each key, or raises TooManyTries where one of them has used up what it may."""
    locks.hold(db, [f"sign-in/{key}" for key in most])
    pauses = [sign_in_tries.find_pause(db, key=key, most=limit, now=now) for key, limit in most.items()]
    until = max((pause for pause in pauses if pause), default=None)
    if until is not None:
        raise TooManyTries(until)
    return tuple(sign_in_tries.add(db, key=key, at=now) for key in most)


def begin(db: Session, vault: Vault, *, login: str, address: str, device: str | None, now: datetime) -> Candidate:
    """Notes the try. Commit, `verify` outside, then `open_session` in a new transaction. Raises TooManyTries."""
    try:
        kept = login_of(login)
    except FieldRefused:
        kept = login[:LONGEST_PASSWORD]
    row = staff.find_by_login(db, kept.replace("\0", ""))
    if row is not None and find_device(db, row.id, device, now=now) is not None:
        key = vault.keyed_hash("sign-in/device", device or "")
        tries = take_try(db, {key: MOST_TRIES_ACCOUNT}, now=now)
    else:
        key = vault.keyed_hash("sign-in/account", kept)
        address_key = vault.keyed_hash("sign-in/address", address)
        tries = take_try(db, {key: MOST_TRIES_ACCOUNT, address_key: MOST_TRIES_ADDRESS}, now=now)
    if row is None or row.disabled_at is not None or row.password_hash is None:
        return Candidate(None, 0, _NOBODY, key, tries)
    return Candidate(row.id, row.generation, row.password_hash, key, tries)


def forget_tries(db: Session, candidate: Candidate) -> None:
    """The password was right. `open_session` does this itself."""
    sign_in_tries.forget_keys(db, [candidate.key])
    sign_in_tries.forget_tries(db, candidate.tries)


def open_session(
    db: Session, vault: Vault, *, who: Candidate | Account, address: str, device: str | None, now: datetime
) -> Opened:
    """For a candidate whose password was right, or an account that LINE vouches for. Raises AccountChanged."""
    staff_id = who.staff_id if isinstance(who, Candidate) else who.id
    row = staff.find(db, staff_id) if staff_id is not None else None
    if row is None or row.generation != who.generation or row.disabled_at is not None or row.password_hash is None:
        raise AccountChanged
    if isinstance(who, Candidate):
        forget_tries(db, who)
    token = secrets.token_urlsafe(32)
    staff_sessions.add(
        db, staff_id=row.id, generation=row.generation, token_hash=token_hash(token),
        address_hash=vault.keyed_hash("sign-in/address", address), now=now,
    )  # fmt: skip
    whole = row.totp_sealed is None
    return Opened(token, _trust(db, row.id, device, now=now) if whole else None)


def pass_second_factor(db: Session, *, signed_in: SignedIn, device: str | None, now: datetime) -> Opened:
    """After a right code: the session goes on under a new token, and its browser is trusted. Raises AccountChanged."""
    token = secrets.token_urlsafe(32)
    if not staff_sessions.pass_second_factor(db, signed_in.session_id, token_hash=token_hash(token), now=now):
        raise AccountChanged
    return Opened(token, _trust(db, signed_in.account.id, device, now=now))


def find_session(db: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Only reads. `touch` keeps the session from falling asleep."""
    limits = {"seen_after": now - IDLE, "created_after": now - LONGEST_SESSION}
    found = staff_sessions.find_living(db, token_hash(token), **limits)
    if found is None:
        return None
    session, row = found
    return SignedIn(session.id, account_of(row), session.created_at, session.seen_at, session.second_factor_at)


def is_due_for_touch(signed_in: SignedIn, *, now: datetime) -> bool:
    return signed_in.seen_at <= now - TOUCH_EVERY


def touch(db: Session, *, session_id: int, now: datetime) -> None:
    staff_sessions.touch(db, session_id, seen_after=now - IDLE, seen_before=now - TOUCH_EVERY, now=now)


def end_session(db: Session, *, session_id: int, now: datetime) -> None:
    staff_sessions.end(db, session_id, now=now)


def end_others(db: Session, *, signed_in: SignedIn, now: datetime) -> int:
    return staff_sessions.end_others(db, staff_id=signed_in.account.id, besides=signed_in.session_id, now=now)


def find_device(db: Session, staff_id: int, device: str | None, *, now: datetime) -> int | None:
    if not device:
        return None
    return staff_sessions.find_device(db, token_hash(device), staff_id=staff_id, used_after=now - DEVICES_TRUSTED)


def _as_hashed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _without_ends(text: str) -> str:
    """Without the digits and signs before its first letter and after its last."""
    letters = [place for place, one in enumerate(text) if unicodedata.category(one)[0] in "LM"]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _in_a_row(text: str) -> bool:
    return any(text in row or text[::-1] in row for row in _ROWS)


@contextmanager
def _turn() -> Iterator[None]:
    """Each takes 64 MB and a core for a while: two at once, a few waiting, and no thread waits behind those."""
    if not _IN_THE_QUEUE.acquire(blocking=False):
        raise TooBusy
    try:
        with _AT_ONCE:
            yield
    finally:
        _IN_THE_QUEUE.release()


def _trust(db: Session, staff_id: int, device: str | None, *, now: datetime) -> str | None:
    """A new device token, unless the browser holds one of this account already."""
    known = find_device(db, staff_id, device, now=now)
    if known is not None:
        staff_sessions.touch_device(db, known, now=now)
        return None
    token = secrets.token_urlsafe(32)
    staff_sessions.add_device(db, staff_id=staff_id, token_hash=token_hash(token), now=now)
    return token
