"""Where a place is on the map, from what people paste: a link to a map, or two numbers."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.thai_date_reading.words import plain

Coordinates = tuple[float, float]

_NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
_PLAIN = re.compile(rf"\(?{_NUMBER}\s*(?:,|\s)\s*{_NUMBER}\)?")
_IN_LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&](?:q|query|ll|destination|daddr|center|mlat)=(?:loc:)?{_NUMBER}(?:,|%2c|&mlon=)\s*{_NUMBER}",
        rf"/@{_NUMBER},{_NUMBER}",
        rf"/(?:place|search|dir)/[^@]*?{_NUMBER},\+?{_NUMBER}",
        rf"#map=\d+/{_NUMBER}/{_NUMBER}",
        rf"^geo:{_NUMBER},{_NUMBER}",
    )
)
"""The marked place comes before the middle of the picture, which a link may name as well."""
_SHORT = re.compile(r"(?:^|//)(?:maps\.app\.goo\.gl|goo\.gl|g\.co)/")
LATITUDES, LONGITUDES = (5.5, 20.6), (97.2, 105.8)
"""Of Thailand."""


class MapFault(StrEnum):
    SHORT_LINK = "short_link"
    """It names no place itself: it leads to a page that does."""
    UNREADABLE = "unreadable"
    SWAPPED = "swapped"
    ABROAD = "abroad"


def read_map(text: str) -> Coordinates | MapFault | None:
    """None of an empty text."""
    spelt = plain(text)[0].strip()
    if not spelt:
        return None
    found = _PLAIN.fullmatch(spelt)
    if found is None:
        found = next((match for pattern in _IN_LINKS if (match := pattern.search(spelt))), None)
    if found is None:
        return MapFault.SHORT_LINK if _SHORT.search(spelt) else MapFault.UNREADABLE
    latitude, longitude = float(found[1]), float(found[2])
    if _is_in(latitude, longitude):
        return latitude, longitude
    return MapFault.SWAPPED if _is_in(longitude, latitude) else MapFault.ABROAD


def write_map(latitude: float | None, longitude: float | None) -> str:
    return "" if latitude is None or longitude is None else f"{latitude:.10g}, {longitude:.10g}"


def _is_in(latitude: float, longitude: float) -> bool:
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
