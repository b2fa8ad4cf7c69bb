"""A person sends a picture, a film, a sound or a file."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Response

from bot.simulator import events, identifiers
from bot.simulator.contents import Media
from bot.simulator.drawing import draw_picture, make_document, make_film, make_sound
from bot.simulator.refusals import Refused
from bot.simulator.sender import Sender
from bot.simulator.state import State
from bot.simulator.telling import Telling, read_body

FROM_LINE = {"contentProvider": {"type": "line"}}
PICTURES_AT_ONCE = 20


class MediaGestures:
    """Each takes `readyIn`, the seconds until LINE has the content ready."""

    def __init__(self, state: State, sender: Sender) -> None:
        self._state = state
        self._telling = Telling(state, sender)

    def image(self, user_id: str) -> Response:
        """One picture, or several as a set: `count`. With `external` a LIFF app has sent an address."""
        body = read_body()
        count = body.get("count", 1)
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= PICTURES_AT_ONCE:
            raise Refused(f'"count" is a number from 1 to {PICTURES_AT_ONCE}')
        self._state.people.get_writer(user_id)
        set_id = identifiers.new_message_id()
        told = []
        for index in range(1, count + 1):
            one_of = {"imageSet": {"id": set_id, "index": index, "total": count}} if count > 1 else {}
            told.append(self._picture(user_id, body, one_of))
        return self._telling.tell(*told)

    def _picture(self, user_id: str, body: dict[str, Any], one_of: dict[str, Any]) -> dict[str, Any]:
        message_id = identifiers.new_message_id()
        address = body.get("external")
        provider: dict[str, Any] = FROM_LINE
        if address:
            urls = {"originalContentUrl": str(address), "previewImageUrl": str(address)}
            provider = {"contentProvider": {"type": "external", **urls}}
        else:
            picture = draw_picture(int(message_id) % 97)
            self._keep(message_id, Media(picture, "image/png", picture), body)
        url = str(address or f"/simulator/api/content/{message_id}")
        shown = {"type": "image", "originalContentUrl": url, "previewImageUrl": url}
        self._state.chats.say([user_id], "person", shown, message_id)
        message = events.received_message({"id": message_id, "type": "image", **provider, **one_of})
        return events.from_person(user_id, "message", message=message)

    def video(self, user_id: str) -> Response:
        media = Media(make_film(), "video/mp4", draw_picture(7))
        return self._send(user_id, {"type": "video", "duration": 5_000, **FROM_LINE}, media)

    def audio(self, user_id: str) -> Response:
        return self._send(user_id, {"type": "audio", "duration": 3_000, **FROM_LINE}, Media(make_sound(), "audio/m4a"))

    def file(self, user_id: str) -> Response:
        body = read_body()
        data = _decode(body["data"]) if "data" in body else make_document()
        media = Media(data, str(body.get("contentType", "application/pdf")))
        named = {"fileName": str(body.get("fileName", "เอกสาร.pdf")), "fileSize": len(data)}
        return self._send(user_id, {"type": "file", **named}, media)

    def _send(self, user_id: str, content: dict[str, Any], media: Media) -> Response:
        self._state.people.get_writer(user_id)
        message_id = identifiers.new_message_id()
        self._keep(message_id, media, read_body())
        url = f"/simulator/api/content/{message_id}"
        preview = {"previewImageUrl": f"{url}?preview=1"} if media.preview else {}
        shown = {name: value for name, value in content.items() if name != "contentProvider"}
        return self._telling.say(
            {"type": "user", "userId": user_id},
            {"id": message_id, **content},
            shown={**shown, "originalContentUrl": url, **preview},
        )

    def _keep(self, message_id: str, media: Media, body: dict[str, Any]) -> None:
        wait = body.get("readyIn", 0)
        if isinstance(wait, bool) or not isinstance(wait, int | float) or wait < 0:
            raise Refused('"readyIn" is a number of seconds')
        media.ready_at = self._state.clock.now() + wait if wait else 0.0
        self._state.contents.keep(message_id, media)


def _decode(data: object) -> bytes:
    try:
        return base64.b64decode(str(data), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused('"data" is bytes in base64') from error
