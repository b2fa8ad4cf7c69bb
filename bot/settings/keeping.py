"""How long each kind of data is kept."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Keeping(BaseModel):
    keep_event_ids_days: int = Field(
        90,
        alias="CIVICBOT_KEEP_EVENT_IDS_DAYS",
        ge=30,
        le=730,
        description="How many days the ids and times of what LINE sent are kept, to recognise a repetition.",
    )
    keep_quarantine_days: int = Field(
        14,
        alias="CIVICBOT_KEEP_QUARANTINE_DAYS",
        ge=1,
        le=90,
        description="How many days signed webhooks that made no sense are kept.",
    )
    keep_questions_days: int = Field(
        180,
        alias="CIVICBOT_KEEP_QUESTIONS_DAYS",
        ge=30,
        le=3650,
        description="How many days the words of questions are kept, masked. The numbers stay.",
    )
    keep_cases_days: int = Field(
        365,
        alias="CIVICBOT_KEEP_CASES_DAYS",
        ge=30,
        le=3650,
        description="How many days after its end what was written in a case is kept. The numbers stay.",
    )
    keep_notice_ledger_days: int = Field(
        90,
        alias="CIVICBOT_KEEP_NOTICE_LEDGER_DAYS",
        ge=30,
        le=730,
        description="How many days it is kept who was in a notice. The numbers stay.",
    )
    keep_gone_people_days: int = Field(
        365,
        alias="CIVICBOT_KEEP_GONE_PEOPLE_DAYS",
        ge=30,
        le=3650,
        description="How many days after somebody blocked the account all that is held of them is erased.",
    )
    keep_requests_days: int = Field(
        1095,
        alias="CIVICBOT_KEEP_REQUESTS_DAYS",
        ge=365,
        le=3650,
        description="How many days it is kept that somebody asked for their data or its erasure, without who.",
    )
    keep_audit_days: int = Field(
        730,
        alias="CIVICBOT_KEEP_AUDIT_DAYS",
        ge=90,
        le=3650,
        description="How many days the log of what staff did is kept.",
    )
    keep_tombstones_days: int = Field(
        400,
        alias="CIVICBOT_KEEP_TOMBSTONES_DAYS",
        ge=120,
        le=3650,
        description="How many days it is remembered, as a keyed hash, that somebody was erased. Longer than"
        " backups are kept.",
    )
