"""How often the nearest point is right, on places that it was not made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from knowledge.catalogue import SHIPPED, load_catalogue
from knowledge.district_map import DistrictMap, Found, great_circle_km
from knowledge.geography import Geography, Point

GEOGRAPHY = load_catalogue(SHIPPED).pack.geography or Geography("", {}, {})
OUTLINES = Path(__file__).parent / "data" / "district_outlines.yaml"
STEP = 0.01
Ring = list[list[float]]


def judged(geography: Geography, latitude: float, longitude: float) -> Found:
    distances = DistrictMap(geography).distances(latitude, longitude)
    assert distances is not None
    return distances.judge()


def verdict(found: Found, truth: str) -> str:
    if found.outside:
        return "outside"
    return f"{'sure' if found.sure else 'unsure'} and {'right' if found.district == truth else 'wrong'}"


def without(district: str, point: Point) -> Geography:
    area = GEOGRAPHY.districts[district]
    left = replace(area, points=tuple(other for other in area.points if other != point))
    return replace(GEOGRAPHY, districts={**GEOGRAPHY.districts, district: left})


def grid_inside(rings: list[Ring]) -> Iterator[tuple[float, float]]:
    """Latitude and longitude of places about a kilometre apart."""
    east = [corner[0] for ring in rings for corner in ring]
    north = [corner[1] for ring in rings for corner in ring]
    for row in range(int(min(north) / STEP), int(max(north) / STEP) + 1):
        for column in range(int(min(east) / STEP), int(max(east) / STEP) + 1):
            latitude, longitude = row * STEP + 0.0041, column * STEP + 0.0037
            if any(is_inside(ring, latitude, longitude) for ring in rings):
                yield latitude, longitude


def is_inside(ring: Ring, latitude: float, longitude: float) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > latitude) != (y2 > latitude):
            crossings += longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
    return crossings % 2 == 1


def test_each_sub_district_left_out() -> None:
    counts = Counter(
        verdict(judged(without(district, point), point.latitude, point.longitude), district)
        for district, area in GEOGRAPHY.districts.items()
        for point in area.points
    )
    assert counts["sure and wrong"] == 0
    assert counts["outside"] == 0
    assert counts["sure and right"] >= 0.25 * counts.total()
    assert counts["sure and right"] + counts["unsure and right"] >= 0.75 * counts.total()


def test_a_grid_over_the_districts_whose_outline_is_known() -> None:
    outlines = yaml.safe_load(OUTLINES.read_text("utf-8"))
    counts = Counter(
        verdict(judged(GEOGRAPHY, *place), district)
        for district, rings in outlines.items()
        for place in grid_inside(rings)
    )
    assert counts.total() > 2_000
    assert counts["outside"] == 0
    assert counts["sure and wrong"] <= 0.01 * (counts["sure and right"] + counts["sure and wrong"])
    assert counts["sure and right"] >= 0.5 * counts.total()
    assert counts["sure and right"] + counts["unsure and right"] >= 0.88 * counts.total()


@pytest.mark.parametrize(
    ("district", "latitude", "longitude"),
    [
        ("doi_luang", 20.14496, 100.15712),
        ("khun_tan", 19.86481, 100.28731),
        ("mae_chan", 20.1991, 99.88468),
        ("mae_fa_luang", 20.22228, 99.64147),
        ("mae_lao", 19.77223, 99.71128),
        ("mae_sai", 20.365, 99.92604),
        ("mae_suai", 19.69037, 99.48459),
        ("mueang", 19.90824, 99.77299),
        ("pa_daet", 19.50643, 99.97615),
        ("phan", 19.5745, 99.77299),
        ("phaya_mengrai", 19.8732, 100.16257),
        ("thoeng", 19.6765, 100.20095),
        ("wiang_chai", 19.8636, 100.00065),
        ("wiang_chiang_rung", 20.02208, 100.07472),
        ("wiang_kaen", 20.00874, 100.48641),
        ("wiang_pa_pao", 19.3046, 99.44925),
    ],
)
def test_the_middle_of_a_district(district: str, latitude: float, longitude: float) -> None:
    """The middles are a gazetteer's. That of Chiang Saen is nearer to a village of Doi Luang."""
    assert judged(GEOGRAPHY, latitude, longitude).district == district


def test_neighbours_are_not_surely_ours() -> None:
    for points in GEOGRAPHY.neighbours.values():
        for point in points:
            assert not judged(GEOGRAPHY, point.latitude, point.longitude).sure, point


def test_distance_of_known_places() -> None:
    assert great_circle_km(Point("", 0, 0), Point("", 0, 90)) == pytest.approx(10_007.6, abs=0.1)
    assert great_circle_km(Point("", 19.9, 99.8), Point("", 19.9, 99.8)) == 0
    assert great_circle_km(Point("", 0, 179.5), Point("", 0, -179.5)) == pytest.approx(111.2, abs=0.1)
