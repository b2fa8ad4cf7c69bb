"""As much of a name as a page may show that others see too."""

from __future__ import annotations

TITLES = frozenset({
    "นาย", "นาง", "นางสาว", "น.ส.", "ด.ช.", "ด.ญ.", "เด็กชาย", "เด็กหญิง", "ครู", "อาจารย์", "ดร.", "คุณ",
    "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr.",
})  # fmt: skip


def first_name(name: str) -> str:
    """With its title: `นายสมชาย` of `นายสมชาย ใจดี`, `Mr. John` of `Mr. John Smith`."""
    words = name.split()
    count = 2 if words and words[0].lower() in TITLES else 1
    return " ".join(words[:count])


def partly(name: str) -> str:
    """Enough to compare with a name that one has before one's eyes, and not to learn it: `สมชาย ใ…`."""
    first = first_name(name)
    rest = " ".join(name.split())[len(first) :].strip()
    if rest:
        return f"{first} {rest[0]}…"
    *titles, only = first.split() or [""]
    return " ".join([*titles, f"{only[: (len(only) + 1) // 2]}…"])
