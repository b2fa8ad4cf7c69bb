"""Signing up in the chat, through LINE: a question in the middle, a sticker, a correction, and a ticket at the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import clock
from bot.conversation.postback import Buttons
from bot.events import forms
from bot.events.forms import Form
from bot.storage import events, registrations
from bot.storage.events import EventRow
from bot.vault import Vault
from tests.bot.events.making import make_event
from tests.scenarios.house import House
from tests.scenarios.phone import Heard, Phone, said
from tests.scenarios.test_asking import FITS

AGREE, CONFIRM = "ยินยอมและไปต่อ", "ยืนยัน"
QUESTION = "ศูนย์เปิดกี่โมงคะ"


@pytest.fixture
def event_id(house: House) -> Iterator[int]:
    """In a week, and out of sight afterwards."""
    starts_at = clock.now() + timedelta(days=7)
    with house.db.transaction() as db:
        number = make_event(db, title="เวทีลุ่มน้ำอิง", phone_rule="required", starts_at=starts_at).id
    yield number
    with house.db.transaction() as db:
        db.execute(update(EventRow).where(EventRow.id == number).values(state=events.DRAFT))


def test_somebody_signs_up_and_asks_something_in_the_middle(house: House, known: Phone, event_id: int) -> None:
    vault = Vault([house.environment["CIVICBOT_SECRET_KEY"]])
    ticket = sign_up(known, Buttons(vault).encode("sign_up", now=clock.now(), i=str(event_id), k="self"))

    with house.db.reading() as db:
        (row,) = registrations.list_of_event(db, event_id, limit=9)
    assert (row.state, row.seats) == ("confirmed", 2)
    assert forms.opened(vault, row) == Form("สมหญิง ใจดี", "+66812345678")
    assert row.code in ticket.words
    assert [word for word in ("สมชาย", "สมหญิง", "2345678") if word in str(house.logs())] == []


def sign_up(phone: Phone, pressed: str) -> Heard:
    phone.send_data(pressed)
    phone.press(AGREE)
    between = phone.say(QUESTION)
    assert FITS in between.words
    assert between.words.endswith(said("signup.ask_name"))
    assert phone.say("ชื่อสมชาย ใจดีครับ").words == said("signup.ask_phone")
    assert phone.sticker().words.endswith(said("signup.ask_phone"))
    phone.say("๐๘๑-๒๓๔-๕๖๗๘")
    phone.say("ไม่ใช่ ชื่อ สมหญิง ใจดี")
    assert phone.say("มากัน 2 คน").words.startswith(said("signup.summary_title"))
    ticket = phone.press(CONFIRM)
    assert ticket.words.startswith(said("signup.done"))
    return ticket
