"""A notice sent to one of those who make it."""

from __future__ import annotations

from bot.conversation.delivery import wait_after
from bot.messages import DeliveryFailed, Failure
from bot.queue import jobs
from bot.queue.jobs import Job
from bot.storage import notice_trials, notices, people
from bot.storage.notice_trials import FAILED, SENT, UNKNOWN
from bot.tasks.notices import render_for
from bot.tasks.tools import Tools

MOST_TRIES = 6
FINAL = (Failure.REFUSED, Failure.QUOTA_SPENT, Failure.UNAUTHORISED, Failure.TOKEN_SPENT)


def run_notice_trial(tools: Tools, job: Job) -> None:
    """May be run again at any point. Raises LeaseLost."""
    trial_id = job.subject_id or 0
    with tools.database.transaction() as db:
        jobs.renew(db, job, now=tools.now())
        notice_trials.note_try(db, trial_id)
        trial = notice_trials.find(db, trial_id)
        row = notices.find(db, trial.notice_id) if trial is not None else None
        if trial is None or row is None or trial.state != notice_trials.QUEUED:
            jobs.finish(db, job)
            return
        recipient = people.get(db, trial.person_id).line_user_id
    state, why, again = SENT, "", None
    try:
        name = tools.messenger.display_name(recipient)
        rendered = render_for(tools, row, name=name, trial=True)
        tools.messenger.push(recipient, rendered, retry_key=trial.retry_key)
    except DeliveryFailed as failed:
        again = None if failed.failure in FINAL or trial.tries >= MOST_TRIES else wait_after(trial.tries, None)
        state = UNKNOWN if failed.failure is Failure.AMBIGUOUS else FAILED
        why = str(failed)
    with tools.database.transaction() as db:
        now = tools.now()
        if again is not None:
            jobs.try_later(db, job, at=now + again, why=why)
            return
        notice_trials.settle(db, trial_id, state=state, why=why, now=now)
        jobs.finish(db, job)
