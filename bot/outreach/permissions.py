"""Who may do what: the one table, in the console as in LINE."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    VOLUNTEER = "volunteer"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    SEE_QUESTIONS = "see_questions"
    PROPOSE_DECISION = "propose_decision"
    DECIDE_QUESTIONS = "decide_questions"
    EDIT_FAQ = "edit_faq"
    PUBLISH_FAQ = "publish_faq"
    OVERRIDE_GATE = "override_gate"
    """Publish although tests fail."""
    SEE_FIGURES = "see_figures"
    EXPORT_FIGURES = "export_figures"
    SEE_PEOPLE = "see_people"
    EXPORT_PEOPLE = "export_people"
    SEE_EVENTS = "see_events"
    MANAGE_EVENTS = "manage_events"
    CHECK_IN = "check_in"
    WRITE_NOTICES = "write_notices"
    APPROVE_NOTICES = "approve_notices"
    SEND_NOTICES = "send_notices"
    SEE_CASES = "see_cases"
    ANSWER_CASES = "answer_cases"
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    RUN_SYSTEM = "run_system"
    """Backups, alarms, what is held, and the data of people on their written request."""
    OWN_ACCOUNT = "own_account"
    """One's own password, second factor and LINE account."""


_ADMINISTRATORS_ONLY = frozenset(
    {Permission.OVERRIDE_GATE, Permission.SEE_AUDIT, Permission.MANAGE_STAFF, Permission.RUN_SYSTEM}
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VOLUNTEER: frozenset(
            {
                Permission.SEE_QUESTIONS, Permission.PROPOSE_DECISION, Permission.SEE_EVENTS, Permission.CHECK_IN,
                Permission.WRITE_NOTICES, Permission.SEE_FIGURES, Permission.SEE_CASES, Permission.ANSWER_CASES,
                Permission.OWN_ACCOUNT,
            }
        ),
        Role.STAFF: frozenset(Permission) - _ADMINISTRATORS_ONLY,
        Role.ADMINISTRATOR: frozenset(Permission),
    }
)  # fmt: skip

SECOND_FACTOR_FOR = frozenset({Permission.SEND_NOTICES, Permission.APPROVE_NOTICES, Permission.EXPORT_PEOPLE})


def may(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]


def must_have_second_factor(role: Role) -> bool:
    return not SECOND_FACTOR_FOR.isdisjoint(PERMISSIONS[role])
