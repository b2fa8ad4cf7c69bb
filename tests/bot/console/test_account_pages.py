"""One's own account: nobody else's is touched, and no new password without the one of before."""

from __future__ import annotations

import re

import pytest

from bot.outreach import line_linking, staff
from bot.outreach.permissions import Role
from bot.storage import audit, people
from tests.bot.console.test_doors import sign_in_as
from tests.bot.console.test_hardening import dump
from tests.bot.console.visiting import PASSWORD, Site, Visitor

NEW = "แม่น้ำ ภูเขา ทะเล"
_CODE = re.compile(r"(\d{4} \d{4})")


def change_password(visitor: Visitor, *, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> tuple[int, str]:
    answer = visitor.post("/console/account/password", {"old": old, "password": new, "again": again})
    return answer.status_code, answer.get_data(as_text=True)


def link(site: Site, visitor: Visitor) -> int:
    """The person that this one of the staff is in LINE now."""
    found = _CODE.search(visitor.post("/console/account/line").get_data(as_text=True))
    assert found is not None
    with site.database.transaction() as db:
        person = people.find_or_create(db, line_user_id="U" + "1" * 32, now=site.now)
        assert line_linking.redeem(db, site.vault, code=found[1], person_id=person.id, now=site.now) is not None
        return person.id


def actions(site: Site) -> list[tuple[str, str]]:
    with site.database.reading() as db:
        return [(line.actor, line.action) for line in reversed(audit.list_entries(db))]


def test_a_new_password_counts_at_once_and_is_noted_without_itself(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    assert change_password(visitor)[0] == 302
    assert sign_in_as(site.visitor(), "malee").status_code == 401
    assert sign_in_as(site.visitor(), "malee", NEW).status_code == 302
    assert actions(site)[0] == ("malee", "staff.password_changed")
    assert NEW not in str(dump(site.database))


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("ไม่ใช่รหัสนี้", NEW, NEW, "รหัสผ่านเดิมไม่ถูกต้อง"), (PASSWORD, NEW, PASSWORD, "สองช่องไม่เหมือนกัน"),
        (PASSWORD, "สั้น", "สั้น", "สั้นไป"), (PASSWORD, "malee123456", "malee123456", "เหมือนชื่อของคุณ"),
        ("", NEW, NEW, "รหัสผ่านเดิมไม่ถูกต้อง"),
    ],
)  # fmt: skip
def test_a_password_that_does_not_do_changes_nothing(site: Site, old: str, new: str, again: str, said: str) -> None:
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    status, page = change_password(visitor, old=old, new=new, again=again)
    assert status == 422
    assert said in page
    assert [word for word in (PASSWORD, NEW) if word in page] == []
    assert sign_in_as(site.visitor(), "malee").status_code == 302


def test_a_new_password_that_does_not_do_is_no_try_at_the_old_one(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    for _ in range(11):
        change_password(visitor, new="สั้น", again="สั้น")
    assert change_password(visitor)[0] == 302


def test_guessing_the_old_password_is_slowed_down(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at a screen that was left open."""
    monkeypatch.setattr("bot.outreach.sign_in.verify", lambda candidate, password: False)
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    pages = [change_password(visitor, old="ไม่ใช่รหัสนี้")[1] for _ in range(11)]
    assert ["รหัสผ่านเดิมไม่ถูกต้อง" in page for page in pages] == [True] * 10 + [False]
    assert "09:15 น." in pages[-1]


def test_the_form_names_nobody_else(site: Site) -> None:
    other = site.visitor(Role.VOLUNTEER, name="kham")
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    extra = {"id": str(other.account.id), "staff_id": str(other.account.id), "username": "kham", "login": "kham"}
    filled = {"old": PASSWORD, "password": NEW, "again": NEW, "role": "administrator", **extra}
    visitor.post("/console/account/password", filled)
    with site.database.reading() as db:
        roles = {account.login: (account.role, account.generation) for account in staff.list_accounts(db)}
    assert roles["kham"] == (Role.VOLUNTEER, other.account.generation)
    assert roles["malee"] == (Role.VOLUNTEER, visitor.account.generation + 1)


def test_linking_and_unlinking_count_at_once(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    person = link(site, visitor)
    assert "เชื่อมกับ LINE แล้วค่ะ" in visitor.get("/console/account").get_data(as_text=True)
    visitor.post("/console/account/line/unlink")
    with site.database.reading() as db:
        assert line_linking.find_by_person(db, person) is None
    assert actions(site)[-1] == ("malee", "staff.line_unlinked")


def test_who_is_disabled_is_nobody_in_line_either(site: Site) -> None:
    visitor, administrator = site.visitor(Role.VOLUNTEER, name="malee"), site.visitor(Role.ADMINISTRATOR, name="kham")
    person = link(site, visitor)
    administrator.post(f"/console/staff/{visitor.account.id}", {"do": "disable"})
    with site.database.reading() as db:
        assert line_linking.find_by_person(db, person) is None


def test_without_a_second_factor_there_are_no_recovery_codes_to_renew(site: Site) -> None:
    visitor = site.visitor(Role.VOLUNTEER, name="malee")
    before = dump(site.database)
    assert visitor.post("/console/account/recovery-codes").location == "/console/account/second-factor"
    assert dump(site.database) == before
