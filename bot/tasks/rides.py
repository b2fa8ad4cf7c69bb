"""Notices that ride along with a free answer."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.orm import Session

from bot.line.limits import MESSAGES_A_REQUEST
from bot.messages import Rendered
from bot.notices import riding
from bot.notices.riding import Rider
from bot.storage import holds
from bot.tasks.tools import Tools


def take_along(
    db: Session, tools: Tools, answer: Rendered, *, person_id: int, urgent: bool, now: datetime
) -> tuple[Rider | None, Rendered]:
    """What is sent, with the notice before the answer where one waits for this person and there is room for it. Nobody
    in need is told of anything else."""
    rider = None if urgent else riding.find_for(db, person_id=person_id, now=now)
    if rider is None:
        return None, answer
    notice: Rendered = json.loads(tools.vault.open(rider.rendered))
    if len(notice) + len(answer) > MESSAGES_A_REQUEST or holds.is_sending_held(db):
        return None, answer
    if not riding.take_along(db, rider, person_id=person_id):
        return None, answer
    return rider, [*notice, *answer]
