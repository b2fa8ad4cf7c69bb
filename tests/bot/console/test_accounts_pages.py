"""The people who work here: who is let in, in which role, and who never is the last to go."""

from __future__ import annotations

import re

import pytest

from bot.console import sentences
from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.storage import audit
from tests.bot.console.test_hardening import dump
from tests.bot.console.test_sessions import is_in
from tests.bot.console.visiting import Site, Visitor

_LINK = re.compile(r"/console/join/([\w-]{43})")


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor(Role.ADMINISTRATOR, name="malee")


def roles(site: Site) -> dict[str, tuple[Role, bool]]:
    """By login: the role, and whether the account is open."""
    with site.database.reading() as db:
        return {one.login: (one.role, one.disabled_at is None) for one in staff.list_accounts(db)}


def last_line(site: Site) -> tuple[str, str, dict[str, object] | None, dict[str, object] | None]:
    with site.database.reading() as db:
        line = audit.list_entries(db, limit=1)[0]
    return line.action, line.subject_id, line.before, line.after


def test_somebody_new_gets_a_link_that_is_not_shown_again(site: Site, visitor: Visitor) -> None:
    page = visitor.post("/console/staff/add", {"name": "สมชาย", "login": " SomChai ", "role": "staff"})
    found = _LINK.search(page.get_data(as_text=True))
    assert found is not None
    assert roles(site)["somchai"] == (Role.STAFF, True)
    assert site.visitor().get(f"/console/join/{found[1]}").status_code == 200
    assert found[1] not in visitor.get("/console/staff").get_data(as_text=True)
    kept = {"disabled": False, "has_second_factor": False, "linked": False, "role": "staff"}
    assert last_line(site) == ("staff.added", str(visitor.account.id + 1), None, kept)


