"""A page of fixed prose with measured parts between marks, and Markdown tables to put there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

END = "<!-- end -->"
_MARKED = re.compile(rf"(<!-- made by [^>\n]*: (\w+) -->\n).*?({re.escape(END)})", re.DOTALL)


def places(page: str) -> list[str]:
    """The names of the measured parts, in order."""
    return [match[2] for match in _MARKED.finditer(page)]


def refresh(page: str, made: Mapping[str, str]) -> str:
    """The page with its measured parts made anew; what stands outside the marks stays as it is.

    Raises ValueError unless the page has one place for each part.
    """
    if sorted(places(page)) != sorted(made):
        raise ValueError(f"The page has places for {sorted(places(page))}, not for {sorted(made)}.")
    return _MARKED.sub(lambda match: f"{match[1]}\n{made[match[2]].strip()}\n\n{match[3]}", page)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column holds names, the others figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
