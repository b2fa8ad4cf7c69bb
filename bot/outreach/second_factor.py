"""The second factor: a six-digit code that changes every thirty seconds, or a recovery code written down before."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import pyotp
import segno
from sqlalchemy.orm import Session

from bot.outreach import sign_in
from bot.outreach.staff import Account, AccountChanged
from bot.storage import sign_in_tries, staff, staff_sessions
from bot.vault import Unreadable, Vault

MOST_TRIES = 5
STEP_SECONDS = 30
STEPS_AROUND = 1
"""A telephone's clock may be so many steps off."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
ENROLMENT_LASTS = timedelta(minutes=15)


class EnrolmentExpired(Exception):
    """It was begun too long ago, or by somebody else."""


@dataclass(frozen=True, slots=True, repr=False)
class Enrolment:
    secret: str
    """To type by hand, where the picture cannot be taken."""
    uri: str
    svg: str
    """The URI as a picture: an `svg` element without script and style."""
    sealed: str
    """For the page to send back with the code: nothing is stored before that."""


def begin_enrolment(vault: Vault, *, account: Account, issuer: str, now: datetime) -> Enrolment:
    """The second factor of before, if there is one, stays until the new one is confirmed."""
    secret = pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=account.login, issuer_name=issuer)
    content = json.dumps({"staff": account.id, "secret": secret, "at": now.timestamp()})
    picture = segno.make(uri, micro=False).svg_inline(omitsize=True, svgclass=None, lineclass=None, light="#fff")
    return Enrolment(secret, uri, picture, vault.seal(content.encode()).decode())


def confirm_enrolment(
    db: Session, vault: Vault, *, account: Account, sealed: str, code: str, now: datetime
) -> tuple[str, ...] | None:
    """The recovery codes, which nobody will see again. None: the code was wrong. Browsers become known anew.

    Raises EnrolmentExpired, AccountChanged.
    """
    secret = _open_enrolment(vault, sealed, account=account, now=now)
    step = _step_of(secret, plain_digits(code), now=now)
    if step is None:
        return None
    if not staff.change(
        db, account.id, seen_generation=account.generation, totp_sealed=vault.seal(secret.encode()),
        totp_last_step=step,
    ):  # fmt: skip
        raise AccountChanged
    staff_sessions.forget_devices(db, staff_id=account.id)
    return renew_recovery_codes(db, account=account)


def check(db: Session, vault: Vault, *, account: Account, code: str, device: str | None, now: datetime) -> bool:
    """Whether this is the code of the moment, or a recovery code; either counts once. A wrong one is noted: commit
    after False too. Raises TooManyTries."""
    known = device is not None and sign_in.find_device(db, account.id, device, now=now) is not None
    where = f"{account.id}/{device}" if known else str(account.id)
    key = vault.keyed_hash("second-factor", where)
    sign_in.take_try(db, {key: MOST_TRIES}, now=now)
    digits = plain_digits(code)
    if len(digits) == 6 and digits.isdigit():
        right = _check_totp(db, vault, account=account, code=digits, now=now)
    else:
        right = staff.use_recovery_code(db, staff_id=account.id, code_hash=_recovery_hash(account.id, code))
    if right:
        sign_in_tries.forget_keys(db, [key])
    return right


def rekey(db: Session, vault: Vault) -> int:
    """Seals every account's secret with the key in force, and returns how many. Raises bot.vault.Unreadable."""
    rows = staff.list_with_totp(db)
    for row in rows:
        row.totp_sealed = vault.seal(vault.open(row.totp_sealed or b""))
    db.flush()
    return len(rows)


def renew_recovery_codes(db: Session, *, account: Account) -> tuple[str, ...]:
    """In place of those of before."""
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    hashes = [_recovery_hash(account.id, code) for code in codes]
    staff.replace_recovery_codes(db, staff_id=account.id, hashes=hashes)
    return codes


def count_recovery_codes(db: Session, *, account: Account) -> int:
    return staff.count_recovery_codes(db, staff_id=account.id)


def plain_digits(text: str) -> str:
    """What was typed, in any digits and with gaps, as plain digits; the rest is left as it is."""
    kept = (one for one in text[:64] if not one.isspace() and one != "-")
    return "".join(str(int(one)) if one.isdecimal() else one for one in kept)


def _check_totp(db: Session, vault: Vault, *, account: Account, code: str, now: datetime) -> bool:
    row = staff.find(db, account.id)
    if row is None or row.totp_sealed is None:
        return False
    step = _step_of(vault.open(row.totp_sealed).decode(), code, now=now)
    return step is not None and staff.take_step(db, account.id, step=step)


def _step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The step whose code this is."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    steps: Sequence[int] = range(current - STEPS_AROUND, current + STEPS_AROUND + 1)
    found = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())]
    return max(found, default=None)


def _open_enrolment(vault: Vault, sealed: str, *, account: Account, now: datetime) -> str:
    try:
        content = json.loads(vault.open(sealed.encode()))
    except (Unreadable, ValueError) as error:
        raise EnrolmentExpired from error
    if content.get("staff") != account.id or now.timestamp() - content["at"] > ENROLMENT_LASTS.total_seconds():
        raise EnrolmentExpired
    return str(content["secret"])


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _recovery_hash(staff_id: int, code: str) -> str:
    kept = "".join(one for one in code[:64].lower() if one.isalnum())
    return sha256(f"{staff_id}/{kept}".encode()).hexdigest()
