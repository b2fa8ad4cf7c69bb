"""What differs from one province's centre to the next: its name, its places and its programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.geography import Geography


@dataclass(frozen=True)
class Named:
    """A district or a programme: an id for the database, names for people."""

    id: str
    name: Mapping[str, str]
    sensitive: bool = False
    """Of a programme: interest in it may reveal what the law protects most (PDPA, section 26), as somebody's origin.
    It is kept only of those who chose the programme themselves."""


@dataclass(frozen=True)
class Pack:
    centre: Mapping[str, str]
    province: Mapping[str, str]
    districts: tuple[Named, ...] = ()
    programmes: tuple[Named, ...] = ()
    geography: Geography | None = None
