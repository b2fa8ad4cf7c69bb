"""The bot with a sender that makes up a new retry key for each try: LINE cannot know that it took the request before.

Lives among the tests, so that no such switch exists in the product.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.cli.main import main
from bot.notices import sending
from bot.notices.rules import Rules
from bot.notices.sending import Request, Rest
from tests.proof.announcing_bot import as_told

_take = sending.take


def take_with_a_new_key(db: Session, notice_id: int, *, rules: Rules, now: datetime) -> Request | Rest:
    taken = _take(db, notice_id, rules=rules, now=now)
    return replace(taken, retry_key=str(uuid.uuid4())) if isinstance(taken, Request) else taken


sending.take = take_with_a_new_key

if __name__ == "__main__":
    as_told()
    main()
