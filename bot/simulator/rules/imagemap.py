"""Imagemaps: one picture with areas to tap."""

from __future__ import annotations

from bot.simulator.rules.node import Node, is_uri

WIDTH = 1040
ACTIONS = 50
ALT_TEXT_UNITS = 1500
SCHEMES = ("http", "https", "line", "tel")


def check_imagemap(message: Node) -> None:
    message.url("baseUrl")
    message.text("altText", "alt-text", most=ALT_TEXT_UNITS)
    size = message.child("baseSize", required=True)
    if size is not None:
        size.whole("width", "imagemap-width", least=WIDTH, most=WIDTH, required=True)
        size.whole("height", "imagemap-width", least=1, required=True)
    for action in message.children("actions", "imagemap-actions", least=0, most=ACTIONS):
        _check_action(action)
    _check_video(message.child("video"))


def _check_action(action: Node) -> None:
    kind = action.choice("type", "imagemap-action", {"message", "uri", "clipboard"}, required=True)
    action.text("label", "imagemap-label", most=100, least=0, required=False)
    _check_area(action.child("area", required=True))
    if kind == "message":
        action.text("text", "imagemap-text", most=400)
    elif kind == "clipboard":
        action.text("clipboardText", "clipboard-text", most=1000)
    elif kind == "uri":
        _check_link(action)


def _check_link(holder: Node) -> None:
    uri = holder.text("linkUri", "uri-length", most=1000)
    if uri is not None and not is_uri(uri, SCHEMES):
        holder.refuse("uri-scheme", "invalid uri scheme", "linkUri")


def _check_area(area: Node | None) -> None:
    if area is not None:
        for name in ("x", "y"):
            area.whole(name, "imagemap-area", least=0, required=True)
        for name in ("width", "height"):
            area.whole(name, "imagemap-area", least=1, required=True)


def _check_video(video: Node | None) -> None:
    if video is None:
        return
    video.url("originalContentUrl")
    video.url("previewImageUrl")
    _check_area(video.child("area", required=True))
    link = video.child("externalLink")
    if link is not None:
        _check_link(link)
        link.text("label", "imagemap-video-label", most=30)
