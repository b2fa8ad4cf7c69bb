"""Every table, gathered for migrations and for tests."""

from bot.storage import (
    cases,
    channel,
    dialogues,
    faq_versions,
    group_chats,
    incoming,
    jobs,
    outgoing,
    people,
    questions,
    withdrawn,
)
from bot.storage.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "cases",
    "channel",
    "dialogues",
    "faq_versions",
    "group_chats",
    "incoming",
    "jobs",
    "outgoing",
    "people",
    "questions",
    "withdrawn",
]
