"""The list of names on paper: sorted as in a Thai dictionary, with a box to tick and a place to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from bot.console import check_in_sentences, event_words, records, registrants_words
from bot.console.access import Pages
from bot.console.premises import Premises
from bot.console.registrants_one import get_event
from bot.events import registrants as listing
from bot.events.registrants import Registrant
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.registrations import CONFIRMED, OFFERED, WAITING

EMPTY_LINES = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A party: the contact, and by name whoever comes along; `others` come without being named."""

    number: int
    name: str
    school: str
    companions: tuple[str, ...]
    others: int
    party: int
    code: str
    phone: str


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/events/<int:event_id>/registrants/roster", needs=Permission.SEE_PEOPLE, methods=("POST",))
    def roster(event_id: int) -> ResponseReturnValue:
        """Sent for, so that it is noted who took the names along."""
        return _roster(premises, event_id)


def _roster(premises: Premises, event_id: int) -> ResponseReturnValue:
    with_phones, with_line = (request.form.get(name) == "yes" for name in ("phones", "waiting"))
    with premises.database.reading() as db:
        event = get_event(db, event_id)
        seated = listing.list_all(db, premises.vault, event_id, states=(CONFIRMED,))
        waits = (OFFERED, WAITING) if with_line else ()
        line = listing.list_all(db, premises.vault, event_id, states=waits)
        parts = [check_in_sentences.part(part) for part in events.list_sessions(db, event_id)]
    lines = make_lines(sorted(seated, key=lambda one: listing.thai_order(one.form.name)), with_phones=with_phones)
    waiting = make_lines(line, with_phones=with_phones)
    kept = {"event_id": event_id, "count": len(lines) + len(waiting), "phones": with_phones}
    with premises.database.transaction() as db:
        records.record(db, premises, "export.roster", ("export", "roster"), after=kept)
    return render_template(
        "console/roster.html", event=event, lines=lines, waiting=waiting, with_phones=with_phones, parts=parts,
        people=sum(one.party for one in lines), when=event_words.when(event.starts_at, event.ends_at),
        printed=registrants_words.moment(premises.now()),
        empty=EMPTY_LINES if request.form.get("empty") == "yes" else 0,
    )  # fmt: skip


def make_lines(several: Sequence[Registrant], *, with_phones: bool) -> list[Line]:
    return [_line(number, one, with_phones=with_phones) for number, one in enumerate(several, start=1)]


def _line(number: int, one: Registrant, *, with_phones: bool) -> Line:
    form, party, school = one.form, one.row.party_size, one.form.school
    others = party - len(form.companions) - (0 if school else 1)
    return Line(
        number, form.name if one.readable else registrants_words.NAMELESS,
        f"{school.name} {school.level}" if school else "", form.companions, max(others, 0), party, one.row.code,
        registrants_words.phone(form.phone, whole=True) if with_phones and form.phone else "",
    )  # fmt: skip
