"""What a returning person gave before, so that nobody has to type it again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.events import forms
from bot.events.forms import Form
from bot.storage import registrations
from bot.storage.registrations import CANCELLED, OPEN, REFUSED
from bot.vault import Unreadable, Vault

LOOKS_AT = 10


@dataclass(frozen=True, slots=True)
class Earlier:
    """None where it was never given."""

    name: str | None = None
    phone: str | None = None
    district: str | None = None
    school: str | None = None


def find_earlier(db: Session, vault: Vault, *, person_id: int, kind: str) -> Earlier | None:
    """From this person's latest registrations, of any event and state: of their own for themselves, of a class for a
    class, whose contact they are. Nothing for a neighbour: that is somebody else each time."""
    if kind == "neighbour":
        return None
    rows = registrations.list_of_person(db, person_id, states=(*OPEN, CANCELLED, REFUSED), limit=LOOKS_AT)
    own = [form for row in rows if row.kind == "self" and (form := _opened(vault, row)) is not None]
    taught = [form for row in rows if row.kind == "class" and (form := _opened(vault, row)) is not None]
    contacts = [*taught, *own] if kind == "class" else own
    if not contacts:
        return None
    return Earlier(
        name=contacts[0].name,
        phone=next((form.phone for form in contacts if form.phone), None),
        district=next((form.district for form in contacts if form.district), None),
        school=next((form.school.name for form in taught if form.school is not None), None)
        if kind == "class"
        else None,
    )


def _opened(vault: Vault, row: registrations.RegistrationRow) -> Form | None:
    try:
        return forms.opened(vault, row)
    except Unreadable:
        return None
