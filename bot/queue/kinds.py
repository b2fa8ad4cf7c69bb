"""Every kind of work, by name. The names are stored: never reuse one for something else."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    TURN = "turn"
    """One thing that a person did, from understanding it to the answer's delivery. Subject: an incoming row."""
    RETENTION = "retention"
    """Forget what is due to be forgotten."""
    ERASE_FINISH = "erase_finish"
    """Take what erased people left in freed space out of the database's files."""
    GATHERING = "gathering"
    """Take further questions in for review, and draw the weekly sample."""
    STAFF_RETENTION = "staff_retention"
    """Forget tries, sessions and links of the staff whose time is over."""
    HEAR_BACK = "hear_back"
    """Ask the FAQ in force what people wait to hear, and find out who is due a push."""
    TELL = "tell"
    """The one push to somebody who agreed to hear back. Subject: an incoming row."""
    SERVICE_DUE = "service_due"
    """Find out which booked messages to registrants are due, and put each into its person's lane."""
    SERVICE_TELL = "service_tell"
    """One booked message to one registrant. Subject: an incoming row."""
    WAITING_LISTS = "waiting_lists"
    """Pass on offers that ran out, and offer what became free at night."""

    NOTICES_DUE = "notices_due"
    """Begin the notices whose time has come, and take up what has work left."""
    NOTICE_PLAN = "notice_plan"
    """Write a part of a notice's ledger. Subject: a notice."""
    NOTICE_SEND = "notice_send"
    """One request of a notice to LINE. Subject: a notice."""
    NOTICE_TRIAL = "notice_trial"
    """A notice sent to one of those who make it. Subject: a trial."""
    NOTICE_STATISTICS = "notice_statistics"
    """Ask LINE how notices were received."""
    QUOTA = "quota"
    """Ask LINE how much of the month's quota is used."""

    CASE_SAY = "case_say"
    """What staff wrote in a case, to its citizen. Subject: an incoming row."""
    CASE_ALERT = "case_alert"
    """Find out which linked staff are told of an urgent case. Subject: a case."""
    CASE_TELL = "case_tell"
    """The alert about an urgent case, to one of the staff. Subject: an incoming row."""
    CASE_PICTURE = "case_picture"
    """Fetch a picture from LINE that a citizen sent to staff. Subject: a picture of a case."""
    CASES_DUE = "cases_due"
    """Find the urgent cases that nobody took in time, and account for answers whose end was not written down."""
    BACKUP = "backup"
    """Make the day's backup when its time has come, and keep the list of who was erased beside it."""


INTERACTIVE, SERVICE, BACKGROUND = 0, 5, 10
"""Priorities: somebody is waiting for an answer; something concerns people's own registration; nobody is waiting."""
