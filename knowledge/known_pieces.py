"""The pieces that a model knows, by number: small to hold, quick to look up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1
SHORT = 4
_LETTER_BITS = 16
_SHIFTS = np.array([48, 32, 16, 0], dtype=np.uint64)
Numbers = NDArray[np.int32]


class ShortPieces:
    """Pieces of up to four letters, each packed into one number of 64 bits.

    A dictionary of 90,000 such strings holds 16 MB of a process; this holds 0.7.
    """

    def __init__(self, packed: NDArray[np.uint64]) -> None:
        """`packed` as `array` gives it: in the order of the pieces."""
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed)

    def find(self, pieces: Collection[str]) -> Numbers:
        """The number of each piece, in their order; `UNKNOWN` for those that are not known."""
        if not len(self._packed):
            return np.full(len(pieces), UNKNOWN, dtype=np.int32)
        keys, fits = _pack(pieces)
        places = np.minimum(np.searchsorted(self._packed, keys), len(self._packed) - 1)
        return np.where(fits & (self._packed[places] == keys), places, UNKNOWN).astype(np.int32)

    @property
    def array(self) -> NDArray[Any]:
        return self._packed


class LongPieces:
    """Pieces of any length."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = tuple(pieces)

    def __len__(self) -> int:
        return len(self._pieces)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {piece: number for number, piece in enumerate(self._pieces)}

    def find(self, pieces: Collection[str]) -> Numbers:
        """As ShortPieces.find."""
        return np.fromiter(map(self._numbers.get, pieces, repeat(UNKNOWN)), dtype=np.int32, count=len(pieces))

    @property
    def array(self) -> NDArray[Any]:
        return np.frombuffer("\n".join(self._pieces).encode(), dtype=np.uint8)


KnownPieces = ShortPieces | LongPieces


def know(pieces: Sequence[str]) -> KnownPieces:
    """Numbers the pieces in the order given, which must be that of their letters."""
    packed, fits = _pack(pieces)
    return ShortPieces(packed) if fits.all() else LongPieces(pieces)


def from_array(array: NDArray[Any]) -> KnownPieces:
    """The inverse of `array`."""
    if array.dtype == np.uint64:
        return ShortPieces(array)
    text = array.tobytes().decode()
    return LongPieces(text.split("\n") if text else ())


def _pack(pieces: Collection[str]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """A number for each piece, in the order of their letters; and whether it says all of the piece."""
    wide = np.array(list(pieces), dtype=f"U{SHORT + 1}")
    letters = wide.view(np.uint32).reshape(len(wide), SHORT + 1)
    fits = (letters[:, SHORT] == 0) & (letters[:, :SHORT] < 1 << _LETTER_BITS).all(axis=1)
    packed = np.bitwise_or.reduce(letters[:, :SHORT].astype(np.uint64) << _SHIFTS, axis=1)
    return packed, fits
