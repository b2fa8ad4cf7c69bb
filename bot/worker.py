"""The worker: claims, runs, settles; woken by knocks, and looking by itself every second; stops cleanly on a signal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from bot import logs
from bot.messages import DeliveryFailed, Messenger, QuotaTold, Receipt, Rendered
from bot.queue import jobs, schedule
from bot.queue.wakeup import Wakeup
from bot.storage import channel
from bot.tasks.running import run_next
from bot.tasks.tools import Tools

log = logs.get(__name__)

LOOK_EVERY_SECONDS = 1.0
SCHEDULE_EVERY_SECONDS = 60.0
AFTER_TROUBLE_SECONDS = 2.0
LEARN_EVERY_SECONDS = 3600.0
LONGEST_STOP_SECONDS = 30.0
INSIDE_ON_SQLITE = 1
"""SQLite has one writer, and a Python process one interpreter: a second thread inside would gain nothing."""
INSIDE_ON_POSTGRESQL = 3
"""Some may wait for the database's disk while another computes."""


class _OutsideTheGate:
    """A messenger that leaves the worker's gate while it waits for LINE."""

    def __init__(self, messenger: Messenger, gate: threading.Semaphore) -> None:
        self._messenger = messenger
        self._gate = gate

    def reply(self, token: str, messages: Rendered) -> Receipt:
        with self._outside():
            return self._messenger.reply(token, messages)

    def push(self, recipient: str, messages: Rendered, *, retry_key: str, unit: str | None = None) -> Receipt:
        with self._outside():
            return self._messenger.push(recipient, messages, retry_key=retry_key, unit=unit)

    def multicast(
        self, recipients: Sequence[str], messages: Rendered, *, retry_key: str, unit: str | None = None
    ) -> Receipt:
        with self._outside():
            return self._messenger.multicast(recipients, messages, retry_key=retry_key, unit=unit)

    def validate(self, messages: Rendered) -> None:
        with self._outside():
            self._messenger.validate(messages)

    def quota(self) -> QuotaTold:
        with self._outside():
            return self._messenger.quota()

    def list_units(self) -> frozenset[str]:
        with self._outside():
            return self._messenger.list_units()

    def unit_statistics(self, unit: str, first_day: date, last_day: date) -> Mapping[str, int | None]:
        with self._outside():
            return self._messenger.unit_statistics(unit, first_day, last_day)

    def display_name(self, user_id: str) -> str | None:
        with self._outside():
            return self._messenger.display_name(user_id)

    def content(self, message_id: str) -> bytes | None:
        with self._outside():
            return self._messenger.content(message_id)

    def follower_pages(self) -> Iterator[tuple[str, ...]]:
        pages = self._messenger.follower_pages()
        while True:
            with self._outside():
                page = next(pages, None)
            if page is None:
                return
            yield page

    def show_loading(self, recipient: str, *, seconds: int) -> None:
        self._messenger.show_loading(recipient, seconds=seconds)  # runs on a timer's thread, which is not inside

    def mark_as_read(self, token: str) -> None:
        with self._outside():
            self._messenger.mark_as_read(token)

    def bot_user_id(self) -> str:
        return self._messenger.bot_user_id()

    def reads_by_hand(self) -> bool:
        return self._messenger.reads_by_hand()

    @contextmanager
    def _outside(self) -> Iterator[None]:
        self._gate.release()
        try:
            yield
        finally:
            self._gate.acquire()


class Worker:
    """Some threads that do what is due. One a process, or several processes on several machines."""

    def __init__(self, tools: Tools, wakeup: Wakeup, *, threads: int) -> None:
        # Threads that compute at the same time only take the interpreter from each other, in the middle of transactions
        # that keep others waiting. So few are inside at once; the rest wait for LINE, or for work.
        self._gate = threading.Semaphore(INSIDE_ON_SQLITE if tools.database.is_sqlite else INSIDE_ON_POSTGRESQL)
        self._tools = replace(tools, messenger=_OutsideTheGate(tools.messenger, self._gate))
        self._wakeup = wakeup
        self._stopping = threading.Event()
        self._there_is_work = threading.Semaphore(0)
        self._count = threads
        self._threads = [
            threading.Thread(target=self._work, name=f"worker-{number}", daemon=True) for number in range(threads)
        ]
        self._threads.append(threading.Thread(target=self._keep_schedule, name="schedule", daemon=True))
        self._learn_at = 0.0
        self._stop_listening: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._stop_listening = self._wakeup.listen(self._wake)
        for thread in self._threads:
            thread.start()

    def stop(self) -> bool:
        """Takes nothing new, finishes what is in hand. False when something would not end in time."""
        self._stopping.set()
        self._stop_listening()
        for _ in self._threads:
            self._there_is_work.release()
        deadline = time.monotonic() + LONGEST_STOP_SECONDS
        for thread in self._threads:
            thread.join(timeout=max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _wake(self) -> None:
        """One knock may stand for many events: each thread looks once."""
        for _ in range(self._count):
            self._there_is_work.release()

    def _work(self) -> None:
        worked = False
        while not self._stopping.is_set():
            try:
                with self._gate:
                    worked = run_next(self._tools, look_first=not worked)
            except Exception:
                log.exception("worker.trouble")  # the database is away, say: nothing was claimed
                self._stopping.wait(AFTER_TROUBLE_SECONDS)
                continue
            if not worked:
                self._there_is_work.acquire(timeout=self._rest_seconds())

    def _rest_seconds(self) -> float:
        """Until something falls due: a message that waits a moment for the rest of its sentence, say."""
        try:
            wait = jobs.first_due_in(self._tools.database, now=self._tools.now())
        except Exception:
            log.exception("worker.trouble")
            return AFTER_TROUBLE_SECONDS
        return LOOK_EVERY_SECONDS if wait is None else min(max(wait.total_seconds(), 0.01), LOOK_EVERY_SECONDS)

    def _keep_schedule(self) -> None:
        while not self._stopping.is_set():
            try:
                self._learn_who_we_are()
                if schedule.enqueue_due(self._tools.database, now=self._tools.now()):
                    self._wake()
            except Exception:
                log.exception("schedule.trouble")
            self._stopping.wait(SCHEDULE_EVERY_SECONDS)

    def _learn_who_we_are(self) -> None:
        """Our own id at LINE, by which the web process tells a webhook that is meant for another channel, and whether
        we are to mark messages as read. Either may be changed at LINE while we run."""
        if time.monotonic() < self._learn_at:
            return
        try:
            bot_user_id = self._tools.messenger.bot_user_id()
            reads_by_hand = self._tools.messenger.reads_by_hand()
        except DeliveryFailed as failed:
            log.warning("channel.unknown", why=str(failed))
            return
        self._learn_at = time.monotonic() + LEARN_EVERY_SECONDS
        with self._tools.database.transaction() as db:
            channel.save(db, bot_user_id=bot_user_id, reads_by_hand=reads_by_hand, now=self._tools.now())
