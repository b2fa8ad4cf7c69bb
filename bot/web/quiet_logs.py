"""Addresses of tickets and of people's own data, kept out of the server's own logs: whoever knows one, has it."""

from __future__ import annotations

import logging
import re

LOGGERS = ("gunicorn.access", "gunicorn.error", "werkzeug")
_TICKET = re.compile(r"(/(?:t|me)/)[^\s/?#\"'\\]+")


class HideTickets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = without_tickets(said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True


def without_tickets(text: str) -> str:
    return _TICKET.sub(r"\1…", text)


def install() -> None:
    """Safe to call again."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, HideTickets) for one in logger.filters):
            logger.addFilter(HideTickets())
