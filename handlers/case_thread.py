"""What citizens add to a case of theirs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.cases import hearing
from bot.cases.kinds import OF_CITIZENS, CaseKind
from bot.cases.refusals import CaseRefused
from bot.conversation.memory import Memory
from bot.conversation.turn import Turn
from bot.storage import cases
from bot.storage.cases import CaseRow
from handlers.desk import Desk

CONVERSATIONS = frozenset({CaseKind.WANTS_PERSON, CaseKind.COMPLAINT, CaseKind.MISSED})
"""Whoever wants a person again goes on with the one that is open."""
URGENT_FOR = timedelta(hours=12)
PASSED_ON = "case.passed_on"
"""What is remembered as `said` after something has reached staff: people write more than one message."""
GOES_ON_FOR = timedelta(minutes=10)


def going_on(memory: Memory) -> Memory:
    """After something has reached staff: what the bot cannot answer is more of it, for a while."""
    return replace(memory.without_step(), misses=0, quiet=False, said=PASSED_ON)


def find_open(turn: Turn, kinds: Collection[CaseKind] = CONVERSATIONS) -> CaseRow | None:
    """The person's latest of these kinds that is not closed."""
    return cases.find_open_of_person(turn.db, person_id=turn.speaker.person_id, kinds=sorted(kinds))


def find_awaiting(turn: Turn) -> CaseRow | None:
    """The open one to which what the person says now may belong: it is urgent, or something went into it just now,
    or staff have written and wait for an answer."""
    urgent = find_open(turn, {CaseKind.URGENT})
    if urgent is not None and turn.now - urgent.changed_at <= URGENT_FOR:
        return urgent
    if turn.memory.said == PASSED_ON:
        going_on = find_open(turn, OF_CITIZENS)
        if going_on is not None and turn.now - going_on.changed_at <= GOES_ON_FOR:
            return going_on
    waiting = hearing.find_waiting(turn.db, turn.speaker.person_id, now=turn.now)
    return waiting if waiting is not None and waiting.state != cases.CLOSED else None


def hear(turn: Turn, desk: Desk, case: CaseRow, text: str, *, message_id: str | None = None) -> bool:
    """Their own words, for staff; `message_id` says where they are from if not from this turn. The bot says something
    to it, too, which uses the reply token up. False: it is closed, and too long ago to be opened again."""
    incoming = turn.incoming
    if incoming.kind == "postback" or message_id is not None:
        incoming = replace(incoming, kind="text", message_id=message_id)
    try:
        hearing.hear(turn.db, desk.vault, case, incoming, text=text, now=turn.now, rules=desk.case_rules, answered=True)
    except CaseRefused:
        return False
    return True
