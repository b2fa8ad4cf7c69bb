"""When the bot does not know, or may not say: each miss in a row is answered with other words, and the last rung of
that ladder leads to a person."""

from __future__ import annotations

from dataclasses import replace

from bot.cases import storms
from bot.cases.kinds import CaseKind
from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.messages import Card, Text
from handlers import case_opening, case_thread, contact
from handlers.desk import Desk
from knowledge.entries import SMALL_TALK

MOST_CHOICES = 3
NEVER_NEAREST = SMALL_TALK | {"general.crisis"}
LAST_RUNG = 2
GIVEN = "fallback.third"


def not_understood(turn: Turn, desk: Desk) -> Reply:
    """A question without an answer. The nearest topics first, then the menu, then a person, then silence."""
    refusal = turn.understanding.decision.refusal if turn.understanding else None
    if turn.memory.quiet:
        if refusal is None:
            hear_quietly(turn, desk)
        return Reply((), turn.memory)
    if refusal is not None:
        return _refuse(turn, desk, refusal)
    in_storm = storms.is_storm(turn.db, now=turn.now, limit=desk.storm_misses)
    rungs = (_offer_nearest, _offer_menu, _give_case if not in_storm else _give_contact)
    reply = rungs[min(turn.memory.misses, LAST_RUNG)](turn, desk)
    return replace(reply, worth_a_push=not in_storm)


def hear_quietly(turn: Turn, desk: Desk) -> None:
    """What follows the miss that became a case is more of it. The reply token is left to staff."""
    case = case_thread.find_of_said(turn, GIVEN)
    if case is not None and turn.incoming.kind != "postback":
        case_thread.hear(turn, desk, case, turn.incoming.text, answered=False)


def one_rung_on(turn: Turn, desk: Desk) -> Reply:
    """None of the topics that were offered was meant: the next rung, never the topics again. After the last rung the
    ladder begins anew with the menu."""
    if turn.memory.quiet:
        memory = replace(turn.memory.without_step(), misses=0, quiet=False, said=None)
        return Reply((desk.menu_card(turn, "menu.text"),), memory)
    memory = replace(turn.memory, misses=max(turn.memory.misses, 1))
    return not_understood(replace(turn, memory=memory), desk)


def _missed(turn: Turn, key: str) -> Memory:
    return replace(turn.memory.without_step(), misses=turn.memory.misses + 1, said=key)


def _offer_nearest(turn: Turn, desk: Desk) -> Reply:
    candidates = turn.understanding.decision.candidates if turn.understanding else ()
    nearest = [
        candidate.entry
        for candidate in candidates
        if candidate.entry in turn.catalogue.entries and candidate.entry not in NEVER_NEAREST
    ]
    if not nearest:
        return _offer_menu(turn, desk)
    key = desk.vary(turn, "fallback.first")
    number = str(turn.memory.question_id or "")
    text = desk.say(turn, key)
    card = Card(
        title=desk.say(turn, "fallback.title"),
        text=text,
        actions=(
            *(desk.topic_button(turn, entry, q=number) for entry in nearest[:MOST_CHOICES]),
            desk.button(turn, "button.none", "none", q=number),
        ),
        choices=desk.short_buttons(turn),
    )
    return Reply((card,), _missed(turn, key))


def _offer_menu(turn: Turn, desk: Desk) -> Reply:
    key = desk.vary(turn, "fallback.second")
    return Reply((desk.menu_card(turn, key),), _missed(turn, key))


def _give_case(turn: Turn, desk: Desk) -> Reply:
    """One of its own, or the question goes into the one that the person has."""
    question_id = turn.memory.question_id
    case, new = case_opening.open_for_question(turn, desk, CaseKind.MISSED, question_id)
    if not new:
        case_opening.add_question(turn, desk, case, question_id)
    sentence = desk.say(turn, "fallback.third", number=str(case.id))
    reply = _end_with(turn, desk, case_opening.told(turn, desk, case, sentence), "fallback.quiet_heard")
    return replace(reply, memory=replace(reply.memory, said=case_thread.with_case(GIVEN, case)))


def _give_contact(turn: Turn, desk: Desk) -> Reply:
    """In a storm nobody gets a case of their own without asking for one: staff have one about the storm."""
    text = "\n".join([desk.say(turn, "fallback.storm"), *contact.ways(turn, desk)])
    return _end_with(turn, desk, text, "fallback.quiet")


def _end_with(turn: Turn, desk: Desk, text: str, how_quiet: str) -> Reply:
    memory = replace(_missed(turn, GIVEN), quiet=True)
    words = f"{text}\n\n{desk.say(turn, how_quiet)}"
    return Reply((Text(words, desk.short_buttons(turn)),), memory)


def _refuse(turn: Turn, desk: Desk, refusal: str) -> Reply:
    """Kindly, in other words the second time, and then no more: there is nothing that a person could add."""
    if turn.memory.misses >= LAST_RUNG:
        memory = replace(_missed(turn, "fallback.rest"), quiet=True)
        return Reply((Text(desk.say(turn, "fallback.rest"), desk.short_buttons(turn)),), memory)
    key = desk.vary(turn, f"fallback.{refusal}")
    return Reply((Text(desk.say(turn, key), desk.menu_buttons(turn)),), _missed(turn, key))


def stale_button(turn: Turn, desk: Desk) -> Reply:
    """A button whose data is not ours, that is too old, or that names what is no longer there."""
    key = desk.vary(turn, "stale.button")
    return Reply((Text(desk.say(turn, key), desk.menu_buttons(turn)),), replace(turn.memory, said=key))


def keep_quiet(turn: Turn, desk: Desk) -> Reply:  # noqa: ARG001 - a handler like the others
    return Reply((), turn.memory)
