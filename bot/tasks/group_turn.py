"""A turn in a group or a room: short, without memory, and only when the bot is meant."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.conversation import pace
from bot.conversation.pace import Pace, Verdict
from bot.conversation.turn import GroupTurn
from bot.line.render import render
from bot.outreach import unsending
from bot.storage import group_chats
from bot.storage.group_chats import GroupChatRow
from bot.tasks import delivering
from bot.tasks.case import Case
from bot.tasks.delivering import Sending
from bot.tasks.tools import Tools

GREETS_NEWCOMERS_EVERY = timedelta(minutes=30)
"""In a group that many people join at once the bot says hello once."""


def run(tools: Tools, db: Session, case: Case, now: datetime) -> tuple[str, Sending | None]:
    """The outcome's name, and the answer when there is one to send."""
    incoming = case.incoming
    key = tools.vault.keyed_hash("group", incoming.group_id or "", length=32)
    if incoming.kind == "leave":
        group_chats.forget(db, key)
        return "left group", None
    withdrawn = _withdraw(tools, db, case, now)
    if withdrawn is not None:
        return withdrawn, None
    group = group_chats.find_or_create(db, key, now=now)
    newcomers = _newcomers_to_greet(case, group, now)
    if incoming.kind == "member_joined" and newcomers == 0:
        return "greeted before", None
    if incoming.kind in {"text", "postback"} and _is_braked(tools, case, group):
        return "braked", None
    turn = GroupTurn(
        db=db, now=now, incoming=incoming, incoming_id=case.incoming_id, catalogue=case.knowledge.catalogue,
        knowledge_version=case.knowledge.version, understanding=case.understanding, newcomers=newcomers,
    )  # fmt: skip
    rendered = render(tools.answer_in_group(turn))
    if not rendered or incoming.reply_token is None:
        return "group.quiet", None
    return f"group.{incoming.kind}", delivering.begin(
        db, tools, rendered, incoming_id=case.incoming_id, person_id=None, recipient=None,
        token=incoming.reply_token, received_at=case.received_at, may_push=False,
    )  # fmt: skip


def _withdraw(tools: Tools, db: Session, case: Case, now: datetime) -> str | None:
    """The outcome of an unsend, and of a wording that no longer counts; None for what may be answered."""
    incoming = case.incoming
    if incoming.kind == "unsend":
        unsending.take_back(db, tools.vault, person_id=None, message_id=incoming.message_id or "", now=now)
        return "unsent"
    if incoming.edited and not unsending.word_anew(
        db, person_id=None, message_id=incoming.message_id or "", edited_at=incoming.occurred_at, now=now
    ):
        return "taken back"
    if incoming.edited and not incoming.mentions_us:
        return "edited"
    if unsending.was_withdrawn(db, incoming.message_id, worded_at=incoming.occurred_at):
        return "taken back"
    return None


def _newcomers_to_greet(case: Case, group: GroupChatRow, now: datetime) -> int:
    if case.incoming.kind == "join":
        group.greeted_at = now  # whoever comes with the bot hears the bot's own hello
    if case.incoming.kind != "member_joined":
        return 0
    if group.greeted_at is not None and now - group.greeted_at < GREETS_NEWCOMERS_EVERY:
        return 0
    group.greeted_at = now
    return case.incoming.members


def _is_braked(tools: Tools, case: Case, group: GroupChatRow) -> bool:
    """In a group nobody is told off: the bot keeps quiet until it has calmed down."""
    before = Pace(group.pace_level, group.pace_at, group.braked)
    after, verdict = pace.take(before, now=case.received_at, per_minute=tools.person_pace)
    group.pace_level, group.pace_at, group.braked = after.level, case.received_at, after.braked
    return verdict is not Verdict.FINE
