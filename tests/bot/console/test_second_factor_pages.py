"""The code from the telephone: setting it up, being asked for it, losing the telephone."""

from __future__ import annotations

import re

import pyotp

from bot.console.access import SESSION_COOKIE
from bot.outreach import second_factor
from bot.outreach.permissions import Role
from bot.outreach.staff import Account
from bot.storage import audit
from tests.bot.console.test_doors import sign_in_as
from tests.bot.console.test_sessions import is_in, token_of, with_token
from tests.bot.console.visiting import Site, Visitor

_SECRET = re.compile(r"<code>([A-Z2-7 ]+)</code>")
_SEALED = re.compile(r'name="sealed" value="([^"]+)"')
_CODE = re.compile(r"<li>([a-z2-7-]{19})</li>")


def begin(visitor: Visitor) -> tuple[str, str]:
    """The secret that the page shows, and what it sends back."""
    page = visitor.get("/console/account/second-factor").get_data(as_text=True)
    secret, sealed = _SECRET.search(page), _SEALED.search(page)
    assert secret is not None
    assert sealed is not None
    return secret[1].replace(" ", ""), sealed[1]


def enrol(site: Site, visitor: Visitor) -> tuple[str, list[str]]:
    """The secret, and the recovery codes."""
    secret, sealed = begin(visitor)
    answer = visitor.post("/console/account/second-factor", {"sealed": sealed, "code": pyotp.TOTP(secret).at(site.now)})
    assert answer.status_code == 200
    return secret, _CODE.findall(answer.get_data(as_text=True))


def code_of(site: Site, secret: str) -> str:
    """Of the next half minute: each counts once."""
    site.later(seconds=30)
    return pyotp.TOTP(secret).at(site.now)


def at_the_code(site: Site, login: str = "malee") -> Visitor:
    visitor = site.visitor()
    asked = sign_in_as(visitor, login).location or ""
    assert asked.startswith("/console/second-factor")
    assert visitor.get(asked).status_code == 200
    return visitor


def volunteer_enrolled(site: Site) -> tuple[Visitor, str, list[str]]:
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    return visitor, *enrol(site, visitor)


def actions(site: Site) -> list[str]:
    with site.database.reading() as db:
        return [line.action for line in reversed(audit.list_entries(db))]


def test_setting_it_up_gives_ten_codes_that_are_shown_once(site: Site) -> None:
    visitor, _, codes = volunteer_enrolled(site)
    assert len(set(codes)) == 10
    assert is_in(visitor)
    later = visitor.get("/console/account").get_data(as_text=True) + begin(visitor)[0]
    assert [code for code in codes if code in later] == []


def test_the_session_goes_on_under_another_token_at_the_code(site: Site) -> None:
    _, secret, _ = volunteer_enrolled(site)
    visitor = at_the_code(site)
    before = token_of(visitor)
    answer = visitor.post("/console/second-factor", {"code": code_of(site, secret), "next": "/console/account"})
    assert (answer.status_code, answer.location) == (302, "/console/account")
    assert token_of(visitor) != before
    assert (is_in(visitor), is_in(with_token(site, before))) == (True, False)


def test_setting_it_up_changes_the_token_too(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER)
    before = token_of(visitor)
    enrol(site, visitor)
    assert token_of(visitor) != before
    assert (is_in(visitor), is_in(with_token(site, before))) == (True, False)


def test_other_sessions_have_to_show_the_code_once_there_is_one(site: Site) -> None:
    here = site.visitor(Role.VOLUNTEER, name="malee")
    there = site.visitor()
    there.enter(site, here.account)
    enrol(site, here)
    assert (there.get("/console/account").location or "").startswith("/console/second-factor")


def test_a_code_counts_once(site: Site) -> None:
    _, secret, _ = volunteer_enrolled(site)
    code = code_of(site, secret)
    first, second = at_the_code(site), at_the_code(site)
    assert first.post("/console/second-factor", {"code": code}).status_code == 302
    assert second.post("/console/second-factor", {"code": code}).status_code == 401
    assert not is_in(second)


