"""Which task does which kind of job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.queue.jobs import Job
from bot.queue.kinds import JobKind
from bot.tasks.housekeeping import run_retention
from bot.tasks.tools import Tools
from bot.tasks.turn import run_turn

Task = Callable[[Tools, Job], None]

TASKS: Mapping[str, Task] = MappingProxyType({JobKind.TURN: run_turn, JobKind.RETENTION: run_retention})
