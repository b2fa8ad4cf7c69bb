"""Scripted chats, played against a simulator whose bot answers what it is told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.simulator
from bot.simulator.buttons import find_button, gesture_of
from bot.simulator.script import ScriptFailed, main, read_script
from tests.bot.simulator.desk import SOMSRI, Desk, Received, RememberingBot, text

SHIPPED = Path(bot.simulator.__file__).parent / "scripts"
BUTTONS = {
    "type": "template", "altText": "เลือก",
    "template": {"type": "buttons", "text": "เลือกเลย", "actions": [
        {"type": "postback", "label": "สมัคร", "data": "join", "displayText": "ขอสมัคร"},
        {"type": "datetimepicker", "label": "เลือกวัน", "data": "day", "mode": "date"},
        {"type": "uri", "label": "เว็บ", "uri": "https://example.org/"},
    ]},
}  # fmt: skip


@pytest.fixture
def answering_bot(desk: Desk, remembering_bot: RememberingBot) -> RememberingBot:
    """Answers words with buttons, and everything else by naming it."""

    def answer(received: Received) -> None:
        for event in received.events:
            if event["type"] == "message" and event["message"]["type"] == "text":
                desk.reply(event["replyToken"], text("สวัสดี"), BUTTONS)
            elif "replyToken" in event:
                what = event.get("postback") or event["type"]
                desk.reply(event["replyToken"], text(f"ได้รับ {what}"))

    remembering_bot.on_webhook = answer
    return remembering_bot


def _play(desk: Desk, tmp_path: Path, *steps: dict[str, Any], **more: Any) -> int:
    script = {"title": "ลอง", "people": {"somsri": SOMSRI, "new": {"displayName": "ใหม่"}}, "steps": list(steps), **more}
    path = tmp_path / "chat.yaml"
    path.write_text(yaml.safe_dump(script, allow_unicode=True), encoding="utf-8")
    return main([str(path), "--simulator", desk.url])


def test_a_chat_is_played_and_written_down(
    desk: Desk, answering_bot: RememberingBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    played = _play(
        desk, tmp_path,
        {"somsri says": "หวัดดี", "expect": ["สวัสดี", "เลือกเลย"]},
        {"somsri presses": "สมัคร", "expect": "join"},
        {"somsri presses": "เลือกวัน", "picks": {"date": "2026-12-05"}, "expect": ["2026-12-05"]},
        {"somsri presses": "เว็บ"},
        {"somsri sends": {"image": {}}, "expect": ["message"]},
        {"clock": 5},
        {"new blocks": None},
        {"new follows": None, "expect": ["follow"]},
    )  # fmt: skip
    printed = capsys.readouterr()
    assert (played, printed.err) == (0, "")
    assert printed.out.splitlines()[:3] == ["ลอง", "somsri: says หวัดดี", "bot: สวัสดี"]
    told = [received.events[0] for received in answering_bot.received]
    assert [event["type"] for event in told] == ["message", "postback", "postback", "message", "unfollow", "follow"]
    assert told[2]["postback"] == {"data": "day", "params": {"date": "2026-12-05"}}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"somsri says": "หวัดดี", "expect": ["ลาก่อน"], "within": 0.3}, "step 1: the bot did not say 'ลาก่อน'"),
        ({"somsri presses": "ไม่มี"}, "no button says 'ไม่มี'"), ({"somsri sings": "ลา"}, "nobody 'sings'"),
        ({"nobody says": "หวัดดี"}, "nobody called nobody"), ({"somsri says": "ก", "new says": "ข"}, "one thing"),
        ({"somsri sends": {"smoke": {}}}, "POST /people/"), ("ก", "no mapping"),
    ],
)  # fmt: skip
def test_a_script_stops_where_it_goes_wrong(
    desk: Desk, answering_bot: RememberingBot, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    step: Any, words: str,
) -> None:  # fmt: skip
    assert _play(desk, tmp_path, step) == 1
    assert words in capsys.readouterr().err


def test_what_is_no_script_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("just words")
    with pytest.raises(ScriptFailed, match="steps"):
        read_script(tmp_path / "a.yaml")


def test_shipped_scripts_can_be_read() -> None:
    scripts = [read_script(path) for path in SHIPPED.glob("*.yaml")]
    assert scripts
    assert all(script["title"] and script["steps"] for script in scripts)


def test_the_latest_button_of_a_label_is_pressed() -> None:
    older = {"type": "text", "text": "ก", "quickReply": {"items": [
        {"type": "action", "action": {"type": "message", "label": "ไป", "text": "เก่า"}}]}}  # fmt: skip
    newer = {"type": "flex", "contents": {"footer": [{"action": {"type": "message", "label": "ไป", "text": "ใหม่"}}]}}
    found = find_button([older, newer, text()], "ไป")
    assert found is not None
    assert gesture_of(found, {}) == ("text", {"text": "ใหม่"})
    assert find_button([older, *[text()] * 10], "ไป") is None


@pytest.mark.parametrize(
    ("action", "gesture"),
    [({"type": "camera"}, "image"), ({"type": "location"}, "location"), ({"type": "clipboard"}, None),
     ({"type": "richmenuswitch", "richMenuAliasId": "a", "data": "d"}, "switch-menu")],
)  # fmt: skip
def test_every_kind_of_button_has_its_gesture(action: dict[str, Any], gesture: str | None) -> None:
    found = gesture_of(action, {})
    assert (found[0] if found is not None else None) == gesture
