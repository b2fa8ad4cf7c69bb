"""What citizens add to a case of theirs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.cases import hearing, inbox
from bot.cases.kinds import CaseKind
from bot.cases.refusals import CaseRefused
from bot.conversation.memory import Memory
from bot.conversation.postback import read_number
from bot.conversation.turn import Turn
from bot.storage import cases
from bot.storage.cases import CaseRow
from handlers.desk import Desk

CONVERSATIONS = frozenset({CaseKind.WANTS_PERSON, CaseKind.COMPLAINT, CaseKind.MISSED})
"""Whoever wants a person again goes on with the one that is open."""
URGENT_FOR = timedelta(hours=12)
PASSED_ON = "case.passed_on"
"""What is remembered as `said` after something has reached staff, with the case: people write more than one message."""
GOES_ON_FOR = timedelta(minutes=10)


def going_on(memory: Memory, case: CaseRow) -> Memory:
    """After something has reached staff in this case: what the bot cannot answer is more of it, for a while."""
    return replace(memory.without_step(), misses=0, quiet=False, said=with_case(PASSED_ON, case))


def goes_on(memory: Memory) -> bool:
    return (memory.said or "").startswith(f"{PASSED_ON}/")


def with_case(said: str, case: CaseRow) -> str:
    """To be remembered: what was said, and of which case."""
    return f"{said}/{case.id}"


def find_of_said(turn: Turn, said: str) -> CaseRow | None:
    """The case of which this was said last, if it is not closed."""
    before, _, number = (turn.memory.said or "").partition("/")
    if before != said:
        return None
    case = inbox.find_own(turn.db, case_id=read_number(number) or 0, person_id=turn.speaker.person_id)
    return case if case is not None and case.state != cases.CLOSED else None


def find_open(turn: Turn, kinds: Collection[CaseKind] = CONVERSATIONS) -> CaseRow | None:
    """The person's latest of these kinds that is not closed."""
    return cases.find_open_of_person(turn.db, person_id=turn.speaker.person_id, kinds=sorted(kinds))


def find_awaiting(turn: Turn) -> CaseRow | None:
    """The open one to which what the person says now may belong: it is urgent, or something went into it just now,
    or staff have written and wait for an answer. More of a request about data never goes where volunteers read."""
    just_now = find_of_said(turn, PASSED_ON)
    if just_now is not None and turn.now - just_now.changed_at > GOES_ON_FOR:
        just_now = None
    urgent = find_open(turn, {CaseKind.URGENT})
    private = just_now is not None and just_now.kind == CaseKind.PRIVACY
    if urgent is not None and turn.now - urgent.changed_at <= URGENT_FOR and not private:
        return urgent
    if just_now is not None:
        return just_now
    return hearing.find_waiting(turn.db, turn.speaker.person_id, now=turn.now)


def hear(
    turn: Turn, desk: Desk, case: CaseRow, text: str, *, message_id: str | None = None, answered: bool = True
) -> bool:  # fmt: skip
    """Their own words, for staff; `message_id` says where they are from if not from this turn. `answered`: the bot says
    something to it, too, which uses the reply token up. False: it is closed, and too long ago to be opened again."""
    incoming = turn.incoming
    if incoming.kind == "postback" or message_id is not None:
        incoming = replace(incoming, kind="text", message_id=message_id)
    try:
        hearing.hear(
            turn.db, desk.vault, case, incoming, text=text, now=turn.now, rules=desk.case_rules, answered=answered
        )
    except CaseRefused:
        return False
    return True
