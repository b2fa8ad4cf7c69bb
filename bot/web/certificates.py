"""Certificates of attendance: /t/<ticket>/certificate.pdf, a page a person, and /c/, where anybody checks a number."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Final

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bot.events import certificate_drawing, certificates, forms
from bot.events.certificate_drawing import Certificate, NoSuchLetter, Typefaces
from bot.events.certificates import Attended, NotEarned, Numbered, Why
from bot.events.forms import Form
from bot.events.name_parts import partly
from bot.storage import events, registrations
from bot.storage.events import EventRow
from bot.storage.registrations import RegistrationRow
from bot.vault import Unreadable
from bot.web import event_facts
from bot.web.guesses import WINDOW_SECONDS
from bot.web.pages import Grounds, blueprint, centre, language, render, say, say_no
from bot.web.tickets import get_ticket
from bot.web.wording import THAI
from knowledge.words import WordSplitter

LONGEST_NUMBER: Final = 60
PLAIN, STRONG = "Sarabun-SemiBold.ttf", "Sarabun-Bold.ttf"
LANGUAGES: Final = {"th": "th-TH", "en": "en-GB"}
_one_at_a_time = threading.Lock()
"""A class of sixty takes a second of the processor: webhooks are not to wait for many of them at once."""


@dataclass(frozen=True, slots=True)
class Award:
    event: EventRow
    row: RegistrationRow
    form: Form
    earned: Attended

    @property
    def names(self) -> tuple[str, ...]:
        return certificates.names_of(self.form)


def certificate_files(grounds: Grounds) -> Blueprint:
    """Open for as long as the registration is kept, after its ticket too."""
    pages = blueprint("certificate_files", grounds, prefix="/t")

    @pages.get("/<ticket>/certificate.pdf")
    def show(ticket: str) -> ResponseReturnValue:
        with grounds.database.reading() as db:
            event, row = get_ticket(db, grounds, ticket, expires=False)
            earned = certificates.attendance(db, event, row, now=grounds.now())
        if isinstance(earned, NotEarned):
            return _not_earned(grounds, event, earned)
        award = Award(event, row, _opened(grounds, row), earned)
        chosen = _chosen(len(award.names))
        if earned.people >= len(award.names):
            return _file(grounds, award, range(len(award.names)))
        if not 1 <= len(chosen) <= earned.people:
            return _ask_who(grounds, award, chosen, wrong="who" in request.args)
        return _file(grounds, award, chosen)

    return pages


def certificate_checks(grounds: Grounds) -> Blueprint:
    pages = blueprint("certificate_checks", grounds, prefix="/c")

    @pages.get("/")
    def ask() -> ResponseReturnValue:
        typed = request.args.get("number", "").strip()[:LONGEST_NUMBER]
        if not typed:
            return render(grounds, "check.html", typed="")
        kept = language() if language() != THAI else None
        return redirect(url_for("certificate_checks.show", number=typed.replace("/", " "), lang=kept))

    @pages.get("/<number>")
    def show(number: str) -> Response:
        if grounds.guesses.are_too_many(request.remote_addr):
            refused = say_no(grounds, "slow.title", "slow.more", status=429)
            refused.headers["Retry-After"] = f"{WINDOW_SECONDS:.0f}"
            return refused
        one = certificates.read_number(grounds.vault, number[:LONGEST_NUMBER])
        with grounds.database.reading() as db:
            event = events.find(db, one.event_id) if one is not None else None
            row = registrations.find(db, one.registration_id) if one is not None and event is not None else None
            earned = certificates.attendance(db, event, row, now=grounds.now()) if event and row else None
        if one is None or event is None or isinstance(earned, NotEarned):
            grounds.guesses.note(request.remote_addr)
            more = say("not_found.certificate_more")
            return render(
                grounds, "check.html", status=404, typed=number, title=say("not_found.certificate"), more=more
            )
        return render(
            grounds, "genuine.html", number=certificates.number_of(grounds.vault, one), title=event.title,
            when=event_facts.days(event), name=_partial_name(grounds, row, one.person),
        )  # fmt: skip

    return pages


@cache
def splitter() -> WordSplitter:
    """Made when it is first needed: it reads a whole dictionary."""
    return WordSplitter()


def _not_earned(grounds: Grounds, event: EventRow, no: NotEarned) -> Response:
    said = say(f"why.{no.why}", when=event_facts.when(event), parts=no.parts, of=no.of)
    status = 404 if no.why is not Why.NOT_OVER else 403
    return render(grounds, "notice.html", status=status, title=say("why.title"), more=said)


def _opened(grounds: Grounds, row: RegistrationRow) -> Form:
    try:
        return forms.opened(grounds.vault, row)
    except Unreadable:
        abort(say_no(grounds, "fault.title", "fault.more", status=503))


def _chosen(count: int) -> list[int]:
    """Which of the names, where fewer people came than names are known."""
    asked = {int(one) for one in request.args.getlist("who") if one.isascii() and one.isdigit() and len(one) < 4}
    return sorted(one for one in asked if one < count)


def _ask_who(grounds: Grounds, award: Award, chosen: Sequence[int], *, wrong: bool) -> Response:
    """Nobody wrote down which of them it was: whoever holds the ticket says so, for as many as were counted."""
    people, named = event_facts.people(award.earned.people), event_facts.people(len(award.names))
    return render(
        grounds, "who.html", status=422 if wrong else 200, event=award.event, names=award.names, chosen=chosen,
        people=people, named=named, wrong=wrong, ticket=award.row.ticket,
    )  # fmt: skip


def _file(grounds: Grounds, award: Award, chosen: Sequence[int]) -> Response:
    pages = [_words(grounds, award, person) for person in chosen]
    folder = resources.files("bot.line").joinpath("fonts")
    with (
        resources.as_file(folder.joinpath(PLAIN)) as plain,
        resources.as_file(folder.joinpath(STRONG)) as strong,
        _one_at_a_time,
    ):
        try:
            made = certificate_drawing.draw(
                pages, typefaces=Typefaces(plain, strong), split=lambda text: splitter().split(text),
                title=f"{say('certificate.file')} {award.event.title}", language=LANGUAGES[language()],
                now=grounds.now(),
            )  # fmt: skip
        except NoSuchLetter:
            return render(grounds, "notice.html", status=404, title=say("why.title"), more=say("why.letters"))
    response = Response(made, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="certificate-{award.event.public_id}.pdf"'
    return response


def _words(grounds: Grounds, award: Award, person: int) -> Certificate:
    event, school, time = award.event, award.form.school, award.earned.time
    number = certificates.number_of(grounds.vault, Numbered(event.id, award.row.id, person))
    return Certificate(
        centre=centre(grounds), heading=say("certificate.kind"), given_to=say("certificate.given_to"),
        name=award.names[person], beside_name=f"{school.name} {school.level}".strip() if school is not None else "",
        has_joined=say("certificate.has_joined"), title=event.title,
        when=say("certificate.when", when=event_facts.days(event)),
        hours=say("certificate.hours", hours=_hours(time)) if time is not None else "",
        number=say("certificate.number", number=number), check=say("certificate.check"),
        check_address=f"{grounds.settings.base_url}/c/{number}",
    )  # fmt: skip


def _hours(time: timedelta) -> str:
    """`6`, `7.5`."""
    return f"{time.total_seconds() / 3600:.1f}".removesuffix(".0")


def _partial_name(grounds: Grounds, row: RegistrationRow | None, person: int) -> str:
    """Empty once the registration has been emptied or deleted."""
    try:
        names = certificates.names_of(forms.opened(grounds.vault, row)) if row is not None and not row.forgotten else ()
    except Unreadable:
        return ""
    return partly(names[person]) if person < len(names) else ""
