"""Which task does which kind of job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bot.queue.jobs import Job
from bot.queue.kinds import JobKind
from bot.tasks.backups import run_backup
from bot.tasks.case_alerts import run_case_alert, run_case_tell, run_cases_due
from bot.tasks.case_pictures import run_case_picture
from bot.tasks.case_saying import run_case_say
from bot.tasks.erasing import run_erase_finish
from bot.tasks.gathering import Gathering, run_staff_retention
from bot.tasks.housekeeping import run_retention
from bot.tasks.line_counts import run_notice_statistics, run_quota
from bot.tasks.notice_sending import run_notice_send
from bot.tasks.notice_trials import run_notice_trial
from bot.tasks.notices import run_notice_plan, run_notices_due
from bot.tasks.service import run_service_due, run_service_tell, run_waiting_lists
from bot.tasks.telling import run_hear_back, run_tell
from bot.tasks.tools import Tools
from bot.tasks.turn import run_turn

Task = Callable[[Tools, Job], None]

TASKS: Mapping[str, Task] = MappingProxyType(
    {
        JobKind.TURN: run_turn,
        JobKind.RETENTION: run_retention,
        JobKind.ERASE_FINISH: run_erase_finish,
        JobKind.STAFF_RETENTION: run_staff_retention,
        JobKind.GATHERING: Gathering(),
        JobKind.HEAR_BACK: run_hear_back,
        JobKind.TELL: run_tell,
        JobKind.SERVICE_DUE: run_service_due,
        JobKind.SERVICE_TELL: run_service_tell,
        JobKind.WAITING_LISTS: run_waiting_lists,
        JobKind.NOTICES_DUE: run_notices_due,
        JobKind.NOTICE_PLAN: run_notice_plan,
        JobKind.NOTICE_SEND: run_notice_send,
        JobKind.NOTICE_TRIAL: run_notice_trial,
        JobKind.NOTICE_STATISTICS: run_notice_statistics,
        JobKind.QUOTA: run_quota,
        JobKind.CASE_SAY: run_case_say,
        JobKind.CASE_ALERT: run_case_alert,
        JobKind.CASE_TELL: run_case_tell,
        JobKind.CASE_PICTURE: run_case_picture,
        JobKind.CASES_DUE: run_cases_due,
        JobKind.BACKUP: run_backup,
    }
)
