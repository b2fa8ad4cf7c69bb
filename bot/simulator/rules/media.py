"""Stickers, pictures, films, sounds, places and coupons."""

from __future__ import annotations

import re

from bot.simulator.rules.node import Node

_DIGITS = re.compile(r"[0-9]{1,20}")
_TRACKING_ID = re.compile(r"[A-Za-z0-9\-.=,+*()%$&;:@{}!?<>\[\]]{1,100}")
_DELIVERY_TAG = re.compile(r"[A-Za-z0-9_]{1,30}")


def check_sticker(message: Node) -> None:
    message.matching("packageId", "sticker-id", _DIGITS, required=True)
    message.matching("stickerId", "sticker-id", _DIGITS, required=True)
    message.get("quoteToken", str)


def check_image(message: Node) -> None:
    message.url("originalContentUrl", of_picture=True)
    message.url("previewImageUrl", of_picture=True)


def check_video(message: Node) -> None:
    message.url("originalContentUrl")
    message.url("previewImageUrl")
    message.matching("trackingId", "video-tracking-id", _TRACKING_ID)


def check_audio(message: Node) -> None:
    message.url("originalContentUrl")
    message.whole("duration", "audio-duration", least=1, required=True)


def check_location(message: Node) -> None:
    message.text("title", "location-title", most=100)
    message.text("address", "location-address", most=100)
    message.number("latitude", "location-position", least=-90, most=90)
    message.number("longitude", "location-position", least=-180, most=180)


def check_coupon(message: Node) -> None:
    message.text("couponId", "coupon-id", most=100)
    message.matching("deliveryTag", "coupon-tag", _DELIVERY_TAG)
