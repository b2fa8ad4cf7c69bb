"""The bot with a sender that marks a request as accepted before it makes it: whoever dies in between, or is not heard,
has sent nothing, and nobody tries again.

Lives among the tests, so that no such switch exists in the product.
"""

from __future__ import annotations

from bot.cli.main import main
from bot.messages import Receipt
from bot.notices import sending
from bot.notices.sending import Request
from bot.queue.jobs import Job
from bot.storage.notices import NoticeRow
from bot.tasks import notice_sending
from bot.tasks.notice_sending import Outcome
from bot.tasks.tools import Tools
from tests.proof.announcing_bot import as_told

_make = notice_sending._make


def mark_and_make(tools: Tools, job: Job, row: NoticeRow, request: Request) -> Outcome:
    with tools.database.transaction() as db:
        sending.note_accepted(db, request, Receipt(request_id=None), now=tools.now())
    return _make(tools, job, row, request)


notice_sending._make = mark_and_make

if __name__ == "__main__":
    as_told()
    main()
