"""/privacy: the whole privacy notice, for anybody."""

from __future__ import annotations

from flask import Blueprint, Response

from bot.outreach.audience import NOTICE_VERSION
from bot.privacy import notice
from bot.web.pages import FOR_A_MINUTE, Grounds, blueprint, centre, language, render


def privacy_notice(grounds: Grounds) -> Blueprint:
    pages = blueprint("privacy_notice", grounds, prefix="/privacy", private=False)

    @pages.get("")
    def show() -> Response:
        built = notice.build(
            grounds.settings, language=language(), centre=centre(grounds), version=NOTICE_VERSION
        )  # fmt: skip
        response = render(grounds, "privacy.html", notice=built)
        response.headers["Cache-Control"] = FOR_A_MINUTE
        return response

    return pages
