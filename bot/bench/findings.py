"""What was measured of the understanding, as the sections and drawings of docs/matching.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.bench.ablation import Row
from bot.bench.curves import BINS, Bin, Curve, Figures, calibration_error, reliability, with_value
from bot.bench.page import table
from bot.bench.plots import PENS, Axis, Line, Panel, draw
from knowledge import matcher
from knowledge.catalogue import Catalogue
from knowledge.evaluation import Report, Share

HELD_OUT = "held-out content"
FIGURES = ("right", "helped", "wrong", "false_answer", "asked")
SHORT = FIGURES[:4]
CONFUSIONS = 10
SAID_OF_SURE = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
SAID_OF_ASKING = (0.15, 0.2, 0.25, 0.3, 0.4)


@dataclass(frozen=True, slots=True)
class Measured:
    """Some messages with the matcher as it is, and with other thresholds."""

    name: str
    report: Report
    sure: Curve
    asking: Curve
    blind: bool = False
    conversations: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    content: Catalogue
    folds: int
    measured: Sequence[Measured]
    """The held-out content first."""
    parts: Sequence[Row]
    """The whole matcher first."""
    parts_trained_on: int
    """How many messages."""
    conversations: Sequence[Row]
    seconds: float
    """Of processor time."""

    @property
    def single(self) -> list[Measured]:
        """The messages that stand alone."""
        return [item for item in self.measured if not item.conversations]

    @property
    def told(self) -> list[Measured]:
        """Those of which more than figures may be told."""
        return [item for item in self.measured if not item.blind]


def sections(results: Results) -> dict[str, str]:
    """The measured parts of the page, by name."""
    return {
        "overview": _overview(results),
        "reliability": _reliability(results),
        "sure": _thresholds(results.single, [item.sure for item in results.single], SAID_OF_SURE, matcher.SURE, SHORT),
        "asking": _thresholds(
            results.single,
            [item.asking for item in results.single],
            SAID_OF_ASKING,
            matcher.WORTH_ASKING,
            ("helped", "asked"),
        ),
        "parts": _parts(results),
        "conversations": _conversations(results),
        "styles": _styles(results),
        "topics": _topics(results),
        "confusions": _confusions(results),
    }


def drawings(results: Results) -> dict[str, str]:
    """SVG by file name."""
    sure = [_threshold_panel(item.name, item.sure, "SURE", matcher.SURE) for item in results.single]
    asking = [_threshold_panel(item.name, item.asking, "WORTH_ASKING", matcher.WORTH_ASKING) for item in results.single]
    return {
        "reliability.svg": draw([_reliability_panel(results)]),
        "threshold.svg": draw(sure),
        "threshold-asking.svg": draw(asking),
    }


def _overview(results: Results) -> str:
    content = results.content
    variants = sum(len(entry.variants) for entry in content.entries.values())
    others = sum(len(texts) for part in (content.out_of_scope, content.refusals) for texts in part.values())
    counts = f"{len(content.entries)} entries, {variants:,} variants, {others:,} messages out of scope"
    made = f"Measured with {counts}, held out by {results.folds} folds, in {results.seconds:.0f} s of processor time."
    rows = [
        [item.name, str(len(item.report.judged)), *map(_interval, item.report.figures().values())]
        for item in results.measured
    ]
    return f"{made}\n\n{table(['messages', 'n', *_titles(FIGURES)], rows)}"


def _reliability(results: Results) -> str:
    bins = {item.name: reliability(item.report.judged) for item in results.measured}
    errors = "; ".join(f"{name} {calibration_error(found):.3f}" for name, found in bins.items())
    shown = [bins[item.name] for item in results.single]
    rows = [
        [f"{place / BINS:g}–{(place + 1) / BINS:g}", *(_bin(found[place]) for found in shown)] for place in range(BINS)
    ]
    said = f"Expected calibration error: {errors}.\n\nStated → right (messages):"
    return f"{said}\n\n{table(['stated', *(item.name for item in results.single)], rows)}"


def _thresholds(
    measured: Sequence[Measured], found: Sequence[Curve], said: Sequence[float], chosen: float, names: Sequence[str]
) -> str:
    rows = [
        [f"**{value:g}**" if value == chosen else f"{value:g}", *(_joined(curve[value], names) for curve in found)]
        for value in with_value(said, chosen)
    ]
    head = ["from", *(item.name for item in measured)]
    return f"{_legend(names)}; bold is the value in force:\n\n{table(head, rows)}"


def _parts(results: Results) -> str:
    whole, *others = results.parts
    worst = max(others, key=lambda row: row.lost - row.gained)
    total = whole.figures[HELD_OUT]["right"].hits
    lost = worst.lost - worst.gained
    said = f"Of {total:,} right answers held out, {lost} are lost without the part that is worth most ({worst.name})."
    rows = [
        [row.name, *(_joined(found, SHORT) for found in row.figures.values()), _changed(row), f"{row.weights:,}"]
        for row in results.parts
    ]
    head = ["without", *whole.figures, "lost, gained", "pieces"]
    trained = f"Every line is trained on {results.parts_trained_on:,} messages and asked {_asked(whole)}."
    return f"{trained} {said} {_legend(SHORT)}:\n\n{table(head, rows)}"


def _asked(row: Row) -> str:
    return " and ".join(f"{_total(figures)} of {name}" for name, figures in row.figures.items())


def _conversations(results: Results) -> str:
    if not results.conversations:
        return "No file of conversations was given."
    rows = [[row.name, *(_joined(found, SHORT) for found in row.figures.values())] for row in results.conversations]
    return f"{_legend(SHORT)}:\n\n{table(['without', *results.conversations[0].figures], rows)}"


def _styles(results: Results) -> str:
    parts = []
    for item in results.measured:
        rows = [[name, _total(found), *_cells(found)] for name, found in item.report.by_style().items()]
        parts.append(f"**{item.name}**\n\n{table(['style', 'n', *_titles(FIGURES)], rows)}")
    return "\n\n".join(parts)


def _topics(results: Results) -> str:
    """Beside the held-out content, right answers of the files that may be looked at."""
    held_out, *others = (item.report.by_topic() for item in results.told if not item.conversations)
    names = [item.name for item in results.told if not item.conversations]
    ordered = sorted(held_out, key=lambda topic: (held_out[topic]["right"].value, topic))
    rows = []
    for topic in ordered:
        found = held_out[topic]
        beside = [
            f"{other[topic]['right'].hits} of {other[topic]['right'].total}" if topic in other else ""
            for other in others
        ]
        rows.append([f"`{topic}`", _total(found), *_cells(found, SHORT[:3]), *beside])
    return table(["topic", "n", *_titles(SHORT[:3]), *(f"{name}: right" for name in names[1:])], rows)


def _confusions(results: Results) -> str:
    parts = []
    for item in results.told:
        worst = item.report.confusions()[:CONFUSIONS]
        rows = [[f"`{expected}`", f"`{answered}`", str(times)] for expected, answered, times in worst]
        shown = table(["meant", "answered", "times"], rows) if rows else "None."
        parts.append(f"**{item.name}**\n\n{shown}")
    return "\n\n".join(parts)


def _reliability_panel(results: Results) -> Panel:
    lines = []
    for item in results.single[: len(PENS)]:
        bins = reliability(item.report.judged)
        points = [(part.stated, part.share) for part in bins if part.messages]
        lines.append(Line(item.name, points, [(part.low + 0.5 / BINS, part.messages) for part in bins]))
    stated = Axis("likelihood of the best entry, as stated", 0, 1, 0.2)
    right = Axis("share of messages for which it is right", 0, 1, 0.2)
    return Panel("Stated and true likelihood", lines, stated, right, diagonal=True, height=300)


def _threshold_panel(name: str, curve: Curve, threshold: str, chosen: float) -> Panel:
    lines = [
        Line(title, [(value, figures[figure].value) for value, figures in curve.items()])
        for figure, title in zip(FIGURES, _titles(FIGURES), strict=True)
        if next(iter(curve.values()))[figure].total
    ]
    low, high = min(curve), max(curve)
    across = Axis(f"threshold {threshold}", _tenth_below(low), _tenth_above(high), 0.1)
    return Panel(name, lines, across, Axis("share of messages", 0, 1, 0.2), marked=chosen)


def _tenth_below(value: float) -> float:
    return math.floor(value * 10 + 1e-6) / 10


def _tenth_above(value: float) -> float:
    return math.ceil(value * 10 - 1e-6) / 10


def _titles(names: Sequence[str]) -> list[str]:
    return [name.replace("_", " ") for name in names]


def _legend(names: Sequence[str]) -> str:
    return f"Figures are {' / '.join(_titles(names))}"


def _changed(row: Row) -> str:
    if not row.lost + row.gained:
        return ""
    changed = f"−{row.lost} +{row.gained}"
    return f"**{changed}**" if row.telling else changed


def _interval(share: Share) -> str:
    if not share.total:
        return ""
    low, high = share.interval
    return f"{share.value:.3f} ({low:.3f}–{high:.3f})"


def _joined(figures: Figures, names: Sequence[str]) -> str:
    return " / ".join(_cells(figures, names))


def _cells(figures: Figures, names: Sequence[str] = FIGURES) -> list[str]:
    return [f"{figures[name].value:.3f}" if figures[name].total else "–" for name in names]


def _total(figures: Mapping[str, Share]) -> str:
    return str(figures["right"].total + figures["asked"].total)


def _bin(found: Bin) -> str:
    return f"{found.stated:.2f} → {found.share:.2f} ({found.messages})" if found.messages else "–"
