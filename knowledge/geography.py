"""Where the districts of a province lie, as plain values of a content pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Point:
    """A sub-district or a town, in degrees (WGS 84)."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Area:
    """A district: points in it, other spellings of its name, its postal codes (which it may share)."""

    points: tuple[Point, ...]
    also: tuple[str, ...] = ()
    postal_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Geography:
    postal_prefix: str
    districts: Mapping[str, Area]
    neighbours: Mapping[str, tuple[Point, ...]]
    """Points just beyond the border, by the name of the province or country they lie in."""
    elsewhere: tuple[str, ...] = ()
    """Names of provinces and countries that are not this one."""
    look_alikes: tuple[str, ...] = ()
    """Words in which a district's name is heard though nobody means the district."""


def from_plain(plain: Mapping[str, Any]) -> Geography:
    """The inverse of `dataclasses.asdict`. Raises KeyError, TypeError or ValueError when it is not one."""
    return Geography(
        postal_prefix=plain["postal_prefix"],
        districts={name: _area(area) for name, area in plain["districts"].items()},
        neighbours={name: _points(points) for name, points in plain["neighbours"].items()},
        elsewhere=tuple(plain["elsewhere"]),
        look_alikes=tuple(plain["look_alikes"]),
    )


def _area(plain: Mapping[str, Any]) -> Area:
    return Area(_points(plain["points"]), tuple(plain["also"]), tuple(plain["postal_codes"]))


def _points(plain: list[Mapping[str, Any]]) -> tuple[Point, ...]:
    return tuple(Point(**point) for point in plain)
