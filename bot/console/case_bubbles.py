"""What was said in a case, as bubbles: whoever may not see people sees it masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from bot.cases.thread import Said
from bot.console import case_words as words
from bot.masking import mask
from bot.storage import case_pictures
from bot.storage.case_gallery import PictureFacts
from bot.storage.case_messages import BOT, CITIZEN, FAILED, NOTE, UNKNOWN
from bot.storage.case_pictures import KEPT, WANTED


@dataclass(frozen=True, slots=True)
class Bubble:
    """`instead`: what is told where there are no words. `bad`: it did not arrive, or may not have."""

    id: int
    author: str
    who: str
    when: str
    text: str
    instead: str
    picture: str
    width: int | None
    height: int | None
    delivery: str
    bad: bool


def draw(
    said: Said, *, case_id: int, picture: PictureFacts | None, names: Mapping[int, str], called: str,
    whole: bool, now: datetime,
) -> Bubble:  # fmt: skip
    shown = picture is not None and picture.state == KEPT and not said.taken_back
    text = "" if said.taken_back else said.text or ""
    return Bubble(
        id=said.id,
        author=said.author,
        who=_who(said, names, called),
        when=words.moment(said.at, now),
        text=text if whole else mask(text),
        instead=_instead(said, picture, shown=shown),
        picture=url_for("cases.picture", case_id=case_id, picture_id=picture.id) if picture and shown else "",
        width=picture.width if picture and shown else None,
        height=picture.height if picture and shown else None,
        delivery=_delivery(said),
        bad=said.delivery in (FAILED, UNKNOWN),
    )


def _who(said: Said, names: Mapping[int, str], called: str) -> str:
    if said.author == CITIZEN:
        return called or "ผู้เขียน"
    if said.author == BOT:
        return "บอต"
    name = names.get(said.staff_id or 0, "เจ้าหน้าที่")
    return f"บันทึกภายในของ {name}" if said.author == NOTE else name


def _instead(said: Said, picture: PictureFacts | None, *, shown: bool) -> str:
    if said.taken_back:
        return words.TAKEN_BACK
    if shown or said.text:
        return ""
    if said.author == BOT:
        return words.BOT_SAID.get(said.kind, words.NO_WORDS)
    if picture is not None:
        return words.PICTURE_WAITS if picture.state == WANTED else _gone(picture)
    return words.SHARED.get(said.kind, words.WORDS_GONE)


def _gone(picture: PictureFacts) -> str:
    return words.TAKEN_BACK if picture.why == case_pictures.TAKEN_BACK else words.PICTURE_GONE


def _delivery(said: Said) -> str:
    told = words.DELIVERIES.get(said.delivery or "", "")
    return f"{told} · ใช้โควตา 1 ข้อความ" if told and said.pushed else told
