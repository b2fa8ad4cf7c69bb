"""Who is signed in, and until when: every change counts at the very next request."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.console.access import DEVICE_COOKIE, SESSION_COOKIE
from bot.outreach import staff
from bot.outreach.permissions import Role
from bot.storage.staff_sessions import StaffSessionRow
from tests.bot.console.test_doors import invite, join, sign_in_as
from tests.bot.console.visiting import PASSWORD, Site, Visitor

PLANTED = "x" * 43


def token_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie(SESSION_COOKIE, domain="127.0.0.1")
    return cookie.value if cookie is not None else ""


def with_token(site: Site, token: str) -> Visitor:
    visitor = site.visitor()
    visitor.client.set_cookie(SESSION_COOKIE, token, domain="127.0.0.1", secure=True)
    return visitor


def is_in(visitor: Visitor) -> bool:
    answer = visitor.get("/console/account")
    assert answer.status_code in {200, 302}
    return answer.status_code == 200


def test_a_planted_cookie_is_never_taken_over(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    visitor = with_token(site, PLANTED)
    visitor.client.set_cookie(DEVICE_COOKIE, PLANTED, domain="127.0.0.1", secure=True)
    sign_in_as(visitor, "malee")
    assert is_in(visitor)
    assert token_of(visitor) != PLANTED
    device = visitor.client.get_cookie(DEVICE_COOKIE, domain="127.0.0.1")
    assert device is not None
    assert device.value != PLANTED
    assert not is_in(with_token(site, PLANTED))


def test_a_planted_cookie_is_never_taken_over_by_the_link_either(site: Site) -> None:
    visitor = with_token(site, PLANTED)
    assert join(visitor, invite(site, Role.VOLUNTEER)).status_code == 302
    assert token_of(visitor) != PLANTED
    assert not is_in(with_token(site, PLANTED))


def test_signing_in_again_is_another_session(site: Site) -> None:
    site.add_account(Role.VOLUNTEER, name="malee")
    visitor = site.visitor()
    sign_in_as(visitor, "malee")
    first = token_of(visitor)
    sign_in_as(visitor, "malee")
    assert token_of(visitor) != first
    assert is_in(visitor)
    assert not is_in(with_token(site, first))


def test_what_is_stored_does_not_open_anything(site: Site) -> None:
    visitor = site.visitor(Role.ADMINISTRATOR)
    with site.database.reading() as db:
        stored = db.scalars(select(StaffSessionRow.token_hash)).all()
    assert token_of(visitor) not in stored
    assert [is_in(with_token(site, one)) for one in stored] == [False]


def test_signing_out_ends_the_session_and_not_only_the_cookie(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    token = token_of(visitor)
    assert visitor.post("/console/sign-out").location == "/console/sign-in"
    assert token_of(visitor) == ""
    assert not is_in(with_token(site, token))


def test_half_an_hour_without_a_step_is_the_end(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    for _ in range(3):
        site.later(minutes=29)
        assert is_in(visitor)
    site.later(minutes=30)
    assert not is_in(visitor)


def test_loading_files_keeps_nobody_awake(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    site.later(minutes=29)
    with visitor.get("/console/static/console.css") as file:
        assert file.status_code == 200
    site.later(minutes=1)
    assert not is_in(visitor)


def test_twelve_hours_are_the_end_however_busy_one_is(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    for _ in range(35):
        site.later(minutes=20)
        assert is_in(visitor)
    site.later(minutes=20)
    assert not is_in(visitor)


def test_a_new_password_ends_all_but_this_session(site: Site) -> None:
    here = site.visitor(Role.VOLUNTEER, name="malee")
    there = site.visitor()
    there.enter(site, here.account)
    assert is_in(there)
    new = {"old": PASSWORD, "password": "แม่น้ำ ภูเขา ทะเล", "again": "แม่น้ำ ภูเขา ทะเล"}
    assert here.post("/console/account/password", new).location == "/console/account"
    assert (is_in(here), is_in(there)) == (True, False)


def test_going_out_everywhere_else(site: Site) -> None:
    here = site.visitor(Role.VOLUNTEER, name="malee")
    there, somebody = site.visitor(), site.visitor(Role.VOLUNTEER, name="kham")
    there.enter(site, here.account)
    here.post("/console/account/end-others")
    assert (is_in(here), is_in(there), is_in(somebody)) == (True, False, True)


@pytest.mark.parametrize("do", ["disable", "reset"])
def test_who_is_disabled_or_reset_is_out_at_the_next_step(site: Site, do: str) -> None:
    administrator, other = site.visitor(Role.ADMINISTRATOR, name="malee"), site.visitor(Role.STAFF, name="kham")
    assert is_in(other)
    administrator.post(f"/console/staff/{other.account.id}", {"do": do})
    assert not is_in(other)
    assert sign_in_as(site.visitor(), "kham").status_code == 401


def test_who_is_enabled_again_has_to_come_in_again(site: Site) -> None:
    administrator, other = site.visitor(Role.ADMINISTRATOR, name="malee"), site.visitor(Role.VOLUNTEER, name="kham")
    administrator.post(f"/console/staff/{other.account.id}", {"do": "disable"})
    administrator.post(f"/console/staff/{other.account.id}", {"do": "enable"})
    assert not is_in(other)
    assert sign_in_as(site.visitor(), "kham").status_code == 302


def test_another_role_counts_at_the_next_step(site: Site) -> None:
    first, second = site.visitor(Role.ADMINISTRATOR, name="malee"), site.visitor(Role.ADMINISTRATOR, name="kham")
    assert second.get("/console/staff").status_code == 200
    first.post(f"/console/staff/{second.account.id}", {"role": "staff"})
    assert second.get("/console/staff").status_code == 403
    assert second.post("/console/staff/add", {"name": "x", "login": "xxxx", "role": "administrator"}).status_code == 403
    first.post(f"/console/staff/{second.account.id}", {"role": "administrator"})
    assert second.get("/console/staff").status_code == 200


def test_a_role_that_needs_a_second_factor_is_not_had_without_one(site: Site) -> None:
    administrator, volunteer = site.visitor(Role.ADMINISTRATOR, name="malee"), site.visitor(Role.VOLUNTEER, name="kham")
    administrator.post(f"/console/staff/{volunteer.account.id}", {"role": "administrator"})
    for path in ("/console/staff", "/console/audit", "/console/try"):
        assert volunteer.get(path).location == "/console/account/second-factor"
    with site.database.reading() as db:
        assert staff.get_account(db, volunteer.account.id).role is Role.ADMINISTRATOR
