"""How a message's time grows with its length, whatever it consists of: texts made to be slow, and a drawing.

`python -m bot.bench.growth docs/growth.svg` measures on the shipped content and draws.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from knowledge.catalogue import SHIPPED, Catalogue, load_catalogue
from knowledge.matcher import Matcher
from knowledge.model import train

LENGTHS = (100, 300, 1_000, 2_000, 3_000, 4_000, 5_000)
MEASURED = 5
THAI_MARKS = "".join(map(chr, (0x0E31, *range(0x0E34, 0x0E3B), *range(0x0E47, 0x0E4F))))


class Decides(Protocol):
    def decide(self, text: str) -> object: ...


def texts(catalogue: Catalogue) -> Mapping[str, str]:
    """What to repeat until it is long enough, by name: people's sentences, and what is meant to be slow."""
    chance = random.Random(1)  # noqa: S311 - made-up texts
    variants = [text for entry in catalogue.entries.values() for text in entry.variants]
    some = chance.sample(variants, min(len(variants), 200))
    longest = sorted(catalogue.lexicon.known_words, key=lambda word: (-len(word), word))[:30]
    crisis = [phrase for entry in catalogue.entries.values() for phrase in entry.phrases]
    return {
        "sentences": " ".join(some),
        "sentences without spaces": "".join(some).replace(" ", ""),
        "one letter": "ก",
        "one Latin letter": "a",
        "spaces": " ",
        "zero width": "\u200b",
        "zero width between": "ก\u200b",
        "Thai marks": THAI_MARKS,
        "one Thai mark": "\u0e48",
        "Latin with marks": "a\u0301\u0302",
        "digits": "1234567890",
        "Thai digits": "๗",
        "mixed scripts": "กa1ขb2中ي😀",
        "longest words": "".join(longest),
        "emergencies": "".join(crisis) or "ช่วยด้วย",
        "emergencies denied": "ไม่อยากตาย",
        "dying of": "หิวจะ",
        "question marks": "?",
        "questions": "ไปไหนคะ?",
        "new lines": "\n",
        "lines": "เปิดกี่โมง\n",
        "connecting words": "และ",
        "many cuts": "รอกอกนอน",
        "dots": "ก.",
        "letters apart": "ก ",
        "split am": "\u0e4d\u0e48\u0e32",
        "phrases in a letter": "\ufdfa",
        "squared words": "\u3316",
        "any Thai": "".join(chr(chance.randint(0x0E01, 0x0E4E)) for _ in range(5_000)),
        "any letters": "".join(chr(chance.randint(0x20, 0x2FFF)) for _ in range(5_000)),
    }


def of_length(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def milliseconds(matcher: Decides, text: str, *, times: int = MEASURED) -> float:
    """Of processor time: the median of some tries. A busy machine then disturbs it little."""
    taken = []
    for _ in range(times):
        started = time.thread_time()
        matcher.decide(text)
        taken.append((time.thread_time() - started) * 1000)
    return statistics.median(taken)


Line = Sequence[tuple[int, float]]


def measure(matcher: Decides, catalogue: Catalogue) -> dict[str, Line]:
    return {
        name: [(length, milliseconds(matcher, of_length(text, length))) for length in LENGTHS]
        for name, text in texts(catalogue).items()
    }


WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 760, 420, 60, 40, 50, 190
NAMED = 6
COLOURS = ("#1f5fa8", "#b3541e", "#2b7a3d", "#7a3d8f", "#8a6d00", "#a8324a")


def draw(lines: Mapping[str, Line], *, limit_ms: float = 50.0) -> str:
    """An SVG: length to the right, milliseconds upwards; the slowest lines are named, the others grey."""
    top = max(limit_ms, *(ms for line in lines.values() for _, ms in line)) * 1.1

    def point(length: float, ms: float) -> tuple[float, float]:
        across = LEFT + length / LENGTHS[-1] * (WIDTH - LEFT - RIGHT)
        return round(across, 1), round(HEIGHT - BOTTOM - ms / top * (HEIGHT - TOP - BOTTOM), 1)

    def path(line: Line, colour: str, extra: str = "") -> str:
        points = " ".join(f"{x},{y}" for x, y in (point(*at) for at in line))
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"{extra}/>'

    slowest = sorted(lines, key=lambda name: -lines[name][-1][1])
    parts = [
        _text(LEFT, 22, "One decision by length of the message: milliseconds of one core, median of five", size=14)
    ]
    parts += [path(lines[name], "#c8c8c8") for name in slowest[NAMED:]]
    parts += [path(lines[name], colour) for name, colour in zip(slowest, COLOURS, strict=False)]
    parts.append(path([(0, limit_ms), (LENGTHS[-1], limit_ms)], "#555", ' stroke-dasharray="5 4"'))
    parts += [_text(LEFT - 34, point(0, ms)[1] + 4, str(ms)) for ms in range(0, int(top) + 1, 10)]
    parts += [_text(point(length, 0)[0] - 14, HEIGHT - BOTTOM + 18, str(length)) for length in LENGTHS[::2]]
    parts.append(_text(LEFT, HEIGHT - 10, f"letters; grey: {len(lines) - NAMED} other kinds of text; dashed: the aim"))
    for place, (name, colour) in enumerate(zip(slowest, COLOURS, strict=False)):
        label = f"{name}: {lines[name][-1][1]:.0f} ms"
        parts.append(_text(WIDTH - RIGHT + 8, TOP + 40 + 20 * place, label, colour=colour))
    body = "\n".join(parts)
    frame = f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
    return f'<svg {frame}>\n<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'


def _text(x: float, y: float, text: str, *, size: int = 12, colour: str = "#333") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}">{text}</text>'


def main(file: str) -> None:
    catalogue = load_catalogue(SHIPPED)
    matcher = Matcher(catalogue, train(catalogue))
    matcher.decide("สวัสดีค่ะ")
    lines = measure(matcher, catalogue)
    Path(file).write_text(draw(lines), "utf-8")
    for name, line in sorted(lines.items(), key=lambda item: -item[1][-1][1]):
        print(f"{name:26}" + "".join(f"{ms:>8.1f}" for _, ms in line))


if __name__ == "__main__":
    main(*sys.argv[1:])
