"""Taking questions in for review, and forgetting what the console has no more use for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from weakref import WeakKeyDictionary

from bot import logs
from bot.outreach import review_intake
from bot.outreach.review_intake import OpenWordings
from bot.outreach.sign_in import DEVICES_TRUSTED, LONGEST_SESSION
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import sign_in_tries, staff, staff_sessions
from bot.storage.engine import Database
from bot.storage.sign_in_tries import REMEMBERED
from bot.tasks.tools import Tools

log = logs.get(__name__)

A_BATCH = 50
"""So few that nobody who waits for an answer meanwhile notices."""
RUN_OUT = timedelta(days=30)
"""Links and codes that have run out stay so long, and do nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Gathering:
    """Takes in one batch a claim, and is put back while there may be more: answers come first in between.

    Keeps, for each database and version of the FAQ, the wordings of the open groups from one claim to the next.
    """

    _known: WeakKeyDictionary[Database, tuple[str, OpenWordings]] = field(default_factory=WeakKeyDictionary)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    """There is one such job at a time; but one that lost its lease may still be at work."""

    def __call__(self, tools: Tools, job: Job) -> None:
        """Safe to repeat: a question is taken in once for a reason."""
        knowledge = tools.library.current()
        with self._one_at_a_time:
            wordings = self._find_wordings(tools.database, knowledge.version)
            self._take_in(tools, job, wordings, words_of=knowledge.matcher.words)

    def _find_wordings(self, database: Database, version: str) -> OpenWordings:
        """Read for the first time they are many: that keeps no writer waiting."""
        known = self._known.get(database)
        if known is not None and known[0] == version:
            return known[1]
        wordings = OpenWordings()
        with database.reading() as db:
            wordings.refresh(db)
        self._known[database] = (version, wordings)
        return wordings

    def _take_in(
        self, tools: Tools, job: Job, wordings: OpenWordings, *, words_of: Callable[[str], tuple[str, ...]]
    ) -> None:
        try:
            with tools.database.transaction() as db:
                now = tools.now()
                jobs.renew(db, job, now=now)
                gathered = review_intake.gather(db, now=now, limit=A_BATCH, words_of=words_of, wordings=wordings)
                if gathered.more:
                    jobs.try_later(db, job, at=now, why="there is more to take in")
                else:
                    jobs.finish(db, job)
        except BaseException:
            self._known.pop(tools.database, None)  # it may hold what was rolled back
            raise
        if gathered.taken or gathered.sampled:
            log.info("review.gathered", **asdict(gathered))


def run_staff_retention(tools: Tools, job: Job) -> None:
    """Forgets tries, sessions, devices, links and codes whose time is over. Doing it twice forgets nothing more."""
    with tools.database.transaction() as db:
        now = tools.now()
        jobs.renew(db, job, now=now)
        forgotten = {
            "tries": sign_in_tries.forget(db, before=now - REMEMBERED),
            "sessions": staff_sessions.forget(db, created_before=now - LONGEST_SESSION),
            "devices": staff_sessions.forget_old_devices(db, used_before=now - DEVICES_TRUSTED),
            "links": staff.forget_expired(db, before=now - RUN_OUT),
        }
        jobs.finish(db, job)
    log.info("staff_retention.done", **forgotten)
