"""The phone: a page on which one chats with the bot as any person, and looks under the bonnet meanwhile.

Everything it shows comes from the control API over HTTP; this blueprint only serves the page and its files, and a
second page on which several phones lie side by side.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from bot.simulator.state import BOT_USER_ID

ACCOUNT_NAME = "ศูนย์พัฒนาการเมืองภาคพลเมือง"
"""The same that `GET /v2/bot/info` gives."""

PICTURES = "'self' data: https:"
"""Pictures and films in a message are fetched by the phone from wherever the bot keeps them, as LINE does."""
LOOPBACK_PICTURES = "http://127.0.0.1:* http://localhost:*"
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


def build_phone(*, loopback_pictures: bool) -> Blueprint:
    phone = Blueprint(
        "phone",
        __name__,
        url_prefix="/simulator",
        template_folder="templates",
        static_folder="static",
        static_url_path="/phone-static",
    )
    policy = _policy(f"{PICTURES} {LOOPBACK_PICTURES}" if loopback_pictures else PICTURES)

    @phone.get("/phone")
    def show() -> str:
        return render_template(
            "phone.html", account_name=ACCOUNT_NAME, account_id=BOT_USER_ID, loopback_pictures=loopback_pictures
        )

    @phone.get("/phones")
    def show_several() -> str:
        return render_template("phones.html", account_name=ACCOUNT_NAME)

    @phone.after_request
    def protect(response: Response) -> Response:
        response.headers.update({**HEADERS, "Content-Security-Policy": policy})
        return response

    return phone


def _policy(pictures: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            f"img-src {pictures}",
            "media-src 'self' https:",
            # The page of several phones shows the page of one, and nobody else may.
            "frame-src 'self'",
            "frame-ancestors 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            # With this the browser itself refuses innerHTML and its kin, whatever a message holds.
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
