"""Answering a case from LINE: the words are waited for, shown once with what they cost, and sent on a yes."""

from __future__ import annotations

import secrets
from dataclasses import replace

from bot.cases import answering, canned, saying
from bot.cases.refusals import CaseRefused, NobodyToTell, NoSuchCannedAnswer, NoSuchCase, TextRefused, UnknownGaps
from bot.conversation.turn import Reply, Turn
from bot.events import answers
from bot.messages import Card, Text
from bot.outreach import audience
from bot.outreach.staff import Account
from bot.storage import cases
from bot.storage.cases import CaseRow
from handlers import case_desk_cards as cards
from handlers import faq
from handlers.case_desk_steps import (
    WORDS_STEP,
    Draft,
    argument,
    find_case,
    find_draft,
    find_worker,
    keep,
    key_of,
    number,
)
from handlers.case_desk_told import gone, note_down, refuse, require_free, told, ways_on, without_own_step
from handlers.desk import Desk
from handlers.dialogue import Step

SEND_WORDS = frozenset({"ส่ง", "ส่งเลย", "ใช่", "ตกลง", "ยืนยัน", "send", "yes"})


def is_writing(turn: Turn) -> bool:
    """True for words that are meant for a citizen: whatever is in them is none to us, not even a danger."""
    return turn.memory.step == WORDS_STEP and turn.incoming.kind == "text" and not turn.braking


def ask_for_words(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
    """Waits for one message, in place of any other dialogue. Raises CaseRefused."""
    require_free(turn, account, case)
    if not answering.can_be_told(turn.db, case):
        raise NobodyToTell
    draft = Draft(secrets.token_hex(6), case.id, case.version)
    turn = keep(replace(turn, memory=replace(turn.memory.set_aside(now=turn.now), said=None)), draft)
    return Reply((cards.draw_prompt(turn, desk, draft),), turn.memory)


def words_told(turn: Turn, desk: Desk) -> Reply:
    """The text that the citizen will read. In whatever language it is, the dialogue stays in its own."""
    account, draft = find_worker(turn), find_draft(turn.memory)
    if account is None or draft is None:
        return faq.question_asked(replace(turn, memory=without_own_step(turn.memory)), desk)
    text = turn.incoming.text
    turn = replace(turn, incoming=replace(turn.incoming, text=""))
    if draft.text and answers.bare(text) in SEND_WORDS:
        return _try(turn, desk, account, draft)
    return _preview(turn, desk, account, draft, text)


def use_canned(turn: Turn, desk: Desk, account: Account) -> Reply:
    """One of the answers that staff use again and again, its gaps filled in."""
    draft = find_draft(turn.memory)
    if draft is None or draft.mark != argument(turn, "m"):
        return Reply((Text(desk.say(turn, "desk.over"), ways_on(turn, desk)),), turn.memory)
    case = find_case(turn, account, draft.case_id)
    called = audience.called_of(turn.db, desk.vault, case.person_id) if case is not None and case.person_id else ""
    try:
        text = canned.fill(
            canned.get(turn.db, number(turn, "n") or 0).text, name=called or desk.say(turn, "desk.you"),
            number=draft.case_id, staff=account.name, centre=desk.centre(turn),
            hours=desk.facts.get("contact_hours", ""),
        )  # fmt: skip
    except (NoSuchCannedAnswer, UnknownGaps):
        return Reply((cards.draw_prompt(turn, desk, draft, key="desk.canned_gone"),), turn.memory)
    return _preview(turn, desk, account, draft, text)


def send(turn: Turn, desk: Desk, account: Account, case: CaseRow) -> Reply:
    """Pressed twice it is sent once; what was written anew since is not sent by an old button. Raises CaseRefused."""
    draft, mark = find_draft(turn.memory), argument(turn, "m")
    if saying.find_written(turn.db, case.id, key_of(account, mark)) is not None:
        return told(turn, desk, account, case, "desk.sent_before")
    if draft is None or draft.mark != mark or draft.case_id != case.id:
        return Reply((Text(desk.say(turn, "desk.over"), ways_on(turn, desk)),), turn.memory)
    if draft.seal != argument(turn, "w"):
        said = desk.say(turn, "desk.other_words")
        return Reply(cards.draw_preview(turn, desk, draft, case, said=said), turn.memory)
    return _say(turn, desk, account, draft)


def ask_again(turn: Turn, desk: Desk) -> Text | Card:
    """What is waited for, once more, whatever came in between."""
    account, draft = find_worker(turn), find_draft(turn.memory)
    case = find_case(turn, account, draft.case_id) if account is not None and draft is not None else None
    if draft is None or case is None:
        return Text(desk.say(turn, "stale.button"), desk.menu_buttons(turn))
    if draft.text:
        return cards.draw_question(turn, desk, draft, case, said=cards.quoted(draft.text))
    return cards.draw_prompt(turn, desk, draft)


def _preview(turn: Turn, desk: Desk, account: Account, draft: Draft, text: str) -> Reply:
    try:
        text = saying.checked(text)
    except TextRefused:
        return Reply((cards.draw_prompt(turn, desk, draft, key="desk.text_refused"),), turn.memory)
    case = find_case(turn, account, draft.case_id)
    if case is None:
        return gone(turn, desk)
    draft = replace(draft, text=text)
    turn = keep(turn, draft)
    return Reply(cards.draw_preview(turn, desk, draft, case), turn.memory)


def _say(turn: Turn, desk: Desk, account: Account, draft: Draft) -> Reply:
    """Raises CaseRefused."""
    said = answering.answer(
        turn.db, desk.vault, draft.case_id, by=account.id, text=draft.text, rules=desk.case_rules, now=turn.now,
        version=draft.version, key=key_of(account, draft.mark),
    )  # fmt: skip
    note_down(turn, desk, account, draft.case_id, "answered", message=said.id)
    case = cases.find(turn.db, draft.case_id)
    if case is None:
        raise NoSuchCase
    return told(turn, desk, account, case, "desk.sent")


def _try(turn: Turn, desk: Desk, account: Account, draft: Draft) -> Reply:
    try:
        with turn.db.begin_nested():
            return _say(turn, desk, account, draft)
    except CaseRefused as refused:
        return refuse(turn, desk, account, draft.case_id, refused)


WRITING = Step(WORDS_STEP, take=words_told, ask_again=ask_again, hold=lambda turn: {})  # noqa: ARG005 - holds nothing
STEPS = (WRITING,)
