"""The bot without a ledger that outlives its process: a worker that starts knows of nothing that was sent before, and
begins every notice that is on its way from the top.

Lives among the tests, so that no such switch exists in the product.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select, update

from bot.cli.main import main
from bot.queue.wakeup import Wakeup
from bot.storage.notice_chunks import WAITING, ChunkRow
from bot.storage.notices import SENDING, NoticeRow
from bot.tasks.tools import Tools
from bot.worker import Worker
from tests.proof.announcing_bot import as_told

_start = Worker.__init__


def start_from_the_top(self: Worker, tools: Tools, wakeup: Wakeup, *, threads: int) -> None:
    with tools.database.transaction() as db:
        under_way = select(NoticeRow.id).where(NoticeRow.state == SENDING)
        for chunk_id in list(db.scalars(select(ChunkRow.id).where(ChunkRow.notice_id.in_(under_way)))):
            forgotten = update(ChunkRow).where(ChunkRow.id == chunk_id)
            db.execute(
                forgotten.values(
                    state=WAITING, due_at=tools.now(), tries=0, doubtful=False, retry_key=str(uuid.uuid4()), why=""
                )
            )
    _start(self, tools, wakeup, threads=threads)


Worker.__init__ = start_from_the_top  # type: ignore[method-assign]

if __name__ == "__main__":
    as_told()
    main()
