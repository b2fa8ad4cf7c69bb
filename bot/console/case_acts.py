"""What staff do with a case: take it, answer, note, hand it on, close it. Whoever was a moment later is told so, and
keeps what they typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.cases import answering, canned, handling, rules
from bot.cases.refusals import CaseRefused, MayNotAnswer, TextRefused
from bot.console import case_words, records
from bot.console.access import Pages, row_id, visitor
from bot.console.case_one import get_case, show
from bot.console.case_standing import called_of, filled
from bot.console.event_forms import CONTROL
from bot.console.premises import Premises
from bot.outreach.permissions import Permission

ANSWER = Permission.ANSWER_CASES
LONGEST_KEY = 40
TYPED = ("text", "note")


class Invalid(Exception):
    """A field of the form, and what is wrong with it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


def add_pages(pages: Pages, premises: Premises) -> None:
    @pages.page("/cases/<int:case_id>/do", needs=ANSWER, methods=("POST",))
    def act(case_id: int) -> ResponseReturnValue:
        do = request.form.get("do", "")
        if do not in ACTS:
            abort(400)
        return _run(premises, case_id, ACTS[do])

    @pages.page("/cases/<int:case_id>/answer", needs=ANSWER, methods=("POST",))
    def answer(case_id: int) -> ResponseReturnValue:
        do = request.form.get("do", "send")
        if do in ("fill", "look"):
            return _fill(premises, case_id)
        if do not in ANSWERS:
            abort(400)
        return _run(premises, case_id, ANSWERS[do])


Act = Callable[[Session, Premises, int, int], str]
"""Does it for the account, and returns what is said about it."""


def _run(premises: Premises, case_id: int, act: Act) -> ResponseReturnValue:
    by = visitor().account.id
    try:
        with premises.database.transaction() as db:
            get_case(db, case_id)
            said = act(db, premises, case_id, by)
    except Invalid as invalid:
        return show(premises, case_id, faults={invalid.field: invalid.why}, typed=typed(), status=422)
    except TextRefused as refused:
        field = "note" if "note" in request.form else "text"
        why = case_words.TOO_LONG if refused.units else case_words.NO_TEXT
        return show(premises, case_id, faults={field: why}, typed=typed(), status=422)
    except CaseRefused as refused:
        return show(premises, case_id, refused=refused, typed=typed(), status=409)
    flash(said, "success")
    return redirect(url_for("cases.show", case_id=case_id))


def typed() -> dict[str, str]:
    return {name: request.form[name] for name in TYPED if request.form.get(name)}


def _take(db: Session, premises: Premises, case_id: int, by: int) -> str:
    with _noting_down(db, premises, "taken", case_id, by):
        handling.take(db, case_id, by=by, now=premises.now(), version=_seen())
    return case_words.TOOK


def _give_back(db: Session, premises: Premises, case_id: int, by: int) -> str:
    with _noting_down(db, premises, "given_back", case_id, by):
        handling.give_back(db, case_id, by=by, now=premises.now(), version=_seen())
    return case_words.GAVE_BACK


def _hand_over(db: Session, premises: Premises, case_id: int, by: int) -> str:
    to = request.form.get("to", type=row_id)
    if not to:
        raise Invalid("to", case_words.NO_COLLEAGUE)
    try:
        with _noting_down(db, premises, "handed_over", case_id, by, after={"to": to}):
            handling.hand_over(db, case_id, by=by, to=to, now=premises.now(), version=_seen())
    except MayNotAnswer as refused:
        if refused.staff_id == by:
            raise
        raise Invalid("to", case_words.COLLEAGUE_MAY_NOT) from refused
    return case_words.HANDED_OVER


def _note(db: Session, premises: Premises, case_id: int, by: int) -> str:
    return _leave_note(db, premises, case_id, by, text=_text("note"))


def _leave_note(db: Session, premises: Premises, case_id: int, by: int, *, text: str) -> str:
    """For whoever works on it: what happened meanwhile does not matter."""
    with _noting_down(db, premises, "noted", case_id, by):
        handling.note(db, premises.vault, case_id, by=by, text=text, now=premises.now(), key=_key())
    return case_words.NOTED


