"""Who may do what."""

from __future__ import annotations

from bot.outreach.permissions import PERMISSIONS, SECOND_FACTOR_FOR, Permission, Role, may, must_have_second_factor

OF_VOLUNTEERS = {
    "see_questions", "propose_decision", "see_events", "check_in", "write_notices", "see_figures", "see_cases",
    "answer_cases", "own_account",
}  # fmt: skip


def test_each_role_has_exactly_its_permissions() -> None:
    everything = {permission.value for permission in Permission}
    assert {role: set(PERMISSIONS[role]) for role in Role} == {
        Role.VOLUNTEER: OF_VOLUNTEERS,
        Role.STAFF: everything - {"override_gate", "see_audit", "manage_staff", "run_system"},
        Role.ADMINISTRATOR: everything,
    }
    assert len(everything) == 22


def test_may_answers_from_the_table() -> None:
    answers = {(role, one) for role in Role for one in Permission if may(role, one)}
    assert answers == {(role, one) for role, permissions in PERMISSIONS.items() for one in permissions}


def test_who_may_send_approve_or_export_people_needs_a_second_factor() -> None:
    assert {one.value for one in SECOND_FACTOR_FOR} == {"send_notices", "approve_notices", "export_people"}
    assert {role.value: must_have_second_factor(role) for role in Role} == {
        "volunteer": False, "staff": True, "administrator": True,
    }  # fmt: skip
