"""Every table, gathered for migrations and for tests."""

from bot.storage import (
    audit,
    cases,
    channel,
    dialogues,
    faq_drafts,
    faq_gate_reports,
    faq_history,
    faq_versions,
    figures,
    group_chats,
    hear_back,
    incoming,
    jobs,
    outgoing,
    people,
    questions,
    reviews,
    sign_in_tries,
    staff,
    staff_sessions,
    withdrawn,
)
from bot.storage.base import Base

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "audit",
    "cases",
    "channel",
    "dialogues",
    "faq_drafts",
    "faq_gate_reports",
    "faq_history",
    "faq_versions",
    "figures",
    "group_chats",
    "hear_back",
    "incoming",
    "jobs",
    "outgoing",
    "people",
    "questions",
    "reviews",
    "sign_in_tries",
    "staff",
    "staff_sessions",
    "withdrawn",
]
