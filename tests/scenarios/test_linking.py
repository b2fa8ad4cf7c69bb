"""Staff link their own LINE account by a code typed in the chat; what it then may do is asked anew every time."""

from __future__ import annotations

import itertools

import pytest

from bot import clock
from bot.outreach import audience, audit, line_linking, staff
from bot.outreach.audit import Verified
from bot.outreach.permissions import Role
from bot.outreach.sign_in import hash_password
from bot.outreach.staff import Account
from bot.vault import Vault
from tests.scenarios.group import GroupChat
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said
from tests.scenarios.test_arriving import NOTICE

PASSWORD = hash_password("ต้นสัก ต้นยาง ต้นไผ่", login="nobody", name="nobody")
_numbers = itertools.count()


def vault(house: House) -> Vault:
    return Vault([house.environment["CIVICBOT_SECRET_KEY"]])


@pytest.fixture
def account(house: House) -> Account:
    """Of a volunteer; everybody's database is shared, so nobody has been here before."""
    login = f"volunteer-{next(_numbers)}"
    with house.db.transaction() as db:
        now = clock.now()
        invited = staff.add_account(db, name="มาลี", login=login, role=Role.VOLUNTEER, by=None, now=now)
        return staff.accept_invitation(db, token=invited.token, password_hash=PASSWORD, now=now)


def code_for(house: House, account: Account) -> str:
    """As the console shows it."""
    with house.db.transaction() as db:
        code = line_linking.make_code(db, vault(house), staff_id=account.id, now=clock.now())
    return f"{code[:4]} {code[4:]}"


def who_is(house: House, phone: Phone) -> int | None:
    """The account whose rights this LINE account has in the chat."""
    with house.db.reading() as db:
        person = audience.find(db, line_user_id=phone.user_id)
        found = line_linking.find_by_person(db, person.id) if person is not None else None
        return found.id if found is not None else None


def test_a_volunteer_links_their_line_account(house: House, known: Phone, account: Account) -> None:
    code = code_for(house, account)

    heard = known.say(f"เชื่อม {code}")

    assert heard.words == said("linking.linked", role=said("linking.volunteer"))
    assert who_is(house, known) == account.id
    assert house.question(heard.event_id) is None, "a code is no question"
    assert code not in "".join(house.logs().values())
    assert isinstance(audit.verify(house.db, vault(house)), Verified)
    assert known.say(f"เชื่อม {code}").words == said("linking.wrong"), "it counts once"


def test_somebody_who_never_wrote_before_gets_the_notice_too(house: House, phone: Phone, account: Account) -> None:
    heard = phone.say(f"link {code_for(house, account).replace(' ', '')}")

    assert NOTICE in heard.messages[0]["text"]
    assert heard.messages[-1]["text"] == said("linking.linked", role=said("linking.volunteer"))
    assert who_is(house, phone) == account.id


@pytest.mark.parametrize("event", ["unlinked", "disabled"])
def test_the_rights_in_the_chat_end_at_once(house: House, known: Phone, account: Account, event: str) -> None:
    known.say(f"เชื่อม {code_for(house, account)}")
    assert who_is(house, known) == account.id

    with house.db.transaction() as db:
        if event == "unlinked":
            line_linking.unlink(db, staff_id=account.id)
        else:
            staff.disable(db, staff_id=account.id, by=None, now=clock.now())

    assert who_is(house, known) is None


def test_a_code_in_a_group_is_refused_and_links_nobody(house: House, account: Account) -> None:
    group = GroupChat.of_strangers(house)
    code = code_for(house, account)

    event_id = group.say(f"เชื่อม {code}")

    assert [bubble["text"] for bubble in group.wait_for_bubbles(1)] == [said("linking.in_group")]
    house.wait_until_idle()
    assert house.question(event_id) is None
    assert [who_is(house, member) for member in group.members] == [None] * 3
