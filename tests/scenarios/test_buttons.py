"""Buttons that are not ours, or no longer good."""

from __future__ import annotations

import pytest

from bot import clock
from bot.conversation.postback import Buttons
from bot.vault import Vault
from tests.scenarios.house import House
from tests.scenarios.phone import Phone, said
from tests.scenarios.test_arriving import MENU
from tests.scenarios.test_dialogues import CANCEL, WORD, begin
from tests.scenarios.test_staff import number_in


@pytest.mark.parametrize("action", ["menu", "staff", "topic"])
def test_a_button_that_another_key_signed_does_nothing(house: House, known: Phone, action: str) -> None:
    theirs = Buttons(Vault(["the secret of another bot, long enough as well"]))

    heard = known.send_data(theirs.encode(action, now=clock.now(), e="center.what"))

    assert heard.words == said("stale.button")
    assert heard.choices == MENU
    assert house.case_kinds(of=known.user_id) == []


def test_a_button_that_the_bot_s_own_key_signed_works(house: House, known: Phone) -> None:
    ours = Buttons(Vault([house.environment["CIVICBOT_SECRET_KEY"]]))

    assert said("menu.text") in known.send_data(ours.encode("menu", now=clock.now())).words


@pytest.mark.parametrize("ended_by", ["cancel", "word"])
def test_the_way_out_of_a_dialogue_that_is_over_leads_nowhere(known: Phone, ended_by: str) -> None:
    asked = begin(known)
    known.press(CANCEL, on=asked) if ended_by == "cancel" else known.say(WORD)

    assert known.press(CANCEL, on=asked).words == said("stale.button")


def test_the_way_out_of_an_earlier_dialogue_does_not_end_the_present_one(house: House, known: Phone) -> None:
    earlier = begin(known)
    known.press(CANCEL, on=earlier)
    begin(known)

    assert said("stale.button") in known.press(CANCEL, on=earlier).words

    assert house.case(number_in(known.say(WORD))) == ("wants_person", WORD)
