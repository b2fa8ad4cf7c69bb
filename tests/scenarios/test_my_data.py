"""One's own data on a phone: seen through the link, kept, and deleted for good."""

from __future__ import annotations

import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest

from bot.storage import people
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said

OPEN, ERASE, YES, NO = (
    said(f"button.{name}") for name in ("data_open", "data_erase", "erase_yes", "erase_no")
)  # fmt: skip


def page(house: House, address: str) -> str:
    """As the phone opens it, where this house happens to answer."""
    here = f"http://127.0.0.1:{house.web_port}{urlsplit(address).path}"
    with urllib.request.urlopen(here, timeout=20) as response:
        found: str = response.read().decode()
        return found


def test_data_is_seen_kept_and_then_deleted_for_good(house: House) -> None:
    phone = Phone.of_a_friend(house)
    asked = phone.say("ศูนย์เปิดกี่โมงคะ")
    assert asked.words
    card = phone.say("ข้อมูลของฉัน")
    address = card.links[OPEN]
    shown = page(house, address)
    assert ("ศูนย์เปิดกี่โมงคะ" in shown, phone.user_id in shown) == (True, True)
    assert phone.user_id in page(house, f"{address}/data.json")

    assert said("erase.title") in phone.press(ERASE, on=card).words
    assert phone.press(NO).words == said("erase.kept")
    question = phone.say("ลบข้อมูลของฉัน")
    since = house.mark()
    assert "ลบข้อมูลของคุณแล้วค่ะ" in phone.press(YES, on=question).words
    house.wait_until_idle()

    assert [call["path"] for call in house.calls(after=since, of=phone.user_id, path="/v2/bot/message/push")] == []
    with house.db.reading() as db:
        assert people.find(db, line_user_id=phone.user_id) is None
    with pytest.raises(urllib.error.HTTPError) as gone:
        page(house, address)
    assert gone.value.code == 404
    gone.value.close()
