"""The one place where exceptions become HTTP answers: a short word outside, everything in our own log."""

from __future__ import annotations

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from bot import logs

log = logs.get(__name__)


def install(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def _expected(error: HTTPException) -> Response:
        return Response(f"{error.code} {error.name}\n", status=error.code, content_type="text/plain; charset=utf-8")

    @app.errorhandler(Exception)
    def _unexpected(_error: Exception) -> Response:
        log.exception("web.failed")
        return Response("500 Internal Server Error\n", status=500, content_type="text/plain; charset=utf-8")

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        return response
