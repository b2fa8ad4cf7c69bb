"""Short ways to write messages."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

HTTPS = "https://example.org/a.png"
MARKED = "ก็"
"""Two characters, one grapheme cluster."""


def text(**more: Any) -> Message:
    return {"type": "text", "text": "สวัสดี", **more}


def text_v2(words: str, **parts: Any) -> Message:
    return {"type": "textV2", "text": words, "substitution": parts}


def emoji() -> Message:
    return {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}


def mention() -> Message:
    return {"type": "mention", "mentionee": {"type": "user", "userId": "U" + "a" * 32}}


def quick(action: Message, times: int = 1) -> Message:
    return text(quickReply={"items": [{"type": "action", "action": action}] * times})


def say(label: str = "ใช่", words: str = "ใช่") -> Message:
    return {"type": "message", "label": label, "text": words}


def press(**more: Any) -> Message:
    return {"type": "postback", "label": "กด", "data": "a=1", **more}


def link(uri: str = "https://example.org", **more: Any) -> Message:
    return {"type": "uri", "label": "เปิด", "uri": uri, **more}


def pick(**more: Any) -> Message:
    return {"type": "datetimepicker", "label": "เลือกวัน", "data": "d", "mode": "date", **more}


def copy(words: str) -> Message:
    return {"type": "clipboard", "label": "คัดลอก", "clipboardText": words}


def template(kind: str, alt: str = "ทางเลือก", **parts: Any) -> Message:
    return {"type": "template", "altText": alt, "template": {"type": kind, **parts}}


def buttons(words: str = "เลือก", actions: int = 1, **more: Any) -> Message:
    return template("buttons", text=words, actions=[say()] * actions, **more)


def column(words: str = "เลือก", actions: int = 1, **more: Any) -> Message:
    return {"text": words, "actions": [say()] * actions, **more}


def carousel(*columns: Message) -> Message:
    return template("carousel", columns=list(columns))


def pictures(label: str, times: int = 1) -> Message:
    return template("image_carousel", columns=[{"imageUrl": HTTPS, "action": say(label)}] * times)


def flex(contents: Message, alt: str = "การ์ด") -> Message:
    return {"type": "flex", "altText": alt, "contents": contents}


def box(*contents: Message, layout: str = "vertical", **more: Any) -> Message:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def bubble(*contents: Message, **more: Any) -> Message:
    return {"type": "bubble", "body": box(*(contents or (words(),))), **more}


def card(*contents: Message, **more: Any) -> Message:
    return flex(bubble(*contents, **more))


def cards(*bubbles: Message) -> Message:
    return flex({"type": "carousel", "contents": list(bubbles)})


def words(said: str = "ข้อความ", **more: Any) -> Message:
    return {"type": "text", "text": said, **more}


def picture(**more: Any) -> Message:
    return {"type": "image", "url": HTTPS, **more}


def button(label: str = "กด", **more: Any) -> Message:
    return {"type": "button", "action": say(label), **more}


def film(**more: Any) -> Message:
    return {"type": "video", "url": HTTPS, "previewUrl": HTTPS, "altContent": picture(), **more}


def video(**more: Any) -> Message:
    return {"type": "video", "originalContentUrl": HTTPS, "previewImageUrl": HTTPS, **more}


def place(**more: Any) -> Message:
    here = {"title": "ศาลากลาง", "address": "เมืองเชียงราย", "latitude": 19.9, "longitude": 99.8}
    return {"type": "location", **here, **more}


def sound(**more: Any) -> Message:
    return {"type": "audio", "originalContentUrl": HTTPS, "duration": 1000, **more}


def area(**more: Any) -> Message:
    return {"x": 0, "y": 0, "width": 10, "height": 10, **more}


def imagemap(*actions: Message, width: int = 1040, **more: Any) -> Message:
    size = {"width": width, "height": 700}
    return {
        "type": "imagemap", "baseUrl": "https://example.org/map", "altText": "แผนที่", "baseSize": size,
        "actions": list(actions), **more,
    }  # fmt: skip


def spot(said: str = "ตรงนี้", **more: Any) -> Message:
    return {"type": "message", "text": said, "area": area(), **more}


def film_on_map(label: str) -> Message:
    shown = {"externalLink": {"linkUri": HTTPS, "label": label}}
    return imagemap(video={"originalContentUrl": HTTPS, "previewImageUrl": HTTPS, "area": area(), **shown})


def gradient(**more: Any) -> Message:
    background = {"type": "linearGradient", "angle": "45deg", "startColor": "#ffffff", "endColor": "#000000", **more}
    return flex(bubble(box(background=background)))
