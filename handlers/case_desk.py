"""Cases inside LINE, for those of the staff whose LINE account is linked: `เรื่อง` shows what waits, and each is taken,
read, answered, given back or closed with a press. To everybody else these words and buttons mean nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.cases import handling
from bot.cases.refusals import CaseRefused
from bot.conversation.turn import Reply, Turn
from bot.outreach.staff import Account
from bot.storage.cases import CLOSED, CaseRow
from handlers import case_desk_cards as cards
from handlers import case_desk_writing as writing
from handlers import fallback
from handlers.case_desk_cards import ACTION
from handlers.case_desk_steps import argument, find_case, find_draft, find_worker, number
from handlers.case_desk_told import gone, note_down, refuse, require_free, told, without_own_step
from handlers.desk import Desk

WORDS = frozenset({"เรื่อง", "เคส", "กล่องเรื่อง", "เรื่องที่รอ", "cases", "inbox"})

Act = Callable[[Turn, Desk, Account, CaseRow], Reply]


def begin(turn: Turn, desk: Desk) -> Reply:
    """`เรื่อง`, typed by somebody who may."""
    account = find_worker(turn)
    if account is None:
        return _means_nothing(turn, desk)
    return _list(turn, desk, account)


def pressed(turn: Turn, desk: Desk) -> Reply:
    """Whatever is not done is not half done."""
    account = find_worker(turn)
    if account is None:
        return _means_nothing(turn, desk)
    match argument(turn, "d"):
        case "list":
            return _list(turn, desk, account, after=number(turn, "o"))
        case "canned":
            return writing.use_canned(turn, desk, account)
    case, act = find_case(turn, account, number(turn, "c")), ACTS.get(argument(turn, "d"))
    if case is None or act is None:
        return gone(turn, desk)
    case_id = case.id
    try:
        with turn.db.begin_nested():
            return act(turn, desk, account, case)
    except CaseRefused as refused:
        return refuse(turn, desk, account, case_id, refused)


def alerted(turn: Turn, desk: Desk) -> Reply:
    """No button leads here: an urgent case tells of itself. Nothing where it is closed, or this person is no more of
    the staff."""
    account = find_worker(turn)
    case = find_case(turn, account, number(turn, "c")) if account is not None else None
    if account is None or case is None or case.state == CLOSED:
        return Reply((), turn.memory)
    return Reply((cards.draw_alert(turn, desk, account, case),), turn.memory)


def _list(turn: Turn, desk: Desk, account: Account, *, after: int | None = None) -> Reply:
    return Reply((cards.draw_list(turn, desk, account, after=after),), turn.memory.set_aside(now=turn.now))


def _show(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
    return Reply((cards.draw_case(turn, desk, account, case),), turn.memory.set_aside(now=turn.now))


def _read(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
    """An answer that is being written in this case goes on."""
    draft, said = find_draft(turn.memory), cards.draw_said(turn, desk, account, case)
    if draft is not None and draft.case_id == case.id:
        return Reply((said, writing.ask_again(turn, desk)), turn.memory)
    return Reply((said, cards.draw_case(turn, desk, account, case)), turn.memory.set_aside(now=turn.now))


def _take(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
    had = case.taken_by
    case = handling.take(turn.db, case.id, by=account.id, now=turn.now)
    if had != account.id:
        note_down(turn, desk, account, case.id, "taken")
    return told(turn, desk, account, case, "desk.took")


def _give_back(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
    had = case.taken_by
    case = handling.give_back(turn.db, case.id, by=account.id, now=turn.now)
    if had is not None:
        note_down(turn, desk, account, case.id, "given_back")
    return told(turn, desk, account, case, "desk.gave_back")


def _ask_close(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
    require_free(turn, account, case)
    return Reply((cards.draw_closing(turn, desk, case),), turn.memory.set_aside(now=turn.now))


def _closing(*, tell: bool) -> Act:
    def close(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
        """Pressed again, on whichever of the two, it changes nothing, and says what happened then."""
        case, seen = handling.lock(turn.db, case.id, by=account.id), number(turn, "v") or 0
        before = case.version
        if case.state != CLOSED:
            require_free(turn, account, case)
        case = handling.close(turn.db, desk.vault, case.id, by=account.id, tell=tell, now=turn.now, version=seen)
        if case.version != before:
            note_down(turn, desk, account, case.id, "closed", told=tell)
        is_told = handling.was_told_of_its_end(turn.db, case)
        return told(turn, desk, account, case, "desk.closed_told" if is_told else "desk.closed_quietly")

    return close


def _means_nothing(turn: Turn, desk: Desk) -> Reply:
    return fallback.stale_button(replace(turn, memory=without_own_step(turn.memory)), desk)


ACTS: Mapping[str, Act] = {
    "show": _show,
    "read": _read,
    "take": _take,
    "give_back": _give_back,
    "answer": writing.ask_for_words,
    "send": writing.send,
    "close": _ask_close,
    "close_told": _closing(tell=True),
    "close_quietly": _closing(tell=False),
}
BUTTONS: Mapping[str, Callable[[Turn, Desk], Reply]] = {ACTION: pressed, "case_alert": alerted}
STEPS = writing.STEPS