def test_five_wrong_codes_and_then_even_the_right_one_waits(site: Site) -> None:
    _, secret, _ = volunteer_enrolled(site)
    statuses = [at_the_code(site).post("/console/second-factor", {"code": "000000"}).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    visitor = at_the_code(site)
    assert visitor.post("/console/second-factor", {"code": code_of(site, secret)}).status_code == 429
    assert actions(site).count("session.code_wrong") == 5
    site.later(minutes=15)
    visitor = at_the_code(site)
    assert visitor.post("/console/second-factor", {"code": code_of(site, secret)}).status_code == 302


def test_a_recovery_code_counts_once_however_it_is_typed(site: Site) -> None:
    _, _, codes = volunteer_enrolled(site)
    first, second = at_the_code(site), at_the_code(site)
    assert first.post("/console/second-factor", {"code": f" {codes[0].upper().replace('-', ' ')} "}).status_code == 302
    assert "เหลือรหัสสำรอง 9 รหัส" in first.get("/console/account").get_data(as_text=True)
    assert second.post("/console/second-factor", {"code": codes[0]}).status_code == 401


def test_new_recovery_codes_take_the_place_of_the_old(site: Site) -> None:
    visitor, _, old = volunteer_enrolled(site)
    new = _CODE.findall(visitor.post("/console/account/recovery-codes").get_data(as_text=True))
    assert len(set(new) - set(old)) == 10
    assert at_the_code(site).post("/console/second-factor", {"code": old[0]}).status_code == 401
    assert at_the_code(site).post("/console/second-factor", {"code": new[0]}).status_code == 302


def test_moving_to_another_telephone_makes_the_old_one_worth_nothing(site: Site) -> None:
    visitor, old, old_codes = volunteer_enrolled(site)
    site.later(seconds=30)
    new, _ = enrol(site, visitor)
    assert at_the_code(site).post("/console/second-factor", {"code": code_of(site, old)}).status_code == 401
    assert at_the_code(site).post("/console/second-factor", {"code": old_codes[0]}).status_code == 401
    assert at_the_code(site).post("/console/second-factor", {"code": code_of(site, new)}).status_code == 302


def test_a_move_that_was_begun_and_not_confirmed_changes_nothing(site: Site) -> None:
    visitor, old, _ = volunteer_enrolled(site)
    _, sealed = begin(visitor)
    answer = visitor.post("/console/account/second-factor", {"sealed": sealed, "code": "000000"})
    assert answer.status_code == 422
    assert at_the_code(site).post("/console/second-factor", {"code": code_of(site, old)}).status_code == 302


def test_what_was_begun_for_one_is_nothing_to_another_and_to_nobody_after_a_while(site: Site) -> None:
    malee, kham = site.visitor(Role.VOLUNTEER, name="malee"), site.visitor(Role.VOLUNTEER, name="kham")
    secret, sealed = begin(malee)
    filled = {"sealed": sealed, "code": pyotp.TOTP(secret).at(site.now)}
    assert kham.post("/console/account/second-factor", filled).status_code == 422
    site.later(minutes=15, seconds=1)
    filled["code"] = pyotp.TOTP(secret).at(site.now)
    for forged in (filled, {**filled, "sealed": "gAAAAA"}, {**filled, "sealed": ""}):
        assert malee.post("/console/account/second-factor", forged).status_code == 422
    with site.database.reading() as db:
        assert second_factor.count_recovery_codes(db, account=malee.account) == 0


def test_who_needs_it_comes_no_further_than_setting_it_up(site: Site) -> None:
    visitor = Visitor(site.app)
    account: Account = site.add_account(Role.STAFF, name="kham", second_factor_set=False)
    visitor.enter(site, account)
    assert visitor.get("/console/").location == "/console/account/second-factor"
    assert visitor.get("/console/try").location == "/console/account/second-factor"
    enrol(site, visitor)
    assert visitor.get("/console/try").status_code == 200


def test_without_the_password_there_is_no_code_to_try(site: Site) -> None:
    visitor = site.visitor()
    assert (visitor.post("/console/second-factor", {"code": "000000"}).location or "").startswith("/console/sign-in")
    assert visitor.client.get_cookie(SESSION_COOKIE, domain="127.0.0.1") is None


def test_one_can_go_home_from_the_page_with_the_recovery_codes(site: Site) -> None:
    """Its form was drawn after the door had made the forms of before worthless."""
    visitor, _, _ = volunteer_enrolled(site)
    assert visitor.post("/console/sign-out").location == "/console/sign-in"
