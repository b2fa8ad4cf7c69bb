"""The one place where exceptions become HTTP answers: a short word outside, everything in our own log."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot import logs

log = logs.get(__name__)


Page = Callable[[int], Response]


def install(app: Flask, *, pages: dict[str, Page] | None = None) -> None:
    """`pages` says, by the beginning of a path, how an error is shown to whoever looks at pages there."""

    def tell(status: int, name: str) -> Response:
        for beginning, page in (pages or {}).items():
            if request.path.startswith(beginning):
                return page(status)
        return Response(f"{status} {name}\n", status=status, content_type="text/plain; charset=utf-8")

    @app.errorhandler(HTTPException)
    def _expected(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or error.code is None:
            return error.get_response()
        return tell(error.code, error.name)

    @app.errorhandler(Exception)
    def _unexpected(_error: Exception) -> Response:
        log.exception("web.failed")
        return tell(500, "Internal Server Error")

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        return response
