"""Read `districts.yaml` of a content folder, noting every fault on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from knowledge.entries import Fault
from knowledge.geography import Area, Geography, Point
from knowledge.lexicon import key
from knowledge.pack import Pack
from knowledge.yaml_tree import Reading, Tree, read_yaml

FILE = "districts.yaml"
LATITUDES = (5.0, 21.0)
LONGITUDES = (97.0, 106.0)
"""Thailand and a little more, in degrees: a figure outside is a slip, often the two in the wrong order."""
_KEYS = ("postal_prefix", "districts", "neighbours", "elsewhere", "look_alikes")
_AREA_KEYS = ("also", "postal_codes", "points")
_POSTAL_CODE = re.compile(r"[0-9]{5}")


def read_districts(directory: Path, pack: Pack) -> tuple[Geography | None, tuple[Fault, ...]]:
    """The geography of the pack's districts, or None when the folder has no such file: it may do without.

    Never raises for bad content: what is wrong is in the faults.
    """
    if not (directory / FILE).exists():
        return None, ()
    reading = read_yaml(directory / FILE, FILE)
    if reading.tree is None:
        return None, tuple(reading.faults)
    fields = _mapping(reading, reading.tree, "The file", _KEYS)
    prefix = _text(reading, fields.get("postal_prefix"), "postal_prefix")
    geography = Geography(
        postal_prefix=prefix,
        districts=_areas(reading, fields.get("districts"), pack, prefix),
        neighbours={
            name: _points(reading, points, f"neighbours: {name}")
            for name, points in _mapping(reading, fields.get("neighbours"), "'neighbours'").items()
        },
        elsewhere=_texts(reading, fields.get("elsewhere"), "elsewhere"),
        look_alikes=_texts(reading, fields.get("look_alikes"), "look_alikes"),
    )
    return geography, tuple(reading.faults)


def _areas(reading: Reading, tree: Tree | None, pack: Pack, prefix: str) -> dict[str, Area]:
    known = {district.id for district in pack.districts}
    taken = {key(name): district.id for district in pack.districts for name in district.name.values()}
    areas = {}
    for name, item in _mapping(reading, tree, "'districts'").items():
        if name not in known:
            reading.fault(item.line, f"There is no district {name!r} in pack.yaml.")
            continue
        areas[name] = area = _area(reading, item, name, prefix)
        for spelling in area.also:
            other = taken.setdefault(key(spelling), name)
            if other != name:
                reading.fault(item.line, f"{spelling!r} stands for {other!r} and for {name!r}. Keep one of the two.")
    line = tree.line if tree else None
    for missing in sorted(known - set(areas)):
        reading.fault(line, f"The district {missing!r} of pack.yaml is missing here. Add it with a point at least.")
    return areas


def _area(reading: Reading, tree: Tree, name: str, prefix: str) -> Area:
    fields = _mapping(reading, tree, f"The district {name!r}", _AREA_KEYS)
    points = _points(reading, fields.get("points"), name)
    if not points:
        reading.fault(tree.line, f"The district {name!r} has no point. Write one under 'points'.")
    codes = _texts(reading, fields.get("postal_codes"), f"{name}: postal_codes")
    for code in codes:
        if not _POSTAL_CODE.fullmatch(code) or not code.startswith(prefix):
            reading.fault(
                fields["postal_codes"].line, f"{name}: the postal code {code!r} needs five digits, {prefix} first."
            )
    return Area(points, _texts(reading, fields.get("also"), f"{name}: also"), codes)


def _points(reading: Reading, tree: Tree | None, owner: str) -> tuple[Point, ...]:
    points = []
    for name, item in _mapping(reading, tree, f"'points' of {owner!r}").items():
        figures = _texts(reading, item, f"{owner}: {name}")
        latitude, longitude = (_degrees(figure) for figure in (*figures, "", "")[:2])
        if len(figures) != 2 or latitude is None or longitude is None:
            reading.fault(item.line, f"{owner}: {name}: write [latitude, longitude] in degrees, like [19.907, 99.832].")
        elif not (LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]):
            reading.fault(
                item.line,
                f"{owner}: {name}: {latitude}, {longitude} is not in Thailand. "
                f"Latitude {LATITUDES[0]:g} to {LATITUDES[1]:g} first, then longitude "
                f"{LONGITUDES[0]:g} to {LONGITUDES[1]:g}.",
            )
        else:
            points.append(Point(name, latitude, longitude))
    return tuple(points)


def _degrees(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _mapping(reading: Reading, tree: Tree | None, what: str, known: Iterable[str] | None = None) -> dict[str, Tree]:
    if tree is None:
        return {}
    if not isinstance(tree.value, dict):
        reading.fault(tree.line, f"{what} must be a list of 'name: value' lines.")
        return {}
    names = None if known is None else tuple(known)
    for name, item in tree.value.items():
        if names is not None and name not in names:
            reading.fault(item.line, f"{what} has no {name!r}. It may have: {', '.join(names)}.")
    return {name: item for name, item in tree.value.items() if names is None or name in names}


def _texts(reading: Reading, tree: Tree | None, what: str) -> tuple[str, ...]:
    if tree is None:
        return ()
    if not isinstance(tree.value, list):
        reading.fault(tree.line, f"{what}: write a list, [like, this].")
        return ()
    return tuple(text for item in tree.value if (text := _text(reading, item, what)))


def _text(reading: Reading, tree: Tree | None, what: str) -> str:
    if tree is None:
        return ""
    if not isinstance(tree.value, str) or not tree.value.strip():
        reading.fault(tree.line, f"{what}: write one text.")
        return ""
    return tree.value.strip()
