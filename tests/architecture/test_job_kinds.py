from __future__ import annotations

from bot.queue.kinds import JobKind
from bot.queue.schedule import ROUTINES
from bot.tasks.table import TASKS


def test_every_kind_of_job_has_a_task() -> None:
    assert set(TASKS) == set(JobKind)


def test_every_task_does_one_kind_only() -> None:
    assert len(set(TASKS.values())) == len(TASKS)


def test_every_routine_is_scheduled_once() -> None:
    kinds = [routine.kind for routine in ROUTINES]
    assert len(kinds) == len(set(kinds))
