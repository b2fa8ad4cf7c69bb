"""Our buttons as LINE's actions.

What LINE would refuse and nobody can make right is left out, and the log says so: a link that LINE does not take, data
that is missing, too long or no text, a button without any words. The rest of the answer still reaches its citizen, who
would lose all of it to an exception; and whoever runs the bot sees what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot import logs
from bot.line import limits
from bot.line.cutting import clean, clean_line, shorten, shorten_label
from bot.line.links import fit_address
from bot.messages import Action, AskLocation, Copy, Link, PickDate, Press, Say

log = logs.get(__name__)

_MOMENTS = {
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "%Y-%m-%d"),
    "time": (re.compile(r"[0-9]{2}:[0-9]{2}"), "%H:%M"),
    "datetime": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"), "%Y-%m-%dT%H:%M"),
}


class _Unfit(Exception):
    """LINE refuses it, whatever we do."""


def write_actions(
    actions: Iterable[Action], *, label_graphemes: int, as_quick_replies: bool = False
) -> list[dict[str, Any]]:
    """Those that can be made right, in their order."""
    written = []
    for action in actions:
        try:
            if isinstance(action, AskLocation) and not as_quick_replies:
                raise _Unfit("only a quick reply may ask for it")
            written.append(_write(action, label_graphemes))
        except _Unfit as unfit:
            log.warning("line.left_out", part=type(action).__name__.lower(), why=str(unfit))
    return written


def _write(action: Action, label_graphemes: int) -> dict[str, Any]:
    label, words, kind = clean_line(action.label), "", {}
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
        case Copy():
            words = _fit_copied(action.text)
            kind = {"type": "clipboard", "clipboardText": words}
        case PickDate():
            kind = {"type": "datetimepicker", "data": _fit_data(action.data), "mode": action.mode, **_bounds(action)}
        case AskLocation():
            kind = {"type": "location"}
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


def _fit_copied(text: str) -> str:
    """Not cut: half of a code, or of an account's number, is a wrong one."""
    words = clean(text)
    if not words or limits.utf16_units(words) > limits.COPY_UNITS:
        raise _Unfit(f"its text has {limits.utf16_units(words)} characters")
    return words


def _bounds(action: PickDate) -> dict[str, str]:
    """What LINE takes of where the picking begins, and of what can be picked. What the person picked has to be looked
    at in any case: a bound that makes no sense is left out, the button stays.
    """
    given = {"initial": action.initial, "min": action.min, "max": action.max}
    bounds = {name: value for name, value in given.items() if value is not None and _is_moment(value, action.mode)}
    if "min" in bounds and bounds["min"] >= bounds.get("max", "~"):
        del bounds["min"], bounds["max"]
    if not bounds.get("min", "") <= bounds.get("initial", "~") <= bounds.get("max", "~"):
        bounds.pop("initial", None)
    gone = [name for name, value in given.items() if value is not None and name not in bounds]
    if gone:
        log.warning("line.left_out", part="bounds", why=f"{', '.join(gone)} of a picker makes no sense")
    return bounds


def _is_moment(value: str, mode: str) -> bool:
    pattern, form = _MOMENTS[mode]
    if not pattern.fullmatch(value):
        return False
    try:
        moment = datetime.strptime(value, form)  # noqa: DTZ007 - LINE's pickers have no time zone
    except ValueError:
        return False
    return mode == "time" or limits.PICKER_YEARS[0] <= moment.year <= limits.PICKER_YEARS[1]


def _fit_address(address: str) -> str:
    fitted = fit_address(address)
    if fitted is None:
        raise _Unfit("LINE takes no such address")
    return fitted
