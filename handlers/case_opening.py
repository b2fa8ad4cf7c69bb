"""Opening a case for somebody, or going on with the one they have; and what they are told of it."""

from __future__ import annotations

from bot.cases import opening
from bot.cases.kinds import CaseKind
from bot.conversation.turn import Turn
from bot.messages import Press
from bot.storage import case_messages, cases, questions
from bot.storage.cases import CaseRow
from handlers import case_promise, case_thread, contact
from handlers.desk import Desk


def open_for_question(
    turn: Turn, desk: Desk, kind: CaseKind, question_id: int | None, *, topic: str | None = None
) -> tuple[CaseRow, bool]:
    """A case about this question, and True; or the one that is open already, and False: whoever has one is not given
    another."""
    known = case_thread.find_open(turn, _going_on(kind)) if kind in case_thread.CONVERSATIONS else None
    if known is not None:
        return known, False
    number, new = opening.open_once(
        turn.db, kind, now=turn.now, person_id=turn.speaker.person_id, question_id=question_id, topic=topic,
        rules=desk.case_rules,
    )  # fmt: skip
    return get(turn, number), new


def add_question(turn: Turn, desk: Desk, case: CaseRow, question_id: int | None) -> bool:
    """Puts a later question into the case that is open. False: it is there already, or its words are gone."""
    if question_id is None or question_id == case.question_id:
        return False
    question = questions.find(turn.db, question_id)
    if question is None or not question.text or not question.message_id:
        return False
    if case_messages.find_by_message_id(turn.db, case_id=case.id, message_id=question.message_id) is not None:
        return False
    return case_thread.hear(turn, desk, case, question.text, message_id=question.message_id)


def add_cry(turn: Turn, desk: Desk, case: CaseRow, question_id: int | None, words: str) -> None:
    """A button that calls for help again: what was asked before it, or else what it says, so that staff are told."""
    if not add_question(turn, desk, case, question_id):
        case_thread.hear(turn, desk, case, words)


def told(turn: Turn, desk: Desk, case: CaseRow, sentence: str) -> str:
    """The sentence, until when there will be an answer, how to ask about it, and the ways to the centre."""
    lines = [sentence, *case_promise.of_case(turn, desk, case)]
    lines += [desk.say(turn, "case.ask_later", number=str(case.id)), *contact.ways(turn, desk)]
    return "\n".join(lines)


def more_button(turn: Turn, desk: Desk, case: CaseRow) -> Press:
    return desk.button(turn, "button.case_more", "case_more", c=str(case.id))


def get(turn: Turn, number: int) -> CaseRow:
    """One that is there for certain."""
    case = cases.find(turn.db, number)
    if case is None:
        raise LookupError(number)
    return case


def _going_on(kind: CaseKind) -> frozenset[CaseKind]:
    """A complaint is never mixed into a conversation about something else."""
    return frozenset({kind}) if kind is CaseKind.COMPLAINT else case_thread.CONVERSATIONS
