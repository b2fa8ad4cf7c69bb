"""What staff are told of a case after they have done something with it, or could not; and the audit line of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.cases import rights
from bot.cases.refusals import (
    CaseClosed,
    CaseRefused,
    ChangedMeanwhile,
    MayNotAnswer,
    NobodyToTell,
    NoSuchCase,
    TakenBySomebodyElse,
)
from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.messages import Action, Message, Text
from bot.outreach import audit
from bot.outreach.audit import Actor
from bot.outreach.staff import Account
from bot.storage.cases import CLOSED, CaseRow
from handlers import case_desk_cards as cards
from handlers.case_desk_steps import WORDS_STEP, find_case, find_draft, keep
from handlers.desk import Desk

CASE = "case"
REASONS: Mapping[type[CaseRefused], str] = {
    NobodyToTell: "desk.refused_nobody_to_tell",
    MayNotAnswer: "desk.refused_may_not",
    ChangedMeanwhile: "desk.refused_changed",
}


def told(turn: Turn, desk: Desk, account: Account, case: CaseRow, key: str) -> Reply:
    """The case as it is now, under what has just happened."""
    card = cards.draw_case(turn, desk, account, case, said=desk.say(turn, key))
    return Reply((card,), without_own_step(turn.memory))


def gone(turn: Turn, desk: Desk) -> Reply:
    return Reply((Text(desk.say(turn, "desk.gone"), ways_on(turn, desk)),), without_own_step(turn.memory))


def refuse(turn: Turn, desk: Desk, account: Account, case_id: int, refused: CaseRefused) -> Reply:
    """The reason, and the case as it is now. Words that were about to be sent are kept where they may still be."""
    case = find_case(turn, account, case_id)
    if isinstance(refused, NoSuchCase) or case is None:
        return gone(turn, desk)
    said, draft = _reason(turn, desk, account, refused), find_draft(turn.memory)
    if not isinstance(refused, ChangedMeanwhile) or draft is None or draft.case_id != case.id:
        return Reply((cards.draw_case(turn, desk, account, case, said=said),), without_own_step(turn.memory))
    turn = keep(turn, replace(draft, version=case.version))
    question = cards.draw_question(turn, desk, draft, case, said=said)
    messages: tuple[Message, ...] = (cards.draw_said(turn, desk, account, case), Text(draft.text), question)
    return Reply(messages, turn.memory)


def _reason(turn: Turn, desk: Desk, account: Account, refused: CaseRefused) -> str:
    match refused:
        case TakenBySomebodyElse(by=None):
            return desk.say(turn, "desk.refused_nobody")
        case TakenBySomebodyElse(by=by):
            return desk.say(turn, "desk.refused_taken", name=cards.name_of(turn, desk, account, by))
        case CaseClosed(by=by):
            return desk.say(turn, "desk.refused_closed", name=cards.name_of(turn, desk, account, by))
    return desk.say(turn, REASONS.get(type(refused), "desk.refused_other"))


def require_free(turn: Turn, account: Account, case: CaseRow) -> None:
    """Before anybody writes or chooses in vain. Raises CaseClosed, TakenBySomebodyElse."""
    if case.state == CLOSED:
        raise CaseClosed(case.closed_by)
    holder = rights.holder(turn.db, case)
    if holder not in {account.id, None}:
        raise TakenBySomebodyElse(holder)


def note_down(turn: Turn, desk: Desk, account: Account, case_id: int, what: str, **after: object) -> None:
    audit.record(
        turn.db, desk.vault, actor=Actor(account.id, account.name), action=f"{CASE}.{what}", subject=(CASE, case_id),
        after={**after, "way": "line"}, now=turn.now,
    )  # fmt: skip


def ways_on(turn: Turn, desk: Desk) -> tuple[Action, ...]:
    return (cards.button(turn, desk, "button.desk_list", "list"), *desk.short_buttons(turn))


def without_own_step(memory: Memory) -> Memory:
    return memory.without_step() if memory.step == WORDS_STEP else memory
