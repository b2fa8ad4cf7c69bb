"""What all public pages share: their language and words, their headers, and how they say that a thing is not there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from importlib import resources
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from bot import clock, logs
from bot.faq.library import Library
from bot.settings import Settings
from bot.storage.engine import Database
from bot.vault import Vault
from bot.web import wording
from bot.web.guesses import Guesses
from bot.web.wording import ENGLISH, THAI
from knowledge.pack import Pack

log = logs.get(__name__)

STYLE: Final = "public.css"
NO_STORE: Final = "no-store"
FOR_A_MINUTE: Final = "public, max-age=60"
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": NO_STORE,
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What every public page works with. `line_id` is the official account's basic id, `@…`, where it is known."""

    settings: Settings
    database: Database
    vault: Vault
    library: Library
    guesses: Guesses
    now: Callable[[], datetime] = clock.now
    line_id: str = ""


def blueprint(name: str, grounds: Grounds, *, prefix: str, private: bool = True, static: bool = False) -> Blueprint:
    """`private`: search engines are asked to leave its pages alone. One of them serves the style for all."""
    pages = Blueprint(
        name, __name__, url_prefix=prefix, template_folder="templates",
        static_folder="static" if static else None, static_url_path="/-" if static else None,
    )  # fmt: skip

    @pages.after_request
    def _protect(response: Response) -> Response:
        return protected(response, private=private)

    @pages.errorhandler(SQLAlchemyError)
    def _no_database(error: SQLAlchemyError) -> Response:
        """Its own words would hold what was looked for: a ticket's address."""
        log.error("public.database", error=type(error).__name__)
        return say_no(grounds, "fault.title", "fault.more", status=503)

    return pages


def protected(response: Response, *, private: bool) -> Response:
    """A header that a page has set for itself stays."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if private:
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint and request.endpoint.endswith(".static") and response.status_code in {200, 304}:
        response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def language() -> str:
    return ENGLISH if request.args.get("lang") == ENGLISH else THAI


def is_english() -> bool:
    return language() == ENGLISH


def say(key: str, **facts: object) -> str:
    return wording.say(language(), key, **facts)


def render(grounds: Grounds, template: str, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
    tongue = language()
    words = {
        "say": partial(wording.say, tongue),
        "lang": tongue,
        "other_lang": THAI if tongue == ENGLISH else ENGLISH,
        "kept": {"lang": ENGLISH} if tongue == ENGLISH else {},
        "centre": centre(grounds),
        "style": url_for("public_events.static", filename=STYLE, v=_style_version()),
    }
    return make_response(render_template(f"web/{template}", **words, **values), status)


def say_no(grounds: Grounds, title: str, more: str, *, status: int) -> Response:
    """A page that says kindly what is not there; the sentences by their keys."""
    return render(grounds, "notice.html", status=status, title=say(title), more=say(more))


def error_page(grounds: Grounds) -> Callable[[int], Response]:
    """How an error looks where no page of ours caught it."""

    def page(status: int) -> Response:
        keys = ("fault.title", "fault.more") if status >= 500 else ("fault.page", "fault.page_more")
        return protected(say_no(grounds, *keys, status=status), private=True)

    return page


def find_pack(grounds: Grounds) -> Pack | None:
    try:
        return grounds.library.current().catalogue.pack
    except Exception:  # noqa: BLE001 - a ticket without the centre's name is better than none
        return None


def centre(grounds: Grounds) -> str:
    pack = find_pack(grounds)
    return pack.centre.get(language()) or pack.centre[THAI] if pack is not None else say("page.centre")


@cache
def _style_version() -> str:
    """A new release's style is not the one that a telephone has kept."""
    return hashlib.sha256(resources.files(__package__).joinpath("static", STYLE).read_bytes()).hexdigest()[:8]
