"""Somebody is erased while the house runs: what they did before brings nothing back, and what they do next is new."""

from __future__ import annotations

import time

from bot import clock
from bot.privacy.erasing_work import lanes_of
from bot.queue import jobs
from bot.queue.kinds import JobKind
from bot.vault import Vault
from tests.bot.privacy.making import raw_files, where
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said

OWL = "นกฮูกสีม่วง"
ASKED = f"ศูนย์เปิดกี่โมงคะ ถามให้{OWL}"
A_MINUTE_MS = 60_000


def finish(house: House) -> None:
    """As the schedule does every hour."""
    with house.db.transaction() as db:
        jobs.enqueue(db, JobKind.ERASE_FINISH, now=clock.now(), subject_ids=[(None, "erase_finish")])
    house.wait_until_idle()


def test_an_erased_person_is_gone_and_old_webhooks_bring_nothing_back(house: House) -> None:
    phone = Phone.of_a_friend(house)
    (before,) = house.completed(phone.event(ASKED))
    before["timestamp"] -= A_MINUTE_MS
    house.webhook(before)
    house.wait_until_settled(before["webhookEventId"])
    vault = Vault([house.environment["CIVICBOT_SECRET_KEY"]])
    marks = {"line_user_id": phone.user_id, "owl": OWL, "lane": lanes_of(vault, phone.user_id)[0]}
    assert set(where(house.db, vault, marks)) == set(marks)

    phone.press(said("button.erase_yes"), on=phone.say("ลบข้อมูลของฉัน"))
    house.wait_until_idle()
    assert where(house.db, vault, marks) == {}
    finish(house)
    if house.db.is_sqlite:
        assert [name for name, mark in marks.items() if mark.encode() in raw_files(house.db)] == []

    since = house.mark()
    (again,) = house.completed(phone.event(ASKED))
    again["timestamp"] = before["timestamp"]
    house.webhook(before | {"deliveryContext": {"isRedelivery": True}}, again)
    assert house.wait_until_settled(again["webhookEventId"]) == "erased"
    house.wait_until_idle()
    assert (house.knows(phone.user_id), house.calls(after=since, of=phone.user_id)) == (False, [])

    time.sleep(0.01)
    assert phone.say("ศูนย์คืออะไร").words
    assert house.knows(phone.user_id)
    assert {name: text for name, text in house.logs().items() if phone.user_id in text or OWL in text} == {}
