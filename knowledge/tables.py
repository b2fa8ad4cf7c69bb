"""Tables of weights, a row a piece and a column a class, and what they make of vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.vectors import Floats, Vectors

Dense = NDArray[np.float16] | NDArray[np.float32]
"""Half precision halves what a process holds; models stored before it are single. Sums are single either way."""


@dataclass(frozen=True)
class Postings:
    """A table of which most is nought: what piece p says of classes stands from starts[p] to starts[p + 1]."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    values: NDArray[np.float32]
    width: int

    def arrays(self) -> dict[str, NDArray[Any]]:
        width = np.array([self.width], dtype=np.int64)
        return {"starts": self.starts, "columns": self.columns, "values": self.values, "width": width}

    @staticmethod
    def of(arrays: Mapping[str, NDArray[Any]]) -> Postings:
        return Postings(arrays["starts"], arrays["columns"], arrays["values"], int(arrays["width"][0]))

    def row_times(self, values: Floats, pieces: NDArray[np.int32]) -> Floats:
        """Only what the pieces of this one row say is looked at."""
        starts = self.starts[pieces]
        lengths = self.starts[pieces + 1] - starts
        before = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
        said = self.values[places] * np.repeat(values, lengths)
        return np.bincount(self.columns[places], weights=said, minlength=self.width).astype(np.float64, copy=False)


def weighed(vectors: Vectors, weights: Dense | Postings) -> Floats:
    """The product of both, one row a vector."""
    if isinstance(weights, Postings):
        rows = [weights.row_times(values, pieces) for values, pieces in vectors.rows()]
        return np.stack(rows)
    result = np.zeros((len(vectors.starts) - 1, weights.shape[1]))
    for row, (values, pieces) in enumerate(vectors.rows()):
        result[row] = values.astype(np.float32) @ weights[pieces].astype(np.float32, copy=False)
    return result
