"""The check before publishing: run in the background, and its report.

A run is known to the process that it runs in; its outcome, the report, to all. Where another process is asked,
`started` in the address tells that a run is under way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot import logs
from bot.console import faq_merging, faq_report, faq_sentences, records
from bot.console.access import Pages, row_id, visitor
from bot.console.faq_working import list_names, open_working, show
from bot.console.premises import Premises
from bot.faq import drafts, publishing
from bot.faq.gate_report import LoggedQuestion, PermanentTest
from bot.outreach.permissions import Permission
from bot.storage import faq_gate_reports, faq_tests, questions
from knowledge.evaluation import Labelled
from knowledge.evaluation_set import labelled_for

log = logs.get(__name__)

LOGGED = 5_000
MOST_TESTS = 20_000
TESTS_AT_ONCE = 1_000
LONGEST_RUN = timedelta(minutes=10)

ListTests = Callable[[Session], Sequence[PermanentTest]]


@dataclass(slots=True)
class Run:
    revision: int
    started_at: datetime
    done: int = 0
    total: int = 0
    failed: bool = False
    finished: threading.Event = field(default_factory=threading.Event)

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Runs:
    """The last run of this process. One at a time: it takes a processor."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.last: Run | None = None

    def begin(self, *, revision: int, now: datetime) -> Run | None:
        """None while one is under way."""
        with self._lock:
            if self.last is not None and not self.last.finished.is_set():
                return None
            self.last = Run(revision, now)
            return self.last


def list_permanent_tests(db: Session) -> list[PermanentTest]:
    """Those that review decisions left, the oldest first."""
    found: list[PermanentTest] = []
    after = 0
    while len(found) < MOST_TESTS:
        rows = faq_tests.list_in_force(db, after=after, limit=TESTS_AT_ONCE)
        found += [PermanentTest(row.text, row.expect) for row in rows]
        if len(rows) < TESTS_AT_ONCE:
            break
        after = rows[-1].id
    return found


def list_logged(db: Session) -> list[LoggedQuestion]:
    rows = questions.list_latest(db, limit=LOGGED)
    return [LoggedQuestion(row.id, row.text, row.decision, row.entry) for row in rows if row.text and not row.withheld]


def start_check(
    premises: Premises,
    runs: Runs,
    *,
    revision: int,
    by: int,
    list_tests: ListTests = list_permanent_tests,
    labelled: Callable[[Collection[str]], Sequence[Labelled]] = labelled_for,
) -> Run | None:
    """Returns at once; None when one is under way already."""
    run = runs.begin(revision=revision, now=premises.now())
    if run is None:
        return None

    def work() -> None:
        try:
            with premises.database.reading() as db:
                tests, logged, draft = list_tests(db), list_logged(db), drafts.find_draft(db)
            shown = labelled(draft.catalogue.entries) if draft is not None else ()
            publishing.prepare(
                premises.database, tests=tests, logged=logged, labelled=shown, progress=run.tell, by=by,
                now=premises.now(),
            )  # fmt: skip
        except Exception:
            log.exception("faq.check_failed", revision=revision)
            run.failed = True
        finally:
            run.finished.set()

    threading.Thread(target=work, name="faq-check", daemon=True).start()
    return run


def add_pages(pages: Pages, premises: Premises, *, runs: Runs | None = None) -> None:
    known = runs or Runs()

    @pages.page("/faq/check", needs=Permission.PUBLISH_FAQ)
    def check() -> ResponseReturnValue:
        return _page(premises, known)

    @pages.page("/faq/check/start", needs=Permission.PUBLISH_FAQ, methods=("POST",))
    def start() -> ResponseReturnValue:
        now = premises.now()
        with premises.database.transaction() as db:
            working = open_working(premises, db)
            if working.draft is not None:
                records.record(db, premises, "faq.check_started", ("faq_draft", working.draft.revision))
        if working.draft is None:
            flash(faq_sentences.NO_DRAFT, "warning")
            return redirect(url_for("faq.draft"))
        start_check(premises, known, revision=working.draft.revision, by=visitor().account.id)
        return redirect(url_for("faq.check", started=int(now.timestamp())))


def _page(premises: Premises, runs: Runs) -> ResponseReturnValue:
    with premises.database.reading() as db:
        working = open_working(premises, db)
        waiting = faq_merging.find_waiting(db, working)
        revision = working.draft.revision if working.draft else 0
        verdict = faq_gate_reports.find_latest(db, draft_revision=revision) if working.draft else None
        names = list_names(db)
        verdict_at = None if verdict is None else verdict.created_at
        running = working.draft is not None and _is_running(premises, runs, verdict_at=verdict_at)
        report = None
        if verdict is not None and not running:
            at = request.args.get("from", 0, type=row_id)
            report = faq_report.open_report(db, working, verdict, begin=at)
    failed = runs.last is not None and runs.last.failed and runs.last.revision == revision and verdict is None
    return show(
        "faq_check", working, waiting=waiting, running=running, run=runs.last, verdict=verdict, report=report,
        failed=failed, names=names, stale=verdict is not None and verdict.in_force != working.version,
    )  # fmt: skip


def _is_running(premises: Premises, runs: Runs, *, verdict_at: datetime | None) -> bool:
    """Here, or, by what the address says, in another process."""
    if runs.last is not None and not runs.last.finished.is_set():
        return True
    started = _started()
    if started is None or premises.now() - started > LONGEST_RUN:
        return False
    ours = runs.last is not None and runs.last.started_at >= started
    return not ours and (verdict_at is None or verdict_at < started)


def _started() -> datetime | None:
    seconds = request.args.get("started", type=row_id)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
