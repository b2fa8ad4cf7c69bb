"""The pages that anybody may open, hung into the web application."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response

from bot.web import pages, quiet_logs
from bot.web.certificates import certificate_checks, certificate_files
from bot.web.my_data import my_data
from bot.web.notice_pictures import pictures
from bot.web.pages import Grounds
from bot.web.privacy_notice import privacy_notice
from bot.web.public_events import public_events
from bot.web.tickets import tickets

BLUEPRINTS = (public_events, tickets, certificate_files, certificate_checks, pictures, privacy_notice, my_data)
BEGINNINGS = ("/e/", "/t/", "/c/", "/n/", "/me/")


def install(app: Flask, grounds: Grounds) -> None:
    quiet_logs.install()
    for make in BLUEPRINTS:
        app.register_blueprint(make(grounds))


def error_pages(grounds: Grounds) -> dict[str, Callable[[int], Response]]:
    """By the beginning of the path, for bot.web.errors."""
    return dict.fromkeys(BEGINNINGS, pages.error_page(grounds))
