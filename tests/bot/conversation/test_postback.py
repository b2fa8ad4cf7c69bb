from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.postback import LONGEST, Buttons, NotOurs
from bot.vault import Vault
from tests.builders import NOON

BUTTONS = Buttons(Vault(["a" * 40]))


def test_what_is_put_in_comes_out() -> None:
    pressed = BUTTONS.decode(BUTTONS.encode("topic", now=NOON, e="center.what", q="12", x="ก&=~?"))
    assert pressed.action == "topic"
    assert pressed.arguments == {"e": "center.what", "q": "12", "x": "ก&=~?"}
    assert pressed.made_at == NOON


@given(st.text(max_size=300))
def test_what_is_not_ours_is_refused(data: str) -> None:
    with pytest.raises(NotOurs):
        BUTTONS.decode(data)


@given(st.data())
def test_a_changed_letter_is_noticed(data: st.DataObject) -> None:
    good = BUTTONS.encode("topic", now=NOON, e="center.what")
    place = data.draw(st.integers(0, len(good) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != good[place]))
    with pytest.raises(NotOurs):
        BUTTONS.decode(good[:place] + letter + good[place + 1 :])


def test_another_installation_s_button_is_not_ours() -> None:
    with pytest.raises(NotOurs):
        BUTTONS.decode(Buttons(Vault(["b" * 40])).encode("menu", now=NOON))


def test_too_much_data_is_refused_before_line_would() -> None:
    with pytest.raises(ValueError, match="characters"):
        BUTTONS.encode("topic", now=NOON, e="x" * LONGEST)
