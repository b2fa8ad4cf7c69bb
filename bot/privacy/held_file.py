"""What is held about somebody, to take away: as JSON for another system, as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from typing import Final

from bot.events.exchange_table import neutral
from bot.privacy import held_tree
from bot.privacy.held_tree import Held
from bot.privacy.held_words import sentences_of

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes Thai for something else."""
COLUMNS: Final = ("column.part", "column.record", "column.label", "column.value")


def write_json(held: Held) -> bytes:
    return (json.dumps(held_tree.as_json(held), ensure_ascii=False, indent=1) + "\n").encode()


def write_csv(held: Held) -> bytes:
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    words = sentences_of(held.language)
    writer.writerow([words[column] for column in COLUMNS])
    writer.writerows([neutral(one) for one in line] for line in held_tree.lines(held))
    return (BYTE_ORDER_MARK + table.getvalue()).encode()
