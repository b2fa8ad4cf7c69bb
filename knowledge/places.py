"""Which district of the province a place lies in: by its address where that says so, else by the nearest points."""

from __future__ import annotations

from knowledge.district_map import Distances, DistrictMap, Found
from knowledge.geography import Geography
from knowledge.pack import Pack
from knowledge.place_mentions import Mentions
from knowledge.place_names import AddressReader, Heard

__all__ = ["Found", "Places"]

HINT_KM = 15.0
"""A district that is only hinted at is believed up to this distance from its nearest point."""
CONTRADICTION_KM = 30.0
"""Nobody is this far from every point of the district where they are."""


class Places:
    """Knows the districts of one pack. Unchanging, so threads may share it."""

    def __init__(self, pack: Pack) -> None:
        self._map = DistrictMap(pack.geography or Geography("", {}, {}))
        self._addresses = AddressReader(pack)
        self._mentions = Mentions(pack)

    @classmethod
    def build(cls, pack: Pack) -> Places:
        """Takes a fifth of a second: do it once. A pack without a geography is understood by names alone."""
        return cls(pack)

    def recognise(self, address: str, latitude: float | None, longitude: float | None) -> Found:
        """The district of a shared location. Coordinates in degrees (WGS 84), None or nonsense where unknown.

        A district that the address marks as one decides; coordinates far from it only take the certainty away.
        Never raises.
        """
        heard = self._addresses.read(address)
        seen = self._map.distances(latitude, longitude)
        if heard.elsewhere and not heard.ours:
            contradicted = seen is not None and seen.judge().sure
            return _found(seen, None, sure=False, outside=not contradicted)
        if len(heard.named) == 1 and not heard.capital_of_some_province:
            (district,) = heard.named
            return _found(seen, district, sure=seen is None or not seen.to(district) > CONTRADICTION_KM)
        if seen is None:
            likely = heard.named or heard.hinted
            return _found(None, next(iter(likely)) if len(likely) == 1 else None, sure=False)
        return _weighed(seen, heard)

    def named_in(self, text: str) -> tuple[str, ...]:
        """The ids of the districts that everyday text names, in the order in which they stand. Never raises."""
        return self._mentions.find(text)


def _weighed(seen: Distances, heard: Heard) -> Found:
    """What the address only hints at is believed where the coordinates agree: two weak signs make a strong one."""
    by_map = seen.judge(inside=heard.ours)
    near = {name for name in heard.named or heard.hinted if seen.to(name) <= HINT_KM}
    if not near:
        return by_map if not heard.another_district else seen.found(by_map.district, sure=False, outside=by_map.outside)
    among = seen.judge(near, inside=heard.ours)
    agreed = by_map.district in near and (len(near) == 1 or among.sure)
    return seen.found(among.district, sure=agreed)


def _found(seen: Distances | None, district: str | None, *, sure: bool, outside: bool = False) -> Found:
    if seen is None:
        return Found(district, sure, outside, None, None)
    return seen.found(district, sure=sure, outside=outside)
