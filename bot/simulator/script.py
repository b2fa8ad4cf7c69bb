"""Scripted chats: who says and presses what, and what is expected; played against a running simulator.

`python -m bot.simulator.script FILE --simulator URL`. A script is YAML (so also JSON):

    title: A question about water
    people:
      somsri: U5e1f0c3a9d7b4826a1c0e94f7b2d6835     # somebody who is there, or
      newcomer: {displayName: ผู้มาใหม่}             # somebody who is added
    steps:
      - somsri says: น้ำไม่ไหล
        expect: [รับเรื่อง]                           # words of the bot's answers, in any order
        within: 5                                     # seconds; 5 when it is not said
      - somsri presses: ดูกิจกรรม                     # a button by its label, the latest first
      - somsri presses: เลือกวัน
        picks: {date: 2026-12-05}                     # for a date picker
      - somsri sends: {image: {}}                     # sticker, image, video, audio, file, location, beacon, …
      - somsri follows:                               # or: blocks
      - clock: 60                                     # the platform's clock goes ahead
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.simulator.buttons import find_button, gesture_of
from bot.simulator.script_client import ScriptClient, SimulatorSaysNo

SECONDS = 5.0


class ScriptFailed(Exception):
    """The script makes no sense, or the bot did not say what was expected."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the transcript."""

    who: str
    words: str


@dataclass(slots=True)
class Stage:
    """A script under way. `tell` hears every line as it is said."""

    client: ScriptClient
    tell: Callable[[Said], None]
    people: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def person(self, name: str) -> str:
        if name not in self.people:
            raise ScriptFailed(f"the script has nobody called {name}")
        return self.people[name]


def read_script(path: Path) -> Mapping[str, Any]:
    script = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(script, dict) or not isinstance(script.get("steps"), list):
        raise ScriptFailed(f'{path} has no list of "steps"')
    return script


def play(script: Mapping[str, Any], client: ScriptClient, tell: Callable[[Said], None]) -> None:
    """Raises ScriptFailed at the first step that does not go as expected."""
    stage = Stage(client, tell)
    for name, about in (script.get("people") or {}).items():
        stage.people[name] = about if isinstance(about, str) else client.add_person(about)
        stage.seen[name] = client.read_chat(stage.people[name])["last"]
    for number, step in enumerate(script["steps"], 1):
        if not isinstance(step, dict):
            raise ScriptFailed(f"step {number} is no mapping")
        try:
            _play_step(stage, step)
        except (ScriptFailed, SimulatorSaysNo) as failure:
            raise ScriptFailed(f"step {number}: {failure}") from failure


def _play_step(stage: Stage, step: Mapping[str, Any]) -> None:
    told = {name: value for name, value in step.items() if name not in {"expect", "within", "picks"}}
    if len(told) != 1:
        raise ScriptFailed(f"one thing happens in a step, not {len(told)}: {', '.join(told)}")
    ((happening, value),) = told.items()
    if happening == "clock":
        stage.client.advance(float(value))
        return
    name, _, verb = str(happening).partition(" ")
    act = VERBS.get(verb)
    if act is None:
        raise ScriptFailed(f"nobody {verb!r}: people {', '.join(VERBS)}")
    user_id = stage.person(name)
    stage.tell(Said(name, f"{verb} {value}" if value is not None else verb))
    act(stage.client, user_id, value, step)
    _expect(stage, name, step)


def _says(client: ScriptClient, user_id: str, value: Any, _step: Mapping[str, Any]) -> None:  # noqa: ANN401
    client.act(user_id, "text", {"text": str(value)})


def _presses(client: ScriptClient, user_id: str, value: Any, step: Mapping[str, Any]) -> None:  # noqa: ANN401
    said = [item["message"] for item in client.read_chat(user_id)["items"] if item["from"] == "bot"]
    action = find_button(said, str(value))
    if action is None:
        raise ScriptFailed(f"no button says {value!r}")
    picks = {name: str(picked) for name, picked in (step.get("picks") or {}).items()}
    gesture = gesture_of(action, picks)
    if gesture is not None:  # a link is opened elsewhere: the bot hears nothing
        client.act(user_id, *gesture)


def _sends(client: ScriptClient, user_id: str, value: Any, _step: Mapping[str, Any]) -> None:  # noqa: ANN401
    what = value if isinstance(value, dict) else {str(value): {}}
    for gesture, body in what.items():
        client.act(user_id, gesture, body or {})


def _follows(client: ScriptClient, user_id: str, _value: Any, _step: Mapping[str, Any]) -> None:  # noqa: ANN401
    client.act(user_id, "follow", {})


def _blocks(client: ScriptClient, user_id: str, _value: Any, _step: Mapping[str, Any]) -> None:  # noqa: ANN401
    client.act(user_id, "unfollow", {})


VERBS: Mapping[str, Callable[[ScriptClient, str, Any, Mapping[str, Any]], None]] = {
    "says": _says, "presses": _presses, "sends": _sends, "follows": _follows, "blocks": _blocks
}  # fmt: skip


def _expect(stage: Stage, name: str, step: Mapping[str, Any]) -> None:
    """Waits until all the words were said, counted from what the last step that expected something had seen."""
    expected = step.get("expect") or []
    missing = [expected] if isinstance(expected, str) else [str(words) for words in expected]
    if not missing:
        return
    for message in stage.client.listen(
        stage.person(name), after=stage.seen[name], seconds=float(step.get("within", SECONDS))
    ):
        stage.seen[name] = message.n
        stage.tell(Said("bot", message.words))
        missing = [words for words in missing if words not in message.words]
        if not missing:
            return
    raise ScriptFailed(f"the bot did not say {', '.join(map(repr, missing))} to {name}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator.script", description="Plays a scripted chat.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--simulator", default="http://127.0.0.1:8100", metavar="URL")
    given = parser.parse_args(arguments)
    try:
        script = read_script(given.file)
        print(script.get("title", given.file.name), flush=True)
        with ScriptClient(given.simulator) as client:
            play(script, client, lambda said: print(f"{said.who}: {said.words}", flush=True))
    except ScriptFailed as failure:
        print(f"failed: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
