"""For whom somebody signs up: themselves, somebody without LINE, a class."""

from __future__ import annotations

import re

from bot.conversation.turn import Turn
from bot.events import asking
from bot.events.asking import CLASS, NEIGHBOUR, SELF
from bot.messages import Card
from bot.storage.events import EventRow
from handlers.desk import Desk

_SAYS = (
    (CLASS, re.compile(r"นักเรียน|ชั้นเรียน|ทั้งชั้น|ทั้งห้อง|ห้องเรียน|\bclass\b|pupils|students", re.IGNORECASE)),
    (SELF, re.compile(
        r"ตัวเอง|ตัวฉัน|ของฉัน|ฉันเอง|ผมเอง|หนูเอง|เราเอง|^(?:ผม|ฉัน|หนู|ดิฉัน|เรา|me)$|\bmyself\b", re.IGNORECASE,
    )),
    (NEIGHBOUR, re.compile(
        r"เพื่อนบ้าน|คนอื่น|ให้|แทน|แม่|พ่อ|ยาย|ตา|ปู่|ย่า|ลุง|ป้า|neighbou?r|someone else|other", re.IGNORECASE,
    )),
)  # fmt: skip
_LABELS = {SELF: "button.signup_myself", NEIGHBOUR: "button.signup_neighbour", CLASS: "button.signup_class"}


def draw(turn: Turn, desk: Desk, event: EventRow, *, opening: str = "") -> Card:
    text = desk.say(turn, "signup.whom", title=event.title)
    return Card(
        title="",
        text="\n\n".join(filter(None, (opening, text))),
        actions=tuple(
            desk.button(turn, _LABELS[kind], "sign_up", i=str(event.id), k=kind) for kind in asking.kinds_of(event)
        ),
    )


def read(text: str, event: EventRow) -> str | None:
    return next((kind for kind, says in _SAYS if says.search(text) and kind in asking.kinds_of(event)), None)
