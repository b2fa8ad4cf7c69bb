"""Every kind of work, by name. The names are stored: never reuse one for something else."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    TURN = "turn"
    """One thing that a person did, from understanding it to the answer's delivery. Subject: an incoming row."""
    RETENTION = "retention"
    """Forget what is due to be forgotten."""


INTERACTIVE, BACKGROUND = 0, 10
"""Priorities: somebody is waiting for an answer; nobody is."""
