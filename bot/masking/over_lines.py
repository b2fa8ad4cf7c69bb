"""One number that somebody wrote over two or three lines. Two numbers on two lines stay two."""

from __future__ import annotations

import re

from bot.masking.numbers import FEWEST_DIGITS, IDENTITY, NUMBER, PHONE, Say, counts_something, is_of_a_bank, whole_kind

_PIECE = r"[+(]{0,2}[0-9](?:[ .\-–()]{0,3}[0-9]){0,15}+"
_BREAK = r"[ \u00a0\-–)]{0,3}\n[ \u00a0\-–]{0,3}"
_STACK = re.compile(rf"(?<![0-9]){_PIECE}(?:{_BREAK}{_PIECE})+(?![0-9])")
_BREAKS = re.compile(_BREAK)
_CLOCK_OR_DAY = re.compile(r"[0-9]{1,2}\.[0-9]{2}|[0-9]{1,2}[.\-][0-9]{1,2}[.\-][0-9]{2,4}|(?:19|20|24|25)[0-9]{2}")
_POINT = re.compile("[ .\\-–]+")
_PHONE_BEGINS = re.compile(r"\(?0[0-9]|\+|\(?66")
_LOOK_BACK, _LOOK_AHEAD = 48, 16
_MOST_LINES, _FEWEST_LAST, _FEWEST_GROUPS = 3, 3, 4


def mask_over_lines(text: str, *, say: Say = str) -> str:
    def masked(found: re.Match[str]) -> str:
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        after = text[found.end() : found.end() + _LOOK_AHEAD]
        return _joined(found[0], before, after, say)

    return _STACK.sub(masked, text) if "\n" in text else text


def _joined(stack: str, before: str, after: str, say: Say) -> str:
    lines, breaks = _BREAKS.split(stack), _BREAKS.findall(stack)
    result, at = "", 0
    while at < len(lines):
        kind, taken = "", 1
        for taken in range(min(_MOST_LINES, len(lines) - at), 1, -1):
            last = at + taken == len(lines)
            if not (last and counts_something(after)):
                kind = _kind(lines[at : at + taken], before if at == 0 else "", after if last else "")
            if kind:
                break
        else:
            taken = 1
        result += say(kind) if kind else lines[at]
        at += taken
        result += breaks[at - 1] if at < len(lines) else ""
    return result


def _kind(lines: list[str], before: str, after: str) -> str:
    if any(map(_CLOCK_OR_DAY.fullmatch, lines)):
        return ""
    number = _POINT.sub("-", "-".join(lines))
    kind = whole_kind(number)
    if kind != IDENTITY and any(sum(map(str.isdigit, line)) >= FEWEST_DIGITS for line in lines):
        return ""
    if kind == PHONE:
        return kind if _PHONE_BEGINS.match(number) and len(number.split("-")[-1]) >= _FEWEST_LAST else ""
    if kind == NUMBER:
        return kind if number.count("-") + 1 >= _FEWEST_GROUPS or is_of_a_bank(before, after) else ""
    return kind
