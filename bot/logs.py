"""Structured logs: one JSON object a line, personal data kept out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot import masking

Event = MutableMapping[str, Any]

_in_every_line: dict[str, str] = {}


def put_in_every_line(**fields: str) -> None:
    """From now on every line of this process has these fields, those of libraries too."""
    _in_every_line.update(fields)


def _add_common(_logger: object, _name: str, event: Event) -> Event:
    return {**_in_every_line, **event}


_REQUEST_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""LINE's. Its digits may look like a telephone number's, and LINE's support asks for it as it is."""


def _mask(_logger: object, _name: str, event: Event) -> Event:
    return {key: _masked(key, value) if isinstance(value, str) else value for key, value in event.items()}


def _masked(key: str, value: str) -> str:
    if key == "request_id" and _REQUEST_ID.fullmatch(value):
        return value
    return masking.mask_for_logs(value)


def configure(*, level: str = "INFO", as_json: bool = True) -> None:
    """Sends our own logs and those of libraries to stderr. Safe to call again."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_common,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("urllib3", "alembic", "huey", "linebot", "fpdf", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get(name: str) -> Any:  # noqa: ANN401 - structlog's own loggers are typed Any
    return structlog.stdlib.get_logger(name)
