"""/n/<token>.jpg: the pictures of notices, for LINE and for whoever got the notice."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort

from bot.notices.pictures import is_path
from bot.storage import notice_pictures
from bot.web.pages import Grounds, blueprint, say_no

KEPT: Final = "public, max-age=604800, immutable"


def pictures(grounds: Grounds) -> Blueprint:
    pages = blueprint("notice_pictures", grounds, prefix="/n")

    @pages.get("/<token>.jpg")
    def picture(token: str) -> Response:
        with grounds.database.reading() as db:
            body = notice_pictures.find_body(db, token) if is_path(f"/n/{token}.jpg") else None
        if body is None:
            abort(say_no(grounds, "fault.page", "fault.page_more", status=404))
        response = Response(body, content_type="image/jpeg")
        response.headers["Cache-Control"] = KEPT
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # a chat shows it on a page of its own
        return response

    return pages
