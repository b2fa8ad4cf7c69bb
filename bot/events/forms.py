"""What a registration holds about people, sealed at rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.storage.registrations import RegistrationRow
from bot.vault import Unreadable, Vault

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class School:
    """A class that its teacher registers: the form's own name and phone are the teacher's."""

    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Form:
    """`phone` in E.164; `companions` are names beside the contact's own, none where they were not asked for; `answers`
    go by the number of the event's question; `minor` and `guardian` are None where it was not asked."""

    name: str
    phone: str | None = None
    district: str | None = None
    companions: tuple[str, ...] = ()
    answers: Mapping[int, str] = field(default_factory=dict)
    school: School | None = None
    minor: bool | None = None
    guardian: bool | None = None


def phone_hash(vault: Vault, phone: str) -> str:
    """Equal for equal numbers, so that one can be looked for without being readable."""
    return vault.keyed_hash("registration/phone", phone)


def sealed(vault: Vault, form: Form) -> dict[str, Any]:
    """The columns of a registration that hold it."""
    details = {
        "companions": form.companions,
        "answers": {str(question): answer for question, answer in form.answers.items()},
        "school": asdict(form.school) if form.school else None,
        "minor": form.minor,
        "guardian": form.guardian,
    }
    return {
        "name": vault.seal(form.name[:LONGEST_NAME].encode()),
        "phone": vault.seal(form.phone.encode()) if form.phone else None,
        "phone_hash": phone_hash(vault, form.phone) if form.phone else None,
        "details": vault.seal(json.dumps(details, ensure_ascii=False).encode()),
        "district": form.district,
    }


def opened(vault: Vault, row: RegistrationRow) -> Form:
    """Of one that was forgotten, an empty one. Raises bot.vault.Unreadable when no key of ours opens it."""
    if row.forgotten:
        return Form(name="")
    details = json.loads(vault.open(row.details)) if row.details else {}
    school = details.get("school")
    return Form(
        name=vault.open(row.name).decode(),
        phone=vault.open(row.phone).decode() if row.phone else None,
        district=row.district,
        companions=tuple(details.get("companions", ())),
        answers={int(question): answer for question, answer in details.get("answers", {}).items()},
        school=School(**school) if school else None,
        minor=details.get("minor"),
        guardian=details.get("guardian"),
    )


def name_of(vault: Vault, row: RegistrationRow) -> str:
    """Empty where it was erased, or no key opens it."""
    try:
        return vault.open(row.name).decode()
    except Unreadable:
        return ""
