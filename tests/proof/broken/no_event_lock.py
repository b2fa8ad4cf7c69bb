"""The bot with a lock on events that does nothing: whoever gives a seat looks at the event, and nobody waits.

Lives among the tests, so that no such switch exists in the product.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cli.main import main
from bot.storage import events
from bot.storage.events import EventRow
from tests.proof.by_day import day_all_around


def look(db: Session, event_id: int) -> EventRow | None:
    """As it is now."""
    statement = select(EventRow).where(EventRow.id == event_id)
    return db.scalar(statement.execution_options(populate_existing=True))


events.lock = look

if __name__ == "__main__":
    with day_all_around():
        main()
