"""Somebody takes back that their story may be published, while staff look at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.cases.kinds import CaseKind
from bot.outreach.permissions import Role
from bot.storage import consents
from bot.vault import Vault
from tests.bot.console.case_site import GRANNY, Office, office
from tests.bot.console.visiting import Site, Visitor, text_of
from tests.handlers.casework import said as said_in_chat
from tests.office import Office as Chat
from tests.office import words_of

__all__ = ["office"]
MAY, MAY_NOT = "ให้เผยแพร่ ได้", "ให้เผยแพร่ ไม่ได้ (เคยให้ แต่เปลี่ยนใจแล้ว)"
FORM = {"may_contact": True, "may_publish": True, "with_name": False, "pictures": 0}


def a_story(office: Office, *, ago: timedelta = timedelta()) -> int:
    """With its yes to being published."""
    case = office.opened(CaseKind.STORY, form=FORM, ago=ago)
    with office.site.database.transaction() as db:
        consents.add(
            db, person_id=office.row(case).person_id, registration_id=None, purpose=consents.PUBLISHING, version=1,
            wording_hash="0" * 64, way="button", now=office.site.now - ago,
        )  # fmt: skip
    return case


def take_back(site: Site, vault: Vault) -> str:
    """As the person does, by the button beside the story."""
    chat = Chat(site.database, vault, now=site.now)
    mine = chat.say("เรื่องของฉัน", user_id=GRANNY)
    return words_of(chat.press(mine, said_in_chat("button.case_unpublish"), user_id=GRANNY))


def fragment(visitor: Visitor, case: int, mark: str = "") -> dict[str, Any]:
    answer = visitor.get(f"/console/cases/{case}/now?mark={mark}")
    return answer.get_json() if answer.status_code == 200 else {}


def test_it_is_seen_at_the_next_look_and_in_the_part_that_renews_itself(office: Office) -> None:
    case, staff = a_story(office), office.site.visitor(Role.STAFF)
    assert MAY in text_of(staff.get(f"/console/cases/{case}"))
    before = fragment(staff, case)
    assert fragment(staff, case, before["mark"]) == {}

    assert take_back(office.site, office.site.vault) == said_in_chat("case.unpublished")
    after = fragment(staff, case, before["mark"])
    words = said_in_chat("case.unpublish_word")
    assert (words in before["thread"], words in after["thread"]) == (False, True)
    assert after["version"] > before["version"], "a form of the page as it was is refused"
    page = text_of(staff.get(f"/console/cases/{case}"))
    assert (MAY in page, MAY_NOT in page, words in page) == (False, True, True)


def test_a_later_yes_is_to_the_later_story_alone(office: Office) -> None:
    earlier, staff = a_story(office, ago=timedelta(hours=3)), office.site.visitor(Role.STAFF)
    take_back(office.site, office.site.vault)
    office.site.now += timedelta(minutes=5)
    later = a_story(office)
    shown = [text_of(staff.get(f"/console/cases/{case}")) for case in (earlier, later)]
    assert [(MAY in page, MAY_NOT in page) for page in shown] == [(False, True), (True, False)]
