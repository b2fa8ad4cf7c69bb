"""Pictures that come with the form of a notice, put up where LINE fetches them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from bot.console import notice_words
from bot.console.access import visitor
from bot.console.notice_forms import MOST_ROWS
from bot.console.premises import Premises
from bot.notices import pictures
from bot.notices.pictures import PictureRefused


@dataclass(frozen=True, slots=True)
class PutUp:
    """By the number of the bubble in the form. `faults` by the names of the form."""

    addresses: Mapping[int, str]
    faults: Mapping[str, list[str]]


def put_up(premises: Premises, notice_id: int, files: MultiDict[str, FileStorage]) -> PutUp:
    """Whatever is done with the form afterwards: a browser sends a file once."""
    addresses: dict[int, str] = {}
    faults: dict[str, list[str]] = {}
    for number in range(MOST_ROWS):
        file = files.get(f"b{number}_file")
        if file is None or not file.filename:
            continue
        try:
            addresses[number] = premises.settings.base_url.rstrip("/") + _put_up(premises, notice_id, file.read())
        except PictureRefused as refused:
            faults[f"b{number}_picture"] = [notice_words.picture_refused(refused.why)]
    return PutUp(addresses, faults)


def _put_up(premises: Premises, notice_id: int, content: bytes) -> str:
    """Made small before the transaction: that takes long, and others would wait for it. Raises PictureRefused."""
    small = pictures.draw_anew(content)
    with premises.database.transaction() as db:
        return pictures.put_up(db, small, notice_id=notice_id, by=visitor().account.id, now=premises.now())