@pytest.mark.parametrize(
    ("name", "login", "said"),
    [
        ("", "somchai", sentences.FIELDS["name"]), ("x" * 81, "somchai", sentences.FIELDS["name"]),
        ("สมชาย", "so", sentences.FIELDS["login"]), ("สมชาย", "som chai", sentences.FIELDS["login"]),
        ("สมชาย", "<script>", sentences.FIELDS["login"]), ("สมชาย", "MALEE", sentences.LOGIN_TAKEN),
        ("สมชาย", "ｍａｌｅｅ", sentences.LOGIN_TAKEN), ("\u202e\u200b", "somchai", sentences.FIELDS["name"]),
    ],
)  # fmt: skip
def test_what_does_not_do_is_said_and_what_was_typed_stays(
    site: Site, visitor: Visitor, name: str, login: str, said: str
) -> None:
    before = dump(site.database)
    answer = visitor.post("/console/staff/add", {"name": name, "login": login, "role": "volunteer"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'id="role-volunteer" value="volunteer" checked' in page
    assert dump(site.database) == before


@pytest.mark.parametrize(
    "filled", [{}, {"role": "root"}, {"role": "ADMINISTRATOR"}, {"do": "promote"}, {"do": "DISABLE"}]
)
def test_what_no_form_of_ours_sends_changes_nothing(site: Site, visitor: Visitor, filled: dict[str, str]) -> None:
    other = site.add_account(Role.STAFF, name="kham")
    before = dump(site.database)
    assert visitor.post(f"/console/staff/{other.id}", filled).status_code == 400
    assert visitor.post("/console/staff/add", {"name": "ก", "login": "kaew", **filled}).status_code == 400
    assert dump(site.database) == before


def test_every_change_stands_in_the_audit_log(site: Site, visitor: Visitor) -> None:
    other = site.add_account(Role.VOLUNTEER, name="kham")
    path, number = f"/console/staff/{other.id}", str(other.id)
    visitor.post(path, {"role": "staff"})
    assert last_line(site) == ("staff.role_changed", number, {"role": "volunteer"}, {"role": "staff"})
    visitor.post(path, {"do": "disable"})
    assert last_line(site) == ("staff.disabled", number, {"disabled": False}, {"disabled": True})
    visitor.post(path, {"do": "enable"})
    assert last_line(site) == ("staff.enabled", number, {"disabled": True}, {"disabled": False})
    visitor.post(path, {"do": "reset"})
    assert last_line(site)[:2] == ("staff.reset", number)
    assert roles(site)["kham"] == (Role.STAFF, True)


def test_a_reset_gives_a_new_link_and_takes_every_old_way_in(site: Site, visitor: Visitor) -> None:
    first = _LINK.search(
        visitor.post("/console/staff/add", {"name": "ก", "login": "kaew", "role": "staff"}).get_data(as_text=True)
    )
    second = _LINK.search(
        visitor.post(f"/console/staff/{visitor.account.id + 1}", {"do": "reset"}).get_data(as_text=True)
    )
    assert first is not None
    assert second is not None
    assert site.visitor().get(f"/console/join/{first[1]}").status_code == 404
    assert site.visitor().get(f"/console/join/{second[1]}").status_code == 200
    visitor.post(f"/console/staff/{visitor.account.id + 1}", {"do": "disable"})
    assert site.visitor().get(f"/console/join/{second[1]}").status_code == 404


@pytest.mark.parametrize("filled", [{"do": "disable"}, {"do": "reset"}, {"role": "staff"}, {"role": "volunteer"}])
def test_the_last_administrator_stays(site: Site, visitor: Visitor, filled: dict[str, str]) -> None:
    disabled = site.add_account(Role.ADMINISTRATOR, name="kham")
    visitor.post(f"/console/staff/{disabled.id}", {"do": "disable"})
    before = dump(site.database)
    answer = visitor.post(f"/console/staff/{visitor.account.id}", filled, follow_redirects=True)
    assert sentences.LAST_ADMINISTRATOR in answer.get_data(as_text=True)
    assert dump(site.database) == before
    assert is_in(visitor)


def test_of_two_administrators_one_may_go(site: Site, visitor: Visitor) -> None:
    other = site.visitor(Role.ADMINISTRATOR, name="kham")
    visitor.post(f"/console/staff/{visitor.account.id}", {"do": "disable"})
    assert (is_in(visitor), is_in(other)) == (False, True)


def test_nobody_and_the_disabled_are_told_apart_from_a_change(site: Site, visitor: Visitor) -> None:
    other = site.add_account(Role.STAFF, name="kham")
    visitor.post(f"/console/staff/{other.id}", {"do": "disable"})
    before = dump(site.database)
    for number, do in ((other.id, "reset"), (999, "disable")):
        answer = visitor.post(f"/console/staff/{number}", {"do": do}, follow_redirects=True)
        assert sentences.OTHER_ACCOUNT_CHANGED in answer.get_data(as_text=True)
    assert dump(site.database) == before


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.STAFF])
def test_nobody_else_changes_a_role_not_even_their_own(site: Site, visitor: Visitor, role: Role) -> None:
    other = site.visitor(role, name="kham")
    before = dump(site.database)
    for path, filled in (
        (f"/console/staff/{other.account.id}", {"role": "administrator"}),
        (f"/console/staff/{visitor.account.id}", {"do": "disable"}),
        ("/console/staff/add", {"name": "ก", "login": "kaew", "role": "administrator"}),
    ):
        assert other.post(path, filled).status_code == 403
    assert dump(site.database) == before


def test_the_list_costs_as_many_questions_for_three_as_for_one(site: Site, visitor: Visitor) -> None:
    from sqlalchemy import event

    asked: list[str] = []
    event.listen(site.database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    visitor.get("/console/staff")
    for_one = len(asked)
    for name in ("kham", "kaew", "noi"):
        site.add_account(Role.STAFF, name=name)
    asked.clear()
    visitor.get("/console/staff")
    assert len(asked) == for_one
