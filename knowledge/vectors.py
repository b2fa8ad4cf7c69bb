"""Turn bags of pieces into vectors: TF-IDF, each view of equal length, the views side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.known_pieces import UNKNOWN, KnownPieces, know

Bags = Sequence[Mapping[str, int]]
Floats = NDArray[np.float64]


class Vectors(NamedTuple):
    """Rows of which most is nought. What row r has stands in `values` and `columns` from starts[r] to starts[r + 1].

    The layout of scipy's csr_matrix, without scipy: a serving process would hold 25 MB of it for one product.
    """

    values: Floats
    columns: NDArray[np.int32]
    starts: NDArray[np.int32]
    width: int

    def rows(self) -> Iterator[tuple[Floats, NDArray[np.int32]]]:
        for start, end in pairwise(self.starts.tolist()):
            yield self.values[start:end], self.columns[start:end]


@dataclass(frozen=True)
class Vocabulary:
    """The known pieces of all views. Columns of a view lie together, in the order of the pieces."""

    views: tuple[KnownPieces, ...]
    telling: Floats
    """How telling each column is (idf)."""

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Each view's first column."""
        return tuple(accumulate((len(view) for view in self.views[:-1]), initial=0))

    def vectors(self, documents: Iterable[Bags]) -> Vectors:
        """One row a document, of length one where every view knows a piece of it."""
        ends, columns, values = [0], [], []
        for bags in documents:
            size = 0
            for start, view, bag in zip(self.starts, self.views, bags, strict=True):
                found = view.find(bag.keys())
                counts = np.fromiter(bag.values(), dtype=np.float64, count=len(bag))
                known = found != UNKNOWN
                if known.any():
                    columns.append(found[known] + start)
                    values.append(self._weigh(columns[-1], counts[known]))
                    size += len(columns[-1])
            ends.append(ends[-1] + size)
        starts = np.array(ends, dtype=np.int32)
        return Vectors(_joined(values, np.float64), _joined(columns, np.int32), starts, len(self.telling))

    def _weigh(self, found: NDArray[np.int32], counts: Floats) -> Floats:
        values: Floats = (1.0 + np.log(counts)) * self.telling[found]
        return values / np.sqrt((values @ values) * len(self.views))


def learn_vocabulary(documents: Sequence[Bags], *, fewest: int) -> Vocabulary:
    """The pieces that at least `fewest` documents have."""
    views, telling = [], []
    for view in range(len(documents[0])):
        counts = Counter(piece for bags in documents for piece in bags[view])
        kept = sorted(piece for piece, count in counts.items() if count >= fewest)
        frequency = np.array([counts[piece] for piece in kept], dtype=np.float64)
        views.append(know(kept))
        telling.append(how_telling(frequency, len(documents)))
    return Vocabulary(tuple(views), np.concatenate(telling))


def how_telling(frequency: Floats, documents: int) -> Floats:
    """The idf of pieces that so many of the documents have."""
    return np.asarray(np.log((1 + documents) / (1 + frequency)) + 1.0)


def _joined(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)
