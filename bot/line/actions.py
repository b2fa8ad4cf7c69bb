"""Our buttons as LINE's actions.

What LINE would refuse and nobody can make right is left out, and the log says so: a link that LINE does not take, data
that is missing, too long or no text, a button without any words. The rest of the answer still reaches its citizen, who
would lose all of it to an exception; and whoever runs the bot sees what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot import logs
from bot.line import limits
from bot.line.cutting import clean, clean_line, shorten, shorten_label
from bot.line.links import fit_address
from bot.messages import Action, Link, Press, Say

log = logs.get(__name__)


class _Unfit(Exception):
    """LINE refuses it, whatever we do."""


def write_actions(actions: Iterable[Action], *, label_graphemes: int) -> list[dict[str, Any]]:
    """Those that can be made right, in their order."""
    written = []
    for action in actions:
        try:
            written.append(_write(action, label_graphemes))
        except _Unfit as unfit:
            log.warning("line.left_out", part=type(action).__name__.lower(), why=str(unfit))
    return written


def _write(action: Action, label_graphemes: int) -> dict[str, Any]:
    label = clean_line(action.label)
    match action:
        case Say():
            words = clean(action.text) or label
            kind = {"type": "message", "text": _shown(words)}
        case Press():
            words = clean(action.shown) or label
            kind = {"type": "postback", "data": _fit_data(action.data), "displayText": _shown(words)}
        case Link():
            words = _fit_address(action.uri)
            kind = {"type": "uri", "uri": words}
    label = label or clean_line(words)
    if not label:
        raise _Unfit("it has no words")
    return {**kind, "label": shorten_label(label, label_graphemes)}


def _shown(text: str) -> str:
    return shorten(text, units=limits.SHOWN_TEXT_UNITS, graphemes=limits.SHOWN_TEXT_GRAPHEMES)


def _fit_data(data: str) -> str:
    """Data cannot be cut: it is signed. Without any, nobody would know what was pressed."""
    if not data or limits.utf16_units(data) > limits.POSTBACK_DATA_UNITS:
        raise _Unfit(f"its data has {limits.utf16_units(data)} characters")
    if any("\ud800" <= character <= "\udfff" for character in data):
        raise _Unfit("its data is no text")
    return data


def _fit_address(address: str) -> str:
    fitted = fit_address(address)
    if fitted is None:
        raise _Unfit("LINE takes no such address")
    return fitted
