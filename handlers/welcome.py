"""The first words: hello, and the privacy notice. Earlier friends get the notice with their first answer."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.memory import Memory
from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from bot.outreach import audience
from handlers.desk import Desk


def welcome(turn: Turn, desk: Desk) -> Reply:
    """Somebody added us, or came back after a block."""
    audience.note_follow(turn.db, person_id=turn.speaker.person_id, at=turn.incoming.occurred_at)
    if _knows_the_notice(turn):
        return Reply((Text(desk.say(turn, "welcome.back"), desk.menu_buttons(turn)),), Memory())
    hello = Text(desk.say(turn, "welcome.hello"))
    return Reply((hello, _notice(turn, desk, with_menu=True)), Memory())


def with_notice(turn: Turn, desk: Desk, reply: Reply) -> Reply:
    """Puts the notice in front of the first answer to someone who has never been told. Friends from before the bot have
    never been greeted either: LINE tells us of new ones only."""
    if _knows_the_notice(turn) or not reply.messages:
        return reply
    notice = _notice(turn, desk, with_menu=False)
    if turn.speaker.notice_version == 0:
        notice = replace(notice, text=f"{desk.say(turn, 'welcome.first')}\n\n{notice.text}")
    return replace(reply, messages=(notice, *reply.messages))


def _knows_the_notice(turn: Turn) -> bool:
    return turn.speaker.notice_version >= audience.NOTICE_VERSION


def _notice(turn: Turn, desk: Desk, *, with_menu: bool) -> Text:
    audience.note_notice_shown(turn.db, person_id=turn.speaker.person_id, now=turn.now)
    return Text(desk.say(turn, "welcome.notice"), desk.menu_buttons(turn) if with_menu else ())
