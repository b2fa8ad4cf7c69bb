from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.line.actions import write_actions
from bot.messages import Action, Link, Press, Say


def write(*actions: Action) -> list[dict[str, Any]]:
    return write_actions(actions, label_graphemes=20)


def test_each_kind_of_button_becomes_line_s() -> None:
    assert write(Say("ไป", "ไปเมนู"), Press("เมนู", "menu~1", "ขอเมนู"), Link("โทร", "tel:191")) == [
        {"type": "message", "label": "ไป", "text": "ไปเมนู"},
        {"type": "postback", "label": "เมนู", "data": "menu~1", "displayText": "ขอเมนู"},
        {"type": "uri", "label": "โทร", "uri": "tel:191"},
    ]


def test_a_button_without_a_label_takes_its_other_words() -> None:
    actions = write(Say(" ", "ไป\nเมนู"), Press("\u200b", "d", "เมนู"), Link("", "https://example.org/long/path"))
    assert [action["label"] for action in actions] == ["ไป เมนู", "เมนู", "https://example.org…"[:19] + "…"]


def test_a_button_without_words_to_say_says_its_label() -> None:
    assert [action.get("text") or action["displayText"] for action in write(Say("ไป", ""), Press("ไป", "d", " "))] == [
        "ไป",
        "ไป",
    ]


def test_long_words_of_a_person_are_cut_between_graphemes() -> None:
    say, press = write(Say("ก", "ที่" * 301), Press("ก", "d", "😀" * 301))
    assert (say["text"], press["displayText"]) == ("ที่" * 199 + "…", "😀" * 299 + "…")


@pytest.mark.parametrize(
    ("action", "part", "why"),
    [
        (Press("ก", "d" * 301, "ก"), "press", "its data has 301 characters"),
        (Press("ก", "😀" * 151, "ก"), "press", "its data has 302 characters"),
        (Press("ก", "", "ก"), "press", "its data has 0 characters"),
        (Press("ก", "\ud83d", "ก"), "press", "its data is no text"),
        (Press(" ", "d", "\n"), "press", "it has no words"),
        (Say("", "\u2800"), "say", "it has no words"),
        (Link("อีเมล", "mailto:secret@example.org"), "link", "LINE takes no such address"),
    ],
)
def test_what_cannot_be_made_right_is_left_out_and_logged_without_what_was_in_it(
    action: Action, part: str, why: str
) -> None:
    with capture_logs() as lines:
        assert write(Say("ก่อน", "ก"), action, Say("หลัง", "ก")) == write(Say("ก่อน", "ก"), Say("หลัง", "ก"))
    assert lines == [{"event": "line.left_out", "log_level": "warning", "part": part, "why": why}]
