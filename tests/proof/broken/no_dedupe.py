"""The bot with its dedupe taken out: every arrival of an event counts as a new event.

Lives among the tests, so that no such switch exists in the product.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from typing import Any

from bot.cli.main import main
from bot.storage import incoming

_real = incoming.insert_new
_numbers = itertools.count()


def insert_everything(db: Any, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Gives each arrival an id of its own, and reports it under the old one."""
    renamed = {f"{row['webhook_event_id']}/{os.getpid()}-{next(_numbers)}": row for row in rows}
    new = _real(db, [row | {"webhook_event_id": name} for name, row in renamed.items()])
    return {name.split("/")[0]: number for name, number in new.items()}


incoming.insert_new = insert_everything

if __name__ == "__main__":
    main()
