"""Whatever in a text a phone could turn into a link, and a text that only looks like one now and then."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import regex

from bot.notices.link_lists import ENDINGS, FILES, SCHEMES, SHORTENERS, TITLES
from bot.notices.link_reading import fold, split

MOST_FOUND = 1_000
"""More than a notice can hold. So many are found, in a text however long."""


@dataclass(frozen=True, slots=True)
class Found:
    """`text` as it stands there, `host` with its disguise taken off, `address` what is to be judged."""

    text: str
    host: str
    address: str


_NO_BLANKS = r"[[\w\p{M}%s]--[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]"
_RUN = regex.compile(_NO_BLANKS % r".@%+\-" + "++", regex.V1)
"""Thai and its neighbours are written without blanks: an address may begin right behind them."""
_THAI_RUN = regex.compile(r"[\p{L}\p{M}\p{N}.\-]++")
_PIECE = regex.compile(r"[^.]++(?:\.[^.]++)*+")
_SCHEME = regex.compile(
    r"(?i:https?):(?=[/\\]*[^\s/\\])|[A-Za-z][A-Za-z0-9+\-]{0,30}:(?=//)|tel:(?=[+0-9(])"
    rf"|(?:{'|'.join(SCHEMES)}):(?=\S)"
)
_REST = regex.compile(r"""[/\\]*+[^\s/\\?#,;!()<>"'“”‘’«»]*+(?:[/\\?#][^\s<>"“”«»]*+)?""")
_TAIL = regex.compile(r"""(?::\d{1,5}(?!\d))?(?:[/\\?#][^\s<>"“”«»]*+)?""")
_THAI = regex.compile(r"[\p{Script=Thai}]+")
_NUMBERS = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_DRESSED_UP = re.compile(r"\.(?:com|net|org|gov|edu|(?:go|or|ac|co|in|mi|net)\.th)$", re.IGNORECASE)
_CLOSING = "\"'”’)]>"
_ENDS_A_SENTENCE = ".,;:!?…'’‘*_~|"
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「", "』": "『"}
_THAI_COUNTRY = ".ไทย"


def find_links(text: str) -> list[Found]:
    """In their order. An address of e-mail is none; `Tel:` and `LINE:` before a number or a name are words."""
    folded, places = fold(text)
    spans = sorted(islice(_spans(folded), MOST_FOUND))
    return [_found(text[places[begin] : places[end - 1] + 1], folded[begin:end]) for begin, end in spans]


def _found(text: str, folded: str) -> Found:
    with_scheme = _SCHEME.match(folded) is not None
    parts = split(folded if with_scheme else f"https://{folded}")
    return Found(text, parts.host if parts.is_web else "", text if with_scheme else f"https://{text}")


def _spans(folded: str) -> Iterator[tuple[int, int]]:
    taken = [(0, 0)]
    for found in _SCHEME.finditer(folded):
        if found.start() >= taken[-1][1]:
            end = _trimmed(folded, found.end(), _REST.match(folded, found.end()))
            taken.append((found.start(), end))
    yield from taken[1:]
    taken.append((len(folded), len(folded)))
    for (_, begin), (end, _) in pairwise(taken):
        yield from _without_scheme(folded, begin, end)


def _without_scheme(folded: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    upto = begin
    for start, stop in _thai_hosts(folded, begin, end):
        yield from _bare(folded, upto, start)
        yield start, stop
        upto = stop
    yield from _bare(folded, upto, end)


def _thai_hosts(folded: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """`ศูนย์.ไทย`: the one ending that is not of Latin letters and that we meet."""
    if _THAI_COUNTRY not in folded:
        return
    for run in _THAI_RUN.finditer(folded, begin, end):
        host = run[0].strip(".-")
        start = run.start() + len(run[0]) - len(run[0].lstrip(".-"))
        if host.endswith(_THAI_COUNTRY):
            stop = start + len(host)
            yield start, min(_trimmed(folded, stop, _TAIL.match(folded, stop)), end)


def _bare(folded: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(folded, begin, end):
        if "." not in run[0]:
            continue
        for piece in _PIECE.finditer(folded, run.start(), run.end()):
            start, stop = _bounds(piece)
            at_end = stop == run.end()
            last = _trimmed(folded, stop, _TAIL.match(folded, stop, end) if at_end else None)
            host = _host_begins(folded, piece.start(), start, stop, follows=last > stop, begin=begin)
            if host is None:
                continue
            glued = _THAI.match(folded, stop, end) if at_end and last == stop else None
            if glued:
                last = _trimmed(folded, glued.end(), _TAIL.match(folded, glued.end(), end))
            yield host, last


def _host_begins(folded: str, edge: int, start: int, stop: int, *, follows: bool, begin: int) -> int | None:
    """None where it is no host: `edge` is where the piece begins, signs and all, `begin` how far back one may look."""
    words = folded[start:stop]
    if "." in words:
        return start if _is_host(words, follows=follows, named=_is_named(folded, edge, start)) else None
    if start > begin and folded[start - 1] == "." and _is_ending(words):  # `ศูนย์.com`
        first = _start_of_word(folded, start - 1, begin)
        return first if first < start - 1 else None
    return None


def _bounds(piece: regex.Match[str]) -> tuple[int, int]:
    """Without the signs at its edges."""
    words = piece[0]
    start = piece.start() + len(words) - len(words.lstrip("-_%+@"))
    return start, piece.end() - (len(words) - len(words.rstrip("-_%+@")))


def _is_named(folded: str, begin: int, start: int) -> bool:
    """Whether it is the name of an account, as `@civic.cr` is: right behind an @ at the beginning of a word."""
    return start == begin + 1 and folded[begin] == "@" and (begin == 0 or folded[begin - 1] not in _CLOSING)


def _is_host(words: str, *, follows: bool, named: bool) -> bool:
    """Whether a phone may take it for an address. In doubt it may."""
    before, at, place = words.rpartition("@")
    labels = place.split(".")
    if _NUMBERS.fullmatch(place):
        return all(int(label) < 256 for label in labels)
    ending = labels[-1].lower()
    if len(labels) < 2 or not labels[-2] or len(ending) < 2 or not (ending.isalpha() or ending.startswith("xn--")):
        return False
    if at:  # of e-mail, unless it is dressed up as another address
        return follows or "@" in before or "%" in before or _DRESSED_UP.search(before) is not None
    if follows or (_is_ending(ending) and not (named and len(ending) == 2 and ending != "th")):
        return True
    return not (named or ending in FILES or _is_ordinary(labels))


def _is_ending(label: str) -> bool:
    return label.lower() in ENDINGS or (len(label) == 2 and label.isascii() and label.isalpha())


def _is_ordinary(labels: Sequence[str]) -> bool:
    """`1.Zoom`, `Mr.Smith`, `J.Smith`: a blank is missing, and nobody takes it for an address."""
    first = labels[0]
    if len(labels) != 2 or ".".join(labels).lower() in SHORTENERS:
        return False
    return first.lower() in TITLES or (len(first) <= 2 and first.isdecimal()) or (len(first) == 1 and first.isupper())


def _start_of_word(folded: str, dot: int, begin: int) -> int:
    start = dot
    while start > begin and unicodedata.category(folded[start - 1])[0] in "LMNS":
        start -= 1
    return start


def _trimmed(folded: str, begin: int, rest: regex.Match[str] | None) -> int:
    """Where the address ends: without the signs that end a sentence, and brackets that were not opened in it."""
    end = rest.end() if rest else begin
    open_ones: dict[str, int] = {}
    while end > begin:
        last = folded[end - 1]
        if last in _BRACKETS:
            if last not in open_ones:
                words = folded[begin:end]
                open_ones[last] = words.count(last) - words.count(_BRACKETS[last])
            if open_ones[last] <= 0:
                break
            open_ones[last] -= 1
        elif last not in _ENDS_A_SENTENCE:
            break
        end -= 1
    return end