def _close(db: Session, premises: Premises, case_id: int, by: int) -> str:
    """What is said is what happened when it was closed, also where an old form asks for the other."""
    tell = request.form.get("tell") == "yes"
    with _noting_down(db, premises, "closed", case_id, by, after={"told": tell}):
        case = handling.close(db, premises.vault, case_id, by=by, tell=tell, now=premises.now(), version=_seen())
    return case_words.CLOSED_TOLD if handling.was_told_of_its_end(db, case) else case_words.CLOSED_QUIETLY


def _reopen(db: Session, premises: Premises, case_id: int, by: int) -> str:
    chosen = rules.of(premises.settings)
    with _noting_down(db, premises, "reopened", case_id, by):
        handling.reopen(db, case_id, by=by, now=premises.now(), version=_seen(), rules=chosen)
    return case_words.REOPENED


ACTS: Mapping[str, Act] = {
    "take": _take,
    "give_back": _give_back,
    "hand_over": _hand_over,
    "note": _note,
    "close": _close,
    "reopen": _reopen,
}


def _answer(db: Session, premises: Premises, case_id: int, by: int) -> str:
    return _say(db, premises, case_id, by, seen=_seen())


def _move_and_answer(db: Session, premises: Premises, case_id: int, by: int) -> str:
    """What a colleague has becomes one's own, and is answered; nothing of it where either cannot be done."""
    moved = handling.hand_over(db, case_id, by=by, to=by, now=premises.now(), version=_seen())
    return _say(db, premises, case_id, by, seen=moved.version)


def _answer_as_note(db: Session, premises: Premises, case_id: int, by: int) -> str:
    return _leave_note(db, premises, case_id, by, text=_text("text"))


ANSWERS: Mapping[str, Act] = {"send": _answer, "move": _move_and_answer, "note": _answer_as_note}


def _say(db: Session, premises: Premises, case_id: int, by: int, *, seen: int) -> str:
    after: dict[str, object] = {}
    with _noting_down(db, premises, "answered", case_id, by, after=after):
        said = answering.answer(
            db, premises.vault, case_id, by=by, text=_text("text"), rules=rules.of(premises.settings),
            now=premises.now(), key=_key(), version=seen,
        )  # fmt: skip
        after["message"] = said.id
    return case_words.QUEUED_ANSWER


def _fill(premises: Premises, case_id: int) -> ResponseReturnValue:
    """The page as it is now, with what is typed already and the canned answer below, if one was picked."""
    chosen, before = request.form.get("canned", type=row_id), request.form.get("text", "").rstrip()
    with premises.database.reading() as db:
        case = get_case(db, case_id)
        called = called_of(db, premises, case)
        picked = [row.text for row in canned.list_all(db) if row.id == chosen]
    added = [filled(text, case, premises, called=called) for text in picked]
    return show(premises, case_id, typed={"text": "\n".join(filter(None, [before, *added]))})


def _key() -> str | None:
    """Of the form: sent twice, it says one thing once."""
    return request.form.get("key", "")[:LONGEST_KEY] or None


def _seen() -> int:
    """What the page showed. Without it nothing is done."""
    version = request.form.get("version", type=row_id)
    if version is None:
        abort(400)
    return version


def _text(field: str) -> str:
    text = CONTROL.sub("", request.form.get(field, "").replace("\r\n", "\n")).strip()
    if not text:
        raise Invalid(field, case_words.NO_TEXT)
    return text


@contextmanager
def _noting_down(
    db: Session, premises: Premises, what: str, case_id: int, by: int, *, after: Mapping[str, object] | None = None
) -> Iterator[None]:  # fmt: skip
    """Nothing where nothing was changed, because the same form was sent twice."""
    before = handling.lock(db, case_id, by=by).version
    yield
    if handling.lock(db, case_id, by=by).version != before:
        records.record(db, premises, f"case.{what}", ("case", case_id), after=after)
