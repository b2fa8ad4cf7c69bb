"""Which district a point on Earth is likely to lie in: that of the nearest known point, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from knowledge.geography import Geography, Point

EARTH_KM = 6371.0088
CLOSE_KM = 8.0
LEAD_KM = 4.0
LEAD_RATIO = 1.5
"""How near the nearest point must be, and how much nearer than the next district's, to be sure. docs/content.md tells
how often that was right on points left out."""
BEYOND_KM = 25.0
"""Farther than this from every point of the province is beyond it."""


@dataclass(frozen=True)
class Found:
    """Where a location lies. `sure` is about the district; who is not sure asks. Distances in kilometres."""

    district: str | None
    sure: bool
    outside: bool
    """Certainly not in the province."""
    distance: float | None
    """To the nearest point of the district, or of the province when no district was found."""
    next_distance: float | None
    """To the nearest point of the next-best district or of a neighbouring province."""


@dataclass(frozen=True)
class Distances:
    """From one location: to each district, and to what lies beyond the border."""

    districts: Mapping[str, float]
    beyond: float

    def to(self, district: str) -> float:
        return self.districts.get(district, math.inf)

    def found(self, district: str | None, *, sure: bool, outside: bool = False) -> Found:
        """The result with its distances filled in."""
        others = [far for name, far in self.districts.items() if district and name != district]
        rival = min([*others, self.beyond])
        distance = self.to(district) if district else min(self.districts.values())
        return Found(district, sure, outside, distance, rival if math.isfinite(rival) else None)

    def judge(self, among: Collection[str] | None = None, *, inside: bool = False) -> Found:
        """By geometry alone, among some districts or all; `inside` when it is known to be in the province."""
        order = sorted((self.districts[name], name) for name in among or self.districts)
        nearest, district = order[0]
        beyond = math.inf if inside else self.beyond
        rival = min(order[1][0] if len(order) > 1 else math.inf, beyond)
        if nearest > BEYOND_KM or (nearest - beyond >= LEAD_KM and nearest >= beyond * 2):
            return self.found(None, sure=False, outside=not inside)
        lead = rival - nearest >= LEAD_KM and rival >= nearest * LEAD_RATIO
        return self.found(district, sure=nearest <= CLOSE_KM and lead)


class DistrictMap:
    """The points of a geography. Unchanging, so threads may share it."""

    def __init__(self, geography: Geography) -> None:
        self._geography = geography

    def distances(self, latitude: float | None, longitude: float | None) -> Distances | None:
        """None when these are no coordinates, or when there is nothing to compare them with."""
        if latitude is None or longitude is None or not self._geography.districts:
            return None
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            return None
        here = Point("", float(latitude), float(longitude))
        beyond = (_nearest(here, points) for points in self._geography.neighbours.values())
        return Distances(
            {name: _nearest(here, area.points) for name, area in self._geography.districts.items()},
            min(beyond, default=math.inf),
        )


def great_circle_km(one: Point, other: Point) -> float:
    """The distance on a sphere of the Earth's mean radius (haversine)."""
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _nearest(here: Point, points: Collection[Point]) -> float:
    return min((great_circle_km(here, point) for point in points), default=math.inf)
