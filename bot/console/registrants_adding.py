"""Somebody who telephoned, came by or filled in a form of paper, registered by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.console import event_editing, event_words, records, registrants_words
from bot.console.access import Pages, visitor
from bot.console.premises import Premises
from bot.console.registrants_one import get_event
from bot.events import registrants as listing
from bot.events import registration
from bot.events.answers import LONGEST_TEXT, read_number
from bot.events.forms import LONGEST_NAME, Form, School
from bot.events.names import tidy
from bot.events.refusals import CalledOff, FormChanged, Refused
from bot.events.registration import Applicant, Consent, Outcome
from bot.outreach.permissions import Permission
from bot.storage import events
from bot.storage.events import EventQuestionRow, EventRow
from bot.storage.registrations import WAITING
from bot.thai_phones import Phone, PhoneFault, read_phone

SELF, CLASS = "self", "class"
WAYS = {"staff": "โทรมา หรือมาบอกเอง", "paper": "ใบลงทะเบียนกระดาษ"}
WORDING_VERSION = 1
"""Raise it when what is read to people changes in substance."""
MOST_COMPANIONS = 60


@dataclass
class Filled:
    """What was typed, and what is wrong with it, by field; `said` is of the form as a whole."""

    typed: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    said: str = ""


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/events/<int:event_id>/registrants/add", needs=Permission.MANAGE_EVENTS, methods=("GET", "POST"))
    def add(event_id: int) -> ResponseReturnValue:
        with premises.database.reading() as db:
            event = get_event(db, event_id)
            questions = events.list_questions(db, event_id)
        if event.state == events.CALLED_OFF:
            flash(registrants_words.refused(CalledOff(event.called_off_why)), "warning")
            return redirect(url_for("registrants.index", event_id=event_id))
        if request.method == "POST":
            return _add(premises, event, questions)
        return _form(premises, event, questions, Filled({"party": "1", "way": "staff", "kind": SELF}))


def _form(
    premises: Premises, event: EventRow, questions: Sequence[EventQuestionRow], filled: Filled, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "console/registrant_add.html", event=event, questions=questions, typed=filled.typed, faults=filled.faults,
        said=filled.said, ways=WAYS, notice=registrants_words.notice(event),
        notice_hash=registrants_words.notice_hash(event), longest=LONGEST_TEXT,
        districts=[(one.id, one.name.get("th", one.id)) for one in event_editing.pack_of(premises).districts],
        when=event_words.when(event.starts_at, event.ends_at),
    )  # fmt: skip
    return page, status


def _add(premises: Premises, event: EventRow, questions: Sequence[EventQuestionRow]) -> ResponseReturnValue:
    filled = Filled(dict(request.form.items()))
    form, party = read_form(filled, event, questions, districts=_districts(premises))
    _check_consent(filled, event)
    if filled.faults or form is None:
        return _form(premises, event, questions, filled, 422)
    try:
        done = _register(premises, event, form, party, filled.typed)
    except FormChanged:
        with premises.database.reading() as db:
            event, questions = get_event(db, event.id), events.list_questions(db, event.id)
        filled.said = registrants_words.refused(FormChanged(event.form_version))
        return _form(premises, event, questions, filled, 409)
    except Refused as refused:
        filled.said = registrants_words.refused(refused)
        return _form(premises, event, questions, filled, 422)
    flash(_added(form.name, done), "success" if done.new else "info")
    if "another" in filled.typed and done.new:
        return redirect(url_for("registrants.add", event_id=event.id))
    return redirect(url_for("registrants.show", event_id=event.id, registration_id=done.registration.id))


def _register(premises: Premises, event: EventRow, form: Form, party: int, typed: Mapping[str, str]) -> Outcome:
    """Their yes is kept in the words that were read to them; who took it stands in the notes and in the audit log."""
    way, now, by = typed["way"], premises.now(), visitor().account
    seen = typed.get("form_version", "")
    with premises.database.transaction() as db:
        done = registration.register(
            db, premises.vault, event_id=event.id,
            applicant=Applicant(None, CLASS if form.school is not None else SELF, way), form=form, party_size=party,
            form_version=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            consent=Consent(WORDING_VERSION, registrants_words.notice_hash(event), way), now=now,
        )  # fmt: skip
        if done.new:
            asked = "ตกลงให้จดชื่อในใบลงทะเบียน" if way == "paper" else "อ่านข้อความให้ฟังแล้ว เขาตกลง"
            for text in filter(None, (f"{asked} ({by.name} เป็นผู้รับข้อมูล)", typed.get("note", "").strip())):
                listing.add_note(
                    db, premises.vault, registration_id=done.registration.id, text=text, by=by.name, now=now
                )
            after = {"state": done.registration.state, "party": party, "way": way}
            records.record(db, premises, "registration.added", ("registration", done.registration.id), after=after)
    return done


def read_form(
    filled: Filled, event: EventRow, questions: Sequence[EventQuestionRow], *, districts: Sequence[str]
) -> tuple[Form | None, int]:
    """The form and the party's size; what is wrong is noted in `filled`. Staff may leave out what people must answer:
    paper is not always filled in."""
    typed, faults = filled.typed, filled.faults
    name = tidy(typed.get("name", ""))
    if not name or len(name) > LONGEST_NAME:
        faults["name"] = registrants_words.NAME_TOO_LONG if name else registrants_words.NAME_MISSING
    phone = _phone(filled) if event.phone_rule != "no" or typed.get("phone") else None
    party = read_number(typed.get("party", "1") or "1")
    if party is None:
        faults["party"] = registrants_words.NOT_A_NUMBER
    district = typed.get("district", "")
    companions = [tidy(line)[:LONGEST_NAME] for line in typed.get("companions", "").splitlines() if tidy(line)]
    minor = typed.get("minor") == "yes" if event.minors != "any" and typed.get("minor") else None
    form = Form(
        name=name, phone=phone, district=district if district in districts else None,
        companions=tuple(companions[:MOST_COMPANIONS]), answers=_answers(filled, questions),
        school=_school(filled) if event.for_classes and typed.get("kind") == CLASS else None,
        minor=minor, guardian=typed.get("guardian") == "yes" if minor else None,
    )  # fmt: skip
    return (None if faults else form), party or 1


def _phone(filled: Filled) -> str | None:
    """A number whose 0 was put in front by us is shown once more before it is believed."""
    text = filled.typed.get("phone", "").strip()
    if not text:
        return None
    read = read_phone(text)
    if isinstance(read, PhoneFault):
        filled.faults["phone"] = registrants_words.phone_fault(read)
        return None
    assert isinstance(read, Phone)  # noqa: S101 - one or the other
    if read.guessed:
        filled.typed = {**filled.typed, "phone": read.national}
        filled.faults["phone"] = registrants_words.PHONE_GUESSED
    return read.e164


def _school(filled: Filled) -> School | None:
    name, level = tidy(filled.typed.get("school", "")), tidy(filled.typed.get("level", ""))
    if not name or not level:
        filled.faults["school"] = registrants_words.SCHOOL_MISSING
        return None
    return School(name[:LONGEST_NAME], level[:LONGEST_NAME])


def _answers(filled: Filled, questions: Sequence[EventQuestionRow]) -> dict[int, str]:
    found = {}
    for question in questions:
        name = f"q{question.id}"
        text = filled.typed.get(name, "").strip()
        if question.kind == "number" and text:
            number = read_number(text)
            if number is None:
                filled.faults[name] = registrants_words.NUMBER_WANTED
            text = str(number)
        elif len(text) > LONGEST_TEXT:
            filled.faults[name] = registrants_words.ANSWER_TOO_LONG
        if text and text in _choices(question, text):
            found[question.id] = text
    return found


def _choices(question: EventQuestionRow, text: str) -> Sequence[str]:
    """What no form of ours offers is no answer."""
    if question.kind == "choice":
        return question.choices
    return tuple(registrants_words.YES_NO) if question.kind == "yes_no" else (text,)


def _check_consent(filled: Filled, event: EventRow) -> None:
    if filled.typed.get("way") not in WAYS:
        filled.typed = {**filled.typed, "way": "staff"}
    if filled.typed.get("told") != "yes":
        filled.faults["told"] = registrants_words.NO_CONSENT
    elif filled.typed.get("wording") != registrants_words.notice_hash(event):
        filled.typed = {**filled.typed, "told": ""}
        filled.faults["told"] = registrants_words.NOTICE_CHANGED


def _districts(premises: Premises) -> list[str]:
    return [one.id for one in event_editing.pack_of(premises).districts]


def _added(name: str, done: Outcome) -> str:
    if not done.new:
        return f"{name} มีชื่ออยู่ก่อนแล้วค่ะ จึงไม่ได้เพิ่มซ้ำ"
    row = done.registration
    if row.state == WAITING:
        return f"เพิ่ม {name} แล้วค่ะ ที่นั่งเต็ม จึงอยู่คิวที่ {done.place}"
    return f"เพิ่ม {name} แล้วค่ะ ได้ที่นั่งแล้ว รหัส {row.code}"
