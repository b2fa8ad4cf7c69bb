"""The first words: hello, and the privacy notice. Earlier friends get the notice with their first answer, and everybody
once more when it has changed."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from bot.outreach import audience
from handlers import address
from handlers.desk import Desk

WHOLE_NOTICE = "/privacy"
"""Where all of it is written, on our own pages."""


def welcome(turn: Turn, desk: Desk) -> Reply:
    """Somebody added us, or came back after a block."""
    audience.note_follow(turn.db, person_id=turn.speaker.person_id, at=turn.incoming.occurred_at)
    if _knows_the_notice(turn):
        name = address.name_of(turn, desk)
        back = desk.say(turn, "welcome.back_named", name=name) if name else desk.say(turn, "welcome.back")
        return Reply((Text(back, desk.menu_buttons(turn)),), Memory())
    hello = Text(desk.say(turn, "welcome.hello"))
    return Reply((hello, _notice(turn, desk, with_menu=True)), Memory())


def with_notice(turn: Turn, desk: Desk, reply: Reply) -> Reply:
    """Puts the notice in front of the first answer to someone who has never been told, or was told an earlier one.
    Friends from before the bot have never been greeted either: LINE tells us of new ones only."""
    if _knows_the_notice(turn) or not reply.messages:
        return reply
    notice = _notice(turn, desk, with_menu=False)
    before = desk.say(turn, "welcome.renewed" if turn.speaker.notice_version else "welcome.first")
    notice = replace(notice, text=f"{before}\n\n{notice.text}")
    return replace(reply, messages=(notice, *reply.messages))


def _knows_the_notice(turn: Turn) -> bool:
    return turn.speaker.notice_version >= audience.NOTICE_VERSION


def _notice(turn: Turn, desk: Desk, *, with_menu: bool) -> Text:
    """What is kept and why; that nothing else need be agreed to; where all of it is written, and what may be typed."""
    audience.note_notice_shown(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    text = desk.say(turn, "welcome.notice", url=f"{desk.base_url}{WHOLE_NOTICE}")
    return Text(text, desk.menu_buttons(turn) if with_menu else ())
