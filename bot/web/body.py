"""Reading a request's body: so many bytes, in so many seconds, and no more.

A sender that drips is cut off, so that it cannot keep a thread. The server's own part, until the body begins, is in
`bot.web.server`.
"""

from __future__ import annotations

import time
from typing import Any, Final

PATIENCE_SECONDS: Final = 8.0
CHUNK: Final = 65_536


class BodyRefused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_body(environ: dict[str, Any], *, most: int) -> bytes:
    """The whole body. Raises BodyRefused: 411 without a length, 413 when too long, 408 when too slow, 400 when cut."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        raise BodyRefused(411)
    declared = environ.get("CONTENT_LENGTH") or ""
    if not (declared.isascii() and declared.isdigit()):
        raise BodyRefused(411)
    length = int(declared)
    if length > most:
        raise BodyRefused(413)
    body = _read(environ, length)
    done = environ.get("civicbot.request_read")
    if done is not None:
        done()
    return body


def _read(environ: dict[str, Any], length: int) -> bytes:
    stream = environ["wsgi.input"]
    deadline = time.monotonic() + PATIENCE_SECONDS
    parts: list[bytes] = []
    missing = length
    while missing:
        try:
            part = stream.read(min(missing, CHUNK))
        except OSError as error:  # the socket's time limit, or the server's watch, ended it
            raise BodyRefused(408) from error
        if not part:
            raise BodyRefused(408 if time.monotonic() > deadline else 400)
        parts.append(part)
        missing -= len(part)
        if time.monotonic() > deadline and missing:
            raise BodyRefused(408)
    return b"".join(parts)
